//! Block ciphers in CBC mode (NIST SP 800-38A §6.2), whole blocks, no padding.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::{Block, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use cbc::{Decryptor, Encryptor};
use des::{Des, TdesEde3};
use devicecert_pki::algorithm::ContentCipher;
use devicecert_pki::error::{Misuse, Unsupported};
use devicecert_pki::{Error, Secret};

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
    use ContentCipher as Cipher;
    use Direction::{Decrypt, Encrypt};

    let key = key.expose();
    match (cipher, direction) {
        (Cipher::Aes128Cbc, Encrypt) => encrypt::<Encryptor<Aes128>>(key, iv, blocks),
        (Cipher::Aes128Cbc, Decrypt) => decrypt::<Decryptor<Aes128>>(key, iv, blocks),
        (Cipher::Aes192Cbc, Encrypt) => encrypt::<Encryptor<Aes192>>(key, iv, blocks),
        (Cipher::Aes192Cbc, Decrypt) => decrypt::<Decryptor<Aes192>>(key, iv, blocks),
        (Cipher::Aes256Cbc, Encrypt) => encrypt::<Encryptor<Aes256>>(key, iv, blocks),
        (Cipher::Aes256Cbc, Decrypt) => decrypt::<Decryptor<Aes256>>(key, iv, blocks),
        (Cipher::DesEde3Cbc, Encrypt) => encrypt::<Encryptor<TdesEde3>>(key, iv, blocks),
        (Cipher::DesEde3Cbc, Decrypt) => decrypt::<Decryptor<TdesEde3>>(key, iv, blocks),
        (Cipher::DesCbc, Encrypt) => encrypt::<Encryptor<Des>>(key, iv, blocks),
        (Cipher::DesCbc, Decrypt) => decrypt::<Decryptor<Des>>(key, iv, blocks),
        (other, _) => Err(Unsupported::Backend(other.name()).into()),
    }
}

fn encrypt<M: BlockModeEncrypt + KeyIvInit>(
    key: &[u8],
    iv: &[u8],
    blocks: &mut [u8],
) -> Result<(), Error> {
    let mut mode = M::new_from_slices(key, iv).map_err(|_| ill_sized())?;
    mode.encrypt_blocks(whole_blocks::<M>(blocks)?);
    Ok(())
}

fn decrypt<M: BlockModeDecrypt + KeyIvInit>(
    key: &[u8],
    iv: &[u8],
    blocks: &mut [u8],
) -> Result<(), Error> {
    let mut mode = M::new_from_slices(key, iv).map_err(|_| ill_sized())?;
    mode.decrypt_blocks(whole_blocks::<M>(blocks)?);
    Ok(())
}

fn whole_blocks<M: cbc::cipher::BlockSizeUser>(
    blocks: &mut [u8],
) -> Result<&mut [Block<M>], Error> {
    match Block::<M>::slice_as_chunks_mut(blocks) {
        (whole, []) => Ok(whole),
        _ => Err(Misuse::Value("the data are not whole blocks of the cipher").into()),
    }
}

fn ill_sized() -> Misuse {
    Misuse::Value("the key or the initialisation vector does not have the length of the cipher")
}
