//! RFC 5280 §4.1.2.4, the encoding of a name.

use super::support::{common_name, complaint, hex, name, nest};
use devicecert_pki::Name;
use devicecert_pki::error::{Error, Found, LimitExceeded, Malformed, Misuse};

const PRINTABLE: &str = "nothing but letters, digits, blanks and ' ( ) + , - . / : = ?";

fn first_tag(text: &str) -> u8 {
    name(text).attributes()[0].value_der()[0]
}

fn malformed(der: &[u8]) -> (usize, &'static str, Found) {
    match Name::parse(der) {
        Err(Error::Malformed(Malformed { offset, expected, found })) => (offset, expected, found),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_type_has_its_string_type() {
    for text in ["C=CH", "serialNumber=1", "dnQualifier=1", "jurisdictionC=CH"] {
        assert_eq!(first_tag(text), 0x13, "{text}");
    }
    for text in ["DC=example", "emailAddress=a@example.com"] {
        assert_eq!(first_tag(text), 0x16, "{text}");
    }
    for text in ["CN=x", "O=x", "OU=x", "UID=x", "unstructuredName=x", "1.2.3=x"] {
        assert_eq!(first_tag(text), 0x0c, "{text}");
    }
}

#[test]
fn a_value_that_its_type_cannot_carry_is_refused() {
    assert_eq!(complaint("CN=x,serialNumber=a_b"), (18, PRINTABLE));
    assert_eq!(complaint("C=Zürich"), (2, PRINTABLE));
    assert_eq!(complaint("E=zoë@example.com"), (2, "nothing but ASCII characters"));
    let error = Name::from_rdns([[("C", "Zürich")]]).unwrap_err();
    assert_eq!(error, Error::from(Misuse::Value(PRINTABLE)));
}

#[test]
fn rdns_become_what_the_text_becomes() {
    // The shape of the Subject arrays in Apple's profiles.
    let subject = vec![
        vec![("C", "US")],
        vec![("O", "Apple Inc.")],
        vec![("cn", "foo"), ("OU", "#a, b")],
        vec![("1.2.5.3", "bar")],
    ];
    let expected = name(r"1.2.5.3=bar,CN=foo+OU=\#a\, b,O=Apple Inc.,C=US");
    assert_eq!(Name::from_rdns(subject).unwrap(), expected);
    let none: [[(&str, &str); 1]; 0] = [];
    assert_eq!(Name::from_rdns(none).unwrap(), Name::empty());
}

#[test]
fn rdns_that_make_no_name_are_refused() {
    let empty: [[(&str, &str); 0]; 1] = [[]];
    assert!(matches!(Name::from_rdns(empty), Err(Error::Misuse(Misuse::Value(_)))));
    assert!(matches!(Name::from_rdns([[("XY", "x")]]), Err(Error::Misuse(Misuse::Value(_)))));
    assert!(matches!(Name::from_rdns([[("", "x")]]), Err(Error::Misuse(Misuse::Value(_)))));
}

#[test]
fn a_multi_valued_rdn_is_a_der_set() {
    let sorted = hex("3016 3114 3008 0603550403 0c0178 3008 060355040b 0c0178");
    assert_eq!(name("CN=x+OU=x").as_der(), sorted);
    assert_eq!(name("OU=x+CN=x").as_der(), sorted);
}

#[test]
fn the_last_common_name_is_the_most_specific() {
    assert_eq!(name("CN=leaf,CN=Users,DC=example").common_name().unwrap(), "leaf");
    assert_eq!(name("O=Acme").common_name(), None);
    assert_eq!(common_name(&hex("0402 4869")).common_name(), None);
}

#[test]
fn what_came_is_kept() {
    for value in [
        "1c08 00000041 00000042", // a UniversalString
        "0500",                   // no string at all
        "3003 020105",            // a structure
        "c702 4869",              // a tag that is private
        "0c81 0178",              // a length that DER writes shorter
        "1305 61407a2a5f",        // characters that a PrintableString does not have
    ] {
        let value = hex(value);
        let name = common_name(&value);
        assert_eq!(name.attributes()[0].value_der(), value);
        assert!(name.as_der().ends_with(&value));
    }
}

#[test]
fn strings_of_openssl_are_read_whatever_their_type() {
    // openssl req -new -utf8 -config … with string_mask=pkix, O=Zürich, CN=Lučić
    let bmp = hex("302c31153013060355040a1e0c005a00fc00720069006300683113
        301106035504031e0a004c0075010d00690107");
    let name = Name::parse(&bmp).unwrap();
    assert_eq!(name.as_der(), bmp);
    assert_eq!(name.to_string(), "CN=Lučić,O=Zürich");
}

#[test]
fn tags_of_several_octets_are_beyond_the_reader() {
    let attribute = nest(0x30, &hex("0603550403 df2002 4869"));
    let der = nest(0x30, &nest(0x31, &attribute));
    let found = Found::Value("a tag number above 30");
    assert_eq!(malformed(&der), (11, "an attribute value", found));
}

#[test]
fn framing_errors_say_where() {
    let empty_set = Found::Value("an empty RelativeDistinguishedName");
    for (der, expected) in [
        ("", (0, "a distinguished name", Found::End)),
        ("3100", (0, "a distinguished name", Found::Tag(0x31))),
        ("3000 00", (2, "the end of the distinguished name", Found::Trailing(1))),
        ("3002 3000", (2, "a RelativeDistinguishedName", Found::Tag(0x30))),
        ("3002 3100", (2, "an attribute", empty_set)),
        ("3004 3102 0500", (4, "an attribute", Found::Tag(0x05))),
        ("3004 3102 3000", (6, "an attribute type", Found::End)),
        ("3009 3107 3005 0603550403", (11, "an attribute value", Found::End)),
        (
            "300d 310b 3009 0603550403 0500 0500",
            (13, "the end of the attribute", Found::Trailing(2)),
        ),
    ] {
        assert_eq!(malformed(&hex(der)), expected, "{der}");
    }
}

#[test]
fn a_damaged_attribute_type_is_refused() {
    for oid in [
        "",
        "5580",                                      // ends within an arc
        "558003",                                    // 2.5.3, written longer
        "80550403",                                  // the same in front
        "69 84ffffffffffffffffffffffffffffffffff7f", // an arc of more than 128 bits
    ] {
        let attribute = [nest(0x06, &hex(oid)), hex("0500")].concat();
        let der = nest(0x30, &nest(0x31, &nest(0x30, &attribute)));
        let found = Found::Value("a damaged object identifier");
        assert_eq!(malformed(&der), (6, "an attribute type", found), "{oid}");
    }
}

#[test]
fn sixty_four_attributes_are_enough() {
    let exceeded = |found| {
        let what = "attributes of a distinguished name";
        Err(Error::from(LimitExceeded { what, limit: 64, found }))
    };
    let text = |count| vec!["O=a"; count].join(",");
    let full = name(&text(64));
    assert_eq!(full.attributes().len(), 64);
    assert_eq!(Name::parse(full.as_der()), Ok(full));
    assert_eq!(text(65).parse::<Name>(), exceeded(65));
    assert_eq!(text(65).replace(',', "+").parse::<Name>(), exceeded(65));
    assert_eq!(Name::from_slash_form(&"/O=a".repeat(65)), exceeded(65));
    assert_eq!(Name::from_rdns(vec![[("O", "a")]; 65]), exceeded(65));

    let rdn = nest(0x31, &nest(0x30, &hex("060355040a 0c0161")));
    let long = rdn.repeat(65);
    let length = u16::try_from(long.len()).unwrap().to_be_bytes();
    assert_eq!(Name::parse(&[&[0x30, 0x82], &length[..], &long].concat()), exceeded(65));
}
