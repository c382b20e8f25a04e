//! Algorithms by name, and what is odd about them.

use devicecert::pki::algorithm::{
    AlgorithmIdentifier, DigestAlgorithm, KeyTransport, SignatureAlgorithm,
};
use devicecert::pki::{KeyKind, PublicKey, oid};

use super::{Look, names};

/// NULL, the parameters of an algorithm that has none.
const NULL: &[u8] = &[5, 0];

/// An AlgorithmIdentifier in words.
pub(super) fn describe(identifier: &AlgorithmIdentifier) -> String {
    let name = names::oid(&identifier.oid);
    match identifier.oid {
        oid::RSAES_OAEP => match KeyTransport::try_from(identifier) {
            Ok(KeyTransport::RsaOaep { digest, mgf1 }) => {
                format!("{name} with {}, MGF1 with {}", digest.name(), mgf1.name())
            }
            _ => format!("{name} with parameters that are not known here"),
        },
        oid::RSASSA_PSS => match SignatureAlgorithm::try_from(identifier) {
            Ok(SignatureAlgorithm::RsaPss { digest, mgf1, salt_len }) => format!(
                "{name} with {}, MGF1 with {}, {salt_len} bytes of salt",
                digest.name(),
                mgf1.name()
            ),
            _ => format!("{name} with parameters that are not known here"),
        },
        _ => name,
    }
}

/// A signature algorithm of a certificate or request, and its weakness.
pub(super) fn signature(look: &mut Look<'_>, identifier: &AlgorithmIdentifier, of: &str) -> String {
    if let Ok(scheme) = SignatureAlgorithm::try_from(identifier) {
        weak_digest(look, scheme.digest(), of);
    }
    describe(identifier)
}

pub(super) fn weak_digest(look: &mut Look<'_>, digest: DigestAlgorithm, of: &str) {
    match digest {
        DigestAlgorithm::Md5 => look.unusual(
            format!("MD5 in {of}"),
            "MD5 is broken: two messages with the same digest can be made at will. Present \
             programs refuse it unless they are told otherwise.",
        ),
        DigestAlgorithm::Sha1 => look.unusual(
            format!("SHA-1 in {of}"),
            "SHA-1 is out of date. SCEP clients still use it where the server does not announce \
             SHA-256 in GetCACaps; certificates signed with it are refused by present systems.",
        ),
        _ => {}
    }
}

/// Whether the parameters are spelt as everybody spells them.
pub(super) fn parameters(look: &mut Look<'_>, identifier: &AlgorithmIdentifier, of: &str) {
    let takes_null = identifier.oid == oid::RSA_ENCRYPTION
        || DigestAlgorithm::from_oid(&identifier.oid).is_some();
    match identifier.parameters.as_deref() {
        None if takes_null => look.unusual(
            format!("no parameters beside {} in {of}", names::oid_short(&identifier.oid)),
            "Most programs write NULL there, Go programs nothing. Both are read nearly everywhere.",
        ),
        Some(parameters) if takes_null && parameters != NULL => look.unusual(
            format!("parameters beside {} in {of}", names::oid_short(&identifier.oid)),
            "The algorithm has none. Readers refuse it.",
        ),
        _ => {}
    }
}

/// A public key in words, and its weakness.
pub(super) fn public_key(look: &mut Look<'_>, key: &PublicKey, of: &str) -> String {
    match key.kind() {
        KeyKind::Rsa { bits } => {
            small_rsa(look, bits, of);
            format!("RSA, {bits} bits")
        }
        KeyKind::Other(algorithm) => format!("{}, not used in SCEP", names::oid(&algorithm)),
        other => other.to_string(),
    }
}

pub(super) fn small_rsa(look: &mut Look<'_>, bits: usize, of: &str) {
    if bits < 2048 {
        look.unusual(
            format!("RSA with {bits} bits in {of}"),
            "Less than 2048 bits is out of date; present CAs and systems refuse it.",
        );
    }
}

/// The SHA-256 of a public key: equal in key, request and certificate that belong together.
pub(super) fn key_digest(key: &PublicKey) -> String {
    digest(DigestAlgorithm::Sha256, key.as_der())
}

/// A digest in hexadecimal.
pub(super) fn digest(algorithm: DigestAlgorithm, message: &[u8]) -> String {
    use devicecert::pki::Provider;
    match devicecert::crypto_rust::RustCrypto.digest(algorithm, message) {
        Ok(octets) => super::page::hex(&octets, usize::MAX),
        Err(error) => error.to_string(),
    }
}
