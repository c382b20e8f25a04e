//! Signatures.

use super::key_transport::{read_digests, write_digests};
use super::{AlgorithmIdentifier, DigestAlgorithm};
use crate::asn1::{Writer, tag};
use crate::error::Error;
use crate::oid;

/// A signature scheme together with the digest it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    RsaPkcs1(DigestAlgorithm),
    /// RSASSA-PSS (RFC 8017 §8.1): verified, never made.
    RsaPss {
        /// The digest of the message.
        digest: DigestAlgorithm,
        /// The digest of the mask generation function MGF1.
        mgf1: DigestAlgorithm,
        /// Octets of salt.
        salt_len: usize,
    },
    /// ECDSA with a DER-encoded Ecdsa-Sig-Value (RFC 5758 §3.2).
    Ecdsa(DigestAlgorithm),
}

const WHAT: &str = "the signature algorithm";

impl SignatureAlgorithm {
    /// The digest of the message.
    #[must_use]
    pub const fn digest(self) -> DigestAlgorithm {
        match self {
            Self::RsaPkcs1(digest) | Self::RsaPss { digest, .. } | Self::Ecdsa(digest) => digest,
        }
    }

    /// The scheme's name without the digest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RsaPkcs1(_) => "RSASSA-PKCS1-v1_5",
            Self::RsaPss { .. } => "RSASSA-PSS",
            Self::Ecdsa(_) => "ECDSA",
        }
    }

    /// The AlgorithmIdentifier for a certificate or request (RFC 3279, RFC 4055, RFC 5758).
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) for ECDSA with MD5, which has no identifier.
    pub fn identifier(self) -> Result<AlgorithmIdentifier, Error> {
        Ok(match self {
            Self::RsaPkcs1(digest) => AlgorithmIdentifier::with_null(match digest {
                DigestAlgorithm::Md5 => oid::MD5_WITH_RSA,
                DigestAlgorithm::Sha1 => oid::SHA1_WITH_RSA,
                DigestAlgorithm::Sha256 => oid::SHA256_WITH_RSA,
                DigestAlgorithm::Sha384 => oid::SHA384_WITH_RSA,
                DigestAlgorithm::Sha512 => oid::SHA512_WITH_RSA,
            }),
            Self::RsaPss { digest, mgf1, salt_len } => AlgorithmIdentifier {
                oid: oid::RSASSA_PSS,
                parameters: Some(Writer::build(|w| {
                    w.sequence(|w| {
                        write_digests(w, digest, mgf1);
                        if salt_len != 20 {
                            w.nested(tag::constructed(2), |w| w.unsigned(salt_len as u64));
                        }
                    });
                })),
            },
            Self::Ecdsa(digest) => AlgorithmIdentifier::without_parameters(match digest {
                DigestAlgorithm::Md5 => {
                    return Err(AlgorithmIdentifier::without_parameters(oid::MD5).unsupported(WHAT));
                }
                DigestAlgorithm::Sha1 => oid::ECDSA_WITH_SHA1,
                DigestAlgorithm::Sha256 => oid::ECDSA_WITH_SHA256,
                DigestAlgorithm::Sha384 => oid::ECDSA_WITH_SHA384,
                DigestAlgorithm::Sha512 => oid::ECDSA_WITH_SHA512,
            }),
        })
    }

    /// The AlgorithmIdentifier for SignerInfo.signatureAlgorithm.
    ///
    /// For PKCS #1 v1.5 this is `rsaEncryption` with NULL (RFC 3370 §3.2), which every client
    /// reads; one of them reads nothing else.
    ///
    /// # Errors
    /// As [`identifier`](Self::identifier).
    pub fn signer_info_identifier(self) -> Result<AlgorithmIdentifier, Error> {
        match self {
            Self::RsaPkcs1(_) => Ok(AlgorithmIdentifier::with_null(oid::RSA_ENCRYPTION)),
            Self::RsaPss { .. } | Self::Ecdsa(_) => self.identifier(),
        }
    }

    /// The scheme that a SignerInfo names with its two AlgorithmIdentifiers.
    ///
    /// `rsaEncryption` takes its digest from `digest`; every other identifier must agree with it.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) for other schemes or a disagreement.
    pub fn from_signer_info(
        signature: &AlgorithmIdentifier,
        digest: DigestAlgorithm,
    ) -> Result<Self, Error> {
        if signature.oid == oid::RSA_ENCRYPTION && signature.has_no_parameters() {
            return Ok(Self::RsaPkcs1(digest));
        }
        if signature.oid == oid::EC_PUBLIC_KEY {
            return Ok(Self::Ecdsa(digest));
        }
        let scheme = Self::try_from(signature)?;
        match scheme.digest() == digest {
            true => Ok(scheme),
            false => Err(signature.unsupported_parameters(WHAT)),
        }
    }
}

impl TryFrom<&AlgorithmIdentifier> for SignatureAlgorithm {
    type Error = Error;

    fn try_from(identifier: &AlgorithmIdentifier) -> Result<Self, Error> {
        if identifier.oid == oid::RSASSA_PSS {
            let Some(parameters) = identifier.parameters_tlv("RSASSA-PSS-params")? else {
                return Err(identifier.unsupported_parameters(WHAT));
            };
            let mut fields = parameters.reader();
            let (digest, mgf1) = read_digests(&mut fields)?;
            let salt_len = match fields.optional(tag::constructed(2), "saltLength")? {
                None => 20,
                Some(salt) => {
                    salt.reader().expect(tag::INTEGER, "saltLength")?.unsigned("saltLength")?
                }
            };
            let salt_len =
                usize::try_from(salt_len).map_err(|_| identifier.unsupported_parameters(WHAT))?;
            return Ok(Self::RsaPss { digest, mgf1, salt_len });
        }
        let scheme = DigestAlgorithm::ALL
            .into_iter()
            .flat_map(|digest| [Self::RsaPkcs1(digest), Self::Ecdsa(digest)])
            .find(|scheme| scheme.identifier().is_ok_and(|known| known.oid == identifier.oid))
            .ok_or_else(|| identifier.unsupported(WHAT))?;
        match identifier.has_no_parameters() {
            true => Ok(scheme),
            false => Err(identifier.unsupported_parameters(WHAT)),
        }
    }
}
