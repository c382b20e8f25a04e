//! What Intune is told about the end of a transaction.

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{Certificate, Provider};
use serde::Serialize;

use super::Transaction;
use crate::error::Misuse;

/// A certificate that was issued, as Intune wants to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issued {
    /// The SHA-1 fingerprint in upper-case hexadecimal.
    pub thumbprint: String,
    /// The serial number in upper-case hexadecimal.
    pub serial_number: String,
    /// The last second of its validity: `2027-11-21T12:00:00.000Z`.
    pub expiration: String,
    /// The name of the CA that issued it.
    pub issuer: String,
    /// What was configured there, for revocation through Intune.
    pub ca_configuration: Option<String>,
    /// Which CA it was, for revocation through Intune.
    pub certificate_authority: Option<String>,
}

impl Issued {
    /// What there is to tell about this certificate.
    ///
    /// # Errors
    /// [`Misuse::Pki`] if the backend has no SHA-1.
    pub fn new(certificate: &Certificate, provider: &dyn Provider) -> Result<Self, Misuse> {
        let thumbprint = certificate.fingerprint(DigestAlgorithm::Sha1, provider)?;
        let not_after = certificate.validity().not_after.to_string();
        Ok(Self {
            thumbprint: hex(&thumbprint),
            serial_number: hex(certificate.serial()),
            expiration: format!("{}.000Z", not_after.trim_end_matches('Z')),
            issuer: certificate.issuer().to_string(),
            ca_configuration: None,
            certificate_authority: None,
        })
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

/// Why no certificate was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureReason {
    hresult: u32,
    description: String,
}

impl FailureReason {
    /// The most characters of a description.
    pub const MAX: usize = 255;

    /// A Windows error code (MS-ERREF §2.1), and its meaning for the administrator who reads it in
    /// Intune.
    ///
    /// # Errors
    /// [`Misuse::Empty`] or [`Misuse::TooLong`] for a description of no, or of more than
    /// [`MAX`](Self::MAX), characters. They are counted as Intune counts, in UTF-16.
    pub fn new(hresult: u32, description: impl Into<String>) -> Result<Self, Misuse> {
        let description = description.into();
        let found = description.encode_utf16().count();
        match found {
            0 => Err(Misuse::Empty("the description")),
            1..=Self::MAX => Ok(Self { hresult, description }),
            _ => Err(Misuse::TooLong { what: "the description", limit: Self::MAX, found }),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SuccessBody<'a> {
    notification: Success<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Success<'a> {
    transaction_id: &'a str,
    certificate_request: &'a str,
    certificate_thumbprint: &'a str,
    certificate_serial_number: &'a str,
    certificate_expiration_date_utc: &'a str,
    issuing_certificate_authority: &'a str,
    caller_info: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_configuration: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_authority: Option<&'a str>,
}

impl<'a> SuccessBody<'a> {
    pub(super) fn new(transaction: &'a Transaction, issued: &'a Issued, caller: &'a str) -> Self {
        Self {
            notification: Success {
                transaction_id: &transaction.transaction_id,
                certificate_request: transaction.csr(),
                certificate_thumbprint: &issued.thumbprint,
                certificate_serial_number: &issued.serial_number,
                certificate_expiration_date_utc: &issued.expiration,
                issuing_certificate_authority: &issued.issuer,
                caller_info: caller,
                ca_configuration: issued.ca_configuration.as_deref(),
                certificate_authority: issued.certificate_authority.as_deref(),
            },
        }
    }
}

#[derive(Serialize)]
pub(super) struct FailureBody<'a> {
    notification: Failure<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    transaction_id: &'a str,
    certificate_request: &'a str,
    h_result: u32,
    error_description: &'a str,
    caller_info: &'a str,
}

impl<'a> FailureBody<'a> {
    pub(super) fn new(
        transaction: &'a Transaction,
        reason: &'a FailureReason,
        caller: &'a str,
    ) -> Self {
        Self {
            notification: Failure {
                transaction_id: &transaction.transaction_id,
                certificate_request: transaction.csr(),
                h_result: reason.hresult,
                error_description: &reason.description,
                caller_info: caller,
            },
        }
    }
}
