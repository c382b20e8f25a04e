//! SHA-1 thumbprints of certificates, in every spelling people use.

use core::fmt;
use core::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki as pki;
use devicecert_pki::Provider;
use devicecert_pki::algorithm::DigestAlgorithm;

/// The SHA-1 digest of a whole certificate: how Windows names certificates.
///
/// It is a name, not a protection: that SHA-1 is broken does not matter here.
///
/// ```
/// use devicecert_syncml::Thumbprint;
///
/// let colons: Thumbprint = "A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D".parse()?;
/// assert_eq!(colons, "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=".parse()?);
/// assert_eq!(colons.to_string(), "A9993E364706816ABA3E25717850C26C9CD0D89D");
/// assert!(colons.to_spaced().starts_with("a9 99 3e"));
/// # Ok::<(), devicecert_syncml::NotAThumbprint>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thumbprint([u8; 20]);

/// Why a text is no SHA-1 thumbprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAThumbprint {
    /// The digest of the right thing with another algorithm.
    #[error(
        "expected a SHA-1 thumbprint of 20 octets, found {octets}, which is {name}; \
         one cannot be made from the other, the certificate is needed"
    )]
    OtherDigest {
        /// The algorithm that gives so many octets.
        name: &'static str,
        /// How many there are.
        octets: usize,
    },
    /// Neither 40 hexadecimal digits nor 28 characters of base64.
    #[error("expected a SHA-1 thumbprint of 20 octets, found {octets}")]
    Length {
        /// How many octets there are.
        octets: usize,
    },
    /// No digits at all.
    #[error("expected hexadecimal digits or base64")]
    NoDigits,
}

impl Thumbprint {
    /// The thumbprint with these octets.
    #[must_use]
    pub const fn new(octets: [u8; 20]) -> Self {
        Self(octets)
    }

    /// The thumbprint of a certificate in DER.
    ///
    /// # Errors
    /// [`Unsupported`](pki::error::Unsupported) if the backend lacks SHA-1.
    pub fn of(der: &[u8], provider: &dyn Provider) -> Result<Self, pki::Error> {
        let digest = provider.digest(DigestAlgorithm::Sha1, der)?;
        let octets = <[u8; 20]>::try_from(digest.as_slice());
        octets.map(Self).map_err(|_| pki::error::Unsupported::Backend("SHA-1").into())
    }

    /// The octets.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Pairs of lower-case digits with a blank between: what `TrustedRootCA` and `IssuerHash` of
    /// Wi-Fi and wired profiles have.
    #[must_use]
    pub fn to_spaced(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|octet| format!("{octet:02x}")).collect();
        pairs.join(" ")
    }
}

/// Hexadecimal in any case, with blanks, colons, hyphens or nothing between, or base64; a name such
/// as `SHA1:` or `SHA1 Fingerprint=` may stand before it.
impl FromStr for Thumbprint {
    type Err = NotAThumbprint;

    fn from_str(text: &str) -> Result<Self, NotAThumbprint> {
        // A certificate manager of Windows puts an invisible mark before what is copied from it.
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{200e}');
        let lower = text.to_ascii_lowercase();
        let named = ["sha1 fingerprint=", "sha-1 fingerprint=", "sha1:", "sha-1:", "0x"];
        let bare = named.iter().find_map(|name| lower.strip_prefix(name)).map(str::len);
        let start = text.len().saturating_sub(bare.unwrap_or(text.len()));
        let text = text.get(start..).unwrap_or(text);

        let octets = from_hex(text).or_else(|| STANDARD.decode(text).ok());
        let octets = octets.filter(|octets| !octets.is_empty()).ok_or(NotAThumbprint::NoDigits)?;
        <[u8; 20]>::try_from(octets.as_slice()).map(Self).map_err(|_| {
            let octets = octets.len();
            let known = DigestAlgorithm::ALL.into_iter().find(|known| known.output_len() == octets);
            match known {
                Some(known) => NotAThumbprint::OtherDigest { name: known.name(), octets },
                None => NotAThumbprint::Length { octets },
            }
        })
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let mut digits =
        text.chars().filter(|c| !matches!(c, ':' | ' ' | '-' | '\u{200e}')).map(|c| c.to_digit(16));
    let mut octets = Vec::with_capacity(20);
    while let Some(high) = digits.next() {
        let octet = high?.checked_mul(16)?.checked_add(digits.next()??)?;
        octets.push(u8::try_from(octet).ok()?);
    }
    Some(octets)
}

/// 40 upper-case digits without anything between: what the CSPs want.
impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02X}"))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Thumbprint({self})")
    }
}
