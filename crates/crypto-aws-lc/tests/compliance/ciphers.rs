//! Block ciphers in CBC mode.

use devicecert_pki::algorithm::ContentCipher;
use devicecert_pki::error::{Misuse, Unsupported};
use devicecert_pki::{Error, Secret};

use crate::backends::{AWS_LC, BOTH, PAIRS, RUST, hex};

struct Vector {
    cipher: ContentCipher,
    key: &'static str,
    iv: &'static str,
    plain: &'static str,
    encrypted: &'static str,
}

const SP_800_38A_IV: &str = "000102030405060708090a0b0c0d0e0f";
const SP_800_38A_PLAIN: &str = "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
     30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710";
const SP_800_67_KEY: &str = "0123456789abcdef 23456789abcdef01 456789abcdef0123";

const VECTORS: [Vector; 7] = [
    // NIST SP 800-38A F.2.1 to F.2.6.
    Vector {
        cipher: ContentCipher::Aes128Cbc,
        key: "2b7e151628aed2a6abf7158809cf4f3c",
        iv: SP_800_38A_IV,
        plain: SP_800_38A_PLAIN,
        encrypted: "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2
             73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7",
    },
    Vector {
        cipher: ContentCipher::Aes192Cbc,
        key: "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
        iv: SP_800_38A_IV,
        plain: SP_800_38A_PLAIN,
        encrypted: "4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a
             571b242012fb7ae07fa9baac3df102e0 08b0e27988598881d920a9e64f5615cd",
    },
    Vector {
        cipher: ContentCipher::Aes256Cbc,
        key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
        iv: SP_800_38A_IV,
        plain: SP_800_38A_PLAIN,
        encrypted: "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d
             39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b",
    },
    // FIPS 81, table C2.
    Vector {
        cipher: ContentCipher::DesCbc,
        key: "0123456789abcdef",
        iv: "1234567890abcdef",
        plain: "4e6f772069732074 68652074696d6520 666f7220616c6c20",
        encrypted: "e5c7cdde872bf27c 43e934008c389c0f 683788499a7c05f6",
    },
    // NIST SP 800-67 B.1 block by block: with a vector of zeros the first block of CBC is ECB.
    Vector {
        cipher: ContentCipher::DesEde3Cbc,
        key: SP_800_67_KEY,
        iv: "0000000000000000",
        plain: "5468652071756663",
        encrypted: "a826fd8ce53b855f",
    },
    Vector {
        cipher: ContentCipher::DesEde3Cbc,
        key: SP_800_67_KEY,
        iv: "0000000000000000",
        plain: "6b2062726f776e20",
        encrypted: "cce21c8112256fe6",
    },
    Vector {
        cipher: ContentCipher::DesEde3Cbc,
        key: SP_800_67_KEY,
        iv: "0000000000000000",
        plain: "666f78206a756d70",
        encrypted: "68d5c05dd9b6b900",
    },
];

#[test]
fn each_cipher_gives_the_known_answers_of_its_standard_both_ways() {
    for backend in BOTH {
        for vector in &VECTORS {
            let key = Secret::new(hex(vector.key));
            let iv = hex(vector.iv);
            let mut blocks = hex(vector.plain);
            backend.provider.encrypt_blocks(vector.cipher, &key, &iv, &mut blocks).unwrap();
            assert_eq!(blocks, hex(vector.encrypted), "{} {:?}", backend.name, vector.cipher);
            backend.provider.decrypt_blocks(vector.cipher, &key, &iv, &mut blocks).unwrap();
            assert_eq!(blocks, hex(vector.plain), "{} {:?}", backend.name, vector.cipher);
        }
    }
}

fn octets(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).unwrap().wrapping_mul(7) ^ seed).collect()
}

#[test]
fn what_one_backend_encrypts_the_other_decrypts() {
    for (from, to) in PAIRS {
        for cipher in ContentCipher::ALL {
            let key = Secret::new(octets(cipher.key_len(), 0x31));
            let iv = octets(cipher.block_len(), 0x5c);
            let plain = octets(cipher.block_len() * 67, 0);
            let mut blocks = plain.clone();
            from.provider.encrypt_blocks(cipher, &key, &iv, &mut blocks).unwrap();
            assert_ne!(blocks, plain);
            to.provider.decrypt_blocks(cipher, &key, &iv, &mut blocks).unwrap();
            assert_eq!(blocks, plain, "{} to {}, {cipher:?}", from.name, to.name);
        }
    }
}

