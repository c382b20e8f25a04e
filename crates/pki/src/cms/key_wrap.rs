//! AES Key Wrap (RFC 3394), on the block cipher that a provider has.

use subtle::ConstantTimeEq;

use crate::algorithm::ContentCipher;
use crate::error::{Error, Misuse, Rejected};
use crate::provider::Provider;
use crate::secret::Secret;

/// The default initial value (RFC 3394 §2.2.3.1).
const INITIAL_VALUE: [u8; 8] = [0xa6; 8];
const NO_IV: [u8; 16] = [0; 16];

/// The cipher whose key `kek` is.
fn cipher(kek: &Secret) -> Result<ContentCipher, Misuse> {
    match kek.len() {
        16 => Ok(ContentCipher::Aes128Cbc),
        24 => Ok(ContentCipher::Aes192Cbc),
        32 => Ok(ContentCipher::Aes256Cbc),
        _ => Err(Misuse::Value("a key-encryption key has 16, 24 or 32 octets")),
    }
}

/// Wraps a key of whole 64-bit blocks (RFC 3394 §2.2.1).
pub(super) fn wrap(kek: &Secret, key: &Secret, provider: &dyn Provider) -> Result<Vec<u8>, Error> {
    let cipher = cipher(kek)?;
    let mut registers = registers(key.expose())
        .ok_or(Misuse::Value("a wrapped key has two or more whole blocks of 8 octets"))?;
    let mut check = INITIAL_VALUE;
    let mut counter: u64 = 0;
    for _ in 0..6 {
        for register in &mut registers {
            // One block in CBC mode without a vector is the bare block cipher.
            let mut block = join(check, *register);
            provider.encrypt_blocks(cipher, kek, &NO_IV, &mut block)?;
            counter = counter.wrapping_add(1);
            (check, *register) = split(block);
            check = xor(check, counter);
        }
    }
    Ok([check].iter().chain(&registers).flatten().copied().collect())
}

/// Unwraps a key (RFC 3394 §2.2.2). Every failure is the same failure.
pub(super) fn unwrap(
    kek: &Secret,
    wrapped: &[u8],
    provider: &dyn Provider,
) -> Result<Secret, Error> {
    let cipher = cipher(kek)?;
    let (first, rest) = wrapped.split_first_chunk::<8>().ok_or(Rejected::Undecryptable)?;
    let mut check = *first;
    let mut registers = registers(rest).ok_or(Rejected::Undecryptable)?;
    let mut counter = (registers.len() as u64).wrapping_mul(6);
    for _ in 0..6 {
        for register in registers.iter_mut().rev() {
            let mut block = join(xor(check, counter), *register);
            provider
                .decrypt_blocks(cipher, kek, &NO_IV, &mut block)
                .map_err(|_| Rejected::Undecryptable)?;
            counter = counter.wrapping_sub(1);
            (check, *register) = split(block);
        }
    }
    let key = Secret::new(registers.into_iter().flatten().collect());
    match bool::from(check.ct_eq(&INITIAL_VALUE)) {
        true => Ok(key),
        false => Err(Rejected::Undecryptable.into()),
    }
}

fn registers(octets: &[u8]) -> Option<Vec<[u8; 8]>> {
    let (registers, rest) = octets.as_chunks::<8>();
    (rest.is_empty() && registers.len() >= 2).then(|| registers.to_vec())
}

fn join(left: [u8; 8], right: [u8; 8]) -> [u8; 16] {
    let pair = (u128::from(u64::from_be_bytes(left)) << 64) | u128::from(u64::from_be_bytes(right));
    pair.to_be_bytes()
}

const fn split(block: [u8; 16]) -> ([u8; 8], [u8; 8]) {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = block;
    ([a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p])
}

fn xor(register: [u8; 8], counter: u64) -> [u8; 8] {
    (u64::from_be_bytes(register) ^ counter).to_be_bytes()
}
