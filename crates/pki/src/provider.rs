//! What this workspace asks of cryptography, as three traits.
//!
//! [`Provider`] does everything that needs no private key; [`Signer`] and [`Decryptor`] are one
//! private key each, wherever it lives. The backends `devicecert-crypto-rust` and
//! `devicecert-crypto-aws-lc` implement all three and pass the same tests.

use core::fmt::{self, Debug};
use core::num::NonZeroU32;

use crate::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport, SignatureAlgorithm};
use crate::cms::RecipientIdentifier;
use crate::error::{Error, KeyError};
use crate::public_key::PublicKey;
use crate::secret::Secret;
use zeroize::Zeroize;

mod with_random;

pub use with_random::WithRandom;

/// Everything that needs no private key: digests, verification, key wrapping, ciphers, what is
/// derived from passwords, chance.
///
/// A provider holds no policy: it does what it can, and [`Tolerance`](crate::Tolerance) decides
/// what it may be asked.
pub trait Provider: Debug + Send + Sync {
    /// Fills `out` with bytes that nobody can predict.
    ///
    /// # Errors
    /// [`KeyError::Random`] if there are none to be had.
    fn random(&self, out: &mut [u8]) -> Result<(), KeyError>;

    /// The digest of `message`.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) if the backend lacks the algorithm.
    fn digest(&self, algorithm: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error>;

    /// The HMAC of `message` (RFC 2104).
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) if the backend lacks the digest.
    fn hmac(&self, digest: DigestAlgorithm, key: &Secret, message: &[u8])
    -> Result<Vec<u8>, Error>;

    /// Derives `length` octets from a password with PBKDF2 and HMAC (RFC 8018 §5.2).
    ///
    /// It takes as long as `iterations` says; to bound what strangers may ask is up to the caller.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) if the backend lacks the digest.
    fn pbkdf2(
        &self,
        digest: DigestAlgorithm,
        password: &Secret,
        salt: &[u8],
        iterations: NonZeroU32,
        length: usize,
    ) -> Result<Secret, Error>;

    /// Checks a signature over `message` (the message itself, not its digest).
    ///
    /// # Errors
    /// [`Rejected::Signature`](crate::error::Rejected::Signature) if it is wrong,
    /// [`Unsupported`](crate::error::Unsupported) if the backend cannot tell.
    fn verify(
        &self,
        key: &PublicKey,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error>;

    /// Encrypts a content key to an RSA public key.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) if the key is not RSA or of a refused size.
    fn wrap_key(
        &self,
        recipient: &PublicKey,
        transport: KeyTransport,
        content_key: &Secret,
    ) -> Result<Vec<u8>, Error>;

    /// Whether [`wrap_key`](Self::wrap_key) takes this recipient, to be asked before something is
    /// done that a reply has to tell of.
    ///
    /// # Errors
    /// As [`wrap_key`](Self::wrap_key).
    fn check_recipient(&self, recipient: &PublicKey, transport: KeyTransport) -> Result<(), Error> {
        // As long as the longest content key, so that what fits here fits then.
        self.wrap_key(recipient, transport, &Secret::new(vec![0; 32])).map(drop)
    }

    /// Encrypts whole blocks in CBC mode, in place; padding is the caller's.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) if the backend lacks the cipher,
    /// [`Misuse`](crate::error::Misuse) if key, vector or data have a wrong length.
    fn encrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error>;

    /// Decrypts whole blocks in CBC mode, in place; padding is the caller's.
    ///
    /// # Errors
    /// As [`encrypt_blocks`](Self::encrypt_blocks).
    fn decrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error>;
}

/// A private key that signs.
pub trait Signer: Debug + Send + Sync {
    /// The public half.
    fn public_key(&self) -> &PublicKey;

    /// Signs the message of `ask` with the algorithm of `ask`.
    ///
    /// # Errors
    /// [`KeyError`] if the key does not take the algorithm or the operation fails.
    fn sign(&self, ask: &ToBeSigned) -> Result<Vec<u8>, KeyError>;
}

/// A private key that opens envelopes.
pub trait Decryptor: Debug + Send + Sync {
    /// Decrypts the content key of `ask`.
    ///
    /// Bad padding may be reported as an error or answered with a made-up key: the caller treats
    /// both alike (see [`Locked`](crate::Locked)).
    ///
    /// # Errors
    /// [`KeyError`] if the key does not take the algorithm or the operation fails.
    fn decrypt(&self, ask: &ToBeDecrypted) -> Result<Secret, KeyError>;
}

/// One signature that is wanted.
///
/// The message may be a certification request with a challengePassword in it, so `Debug` shows only
/// how long it is.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToBeSigned {
    /// The public half of the key that has to sign.
    pub key: PublicKey,
    /// Scheme and digest.
    pub algorithm: SignatureAlgorithm,
    /// The message itself; its digest is part of signing.
    pub message: Vec<u8>,
}

/// One content key that has to be decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToBeDecrypted {
    /// How it was encrypted.
    pub transport: KeyTransport,
    /// The encrypted content key.
    pub encrypted_key: Vec<u8>,
    /// Whom the sender encrypted it to.
    pub recipient: RecipientIdentifier,
}

/// The message may be a certification request with its challengePassword.
impl Drop for ToBeSigned {
    fn drop(&mut self) {
        self.message.zeroize();
    }
}

impl ToBeSigned {
    /// Asks for a signature.
    #[must_use]
    pub const fn new(key: PublicKey, algorithm: SignatureAlgorithm, message: Vec<u8>) -> Self {
        Self { key, algorithm, message }
    }
}

impl Debug for ToBeSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToBeSigned")
            .field("key", &self.key.kind())
            .field("algorithm", &self.algorithm)
            .field("message", &format_args!("{} bytes", self.message.len()))
            .finish()
    }
}

impl ToBeDecrypted {
    /// Asks for a decryption.
    #[must_use]
    pub const fn new(
        transport: KeyTransport,
        encrypted_key: Vec<u8>,
        recipient: RecipientIdentifier,
    ) -> Self {
        Self { transport, encrypted_key, recipient }
    }
}

impl<S: Signer + ?Sized> Signer for std::sync::Arc<S> {
    fn public_key(&self) -> &PublicKey {
        (**self).public_key()
    }

    fn sign(&self, ask: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        (**self).sign(ask)
    }
}

impl<D: Decryptor + ?Sized> Decryptor for std::sync::Arc<D> {
    fn decrypt(&self, ask: &ToBeDecrypted) -> Result<Secret, KeyError> {
        (**self).decrypt(ask)
    }
}
