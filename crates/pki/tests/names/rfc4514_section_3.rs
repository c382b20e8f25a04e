//! RFC 4514 §3, reading a name.

use super::support::{complaint, name};
use devicecert_pki::Name;

#[test]
fn types_are_read_in_any_case_and_by_every_name() {
    let expected = name("CN=x");
    for text in ["cn=x", "commonName=x", "COMMONNAME=x", "2.5.4.3=x"] {
        assert_eq!(name(text), expected, "{text}");
    }
    for (alias, short) in [
        ("S", "ST"),
        ("E", "emailAddress"),
        ("Email", "emailAddress"),
        ("T", "title"),
        ("G", "givenName"),
        ("GN", "givenName"),
        ("surname", "SN"),
        ("SERIALNUMBER", "serialNumber"),
        ("userId", "UID"),
    ] {
        assert_eq!(name(&format!("{alias}=x")).to_string(), format!("{short}=x"));
    }
}

#[test]
fn a_known_type_keeps_its_string_type_when_written_as_a_number() {
    assert_eq!(name("2.5.4.6=CH"), name("C=CH"));
    assert_eq!(name("1.2.840.113549.1.9.1=a@b"), name("E=a@b"));
}

#[test]
fn object_identifiers_beyond_32_bits_are_kept() {
    let text = "2.25.340282366920938463463374607431768211455=x,2.999.1=x";
    let name = name(text);
    let names: Vec<_> = name.attributes().iter().map(|a| a.type_name().into_owned()).collect();
    assert_eq!(names, ["2.999.1", "2.25.340282366920938463463374607431768211455"]);
    assert_eq!(name.attributes()[0].oid(), None);
    assert_eq!(name.attributes()[0].text().unwrap(), "x");
}

#[test]
fn a_value_may_be_empty_or_hold_equals_signs_and_hashes() {
    assert_eq!(name("CN=").common_name().unwrap(), "");
    assert_eq!(name("CN=,O=a").common_name().unwrap(), "");
    assert_eq!(name("CN=a=b#c").common_name().unwrap(), "a=b#c");
}

#[test]
fn escapes_stand_for_any_special_character() {
    assert_eq!(name(r#"CN=\ \"\#\+\,\;\<\=\>\\\ "#).common_name().unwrap(), " \"#+,;<=>\\ ");
    assert_eq!(name(r"CN=\41\20").common_name().unwrap(), "A ");
    assert_eq!(name(r"CN=a\00b").common_name().unwrap(), "a\0b");
}

#[test]
fn nothing_is_the_empty_name() {
    for text in ["", "  ", "/"] {
        assert!(name(text).is_empty());
        assert_eq!(name(text).as_der(), [0x30, 0]);
        assert_eq!(name(text), Name::empty());
    }
    assert_eq!(Name::empty().to_string(), "");
    assert_eq!(Name::empty().common_name(), None);
}

#[test]
fn errors_say_where_and_what() {
    let equals = "'=' after the attribute type";
    let kind = "an attribute type";
    let known = "a known attribute type or an object identifier";
    let hexadecimal = "a hexadecimal digit";
    let escape = "two hexadecimal digits or one of \" # + , ; < = > \\";
    let backslash = "a '\\' before this character";
    for (text, at, expected) in [
        ("CN", 2, equals),
        ("laptop,O=a", 6, equals),
        ("CN=ü,O", 6, equals),
        ("=x", 0, kind),
        ("CN=x,", 5, kind),
        ("CN=x,,O=a", 5, kind),
        ("CN=x+", 5, kind),
        ("CN=x, XY=z", 6, known),
        ("1=x", 0, known),
        ("1.2.=x", 0, known),
        ("3.1=x", 0, known),
        ("1.40=x", 0, known),
        ("CN =x, C N=x", 7, known),
        (r"CN=a\", 5, escape),
        (r"CN=ACME\jdoe", 8, escape),
        (r"CN=ACME\ax", 9, hexadecimal),
        ("CN=a\"b\"", 4, backslash),
        ("CN=a<b", 4, backslash),
        ("CN=a\0", 4, backslash),
        (r"CN=\ff", 3, "a value in UTF-8"),
        ("CN=#", 3, "'#' and the encoding of one value in hexadecimal"),
        ("CN=#0c0278", 3, "'#' and the encoding of one value in hexadecimal"),
        ("CN=#0c01780c0178", 3, "'#' and the encoding of one value in hexadecimal"),
        ("CN=#0c017", 9, hexadecimal),
        ("CN=#0c0178 x", 11, "',', '+' or the end of the name"),
    ] {
        assert_eq!(complaint(text), (at, expected), "{text}");
    }
}
