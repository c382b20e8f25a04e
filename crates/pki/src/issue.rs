//! Issuing certificates (RFC 5280 §4.1).

use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Writer, tag};
use crate::certificate::Certificate;
use crate::error::{Error, Misuse};
use crate::extension::{Extension, KeyUsage};
use crate::limits::Limits;
use crate::name::Name;
use crate::oid;
use crate::pending::Unsigned;
use crate::provider::{Provider, ToBeSigned};
use crate::public_key::{KeyKind, PublicKey};
use crate::time::Validity;

/// Tag, length and the 20 octets that RFC 5280 §4.1.2.2 allows. The zero that makes a number
/// positive is one of them.
const MAX_SERIAL_ENCODING: usize = 22;

/// What a certificate is to say. Names are written byte for byte as they were read.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use devicecert_pki::{CertificateParams, Signer, Time, Validity};
/// # let provider = &devicecert_crypto_rust::RustCrypto;
/// # let key = devicecert_crypto_rust::PrivateKey::generate(devicecert_pki::KeyKind::P256)?;
/// # let now = Time::from_unix(1_800_000_000);
///
/// let ten_years = Validity::lasting(now, std::time::Duration::from_secs(10 * 365 * 86_400));
/// let name = "CN=Device CA,O=Example".parse()?;
/// let ca = CertificateParams::ca(name, key.public_key().clone(), ten_years, provider)?
///     .unsigned(key.public_key())?
///     .sign(&key)?;
/// assert!(ca.is_ca() && ca.is_self_issued());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateParams {
    /// serialNumber as big-endian octets: positive, and below 2^159 so that it fits 20 octets.
    pub serial: Vec<u8>,
    /// The issuer's name.
    pub issuer: Name,
    /// From when until when it is valid.
    pub validity: Validity,
    /// The subject's name.
    pub subject: Name,
    /// The key to certify.
    pub public_key: PublicKey,
    /// The extensions, in their order.
    pub extensions: Vec<Extension>,
    /// The digest that the certificate is signed with. Default SHA-256.
    pub digest: DigestAlgorithm,
}

impl CertificateParams {
    /// A certificate without extensions, with a random serial number of 128 bits.
    ///
    /// # Errors
    /// [`KeyError::Random`](crate::error::KeyError::Random) if there is no serial number to be had.
    pub fn new(
        issuer: Name,
        subject: Name,
        public_key: PublicKey,
        validity: Validity,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let mut serial = vec![0; 16];
        provider.random(&mut serial)?;
        if let Some(first) = serial.first_mut() {
            // Positive, and never so small that another spelling of the number would be shorter.
            *first = (*first & 0x7f) | 0x40;
        }
        Ok(Self {
            serial,
            issuer,
            validity,
            subject,
            public_key,
            extensions: Vec::new(),
            digest: DigestAlgorithm::Sha256,
        })
    }

