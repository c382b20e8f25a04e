//! UUIDs (RFC 9562), which name profiles and payloads.

use core::fmt;

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{Error as PkiError, Provider};

/// A UUID, written the way `uuidgen` writes it on a Mac: in upper case.
///
/// A profile takes any text for one; this is for making them. A device updates a payload whose
/// identifier and UUID are the ones it has, and makes everything anew, keys and certificates
/// included, where one of them differs. So make it [from the identifier](Self::from_identifier) to
/// keep what is there, and [at random](Self::random) to replace it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid([u8; 16]);

impl Uuid {
    /// The name space of domain names (RFC 9562 §6.6), which payload identifiers are, written
    /// backwards.
    const DNS: [u8; 16] = [
        0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30,
        0xc8,
    ];

    /// A UUID that nobody has had before (version 4).
    ///
    /// # Errors
    /// [`KeyError::Random`](devicecert_pki::error::KeyError::Random) if there is no chance to be
    /// had.
    pub fn random(provider: &dyn Provider) -> Result<Self, PkiError> {
        let mut bytes = [0; 16];
        provider.random(&mut bytes)?;
        Ok(Self(bytes).marked(4))
    }

    /// The UUID that this identifier always has (version 5).
    ///
    /// ```
    /// use devicecert_crypto_rust::RustCrypto;
    /// use devicecert_mobileconfig::Uuid;
    ///
    /// let uuid = Uuid::from_identifier("com.example.wifi", &RustCrypto)?;
    /// assert_eq!(uuid.to_string(), "0C6F52E7-96FF-5F8F-A50D-A95210720159");
    /// # Ok::<(), devicecert_pki::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the backend lacks SHA-1.
    pub fn from_identifier(identifier: &str, provider: &dyn Provider) -> Result<Self, PkiError> {
        let name = [&Self::DNS, identifier.as_bytes()].concat();
        let digest = provider.digest(DigestAlgorithm::Sha1, &name)?;
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(byte, digest)| *byte = digest);
        Ok(Self(bytes).marked(5))
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// With the version and variant bits of RFC 9562 §4.
    fn marked(mut self, version: u8) -> Self {
        let [_, _, _, _, _, _, high, _, variant, ..] = &mut self.0;
        *high = (*high & 0x0F) | (version << 4);
        *variant = (*variant & 0x3F) | 0x80;
        self
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uuid({self})")
    }
}

impl From<Uuid> for String {
    fn from(uuid: Uuid) -> Self {
        uuid.to_string()
    }
}
