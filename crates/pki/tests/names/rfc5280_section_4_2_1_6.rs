//! RFC 5280 §4.2.1.6, the names in a subjectAltName.

use core::net::IpAddr;

use super::support::{hex, name, nest};
use devicecert_pki::GeneralName;
use devicecert_pki::asn1::{Reader, Writer};
use devicecert_pki::error::{Error, Misuse};

/// openssl req -new -addext 'subjectAltName=DNS:mdm.example.com,email:a@example.com,
/// URI:urn:uuid:1,IP:192.0.2.1,IP:2001:db8::1,RID:1.2.3.4,
/// otherName:1.3.6.1.4.1.311.20.2.3;UTF8:jdoe@corp.example,otherName:1.2.3.4;UTF8:x,dirName:dir'
/// (dir: C=CH, CN=x), the value of the extension.
const OPENSSL: &str = "308195
    820f6d646d2e6578616d706c652e636f6d 810d61406578616d706c652e636f6d
    860a75726e3a757569643a31 8704c0000201 871020010db8000000000000000000000001
    88032a0304 a021060a2b060104018237140203a0130c116a646f6540636f72702e6578616d706c65
    a00a06032a0304a0030c0178 a41b3019310b3009060355040613024348310a300806035504030c0178";

fn read(der: &[u8]) -> GeneralName {
    let mut reader = Reader::new(der);
    let name = GeneralName::read(&mut reader).expect("a GeneralName");
    reader.finish("the end").expect("one GeneralName");
    name
}

fn write(name: &GeneralName) -> Result<Vec<u8>, Error> {
    let mut result = Ok(());
    let der = Writer::build(|w| result = name.write(w));
    result.map(|()| der)
}

fn expected() -> Vec<(GeneralName, &'static str)> {
    let ip = |text: &str| GeneralName::Ip(text.parse::<IpAddr>().unwrap());
    vec![
        (GeneralName::Dns("mdm.example.com".into()), "DNS:mdm.example.com"),
        (GeneralName::Email("a@example.com".into()), "email:a@example.com"),
        (GeneralName::Uri("urn:uuid:1".into()), "URI:urn:uuid:1"),
        (ip("192.0.2.1"), "IP:192.0.2.1"),
        (ip("2001:db8::1"), "IP:2001:db8::1"),
        (GeneralName::RegisteredId("1.2.3.4".parse().unwrap()), "RID:1.2.3.4"),
        (GeneralName::Upn("jdoe@corp.example".into()), "UPN:jdoe@corp.example"),
        (GeneralName::Other(hex("a00a06032a0304a0030c0178")), "other:#a00a06032a0304a0030c0178"),
        (GeneralName::Directory(name("CN=x,C=CH")), "dirName:CN=x,C=CH"),
    ]
}

#[test]
fn the_names_of_openssl_are_read_and_written_again() {
    let der = hex(OPENSSL);
    let mut outer = Reader::new(&der);
    let mut names = outer.sequence("GeneralNames").unwrap();
    for (expected, text) in expected() {
        let name = GeneralName::read(&mut names).unwrap();
        assert_eq!(name, expected);
        assert_eq!(name.to_string(), text);
    }
    assert!(names.is_empty());
    let written: Vec<u8> = expected().iter().flat_map(|(name, _)| write(name).unwrap()).collect();
    assert_eq!(written, der[3..]);
}

#[test]
fn what_would_not_be_written_again_is_kept_as_it_came() {
    for der in [
        // Empty, 8-bit, a NUL before the real end, a length that DER writes shorter.
        "8200",
        "8201ff",
        "8208 676f6f642e00 2e78",
        "81810161",
        "8603 0a6162",
        // An address and mask, and one octet too few.
        "8708 c0000200ffffff00",
        "8703 c00002",
        "8802 2a80",
        // A UPN as IA5String, an empty one, one with something behind it.
        "a011 060a2b060104018237140203 a003160161",
        "a010 060a2b060104018237140203 a0020c00",
        "a013 060a2b060104018237140203 a0030c0161 0500",
        "a002 0500",
        // No name in a directoryName, and something behind one.
        "a402 0500",
        "a404 30000500",
        // x400Address, ediPartyName, and what the standard has no name for.
        "a300",
        "a500",
        "8900",
        "a203 0c0161",
    ] {
        let der = hex(der);
        let name = read(&der);
        assert_eq!(name, GeneralName::Other(der.clone()));
        assert_eq!(write(&name).unwrap(), der);
    }
}

#[test]
fn a_directory_name_keeps_its_octets() {
    let unsorted = hex("3016 3114 3008 060355040b 0c0178 3008 0603550403 0c0178");
    let der = nest(0xa4, &unsorted);
    let GeneralName::Directory(inner) = read(&der) else { panic!("no directory name") };
    assert_eq!(inner.as_der(), unsorted);
    assert_eq!(write(&GeneralName::Directory(inner)).unwrap(), der);
}

#[test]
fn what_has_no_context_specific_tag_is_no_general_name() {
    for der in ["", "8205", "160161", "3000", "820361"] {
        let der = hex(der);
        assert!(matches!(GeneralName::read(&mut Reader::new(&der)), Err(Error::Malformed(_))));
    }
}

#[test]
fn what_cannot_be_encoded_is_refused() {
    for name in [
        GeneralName::Dns(String::new()),
        GeneralName::Dns("zürich.example".into()),
        GeneralName::Dns("good.example\0.evil.example".into()),
        GeneralName::Email("zoë@example.com".into()),
        GeneralName::Email(String::new()),
        GeneralName::Uri("https://example.com/ü".into()),
        GeneralName::Uri("https://example.com/\n".into()),
        GeneralName::Upn(String::new()),
        GeneralName::Other(Vec::new()),
        GeneralName::Other(hex("8201")),
        GeneralName::Other(hex("82016161")),
        GeneralName::Other(hex("160161")),
    ] {
        let refused = write(&name);
        assert!(matches!(refused, Err(Error::Misuse(Misuse::Value(_)))), "{name}: {refused:?}");
    }
    assert!(write(&GeneralName::Upn("zoë@corp.example".into())).is_ok());
}

#[test]
fn control_characters_do_not_reach_a_log() {
    assert_eq!(GeneralName::Upn("a\nb".into()).to_string(), r"UPN:a\u{a}b");
}
