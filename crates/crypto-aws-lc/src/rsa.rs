//! RSA signatures and key transport (RFC 8017 §7, §8).

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384,
    OAEP_SHA512_MGF1SHA512, OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    Pkcs1PrivateDecryptingKey, Pkcs1PublicEncryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature as lc;
use aws_lc_rs::signature::{RsaParameters, RsaPssSaltLength, VerificationAlgorithm};
use devicecert_pki::algorithm::{DigestAlgorithm, KeyTransport};
use devicecert_pki::asn1::Writer;
use devicecert_pki::error::{KeyError, Misuse, Rejected, Unsupported};
use devicecert_pki::{Error, KeyKind, PublicKey, Secret, oid};

const DAMAGED: Unsupported = Unsupported::PublicKey("the RSA public key is damaged");
const SIZE: Unsupported = Unsupported::PublicKey("an RSA key must have 2048 to 8192 bits here");

pub(crate) fn verify_pkcs1(
    key: &PublicKey,
    bits: usize,
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Error> {
    let parameters = match (digest, bits) {
        (DigestAlgorithm::Sha1, 1024..=8192) => lc::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (DigestAlgorithm::Sha256, 1024..=8192) => {
            lc::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
        }
        (DigestAlgorithm::Sha384, 2048..=8192) => lc::RSA_PKCS1_2048_8192_SHA384,
        (DigestAlgorithm::Sha512, 1024..=8192) => {
            lc::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
        }
        (
            DigestAlgorithm::Sha1
            | DigestAlgorithm::Sha256
            | DigestAlgorithm::Sha384
            | DigestAlgorithm::Sha512,
            _,
        ) => return Err(SIZE.into()),
        (other, _) => return Err(Unsupported::Backend(other.name()).into()),
    };
    verify(&parameters, key, message, signature)
}

pub(crate) fn verify_pss(
    key: &PublicKey,
    bits: usize,
    digest: DigestAlgorithm,
    salt_len: usize,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Error> {
    let parameters = match digest {
        DigestAlgorithm::Sha256 => lc::RSA_PSS_2048_8192_SHA256,
        DigestAlgorithm::Sha384 => lc::RSA_PSS_2048_8192_SHA384,
        DigestAlgorithm::Sha512 => lc::RSA_PSS_2048_8192_SHA512,
        _ => return Err(Unsupported::Backend("RSASSA-PSS with MD5 or SHA-1").into()),
    };
    if !(2048..=8192).contains(&bits) {
        return Err(SIZE.into());
    }
    // No salt is longer than a modulus, so a length that does not fit belongs to no signature.
    let salt_len = u16::try_from(salt_len).map_err(|_| Rejected::Signature("the message"))?;
    let parameters = parameters.with_pss_salt_length(RsaPssSaltLength::Custom(salt_len));
    verify(&parameters, key, message, signature)
}

fn verify(
    parameters: &RsaParameters,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Error> {
    parameters.verify_sig(key.key_bits(), message, signature).map_err(|_| {
        // AWS-LC does not say which of the two is wrong.
        match RsaParameters::public_modulus_len(key.key_bits()) {
            Ok(_) => Rejected::Signature("the message").into(),
            Err(_) => DAMAGED.into(),
        }
    })
}

pub(crate) fn sign_pkcs1(
    key: &KeyPair,
    digest: DigestAlgorithm,
    message: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let encoding = match digest {
        DigestAlgorithm::Sha256 => &lc::RSA_PKCS1_SHA256,
        DigestAlgorithm::Sha384 => &lc::RSA_PKCS1_SHA384,
        DigestAlgorithm::Sha512 => &lc::RSA_PKCS1_SHA512,
        _ => return Err(KeyError::Algorithm("RSA signatures with MD5 or SHA-1")),
    };
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(encoding, &SystemRandom::new(), message, &mut signature)
        .map_err(|_| KeyError::Failed)?;
    Ok(signature)
}

pub(crate) fn wrap(
    recipient: &PublicKey,
    transport: KeyTransport,
    content_key: &Secret,
) -> Result<Vec<u8>, Error> {
    const TOO_LONG: Misuse =
        Misuse::Value("the content key is too long for the RSA key and padding");

    let key = encrypting_key(recipient)?;
    let content_key = content_key.expose();
    let mut encrypted = vec![0; key.key_size_bytes()];
    let written = match transport {
        KeyTransport::RsaPkcs1 => {
            let key = Pkcs1PublicEncryptingKey::new(key).map_err(|_| DAMAGED)?;
            if content_key.len() > key.max_plaintext_size() {
                return Err(TOO_LONG.into());
            }
            key.encrypt(content_key, &mut encrypted).map(|written| written.len())
        }
        KeyTransport::RsaOaep { digest, mgf1 } => {
            let algorithm = oaep(digest, mgf1)
                .ok_or(Unsupported::Backend("RSAES-OAEP with MD5 or with two digests"))?;
            let key = OaepPublicEncryptingKey::new(key).map_err(|_| DAMAGED)?;
            if content_key.len() > key.max_plaintext_size(algorithm) {
                return Err(TOO_LONG.into());
            }
            key.encrypt(algorithm, content_key, &mut encrypted, None).map(|written| written.len())
        }
        _ => return Err(Unsupported::Backend(transport.name()).into()),
    };
    encrypted.truncate(written.map_err(|_| KeyError::Failed)?);
    Ok(encrypted)
}

/// Whether [`wrap`] takes this recipient, without the work of it.
pub(crate) fn check_recipient(recipient: &PublicKey, transport: KeyTransport) -> Result<(), Error> {
    match transport {
        KeyTransport::RsaPkcs1 => encrypting_key(recipient).map(drop),
        // Whether a digest leaves room for a content key in a small modulus takes trying.
        _ => wrap(recipient, transport, &Secret::new(vec![0; 32])).map(drop),
    }
}

/// Decrypts a content key. Bad padding is [`KeyError::Failed`]; the layer above conceals it.
pub(crate) fn unwrap_pkcs1(
    key: &Pkcs1PrivateDecryptingKey,
    encrypted_key: &[u8],
) -> Result<Secret, KeyError> {
    let mut content_key = vec![0; key.min_output_size()];
    let written = key.decrypt(encrypted_key, &mut content_key).map(|written| written.len());
    unwrapped(content_key, written)
}

/// As [`unwrap_pkcs1`].
pub(crate) fn unwrap_oaep(
    key: &OaepPrivateDecryptingKey,
    digest: DigestAlgorithm,
    mgf1: DigestAlgorithm,
    encrypted_key: &[u8],
) -> Result<Secret, KeyError> {
    let algorithm =
        oaep(digest, mgf1).ok_or(KeyError::Algorithm("RSAES-OAEP with MD5 or with two digests"))?;
    let mut content_key = vec![0; key.min_output_size()];
    let written =
        key.decrypt(algorithm, encrypted_key, &mut content_key, None).map(|written| written.len());
    unwrapped(content_key, written)
}

/// What was written of a buffer. The buffer is wiped as a whole, and whatever came of the padding:
/// wiping 256 octets after the right one only would show in the time.
fn unwrapped(mut buffer: Vec<u8>, written: Result<usize, Unspecified>) -> Result<Secret, KeyError> {
    buffer.truncate(*written.as_ref().unwrap_or(&0));
    let content_key = Secret::new(buffer);
    written.map(|_| content_key).map_err(|_| KeyError::Failed)
}

fn oaep(digest: DigestAlgorithm, mgf1: DigestAlgorithm) -> Option<&'static OaepAlgorithm> {
    match digest {
        _ if digest != mgf1 => None,
        DigestAlgorithm::Sha1 => Some(&OAEP_SHA1_MGF1SHA1),
        DigestAlgorithm::Sha256 => Some(&OAEP_SHA256_MGF1SHA256),
        DigestAlgorithm::Sha384 => Some(&OAEP_SHA384_MGF1SHA384),
        DigestAlgorithm::Sha512 => Some(&OAEP_SHA512_MGF1SHA512),
        _ => None,
    }
}

fn encrypting_key(recipient: &PublicKey) -> Result<PublicEncryptingKey, Error> {
    match recipient.kind() {
        KeyKind::Rsa { bits: 2048..=8192 } => {
            // Certificates exist that leave out the NULL; AWS-LC asks for it.
            let spki = Writer::build(|w| {
                w.sequence(|w| {
                    w.sequence(|w| {
                        w.oid(&oid::RSA_ENCRYPTION);
                        w.null();
                    });
                    w.bit_string(recipient.key_bits());
                });
            });
            Ok(PublicEncryptingKey::from_der(&spki).map_err(|_| DAMAGED)?)
        }
        KeyKind::Rsa { .. } => Err(SIZE.into()),
        _ => Err(Unsupported::PublicKey("the public key is not RSA").into()),
    }
}
