//! Certificates that exist and should not: of each, everything that is read, whether it can be
//! used to check a message and to issue below it, and what `x509-cert` makes of it.

use std::time::Duration;

use crate::support::certificate::Oracle::{self, Altered, Refused, Same};
use crate::support::certificate::{
    Tbs, accepted, extension, generalized_time, utc_time, x509_cert,
};
use crate::support::signed::{Message, Signer};
use crate::support::{NULL, algorithm, ec, hex, limits, malformed, rsa, sequence, tlv};
use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::error::{Found, Rejected, Unsupported};
use devicecert_pki::{
    Certificate, CertificateParams, Error, GeneralName, KeyKind, KeyUsage, Name, Signer as _,
    Tolerance, Validity, oid,
};

/// What is read of a certificate.
#[derive(Debug, PartialEq)]
struct Read {
    serial: Vec<u8>,
    issuer: String,
    subject: String,
    not_before: String,
    not_after: String,
    key: KeyKind,
    /// Each with its criticality, in the order sent.
    extensions: Vec<(ObjectIdentifier, bool)>,
    key_usage: Option<KeyUsage>,
    is_ca: bool,
    /// `None` where they cannot be read.
    names: Option<Vec<GeneralName>>,
}

impl Read {
    fn of(certificate: &Certificate) -> Self {
        let Validity { not_before, not_after } = certificate.validity();
        let extensions = certificate.extensions();
        Self {
            serial: certificate.serial().to_vec(),
            issuer: certificate.issuer().to_string(),
            subject: certificate.subject().to_string(),
            not_before: not_before.to_string(),
            not_after: not_after.to_string(),
            key: certificate.public_key().kind(),
            extensions: extensions.iter().map(|one| (one.oid, one.critical)).collect(),
            key_usage: extensions.key_usage(),
            is_ca: certificate.is_ca(),
            names: extensions.subject_alt_name().ok(),
        }
    }

    /// What [`Tbs::new`] says.
    fn usual() -> Self {
        Self {
            serial: vec![42],
            issuer: "CN=odd,O=Example".to_owned(),
            subject: "CN=odd,O=Example".to_owned(),
            not_before: "2026-01-01T00:00:00Z".to_owned(),
            not_after: "2036-01-01T00:00:00Z".to_owned(),
            key: KeyKind::Rsa { bits: 2048 },
            extensions: vec![(oid::KEY_USAGE, false)],
            key_usage: Some(KeyUsage::SIGN_AND_ENCIPHER),
            is_ca: false,
            names: Some(Vec::new()),
        }
    }

    /// The same with these extensions, none of which is keyUsage.
    fn only(&mut self, extensions: &[(ObjectIdentifier, bool)]) {
        self.extensions = extensions.to_vec();
        self.key_usage = None;
    }
}

/// A certificate that is odd in one thing is read otherwise in that alone, and is of use.
fn check(
    name: &str,
    change: impl FnOnce(&mut Tbs),
    differs: impl FnOnce(&mut Read),
    oracle: Oracle,
) {
    let (certificate, found) = accepted(change);
    let mut expected = Read::usual();
    differs(&mut expected);
    assert_eq!(Read::of(&certificate), expected, "{name}");
    assert_eq!(found, oracle, "{name}");
    if certificate.public_key() == rsa().public_key() {
        checks_a_message(name, &certificate);
        issues(name, &certificate);
    }
}

/// A message that names this certificate as its signer's is found to be signed with its key.
fn checks_a_message(name: &str, certificate: &Certificate) {
    let serial = tlv(2, certificate.serial());
    let sid = sequence(&[certificate.issuer().as_der(), &serial]);
    let mut message = Message::new([Signer::with(|signer| signer.sid = sid)]);
    message.certificates.push(certificate.as_der().to_vec());
    let signed = message.parse();
    let found = signed.signer_certificate(&limits(), &Tolerance::STRICT);
    assert_eq!(found.as_ref(), Ok(certificate), "{name}");
    let verified = signed.verify(certificate, &RustCrypto, &Tolerance::STRICT);
    assert!(verified.is_ok(), "{name}: {verified:?}");
}

