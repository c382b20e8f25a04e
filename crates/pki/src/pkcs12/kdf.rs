//! The key derivation of PKCS #12 itself (RFC 7292 Appendix B).

use core::num::NonZeroU32;

use zeroize::Zeroizing;

use crate::algorithm::DigestAlgorithm;
use crate::asn1::Tlv;
use crate::error::{Error, Found, LimitExceeded};
use crate::limits::Limits;
use crate::provider::Provider;
use crate::secret::Secret;

/// What the derived octets are for (RFC 7292 B.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Purpose {
    /// An encryption key.
    Key = 1,
    /// An initialisation vector.
    Iv = 2,
    /// The key of a message authentication code.
    Mac = 3,
}

/// Derives `length` octets from a password (RFC 7292 B.2).
///
/// `password` is a BMPString with two zero octets behind it (B.1). It takes as long as
/// `iterations` says: one digest for each, and for each digest's length of output.
///
/// ```
/// use core::num::NonZeroU32;
/// use devicecert_crypto_rust::RustCrypto;
/// use devicecert_pki::algorithm::DigestAlgorithm;
/// use devicecert_pki::pkcs12::{Purpose, derive};
/// use devicecert_pki::Secret;
///
/// let password = Secret::new(b"\0s\0m\0e\0g\0\0".to_vec());
/// let salt = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];
/// let (sha1, once) = (DigestAlgorithm::Sha1, NonZeroU32::MIN);
/// let key = derive(&RustCrypto, sha1, Purpose::Key, &password, &salt, once, 24)?;
/// assert!(key.expose().starts_with(&[0x8a, 0xaa, 0xe6, 0x29]));
/// # Ok::<(), devicecert_pki::Error>(())
/// ```
///
/// # Errors
/// [`Unsupported`](crate::error::Unsupported) if the backend lacks the digest.
pub fn derive(
    provider: &dyn Provider,
    digest: DigestAlgorithm,
    purpose: Purpose,
    password: &Secret,
    salt: &[u8],
    iterations: NonZeroU32,
    length: usize,
) -> Result<Secret, Error> {
    let block_len = digest.block_len();
    let mut message = Zeroizing::new(vec![purpose as u8; block_len]);
    let padded = |octets: &[u8]| octets.len().div_ceil(block_len).saturating_mul(block_len);
    let lengths = [padded(salt), padded(password.expose())];
    // Room for all, so that no copy of the password stays behind.
    message.reserve_exact(lengths.iter().sum());
    for (octets, length) in [salt, password.expose()].into_iter().zip(lengths) {
        message.extend(octets.iter().cycle().take(length));
    }

    let mut derived = Zeroizing::new(Vec::with_capacity(length));
    loop {
        let mut hashed = Zeroizing::new(provider.digest(digest, &message)?);
        for _ in 1..iterations.get() {
            hashed = Zeroizing::new(provider.digest(digest, &hashed)?);
        }
        let missing = length.saturating_sub(derived.len());
        derived.extend(hashed.iter().take(missing));
        if missing <= hashed.len() {
            return Ok(Secret::new(core::mem::take(&mut *derived)));
        }
        let (_, blocks) = message.split_at_mut(block_len);
        for block in blocks.chunks_mut(block_len) {
            add(block, &hashed);
        }
    }
}

/// Adds `octets`, repeated to the length of `block`, and 1 (RFC 7292 B.2, step 6 C).
fn add(block: &mut [u8], octets: &[u8]) {
    let repeated: Zeroizing<Vec<u8>> =
        Zeroizing::new(octets.iter().copied().cycle().take(block.len()).collect());
    let mut carry = 1;
    for (octet, addend) in block.iter_mut().rev().zip(repeated.iter().rev()) {
        let sum = u16::from(*octet).saturating_add(u16::from(*addend)).saturating_add(carry);
        let [high, low] = sum.to_be_bytes();
        *octet = low;
        carry = u16::from(high);
    }
}

/// How many iterations a file may still ask for.
///
/// One bound for all of its derivations together: a bound on each alone would let a file ask for
/// as many derivations as it has room for.
pub(super) struct Budget {
    limit: usize,
    spent: u64,
}

impl Budget {
    pub(super) const fn new(limits: &Limits) -> Self {
        Self { limit: limits.kdf_iterations, spent: 0 }
    }

    /// Takes the iteration count that a file asks for.
    pub(super) fn take(&mut self, count: &Tlv<'_>) -> Result<NonZeroU32, Error> {
        const EXPECTED: &str = "an iteration count";
        let asked = count.unsigned(EXPECTED)?;
        self.spent = self.spent.saturating_add(asked);
        let limit = self.limit as u64;
        if self.spent > limit {
            let what = "key derivation iterations";
            return Err(LimitExceeded { what, limit, found: self.spent }.into());
        }
        u32::try_from(asked)
            .ok()
            .and_then(NonZeroU32::new)
            .ok_or_else(|| count.unexpected(EXPECTED, Found::Value("a count of 0 or above 2^32")))
    }

    /// The iteration count that stands where a MacData has none (RFC 7292 §4).
    pub(super) const fn one(&mut self) -> NonZeroU32 {
        self.spent = self.spent.saturating_add(1);
        NonZeroU32::MIN
    }
}
