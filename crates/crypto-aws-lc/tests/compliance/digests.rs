//! Message digests.

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::error::Unsupported;

use crate::backends::{AWS_LC, BOTH, RUST, hex};

/// The digests of "abc" in the examples of RFC 1321 A.5 and FIPS 180.
const OF_ABC: [(DigestAlgorithm, &str); 5] = [
    (DigestAlgorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
    (DigestAlgorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (DigestAlgorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        DigestAlgorithm::Sha384,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
         8086072ba1e7cc2358baeca134c825a7",
    ),
    (
        DigestAlgorithm::Sha512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
];

#[test]
fn each_digest_of_abc_is_that_of_its_standard() {
    for backend in BOTH {
        for (algorithm, expected) in OF_ABC {
            if algorithm == DigestAlgorithm::Md5 && backend.name == AWS_LC.name {
                continue;
            }
            let digest = backend.provider.digest(algorithm, b"abc").unwrap();
            assert_eq!(digest, hex(expected), "{algorithm:?} of {}", backend.name);
            assert_eq!(digest.len(), algorithm.output_len());
        }
    }
}

#[test]
fn md5_is_a_matter_of_the_rust_backend() {
    let expected = hex("d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(RUST.provider.digest(DigestAlgorithm::Md5, b""), Ok(expected));
    assert_eq!(
        AWS_LC.provider.digest(DigestAlgorithm::Md5, b""),
        Err(Unsupported::Backend("MD5").into())
    );
}

#[test]
fn two_draws_of_random_bytes_differ() {
    for backend in BOTH {
        let (mut one, mut other) = ([0; 32], [0; 32]);
        backend.provider.random(&mut one).unwrap();
        backend.provider.random(&mut other).unwrap();
        assert_ne!(one, other, "{}", backend.name);
        assert_eq!(backend.provider.random(&mut []), Ok(()), "{}", backend.name);
    }
}