/// A certificate is issued below it, under its name octet by octet.
fn issues(name: &str, ca: &Certificate) {
    let validity = Validity::lasting(ca.validity().not_before, Duration::from_secs(86_400));
    let subject: Name = "CN=below".parse().unwrap();
    let key = ec().public_key().clone();
    let params = CertificateParams::end_entity(ca, subject, key, validity, &RustCrypto).unwrap();
    let issued = params.unsigned(ca.public_key()).unwrap().sign(rsa()).unwrap();
    assert_eq!(issued.issuer().as_der(), ca.subject().as_der(), "{name}");
    let signed = issued.is_signed_by(ca.public_key(), &RustCrypto, &Tolerance::STRICT);
    assert_eq!(signed, Ok(()), "{name}");
}

#[test]
fn serial_numbers() {
    for (name, octets, oracle) in [
        ("negative", &[0xff][..], Same),
        ("zero", &[0], Same),
        ("21 octets", &[0x7f; 21], Same),
        ("22 octets", &[0x7f; 22], Refused),
        ("the 32 characters of sscep", b"D41D8CD98F00B204E9800998ECF8427E", Refused),
        ("40 octets", &[0x41; 40], Refused),
        ("a zero too many", &[0, 1], Refused),
        ("no octets", &[], Refused),
    ] {
        let encoding = tlv(2, octets);
        check(name, |tbs| tbs.serial = encoding, |read| read.serial = octets.to_vec(), oracle);
    }
}

#[test]
fn dates() {
    for (name, encoding, text, oracle) in [
        ("UTCTime without seconds", utc_time("2601010000Z"), "2026-01-01T00:00:00Z", Refused),
        ("UTCTime with an offset", utc_time("260101010000+0100"), "2026-01-01T00:00:00Z", Refused),
        ("UTCTime 50", utc_time("500101000000Z"), "1950-01-01T00:00:00Z", Refused),
        ("before 2050", generalized_time("20260101000000Z"), "2026-01-01T00:00:00Z", Altered),
        ("a fraction", generalized_time("20260101000000.5Z"), "2026-01-01T00:00:00Z", Refused),
        ("no seconds", generalized_time("202601010000Z"), "2026-01-01T00:00:00Z", Refused),
        ("1900", generalized_time("19000101000000Z"), "1900-01-01T00:00:00Z", Refused),
        ("the year 0", generalized_time("00000101000000Z"), "0000-01-01T00:00:00Z", Refused),
        ("the year 9999", generalized_time("99991231235959Z"), "9999-12-31T23:59:59Z", Same),
        ("29 February 2037", utc_time("370229000000Z"), "2037-03-01T00:00:00Z", Refused),
    ] {
        let both = [encoding.clone(), encoding];
        let [not_before, not_after] = both;
        check(
            name,
            |tbs| (tbs.not_before, tbs.not_after) = (not_before, not_after),
            |read| (read.not_before, read.not_after) = (text.to_owned(), text.to_owned()),
            oracle,
        );
    }
    let over = |tbs: &mut Tbs| tbs.not_after = utc_time("250101000000Z");
    let read = |read: &mut Read| read.not_after = "2025-01-01T00:00:00Z".to_owned();
    check("over before it begins", over, read, Same);
}

/// A name of one attribute with these encodings.
fn name_of(oid: &str, value: &str) -> Vec<u8> {
    sequence(&[&tlv(0x31, &sequence(&[&hex(oid), &hex(value)]))])
}

