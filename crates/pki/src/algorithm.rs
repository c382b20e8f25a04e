//! The algorithms that CMS messages, certificates and requests name, and their identifiers.

use const_oid::ObjectIdentifier;

use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, Unsupported};

mod cipher;
mod digest;
mod key_agreement;
mod key_transport;
mod key_wrap;
pub(crate) mod pbkdf2;
mod signature;

pub use cipher::ContentCipher;
pub use digest::DigestAlgorithm;
pub use key_agreement::{DiffieHellman, KeyAgreement, x963};
pub use key_transport::KeyTransport;
pub use key_wrap::KeyWrap;
pub use signature::SignatureAlgorithm;

/// AlgorithmIdentifier (RFC 5280 §4.1.1.2), kept as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier {
    /// Which algorithm.
    pub oid: ObjectIdentifier,
    /// The encoding of its parameters; `None` where they are absent, which is not NULL.
    pub parameters: Option<Vec<u8>>,
}

const NULL: [u8; 2] = [tag::NULL, 0];

impl AlgorithmIdentifier {
    /// An algorithm with NULL parameters.
    #[must_use]
    pub fn with_null(oid: ObjectIdentifier) -> Self {
        Self { oid, parameters: Some(NULL.to_vec()) }
    }

    /// An algorithm without parameters.
    #[must_use]
    pub const fn without_parameters(oid: ObjectIdentifier) -> Self {
        Self { oid, parameters: None }
    }

    /// Reads the next value of `reader`.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is no AlgorithmIdentifier.
    pub fn read(reader: &mut Reader<'_>, expected: &'static str) -> Result<Self, Error> {
        let mut fields = reader.sequence(expected)?;
        let oid = fields.oid(expected)?;
        let parameters = match fields.is_empty() {
            true => None,
            false => Some(fields.any(expected)?.raw.to_vec()),
        };
        fields.finish(expected)?;
        Ok(Self { oid, parameters })
    }

    /// Writes the SEQUENCE.
    pub fn write(&self, writer: &mut Writer) {
        writer.sequence(|w| {
            w.oid(&self.oid);
            w.raw(self.parameters.as_deref().unwrap_or_default());
        });
    }

    /// Whether the parameters are absent or NULL, the two spellings of "none".
    pub(crate) fn has_no_parameters(&self) -> bool {
        self.parameters.as_deref().is_none_or(|parameters| parameters == NULL)
    }

    pub(crate) fn unsupported(&self, what: &'static str) -> Error {
        Unsupported::Algorithm { what, oid: self.oid }.into()
    }

    pub(crate) fn unsupported_parameters(&self, what: &'static str) -> Error {
        Unsupported::Parameters { what, oid: self.oid }.into()
    }

    fn parameters_tlv(&self, expected: &'static str) -> Result<Option<Tlv<'_>>, Error> {
        self.parameters.as_deref().map(|raw| Tlv::parse(raw, expected)).transpose()
    }
}
