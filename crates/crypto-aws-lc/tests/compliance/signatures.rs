//! Signatures: what OpenSSL made, what each backend makes for the other, and what is refused.

use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::Writer;
use devicecert_pki::error::{KeyError, Rejected, Unsupported};
use devicecert_pki::{Error, Limits, PublicKey, ToBeSigned, oid};

use crate::backends::{AWS_LC, BOTH, Key, PAIRS, RUST, file, public_key};

const SHA: [DigestAlgorithm; 4] = [
    DigestAlgorithm::Sha1,
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
];

const WRONG: Error = Error::Rejected(Rejected::Signature("the message"));

fn openssl_name(digest: DigestAlgorithm) -> String {
    digest.name().to_lowercase().replace('-', "")
}

fn pss(digest: DigestAlgorithm, salt_len: usize) -> SignatureAlgorithm {
    SignatureAlgorithm::RsaPss { digest, mgf1: digest, salt_len }
}

fn sign(key: &dyn Key, algorithm: SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
    key.sign(&ToBeSigned::new(key.public().clone(), algorithm, message.to_vec()))
}

/// Everything that OpenSSL signed and both backends verify: key, algorithm, signature.
fn made_by_openssl() -> Vec<(PublicKey, SignatureAlgorithm, Vec<u8>)> {
    let mut all = Vec::new();
    for digest in SHA {
        let name = openssl_name(digest);
        let rsa = file(&format!("rsa2048-{name}.sig"));
        all.push((public_key("rsa2048"), SignatureAlgorithm::RsaPkcs1(digest), rsa));
        for curve in ["p256", "p384"] {
            let ecdsa = file(&format!("{curve}-{name}.sig"));
            all.push((public_key(curve), SignatureAlgorithm::Ecdsa(digest), ecdsa));
        }
        if digest != DigestAlgorithm::Sha1 {
            let signature = file(&format!("rsa2048-pss-{name}.sig"));
            all.push((public_key("rsa2048"), pss(digest, digest.output_len()), signature));
        }
        if digest != DigestAlgorithm::Sha384 {
            let small = file(&format!("rsa1024-{name}.sig"));
            all.push((public_key("rsa1024"), SignatureAlgorithm::RsaPkcs1(digest), small));
        }
    }
    let salt20 = file("rsa2048-pss-sha256-salt20.sig");
    all.push((public_key("rsa2048"), pss(DigestAlgorithm::Sha256, 20), salt20));
    all
}

#[test]
fn what_openssl_signed_verifies() {
    let message = file("message.txt");
    for backend in BOTH {
        for (key, algorithm, signature) in made_by_openssl() {
            assert_eq!(
                backend.provider.verify(&key, algorithm, &message, &signature),
                Ok(()),
                "{} {algorithm:?} {}",
                backend.name,
                key.kind()
            );
        }
    }
}

#[test]
fn a_changed_message_signature_or_length_is_a_wrong_signature() {
    let message = file("message.txt");
    for backend in BOTH {
        for (key, algorithm, signature) in made_by_openssl() {
            let verify = |message: &[u8], signature: &[u8]| {
                backend.provider.verify(&key, algorithm, message, signature)
            };
            let name = format!("{} {algorithm:?}", backend.name);
            assert_eq!(verify(b"another message", &signature), Err(WRONG), "{name}");
            for at in [0, 9, signature.len() - 1] {
                let mut changed = signature.clone();
                changed[at] ^= 1;
                assert_eq!(verify(&message, &changed), Err(WRONG), "{name}, octet {at}");
            }
            let longer = [signature.clone(), vec![0]].concat();
            assert_eq!(verify(&message, &longer), Err(WRONG), "{name}");
            let shorter = &signature[..signature.len() - 1];
            assert_eq!(verify(&message, shorter), Err(WRONG), "{name}");
            assert_eq!(verify(&message, &[]), Err(WRONG), "{name}");
        }
    }
}

#[test]
fn another_key_is_a_wrong_signature() {
    let message = file("message.txt");
    for backend in BOTH {
        for kind in ["rsa2048", "p256", "p384"] {
            let stranger = (backend.generate)(public_key(kind).kind()).unwrap();
            for (key, algorithm, signature) in made_by_openssl() {
                if key.kind() == stranger.public().kind() {
                    let outcome =
                        backend.provider.verify(stranger.public(), algorithm, &message, &signature);
                    assert_eq!(outcome, Err(WRONG), "{} {algorithm:?}", backend.name);
                }
            }
        }
    }
}