#[test]
fn names() {
    let common_name = |value| name_of("0603550403", value);
    let long = format!("0c82012c {}", "61".repeat(300));
    let long_text = format!("CN={}", "a".repeat(300));
    let unsorted = hex("3016 3114 3008 060355040a 0c0179 3008 0603550403 0c0178");
    for (name, encoding, text, oracle) in [
        ("PrintableString with *", common_name("1302 2a2e"), "CN=*.", Same),
        ("PrintableString with @", common_name("1303 614062"), "CN=a@b", Same),
        ("PrintableString with _", common_name("1303 615f62"), "CN=a_b", Same),
        ("PrintableString with &", common_name("1303 612662"), "CN=a&b", Same),
        ("PrintableString in UTF-8", common_name("1302 c3bc"), "CN=ü", Same),
        ("UTF8String that is none", common_name("0c02 ff61"), "CN=#0c02ff61", Same),
        ("TeletexString in Latin-1", common_name("1401 fc"), "CN=ü", Same),
        ("BMPString", common_name("1e02 00fc"), "CN=ü", Same),
        ("BMPString and a half", common_name("1e03 00fc00"), "CN=#1e0300fc00", Same),
        ("IA5String of eight bits", common_name("1601 fc"), "CN=#1601fc", Same),
        ("NumericString", common_name("1202 3132"), "CN=12", Same),
        ("UniversalString", common_name("1c04 000000fc"), "CN=ü", Refused),
        ("no string", common_name("0500"), "CN=#0500", Same),
        ("an empty commonName", common_name("0c00"), "CN=", Same),
        ("a commonName of 300 characters", common_name(&long), &long_text, Same),
        ("a country of three letters", name_of("0603550406", "1303 434845"), "C=CHE", Same),
        ("an attribute that nobody knows", name_of("06022a03", "0c0161"), "1.2.3=#0c0161", Same),
        ("a multi-valued RDN out of order", unsorted, "O=y+CN=x", Altered),
        ("empty", hex("3000"), "", Same),
    ] {
        let both = [encoding.clone(), encoding];
        let [issuer, subject] = both;
        check(
            name,
            |tbs| (tbs.issuer, tbs.subject) = (issuer, subject),
            |read| (read.issuer, read.subject) = (text.to_owned(), text.to_owned()),
            oracle,
        );
    }
    let no_subject = |tbs: &mut Tbs| tbs.subject = hex("3000");
    check("an empty subject", no_subject, |read| read.subject.clear(), Same);
}

const KEY_USAGE: &str = "0603551d0f";
const BASIC_CONSTRAINTS: &str = "0603551d13";
const SUBJECT_ALT_NAME: &str = "0603551d11";
const TRUE: &[u8] = &[1, 1, 0xff];

