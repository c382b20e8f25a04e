//! GetCACaps (RFC 8894 §3.5).

use core::fmt;

use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm};

/// What a CA says it can do: a set of keywords.
///
/// Reading takes LF, CRLF and CR, any case, spaces and blank lines; unknown keywords are kept.
///
/// ```
/// use devicecert_scep::Capabilities;
///
/// let capabilities = Capabilities::parse("sha-256\r\nAES\r\nPOSTPKIOperation\r\n");
/// assert!(capabilities.contains("AES"));
/// assert_eq!(capabilities.to_string(), "sha-256\nAES\nPOSTPKIOperation");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(Vec<String>);

impl Capabilities {
    /// The most keywords that are read; the rest is passed over.
    pub const MAX_KEYWORDS: usize = 64;

    /// Reads the body of a GetCACaps reply. An empty one announces nothing.
    #[must_use]
    pub fn parse(body: &str) -> Self {
        let keywords = body
            .split(['\r', '\n'])
            .map(str::trim)
            .filter(|keyword| !keyword.is_empty() && keyword.len() <= 255)
            .take(Self::MAX_KEYWORDS);
        Self(keywords.map(str::to_owned).collect())
    }

    /// What a server built on this crate can do.
    ///
    /// SHA-384, which the RFC does not list, is among them: one widespread client wants to see it
    /// before it uses AES.
    #[must_use]
    pub fn of_this_crate() -> Self {
        let keywords = [
            "POSTPKIOperation",
            "Renewal",
            "SCEPStandard",
            "AES",
            "DES3",
            "SHA-1",
            "SHA-256",
            "SHA-384",
            "SHA-512",
        ];
        Self(keywords.map(str::to_owned).to_vec())
    }

    /// Whether this keyword is announced, in any case (RFC 8894 §3.5.2).
    #[must_use]
    pub fn contains(&self, keyword: &str) -> bool {
        self.0.iter().any(|found| found.eq_ignore_ascii_case(keyword))
    }

    /// The same with one keyword more: `GetNextCACert`, from a server that answers it.
    #[must_use]
    pub fn with(&self, keyword: &str) -> Self {
        let mut all = self.without(keyword);
        all.0.push(keyword.to_owned());
        all
    }

    /// The same without one keyword.
    #[must_use]
    pub fn without(&self, keyword: &str) -> Self {
        let rest = self.0.iter().filter(|found| !found.eq_ignore_ascii_case(keyword));
        Self(rest.cloned().collect())
    }

    /// Every keyword, as announced.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// SCEPStandard stands for AES, POSTPKIOperation and SHA-256 (RFC 8894 §3.5.2).
    fn contains_or_standard(&self, keyword: &str) -> bool {
        self.contains(keyword) || self.contains("SCEPStandard")
    }

    /// Whether messages go by POST.
    #[must_use]
    pub fn post(&self) -> bool {
        self.contains_or_standard("POSTPKIOperation")
    }

    /// Whether RenewalReq is understood.
    #[must_use]
    pub fn renewal(&self) -> bool {
        self.contains("Renewal")
    }

    /// The digest to use: SHA-256 where announced, for that is what everybody has
    /// (RFC 8894 §3.5.2), then the strongest that is, SHA-1 if none is. Never MD5.
    #[must_use]
    pub fn digest(&self) -> DigestAlgorithm {
        if self.contains_or_standard("SHA-256") {
            DigestAlgorithm::Sha256
        } else if self.contains("SHA-512") {
            DigestAlgorithm::Sha512
        } else if self.contains("SHA-384") {
            DigestAlgorithm::Sha384
        } else {
            DigestAlgorithm::Sha1
        }
    }

    /// The cipher to use: AES-128 where announced, 3DES otherwise. Never single DES.
    #[must_use]
    pub fn cipher(&self) -> ContentCipher {
        match self.contains_or_standard("AES") {
            true => ContentCipher::Aes128Cbc,
            false => ContentCipher::DesEde3Cbc,
        }
    }
}

/// The body of a GetCACaps reply: LF between the keywords, because one client splits at nothing
/// else, and none at the end, because another takes an empty line for every keyword.
impl fmt::Display for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}
