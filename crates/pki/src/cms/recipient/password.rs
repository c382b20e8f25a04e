//! PasswordRecipientInfo (RFC 5652 §6.2.4) with PBKDF2 and the key wrap of RFC 3211 §2.3.
//!
//! In SCEP the password is the challengePassword (RFC 8894 §3.1). Whoever records such a message
//! can try passwords on it at leisure; the iterations only make each try dearer. The challenge has
//! to be one that cannot be guessed (RFC 8894 §7.3).

use core::num::NonZeroU32;

use subtle::{Choice, ConstantTimeEq};

use crate::algorithm::pbkdf2::{Hmac, Pbkdf2};
use crate::algorithm::{AlgorithmIdentifier, ContentCipher};
use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, Found, KeyError, LimitExceeded, Misuse, Unsupported};
use crate::limits::Limits;
use crate::oid;
use crate::provider::Provider;
use crate::secret::Secret;
use crate::tolerance::Tolerance;

/// PasswordRecipientInfo (RFC 5652 §6.2.4), whose iterations are within
/// [`Limits::recipient_iterations`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRecipient {
    derivation: Derivation,
    algorithm: AlgorithmIdentifier,
    encrypted_key: Vec<u8>,
}

/// keyDerivationAlgorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Derivation {
    Pbkdf2(Pbkdf2),
    /// Another one, or none: the key is known to both sides.
    Other(Option<AlgorithmIdentifier>),
}

const WHAT: &str = "the key wrap algorithm of a password recipient";

impl PasswordRecipient {
    /// How the content key is encrypted, as sent.
    #[must_use]
    pub const fn algorithm(&self) -> &AlgorithmIdentifier {
        &self.algorithm
    }

    /// The wrapped content key.
    #[must_use]
    pub fn encrypted_key(&self) -> &[u8] {
        &self.encrypted_key
    }

    /// How often the password is hashed; `None` if it is not with PBKDF2.
    #[must_use]
    pub const fn iterations(&self) -> Option<NonZeroU32> {
        match &self.derivation {
            Derivation::Pbkdf2(pbkdf2) => Some(pbkdf2.iterations),
            Derivation::Other(_) => None,
        }
    }

    /// The content key, if this is the password: the answer to
    /// [`ToBeDecrypted::Password`](crate::ToBeDecrypted::Password).
    ///
    /// It takes as long as [`iterations`](Self::iterations) say. One wrong password in 2^24 is not
    /// noticed here, and fails at the content.
    ///
    /// # Errors
    /// [`KeyError::Failed`] for any other password, and for a damaged message alike.
    pub fn open(&self, password: &Secret, provider: &dyn Provider) -> Result<Secret, KeyError> {
        let PasswordKey { cipher, iv, pbkdf2 } = self.key().map_err(|_| KeyError::Failed)?;
        let key =
            pbkdf2.derive(provider, password, cipher.key_len()).map_err(|_| KeyError::Failed)?;
        unwrap(cipher, &iv, &key, &self.encrypted_key, provider).ok_or(KeyError::Failed)
    }

    /// Whether all algorithms are supported and allowed.
    pub(in crate::cms) fn check(&self, tolerance: &Tolerance) -> Result<(), Error> {
        Ok(tolerance.check_cipher(self.key()?.cipher)?)
    }

    fn key(&self) -> Result<PasswordKey, Error> {
        let pbkdf2 = match &self.derivation {
            Derivation::Pbkdf2(pbkdf2) => pbkdf2.clone(),
            Derivation::Other(Some(other)) => {
                return Err(other.unsupported("the key derivation function"));
            }
            Derivation::Other(None) => {
                return Err(
                    Unsupported::Backend("password recipient without key derivation").into()
                );
            }
        };
        if self.algorithm.oid != oid::PWRI_KEK {
            return Err(self.algorithm.unsupported(WHAT));
        }
        let Some(parameters) = self.algorithm.parameters.as_deref() else {
            return Err(self.algorithm.unsupported_parameters(WHAT));
        };
        let inner = AlgorithmIdentifier::read(&mut Reader::new(parameters), WHAT)?;
        let (cipher, iv) = ContentCipher::from_identifier(&inner)?;
        match pbkdf2.length {
            Some(length) if length != cipher.key_len() as u64 => {
                let what = "the key derivation function";
                Err(Unsupported::Parameters { what, oid: oid::PBKDF2 }.into())
            }
            _ => Ok(PasswordKey { cipher, iv, pbkdf2 }),
        }
    }

