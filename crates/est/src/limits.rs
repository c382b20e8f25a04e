//! Bounds on what is taken from a peer.

use core::time::Duration;

use devicecert_pki as pki;

/// The bounds that every reader of this crate keeps to.
///
/// ```
/// use devicecert_est::Limits;
///
/// let mut limits = Limits::default();
/// limits.body_bytes = 1 << 20; // an EST CA whose chain is long
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bounds of certificates, requests and CMS messages.
    pub pki: pki::Limits,
    /// Octets of one HTTP body as it arrives, in base64. Default 393 216: what
    /// [`pki::Limits::message_bytes`] allows, plus a third for base64 and line ends.
    pub body_bytes: usize,
    /// Octets of one HTTP header field that is looked at. Default 4096.
    pub header_bytes: usize,
    /// Parts of one multipart body. Default 8; RFC 7030 §4.4.2 knows two.
    pub parts: usize,
    /// Octets of the header of one part. Default 2048.
    pub part_header_bytes: usize,
    /// Elements of one CsrAttrs, attributes of one template, and extensions of one. Default 64.
    pub csr_attrs: usize,
    /// Controls, requests and other elements of one CMC body together. Default 64.
    pub cmc_elements: usize,
    /// Characters of a server's text that are kept. Default 1024.
    pub text_chars: usize,
    /// Redirects in a row. Default 4.
    pub redirects: u32,
    /// The longest pause that a Retry-After may ask for. Default 30 days.
    pub retry_after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pki: pki::Limits::default(),
            body_bytes: 393_216,
            header_bytes: 4096,
            parts: 8,
            part_header_bytes: 2048,
            csr_attrs: 64,
            cmc_elements: 64,
            text_chars: 1024,
            redirects: 4,
            retry_after: Duration::from_secs(30 * 86_400),
        }
    }
}
