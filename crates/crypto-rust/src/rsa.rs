//! RSA signatures and key transport (RFC 8017 §7, §8).

use core::ops::RangeInclusive;

use ::rsa::pkcs1::DecodeRsaPublicKey;
use ::rsa::traits::{PaddingScheme, PublicKeyParts, SignatureScheme};
use ::rsa::{Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, Pss, RsaPrivateKey, RsaPublicKey};
use devicecert_pki::algorithm::{DigestAlgorithm, KeyTransport};
use devicecert_pki::error::{KeyError, Misuse, Rejected, Unsupported};
use devicecert_pki::{Error, KeyKind, PublicKey, Secret};

use crate::digest::with_sha;

/// Bits of a modulus that this crate works with.
const BITS: RangeInclusive<usize> = 1024..=8192;

const WRONG: Rejected = Rejected::Signature("the message");

pub(crate) fn verify_pkcs1(
    key: &PublicKey,
    digest: DigestAlgorithm,
    hashed: &[u8],
    signature: &[u8],
) -> Result<(), Error> {
    let key = public_key(key)?;
    let scheme = with_sha!(digest, Hash => Pkcs1v15Sign::new::<Hash>(), _ => match digest {
        DigestAlgorithm::Md5 => Pkcs1v15Sign::new::<md5::Md5>(),
        other => return Err(Unsupported::Backend(other.name()).into()),
    });
    scheme.verify(&key, hashed, signature).map_err(|_| WRONG.into())
}

pub(crate) fn verify_pss(
    key: &PublicKey,
    digest: DigestAlgorithm,
    salt_len: usize,
    hashed: &[u8],
    signature: &[u8],
) -> Result<(), Error> {
    let key = public_key(key)?;
    // The length comes from the peer; one that exceeds the modulus would overflow further down.
    if salt_len >= key.size() {
        return Err(WRONG.into());
    }
    with_sha!(digest, Hash => Pss::<Hash>::new_with_salt(salt_len).verify(&key, hashed, signature),
        _ => return Err(Unsupported::Backend("RSASSA-PSS with MD5").into()))
    .map_err(|_| WRONG.into())
}

pub(crate) fn sign_pkcs1(
    key: &RsaPrivateKey,
    digest: DigestAlgorithm,
    hashed: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let scheme = with_sha!(digest, Hash => Pkcs1v15Sign::new::<Hash>(),
        _ => return Err(KeyError::Algorithm("RSA signatures with this digest")));
    key.sign(scheme, hashed).map_err(|_| KeyError::Failed)
}

pub(crate) fn wrap(
    recipient: &PublicKey,
    transport: KeyTransport,
    content_key: &Secret,
) -> Result<Vec<u8>, Error> {
    let key = public_key(recipient)?;
    let content_key = content_key.expose();
    match transport {
        KeyTransport::RsaPkcs1 => encrypt(Pkcs1v15Encrypt, &key, content_key),
        KeyTransport::RsaOaep { digest, mgf1 } => {
            with_sha!(digest, Label => with_sha!(mgf1, Mask => {
                encrypt(Oaep::<Label, Mask>::new_with_mgf_hash(), &key, content_key)
            }, _ => Err(NO_MD5_OAEP.into())), _ => Err(NO_MD5_OAEP.into()))
        }
        _ => Err(Unsupported::Backend(transport.name()).into()),
    }
}

/// Whether [`wrap`] takes this recipient, without the work of it.
pub(crate) fn check_recipient(recipient: &PublicKey, transport: KeyTransport) -> Result<(), Error> {
    match transport {
        KeyTransport::RsaPkcs1 => public_key(recipient).map(drop),
        // Whether a digest leaves room for a content key in a small modulus takes trying.
        _ => wrap(recipient, transport, &Secret::new(vec![0; 32])).map(drop),
    }
}

pub(crate) fn unwrap(
    key: &RsaPrivateKey,
    transport: KeyTransport,
    encrypted_key: &[u8],
) -> Result<Secret, KeyError> {
    let refused = KeyError::Algorithm(transport.name());
    match transport {
        KeyTransport::RsaPkcs1 => key.decrypt(Pkcs1v15Encrypt, encrypted_key),
        KeyTransport::RsaOaep { digest, mgf1 } => {
            with_sha!(digest, Label => with_sha!(mgf1, Mask => {
                key.decrypt(Oaep::<Label, Mask>::new_with_mgf_hash(), encrypted_key)
            }, _ => return Err(refused)), _ => return Err(refused))
        }
        _ => return Err(refused),
    }
    .map(Secret::new)
    .map_err(|_| KeyError::Failed)
}

/// Whether a private key has a size that this crate works with.
pub(crate) fn has_usable_size(key: &RsaPrivateKey) -> bool {
    usize::try_from(key.n().bits()).is_ok_and(|bits| BITS.contains(&bits))
}

const NO_MD5_OAEP: Unsupported = Unsupported::Backend("RSAES-OAEP with MD5");

fn encrypt(
    padding: impl PaddingScheme,
    key: &RsaPublicKey,
    content_key: &[u8],
) -> Result<Vec<u8>, Error> {
    padding.encrypt(&mut getrandom::SysRng, key, content_key).map_err(|error| match error {
        ::rsa::Error::MessageTooLong => {
            Misuse::Value("the content key is too long for the RSA key and padding").into()
        }
        ::rsa::Error::Rng => KeyError::Random.into(),
        _ => DAMAGED.into(),
    })
}

const DAMAGED: Unsupported = Unsupported::PublicKey("the RSA public key is damaged");

fn public_key(key: &PublicKey) -> Result<RsaPublicKey, Error> {
    match key.kind() {
        KeyKind::Rsa { bits } if BITS.contains(&bits) => {
            Ok(RsaPublicKey::from_pkcs1_der(key.key_bits()).map_err(|_| DAMAGED)?)
        }
        KeyKind::Rsa { .. } => {
            Err(Unsupported::PublicKey("an RSA key must have 1024 to 8192 bits").into())
        }
        _ => Err(Unsupported::PublicKey("the public key is not RSA").into()),
    }
}
