//! RFC 1779 §2.3: quotation marks, semicolons and `OID.`, which Windows still writes.

use super::support::{complaint, name};

#[test]
fn a_semicolon_separates() {
    assert_eq!(name("CN=x; O=Acme;C=CH"), name("CN=x,O=Acme,C=CH"));
}

#[test]
fn an_object_identifier_may_have_a_prefix() {
    assert_eq!(name("OID.2.5.4.5=C02"), name("serialNumber=C02"));
    assert_eq!(name("oid.1.2.3=x"), name("1.2.3=x"));
}

#[test]
fn in_quotation_marks_separators_are_text() {
    let quoted = name(r##"CN="#user+idp@example.com, Inc.; <a>=b ",O=Acme"##);
    assert_eq!(quoted.common_name().unwrap(), "#user+idp@example.com, Inc.; <a>=b ");
    assert_eq!(quoted.attributes().len(), 2);
    assert_eq!(name(r#"CN="" , O="Acme""#).to_string(), "CN=,O=Acme");
}

#[test]
fn quotation_marks_are_doubled_or_escaped() {
    let literal = "Evil\", CN=admin";
    for text in [r#"CN="Evil"", CN=admin""#, r#"CN="Evil\", CN=admin""#] {
        assert_eq!(name(text).common_name().unwrap(), literal);
        assert_eq!(name(text).attributes().len(), 1);
    }
    assert_eq!(name(r#"CN="""""#).common_name().unwrap(), "\"");
    assert_eq!(name(r#"CN="a\\b\c3\bc""#).common_name().unwrap(), r"a\bü");
}

#[test]
fn a_value_is_quoted_as_a_whole() {
    assert_eq!(complaint(r#"CN="a"#), (5, "a closing quotation mark"));
    assert_eq!(complaint(r#"CN="a"b"#), (6, "',', '+' or the end of the name"));
    assert_eq!(complaint(r#"CN=a"b c""#), (4, r"a '\' before this character"));
    assert_eq!(complaint("CN=\"a\0\""), (5, r"a '\' before this character"));
}
