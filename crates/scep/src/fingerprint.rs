//! Fingerprints of CA certificates (RFC 8894 §2.2).

use core::fmt;
use core::str::FromStr;

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

/// `sha256:HEX` or `sha1:HEX`, also `sha384` and `sha512`; hyphens in the name, colons and spaces
/// in the digits and any case are fine. Without a name the length decides. MD5 is refused.
impl FromStr for Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let normal = text.trim().to_ascii_lowercase();
        let named = [
            ("sha1:", DigestAlgorithm::Sha1),
            ("sha-1:", DigestAlgorithm::Sha1),
            ("sha256:", DigestAlgorithm::Sha256),
            ("sha-256:", DigestAlgorithm::Sha256),
            ("sha384:", DigestAlgorithm::Sha384),
            ("sha-384:", DigestAlgorithm::Sha384),
            ("sha512:", DigestAlgorithm::Sha512),
            ("sha-512:", DigestAlgorithm::Sha512),
        ];
        let (digits, named) = named
            .iter()
            .find_map(|(name, digest)| Some((normal.strip_prefix(name)?, Some(*digest))))
            .unwrap_or((normal.as_str(), None));
        let digits: Vec<char> = digits.chars().filter(|c| !matches!(c, ':' | ' ' | '-')).collect();
        let octets = digits
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => {
                    let octet =
                        high.to_digit(16)?.checked_mul(16)?.checked_add(low.to_digit(16)?)?;
                    u8::try_from(octet).ok()
                }
                _ => None,
            })
            .collect::<Option<Vec<u8>>>()
            .ok_or(Misuse::Fingerprint)?;
        let digest = [
            DigestAlgorithm::Sha1,
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512,
        ]
        .into_iter()
        .find(|digest| digest.output_len() == octets.len())
        .filter(|digest| named.is_none_or(|named| named == *digest))
        .ok_or(Misuse::Fingerprint)?;
        Ok(Self { digest, octets })
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.digest.name().replace('-', "").to_ascii_lowercase();
        write!(f, "{name}:")?;
        self.octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}
