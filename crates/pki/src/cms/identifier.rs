//! Whom a SignerInfo or RecipientInfo means.

use core::fmt;

use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::certificate::Certificate;
use crate::error::{Error, Found};
use crate::name::Name;
use crate::tolerance::Tolerance;

/// SignerIdentifier (RFC 5652 §5.3) and RecipientIdentifier (§6.2.1), which are the same choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignerIdentifier {
    /// IssuerAndSerialNumber.
    IssuerAndSerialNumber {
        /// The issuer of the certificate.
        issuer: Name,
        /// The content octets of its serialNumber.
        serial: Vec<u8>,
    },
    /// The certificate's subjectKeyIdentifier.
    SubjectKeyIdentifier(Vec<u8>),
}

/// Whom a message is enveloped to.
pub type RecipientIdentifier = SignerIdentifier;

impl SignerIdentifier {
    /// Issuer and serial number of a certificate, the form that every known peer reads.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        Self::IssuerAndSerialNumber {
            issuer: certificate.issuer().clone(),
            serial: certificate.serial().to_vec(),
        }
    }

    /// Whether this means `certificate`.
    ///
    /// An issuer name is compared octet by octet, and by its meaning only where
    /// [`Tolerance::respelt_issuer`] allows: some clients write it with other string types.
    #[must_use]
    pub fn names(&self, certificate: &Certificate, tolerance: &Tolerance) -> bool {
        match self {
            Self::IssuerAndSerialNumber { issuer, serial } => {
                let same_serial = without_padding(serial) == without_padding(certificate.serial());
                same_serial
                    && (issuer == certificate.issuer()
                        || (tolerance.respelt_issuer && issuer.matches(certificate.issuer())))
            }
            Self::SubjectKeyIdentifier(identifier) => {
                certificate.extensions().subject_key_identifier() == Some(identifier.as_slice())
            }
        }
    }

    pub(super) fn read(fields: &mut Reader<'_>) -> Result<Self, Error> {
        const EXPECTED: &str = "issuerAndSerialNumber or subjectKeyIdentifier";
        let choice = fields.any(EXPECTED)?;
        match choice.tag {
            tag::SEQUENCE => Self::read_issuer_and_serial(&choice),
            tag if tag == tag::primitive(0) => {
                Ok(Self::SubjectKeyIdentifier(choice.value.to_vec()))
            }
            // The tag is IMPLICIT, but one form in the wild is explicit.
            tag if tag == tag::constructed(0) => {
                let inner = choice.reader().expect(tag::OCTET_STRING, EXPECTED)?;
                Ok(Self::SubjectKeyIdentifier(inner.value.to_vec()))
            }
            other => Err(choice.unexpected(EXPECTED, Found::Tag(other))),
        }
    }

    fn read_issuer_and_serial(sequence: &Tlv<'_>) -> Result<Self, Error> {
        let mut fields = sequence.reader();
        let issuer = Name::read(&mut fields, "issuer")?;
        let serial = fields.expect(tag::INTEGER, "serialNumber")?.value.to_vec();
        fields.finish("the end of IssuerAndSerialNumber")?;
        Ok(Self::IssuerAndSerialNumber { issuer, serial })
    }

    pub(super) fn write(&self, w: &mut Writer) {
        match self {
            Self::IssuerAndSerialNumber { issuer, serial } => w.sequence(|w| {
                w.raw(issuer.as_der());
                w.value(tag::INTEGER, serial);
            }),
            Self::SubjectKeyIdentifier(identifier) => {
                w.value(tag::primitive(0), identifier);
            }
        }
    }
}

/// Without the zeros in front that do not change the number.
pub(crate) fn without_padding(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|octet| **octet == 0).count();
    // The last octet stays, so that zero is not nothing.
    serial.get(zeros.min(serial.len().saturating_sub(1))..).unwrap_or_default()
}

impl fmt::Display for SignerIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let octets = match self {
            Self::IssuerAndSerialNumber { issuer, serial } => {
                write!(f, "issuer {issuer}, serial number ")?;
                serial
            }
            Self::SubjectKeyIdentifier(identifier) => {
                f.write_str("subject key identifier ")?;
                identifier
            }
        };
        octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
