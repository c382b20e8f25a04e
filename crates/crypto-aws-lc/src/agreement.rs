//! Key agreement on P-256 and P-384 (SEC 1 §3.3.1), and AES key wrap (RFC 3394).

use aws_lc_rs::agreement::{
    Algorithm, ECDH_P256, ECDH_P384, ParsedPublicKey, PrivateKey, UnparsedPublicKey, agree,
};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::key_wrap::{AES_128, AES_256, AesKek, KeyWrap as _};
use aws_lc_rs::signature::EcdsaKeyPair;
use devicecert_pki::algorithm::KeyWrap;
use devicecert_pki::error::{KeyError, Misuse, Unsupported};
use devicecert_pki::{Error, KeyKind, PublicKey, Secret};

fn algorithm(kind: KeyKind) -> Option<&'static Algorithm> {
    match kind {
        KeyKind::P256 => Some(&ECDH_P256),
        KeyKind::P384 => Some(&ECDH_P384),
        _ => None,
    }
}

/// The point of a public key: on its curve, and not at infinity.
fn point(key: &PublicKey) -> Result<(ParsedPublicKey, &'static Algorithm), Unsupported> {
    const DAMAGED: Unsupported =
        Unsupported::PublicKey("the EC public key is no point of its curve");

    let algorithm = algorithm(key.kind())
        .ok_or(Unsupported::PublicKey("key agreement takes a key on P-256 or P-384"))?;
    // AWS-LC would take hybrid points and whole SubjectPublicKeyInfos, too.
    match key.key_bits() {
        [2..=4, ..] => {
            let parsed = UnparsedPublicKey::new(algorithm, key.key_bits()).try_into();
            Ok((parsed.map_err(|_: aws_lc_rs::error::KeyRejected| DAMAGED)?, algorithm))
        }
        _ => Err(DAMAGED),
    }
}

pub(crate) fn check(key: &PublicKey) -> Result<(), Error> {
    Ok(point(key).map(drop)?)
}

/// Makes a key pair, and agrees with it.
pub(crate) fn agree_once(recipient: &PublicKey) -> Result<(Vec<u8>, Secret), Error> {
    let (point, algorithm) = point(recipient)?;
    let key = PrivateKey::generate(algorithm).map_err(|_| KeyError::Random)?;
    let public = key.compute_public_key().map_err(|_| KeyError::Failed)?;
    let secret = agree(&key, point, KeyError::Failed, |octets| Ok(secret(octets)))?;
    Ok((public.as_ref().to_vec(), secret))
}

/// The key pair of a signer, for agreeing.
pub(crate) fn of_signer(key: &EcdsaKeyPair, kind: KeyKind) -> Result<PrivateKey, KeyError> {
    let algorithm = algorithm(kind).ok_or(KeyError::Encoding)?;
    let scalar: EcPrivateKeyBin<'_> =
        key.private_key().as_be_bytes().map_err(|_| KeyError::Encoding)?;
    PrivateKey::from_private_key(algorithm, scalar.as_ref()).map_err(|_| KeyError::Encoding)
}

pub(crate) fn agree_with(key: &PrivateKey, sender: &PublicKey) -> Result<Secret, KeyError> {
    const OTHER_CURVE: KeyError =
        KeyError::Unusable("the sender's key is no point of the key's curve");

    let (point, algorithm) = point(sender).map_err(|_| OTHER_CURVE)?;
    if algorithm != key.algorithm() {
        return Err(OTHER_CURVE);
    }
    agree(key, point, KeyError::Failed, |octets| Ok(secret(octets)))
}

fn secret(octets: &[u8]) -> Secret {
    Secret::new(octets.to_vec())
}

pub(crate) fn wrap(wrap: KeyWrap, wrapping_key: &Secret, key: &Secret) -> Result<Vec<u8>, Error> {
    let kek = kek(wrap, wrapping_key)?;
    let mut wrapped = vec![0; key.len().saturating_add(KeyWrap::OVERHEAD)];
    kek.wrap(key.expose(), &mut wrapped).map_err(|_| LENGTH)?;
    Ok(wrapped)
}

pub(crate) fn unwrap(
    wrap: KeyWrap,
    wrapping_key: &Secret,
    wrapped: &[u8],
) -> Result<Secret, Error> {
    let kek = kek(wrap, wrapping_key)?;
    let length = wrapped.len().checked_sub(KeyWrap::OVERHEAD).filter(|length| *length >= 16);
    let mut key = vec![0; length.ok_or(KeyError::Failed)?];
    let unwrapped = kek.unwrap(wrapped, &mut key).map(drop);
    let key = Secret::new(key);
    match unwrapped {
        Ok(()) => Ok(key),
        Err(_) => Err(KeyError::Failed.into()),
    }
}

fn kek(wrap: KeyWrap, key: &Secret) -> Result<AesKek, Error> {
    let cipher = match wrap {
        KeyWrap::Aes128 => &AES_128,
        KeyWrap::Aes256 => &AES_256,
        other => return Err(Unsupported::Backend(other.name()).into()),
    };
    Ok(AesKek::new(cipher, key.expose()).map_err(|_| LENGTH)?)
}

const LENGTH: Misuse = Misuse::Value("a key does not have a length that AES key wrap takes");
