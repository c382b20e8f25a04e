//! ECDSA (FIPS 186-5 §6) with the vectors of RFC 6979 A.2.5 and A.2.6.

use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::Writer;
use devicecert_pki::error::{Rejected, Unsupported};
use devicecert_pki::{KeyKind, Limits, PublicKey, oid};

use crate::backends::{BOTH, hex};

const P256: &str = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6
     7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";

/// The signatures of "sample": digest, r, s.
const P256_SAMPLE: [(DigestAlgorithm, &str, &str); 4] = [
    (
        DigestAlgorithm::Sha1,
        "61340C88C3AAEBEB4F6D667F672CA9759A6CCAA9FA8811313039EE4A35471D32",
        "6D7F147DAC089441BB2E2FE8F7A3FA264B9C475098FDCF6E00D7C996E1B8B7EB",
    ),
    (
        DigestAlgorithm::Sha256,
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    ),
    (
        DigestAlgorithm::Sha384,
        "0EAFEA039B20E9B42309FB1D89E213057CBF973DC0CFC8F129EDDDC800EF7719",
        "4861F0491E6998B9455193E34E7B0D284DDD7149A74B95B9261F13ABDE940954",
    ),
    (
        DigestAlgorithm::Sha512,
        "8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00",
        "2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE",
    ),
];

const P384: &str = "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64
     DEF8F0EA9055866064A254515480BC13
     8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1
     288B231C3AE0D4FE7344FD2533264720";

const P384_SAMPLE: [(DigestAlgorithm, &str, &str); 4] = [
    (
        DigestAlgorithm::Sha1,
        "EC748D839243D6FBEF4FC5C4859A7DFFD7F3ABDDF72014540C16D73309834FA3
         7B9BA002899F6FDA3A4A9386790D4EB2",
        "A3BCFA947BEEF4732BF247AC17F71676CB31A847B9FF0CBC9C9ED4C1A5B3FACF
         26F49CA031D4857570CCB5CA4424A443",
    ),
    (
        DigestAlgorithm::Sha256,
        "21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33
         BDE1E888E63355D92FA2B3C36D8FB2CD",
        "F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEB
         EFDC63ECCD1AC42EC0CB8668A4FA0AB0",
    ),
    (
        DigestAlgorithm::Sha384,
        "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C
         81A648152E44ACF96E36DD1E80FABE46",
        "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F
         A329C145786E679E7B82C71A38628AC8",
    ),
    (
        DigestAlgorithm::Sha512,
        "ED0959D5880AB2D869AE7F6C2915C6D60F96507F9CB3E047C0046861DA4A799C
         FE30F35CC900056D7C99CD7882433709",
        "512C8CCEEE3890A84058CE1E22DBC2198F42323CE8ACA9135329F03C068E5112
         DC7CC3EF3446DEFCEB01A45C2667FDD5",
    ),
];

fn key(kind: KeyKind, point: &[u8]) -> PublicKey {
    let curve = if kind == KeyKind::P256 { oid::SECP256R1 } else { oid::SECP384R1 };
    let der = Writer::build(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                w.oid(&oid::EC_PUBLIC_KEY);
                w.oid(&curve);
            });
            w.bit_string(point);
        });
    });
    PublicKey::parse(&der, &Limits::default()).unwrap()
}

fn uncompressed(kind: KeyKind, coordinates: &str) -> PublicKey {
    key(kind, &[vec![4], hex(coordinates)].concat())
}

fn signature(r: &str, s: &str) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            w.unsigned_octets(&hex(r));
            w.unsigned_octets(&hex(s));
        });
    })
}

fn cases() -> Vec<(PublicKey, DigestAlgorithm, &'static str, &'static str)> {
    let p256 = P256_SAMPLE.map(|(digest, r, s)| (uncompressed(KeyKind::P256, P256), digest, r, s));
    let p384 = P384_SAMPLE.map(|(digest, r, s)| (uncompressed(KeyKind::P384, P384), digest, r, s));
    p256.into_iter().chain(p384).collect()
}

#[test]
fn the_vectors_of_rfc_6979_verify_with_each_digest_on_each_curve() {
    for backend in BOTH {
        for (key, digest, r, s) in cases() {
            let algorithm = SignatureAlgorithm::Ecdsa(digest);
            assert_eq!(
                backend.provider.verify(&key, algorithm, b"sample", &signature(r, s)),
                Ok(()),
                "{} {} {digest:?}",
                backend.name,
                key.kind()
            );
            assert_eq!(
                backend.provider.verify(&key, algorithm, b"test", &signature(r, s)),
                Err(Rejected::Signature("the message").into()),
            );
        }
    }
}

#[test]
fn a_signature_verifies_only_with_the_digest_it_was_made_with() {
    for backend in BOTH {
        for (key, digest, r, s) in cases() {
            for (other, ..) in P256_SAMPLE {
                let algorithm = SignatureAlgorithm::Ecdsa(other);
                let outcome = backend.provider.verify(&key, algorithm, b"sample", &signature(r, s));
                assert_eq!(outcome.is_ok(), other == digest, "{} {other:?}", backend.name);
            }
        }
    }
}

#[test]
fn a_signature_of_zeros_or_in_another_encoding_is_rejected() {
    let [_, (digest, r, s), ..] = P256_SAMPLE;
    let key = uncompressed(KeyKind::P256, P256);
    let zero = "00";
    let order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    let with_trailing = [signature(r, s), vec![0]].concat();
    let wrong = [
        signature(zero, zero),
        signature(r, zero),
        signature(zero, s),
        signature(order, s),
        signature(r, order),
        [hex(r), hex(s)].concat(),
        with_trailing,
        Vec::new(),
    ];
    for backend in BOTH {
        for signature in &wrong {
            assert_eq!(
                backend.provider.verify(
                    &key,
                    SignatureAlgorithm::Ecdsa(digest),
                    b"sample",
                    signature
                ),
                Err(Rejected::Signature("the message").into()),
                "{}",
                backend.name
            );
        }
    }
}

#[test]
fn a_compressed_point_is_the_same_key() {
    let [_, (digest, r, s), ..] = P256_SAMPLE;
    // The last bit of y is 1 (SEC 1 §2.3.3).
    let compressed = [vec![3], hex(P256)[..32].to_vec()].concat();
    let key = key(KeyKind::P256, &compressed);
    for backend in BOTH {
        let algorithm = SignatureAlgorithm::Ecdsa(digest);
        assert_eq!(
            backend.provider.verify(&key, algorithm, b"sample", &signature(r, s)),
            Ok(()),
            "{}",
            backend.name
        );
    }
}

#[test]
fn a_point_off_the_curve_is_no_public_key() {
    let [_, (digest, r, s), ..] = P256_SAMPLE;
    let mut off = [vec![4], hex(P256)].concat();
    off[40] ^= 1;
    for point in [off, vec![0], Vec::new()] {
        let key = key(KeyKind::P256, &point);
        for backend in BOTH {
            let algorithm = SignatureAlgorithm::Ecdsa(digest);
            assert_eq!(
                backend.provider.verify(&key, algorithm, b"sample", &signature(r, s)),
                Err(Unsupported::PublicKey("the EC public key is no point of its curve").into()),
                "{}",
                backend.name
            );
        }
    }
}
