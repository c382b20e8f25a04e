//! Certification requests (RFC 2986 §4) piece by piece.

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::tag;
use devicecert_pki::{Csr, Error, Name, Signer, oid};

use super::{NULL, algorithm, limits, rsa, sequence, sign, tlv};

/// A request that is right as [`Info::new`] makes it, for [`rsa`]. Every field is an encoding.
#[derive(Clone)]
pub(crate) struct Info {
    pub(crate) version: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    /// In this order; `None` leaves the `[0]` out.
    pub(crate) attributes: Option<Vec<Vec<u8>>>,
}

impl Info {
    pub(crate) fn new() -> Self {
        Self {
            version: vec![2, 1, 0],
            subject: "CN=device 7,O=Example".parse::<Name>().unwrap().as_der().to_vec(),
            public_key: rsa().public_key().as_der().to_vec(),
            attributes: Some(Vec::new()),
        }
    }

    pub(crate) fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut info = Self::new();
        change(&mut info);
        info
    }

    pub(crate) fn with_attributes(attributes: &[Vec<u8>]) -> Self {
        Self::with(|info| info.attributes = Some(attributes.to_vec()))
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let attributes = self.attributes.as_ref().map(|attributes| tlv(0xa0, &attributes.concat()));
        let info = sequence(&[
            &self.version,
            &self.subject,
            &self.public_key,
            &attributes.unwrap_or_default(),
        ]);
        let octets = sign(rsa(), DigestAlgorithm::Sha256, &info);
        let bits = tlv(tag::BIT_STRING, &[&[0], &octets[..]].concat());
        sequence(&[&info, &algorithm(oid::SHA256_WITH_RSA, NULL), &bits])
    }

    pub(crate) fn parse(&self) -> Result<Csr, Error> {
        Csr::parse(&self.to_der(), &limits())
    }
}
