//! `Content-Digest` (RFC 9530 §2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{Error as PkiError, Provider};

use super::error::{Error, Rejected};
use super::fields::{Bare, Reader, Value};

pub(super) const FIELD: &str = "content-digest";

/// The field of a body.
pub(super) fn write(body: &[u8], provider: &dyn Provider) -> Result<String, PkiError> {
    let digest = provider.digest(DigestAlgorithm::Sha256, body)?;
    Ok(format!("sha-256=:{}:", STANDARD.encode(digest)))
}

/// Compares the field with the body. Every digest in it that can be made has to be right, and there
/// has to be one.
pub(super) fn check(field: &str, body: &[u8], provider: &dyn Provider) -> Result<(), Error> {
    let mut compared = false;
    for member in Reader::new("Content-Digest", field).dictionary()? {
        let algorithm = match member.key.as_str() {
            "sha-256" => DigestAlgorithm::Sha256,
            "sha-512" => DigestAlgorithm::Sha512,
            _ => continue,
        };
        match member.value {
            Value::Item(Bare::Bytes(digest)) if digest == provider.digest(algorithm, body)? => {
                compared = true;
            }
            _ => return Err(Rejected::Digest.into()),
        }
    }
    match compared {
        true => Ok(()),
        false => Err(Rejected::NoDigest.into()),
    }
}
