//! RSA key transport (RFC 8017 §7): content keys wrapped and unwrapped.

use devicecert_pki::algorithm::{DigestAlgorithm, KeyTransport};
use devicecert_pki::cms::RecipientIdentifier;
use devicecert_pki::error::{KeyError, Misuse, Unsupported};
use devicecert_pki::{Error, Secret, ToBeDecrypted};

use crate::backends::{AWS_LC, BOTH, Key, PAIRS, RUST, file, public_key};

const OAEP_DIGESTS: [(DigestAlgorithm, &str); 4] = [
    (DigestAlgorithm::Sha1, "sha1"),
    (DigestAlgorithm::Sha256, "sha256"),
    (DigestAlgorithm::Sha384, "sha384"),
    (DigestAlgorithm::Sha512, "sha512"),
];

const TWO_DIGESTS: KeyTransport =
    KeyTransport::RsaOaep { digest: DigestAlgorithm::Sha256, mgf1: DigestAlgorithm::Sha1 };

const fn oaep(digest: DigestAlgorithm) -> KeyTransport {
    KeyTransport::RsaOaep { digest, mgf1: digest }
}

fn transports() -> Vec<KeyTransport> {
    let oaep = OAEP_DIGESTS.map(|(digest, _)| oaep(digest));
    [KeyTransport::RsaPkcs1].into_iter().chain(oaep).collect()
}

fn unwrap(key: &dyn Key, transport: KeyTransport, wrapped: &[u8]) -> Result<Secret, KeyError> {
    let recipient = RecipientIdentifier::SubjectKeyIdentifier(vec![1]);
    key.decrypt(&ToBeDecrypted::key_transport(transport, wrapped.to_vec(), recipient))
}

fn content_key() -> Secret {
    Secret::new(file("content.key"))
}

#[test]
fn what_openssl_wrapped_unwraps() {
    for backend in BOTH {
        let key = backend.key("rsa2048");
        let pkcs1 = file("rsa2048-pkcs1.wrapped");
        assert_eq!(unwrap(&*key, KeyTransport::RsaPkcs1, &pkcs1), Ok(content_key()));
        for (digest, name) in OAEP_DIGESTS {
            let wrapped = file(&format!("rsa2048-oaep-{name}.wrapped"));
            let unwrapped = unwrap(&*key, oaep(digest), &wrapped);
            assert_eq!(unwrapped, Ok(content_key()), "{} {name}", backend.name);
        }
    }
}

#[test]
fn what_one_backend_wraps_the_other_unwraps() {
    for (from, to) in PAIRS {
        let key = to.key("rsa2048");
        for transport in transports() {
            for length in [0, 1, 8, 16, 24, 32] {
                let content_key = Secret::new(vec![0xc3; length]);
                let wrapped =
                    from.provider.wrap_key(key.public(), transport, &content_key).unwrap();
                assert_eq!(wrapped.len(), 256);
                assert_eq!(
                    unwrap(&*key, transport, &wrapped),
                    Ok(content_key),
                    "{} to {}, {transport:?}, {length} octets",
                    from.name,
                    to.name
                );
            }
        }
    }
}

#[test]
fn wrapping_twice_gives_different_octets() {
    for backend in BOTH {
        for transport in transports() {
            let wrap = || {
                let key = public_key("rsa2048");
                backend.provider.wrap_key(&key, transport, &content_key()).unwrap()
            };
            assert_ne!(wrap(), wrap(), "{} {transport:?}", backend.name);
        }
    }
}

#[test]
fn oaep_with_two_digests_is_a_matter_of_the_rust_backend() {
    let wrapped = file("rsa2048-oaep-sha256-mgf1-sha1.wrapped");
    let key = RUST.key("rsa2048");
    assert_eq!(unwrap(&*key, TWO_DIGESTS, &wrapped), Ok(content_key()));
    let wrapped = RUST.provider.wrap_key(key.public(), TWO_DIGESTS, &content_key()).unwrap();
    assert_eq!(unwrap(&*key, TWO_DIGESTS, &wrapped), Ok(content_key()));

    assert!(matches!(
        AWS_LC.provider.wrap_key(key.public(), TWO_DIGESTS, &content_key()),
        Err(Error::Unsupported(Unsupported::Backend(_)))
    ));
    let refused = unwrap(&*AWS_LC.key("rsa2048"), TWO_DIGESTS, &wrapped);
    assert!(matches!(refused, Err(KeyError::Algorithm(_))));
}

#[test]
fn oaep_with_md5_is_refused() {
    let md5 = oaep(DigestAlgorithm::Md5);
    for backend in BOTH {
        let key = backend.key("rsa2048");
        assert!(matches!(
            backend.provider.wrap_key(key.public(), md5, &content_key()),
            Err(Error::Unsupported(Unsupported::Backend(_)))
        ));
        assert!(matches!(unwrap(&*key, md5, &[1; 256]), Err(KeyError::Algorithm(_))));
    }
}

