//! AES key wrap (RFC 3394).

use devicecert_pki::algorithm::KeyWrap;
use devicecert_pki::error::{KeyError, Unsupported};
use devicecert_pki::{Error, Secret};

use crate::backends::{AWS_LC, BOTH, PAIRS, RUST, hex};

/// RFC 3394 §4: wrap, key data, what comes out. The wrapping key counts up from zero.
const VECTORS: [(KeyWrap, &str, &str); 4] = [
    (
        KeyWrap::Aes128,
        "00112233445566778899aabbccddeeff",
        "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
    ),
    (
        KeyWrap::Aes192,
        "00112233445566778899aabbccddeeff",
        "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d",
    ),
    (
        KeyWrap::Aes256,
        "00112233445566778899aabbccddeeff",
        "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7",
    ),
    (
        KeyWrap::Aes256,
        "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
        "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
    ),
];

fn wrapping_key(wrap: KeyWrap) -> Secret {
    Secret::new((0..32).take(wrap.key_len()).collect())
}

#[test]
fn the_vectors_of_rfc_3394() {
    for backend in BOTH {
        for (wrap, key, wrapped) in VECTORS {
            if backend.name == AWS_LC.name && wrap == KeyWrap::Aes192 {
                continue;
            }
            let (kek, key) = (wrapping_key(wrap), Secret::new(hex(key)));
            let found = backend.provider.wrap_with_key(wrap, &kek, &key);
            assert_eq!(found, Ok(hex(wrapped)), "{} {wrap:?}", backend.name);
            let found = backend.provider.unwrap_with_key(wrap, &kek, &hex(wrapped));
            assert_eq!(found, Ok(key), "{} {wrap:?}", backend.name);
        }
    }
}

#[test]
fn aes_192_is_a_matter_of_the_rust_backend() {
    let (wrap, key) = (KeyWrap::Aes192, Secret::new(vec![1; 16]));
    let kek = wrapping_key(wrap);
    let wrapped = RUST.provider.wrap_with_key(wrap, &kek, &key).unwrap();
    let refused = Err(Unsupported::Backend("AES-192 key wrap").into());
    assert_eq!(AWS_LC.provider.wrap_with_key(wrap, &kek, &key), refused);
    let refused = AWS_LC.provider.unwrap_with_key(wrap, &kek, &wrapped);
    assert_eq!(refused, Err(Unsupported::Backend("AES-192 key wrap").into()));
}

#[test]
fn what_one_backend_wraps_the_other_unwraps() {
    for (from, to) in PAIRS {
        for wrap in [KeyWrap::Aes128, KeyWrap::Aes256] {
            for length in [16, 24, 32] {
                let (kek, key) = (wrapping_key(wrap), Secret::new(vec![0xc3; length]));
                let wrapped = from.provider.wrap_with_key(wrap, &kek, &key).unwrap();
                assert_eq!(wrapped.len(), length + KeyWrap::OVERHEAD);
                assert_eq!(to.provider.unwrap_with_key(wrap, &kek, &wrapped), Ok(key));
            }
        }
    }
}

#[test]
fn every_changed_octet_is_noticed() {
    for backend in BOTH {
        let wrap = KeyWrap::Aes128;
        let (kek, key) = (wrapping_key(wrap), Secret::new(vec![0xc3; 16]));
        let wrapped = backend.provider.wrap_with_key(wrap, &kek, &key).unwrap();
        for position in 0..wrapped.len() {
            let mut damaged = wrapped.clone();
            damaged[position] ^= 0x80;
            let refused = backend.provider.unwrap_with_key(wrap, &kek, &damaged);
            assert_eq!(refused, Err(KeyError::Failed.into()), "{} {position}", backend.name);
        }
        for length in [0, 7, 8, 15, 16, 17, 23, 25, 31] {
            let refused = backend.provider.unwrap_with_key(wrap, &kek, &vec![0; length]);
            assert_eq!(refused, Err(KeyError::Failed.into()), "{} {length}", backend.name);
        }
    }
}

#[test]
fn keys_of_other_lengths_are_a_misuse() {
    for backend in BOTH {
        let wrap = KeyWrap::Aes128;
        for (kek, key) in [(15, 16), (32, 16), (0, 16), (16, 15), (16, 17), (16, 8), (16, 0)] {
            let (kek, key) = (Secret::new(vec![1; kek]), Secret::new(vec![2; key]));
            let refused = backend.provider.wrap_with_key(wrap, &kek, &key);
            assert!(matches!(refused, Err(Error::Misuse(_))), "{}", backend.name);
        }
    }
}