    pub(super) fn read(mut fields: Reader<'_>, limits: &Limits) -> Result<Self, Error> {
        fields.expect(tag::INTEGER, "the version of PasswordRecipientInfo")?;
        let derivation = match fields.optional(tag::constructed(0), "keyDerivationAlgorithm")? {
            None => Derivation::Other(None),
            Some(algorithm) => Derivation::read(&algorithm, limits)?,
        };
        let algorithm = AlgorithmIdentifier::read(&mut fields, "keyEncryptionAlgorithm")?;
        let encrypted_key = fields.expect(tag::OCTET_STRING, "encryptedKey")?.value.to_vec();
        fields.finish("the end of PasswordRecipientInfo")?;
        Ok(Self { derivation, algorithm, encrypted_key })
    }
}

impl Derivation {
    fn read(algorithm: &Tlv<'_>, limits: &Limits) -> Result<Self, Error> {
        const EXPECTED: &str = "keyDerivationAlgorithm";
        let mut fields = algorithm.reader();
        let oid = fields.oid(EXPECTED)?;
        let parameters = match fields.is_empty() {
            true => None,
            false => Some(fields.any(EXPECTED)?),
        };
        fields.finish("the end of keyDerivationAlgorithm")?;
        match parameters {
            Some(parameters) if oid == oid::PBKDF2 && parameters.tag == tag::SEQUENCE => {
                match Pbkdf2::read_params(&parameters, |count| bounded(count, limits)) {
                    Ok(pbkdf2) => Ok(Self::Pbkdf2(pbkdf2)),
                    // With another HMAC: no reason not to read a message that has a key for us, too.
                    Err(Error::Unsupported(_)) => Ok(Self::Other(Some(AlgorithmIdentifier {
                        oid,
                        parameters: Some(parameters.raw.to_vec()),
                    }))),
                    Err(error) => Err(error),
                }
            }
            parameters => {
                let parameters = parameters.map(|parameters| parameters.raw.to_vec());
                Ok(Self::Other(Some(AlgorithmIdentifier { oid, parameters })))
            }
        }
    }
}

fn bounded(count: &Tlv<'_>, limits: &Limits) -> Result<NonZeroU32, Error> {
    const EXPECTED: &str = "an iteration count";
    let (found, limit) = (count.unsigned(EXPECTED)?, limits.recipient_iterations as u64);
    if found > limit {
        let what = "iterations of a password recipient";
        return Err(LimitExceeded { what, limit, found }.into());
    }
    u32::try_from(found)
        .ok()
        .and_then(NonZeroU32::new)
        .ok_or_else(|| count.unexpected(EXPECTED, Found::Value("a count of 0")))
}

/// The algorithms of a password recipient.
pub(in crate::cms) struct PasswordKey {
    cipher: ContentCipher,
    iv: Vec<u8>,
    pbkdf2: Pbkdf2,
}

impl PasswordKey {
    /// PBKDF2 with HMAC-SHA-256 and a new salt.
    pub(in crate::cms) fn new(
        cipher: ContentCipher,
        iterations: NonZeroU32,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let (mut salt, mut iv) = (vec![0; 16], vec![0; cipher.block_len()]);
        provider.random(&mut salt)?;
        provider.random(&mut iv)?;
        let pbkdf2 = Pbkdf2 { salt, iterations, prf: Hmac::SHA256, length: None };
        Ok(Self { cipher, iv, pbkdf2 })
    }

