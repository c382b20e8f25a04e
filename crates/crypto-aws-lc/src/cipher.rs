//! Block ciphers in CBC mode (NIST SP 800-38A §6.2), whole blocks, no padding.

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptingKey, DecryptionContext, EncryptingKey,
    EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use devicecert_pki::algorithm::ContentCipher;
use devicecert_pki::error::{Misuse, Unsupported};
use devicecert_pki::{Error, Secret};

// AWS-LC marks them deprecated to say what our `ContentCipher` says in its documentation.
#[expect(deprecated, reason = "old devices offer nothing better; the layer above decides")]
mod des {
    use aws_lc_rs::cipher::Algorithm;

    pub(super) const SINGLE: &Algorithm = &aws_lc_rs::cipher::DES_FOR_LEGACY_USE_ONLY;
    pub(super) const TWO_KEYS: &Algorithm = &aws_lc_rs::cipher::DES_EDE_FOR_LEGACY_USE_ONLY;
    pub(super) const THREE_KEYS: &Algorithm = &aws_lc_rs::cipher::DES_EDE3_FOR_LEGACY_USE_ONLY;
}

/// Which way.
#[derive(Clone, Copy)]
pub(crate) enum Direction {
    Encrypt,
    Decrypt,
}

/// Encrypts or decrypts `blocks` in place; they stay untouched if it fails.
pub(crate) fn cbc(
    cipher: ContentCipher,
    direction: Direction,
    key: &Secret,
    iv: &[u8],
    blocks: &mut [u8],
) -> Result<(), Error> {
    if key.len() != cipher.key_len() || iv.len() != cipher.block_len() {
        return Err(Misuse::Value(
            "the key or the initialisation vector does not have the length of the cipher",
        )
        .into());
    }
    if !blocks.len().is_multiple_of(cipher.block_len()) {
        return Err(Misuse::Value("the data are not whole blocks of the cipher").into());
    }
    let (algorithm, key) = select(cipher, key.expose())?;
    let refused = |_| Unsupported::Backend("weak DES keys");
    let key = UnboundCipherKey::new(algorithm, key).map_err(refused)?;
    match direction {
        Direction::Encrypt => {
            let context = match FixedLength::try_from(iv) {
                Ok(iv) => EncryptionContext::Iv128(iv),
                Err(_) => EncryptionContext::Iv64(FixedLength::try_from(iv).map_err(refused)?),
            };
            let key = EncryptingKey::cbc(key).map_err(refused)?;
            key.less_safe_encrypt(blocks, context).map_err(refused)?;
        }
        Direction::Decrypt => {
            let context = match FixedLength::try_from(iv) {
                Ok(iv) => DecryptionContext::Iv128(iv),
                Err(_) => DecryptionContext::Iv64(FixedLength::try_from(iv).map_err(refused)?),
            };
            let key = DecryptingKey::cbc(key).map_err(refused)?;
            key.decrypt(blocks, context).map_err(refused)?;
        }
    }
    Ok(())
}

fn select(cipher: ContentCipher, key: &[u8]) -> Result<(&'static Algorithm, &[u8]), Unsupported> {
    Ok(match cipher {
        ContentCipher::Aes128Cbc => (&AES_128, key),
        ContentCipher::Aes192Cbc => (&AES_192, key),
        ContentCipher::Aes256Cbc => (&AES_256, key),
        ContentCipher::DesCbc => (des::SINGLE, key),
        // Two-key Triple DES travels as K1 K2 K1 in a key of this length (RFC 3370 §5.1), and
        // AWS-LC takes it only under its own name.
        ContentCipher::DesEde3Cbc => match key.split_at_checked(16) {
            Some((two_keys, third)) if two_keys.starts_with(third) => (des::TWO_KEYS, two_keys),
            _ => (des::THREE_KEYS, key),
        },
        other => return Err(Unsupported::Backend(other.name())),
    })
}
