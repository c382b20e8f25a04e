//! Bounds on what is read, so that nobody can make a reader work or remember without end.

use devicecert_pki::PeerText;

/// The bounds that every reader of this crate keeps to.
///
/// ```
/// use devicecert_fleet::Limits;
///
/// let mut limits = Limits::default();
/// limits.bytes = 64 << 10; // an upload form that takes small profiles only
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one profile. Default 16 777 216.
    pub bytes: usize,
    /// Elements within elements. Default 64: a profile of Apple needs about 16.
    pub depth: usize,
    /// Elements and texts of one profile. Default 1 048 576.
    pub nodes: usize,
    /// Places with a variable in one profile. Default 65 536.
    pub variables: usize,
    /// Findings of one check, behind which nothing more is looked for. Default 1 000.
    pub findings: usize,
    /// Bytes of the body of one request or response of Fleet's API, or of an identity provider.
    /// Default 262 144: a certificate takes 2 KiB.
    pub body_bytes: usize,
    /// Bytes of one header field that is read. Default 8 192.
    pub header_bytes: usize,
    /// Characters that are kept of what a peer says for people. Default 1 024; what is longer is
    /// cut, not refused.
    pub text_characters: usize,
    /// What certificates and requests are read with.
    pub pki: devicecert_pki::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 << 20,
            depth: 64,
            nodes: 1 << 20,
            variables: 1 << 16,
            findings: 1000,
            body_bytes: 262_144,
            header_bytes: 8_192,
            text_characters: 1_024,
            pki: devicecert_pki::Limits::default(),
        }
    }
}

impl Limits {
    /// What a peer wrote that was sent no secret.
    pub(crate) fn shown(&self, text: &str) -> PeerText {
        PeerText::new(text, &[], self.text_characters)
    }
}
