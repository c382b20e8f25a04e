//! What the tests share: certificates that OpenSSL made, and looking into what was written.

use std::path::Path;

use devicecert::crypto_rust::RustCrypto;
use devicecert::identity::{IdentityRequest, Profile, Scep};
use devicecert::mobileconfig::payload::{AnyPayload, Common};
use devicecert::mobileconfig::plist::{Dictionary, Value};
use devicecert::mobileconfig::rule::{self, Target};
use devicecert::mobileconfig::{self, Severity};
use devicecert::pki::{Certificate, Limits};
use devicecert::syncml::{self, Checks, Document, Write};

/// `testdata/rfc7292/root.cert`, `CN=root`, self-signed. Digests by `openssl x509 -fingerprint`.
pub(crate) const ROOT: &str = "rfc7292/root.cert";
pub(crate) const ROOT_SHA1: &str = "2F8E61501E217C7CD561AB3E1361369A6F15C3E9";
pub(crate) const ROOT_SHA256: &str =
    "F70022D08E3EB2865BB06B09E9FB72C8ECB99C7218B9732C9508D49B4C18A2B6";
/// `CN=issuer`, issued by `CN=root`.
pub(crate) const ISSUER: &str = "rfc7292/issuer.cert";
pub(crate) const ISSUER_SHA1: &str = "389E3BC0D5576C5439065066F841383CC7D24E63";
/// `CN=RSA signer`, self-signed: the first RADIUS root.
pub(crate) const RADIUS: &str = "rfc5652/rsa.crt";
pub(crate) const RADIUS_SHA1: &str = "97C32EB372699CCF16113B9EA4B1BB871800023B";
/// `CN=Somebody else`, self-signed: the second one.
pub(crate) const OTHER_RADIUS: &str = "rfc5652/other.crt";
/// The same certificate as [`RADIUS`], in PEM.
pub(crate) const RADIUS_PEM: &str = "rfc7468/rsa.pem";

pub(crate) fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    std::fs::read(folder.join(name)).unwrap()
}

pub(crate) fn certificate(name: &str) -> Certificate {
    Certificate::parse(&file(name), &Limits::default()).unwrap()
}

pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

/// A request that every platform can write.
pub(crate) fn identity() -> IdentityRequest {
    let server = Scep::new("https://ca.example/scep").challenge("password-1").ca(certificate(ROOT));
    IdentityRequest::new("com.example.wifi", server)
        .subject("/O=Example/CN=laptop-7".parse().unwrap())
}

/// A profile that went through its text.
pub(crate) fn apple(identity: &IdentityRequest) -> Profile {
    let written = identity.to_mobileconfig(&RustCrypto).unwrap().output.to_xml().unwrap();
    Profile::read(written.as_bytes(), &mobileconfig::Limits::default()).unwrap()
}

/// SyncML that went through its text.
pub(crate) fn windows(identity: &IdentityRequest) -> Document {
    let written = identity.to_syncml(Write::Add, &RustCrypto).unwrap().output.to_xml();
    Document::read(&written, &syncml::Limits::default()).unwrap()
}

pub(crate) fn payloads(profile: &Profile) -> Vec<Dictionary> {
    profile.payloads().filter_map(|node| node.value().as_dictionary().cloned()).collect()
}

/// Every payload with its type, in the order of the profile.
pub(crate) fn types(profile: &Profile) -> Vec<String> {
    let text = |payload: &Dictionary| {
        payload.get("PayloadType").and_then(Value::as_str).map(str::to_owned)
    };
    payloads(profile).iter().filter_map(text).collect()
}

pub(crate) fn payload(profile: &Profile, kind: &str) -> Dictionary {
    let of_kind =
        |payload: &Dictionary| payload.get("PayloadType").and_then(Value::as_str) == Some(kind);
    payloads(profile).into_iter().find(of_kind).unwrap_or_else(|| panic!("no {kind}"))
}

pub(crate) fn typed(profile: &Profile, kind: &str) -> AnyPayload {
    AnyPayload::read(&payload(profile, kind))
}

pub(crate) fn uuid(payload: &Dictionary) -> String {
    Common::read(payload).unwrap().uuid.to_string()
}

/// The dictionary inside of a SCEP payload.
pub(crate) fn scep(profile: &Profile) -> Dictionary {
    let payload = payload(profile, "com.apple.security.scep");
    payload.get("PayloadContent").unwrap().as_dictionary().unwrap().clone()
}

pub(crate) fn text<'a>(dictionary: &'a Dictionary, key: &str) -> Option<&'a str> {
    dictionary.get(key).and_then(Value::as_str)
}

pub(crate) fn number(dictionary: &Dictionary, key: &str) -> Option<i64> {
    dictionary.get(key).and_then(Value::as_integer)
}

pub(crate) fn boolean(dictionary: &Dictionary, key: &str) -> Option<bool> {
    dictionary.get(key).and_then(Value::as_boolean)
}

pub(crate) fn data(dictionary: &Dictionary, key: &str) -> Option<String> {
    dictionary.get(key).and_then(Value::as_data).map(hex)
}

/// The subject of a SCEP payload as `TYPE=value`, one for each part.
pub(crate) fn subject(scep: &Dictionary) -> Vec<String> {
    let parts = scep.get("Subject").and_then(Value::as_array).unwrap();
    let pair = |part: &Value| {
        let pair = part.as_array().unwrap().iter().next().unwrap().as_array().unwrap();
        pair.iter().map(|text| text.as_str().unwrap()).collect::<Vec<_>>().join("=")
    };
    parts.iter().map(pair).collect()
}

/// Every node that is written, and its value.
pub(crate) fn nodes(document: &Document) -> Vec<(String, String)> {
    let items = document.commands().flat_map(|command| command.items().collect::<Vec<_>>());
    let node = |item: syncml::Item<'_>| {
        let data = item.data().map(|data| data.text.into_owned()).unwrap_or_default();
        Some((item.target()?.text.into_owned(), data))
    };
    items.filter_map(node).collect()
}

/// The value of the one node with this last segment.
pub(crate) fn node(document: &Document, leaf: &str) -> Option<String> {
    let end = format!("/{leaf}");
    let mut found = nodes(document).into_iter().filter(|(uri, _)| uri.ends_with(&end));
    let first = found.next()?;
    assert_eq!(found.next(), None, "{leaf}");
    Some(first.1)
}

/// What a device would refuse.
pub(crate) fn apple_errors(profile: &Profile) -> Vec<String> {
    let findings = rule::check(profile, &Target::default());
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(ToString::to_string).collect()
}

/// The rules that a profile breaks a little.
pub(crate) fn apple_warnings(profile: &Profile) -> Vec<&'static str> {
    let findings = rule::check(profile, &Target::default());
    let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning);
    warnings.map(|finding| finding.rule).collect()
}

/// What a device would refuse.
pub(crate) fn windows_errors(document: &Document) -> Vec<String> {
    let findings = Checks::new().provider(&RustCrypto).run(document);
    let errors = findings.iter().filter(|finding| finding.severity == syncml::Severity::Error);
    errors.map(ToString::to_string).collect()
}

/// The rules that a document breaks a little.
pub(crate) fn windows_warnings(document: &Document) -> Vec<&'static str> {
    let findings = Checks::new().provider(&RustCrypto).run(document);
    let warnings = findings.iter().filter(|finding| finding.severity == syncml::Severity::Warning);
    warnings.map(|finding| finding.rule).collect()
}

pub(crate) const NOTHING: [&str; 0] = [];
