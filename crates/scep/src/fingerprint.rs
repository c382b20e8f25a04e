//! Fingerprints of CA certificates (RFC 8894 §2.2).

use core::fmt;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{Certificate, Provider};

use crate::error::{Error, Misuse};

/// The digest of a whole certificate, learnt on another way than the network.
///
/// ```
/// use devicecert_scep::Fingerprint;
///
/// let spelt = "SHA256:AB:CD:EF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC";
/// let fingerprint: Fingerprint = spelt.parse()?;
/// assert!(fingerprint.to_string().starts_with("sha256:abcdef0011"));
/// # Ok::<(), devicecert_scep::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    digest: DigestAlgorithm,
    octets: Vec<u8>,
}

impl Fingerprint {
    /// A SHA-256 fingerprint.
    #[must_use]
    pub fn sha256(octets: [u8; 32]) -> Self {
        Self { digest: DigestAlgorithm::Sha256, octets: octets.to_vec() }
    }

    /// A SHA-1 fingerprint, for CAs that publish no other.
    #[must_use]
    pub fn sha1(octets: [u8; 20]) -> Self {
        Self { digest: DigestAlgorithm::Sha1, octets: octets.to_vec() }
    }

    /// The SHA-256 fingerprint of a certificate.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the backend lacks the digest.
    pub fn of(certificate: &Certificate, provider: &dyn Provider) -> Result<Self, Error> {
        let digest = DigestAlgorithm::Sha256;
        Ok(Self { digest, octets: certificate.fingerprint(digest, provider)? })
    }

    /// The algorithm of the digest.
    #[must_use]
    pub const fn digest(&self) -> DigestAlgorithm {
        self.digest
    }

    /// The octets of the digest, as many as the algorithm gives.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.octets
    }

    /// Whether this is the fingerprint of `certificate`, compared in full length.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the backend lacks the digest.
    pub fn matches(
        &self,
        certificate: &Certificate,
        provider: &dyn Provider,
    ) -> Result<bool, Error> {
        Ok(certificate.fingerprint(self.digest, provider)? == self.octets)
    }
}

/// `sha256:DIGITS` or `sha1:DIGITS`, also `sha384` and `sha512`, and as OpenSSL prints it,
/// `SHA256 Fingerprint=DIGITS`; without a name the length decides. The digits are hexadecimal, in
/// any case, with colons, blanks, hyphens or nothing between, or base64. MD5 is refused.
impl FromStr for Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // A certificate manager of Windows puts an invisible mark before what is copied from it.
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{200e}');
        let (named, digits) = DIGESTS
            .into_iter()
            .find_map(|digest| Some((Some(digest), without_name(digest, text)?)))
            .unwrap_or((None, text));
        // Without a name and without padding it could as well be mistyped hexadecimal.
        let base64 = || {
            let digits = digits.trim();
            (named.is_some() || digits.ends_with('=')).then(|| STANDARD.decode(digits).ok())?
        };
        let octets = from_hex(digits).or_else(base64);
        let octets = octets.ok_or(Misuse::Fingerprint)?;
        let digest = DIGESTS
            .into_iter()
            .find(|digest| digest.output_len() == octets.len())
            .filter(|digest| named.is_none_or(|named| named == *digest))
            .ok_or(Misuse::Fingerprint)?;
        Ok(Self { digest, octets })
    }
}

/// The digests that name a certificate.
const DIGESTS: [DigestAlgorithm; 4] = [
    DigestAlgorithm::Sha1,
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
];

/// What stands behind the name of a digest, if that is what the text begins with.
fn without_name(digest: DigestAlgorithm, text: &str) -> Option<&str> {
    let name = digest.name();
    [name.to_owned(), name.replace('-', "")].iter().find_map(|name| {
        let (start, rest) = text.split_at_checked(name.len())?;
        let rest = start.eq_ignore_ascii_case(name).then(|| rest.trim_start())?;
        let (word, digits) = rest.split_once([':', '='])?;
        let word = word.trim();
        (word.is_empty() || word.eq_ignore_ascii_case("fingerprint")).then_some(digits)
    })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits =
        text.chars().filter(|c| !matches!(c, ':' | '-' | '\u{200e}') && !c.is_whitespace());
    let digits: Vec<u32> = digits.map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let octet = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high.checked_mul(16)?.checked_add(*low)?).ok(),
        _ => None,
    };
    digits.chunks(2).map(octet).collect()
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.digest.name().replace('-', "").to_ascii_lowercase();
        write!(f, "{name}:")?;
        self.octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
