//! What the forms of device management products ask for, field by field.
//!
//! Each product is a struct whose fields are those of its form, by their labels and with their
//! defaults where these are known (labels stand in *italics*), and whose `identity` makes an [`IdentityRequest`](crate::IdentityRequest) of them:
//! whoever moves from one product to another, or generates profiles for several, fills in the form
//! he knows.
//!
//! ```
//! use devicecert::crypto_rust::RustCrypto;
//! use devicecert::product::jumpcloud::AppleScep;
//!
//! let mut policy = AppleScep::new("com.example.wifi", "https://ca.example/scep");
//! policy.subject = "/C=US/O=ABCEnterprise/CN=foo/1.2.5.3=bar".into();
//! policy.fingerprint = Some("11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44".into());
//! let written = policy.identity()?.to_mobileconfig(&RustCrypto)?;
//! assert!(written.output.to_xml()?.contains("<key>CAFingerprint</key>"));
//! # Ok::<(), devicecert::Error>(())
//! ```
//!
//! What only the product's server does (renew in time, ask a webhook for a challenge, relay
//! requests) is in the request where it has a place there, and in the losses when it is written.

pub mod addigy;
pub mod fleet;
pub mod intune;
pub mod jamf;
pub mod jumpcloud;
pub mod kandji;
pub mod meraki;
pub mod mosyle;
pub mod workspace_one;

use devicecert_pki::{Certificate, KeyUsage, Limits};

use crate::certificates;
use crate::error::Error;

pub use devicecert_mobileconfig::payload::RsaKeySize;

/// What a form lets the key be for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Usage {
    /// Signatures.
    Signing,
    /// Encryption to the device.
    Encryption,
    /// Both.
    #[default]
    Both,
}

impl From<Usage> for KeyUsage {
    fn from(usage: Usage) -> Self {
        match usage {
            Usage::Signing => Self::DIGITAL_SIGNATURE,
            Usage::Encryption => Self::KEY_ENCIPHERMENT,
            Usage::Both => Self::SIGN_AND_ENCIPHER,
        }
    }
}

/// The one certificate of a file that was uploaded.
fn certificate(
    product: &'static str,
    option: &'static str,
    file: &[u8],
) -> Result<Certificate, Error> {
    let mut found = certificates(file, &Limits::default())?;
    match (found.pop(), found.is_empty()) {
        (Some(certificate), true) => Ok(certificate),
        _ => Err(Error::option(product, option, "a file with one certificate")),
    }
}