    /// A self-signed CA certificate.
    ///
    /// Its keyUsage has digitalSignature and, for an RSA key, keyEncipherment, for an EC key
    /// keyAgreement, beside the two bits of a CA: RFC 8894 §2.1.2 asks for both of a CA that answers
    /// SCEP itself, and clients built on OpenSSL refuse replies signed without the first.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn ca(
        name: Name,
        public_key: PublicKey,
        validity: Validity,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let usage = KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN | end_entity_usage(&public_key);
        let constraints = Writer::build(|w| w.sequence(|w| w.value(tag::BOOLEAN, &[0xff])));
        let mut params = Self::new(name.clone(), name, public_key, validity, provider)?;
        params.extensions = vec![
            Extension { oid: oid::BASIC_CONSTRAINTS, critical: true, value: constraints },
            Extension::key_usage(usage),
            subject_key_identifier(&params.public_key, provider)?,
        ];
        Ok(params)
    }

    /// A certificate for an end entity below `issuer`, with basicConstraints, keyUsage and the two
    /// key identifiers that RFC 5280 §4.2.1 asks for.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn end_entity(
        issuer: &Certificate,
        subject: Name,
        public_key: PublicKey,
        validity: Validity,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let mut params =
            Self::new(issuer.subject().clone(), subject, public_key, validity, provider)?;
        let constraints = Writer::build(|w| w.sequence(|_| {}));
        params.extensions = vec![
            Extension { oid: oid::BASIC_CONSTRAINTS, critical: true, value: constraints },
            Extension::key_usage(end_entity_usage(&params.public_key)),
            subject_key_identifier(&params.public_key, provider)?,
        ];
        params.extensions.extend(Extension::authority_key_identifier(issuer));
        Ok(params)
    }

    /// The throw-away self-signed certificate that a SCEP client signs its first message with:
    /// subject and key of the request, both key usages (RFC 8894 §2.3).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn self_signed(
        subject: Name,
        public_key: PublicKey,
        validity: Validity,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let mut params = Self::new(subject.clone(), subject, public_key, validity, provider)?;
        params.extensions = vec![Extension::key_usage(end_entity_usage(&params.public_key))];
        Ok(params)
    }

    /// Writes the certificate; what is missing is the signature of the issuer's key.
    ///
    /// # Errors
    /// [`Misuse`] for a serial number that is zero or takes more than 20 octets,
    /// [`Unsupported`](crate::error::Unsupported) for an issuer key that cannot sign.
    pub fn unsigned(&self, issuer_key: &PublicKey) -> Result<Unsigned<Certificate>, Error> {
        let serial = Writer::build(|w| w.unsigned_octets(&self.serial));
        let is_zero = self.serial.iter().all(|octet| *octet == 0);
        if is_zero || serial.len() > MAX_SERIAL_ENCODING {
            return Err(Misuse::Value("a serial number is positive and at most 20 octets").into());
        }
        let algorithm = issuer_key.signature_algorithm(self.digest)?;
        let identifier = algorithm.identifier()?;
        let tbs = Writer::build(|w| {
            w.sequence(|w| {
                if !self.extensions.is_empty() {
                    w.nested(tag::constructed(0), |w| w.unsigned(2));
                }
                w.raw(&serial);
                identifier.write(w);
                w.raw(self.issuer.as_der());
                w.sequence(|w| {
                    self.validity.not_before.write(w);
                    self.validity.not_after.write(w);
                });
                w.raw(self.subject.as_der());
                w.raw(self.public_key.as_der());
                if !self.extensions.is_empty() {
                    w.nested(tag::constructed(3), |w| {
                        w.sequence(|w| {
                            self.extensions.iter().for_each(|extension| extension.write(w));
                        });
                    });
                }
            });
        });
        let ask = ToBeSigned::new(issuer_key.clone(), algorithm, tbs.clone());
        Ok(Unsigned::new(ask, move |signature| {
            let der = Writer::build(|w| {
                w.sequence(|w| {
                    w.raw(&tbs);
                    identifier.write(w);
                    w.bit_string(signature);
                });
            });
            Certificate::parse(&der, &Limits::default())
        }))
    }
}

/// digitalSignature, and what lets content be enveloped to the key.
const fn end_entity_usage(key: &PublicKey) -> KeyUsage {
    match key.kind() {
        KeyKind::Rsa { .. } => KeyUsage::SIGN_AND_ENCIPHER,
        KeyKind::P256 | KeyKind::P384 => KeyUsage::SIGN_AND_AGREE,
        KeyKind::Other(_) => KeyUsage::DIGITAL_SIGNATURE,
    }
}

/// subjectKeyIdentifier by method 1 of RFC 5280 §4.2.1.2.
fn subject_key_identifier(key: &PublicKey, provider: &dyn Provider) -> Result<Extension, Error> {
    let identifier = provider.digest(DigestAlgorithm::Sha1, key.key_bits())?;
    let value = Writer::build(|w| w.value(tag::OCTET_STRING, &identifier));
    Ok(Extension { oid: oid::SUBJECT_KEY_IDENTIFIER, critical: false, value })
}
