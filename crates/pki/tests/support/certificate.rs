//! Certificates (RFC 5280 §4.1) piece by piece.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::tag;
use devicecert_pki::error::Found;
use devicecert_pki::{Certificate, Error, Name, Signer, Tolerance, oid};
use x509_cert::der::{Decode, Encode};

use super::{NULL, algorithm, limits, rsa, sequence, sign, tlv};

/// A certificate that is right as [`Tbs::new`] makes it, self-signed by [`rsa`]. Every field is an
/// encoding.
#[derive(Clone)]
pub(crate) struct Tbs {
    pub(crate) version: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) not_before: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    /// issuerUniqueID and subjectUniqueID.
    pub(crate) unique_ids: Vec<u8>,
    /// `None` leaves the field out.
    pub(crate) extensions: Option<Vec<Vec<u8>>>,
}

impl Tbs {
    pub(crate) fn new() -> Self {
        let name = "CN=odd,O=Example".parse::<Name>().unwrap().as_der().to_vec();
        Self {
            version: vec![0xa0, 3, 2, 1, 2],
            serial: vec![2, 1, 42],
            issuer: name.clone(),
            not_before: utc_time("260101000000Z"),
            not_after: utc_time("360101000000Z"),
            subject: name,
            public_key: rsa().public_key().as_der().to_vec(),
            unique_ids: Vec::new(),
            extensions: Some(vec![extension("0603551d0f", b"", &[3, 2, 5, 0xa0])]),
        }
    }

    pub(crate) fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut tbs = Self::new();
        change(&mut tbs);
        tbs
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let signature = algorithm(oid::SHA256_WITH_RSA, NULL);
        let extensions = self
            .extensions
            .as_ref()
            .map(|extensions| tlv(0xa3, &tlv(tag::SEQUENCE, &extensions.concat())));
        let tbs = sequence(&[
            &self.version,
            &self.serial,
            &signature,
            &self.issuer,
            &sequence(&[&self.not_before, &self.not_after]),
            &self.subject,
            &self.public_key,
            &self.unique_ids,
            &extensions.unwrap_or_default(),
        ]);
        let octets = sign(rsa(), DigestAlgorithm::Sha256, &tbs);
        let bits = tlv(tag::BIT_STRING, &[&[0], &octets[..]].concat());
        sequence(&[&tbs, &signature, &bits])
    }

    pub(crate) fn parse(&self) -> Result<Certificate, Error> {
        Certificate::parse(&self.to_der(), &limits())
    }
}

/// An Extension with the encoding of its extnID in hexadecimal and that of critical, or nothing.
pub(crate) fn extension(oid: &str, critical: &[u8], value: &[u8]) -> Vec<u8> {
    sequence(&[&super::hex(oid), critical, &tlv(tag::OCTET_STRING, value)])
}

pub(crate) fn utc_time(text: &str) -> Vec<u8> {
    tlv(tag::UTC_TIME, text.as_bytes())
}

pub(crate) fn generalized_time(text: &str) -> Vec<u8> {
    tlv(tag::GENERALIZED_TIME, text.as_bytes())
}

/// What `x509-cert` makes of an encoding: itself, another one, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oracle {
    /// Decoded and encoded again to the same octets.
    Same,
    /// Decoded and encoded again to other octets, over which no signature fits.
    Altered,
    /// Not decoded.
    Refused,
}

pub(crate) fn x509_cert(der: &[u8]) -> Oracle {
    Oracle::of::<x509_cert::Certificate>(der)
}

impl Oracle {
    /// What becomes of `T` when it is decoded and encoded again.
    pub(crate) fn of<T: for<'a> Decode<'a> + Encode>(der: &[u8]) -> Self {
        match T::from_der(der).map(|decoded| decoded.to_der()) {
            Ok(Ok(again)) if again == der => Self::Same,
            Ok(_) => Self::Altered,
            Err(_) => Self::Refused,
        }
    }
}

/// Reads a certificate and checks that nothing of it was lost: the octets, and the signature over
/// them. Says what the oracle makes of it.
pub(crate) fn accepted(change: impl FnOnce(&mut Tbs)) -> (Certificate, Oracle) {
    let der = Tbs::with(change).to_der();
    let certificate =
        Certificate::parse(&der, &limits()).unwrap_or_else(|error| panic!("{error}: {der:02x?}"));
    assert_eq!(certificate.as_der(), der);
    let signed = certificate.is_signed_by(rsa().public_key(), &RustCrypto, &Tolerance::STRICT);
    assert_eq!(signed, Ok(()));
    (certificate, x509_cert(&der))
}

/// Says what is wrong with a certificate that cannot be read.
pub(crate) fn refused(change: impl FnOnce(&mut Tbs)) -> (&'static str, Found) {
    let (_, expected, found) = super::malformed(Tbs::with(change).parse());
    (expected, found)
}
