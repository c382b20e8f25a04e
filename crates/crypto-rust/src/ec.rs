//! ECDSA on P-256 and P-384 (FIPS 186-5 §6) with DER signatures (RFC 5758 §3.2).
//!
//! Every digest goes with every curve; a digest longer than the curve is cut to its length.

use devicecert_pki::error::{KeyError, Rejected, Unsupported};
use devicecert_pki::{Error, PublicKey};
use p256::ecdsa::signature::hazmat::{PrehashVerifier, RandomizedPrehashSigner};

const DAMAGED: Unsupported = Unsupported::PublicKey("the EC public key is no point of its curve");
const WRONG: Rejected = Rejected::Signature("the message");

pub(crate) fn verify_p256(key: &PublicKey, hashed: &[u8], signature: &[u8]) -> Result<(), Error> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key.key_bits()).map_err(|_| DAMAGED)?;
    let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| WRONG)?;
    key.verify_prehash(hashed, &signature).map_err(|_| WRONG.into())
}

pub(crate) fn verify_p384(key: &PublicKey, hashed: &[u8], signature: &[u8]) -> Result<(), Error> {
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key.key_bits()).map_err(|_| DAMAGED)?;
    let signature = p384::ecdsa::Signature::from_der(signature).map_err(|_| WRONG)?;
    key.verify_prehash(hashed, &signature).map_err(|_| WRONG.into())
}

// The nonce is that of RFC 6979 with random bytes mixed in (§3.6): neither a broken generator nor
// a fault that repeats a signature gives the key away.

pub(crate) fn sign_p256(key: &p256::ecdsa::SigningKey, hashed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let signature: p256::ecdsa::Signature =
        key.sign_prehash_with_rng(&mut getrandom::SysRng, hashed).map_err(|_| KeyError::Failed)?;
    Ok(signature.to_der().as_bytes().to_vec())
}

pub(crate) fn sign_p384(key: &p384::ecdsa::SigningKey, hashed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let signature: p384::ecdsa::Signature =
        key.sign_prehash_with_rng(&mut getrandom::SysRng, hashed).map_err(|_| KeyError::Failed)?;
    Ok(signature.to_der().as_bytes().to_vec())
}
