//! NTLM (MS-NLMP) as HTTP authentication (MS-NTHT): version 2, the client's part.
//!
//! ```
//! use devicecert_ca::ndes::ntlm::{Authenticate, Challenge, NEGOTIATE};
//! use devicecert_ca::{Credentials, Limits};
//! # fn answer(challenge: &[u8], now: devicecert_pki::Time, random: [u8; 8]) -> Result<Vec<u8>, devicecert_ca::ndes::ntlm::Error> {
//!
//! // NEGOTIATE went out, `challenge` came back, both in base64 behind the name of the scheme.
//! let challenge = Challenge::parse(challenge, &Limits::default())?;
//! let credentials = Credentials::new(r"EXAMPLE\svc-ndes", "password");
//! Authenticate::new(&challenge, &credentials, random)
//!     .target_name("HTTP/ndes.example.com")
//!     .to_bytes(now)
//! # }
//! ```
//!
//! Covered: NTLMv2 responses (§3.3.2), the message integrity code of all three messages, the name of
//! the service, and channel bindings (§2.2.2.1), which servers with Extended Protection ask for.
//!
//! Not covered, on purpose: NTLMv1 and LM responses, which are broken; OEM character sets; signing and
//! sealing of what follows, which HTTP does not do. So no session key is exchanged either: the
//! integrity code is made with the one that both sides derive, and there is no RC4 here.
//!
//! MD4 and HMAC-MD5 are what NTLM is made of. They are no worse here than NTLM is: use it over TLS,
//! with [a channel binding](ChannelBinding) if the server's certificate is at hand, or use Basic.

mod authenticate;
mod av_pair;
mod binding;
mod challenge;
mod error;
mod negotiate;
mod response;

pub use authenticate::Authenticate;
pub use binding::ChannelBinding;
pub use challenge::Challenge;
pub use error::Error;
pub use negotiate::NEGOTIATE;

/// What every message starts with.
const SIGNATURE: [u8; 8] = *b"NTLMSSP\0";

/// NEGOTIATE flags (§2.2.2.5).
mod flag {
    pub(super) const UNICODE: u32 = 1;
    pub(super) const REQUEST_TARGET: u32 = 1 << 2;
    pub(super) const NTLM: u32 = 1 << 9;
    pub(super) const ALWAYS_SIGN: u32 = 1 << 15;
    pub(super) const EXTENDED_SESSION_SECURITY: u32 = 1 << 19;
    pub(super) const TARGET_INFO: u32 = 1 << 23;
    pub(super) const VERSION: u32 = 1 << 25;
    pub(super) const KEY_128: u32 = 1 << 29;
    pub(super) const KEY_56: u32 = 1 << 31;
}

/// What this client asks for. Of these a server must take [`flag::UNICODE`] and
/// [`flag::TARGET_INFO`].
const OFFERED: u32 = flag::UNICODE
    | flag::REQUEST_TARGET
    | flag::NTLM
    | flag::ALWAYS_SIGN
    | flag::EXTENDED_SESSION_SECURITY
    | flag::TARGET_INFO
    | flag::VERSION
    | flag::KEY_128
    | flag::KEY_56;

/// VERSION (§2.2.2.10), which nobody decides on: Windows 10, NTLMSSP_REVISION_W2K3.
const VERSION: [u8; 8] = [10, 0, 0, 0, 0, 0, 0, 15];
