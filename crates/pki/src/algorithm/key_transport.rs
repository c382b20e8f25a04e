//! Key transport: the content key encrypted to an RSA key (RFC 5652 §6.2.1).

use super::{AlgorithmIdentifier, DigestAlgorithm};
use crate::asn1::{Reader, Writer, tag};
use crate::error::Error;
use crate::oid;

/// How a content key is encrypted to an RSA public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyTransport {
    /// RSAES-PKCS1-v1_5 (RFC 8017 §7.2).
    RsaPkcs1,
    /// RSAES-OAEP with an empty label (RFC 8017 §7.1).
    RsaOaep {
        /// The digest of the label.
        digest: DigestAlgorithm,
        /// The digest of the mask generation function MGF1.
        mgf1: DigestAlgorithm,
    },
}

const WHAT: &str = "the key transport algorithm";

impl KeyTransport {
    /// RSAES-OAEP with the defaults of RFC 8017 A.2.1, which Windows and NDES use.
    pub const RSA_OAEP_SHA1: Self =
        Self::RsaOaep { digest: DigestAlgorithm::Sha1, mgf1: DigestAlgorithm::Sha1 };

    /// Its name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RsaPkcs1 => "RSAES-PKCS1-v1_5",
            Self::RsaOaep { .. } => "RSAES-OAEP",
        }
    }

    /// The AlgorithmIdentifier: NULL parameters for PKCS #1 v1.5, RSAES-OAEP-params otherwise.
    #[must_use]
    pub fn identifier(self) -> AlgorithmIdentifier {
        match self {
            Self::RsaPkcs1 => AlgorithmIdentifier::with_null(oid::RSA_ENCRYPTION),
            Self::RsaOaep { digest, mgf1 } => AlgorithmIdentifier {
                oid: oid::RSAES_OAEP,
                parameters: Some(Writer::build(|w| w.sequence(|w| write_digests(w, digest, mgf1)))),
            },
        }
    }
}

impl TryFrom<&AlgorithmIdentifier> for KeyTransport {
    type Error = Error;

    fn try_from(identifier: &AlgorithmIdentifier) -> Result<Self, Error> {
        if identifier.oid == oid::RSA_ENCRYPTION {
            return match identifier.has_no_parameters() {
                true => Ok(Self::RsaPkcs1),
                false => Err(identifier.unsupported_parameters(WHAT)),
            };
        }
        if identifier.oid != oid::RSAES_OAEP {
            return Err(identifier.unsupported(WHAT));
        }
        let Some(parameters) = identifier.parameters_tlv("RSAES-OAEP-params")? else {
            return Ok(Self::RSA_OAEP_SHA1);
        };
        if parameters.tag == tag::NULL {
            return Ok(Self::RSA_OAEP_SHA1);
        }
        let mut fields = parameters.reader();
        let (digest, mgf1) = read_digests(&mut fields)?;
        // A label is legal, but nobody sends one and a backend could not be told of it.
        if let Some(label) = fields.optional(tag::constructed(2), "pSourceAlgorithm")? {
            let label = AlgorithmIdentifier::read(&mut label.reader(), "pSourceAlgorithm")?;
            if label.oid != oid::P_SPECIFIED || label.parameters.as_deref() != Some(&[4, 0]) {
                return Err(identifier.unsupported_parameters(WHAT));
            }
        }
        fields.finish("the end of RSAES-OAEP-params")?;
        Ok(Self::RsaOaep { digest, mgf1 })
    }
}

/// The first two fields of RSAES-OAEP-params and RSASSA-PSS-params, left out where default.
pub(super) fn write_digests(w: &mut Writer, digest: DigestAlgorithm, mgf1: DigestAlgorithm) {
    if digest != DigestAlgorithm::Sha1 {
        w.nested(tag::constructed(0), |w| digest.identifier().write(w));
    }
    if mgf1 != DigestAlgorithm::Sha1 {
        w.nested(tag::constructed(1), |w| {
            w.sequence(|w| {
                w.oid(&oid::MGF1);
                mgf1.identifier().write(w);
            });
        });
    }
}

/// The first two fields of RSAES-OAEP-params and RSASSA-PSS-params (RFC 8017 A.2.1, A.2.3).
pub(super) fn read_digests(
    fields: &mut Reader<'_>,
) -> Result<(DigestAlgorithm, DigestAlgorithm), Error> {
    let digest = match fields.optional(tag::constructed(0), "hashAlgorithm")? {
        None => DigestAlgorithm::Sha1,
        Some(hash) => {
            (&AlgorithmIdentifier::read(&mut hash.reader(), "hashAlgorithm")?).try_into()?
        }
    };
    let mgf1 = match fields.optional(tag::constructed(1), "maskGenAlgorithm")? {
        None => DigestAlgorithm::Sha1,
        Some(mask) => {
            let mut fields = mask.reader().sequence("maskGenAlgorithm")?;
            let function = fields.oid("maskGenAlgorithm")?;
            if function != oid::MGF1 {
                return Err(AlgorithmIdentifier::without_parameters(function)
                    .unsupported("the mask generation function"));
            }
            match fields.is_empty() {
                true => DigestAlgorithm::Sha1,
                false => {
                    (&AlgorithmIdentifier::read(&mut fields, "the digest of MGF1")?).try_into()?
                }
            }
        }
    };
    Ok((digest, mgf1))
}
