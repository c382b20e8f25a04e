//! What goes wrong with DigiCert ONE, in Fleet's words.

use core::fmt;

use devicecert_pki as pki;
use devicecert_pki::{PemError, Secret};
use serde::Deserialize;

use crate::error::{InvalidAnswer, PeerText, of_transport};
use crate::limits::Limits;
use crate::message::from_json;
use crate::settings::{CaName, InvalidSetting};

/// What goes wrong with DigiCert ONE. `Display` is Fleet's text where Fleet has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The profile was asked for with a token that DigiCert does not know.
    #[error("most likely invalid API token; status code: 401")]
    ProfileUnauthorized,
    /// There is no such profile, or not for this token.
    #[error("most likely invalid profile GUID; status code: 403")]
    ProfileForbidden,
    /// The profile was asked for, and the answer is another status.
    #[error("unexpected DigiCert status code: {0}")]
    ProfileStatus(u16),
    /// The profile is there and cannot be used.
    #[error("DigiCert profile status is not Active: {0}")]
    ProfileNotActive(PeerText),
    /// A certificate was ordered with a token that DigiCert does not know.
    #[error(
        "The API token configured in {ca} certificate authority is invalid. Status code for POST request: 401{messages}"
    )]
    TokenRefused {
        /// The name of the CA.
        ca: CaName,
        /// What DigiCert says.
        messages: Messages,
    },
    /// A certificate was ordered from a profile that is not there.
    #[error(
        "The \"profile_id\" configured in {ca} certificate authority doesn't exist. Status code for POST request: 403{messages}"
    )]
    ProfileUnknown {
        /// The name of the CA.
        ca: CaName,
        /// What DigiCert says.
        messages: Messages,
    },
    /// A certificate was ordered, and the answer is another status.
    #[error("unexpected DigiCert status code for POST request: {status}{messages}")]
    Status {
        /// The status.
        status: u16,
        /// What DigiCert says.
        messages: Messages,
    },
    /// The certificate came in another format than was ordered.
    #[error("unexpected DigiCert delivery format: {0}")]
    DeliveryFormat(PeerText),
    /// The serial number is not 1 to 40 hexadecimal digits.
    #[error("invalid DigiCert serial number: {0}")]
    SerialNumber(PeerText),
    /// There is no certificate in the answer.
    #[error("did not receive DigiCert certificate")]
    NoCertificate,
    /// The certificate is no PEM.
    #[error("failed to decode certificate PEM block")]
    Pem(#[source] PemError),
    /// The PEM holds no certificate.
    #[error("parsing certificate from PEM: {0}")]
    Certificate(#[source] pki::Error),
    /// The certificate has another key than the request.
    #[error("the certificate does not have the key of the request")]
    OtherKey,
    /// The CA was not reached, or not in time. Made by [`unreachable`](Self::unreachable).
    #[error("{0}")]
    Unreachable(PeerText),
    /// The answer cannot be read.
    #[error(transparent)]
    InvalidAnswer(#[from] InvalidAnswer),
}

impl Error {
    /// The error of a request that had no response: what the HTTP library says of it.
    #[must_use]
    pub fn unreachable(error: &dyn core::error::Error) -> Self {
        Self::Unreachable(of_transport(error))
    }

    /// What Fleet shows in the details of a profile whose certificate could not be had.
    #[must_use]
    pub fn detail(&self, ca: &CaName) -> String {
        format!("Couldn't get certificate from DigiCert for {ca}. {self}")
    }

    /// What an administrator is told whose settings failed the check of the profile.
    #[must_use]
    pub fn setting(&self) -> InvalidSetting {
        // Everything from DigiCert in this text is bounded already.
        let text = PeerText::new(&self.to_string(), &[], Limits::default().text_characters);
        InvalidSetting::DigiCertProfile(text)
    }
}

/// The messages of DigiCert's error answer, joined as Fleet joins them: `, errors: a; b`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages(PeerText);

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    message: String,
}

impl Messages {
    /// An answer that is no error answer has no messages: the status says enough.
    pub(super) fn read(body: &[u8], api_token: &Secret, limits: &Limits) -> Self {
        let errors = from_json("errors", body, limits).map(|answer: Answer| answer.errors);
        let messages = errors.unwrap_or_default().into_iter().map(|fault| fault.message);
        let joined = messages.collect::<Vec<_>>().join("; ");
        Self(PeerText::new(&joined, &[api_token], limits.text_characters))
    }

    /// The messages with `; ` between them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.is_empty() {
            true => Ok(()),
            false => write!(f, ", errors: {}", self.0),
        }
    }
}
