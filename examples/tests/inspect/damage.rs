//! Damaged input: told with its place, and never the end of the program.

use devicecert::pki::asn1::tag;
use devicecert::pki::to_pem;

use crate::support::{CHALLENGE, WORLD, has, message, opened, request, shown};

#[test]
fn damage_is_told_with_its_place() {
    let sound = request();
    let cases: [(Vec<u8>, &str); 9] = [
        (
            Vec::new(),
            "at byte 0: expected a message, certificate, request or key in DER, PEM or base64, found the end of the input",
        ),
        (b"MIIB!".to_vec(), "at byte 4: expected base64, found '!'"),
        (
            b"<html>".to_vec(),
            "at byte 0: expected a SEQUENCE (tag 0x30), PEM, or base64 that starts with M, found '<'",
        ),
        (b"MIIC HTTP/1.1".to_vec(), "at byte 11: expected base64, found '.'"),
        (
            b"-----BEGIN CERTIFICATE-----\nMIIB".to_vec(),
            "at byte 32: expected -----END CERTIFICATE-----, found the end of the input",
        ),
        (
            b"-----BEGIN X-----\nMII?\n-----END X-----\n".to_vec(),
            "at byte 21: expected base64, found '?'",
        ),
        (
            vec![0x30, 0x03, 0x02, 0x05, 0x00],
            "at byte 2: expected a value that fits, found a length of 5 with 1 bytes left",
        ),
        (vec![0x30, 0x02, 0x05, 0x00], "at byte 0: expected a CMS message, certificate"),
        (sound[..100].to_vec(), "at byte 0: expected a value that fits, found a length of"),
    ];
    for (input, wanted) in cases {
        let damage = shown(&input).damage.unwrap().to_string();
        assert!(damage.starts_with(wanted), "{damage}\nwanted {wanted}");
    }
}

#[test]
fn a_place_inside_a_message_inside_a_message_is_counted_from_the_start_of_the_file() {
    // The envelope's version becomes something that is no INTEGER.
    let mut damaged = request();
    let envelope = envelope_at(&damaged);
    assert_eq!(damaged[envelope], tag::INTEGER);
    damaged[envelope] = tag::OCTET_STRING;
    let report = shown(&damaged);
    let expected = format!(
        "at byte {envelope}: expected the version of EnvelopedData, found OCTET STRING (tag 0x04)"
    );
    assert_eq!(report.damage.unwrap().to_string(), expected);
    // What could be read is there all the same.
    assert!(report.text.contains("PKCSReq (19)"));
}

/// Where the version of the envelope in a message is.
fn envelope_at(message: &[u8]) -> usize {
    let oid = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3];
    let at = message.windows(oid.len()).position(|window| window == oid).unwrap();
    // [0] and SEQUENCE have two octets of length each here.
    at + oid.len() + 8
}

#[test]
fn a_place_inside_a_name_is_counted_from_the_start_of_the_file() {
    let mut damaged = WORLD.ca.as_der().to_vec();
    let name = WORLD.ca.subject().as_der();
    let at = damaged.windows(name.len()).rposition(|window| window == name).unwrap();
    // The SET of the first RDN, behind the header of the name.
    damaged[at + 2] = tag::INTEGER;
    let expected = format!(
        "at byte {}: expected a RelativeDistinguishedName, found INTEGER (tag 0x02)",
        at + 2
    );
    assert_eq!(shown(&damaged).damage.unwrap().to_string(), expected);
}

#[test]
fn much_input_takes_little_time() {
    for much in [
        b"-----BEGIN X-----".repeat(500_000),
        b"-----BEGIN ".repeat(500_000),
        [0x30, 0x80].repeat(4_000_000),
        [&[0x30, 0x84, 0, 0x80, 0, 0][..], &[0x05, 0].repeat(0x40_0000)].concat(),
        b"MIIC".repeat(2_000_000),
    ] {
        let _ = shown(&much);
    }
}

#[test]
fn no_truncation_and_no_flipped_bit_makes_it_panic() {
    let message = request();
    for length in 0..message.len() {
        assert!(shown(&message[..length]).damage.is_some(), "{length}");
    }
    let csr = WORLD.csr.as_der();
    let pem = to_pem("CERTIFICATE REQUEST", csr);
    for sound in [csr, WORLD.ca.as_der(), pem.as_bytes()] {
        for at in 0..sound.len() {
            for bit in 0..8 {
                let mut flipped = sound.to_vec();
                flipped[at] ^= 1 << bit;
                let report = shown(&flipped);
                assert!(!report.text.contains(CHALLENGE));
            }
        }
    }
    for at in (0..message.len()).step_by(3) {
        let mut flipped = message.clone();
        flipped[at] ^= 0x41;
        let _ = opened(&flipped, &WORLD.ca_key);
    }
}

#[test]
fn nesting_without_end_ends() {
    let mut deep = WORLD.csr.as_der().to_vec();
    for _ in 0..40 {
        deep = message(deep, |_| {});
    }
    has(&shown(&deep), &["too many messages inside one another"]);
    assert!(shown(&[0x30, 0x80].repeat(100_000)).damage.is_some());
}
