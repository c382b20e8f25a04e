//! Key agreement with elliptic curves (RFC 5753): the scheme, its key derivation, its key wrap.

use const_oid::ObjectIdentifier;

use super::{AlgorithmIdentifier, ContentCipher, DigestAlgorithm, KeyWrap};
use crate::asn1::{Reader, Writer, tag};
use crate::error::Error;
use crate::oid;
use crate::provider::Provider;
use crate::secret::Secret;

/// How a content key is encrypted to an EC key: a key pair made for this one message, ECDH, the
/// key derivation of ANSI X9.63, and a key wrap (RFC 5753 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyAgreement {
    /// Which Diffie-Hellman.
    pub scheme: DiffieHellman,
    /// The digest of the key derivation.
    pub digest: DigestAlgorithm,
    /// What the derived key does with the content key.
    pub wrap: KeyWrap,
}

/// The Diffie-Hellman primitive (SEC 1 §3.3). On P-256 and P-384, whose cofactor is 1, both give
/// the same secret, and differ in nothing but their object identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiffieHellman {
    /// dhSinglePass-stdDH.
    Standard,
    /// dhSinglePass-cofactorDH.
    Cofactor,
}

const WHAT: &str = "the key agreement algorithm";

const SCHEMES: [(DiffieHellman, DigestAlgorithm, ObjectIdentifier); 8] = [
    (DiffieHellman::Standard, DigestAlgorithm::Sha1, oid::STD_DH_SHA1_KDF),
    (DiffieHellman::Standard, DigestAlgorithm::Sha256, oid::STD_DH_SHA256_KDF),
    (DiffieHellman::Standard, DigestAlgorithm::Sha384, oid::STD_DH_SHA384_KDF),
    (DiffieHellman::Standard, DigestAlgorithm::Sha512, oid::STD_DH_SHA512_KDF),
    (DiffieHellman::Cofactor, DigestAlgorithm::Sha1, oid::COFACTOR_DH_SHA1_KDF),
    (DiffieHellman::Cofactor, DigestAlgorithm::Sha256, oid::COFACTOR_DH_SHA256_KDF),
    (DiffieHellman::Cofactor, DigestAlgorithm::Sha384, oid::COFACTOR_DH_SHA384_KDF),
    (DiffieHellman::Cofactor, DigestAlgorithm::Sha512, oid::COFACTOR_DH_SHA512_KDF),
];

impl KeyAgreement {
    /// Of these parts.
    #[must_use]
    pub const fn new(scheme: DiffieHellman, digest: DigestAlgorithm, wrap: KeyWrap) -> Self {
        Self { scheme, digest, wrap }
    }

    /// What goes with a cipher: standard Diffie-Hellman, SHA-256, and a wrap that is no weaker
    /// than the cipher.
    #[must_use]
    pub const fn for_cipher(cipher: ContentCipher) -> Self {
        let wrap = KeyWrap::for_cipher(cipher);
        Self::new(DiffieHellman::Standard, DigestAlgorithm::Sha256, wrap)
    }

    /// The AlgorithmIdentifier, with that of the key wrap as parameters (RFC 5753 §7.1.4).
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) for MD5, for which there is no identifier.
    pub fn identifier(self) -> Result<AlgorithmIdentifier, Error> {
        let Self { scheme, digest, wrap } = self;
        let (_, _, oid) = SCHEMES
            .into_iter()
            .find(|known| (known.0, known.1) == (scheme, digest))
            .ok_or(crate::error::Unsupported::Backend("key agreement with MD5"))?;
        let parameters = Some(Writer::build(|w| wrap.identifier().write(w)));
        Ok(AlgorithmIdentifier { oid, parameters })
    }

    /// Reads an AlgorithmIdentifier; the second is that of the key wrap as it was sent, which is
    /// part of what the key is derived from.
    pub(crate) fn read(
        identifier: &AlgorithmIdentifier,
    ) -> Result<(Self, AlgorithmIdentifier), Error> {
        let (scheme, digest, _) = SCHEMES
            .into_iter()
            .find(|(_, _, oid)| *oid == identifier.oid)
            .ok_or_else(|| identifier.unsupported(WHAT))?;
        let Some(parameters) = identifier.parameters.as_deref() else {
            return Err(identifier.unsupported_parameters(WHAT));
        };
        let sent = AlgorithmIdentifier::read(&mut Reader::new(parameters), "a KeyWrapAlgorithm")?;
        let wrap = KeyWrap::try_from(&sent)?;
        Ok((Self { scheme, digest, wrap }, sent))
    }

    /// The key that wraps, from the secret that both sides share: ANSI X9.63 (SEC 1 §3.6.1) over
    /// ECC-CMS-SharedInfo (RFC 5753 §7.2). `wrap` is the key wrap's identifier as it is sent.
    pub(crate) fn derive(
        self,
        provider: &dyn Provider,
        shared_secret: &Secret,
        wrap: &AlgorithmIdentifier,
        user_keying_material: Option<&[u8]>,
    ) -> Result<Secret, Error> {
        let length = self.wrap.key_len();
        let bits = u32::try_from(length.saturating_mul(8)).unwrap_or_default();
        let info = Writer::build(|w| {
            w.sequence(|w| {
                wrap.write(w);
                if let Some(material) = user_keying_material {
                    w.nested(tag::constructed(0), |w| w.value(tag::OCTET_STRING, material));
                }
                w.nested(tag::constructed(2), |w| {
                    w.value(tag::OCTET_STRING, &bits.to_be_bytes());
                });
            });
        });
        x963(provider, self.digest, shared_secret, &info, length)
    }
}

impl TryFrom<&AlgorithmIdentifier> for KeyAgreement {
    type Error = Error;

    fn try_from(identifier: &AlgorithmIdentifier) -> Result<Self, Error> {
        Self::read(identifier).map(|(agreement, _)| agreement)
    }
}

/// The key derivation function of ANSI X9.63 (SEC 1 §3.6.1).
///
/// # Errors
/// [`Unsupported`](crate::error::Unsupported) if the backend lacks the digest.
pub fn x963(
    provider: &dyn Provider,
    digest: DigestAlgorithm,
    shared_secret: &Secret,
    shared_info: &[u8],
    length: usize,
) -> Result<Secret, Error> {
    let secret = shared_secret.expose();
    // Whole blocks, so that the vector does not grow and leave a copy behind.
    let blocks = length.div_ceil(digest.output_len());
    let mut derived = Vec::with_capacity(blocks.saturating_mul(digest.output_len()));
    let mut message = Vec::with_capacity(
        secret.len().saturating_add(shared_info.len()).saturating_add(size_of::<u32>()),
    );
    for counter in (1_u32..).take(blocks) {
        message.clear();
        message.extend_from_slice(secret);
        message.extend_from_slice(&counter.to_be_bytes());
        message.extend_from_slice(shared_info);
        let block = Secret::new(provider.digest(digest, &message)?);
        derived.extend_from_slice(block.expose());
    }
    drop(Secret::new(message));
    derived.truncate(length);
    Ok(Secret::new(derived))
}
