//! The slash form, which has no standard: as `openssl req -subj` reads it.

use super::support::{complaint, hex, name};
use devicecert_pki::Name;
use devicecert_pki::error::{Error, Misuse};

fn slash(text: &str) -> Name {
    Name::from_slash_form(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn names_are_encoded_as_openssl_does() {
    // openssl req -new -utf8 -subj … -outform DER
    for (text, der) in [
        (
            "/C=CH/O=Acme/CN=x",
            "3028310b3009060355040613024348310d300b060355040a0c0441636d65310a300806035504030c0178",
        ),
        ("/", "3000"),
        (
            "/DC=net/DC=example/OU=Sales+CN=J.  Smith",
            "305031133011060a0992268993f22c64011916036e657431173015060a0992268993f22c64011916
             076578616d706c653120300c060355040b0c0553616c6573301006035504030c094a2e2020536d697468",
        ),
        (
            r"/O=Acme\/Sub\+1/CN=a\\b",
            "302331133011060355040a0c0a41636d652f5375622b31310c300a06035504030c03615c62",
        ),
        ("/C=CH/O=/CN=x", "3019310b3009060355040613024348310a300806035504030c0178"),
        (
            "/CN=x/emailAddress=a@b.example/serialNumber=C02/",
            "3036310a300806035504030c0178311a301806092a864886f70d010901160b6140622e6578616d706c65
             310c300a06035504051303433032",
        ),
        (
            "/O=Zürich/CN=Lučić",
            "30243110300e060355040a0c075ac3bc726963683110300e06035504030c074c75c48d69c487",
        ),
    ] {
        assert_eq!(slash(text).as_der(), hex(der), "{text}");
        assert_eq!(name(text), slash(text), "{text}");
    }
}

#[test]
fn the_order_is_the_opposite_of_rfc_4514() {
    assert_eq!(slash("/C=US/O=Apple Inc./CN=foo/1.2.5.3=bar").to_string(), {
        "1.2.5.3=#0c03626172,CN=foo,O=Apple Inc.,C=US"
    });
}

#[test]
fn blanks_commas_and_quotation_marks_are_text() {
    assert_eq!(slash(r#"/CN= a, "b"; #c "#).common_name().unwrap(), r#" a, "b"; #c "#);
}

#[test]
fn an_attribute_without_value_does_not_lend_its_neighbour_to_the_rdn_before() {
    // OpenSSL 3.0 makes one RDN of O and CN here.
    assert_eq!(slash("/O=Acme/OU=+CN=x"), slash("/O=Acme/CN=x"));
    assert_eq!(slash("/O=Acme/OU=a+L=+CN=x"), slash("/O=Acme/OU=a+CN=x"));
}

#[test]
fn errors_say_where_and_what() {
    for (text, at, expected) in [
        ("//CN=x", 1, "an attribute type"),
        ("/CN=x//", 6, "an attribute type"),
        ("/CN", 3, "'=' after the attribute type"),
        ("/CN=http://a", 10, "an attribute type"),
        ("/CN=user+tag@example.com/O=a", 24, "'=' after the attribute type"),
        ("/CN=x/XY=z", 6, "a known attribute type or an object identifier"),
        ("/C=Zü/CN=x", 3, "nothing but letters, digits, blanks and ' ( ) + , - . / : = ?"),
        (r"/CN=x\", 6, r"a character after '\'"),
    ] {
        assert_eq!(complaint(text), (at, expected), "{text}");
    }
    let error = Name::from_slash_form("CN=x").unwrap_err();
    assert_eq!(error, Error::from(Misuse::Name { at: 0, expected: "'/'" }));
}
