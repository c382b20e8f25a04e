//! X.690 §8.1, identifier, length and end-of-contents octets.

use super::spelling::{Node, Spelling, spellings};
use crate::support::{hex, limits, malformed, testdata};
use devicecert_pki::ber::normalise;
use devicecert_pki::error::Found;
use std::borrow::Cow;

fn normalised(octets: &str) -> Vec<u8> {
    normalise(&hex(octets), &limits()).unwrap().into_owned()
}

fn refused(octets: &str) -> (usize, &'static str, Found) {
    malformed(normalise(&hex(octets), &limits()))
}

const HEADER: &str = "the header of a value";

#[test]
fn every_spelling_of_a_message_becomes_its_der() {
    for name in [
        "signed-sha256",
        "signed-twice",
        "signed-detached",
        "signed-empty",
        "certs-and-crl",
        "enveloped-aes-128-cbc",
        "enveloped-ski",
        "enveloped-empty",
        "enveloped-kinds",
        "ours-signed",
    ] {
        let der = testdata(&format!("rfc5652/{name}.der"));
        let message = Node::parse(&der);
        assert_eq!(message.to_der(), der, "{name}: the helper itself");
        for spelling in spellings() {
            let ber = message.spell(spelling);
            let normalised = normalise(&ber, &limits());
            let normalised = normalised.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(*normalised == der, "{name} as {spelling:?}");
        }
    }
}

#[test]
fn spellings_differ_from_der() {
    // Lest the test above compare DER with DER.
    let message = Node::parse(&testdata("rfc5652/enveloped-aes-128-cbc.der"));
    let der = message.to_der();
    let same: Vec<Spelling> =
        spellings().into_iter().filter(|spelling| message.spell(*spelling) == der).collect();
    assert_eq!(same.len(), 1, "{same:?}");
}

#[test]
fn the_indefinite_form_ends_with_end_of_contents() {
    assert_eq!(normalised("3080 0000"), hex("3000"));
    assert_eq!(normalised("3080 020105 0000"), hex("3003 020105"));
    assert_eq!(normalised("3080 3180 0500 0000 a080 0000 0000"), hex("3006 31020500 a000"));
    // Definite in indefinite, and the other way round.
    assert_eq!(normalised("3080 3004 3080 0000 0000"), hex("3004 3002 3000"));
    assert_eq!(normalised("3006 3080 0500 0000"), hex("3004 3002 0500"));
}

#[test]
fn lengths_may_be_longer_than_needed() {
    assert_eq!(normalised("30 81 03 020105"), hex("3003 020105"));
    assert_eq!(normalised("30 03 02 81 00"), hex("3002 0200"));
    assert_eq!(normalised("30 84 00000005 02 82 0001 05"), hex("3003 020105"));
    assert_eq!(normalised("04 89 000000000000000001 ff"), hex("0401 ff"));
    // 128 octets need the long form with one octet, 256 with two.
    for (length, header) in [(127, "047f"), (128, "048180"), (255, "0481ff"), (256, "04820100")] {
        let content = vec![7; length];
        let long = [hex("0484"), (length as u32).to_be_bytes().to_vec(), content.clone()].concat();
        let der = [hex(header), content].concat();
        assert_eq!(*normalise(&long, &limits()).unwrap(), der);
        assert!(matches!(normalise(&der, &limits()), Ok(Cow::Borrowed(_))));
    }
}

#[test]
fn a_primitive_value_has_no_indefinite_form() {
    let expected = "a definite length for a primitive value";
    assert_eq!(refused("0480 0000"), (0, expected, Found::Tag(4)));
    assert_eq!(refused("3080 0280 0000 0000"), (2, expected, Found::Tag(2)));
    assert_eq!(refused("0580 0000"), (0, expected, Found::Tag(5)));
}

#[test]
fn end_of_contents_only_ends_the_indefinite_form() {
    let eoc = Found::Value("end-of-contents octets");
    assert_eq!(refused("0000"), (0, HEADER, eoc.clone()));
    // Inside a definite length it is no value.
    assert_eq!(refused("3002 0000"), (2, HEADER, eoc.clone()));
    assert_eq!(refused("3080 3002 0000 0000"), (4, HEADER, eoc));
    // It has no content.
    assert_eq!(refused("3080 0001 00"), (2, "end-of-contents octets", Found::Tag(0)));
    assert_eq!(refused("3080 00"), (2, "end-of-contents octets", Found::Tag(0)));
    // Once too often, or not at all.
    assert_eq!(refused("3080 0000 0000"), (4, "the end of the message", Found::Trailing(2)));
    assert_eq!(refused("3080 3080 0000"), (6, HEADER, Found::End));
    assert_eq!(refused("3080"), (2, HEADER, Found::End));
}

#[test]
fn the_end_of_a_value_inside_is_not_borrowed_from_outside() {
    // The inner indefinite value is cut off by the outer definite length.
    let expected = "the end of a constructed value";
    assert_eq!(refused("3080 3002 3080 0000 0000"), (8, expected, Found::Tag(0)));
    assert_eq!(refused("3004 3080 0500 0000"), (8, expected, Found::End));
}

#[test]
fn a_value_fits_the_one_around_it() {
    let fits = "a value that fits";
    let found = |length, left| Found::Length { length, left };
    assert_eq!(refused("3003 0402 00"), (2, fits, found(2, 1)));
    assert_eq!(refused("3003 0403 00 0500"), (2, fits, found(3, 1)));
    assert_eq!(refused("0401"), (0, fits, found(1, 0)));
    assert_eq!(refused("04 88 ffffffffffffffff 00"), (0, fits, found(u64::MAX, 1)));
    // A header that is cut in two by the end of the value around it.
    assert_eq!(refused("3004 020105 05"), (5, HEADER, Found::End));
}

#[test]
fn a_length_of_more_than_64_bits_is_refused() {
    let found = Found::Value("a length of more than 64 bits");
    assert_eq!(refused("04 89 010000000000000000"), (0, HEADER, found.clone()));
    assert_eq!(refused(&format!("04 ff {}", "ff".repeat(127))), (0, HEADER, found));
}

#[test]
fn a_header_is_there_as_a_whole() {
    for cut in ["", "04", "04 81", "04 82 00", "30 84 000000"] {
        assert_eq!(refused(cut), (0, HEADER, Found::End), "{cut}");
    }
}

#[test]
fn tags_of_several_octets_are_refused() {
    let found = Found::Value("a tag number above 30");
    assert_eq!(refused("1f1f00"), (0, HEADER, found.clone()));
    assert_eq!(refused("3080 bf8a1f00 0000"), (2, HEADER, found.clone()));
    assert_eq!(refused("3003 ff1f00"), (2, HEADER, found));
}

#[test]
fn nothing_may_follow() {
    for (octets, at, left) in [("0500 00", 2, 1), ("3080 0000 0500", 4, 2), ("3000 3000", 2, 2)] {
        let found = Found::Trailing(left);
        assert_eq!(refused(octets), (at, "the end of the message", found), "{octets}");
    }
}