#[test]
fn another_digest_is_a_wrong_signature() {
    let message = file("message.txt");
    let signature = file("rsa2048-sha256.sig");
    for backend in BOTH {
        for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
            let algorithm = SignatureAlgorithm::RsaPkcs1(digest);
            let outcome =
                backend.provider.verify(&public_key("rsa2048"), algorithm, &message, &signature);
            assert_eq!(outcome, Err(WRONG), "{} {digest:?}", backend.name);
        }
    }
}

#[test]
fn what_one_backend_signs_the_other_verifies() {
    for (from, to) in PAIRS {
        for name in ["rsa2048", "p256", "p384"] {
            let key = from.key(name);
            for digest in SHA {
                let algorithm = key.public().signature_algorithm(digest).unwrap();
                if from.name == AWS_LC.name
                    && algorithm == SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha1)
                {
                    continue;
                }
                let signature = sign(&*key, algorithm, b"a message").unwrap();
                assert_eq!(
                    to.provider.verify(key.public(), algorithm, b"a message", &signature),
                    Ok(()),
                    "{} to {}, {name} {digest:?}",
                    from.name,
                    to.name
                );
            }
        }
    }
}

#[test]
fn rsa_pkcs1_signatures_are_the_same_octets_wherever_they_are_made() {
    // RFC 8017 §8.2.1 leaves nothing to chance.
    let message = file("message.txt");
    for backend in BOTH {
        let key = backend.key("rsa2048");
        for digest in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
            let expected = file(&format!("rsa2048-{}.sig", openssl_name(digest)));
            let algorithm = SignatureAlgorithm::RsaPkcs1(digest);
            assert_eq!(sign(&*key, algorithm, &message), Ok(expected), "{}", backend.name);
        }
    }
}

#[test]
fn sha1_rsa_signatures_are_made_by_the_rust_backend_only() {
    let message = file("message.txt");
    let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha1);
    let signature = sign(&*RUST.key("rsa2048"), algorithm, &message);
    assert_eq!(signature, Ok(file("rsa2048-sha1.sig")));
    assert_eq!(
        sign(&*AWS_LC.key("rsa2048"), algorithm, &message),
        Err(KeyError::Algorithm("RSA signatures with MD5 or SHA-1"))
    );
}

#[test]
fn md5_is_verified_by_the_rust_backend_and_signed_by_none() {
    let (message, signature) = (file("message.txt"), file("rsa2048-md5.sig"));
    let md5 = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Md5);
    let key = public_key("rsa2048");
    assert_eq!(RUST.provider.verify(&key, md5, &message, &signature), Ok(()));
    assert_eq!(RUST.provider.verify(&key, md5, b"another message", &signature), Err(WRONG));
    assert_eq!(
        AWS_LC.provider.verify(&key, md5, &message, &signature),
        Err(Unsupported::Backend("MD5").into())
    );
    for backend in BOTH {
        for name in ["rsa2048", "p256", "p384"] {
            let key = backend.key(name);
            let algorithm = key.public().signature_algorithm(DigestAlgorithm::Md5).unwrap();
            let refused = sign(&*key, algorithm, &message);
            assert!(matches!(refused, Err(KeyError::Algorithm(_))), "{} {name}", backend.name);
        }
    }
}

#[test]
fn pss_is_verified_with_the_salt_length_it_names_and_never_made() {
    let message = file("message.txt");
    let signature = file("rsa2048-pss-sha256.sig");
    let key = public_key("rsa2048");
    for backend in BOTH {
        for salt_len in [0, 20, 31, 33, 255, 256, 65_536, usize::MAX] {
            let algorithm = pss(DigestAlgorithm::Sha256, salt_len);
            let outcome = backend.provider.verify(&key, algorithm, &message, &signature);
            assert_eq!(outcome, Err(WRONG), "{} {salt_len}", backend.name);
        }
        assert_eq!(
            sign(&*backend.key("rsa2048"), pss(DigestAlgorithm::Sha256, 32), &message),
            Err(KeyError::Algorithm("RSASSA-PSS"))
        );
    }
}

#[test]
fn pss_with_sha1_is_verified_by_the_rust_backend_and_with_two_digests_by_none() {
    let message = file("message.txt");
    let signature = file("rsa2048-pss-sha1.sig");
    let key = public_key("rsa2048");
    let sha1 = pss(DigestAlgorithm::Sha1, 20);
    assert_eq!(RUST.provider.verify(&key, sha1, &message, &signature), Ok(()));
    assert!(matches!(
        AWS_LC.provider.verify(&key, sha1, &message, &signature),
        Err(Error::Unsupported(Unsupported::Backend(_)))
    ));
    let (digest, mgf1) = (DigestAlgorithm::Sha256, DigestAlgorithm::Sha1);
    for backend in BOTH {
        let two_digests = SignatureAlgorithm::RsaPss { digest, mgf1, salt_len: 32 };
        assert_eq!(
            backend.provider.verify(&key, two_digests, &message, &signature),
            Err(Unsupported::Backend("RSASSA-PSS with two digests").into())
        );
    }
}

