//! ECDSA on P-256 and P-384 (FIPS 186-5 §6) with DER signatures (RFC 5758 §3.2).
//!
//! AWS-LC ties a digest to each curve. Every digest goes with every curve nevertheless: ECDSA reads
//! it as an integer of the curve's length, so a longer one is cut and a shorter one is filled with
//! zeros on the left, and what comes out is handed over under the name of the curve's own digest.

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, EcdsaKeyPair, EcdsaVerificationAlgorithm,
    ParsedPublicKey,
};
use devicecert_pki::error::{KeyError, Rejected, Unsupported};
use devicecert_pki::{Error, KeyKind, PublicKey};

pub(crate) fn verify(key: &PublicKey, hashed: &[u8], signature: &[u8]) -> Result<(), Error> {
    let (algorithm, native): (&'static EcdsaVerificationAlgorithm, _) = match key.kind() {
        KeyKind::P256 => (&ECDSA_P256_SHA256_ASN1, &digest::SHA256),
        KeyKind::P384 => (&ECDSA_P384_SHA384_ASN1, &digest::SHA384),
        _ => return Err(Unsupported::PublicKey("the public key is not EC").into()),
    };
    let key = ParsedPublicKey::new(algorithm, key.key_bits())
        .map_err(|_| Unsupported::PublicKey("the EC public key is no point of its curve"))?;
    fitted(hashed, native)
        .and_then(|hashed| key.verify_digest_sig(&hashed, signature).ok())
        .ok_or_else(|| Rejected::Signature("the message").into())
}

pub(crate) fn sign(key: &EcdsaKeyPair, kind: KeyKind, hashed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let native = match kind {
        KeyKind::P256 => &digest::SHA256,
        _ => &digest::SHA384,
    };
    fitted(hashed, native)
        .and_then(|hashed| key.sign_digest(&hashed).ok())
        .map(|signature| signature.as_ref().to_vec())
        .ok_or(KeyError::Failed)
}

/// The digest as an integer of the curve's length, under the name of the curve's own digest.
fn fitted(hashed: &[u8], native: &'static digest::Algorithm) -> Option<Digest> {
    let wanted = native.output_len();
    let leading = hashed.get(..wanted).unwrap_or(hashed);
    let mut octets = vec![0; wanted.saturating_sub(leading.len())];
    octets.extend_from_slice(leading);
    Digest::import_less_safe(&octets, native).ok()
}
