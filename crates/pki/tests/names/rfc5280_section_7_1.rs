//! RFC 5280 §7.1, comparing names.

use super::support::{common_name, hex, name, nest};
use devicecert_pki::Name;

fn assert_matches(left: &Name, right: &Name) {
    assert!(left.matches(right), "{left} and {right}");
    assert!(right.matches(left), "{right} and {left}");
}

fn assert_differ(left: &Name, right: &Name) {
    assert!(!left.matches(right), "{left} and {right}");
    assert!(!right.matches(left), "{right} and {left}");
}

#[test]
fn the_string_type_does_not_matter() {
    let utf8 = name("CN=Zür");
    for value in ["1403 5afc72", "1e06 005a00fc0072", "1c0c 0000005a000000fc00000072"] {
        let other = common_name(&hex(value));
        assert_matches(&utf8, &other);
        assert_ne!(utf8, other);
    }
    assert_matches(&name("CN=Hi"), &common_name(&hex("1302 4869")));
}

#[test]
fn case_does_not_matter() {
    assert_matches(&name("CN=Acme CA,O=ZÜRICH"), &name("cn=ACME ca,o=zürich"));
    assert_matches(&name("CN=ΟΔΟΣ"), &name("CN=οδος"));
    assert_matches(&name("CN=STRASSE"), &name("CN=Straße"));
}

#[test]
fn blanks_count_once_and_only_between_words() {
    assert_matches(&name(r"CN=\  Acme   CA\ "), &name("CN=Acme CA"));
    assert_matches(&name(r"CN=Acme\09CA"), &name("CN=Acme CA"));
    assert_differ(&name("CN=AcmeCA"), &name("CN=Acme CA"));
}

#[test]
fn the_attributes_of_an_rdn_are_a_set() {
    let ou = nest(0x30, &hex("060355040b 0c0553616c6573"));
    let cn = nest(0x30, &hex("0603550403 0c0178"));
    let unsorted = Name::parse(&nest(0x30, &nest(0x31, &[ou, cn].concat()))).unwrap();
    assert_matches(&unsorted, &name("CN=X+OU=sales"));
    assert_ne!(unsorted, name("CN=x+OU=Sales"));
    assert_differ(&name("CN=a+CN=a+CN=b"), &name("CN=a+CN=b+CN=b"));
    assert_differ(&name("CN=a+CN=a"), &name("CN=a"));
}

#[test]
fn the_rdns_are_a_sequence() {
    assert_differ(&name("CN=x,O=Acme"), &name("O=Acme,CN=x"));
    assert_differ(&name("CN=x,O=Acme"), &name("CN=x+O=Acme"));
    assert_differ(&name("CN=x,O=Acme"), &name("CN=x"));
    assert_differ(&name("CN=x"), &Name::empty());
    assert_matches(&Name::empty(), &Name::empty());
}

#[test]
fn the_type_matters() {
    assert_differ(&name("CN=x"), &name("OU=x"));
    assert_differ(&name("1.2.3=x"), &name("1.2.4=x"));
}

#[test]
fn what_is_no_text_must_be_the_same_octets() {
    assert_matches(&name("CN=#04024869"), &name("CN=#04024869"));
    assert_differ(&name("CN=#04024869"), &name("CN=#04026869"));
    assert_differ(&name("CN=#04024869"), &name("CN=Hi"));
    // Octets that are no UTF-8 make no text either.
    assert_differ(&name("CN=#0c01ff"), &name("CN=#0c01fe"));
}

/// What somebody may have is compared with nothing folded.
#[test]
fn names_say_the_same_only_character_by_character() {
    let utf8 = name("CN=Zür,OU=a+OU=b,O=x");
    for same in ["CN=Zür,OU=a+OU=b,O=x", "CN=Zür,OU=b+OU=a,O=x"] {
        assert!(utf8.says_the_same(&name(same)), "{same}");
    }
    for other in
        ["CN=zür,OU=a+OU=b,O=x", "CN=Zür ,OU=a,OU=b,O=x", "CN=Zür,O=x", "O=x,OU=a+OU=b,CN=Zür"]
    {
        assert!(!utf8.says_the_same(&name(other)), "{other}");
    }
    assert!(name("CN=Zür").says_the_same(&common_name(&hex("1403 5afc72"))));
    assert!(!name("CN=ZÜR").says_the_same(&common_name(&hex("1403 5afc72"))));
    assert!(!name("CN=a  b").says_the_same(&name("CN=a b")));
}
