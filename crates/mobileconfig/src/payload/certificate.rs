//! `com.apple.security.root`, `.pkcs1` and `.pem`: a certificate without its private key.
//!
//! Three names for the same keys; the first two are aliases of each other.
//!
//! Source: `com.apple.security.root.yaml`, `com.apple.security.pkcs1.yaml`,
//! `com.apple.security.pem.yaml`.

use devicecert_pki::{Certificate, to_pem};

use super::Payload;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::CertificateHandle;
use crate::plist::{Dictionary, Scalar};

/// A certificate to install, and to trust if it is a root.
///
/// ```
/// use devicecert_mobileconfig::payload::{CertificateFormat, CertificatePayload, Payload};
///
/// # let der = vec![0x30, 0];
/// let root = CertificatePayload::new(CertificateFormat::Root, der);
/// assert_eq!(root.payload_type(), "com.apple.security.root");
/// assert_eq!(CertificatePayload::read(&root.to_dictionary()), Ok(root));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificatePayload {
    /// The payload type, and with it how the certificate is written.
    pub format: CertificateFormat,
    /// `PayloadContent`: DER, or the text of a PEM file.
    pub content: Scalar<Vec<u8>>,
    /// `PayloadCertificateFileName`
    pub file_name: Option<String>,
    /// Keys that have no field here, or a value that the field cannot hold.
    pub other: Dictionary,
}

/// The three payload types for certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateFormat {
    /// `com.apple.security.root`: DER.
    Root,
    /// `com.apple.security.pkcs1`: DER.
    Pkcs1,
    /// `com.apple.security.pem`: PEM.
    Pem,
}

impl CertificateFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Root, Self::Pkcs1, Self::Pem];

    /// The value of `PayloadType`.
    #[must_use]
    pub const fn payload_type(self) -> &'static str {
        match self {
            Self::Root => "com.apple.security.root",
            Self::Pkcs1 => "com.apple.security.pkcs1",
            Self::Pem => "com.apple.security.pem",
        }
    }
}

impl CertificatePayload {
    /// A certificate that is already in the form its payload type wants.
    #[must_use]
    pub fn new(format: CertificateFormat, content: impl Into<Scalar<Vec<u8>>>) -> Self {
        Self { format, content: content.into(), file_name: None, other: Dictionary::new() }
    }

    /// A certificate, written as the payload type wants it.
    #[must_use]
    pub fn of(format: CertificateFormat, certificate: &Certificate) -> Self {
        let der = certificate.as_der();
        let content = match format {
            CertificateFormat::Root | CertificateFormat::Pkcs1 => der.to_vec(),
            CertificateFormat::Pem => to_pem("CERTIFICATE", der).into_bytes(),
        };
        Self::new(format, content)
    }

    /// Reads the dictionary of a payload.
    ///
    /// # Errors
    /// [`PayloadError`] if it is of another type, or `PayloadContent` is missing or no data.
    pub fn read(payload: &Dictionary) -> Result<Self, PayloadError> {
        let found = CertificateFormat::ALL.into_iter().find_map(|format| {
            Some((format, Fields::of_payload(payload, format.payload_type()).ok()?))
        });
        let (format, mut fields) =
            found.ok_or(PayloadError::OtherType(CertificateFormat::Root.payload_type()))?;
        Ok(Self {
            format,
            content: fields.required_data("PayloadContent")?,
            file_name: fields.text("PayloadCertificateFileName"),
            other: fields.finish(),
        })
    }
}

impl Payload for CertificatePayload {
    type Handle = CertificateHandle;

    fn payload_type(&self) -> &str {
        self.format.payload_type()
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut payload = super::of_type(self.format.payload_type());
        payload.put("PayloadCertificateFileName", self.file_name.as_deref());
        payload.insert("PayloadContent", self.content.clone());
        payload.put_all(&self.other);
        payload
    }
}
