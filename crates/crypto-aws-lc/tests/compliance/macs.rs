//! HMAC and PBKDF2.

use core::num::NonZeroU32;

use devicecert_pki::Secret;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::Unsupported;

use crate::backends::{BOTH, PAIRS, hex};

struct Vector {
    key: Vec<u8>,
    message: Vec<u8>,
    macs: &'static [(DigestAlgorithm, &'static str)],
}

const BIG: &[u8] = b"This is a test using a larger than block-size key and a larger than \
    block-size data. The key needs to be hashed before being used by the HMAC algorithm.";

/// RFC 4231 §4.2 to §4.8.
fn rfc_4231() -> Vec<Vector> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    vec![
        Vector {
            key: vec![0x0b; 20],
            message: b"Hi There".to_vec(),
            macs: &[
                (Sha256, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
                (
                    Sha384,
                    "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c\
             faea9ea9076ede7f4af152e8b2fa9cb6",
                ),
                (
                    Sha512,
                    "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
             daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
                ),
            ],
        },
        Vector {
            key: b"Jefe".to_vec(),
            message: b"what do ya want for nothing?".to_vec(),
            macs: &[
                (Sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
                (
                    Sha384,
                    "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e\
             8e2240ca5e69e2c78b3239ecfab21649",
                ),
                (
                    Sha512,
                    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
                ),
            ],
        },
        Vector {
            key: vec![0xaa; 20],
            message: vec![0xdd; 50],
            macs: &[
                (Sha256, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
                (
                    Sha384,
                    "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b\
             2a5ab39dc13814b94e3ab6e101a34f27",
                ),
                (
                    Sha512,
                    "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
             bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
                ),
            ],
        },
        Vector {
            key: (1..=25).collect(),
            message: vec![0xcd; 50],
            macs: &[
                (Sha256, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
                (
                    Sha384,
                    "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e\
             6801dd23c4a7d679ccf8a386c674cffb",
                ),
                (
                    Sha512,
                    "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db\
             a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
                ),
            ],
        },
        Vector {
            key: vec![0x0c; 20],
            message: b"Test With Truncation".to_vec(),
            macs: &[
                (Sha256, "a3b6167473100ee06e0c796c2955552b"),
                (Sha384, "3abf34c3503b2a23a46efc619baef897"),
                (Sha512, "415fad6271580a531d4179bc891d87a6"),
            ],
        },
        Vector {
            key: vec![0xaa; 131],
            message: b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            macs: &[
                (Sha256, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
                (
                    Sha384,
                    "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6\
             0c2ef6ab4030fe8296248df163f44952",
                ),
                (
                    Sha512,
                    "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
             6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
                ),
            ],
        },
        Vector {
            key: vec![0xaa; 131],
            message: BIG.to_vec(),
            macs: &[
                (Sha256, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
                (
                    Sha384,
                    "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5\
             a678cc31e799176d3860e6110c46523e",
                ),
                (
                    Sha512,
                    "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944\
             b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
                ),
            ],
        },
    ]
}

/// RFC 2202 §3.
fn rfc_2202() -> Vec<Vector> {
    use DigestAlgorithm::Sha1;
    vec![
        Vector {
            key: vec![0x0b; 20],
            message: b"Hi There".to_vec(),
            macs: &[(Sha1, "b617318655057264e28bc0b6fb378c8ef146be00")],
        },
        Vector {
            key: b"Jefe".to_vec(),
            message: b"what do ya want for nothing?".to_vec(),
            macs: &[(Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")],
        },
        Vector {
            key: vec![0xaa; 20],
            message: vec![0xdd; 50],
            macs: &[(Sha1, "125d7342b9ac11cd91a39af48aa17b4f63f175d3")],
        },
        Vector {
            key: (1..=25).collect(),
            message: vec![0xcd; 50],
            macs: &[(Sha1, "4c9007f4026250c6bc8414f9bf50c86c2d7235da")],
        },
        Vector {
            key: vec![0x0c; 20],
            message: b"Test With Truncation".to_vec(),
            macs: &[(Sha1, "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04")],
        },
        Vector {
            key: vec![0xaa; 80],
            message: b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            macs: &[(Sha1, "aa4ae5e15272d00e95705637ce8a3b55ed402112")],
        },
        Vector {
            key: vec![0xaa; 80],
            message: b"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"
                .to_vec(),
            macs: &[(Sha1, "e8e99d0f45237d786d6bbaa7965c7808bbff1a91")],
        },
    ]
}

#[test]
fn each_hmac_gives_the_known_answers() {
    for backend in BOTH {
        for vector in rfc_4231().into_iter().chain(rfc_2202()) {
            let key = Secret::new(vector.key);
            for (digest, expected) in vector.macs {
                let mac = backend.provider.hmac(*digest, &key, &vector.message).unwrap();
                // The fifth case of RFC 4231 shows the first half only.
                let expected = hex(expected);
                assert_eq!(mac[..expected.len()], expected, "{} {digest:?}", backend.name);
                assert_eq!(mac.len(), digest.output_len());
            }
        }
    }
}

#[test]
fn no_key_and_no_message_are_a_key_and_a_message() {
    for backend in BOTH {
        let mac = backend.provider.hmac(DigestAlgorithm::Sha256, &Secret::new(vec![]), b"");
        let expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
        assert_eq!(mac, Ok(hex(expected)), "{}", backend.name);
    }
}

fn count(iterations: u32) -> NonZeroU32 {
    NonZeroU32::new(iterations).unwrap()
}

/// Password, salt, iterations, derived key.
type Derivation = (&'static [u8], &'static [u8], u32, &'static str);

/// RFC 6070 §2, without the one of 16 777 216 iterations.
const RFC_6070: [Derivation; 5] = [
    (b"password", b"salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
    (b"password", b"salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
    (b"password", b"salt", 4096, "4b007901b765489abead49d926f721d065a429c1"),
    (
        b"passwordPASSWORDpassword",
        b"saltSALTsaltSALTsaltSALTsaltSALTsalt",
        4096,
        "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
    ),
    (b"pass\0word", b"sa\0lt", 4096, "56fa6aa75548099dcc37d7f03425e0c3"),
];

/// RFC 7914 §11.
const RFC_7914: [Derivation; 2] = [
    (
        b"passwd",
        b"salt",
        1,
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
         49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
    ),
    (
        b"Password",
        b"NaCl",
        80_000,
        "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56\
         a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d",
    ),
];

/// What Python's hashlib.pbkdf2_hmac makes of the fourth case of RFC 6070.
const HASHLIB: [(DigestAlgorithm, &str); 2] = [
    (
        DigestAlgorithm::Sha384,
        "819143ad66df9a552559b9e131c52ae6c5c1b0eed18f4d283b8c5c9eaeb92b39\
         2c147cc2d2869d58ffe2f7da13d15f8d925721f0ed1afafa24480d55cf6060b1\
         7f112a3de74c",
    ),
    (
        DigestAlgorithm::Sha512,
        "8c0511f4c6e597c6ac6315d8f0362e225f3c501495ba23b868c005174dc4ee71\
         115b59f9e60cd9532fa33e0f75aefe30225c583a186cd82bd4daea9724a3d3b8\
         04f75bdd4149",
    ),
];

#[test]
fn each_pbkdf2_gives_the_known_answers() {
    let sha1 = RFC_6070.map(|vector| (DigestAlgorithm::Sha1, vector));
    let sha256 = RFC_7914.map(|vector| (DigestAlgorithm::Sha256, vector));
    let (password, salt, iterations, _) = RFC_6070[3];
    let others = HASHLIB.map(|(digest, derived)| (digest, (password, salt, iterations, derived)));
    for (digest, (password, salt, iterations, derived)) in
        sha1.into_iter().chain(sha256).chain(others)
    {
        let (password, derived) = (Secret::new(password.to_vec()), hex(derived));
        for backend in BOTH {
            let found = backend
                .provider
                .pbkdf2(digest, &password, salt, count(iterations), derived.len())
                .unwrap();
            assert_eq!(found.expose(), derived, "{} {digest:?}", backend.name);
        }
    }
}

#[test]
fn the_backends_derive_the_same_at_the_edges() {
    let long = vec![0x5a; 300];
    for (one, other) in PAIRS {
        for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha512] {
            for password in [&b""[..], &long] {
                for salt in [&b""[..], &long] {
                    for length in [0, 1, 200] {
                        let password = Secret::new(password.to_vec());
                        let derive = |backend: &crate::backends::Backend| {
                            backend.provider.pbkdf2(digest, &password, salt, count(3), length)
                        };
                        let found = derive(one).unwrap();
                        assert_eq!(found.len(), length);
                        assert!(Ok(found) == derive(other), "{} {}", one.name, other.name);
                    }
                }
            }
        }
    }
}

#[test]
fn hmac_with_md5_is_nobodys_matter() {
    for backend in BOTH {
        let (md5, key) = (DigestAlgorithm::Md5, Secret::from("key"));
        let none = Unsupported::Backend("HMAC with this digest");
        assert_eq!(backend.provider.hmac(md5, &key, b""), Err(none.clone().into()));
        let derived = backend.provider.pbkdf2(md5, &key, b"salt", count(1), 16);
        assert_eq!(derived, Err(none.into()));
    }
}
