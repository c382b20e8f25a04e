//! RFC 4514 §2, writing a name.

use super::support::{common_name, hex, name, nest};
use devicecert_pki::{Name, NameAttribute};

fn written(value: &str) -> String {
    Name::from_rdns([[("CN", value)]]).unwrap().to_string()
}

#[test]
fn section_2_1_the_last_rdn_comes_first() {
    let name = Name::from_rdns([[("C", "CH")], [("O", "Acme")], [("CN", "x")]]).unwrap();
    assert_eq!(name.to_string(), "CN=x,O=Acme,C=CH");
    assert_eq!(format!("{name:?}"), "Name(CN=x,O=Acme,C=CH)");
}

#[test]
fn section_2_2_attributes_of_an_rdn_stand_as_encoded() {
    // Out of DER's order, as some CAs write them: OU before CN although CN is shorter here.
    let ou = nest(0x30, &hex("060355040b 0c0553616c6573"));
    let cn = nest(0x30, &hex("0603550403 0c0178"));
    let der = nest(0x30, &nest(0x31, &[ou, cn].concat()));
    let unsorted = Name::parse(&der).unwrap();
    assert_eq!(unsorted.as_der(), der);
    assert_eq!(unsorted.to_string(), "OU=Sales+CN=x");
    assert_eq!(name("OU=Sales+CN=x").to_string(), "CN=x+OU=Sales");
    assert_eq!(unsorted.attributes().iter().map(NameAttribute::rdn).collect::<Vec<_>>(), [0, 0]);
}

#[test]
fn section_2_3_types_have_short_names() {
    let text = "SN=a,serialNumber=b,C=CH,L=c,ST=d,STREET=e,O=f,OU=g,title=h,givenName=i,DC=j,UID=k,\
                emailAddress=l,jurisdictionC=CH,2.25.340282366920938463463374607431768211455=#0500";
    assert_eq!(name(text).to_string(), text);
}

#[test]
fn section_2_4_special_characters_are_escaped() {
    assert_eq!(written(r#"a"b+c,d;e<f>g\h"#), r#"CN=a\"b\+c\,d\;e\<f\>g\\h"#);
}

#[test]
fn section_2_4_blank_and_hash_are_escaped_only_where_they_must() {
    assert_eq!(written(" a  b "), r"CN=\ a  b\ ");
    assert_eq!(written(" "), r"CN=\ ");
    assert_eq!(written("   "), r"CN=\  \ ");
    assert_eq!(written("#a#b#"), r"CN=\#a#b#");
    assert_eq!(written("a=b"), "CN=a=b");
}

#[test]
fn section_2_4_openssl_escapes_the_same() {
    // openssl req -new -utf8 -subj '/DC=net/O= a "q" <x>;y /CN=#1, two\\\\ ', shown with
    // -nameopt RFC2253,-esc_msb,utf8
    let shown = r#"CN=\#1\, two\\\\\ ,O=\ a \"q\" \<x\>\;y\ ,DC=net"#;
    let slash = r#"/DC=net/O= a "q" <x>;y /CN=#1, two\\\\ "#;
    assert_eq!(Name::from_slash_form(slash).unwrap().to_string(), shown);
}

#[test]
fn section_2_4_control_characters_are_hexadecimal() {
    assert_eq!(written("a\0b\nc\u{85}"), r"CN=a\00b\0ac\c2\85");
}

/// A subject that shows as another one, to who approves it.
#[test]
fn section_2_4_what_turns_or_breaks_a_line_is_hexadecimal() {
    assert_eq!(written("a\u{202e}exe"), r"CN=a\e2\80\aeexe");
    assert_eq!(written("\u{2066}b\u{2069}"), r"CN=\e2\81\a6b\e2\81\a9");
    assert_eq!(written("\u{200f}\u{61c}"), r"CN=\e2\80\8f\d8\9c");
    assert_eq!(written("\u{2028}c\u{2029}"), r"CN=\e2\80\a8c\e2\80\a9");
}

#[test]
fn section_2_4_what_is_no_text_is_hexadecimal() {
    assert_eq!(common_name(&hex("0402 4869")).to_string(), "CN=#04024869");
    assert_eq!(common_name(&hex("3003 0101ff")).to_string(), "CN=#30030101ff");
    // UTF8String with octets that are not UTF-8.
    assert_eq!(common_name(&hex("0c01 ff")).to_string(), "CN=#0c01ff");
}

#[test]
fn section_2_4_any_string_type_is_text() {
    for (value, text) in [
        ("1302 4869", "CN=Hi"),
        ("1602 4869", "CN=Hi"),
        ("1202 3132", "CN=12"),
        ("1403 5afc72", "CN=Zür"),
        ("1e06 005a00fc0072", "CN=Zür"),
        ("1c08 0000005a0001f511", "CN=Z🔑"),
    ] {
        assert_eq!(common_name(&hex(value)).to_string(), text);
    }
}

#[test]
fn a_text_that_its_type_forbids_is_hexadecimal_so_that_it_can_be_read() {
    // countryName as UTF8String with a letter that PrintableString does not have.
    let der = nest(0x30, &nest(0x31, &nest(0x30, &hex("0603550406 0c02c3bc"))));
    let odd = Name::parse(&der).unwrap();
    assert_eq!(odd.to_string(), "C=#0c02c3bc");
    assert_eq!(name(&odd.to_string()), odd);
}