#[test]
fn extensions() {
    let signs = |read: &mut Read| read.key_usage = Some(KeyUsage::DIGITAL_SIGNATURE);
    let with = |name, extensions: &[Vec<u8>], differs: &dyn Fn(&mut Read), oracle| {
        check(name, |tbs| tbs.extensions = Some(extensions.to_vec()), differs, oracle);
    };
    let usage = |critical: &[u8], value: &str| extension(KEY_USAGE, critical, &hex(value));
    with("critical FALSE written out", &[usage(&[1, 1, 0], "03020780")], &signs, Altered);
    let critical = |read: &mut Read| {
        signs(read);
        read.extensions[0].1 = true;
    };
    with("critical TRUE", &[usage(TRUE, "03020780")], &critical, Same);
    with("critical TRUE as 1", &[usage(&[1, 1, 1], "03020780")], &critical, Refused);
    with("critical without an octet", &[usage(&[1, 0], "03020780")], &signs, Refused);
    let twice = [usage(b"", "03020780"), usage(b"", "03020520")];
    let twice_read = |read: &mut Read| {
        signs(read);
        read.extensions.push((oid::KEY_USAGE, false));
    };
    with("keyUsage twice", &twice, &twice_read, Same);
    for (name, garbage) in [
        ("keyUsage without octets", ""),
        ("keyUsage that is no BIT STRING", "0500"),
        ("keyUsage cut off", "0304"),
        ("keyUsage of indefinite length", "23800000"),
    ] {
        with(name, &[usage(b"", garbage)], &|read| read.key_usage = None, Same);
    }
    let ca = |read: &mut Read| {
        read.only(&[(oid::BASIC_CONSTRAINTS, true)]);
        read.is_ca = true;
    };
    let no_ca = |read: &mut Read| read.only(&[(oid::BASIC_CONSTRAINTS, true)]);
    let constraints = |value: &str| [extension(BASIC_CONSTRAINTS, TRUE, &hex(value))];
    with("a CA with TRUE as 1", &constraints("3003 010101"), &ca, Same);
    with("a CA with a negative length", &constraints("3006 0101ff 0201ff"), &no_ca, Same);
    with("a CA that is garbage", &constraints("3100"), &no_ca, Same);

    let alt_names = |names: Option<Vec<GeneralName>>| {
        move |read: &mut Read| {
            read.only(&[(oid::SUBJECT_ALT_NAME, false)]);
            read.names.clone_from(&names);
        }
    };
    let names = |value: &str| [extension(SUBJECT_ALT_NAME, b"", &hex(value))];
    let odd = |der: &str| GeneralName::Other(hex(der));
    let address = vec![odd("8705 0102030405"), GeneralName::Dns("a".into())];
    with(
        "an address of 5 octets",
        &names("300a 8705 0102030405 820161"),
        &alt_names(Some(address)),
        Same,
    );
    let eight_bits = vec![odd("8201 fc")];
    with("a DNS name of eight bits", &names("3003 8201fc"), &alt_names(Some(eight_bits)), Same);
    with("names that are none", &names("3002 0500"), &alt_names(None), Same);

    let unknown = ObjectIdentifier::new_unwrap("1.2.3");
    let read_unknown = |read: &mut Read| read.only(&[(unknown, true)]);
    with("unknown and critical", &[extension("06022a03", TRUE, b"?")], &read_unknown, Same);
    // As Windows writes it in its certificates for SCEP.
    let identifier = [extension("0603551d23", TRUE, &hex("3006 8004 01020304"))];
    let read_identifier = |read: &mut Read| read.only(&[(oid::AUTHORITY_KEY_IDENTIFIER, true)]);
    with("a critical authorityKeyIdentifier", &identifier, &read_identifier, Same);
    with("an empty list", &[], &|read| read.only(&[]), Same);
}

#[test]
fn versions() {
    let none = |read: &mut Read| read.only(&[]);
    let version_1 = |tbs: &mut Tbs| (tbs.version, tbs.extensions) = (Vec::new(), None);
    check("version 1", version_1, none, Same);
    let written_out = |tbs: &mut Tbs| (tbs.version, tbs.extensions) = (hex("a003 020100"), None);
    check("version 1 written out", written_out, none, Altered);
    check("version 1 with extensions", |tbs| tbs.version.clear(), |_| {}, Same);
    check("version 4", |tbs| tbs.version = hex("a003 020103"), |_| {}, Refused);
    check("a version without octets", |tbs| tbs.version = hex("a002 0200"), |_| {}, Refused);
    let unique_ids = |tbs: &mut Tbs| tbs.unique_ids = hex("8102 00aa 8202 00bb");
    check("unique identifiers", unique_ids, |_| {}, Same);
}

#[test]
fn keys() {
    let with = |name, algorithm: &[u8], key: &[u8], kind: KeyKind, oracle| {
        let key = sequence(&[algorithm, &tlv(3, &[&[0], key].concat())]);
        check(name, |tbs| tbs.public_key = key, |read| read.key = kind, oracle);
    };
    let other = |oid| KeyKind::Other(ObjectIdentifier::new_unwrap(oid));
    let rsa_key = rsa().public_key().key_bits();
    let bits = KeyKind::Rsa { bits: 2048 };
    with("RSA without parameters", &algorithm(oid::RSA_ENCRYPTION, b""), rsa_key, bits, Same);
    let small = sequence(&[&tlv(2, &[0x7f; 64]), &hex("020103")]);
    let bits = KeyKind::Rsa { bits: 511 };
    with("RSA of 511 bits", &algorithm(oid::RSA_ENCRYPTION, NULL), &small, bits, Same);
    let ec = oid::EC_PUBLIC_KEY;
    let point = &[4; 65];
    with("Ed25519", &hex("3005 06032b6570"), &[7; 32], other("1.3.101.112"), Same);
    let p521 = algorithm(ec, &hex("06052b81040023"));
    with("EC on P-521", &p521, &[4; 133], other("1.3.132.0.35"), Same);
    with("EC without a curve", &algorithm(ec, b""), point, KeyKind::Other(ec), Same);
    with("EC with NULL", &algorithm(ec, NULL), point, KeyKind::Other(ec), Same);
    let explicit = algorithm(ec, &hex("3003 020101"));
    with("EC with a curve written out", &explicit, point, KeyKind::Other(ec), Same);
}

