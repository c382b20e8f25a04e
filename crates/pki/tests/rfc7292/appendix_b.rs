//! Appendix B: keys from passwords. The RFC has no examples; these are the ones that Dr Stephen
//! Henson published, and that OpenSSL, Bouncy Castle and others test with.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::Secret;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::pkcs12::{Purpose, derive};

use super::support::{count, hex};

fn bmp(password: &str) -> Secret {
    let units = password.encode_utf16().chain([0]);
    Secret::new(units.flat_map(u16::to_be_bytes).collect())
}

const VECTORS: [(&str, Purpose, &str, u32, &str); 10] = [
    (
        "smeg",
        Purpose::Key,
        "0A58CF64530D823F",
        1,
        "8AAAE6297B6CB04642AB5B077851284EB7128F1A2A7FBCA3",
    ),
    ("smeg", Purpose::Iv, "0A58CF64530D823F", 1, "79993DFE048D3B76"),
    (
        "smeg",
        Purpose::Key,
        "642B99AB44FB4B1F",
        1,
        "F3A95FEC48D7711E985CFE67908C5AB79FA3D7C5CAA5D966",
    ),
    ("smeg", Purpose::Iv, "642B99AB44FB4B1F", 1, "C0A38D64A79BEA1D"),
    ("smeg", Purpose::Mac, "3D83C0E4546AC140", 1, "8D967D88F6CAA9D714800AB3D48051D63F73A312"),
    (
        "queeg",
        Purpose::Key,
        "05DEC959ACFF72F7",
        1000,
        "ED2034E36328830FF09DF1E1A07DD357185DAC0D4F9EB3D4",
    ),
    ("queeg", Purpose::Iv, "05DEC959ACFF72F7", 1000, "11DEDAD7758D4860"),
    (
        "queeg",
        Purpose::Key,
        "1682C0FC5B3F7EC5",
        1000,
        "483DD6E919D7DE2E8E648BA8F862F3FBFBDC2BCB2C02957F",
    ),
    ("queeg", Purpose::Iv, "1682C0FC5B3F7EC5", 1000, "9D461D1B00355C50"),
    ("queeg", Purpose::Mac, "263216FCC2FAB31C", 1000, "5EC4C7A80DF652294C3925B6489A7AB857C83476"),
];

#[test]
fn b_2_known_answers_with_sha_1() {
    for (password, purpose, salt, iterations, expected) in VECTORS {
        let (digest, expected) = (DigestAlgorithm::Sha1, hex(expected));
        let (password, salt) = (bmp(password), hex(salt));
        let length = expected.len();
        let derived =
            derive(&RustCrypto, digest, purpose, &password, &salt, count(iterations), length);
        assert_eq!(derived.unwrap().expose(), expected, "{purpose:?} {salt:02x?}");
    }
}

#[test]
fn b_2_shorter_output_is_the_start_of_longer_output() {
    for digest in DigestAlgorithm::ALL {
        let (password, salt) = (bmp("secret"), [7; 20]);
        let derive =
            |length| derive(&RustCrypto, digest, Purpose::Key, &password, &salt, count(3), length);
        let long = derive(300).unwrap();
        for length in [0, 1, digest.output_len(), digest.output_len() + 1, 299] {
            assert_eq!(derive(length).unwrap().expose(), &long.expose()[..length]);
        }
    }
}

#[test]
fn b_2_no_salt_and_no_password_are_repeated_to_nothing() {
    let nothing = Secret::new(Vec::new());
    let sha256 = DigestAlgorithm::Sha256;
    let derived = derive(&RustCrypto, sha256, Purpose::Mac, &nothing, &[], count(1), 32).unwrap();
    use devicecert_pki::Provider as _;
    assert_eq!(derived.expose(), RustCrypto.digest(sha256, &[3; 64]).unwrap());
}