#[test]
fn a_key_of_another_kind_cannot_verify_or_sign() {
    for backend in BOTH {
        for (name, algorithm) in [
            ("p256", SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256)),
            ("p384", pss(DigestAlgorithm::Sha384, 48)),
            ("rsa2048", SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)),
        ] {
            assert_eq!(
                backend.provider.verify(&public_key(name), algorithm, b"a message", &[0; 256]),
                Err(Unsupported::PublicKey("the key does not fit the signature algorithm").into()),
                "{} {name}",
                backend.name
            );
            assert_eq!(
                sign(&*backend.key(name), algorithm, b"a message"),
                Err(KeyError::Algorithm(algorithm.name())),
                "{} {name}",
                backend.name
            );
        }
    }
}

#[test]
fn a_signature_is_not_made_for_another_public_key() {
    for backend in BOTH {
        let (key, other) = (backend.key("p256"), (backend.generate)(public_key("p256").kind()));
        let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
        let ask = ToBeSigned::new(other.unwrap().public().clone(), algorithm, b"m".to_vec());
        assert_eq!(
            key.sign(&ask),
            Err(KeyError::Unusable("the signature is wanted from another key")),
            "{}",
            backend.name
        );
    }
}

fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> PublicKey {
    let key = Writer::build(|w| {
        w.sequence(|w| {
            w.unsigned_octets(modulus);
            w.unsigned_octets(exponent);
        });
    });
    let der = Writer::build(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(&oid::RSA_ENCRYPTION);
                w.null();
            });
            w.bit_string(&key);
        });
    });
    let mut limits = Limits::default();
    limits.rsa_modulus_bits = usize::MAX;
    PublicKey::parse(&der, &limits).unwrap()
}

#[test]
fn rsa_keys_below_1024_and_above_8192_bits_are_refused_before_any_arithmetic() {
    let sha256 = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
    let pss = pss(DigestAlgorithm::Sha256, 32);
    for backend in BOTH {
        for octets in [64, 127, 1025, 8192] {
            let key = rsa_public_key(&vec![0xff; octets], &[1, 0, 1]);
            for algorithm in [sha256, pss] {
                let outcome =
                    backend.provider.verify(&key, algorithm, b"a message", &vec![1; octets]);
                assert!(
                    matches!(outcome, Err(Error::Unsupported(Unsupported::PublicKey(_)))),
                    "{} {octets}: {outcome:?}",
                    backend.name
                );
            }
        }
    }
}

#[test]
fn rsa_keys_that_no_generator_makes_are_never_a_right_signature() {
    let odd = vec![0xff; 256];
    let mut even = odd.clone();
    even[255] = 0xfe;
    for (modulus, exponent) in [
        (even, vec![1, 0, 1]),
        (odd.clone(), vec![0]),
        (odd.clone(), vec![1]),
        (odd.clone(), vec![1, 0, 0]),
        // An exponent as long as the modulus makes the verifier work for the attacker.
        (odd.clone(), odd[1..].to_vec()),
    ] {
        let key = rsa_public_key(&modulus, &exponent);
        for backend in BOTH {
            for algorithm in [
                SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256),
                pss(DigestAlgorithm::Sha256, 32),
            ] {
                let outcome = backend.provider.verify(&key, algorithm, b"m", &[1; 256]);
                assert!(outcome.is_err(), "{} {exponent:?}", backend.name);
            }
        }
    }
}

#[test]
fn an_empty_rsa_public_key_is_damaged_and_not_a_wrong_signature() {
    let der = Writer::build(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(&oid::RSA_ENCRYPTION);
                w.null();
            });
            // A modulus of the right length without its exponent.
            w.bit_string(&Writer::build(|w| w.sequence(|w| w.unsigned_octets(&[0xff; 256]))));
        });
    });
    let key = PublicKey::parse(&der, &Limits::default()).unwrap();
    for backend in BOTH {
        let algorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
        assert_eq!(
            backend.provider.verify(&key, algorithm, b"m", &[1; 256]),
            Err(Unsupported::PublicKey("the RSA public key is damaged").into()),
            "{}",
            backend.name
        );
    }
}