/// Replaces both AlgorithmIdentifiers of a certificate, whose signature fits no more.
fn signed_with(algorithms: [&[u8]; 2]) -> Certificate {
    let usual = algorithm(oid::SHA256_WITH_RSA, NULL);
    let der = Tbs::new().to_der();
    let mut parts = Vec::new();
    let mut rest = &der[4..];
    for with in algorithms {
        let at = rest.windows(usual.len()).position(|window| window == usual).unwrap();
        parts.extend([&rest[..at], with]);
        rest = &rest[at + usual.len()..];
    }
    parts.push(rest);
    // The length of TBSCertificate stands in front.
    let [tbs, inner, between, outer, signature] = parts.try_into().unwrap();
    let tbs = sequence(&[&tbs[4..], inner, between]);
    let der = sequence(&[&tbs, outer, signature]);
    Certificate::parse(&der, &limits()).unwrap()
}

#[test]
fn signatures() {
    let usual = algorithm(oid::SHA256_WITH_RSA, NULL);
    let bare = algorithm(oid::SHA256_WITH_RSA, b"");
    let sha1 = algorithm(oid::SHA1_WITH_RSA, NULL);
    let md5 = algorithm(oid::MD5_WITH_RSA, NULL);
    let unknown = ObjectIdentifier::new_unwrap("1.2.3");
    let nobodys = algorithm(unknown, b"");
    let what = "the signature algorithm";
    let unsupported = Unsupported::Algorithm { what, oid: unknown };
    let wrong: Error = Rejected::Signature("the certificate").into();
    for (name, algorithms, expected) in [
        ("as usual", [&usual, &usual], wrong.clone()),
        ("without parameters", [&bare, &bare], wrong.clone()),
        ("two that differ", [&usual, &sha1], wrong.clone()),
        ("two spellings", [&usual, &bare], wrong.clone()),
        ("MD5", [&md5, &md5], Unsupported::Legacy("MD5").into()),
        ("who knows", [&nobodys, &nobodys], unsupported.into()),
    ] {
        let certificate = signed_with(algorithms.map(Vec::as_slice));
        assert_eq!(Read::of(&certificate), Read::usual(), "{name}");
        let checked = certificate.is_signed_by(rsa().public_key(), &RustCrypto, &Tolerance::STRICT);
        match name {
            "as usual" => assert_eq!(checked, Ok(())),
            _ => assert_eq!(checked, Err(expected), "{name}"),
        }
    }
}

#[test]
fn frames() {
    let right = Tbs::new().to_der();
    // Two lengths that are longer than needed; the signature is over the part inside.
    let longer = [&hex("3084 0000")[..], &right[2..]].concat();
    let certificate = Certificate::parse(&longer, &limits()).unwrap();
    assert_eq!((Read::of(&certificate), x509_cert(&longer)), (Read::usual(), Refused));
    checks_a_message("a length longer than needed", &certificate);

    let trailing = [&right[..], &[0]].concat();
    let found = (right.len(), "Certificate", Found::Trailing(1));
    assert_eq!(malformed(Certificate::parse(&trailing, &limits())), found);
    let indefinite = [&hex("3080")[..], &right[4..], &[0, 0]].concat();
    let found = (0, "Certificate", Found::Value("an indefinite length"));
    assert_eq!(malformed(Certificate::parse(&indefinite, &limits())), found);
    for refused in [trailing, indefinite] {
        assert_eq!(x509_cert(&refused), Refused);
    }
}
