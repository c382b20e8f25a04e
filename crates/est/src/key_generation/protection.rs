//! How the private key is protected on its way (RFC 7030 §4.4.1).

use core::fmt;

use const_oid::ObjectIdentifier;
use devicecert_pki::algorithm::{AlgorithmIdentifier, ContentCipher};
use devicecert_pki::asn1::{Reader, Tlv, Writer, tag};
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Attribute, Certificate, Csr, CsrParams, Secret};

use crate::error::{Error, InvalidMessage, InvalidRequest};
use crate::limits::Limits;
use crate::oid;

/// How a client wants the private key to be protected, beside TLS.
#[derive(Clone)]
#[non_exhaustive]
pub enum KeyProtection {
    /// Not at all.
    Tls,
    /// Encrypted with a symmetric key that both sides have (§4.4.1.1).
    SymmetricKey {
        /// What both sides call the key.
        identifier: Vec<u8>,
        /// The AES key: 16, 24 or 32 octets.
        key: Secret,
    },
    /// Encrypted to the RSA key of a certificate that the client has and the server knows
    /// (§4.4.1.2), found by its subjectKeyIdentifier.
    Certificate(Box<Certificate>),
}

impl fmt::Debug for KeyProtection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tls => "Tls",
            Self::SymmetricKey { .. } => "SymmetricKey",
            Self::Certificate(_) => "Certificate",
        })
    }
}

/// How a request for a key says that the key is to be protected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WantedProtection {
    /// By TLS alone.
    Tls,
    /// With the symmetric key that has this identifier.
    SymmetricKey(Vec<u8>),
    /// With the asymmetric key that has this identifier, most often a subjectKeyIdentifier.
    AsymmetricKey(Vec<u8>),
}

/// The ciphers that sMIMECapabilities announces, best first.
const CIPHERS: [ContentCipher; 3] =
    [ContentCipher::Aes256Cbc, ContentCipher::Aes192Cbc, ContentCipher::Aes128Cbc];

impl KeyProtection {
    /// Asks for it in a request to be (§4.4.1).
    pub(crate) fn ask(&self, params: &mut CsrParams) {
        let (oid, identifier) = match self {
            Self::Tls => return,
            Self::SymmetricKey { identifier, .. } => (oid::DECRYPT_KEY_ID, identifier.as_slice()),
            Self::Certificate(certificate) => (
                oid::ASYMM_DECRYPT_KEY_ID,
                certificate.extensions().subject_key_identifier().unwrap_or_default(),
            ),
        };
        let value = Writer::build(|w| w.value(tag::OCTET_STRING, identifier));
        let capabilities = Writer::build(|w| {
            w.sequence(|w| {
                for cipher in CIPHERS {
                    AlgorithmIdentifier::without_parameters(cipher.oid()).write(w);
                }
            });
        });
        params.attributes.push(Attribute::new(oid, value));
        params.attributes.push(Attribute::new(oid::SMIME_CAPABILITIES, capabilities));
    }

    /// Whether the key is to come in the clear.
    pub(crate) const fn is_tls(&self) -> bool {
        matches!(self, Self::Tls)
    }
}

impl WantedProtection {
    /// Reads what a request wants, and which of its sMIMECapabilities fits best.
    ///
    /// A request without sMIMECapabilities, or with both identifiers, gets no key: to guess would
    /// be to send it in a form that was not asked for.
    pub(crate) fn of(csr: &Csr, limits: &Limits) -> Result<(Self, ContentCipher), Error> {
        let symmetric = identifier(csr, oid::DECRYPT_KEY_ID, "DecryptKeyIdentifier")?;
        let asymmetric =
            identifier(csr, oid::ASYMM_DECRYPT_KEY_ID, "AsymmetricDecryptKeyIdentifier")?;
        let wanted = match (symmetric, asymmetric) {
            (None, None) => return Ok((Self::Tls, ContentCipher::Aes256Cbc)),
            (Some(identifier), None) => Self::SymmetricKey(identifier),
            (None, Some(identifier)) => Self::AsymmetricKey(identifier),
            (Some(_), Some(_)) => return Err(InvalidRequest::KeyEncryption.into()),
        };
        let cipher = capabilities(csr, limits)?.ok_or(InvalidRequest::KeyEncryption)?;
        Ok((wanted, cipher))
    }
}

fn identifier(
    csr: &Csr,
    oid: ObjectIdentifier,
    name: &'static str,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(value) = single(csr, oid, name)? else { return Ok(None) };
    match value.tag {
        tag::OCTET_STRING => Ok(Some(value.value.to_vec())),
        _ => Err(InvalidMessage::Attribute(name).into()),
    }
}

/// The first cipher of sMIMECapabilities (RFC 8551 §2.5.2) that is known here.
fn capabilities(csr: &Csr, limits: &Limits) -> Result<Option<ContentCipher>, Error> {
    const NAME: &str = "sMIMECapabilities";
    let Some(value) = single(csr, oid::SMIME_CAPABILITIES, NAME)? else { return Ok(None) };
    let mut fields = Reader::new(value.raw).sequence(NAME)?;
    let mut count: usize = 0;
    while !fields.is_empty() {
        count = count.saturating_add(1);
        LimitExceeded::check("capabilities", limits.csr_attrs, count)?;
        let capability = fields.sequence(NAME)?.oid(NAME)?;
        if let Some(cipher) = CIPHERS.into_iter().find(|cipher| cipher.oid() == capability) {
            return Ok(Some(cipher));
        }
    }
    Ok(None)
}

fn single<'a>(
    csr: &'a Csr,
    oid: ObjectIdentifier,
    name: &'static str,
) -> Result<Option<Tlv<'a>>, Error> {
    let mut found = csr.attributes().iter().filter(|one| one.oid == oid);
    match (found.next().map(|one| one.values.as_slice()), found.next()) {
        (None, _) => Ok(None),
        (Some([value]), None) => Ok(Some(Tlv::parse(value, name)?)),
        _ => Err(InvalidMessage::Attribute(name).into()),
    }
}
