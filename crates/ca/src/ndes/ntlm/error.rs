//! A CHALLENGE that cannot be answered.

use devicecert_pki::error::LimitExceeded;

/// What goes wrong with a server's part in NTLM.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What stands behind the scheme's name is not base64.
    #[error("the server's NTLM message is not base64")]
    Base64,
    /// The message does not start with `NTLMSSP` and a zero.
    #[error("at byte 0 of the server's message: expected NTLMSSP, found something else")]
    Signature,
    /// The message is another than was expected.
    #[error("at byte 8 of the server's NTLM message: expected type 2, found {0}")]
    MessageType(u32),
    /// The message ends before, or in the middle of, what should be there.
    #[error("at byte {at} of the server's NTLM message: expected {expected}, found the end")]
    Truncated {
        /// Where it should be, in bytes from the start of the message.
        at: usize,
        /// What should be there.
        expected: &'static str,
    },
    /// The server does not take Unicode.
    #[error("the server does not negotiate Unicode (NTLMSSP_NEGOTIATE_UNICODE)")]
    NoUnicode,
    /// The server says nothing about itself, so that no NTLMv2 response can be made.
    #[error("the server sends no target information, and NTLMv2 needs it")]
    NoTargetInfo,
    /// A name is no UTF-16.
    #[error("the name of the server is not UTF-16")]
    TargetName,
    /// The message, or a part of the answer, is longer than it may be.
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
}