#[test]
fn no_data_are_no_blocks_and_no_error() {
    for backend in BOTH {
        for cipher in ContentCipher::ALL {
            let key = Secret::new(octets(cipher.key_len(), 0x31));
            let iv = octets(cipher.block_len(), 0x5c);
            assert_eq!(backend.provider.encrypt_blocks(cipher, &key, &iv, &mut []), Ok(()));
            assert_eq!(backend.provider.decrypt_blocks(cipher, &key, &iv, &mut []), Ok(()));
        }
    }
}

#[test]
fn wrong_lengths_are_misuse_and_leave_the_data_as_they_were() {
    for backend in BOTH {
        for cipher in ContentCipher::ALL {
            let (key_len, block_len) = (cipher.key_len(), cipher.block_len());
            let cases = [
                (key_len - 1, block_len, block_len),
                (key_len + 1, block_len, block_len),
                (0, block_len, block_len),
                (key_len, block_len - 1, block_len),
                (key_len, block_len + 1, block_len),
                (key_len, 0, block_len),
                (key_len, block_len, block_len - 1),
                (key_len, block_len, block_len + 1),
                (key_len, block_len, 1),
            ];
            for (key_len, iv_len, data_len) in cases {
                let key = Secret::new(octets(key_len, 0x31));
                let iv = octets(iv_len, 0x5c);
                let mut data = octets(data_len, 0);
                let encrypted = backend.provider.encrypt_blocks(cipher, &key, &iv, &mut data);
                let decrypted = backend.provider.decrypt_blocks(cipher, &key, &iv, &mut data);
                for outcome in [encrypted, decrypted] {
                    assert!(
                        matches!(outcome, Err(Error::Misuse(Misuse::Value(_)))),
                        "{} {cipher:?} {key_len} {iv_len} {data_len}: {outcome:?}",
                        backend.name
                    );
                }
                assert_eq!(data, octets(data_len, 0));
            }
        }
    }
}

#[test]
fn triple_des_with_two_keys_is_taken_by_both() {
    let key = Secret::new(hex("0123456789abcdef 23456789abcdef01 0123456789abcdef"));
    let iv = [0x42; 8];
    let plain = octets(24, 0);
    for (from, to) in PAIRS {
        let mut blocks = plain.clone();
        let cipher = ContentCipher::DesEde3Cbc;
        from.provider.encrypt_blocks(cipher, &key, &iv, &mut blocks).unwrap();
        to.provider.decrypt_blocks(cipher, &key, &iv, &mut blocks).unwrap();
        assert_eq!(blocks, plain, "{} to {}", from.name, to.name);
    }
}

#[test]
fn weak_des_keys_are_a_matter_of_the_rust_backend() {
    let weak = [
        // NIST SP 800-67 §3.3.2: the first weak key, and a bundle that amounts to single DES.
        (ContentCipher::DesCbc, "0101010101010101"),
        (ContentCipher::DesEde3Cbc, "0123456789abcdef 0123456789abcdef 456789abcdef0123"),
    ];
    for (cipher, key) in weak {
        let key = Secret::new(hex(key));
        let mut blocks = [7; 16];
        RUST.provider.encrypt_blocks(cipher, &key, &[0; 8], &mut blocks).unwrap();
        RUST.provider.decrypt_blocks(cipher, &key, &[0; 8], &mut blocks).unwrap();
        assert_eq!(blocks, [7; 16]);
        assert_eq!(
            AWS_LC.provider.decrypt_blocks(cipher, &key, &[0; 8], &mut blocks),
            Err(Unsupported::Backend("weak DES keys").into())
        );
    }
}

#[test]
fn another_key_or_vector_decrypts_to_something_else() {
    for backend in BOTH {
        for cipher in ContentCipher::ALL {
            let key = Secret::new(octets(cipher.key_len(), 0x31));
            let iv = octets(cipher.block_len(), 0x5c);
            let plain = octets(cipher.block_len() * 3, 0);
            let mut encrypted = plain.clone();
            backend.provider.encrypt_blocks(cipher, &key, &iv, &mut encrypted).unwrap();

            let mut blocks = encrypted.clone();
            let other_key = Secret::new(octets(cipher.key_len(), 0x67));
            backend.provider.decrypt_blocks(cipher, &other_key, &iv, &mut blocks).unwrap();
            assert_ne!(blocks, plain);

            // CBC: the vector reaches the first block and no other.
            let mut blocks = encrypted.clone();
            let other_iv = octets(cipher.block_len(), 0x5d);
            backend.provider.decrypt_blocks(cipher, &key, &other_iv, &mut blocks).unwrap();
            let (first, rest) = blocks.split_at(cipher.block_len());
            assert_ne!(first, &plain[..cipher.block_len()]);
            assert_eq!(rest, &plain[cipher.block_len()..]);
        }
    }
}
