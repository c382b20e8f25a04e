//! The private key in the answer, in whatever form it comes.

use devicecert_pki::algorithm::AlgorithmIdentifier;
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::{Certificate, KeyKind, PublicKey, Secret};

use crate::error::{Error, InvalidMessage, UnacceptableReply};
use crate::tolerance::Tolerance;

/// A private key that a server made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GeneratedKey {
    /// What the octets are.
    pub format: PrivateKeyFormat,
    /// The octets, as they came.
    pub der: Secret,
    /// Who signed the key package that was in the envelope, checked but not judged; `None` where
    /// there was no envelope, or no signature in it.
    pub generator: Option<Certificate>,
}

/// What the octets of a private key are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrivateKeyFormat {
    /// PrivateKeyInfo or OneAsymmetricKey (RFC 5958), as RFC 7030 §4.4.2 asks.
    Pkcs8,
    /// RSAPrivateKey (RFC 8017 A.1.2), which libest sends.
    RsaPrivateKey,
    /// ECPrivateKey (RFC 5915), which libest sends.
    EcPrivateKey,
    /// EncryptedPrivateKeyInfo (RFC 5958 §3), which one server sends under the HTTP password.
    EncryptedPkcs8,
}

impl PrivateKeyFormat {
    fn of(der: &[u8]) -> Result<Self, Error> {
        let mut fields = Reader::new(der).sequence("a private key")?;
        let first = fields.any("a private key")?;
        let second = fields.any("a private key")?;
        match (first.tag, second.tag) {
            (tag::INTEGER, tag::SEQUENCE) => Ok(Self::Pkcs8),
            (tag::INTEGER, tag::INTEGER) => Ok(Self::RsaPrivateKey),
            (tag::INTEGER, tag::OCTET_STRING) => Ok(Self::EcPrivateKey),
            (tag::SEQUENCE, tag::OCTET_STRING) => Ok(Self::EncryptedPkcs8),
            _ => Err(InvalidMessage::PrivateKey.into()),
        }
    }
}

impl GeneratedKey {
    pub(super) fn parse(der: Secret, tolerance: &Tolerance) -> Result<Self, Error> {
        let format = PrivateKeyFormat::of(der.expose())?;
        match format {
            PrivateKeyFormat::Pkcs8 | PrivateKeyFormat::EncryptedPkcs8 => {}
            PrivateKeyFormat::RsaPrivateKey | PrivateKeyFormat::EcPrivateKey => {
                if !tolerance.bare_private_key {
                    return Err(InvalidMessage::BarePrivateKey.into());
                }
            }
        }
        Ok(Self { format, der, generator: None })
    }

    /// The key as PKCS #8, given the public half that its certificate has; `None` for an
    /// [`EncryptedPkcs8`](PrivateKeyFormat::EncryptedPkcs8), which needs a password.
    ///
    /// # Errors
    /// [`Malformed`](devicecert_pki::error::Malformed) if the public key cannot be read.
    pub fn to_pkcs8(&self, public_key: &PublicKey) -> Result<Option<Secret>, Error> {
        match self.format {
            PrivateKeyFormat::Pkcs8 => Ok(Some(self.der.clone())),
            PrivateKeyFormat::EncryptedPkcs8 => Ok(None),
            PrivateKeyFormat::RsaPrivateKey | PrivateKeyFormat::EcPrivateKey => {
                let mut fields =
                    Reader::new(public_key.as_der()).sequence("SubjectPublicKeyInfo")?;
                let algorithm = AlgorithmIdentifier::read(&mut fields, "the algorithm of a key")?;
                Ok(Some(Secret::new(Writer::build(|w| {
                    w.sequence(|w| {
                        w.unsigned(0);
                        algorithm.write(w);
                        w.value(tag::OCTET_STRING, self.der.expose());
                    });
                }))))
            }
        }
    }

    /// Checks that the key is the certificate's, as far as the octets tell: an RSA key by its
    /// modulus, an EC key where it has its public half in it.
    ///
    /// # Errors
    /// [`UnacceptableReply::WrongKey`] if it is another.
    pub(crate) fn check(&self, certificate: &Certificate) -> Result<(), Error> {
        let public_key = certificate.public_key();
        let inner = match self.format {
            PrivateKeyFormat::EncryptedPkcs8 => return Ok(()),
            PrivateKeyFormat::RsaPrivateKey | PrivateKeyFormat::EcPrivateKey => self.der.clone(),
            PrivateKeyFormat::Pkcs8 => {
                let mut fields = Reader::new(self.der.expose()).sequence("PrivateKeyInfo")?;
                fields.expect(tag::INTEGER, "the version of PrivateKeyInfo")?;
                fields.expect(tag::SEQUENCE, "privateKeyAlgorithm")?;
                Secret::new(fields.expect(tag::OCTET_STRING, "privateKey")?.value.to_vec())
            }
        };
        let fits = match public_key.kind() {
            KeyKind::Rsa { .. } => {
                let mut private = Reader::new(inner.expose()).sequence("RSAPrivateKey")?;
                private.expect(tag::INTEGER, "the version of RSAPrivateKey")?;
                let mut public = Reader::new(public_key.key_bits()).sequence("RSAPublicKey")?;
                private.expect(tag::INTEGER, "modulus")?.value
                    == public.expect(tag::INTEGER, "modulus")?.value
            }
            KeyKind::P256 | KeyKind::P384 => {
                ec_point(inner.expose())?.is_none_or(|point| point == public_key.key_bits())
            }
            _ => true,
        };
        match fits {
            true => Ok(()),
            false => Err(UnacceptableReply::WrongKey.into()),
        }
    }
}

/// The public half that an ECPrivateKey may have in it.
fn ec_point(der: &[u8]) -> Result<Option<&[u8]>, Error> {
    let mut fields = Reader::new(der).sequence("ECPrivateKey")?;
    fields.expect(tag::INTEGER, "the version of ECPrivateKey")?;
    fields.expect(tag::OCTET_STRING, "privateKey")?;
    fields.optional(tag::constructed(0), "parameters")?;
    let Some(explicit) = fields.optional(tag::constructed(1), "publicKey")? else {
        return Ok(None);
    };
    let point = explicit.reader().expect(tag::BIT_STRING, "publicKey")?;
    Ok(Some(point.bit_string_octets("publicKey")?))
}
