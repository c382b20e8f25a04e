//! What is to be written.

use core::num::NonZeroU32;

use crate::certificate::Certificate;
use crate::error::Misuse;
use crate::secret::Secret;

/// The algorithms of a PKCS #12 file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// Triple DES and HMAC-SHA-1 (RFC 7292 Appendix C): old, and what every release of iOS, macOS
    /// and Windows imports.
    #[default]
    Compat3Des,
    /// AES-256 with PBKDF2 and HMAC-SHA-256 (RFC 8018 §6.2), HMAC-SHA-256 over all: what OpenSSL 3
    /// and Java 17 write; Windows from 10 version 1709 and Server 2019 on.
    Aes256,
}

/// A private key and its certificates, to be written as one PKCS #12 file.
///
/// Key and certificates are both encrypted, the whole is authenticated, and the key and the first
/// certificate carry the same localKeyId.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pkcs12Params {
    /// The private key: a PKCS #8 PrivateKeyInfo (RFC 5208 §5), not encrypted.
    pub key: Secret,
    /// The certificate of that key first, then those that lead to its root.
    pub certificates: Vec<Certificate>,
    /// What people call the identity; any text. Default none.
    pub friendly_name: Option<String>,
    /// The algorithms. Default [`Profile::Compat3Des`].
    pub profile: Profile,
    /// Iterations of each key derivation, in [`MIN_ITERATIONS`](Self::MIN_ITERATIONS) to
    /// [`MAX_ITERATIONS`](Self::MAX_ITERATIONS). Default 2 048, which devices have been seen to
    /// take.
    pub iterations: u32,
}

impl Pkcs12Params {
    /// The fewest iterations that are written (RFC 8018 §4.2).
    pub const MIN_ITERATIONS: u32 = 1_000;
    /// The most iterations that are written: there are three derivations in a file, and what is
    /// written must be within the default [`Limits`](crate::Limits) of whoever reads it.
    pub const MAX_ITERATIONS: u32 = 600_000;

    /// This key with these certificates, its own first.
    #[must_use]
    pub fn new(key: Secret, certificates: impl IntoIterator<Item = Certificate>) -> Self {
        Self {
            key,
            certificates: certificates.into_iter().collect(),
            friendly_name: None,
            profile: Profile::default(),
            iterations: 2_048,
        }
    }

    /// Sets what people call the identity.
    #[must_use]
    pub fn friendly_name(mut self, name: impl Into<String>) -> Self {
        self.friendly_name = Some(name.into());
        self
    }

    /// Sets the algorithms.
    #[must_use]
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Sets the iterations of each key derivation.
    #[must_use]
    pub const fn iterations(mut self, iterations: u32) -> Self {
        self.iterations = iterations;
        self
    }

    pub(super) fn checked_iterations(&self) -> Result<NonZeroU32, Misuse> {
        NonZeroU32::new(self.iterations)
            .filter(|count| (Self::MIN_ITERATIONS..=Self::MAX_ITERATIONS).contains(&count.get()))
            .ok_or(Misuse::Value("a PKCS #12 file is written with 1000 to 600000 iterations"))
    }
}
