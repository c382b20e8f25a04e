//! What Intune answers with.

use core::fmt;

use devicecert_pki::Secret;

use crate::error::PeerText;
use crate::limits::Limits;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Intune's verdict on a request. Whatever is not [`Success`](Self::Success) forbids to
        /// issue.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $name,)*
            /// One that this crate does not know, as it was sent.
            Other(PeerText),
        }

        impl Code {
            pub(super) fn read(text: &str, secrets: &[&Secret], limits: &Limits) -> Self {
                match text {
                    $(stringify!($name) => Self::$name,)*
                    other => Self::Other(PeerText::new(other, secrets, limits.text_characters)),
                }
            }

            /// The code as Intune writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => stringify!($name),)*
                    Self::Other(text) => text.as_str(),
                }
            }
        }
    };
}

codes! {
    /// Intune itself does not know.
    Unknown,
    /// The request is as Intune wants it.
    Success,
    /// The certification request cannot be read.
    CertificateRequestDecodingFailed,
    /// There is no challenge in it.
    ChallengePasswordMissing,
    /// What the challenge holds cannot be read.
    ChallengeDeserializationError,
    /// The challenge does not open.
    ChallengeDecryptionError,
    /// The challenge is not base64.
    ChallengeDecodingError,
    /// The challenge tells an impossible time.
    ChallengeInvalidTimestamp,
    /// The challenge is too old.
    ChallengeExpired,
    /// The request has no subject.
    SubjectNameMissing,
    /// The request has another subject than the profile.
    SubjectNameMismatch,
    /// The request has no alternative name.
    SubjectAltNameMissing,
    /// The request has other alternative names than the profile.
    SubjectAltNameMismatch,
    /// The request has another key usage than the profile.
    KeyUsageMismatch,
    /// The key has another length than in the profile.
    KeyLengthMismatch,
    /// The request has no extended key usage.
    EnhancedKeyUsageMissing,
    /// The request has another extended key usage than the profile.
    EnhancedKeyUsageMismatch,
    /// The list of key identifiers is missing.
    AadKeyIdentifierListMissing,
    /// The key is another than the registered one.
    RegisteredKeyMismatch,
    /// The signer's certificate is another than Intune knows.
    SigningCertThumbprintMismatch,
    /// The profile is no longer meant for this device.
    ScepProfileNoLongerTargetedToTheClient,
    /// The challenge is not signed by Intune.
    SignatureValidationFailed,
    /// The challenge is for another request.
    BadCertificateRequestIdInChallenge,
    /// The challenge is for another device.
    BadDeviceIdInChallenge,
    /// The challenge is for another user.
    BadUserIdInChallenge,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
