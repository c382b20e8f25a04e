//! RFC 4514 §4, the examples.

use super::support::{common_name, hex, name};
use devicecert_pki::Name;

/// Each is read and written again as it stands in the RFC.
const EXAMPLES: [&str; 7] = [
    "UID=jsmith,DC=example,DC=net",
    "OU=Sales+CN=J.  Smith,DC=example,DC=net",
    r#"CN=James \"Jim\" Smith\, III,DC=example,DC=net"#,
    r"CN=Before\0dAfter,DC=example,DC=net",
    "1.3.6.1.4.1.1466.0=#04024869",
    "CN=Lučić",
    "",
];

#[test]
fn the_examples_are_written_as_they_were_read() {
    for text in EXAMPLES {
        assert_eq!(name(text).to_string(), text);
    }
}

#[test]
fn three_rdns_are_encoded_as_openssl_does() {
    // openssl req -new -utf8 -subj /DC=net/DC=example/UID=jsmith -outform DER
    let der = hex("304631133011060a0992268993f22c64011916036e65743117301506
        0a0992268993f22c64011916076578616d706c6531163014060a0992268993f22c6401010c066a736d697468");
    assert_eq!(name(EXAMPLES[0]).as_der(), der);
    assert_eq!(Name::parse(&der).unwrap().to_string(), EXAMPLES[0]);
}

#[test]
fn a_multi_valued_rdn_is_encoded_as_openssl_does() {
    // openssl req -new -utf8 -subj '/DC=net/DC=example/OU=Sales+CN=J.  Smith' -outform DER
    let der = hex("305031133011060a0992268993f22c64011916036e65743117301506
        0a0992268993f22c64011916076578616d706c65
        3120300c060355040b0c0553616c6573301006035504030c094a2e2020536d697468");
    assert_eq!(name(EXAMPLES[1]).as_der(), der);
    assert_eq!(name("CN=J.  Smith+OU=Sales,DC=example,DC=net").as_der(), der);
    assert_eq!(Name::parse(&der).unwrap().to_string(), EXAMPLES[1]);
}

#[test]
fn the_escaped_characters_are_part_of_the_value() {
    assert_eq!(name(EXAMPLES[2]).common_name().unwrap(), "James \"Jim\" Smith, III");
    assert_eq!(name(EXAMPLES[3]).common_name().unwrap(), "Before\rAfter");
}

#[test]
fn a_hash_sign_gives_the_encoding_itself() {
    let name = name(EXAMPLES[4]);
    let attributes = name.attributes();
    assert_eq!(attributes.len(), 1);
    assert_eq!(attributes[0].type_name(), "1.3.6.1.4.1.1466.0");
    assert_eq!(attributes[0].value_der(), [0x04, 2, b'H', b'i']);
    assert_eq!(attributes[0].text(), None);
}

#[test]
fn hexadecimal_pairs_are_octets_of_utf_8() {
    let escaped = name(r"CN=Lu\C4\8Di\C4\87");
    assert_eq!(escaped.common_name().unwrap(), "Lučić");
    assert_eq!(escaped, name("CN=Lučić"));
    assert_eq!(escaped, common_name(&hex("0c074c75c48d69c487")));
}
