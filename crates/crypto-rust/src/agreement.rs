//! Key agreement on P-256 and P-384 (SEC 1 §3.3.1), and AES key wrap (RFC 3394).

use aes_kw::{KeyInit, KwAes128, KwAes192, KwAes256};
use devicecert_pki::algorithm::KeyWrap;
use devicecert_pki::error::{KeyError, Misuse, Unsupported};
use devicecert_pki::{Error, KeyKind, PublicKey, Secret};
use p256::elliptic_curve::Generate;
use p256::elliptic_curve::sec1::ToSec1Point;

/// The point of a public key: on its curve, and not at infinity.
pub(crate) enum Point {
    P256(p256::PublicKey),
    P384(p384::PublicKey),
}

impl Point {
    pub(crate) fn parse(key: &PublicKey) -> Result<Self, Unsupported> {
        const DAMAGED: Unsupported =
            Unsupported::PublicKey("the EC public key is no point of its curve");

        match key.kind() {
            KeyKind::P256 => {
                let point = p256::PublicKey::from_sec1_bytes(key.key_bits());
                Ok(Self::P256(point.map_err(|_| DAMAGED)?))
            }
            KeyKind::P384 => {
                let point = p384::PublicKey::from_sec1_bytes(key.key_bits());
                Ok(Self::P384(point.map_err(|_| DAMAGED)?))
            }
            _ => Err(Unsupported::PublicKey("key agreement takes a key on P-256 or P-384")),
        }
    }

    /// Makes a key pair, and agrees with it.
    pub(crate) fn agree_once(&self) -> Result<(Vec<u8>, Secret), KeyError> {
        match self {
            Self::P256(point) => {
                let key =
                    p256::ecdh::EphemeralSecret::try_generate_from_rng(&mut getrandom::SysRng)
                        .map_err(|_| KeyError::Random)?;
                let public = key.public_key().to_sec1_point(false).as_bytes().to_vec();
                Ok((public, secret(key.diffie_hellman(point).raw_secret_bytes())))
            }
            Self::P384(point) => {
                let key =
                    p384::ecdh::EphemeralSecret::try_generate_from_rng(&mut getrandom::SysRng)
                        .map_err(|_| KeyError::Random)?;
                let public = key.public_key().to_sec1_point(false).as_bytes().to_vec();
                Ok((public, secret(key.diffie_hellman(point).raw_secret_bytes())))
            }
        }
    }
}

pub(crate) fn agree_p256(
    key: &p256::ecdsa::SigningKey,
    sender: &PublicKey,
) -> Result<Secret, KeyError> {
    match Point::parse(sender) {
        Ok(Point::P256(point)) => {
            let shared = p256::ecdh::diffie_hellman(key.as_nonzero_scalar(), point.as_affine());
            Ok(secret(shared.raw_secret_bytes()))
        }
        _ => Err(OTHER_CURVE),
    }
}

pub(crate) fn agree_p384(
    key: &p384::ecdsa::SigningKey,
    sender: &PublicKey,
) -> Result<Secret, KeyError> {
    match Point::parse(sender) {
        Ok(Point::P384(point)) => {
            let shared = p384::ecdh::diffie_hellman(key.as_nonzero_scalar(), point.as_affine());
            Ok(secret(shared.raw_secret_bytes()))
        }
        _ => Err(OTHER_CURVE),
    }
}

const OTHER_CURVE: KeyError = KeyError::Unusable("the sender's key is no point of the key's curve");

fn secret(octets: &[u8]) -> Secret {
    Secret::new(octets.to_vec())
}

/// Runs an expression with the cipher that a [`KeyWrap`] names, under a wrapping key.
macro_rules! with_wrap {
    ($wrap:expr, $key:expr, $cipher:ident => $then:expr) => {
        match $wrap {
            KeyWrap::Aes128 => {
                let $cipher = KwAes128::new_from_slice($key).map_err(|_| LENGTH)?;
                $then
            }
            KeyWrap::Aes192 => {
                let $cipher = KwAes192::new_from_slice($key).map_err(|_| LENGTH)?;
                $then
            }
            KeyWrap::Aes256 => {
                let $cipher = KwAes256::new_from_slice($key).map_err(|_| LENGTH)?;
                $then
            }
            other => return Err(Unsupported::Backend(other.name()).into()),
        }
    };
}

pub(crate) fn wrap(wrap: KeyWrap, wrapping_key: &Secret, key: &Secret) -> Result<Vec<u8>, Error> {
    let key = key.expose();
    // RFC 3394 §2: at least two blocks of 64 bits.
    if key.len() < 16 {
        return Err(LENGTH.into());
    }
    let mut wrapped = vec![0; key.len().saturating_add(KeyWrap::OVERHEAD)];
    with_wrap!(wrap, wrapping_key.expose(), cipher => cipher.wrap_key(key, &mut wrapped).map(drop))
        .map_err(|_| LENGTH)?;
    Ok(wrapped)
}

pub(crate) fn unwrap(
    wrap: KeyWrap,
    wrapping_key: &Secret,
    wrapped: &[u8],
) -> Result<Secret, Error> {
    let length = wrapped.len().checked_sub(KeyWrap::OVERHEAD).filter(|length| *length >= 16);
    let mut key = vec![0; length.ok_or(KeyError::Failed)?];
    let unwrapped = with_wrap!(wrap, wrapping_key.expose(), cipher => {
        cipher.unwrap_key(wrapped, &mut key).map(drop)
    });
    let key = Secret::new(key);
    unwrapped.map(|()| key).map_err(|_| KeyError::Failed.into())
}

const LENGTH: Misuse = Misuse::Value("a key does not have a length that AES key wrap takes");
