//! RFC 7468, PEM armour the way files have it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use devicecert_pki::{PemError, from_pem, to_pem};
use support::{hex, testdata};

const LABEL: &str = "CERTIFICATE";
const MISSING: Result<Vec<Vec<u8>>, PemError> = Err(PemError::Missing(LABEL));
const DAMAGED: Result<Vec<Vec<u8>>, PemError> = Err(PemError::Damaged(LABEL));

fn read(text: &str) -> Result<Vec<Vec<u8>>, PemError> {
    from_pem(LABEL, text)
}

/// A block around some base64.
fn block(body: &str) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
}

#[test]
fn a_block_is_what_openssl_writes() {
    let text = String::from_utf8(testdata("rfc7468/rsa.pem")).unwrap();
    let der = testdata("rfc5652/rsa.crt");
    assert_eq!(to_pem(LABEL, &der), text);
    assert_eq!(read(&text), Ok(vec![der]));
}

#[test]
fn text_around_the_blocks_is_passed_over() {
    // `openssl x509 -text` and `openssl s_client` put such text in front of and between blocks.
    let text = String::from_utf8(testdata("rfc7468/two-with-text.pem")).unwrap();
    assert!(text.contains("Signature Algorithm:"));
    let expected = vec![testdata("rfc5652/rsa.crt"), testdata("rfc5652/ec.crt")];
    assert_eq!(read(&text), Ok(expected));
}

#[test]
fn several_blocks_keep_their_order() {
    let text = [block("AQID"), block("BA=="), block("BQY=")].concat();
    assert_eq!(read(&text), Ok(vec![hex("010203"), hex("04"), hex("0506")]));
    let in_a_row = text.replace('\n', "");
    assert_eq!(read(&in_a_row), read(&text));
}

#[test]
fn blocks_with_other_labels_are_passed_over() {
    let other = block("BA==").replace("CERTIFICATE", "CERTIFICATE REQUEST");
    let trusted = block("BA==").replace("CERTIFICATE", "TRUSTED CERTIFICATE");
    let all = [other.clone(), block("AQID"), trusted].concat();
    assert_eq!(read(&all), Ok(vec![hex("010203")]));
    assert_eq!(read(&other), MISSING);
    assert_eq!(from_pem("CERTIFICATE REQUEST", &all), Ok(vec![hex("04")]));
}

#[test]
fn white_space_does_not_matter() {
    let der = testdata("rfc5652/rsa.crt");
    let unix = to_pem(LABEL, &der);
    let body: String = unix.lines().filter(|line| !line.starts_with('-')).collect();
    let one_character_a_line: String = body.chars().flat_map(|c| [c, '\n']).collect();
    for text in [
        unix.replace('\n', "\r\n"),
        unix.replace('\n', "\r"),
        unix.replace('\n', "\n\n"),
        unix.replace('\n', " \t\n  "),
        block(&body), // one long line
        block(&one_character_a_line),
        unix.trim_end().to_owned(), // no line end at the end
        format!("\u{feff}{unix}"),  // a byte order mark
    ] {
        assert_eq!(read(&text), Ok(vec![der.clone()]), "{text:.80}");
    }
}

#[test]
fn a_text_without_blocks_has_none() {
    for text in ["", "AQID", "BEGIN CERTIFICATE", "----BEGIN CERTIFICATE----", "-----BEGIN "] {
        assert_eq!(read(text), MISSING, "{text}");
    }
    assert_eq!(read("-----END CERTIFICATE-----"), MISSING);
    assert_eq!(read(&block("AQID").to_lowercase()), MISSING);
}

#[test]
fn a_damaged_block_is_refused_and_not_left_out() {
    for damaged in [
        "-----BEGIN CERTIFICATE-----\nAQID\n".to_owned(),
        "-----BEGIN CERTIFICATE-----".to_owned(),
        block("AQID").replace("END CERTIFICATE", "END CERTIFICATE REQUEST"),
        block("AQI"),   // a character missing
        block("AQ=D"),  // padding in between
        block("A"),     // not an octet
        block("AQID!"), // no base64
        block("AQI\u{e9}"),
        block("AQID-_"), // the alphabet for URLs
        block("AR=="),   // bits that are set and not used
        // Encrypted, as SSLeay wrote it (RFC 1421 headers).
        block("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAQID"),
    ] {
        assert_eq!(read(&damaged), DAMAGED, "{damaged}");
        assert_eq!(read(&[block("AQID"), damaged].concat()), DAMAGED);
    }
}

#[test]
fn lines_are_64_characters_long() {
    // RFC 7468 §2
    for length in [0, 1, 47, 48, 49, 96, 97] {
        let octets = vec![0xa5; length];
        let text = to_pem("X", &octets);
        assert!(text.starts_with("-----BEGIN X-----\n"));
        assert!(text.ends_with("-----END X-----\n"));
        assert!(!text.contains('\r'));
        let body: Vec<&str> = text.lines().filter(|line| !line.starts_with('-')).collect();
        assert!(body.iter().rev().skip(1).all(|line| line.len() == 64));
        assert_eq!(body.iter().map(|line| line.len()).sum::<usize>(), length.div_ceil(3) * 4);
    }
}

#[test]
fn what_is_written_is_read() {
    for length in [1, 2, 3, 48, 1000] {
        let octets: Vec<u8> = (0..length).map(|at: usize| at.to_le_bytes()[0]).collect();
        assert_eq!(read(&to_pem(LABEL, &octets)), Ok(vec![octets]));
    }
}