    /// Encrypts `content_key` with `password`.
    pub(in crate::cms) fn write(
        &self,
        w: &mut Writer,
        password: &Secret,
        content_key: &Secret,
        provider: &dyn Provider,
    ) -> Result<(), Error> {
        let Self { cipher, iv, pbkdf2 } = self;
        let key = pbkdf2.derive(provider, password, cipher.key_len())?;
        let encrypted_key = wrap(*cipher, iv, &key, content_key, provider)?;
        w.nested(tag::constructed(3), |w| {
            w.unsigned(0);
            pbkdf2.write_as(w, tag::constructed(0));
            let parameters = Some(Writer::build(|w| cipher.identifier(iv).write(w)));
            AlgorithmIdentifier { oid: oid::PWRI_KEK, parameters }.write(w);
            w.value(tag::OCTET_STRING, &encrypted_key);
        });
        Ok(())
    }
}

/// Octets in front of a wrapped key: its length, and its first three octets with all bits flipped.
const HEAD: usize = 4;

/// RFC 3211 §2.3.1: encrypted twice, the second time with the first's last block as vector, so that
/// every octet depends on every other.
fn wrap(
    cipher: ContentCipher,
    iv: &[u8],
    key: &Secret,
    content_key: &Secret,
    provider: &dyn Provider,
) -> Result<Vec<u8>, Error> {
    let exposed = content_key.expose();
    let (Ok(length), [a, b, c, ..]) = (u8::try_from(exposed.len()), exposed) else {
        return Err(Misuse::Value("a content key must have 3 to 255 octets").into());
    };
    let block = cipher.block_len();
    let whole = HEAD.saturating_add(exposed.len()).div_ceil(block).max(2).saturating_mul(block);
    let mut padding = vec![0; whole.saturating_sub(HEAD).saturating_sub(exposed.len())];
    provider.random(&mut padding)?;
    let mut blocks = Vec::with_capacity(whole);
    blocks.extend_from_slice(&[length, !a, !b, !c]);
    blocks.extend_from_slice(exposed);
    blocks.extend_from_slice(&padding);
    provider.encrypt_blocks(cipher, key, iv, &mut blocks)?;
    let last = blocks.rchunks(block).next().unwrap_or_default().to_vec();
    provider.encrypt_blocks(cipher, key, &last, &mut blocks)?;
    Ok(blocks)
}

/// RFC 3211 §2.3.2. The octets that are looked at do not depend on whether they are right.
fn unwrap(
    cipher: ContentCipher,
    iv: &[u8],
    key: &Secret,
    wrapped: &[u8],
    provider: &dyn Provider,
) -> Option<Secret> {
    let block = cipher.block_len();
    let blocks = wrapped.len().checked_div(block)?;
    if blocks < 2 || blocks.saturating_mul(block) != wrapped.len() {
        return None;
    }
    // The vector of the outer pass is the last block of the inner one, which the last two blocks
    // give away by themselves.
    let (before, mut last) = {
        let mut from_the_end = wrapped.rchunks(block);
        let last = from_the_end.next()?.to_vec();
        (from_the_end.next()?, last)
    };
    provider.decrypt_blocks(cipher, key, before, &mut last).ok()?;
    let mut opened = wrapped.to_vec();
    let inner = provider.decrypt_blocks(cipher, key, &last, &mut opened);
    let opened = inner.and_then(|()| {
        let outer = provider.decrypt_blocks(cipher, key, iv, &mut opened);
        outer.map(|()| Secret::new(opened))
    });
    let opened = opened.ok()?;
    let (head, rest) = opened.expose().split_at_checked(HEAD)?;
    let [length, check @ ..] = head else { return None };
    let right = check
        .iter()
        .zip(rest)
        .fold(Choice::from(1), |right, (check, octet)| right & (!*check).ct_eq(octet));
    let content_key = rest.get(..usize::from(*length));
    let fits = content_key.is_some();
    let content_key = Secret::new(content_key.unwrap_or(rest).to_vec());
    (bool::from(right) & fits).then_some(content_key)
}
