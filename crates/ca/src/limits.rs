//! Bounds on what is read, so that no CA, and nobody who plays one, can make a reader work or
//! remember without end.

use devicecert_pki::error::LimitExceeded;

/// The bounds that every reader of this crate keeps to.
///
/// JSON needs no bound of its depth: what nobody asked for is passed over without recursion, and the
/// rest has the shape that is expected.
///
/// ```
/// use devicecert_ca::Limits;
///
/// let mut limits = Limits::default();
/// limits.body_bytes = 64 << 10;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the body of one response. Default 262 144: a certificate takes 2 KiB, the admin
    /// page of NDES 4 KiB.
    pub body_bytes: usize,
    /// Bytes of one challenge. Default 8 192: those of NDES have 16 or 32, those that Intune makes
    /// more than 2 048.
    pub challenge_bytes: usize,
    /// Characters that are kept of what a CA says for people. Default 1 024; what is longer is cut,
    /// not refused.
    pub text_characters: usize,
    /// Bytes of one NTLM message. Default 16 384: Windows' have less than 4 096.
    pub ntlm_bytes: usize,
    /// What the certificates in a response are read with.
    pub pki: devicecert_pki::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 262_144,
            challenge_bytes: 8_192,
            text_characters: 1_024,
            ntlm_bytes: 16_384,
            pki: devicecert_pki::Limits::default(),
        }
    }
}

impl Limits {
    pub(crate) fn check_body(&self, body: &[u8]) -> Result<(), LimitExceeded> {
        LimitExceeded::check("the response (bytes)", self.body_bytes, body.len())
    }
}