#[test]
fn the_wrong_transport_key_or_ciphertext_never_gives_the_content_key() {
    for backend in BOTH {
        let key = backend.key("rsa2048");
        let stranger = (backend.generate)(key.public().kind()).unwrap();
        for transport in transports() {
            let wrapped =
                backend.provider.wrap_key(key.public(), transport, &content_key()).unwrap();
            let name = format!("{} {transport:?}", backend.name);
            assert_ne!(unwrap(&*stranger, transport, &wrapped), Ok(content_key()), "{name}");
            for other in transports().into_iter().filter(|other| *other != transport) {
                assert_ne!(unwrap(&*key, other, &wrapped), Ok(content_key()), "{name} {other:?}");
            }
            for at in [0, 100, 255] {
                let mut changed = wrapped.clone();
                changed[at] ^= 1;
                assert_ne!(unwrap(&*key, transport, &changed), Ok(content_key()), "{name}");
            }
        }
    }
}

#[test]
fn a_ciphertext_of_another_length_or_above_the_modulus_fails() {
    for backend in BOTH {
        let key = backend.key("rsa2048");
        for transport in transports() {
            let wrapped =
                backend.provider.wrap_key(key.public(), transport, &content_key()).unwrap();
            let longer = [vec![0], wrapped.clone()].concat();
            let cases: [&[u8]; 5] = [&[], &wrapped[..255], &longer, &[0xff; 256], &[0; 2000]];
            for encrypted in cases {
                assert_eq!(
                    unwrap(&*key, transport, encrypted),
                    Err(KeyError::Failed),
                    "{} {transport:?} {} octets",
                    backend.name,
                    encrypted.len()
                );
            }
        }
    }
}

#[test]
fn bad_oaep_blocks_fail_alike() {
    for backend in BOTH {
        let key = backend.key("rsa2048");
        for name in ["random", "first-octet-not-zero", "block-type-0"] {
            let encrypted = file(&format!("bad/{name}.wrapped"));
            for (digest, _) in OAEP_DIGESTS {
                let outcome = unwrap(&*key, oaep(digest), &encrypted);
                assert_eq!(outcome, Err(KeyError::Failed), "{} {name}", backend.name);
            }
        }
    }
}

#[test]
fn a_content_key_too_long_for_the_modulus_is_misuse() {
    // RFC 8017 §7.1.1: k - 2 hLen - 2 octets; §7.2.1: k - 11 octets.
    let longest = [
        (KeyTransport::RsaPkcs1, 245),
        (oaep(DigestAlgorithm::Sha1), 214),
        (oaep(DigestAlgorithm::Sha256), 190),
        (oaep(DigestAlgorithm::Sha384), 158),
        (oaep(DigestAlgorithm::Sha512), 126),
    ];
    for backend in BOTH {
        let key = backend.key("rsa2048");
        for (transport, length) in longest {
            let fits = Secret::new(vec![0xc3; length]);
            let wrapped = backend.provider.wrap_key(key.public(), transport, &fits).unwrap();
            assert_eq!(unwrap(&*key, transport, &wrapped), Ok(fits));
            let too_long = Secret::new(vec![0xc3; length + 1]);
            assert_eq!(
                backend.provider.wrap_key(key.public(), transport, &too_long),
                Err(Misuse::Value("the content key is too long for the RSA key and padding").into()),
                "{} {transport:?}",
                backend.name
            );
        }
    }
}

#[test]
fn only_rsa_keys_receive() {
    for backend in BOTH {
        for curve in ["p256", "p384"] {
            for transport in transports() {
                assert_eq!(
                    backend.provider.wrap_key(&public_key(curve), transport, &content_key()),
                    Err(Unsupported::PublicKey("the public key is not RSA").into())
                );
                assert_eq!(
                    unwrap(&*backend.key(curve), transport, &[1; 256]),
                    Err(KeyError::Unusable("only an RSA key opens what was enveloped to one")),
                    "{} {curve}",
                    backend.name
                );
            }
        }
    }
}

#[test]
fn rsa_keys_of_1024_bits_receive_from_the_rust_backend_only() {
    let key = RUST.key("rsa1024");
    for transport in [KeyTransport::RsaPkcs1, oaep(DigestAlgorithm::Sha256)] {
        let wrapped = RUST.provider.wrap_key(key.public(), transport, &content_key()).unwrap();
        assert_eq!(unwrap(&*key, transport, &wrapped), Ok(content_key()));
        assert!(matches!(
            AWS_LC.provider.wrap_key(key.public(), transport, &content_key()),
            Err(Error::Unsupported(Unsupported::PublicKey(_)))
        ));
    }
    // SHA-512 alone is longer than OAEP has room for in such a key.
    let sha512 = oaep(DigestAlgorithm::Sha512);
    assert!(matches!(
        RUST.provider.wrap_key(key.public(), sha512, &content_key()),
        Err(Error::Misuse(_))
    ));
    assert_eq!(unwrap(&*key, sha512, &[1; 128]), Err(KeyError::Failed));
}
