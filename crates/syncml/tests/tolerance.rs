//! Documents that are odd in a way that no device minds, and that no finding is about.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use core::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::{CertificateParams, KeyKind, Signer, Time, Validity};
use devicecert_syncml::{
    Checks, Document, EapTls, PfxInstall, ScepInstall, Scope, Setting, Store, Target, Thumbprint,
    TrustedCertificate, WifiProfile, Write,
};

const INSTALL: &str = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install";

/// Severity and rule of every finding.
fn findings(text: &str) -> Vec<String> {
    findings_of(Target::Device, text)
}

fn findings_of(target: Target, text: &str) -> Vec<String> {
    let findings = Checks::new().target(target).provider(&RustCrypto).run_text(text);
    findings.iter().map(|finding| format!("{} {}", finding.severity, finding.rule)).collect()
}

fn nothing(text: &str) {
    assert_eq!(findings(text), [""; 0], "{text}");
}

fn get(uri: &str) -> String {
    format!("<Get><Item><Target><LocURI>{uri}</LocURI></Target></Item></Get>")
}

/// A SCEP profile with nothing to find, as commands without anything around them.
fn scep() -> String {
    let thumbprint = Thumbprint::new([0x11; 20]);
    let subject = "CN=laptop-7".parse().unwrap();
    let url = "https://ca.example/scep";
    let mut install = ScepInstall::new(Scope::Device, "c1", url, subject, thumbprint);
    install.challenge = "$FLEET_VAR_NDES_SCEP_CHALLENGE".into();
    let text = Document::fragment(&install.operations(Write::Add).unwrap()).unwrap().to_xml();
    nothing(&text);
    text
}

/// The same with another value of one node.
fn with(name: &str, value: &str) -> String {
    let text = scep();
    let node = text.find(&format!("{INSTALL}/{name}<")).unwrap();
    let start = node + text[node..].find("<Data>").unwrap() + "<Data>".len();
    let end = start + text[start..].find("</Data>").unwrap();
    format!("{}{value}{}", &text[..start], &text[end..])
}

fn pfx() -> String {
    let blob = Setting::placeholder("$FLEET_SECRET_PFX").unwrap();
    let mut install = PfxInstall::from_setting(Scope::Device, "p1", blob);
    install.password = "$FLEET_SECRET_PASSWORD".into();
    Document::fragment(&install.operations(Write::Add).unwrap()).unwrap().to_xml()
}

/// The certificate of a CA, self-signed, with another version in place of its own.
fn root(version: Option<u64>, keeps_extensions: bool) -> Vec<u8> {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
    let name = "CN=Root".parse().unwrap();
    let ca = CertificateParams::ca(name, key.public_key().clone(), validity, &RustCrypto).unwrap();
    let ca = ca.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    let mut outer = Reader::new(ca.as_der()).sequence("Certificate").unwrap();
    let mut fields = outer.sequence("TBSCertificate").unwrap();
    Writer::build(|certificate| {
        certificate.sequence(|certificate| {
            certificate.sequence(|tbs| {
                if let Some(version) = version {
                    tbs.nested(tag::constructed(0), |tbs| tbs.unsigned(version));
                }
                while let Ok(field) = fields.any("a field") {
                    let dropped = field.tag == tag::constructed(0)
                        || (field.tag == tag::constructed(3) && !keeps_extensions);
                    if !dropped {
                        tbs.raw(field.raw);
                    }
                }
            });
            while let Ok(field) = outer.any("a field") {
                certificate.raw(field.raw);
            }
        });
    })
}

#[test]
fn a_root_of_a_version_without_extensions_is_trusted_all_the_same() {
    let written = |store, der: &[u8]| {
        let root = TrustedCertificate::new(Scope::Device, store, der, &RustCrypto).unwrap();
        Document::fragment(&[root.operation(Write::Add).unwrap()]).unwrap().to_xml()
    };
    nothing(&written(Store::Root, &root(Some(2), true)));
    for version in [None, Some(0), Some(1)] {
        let der = root(version, false);
        nothing(&written(Store::Root, &der));
        assert_eq!(findings(&written(Store::Intermediate, &der)), ["warning WS019"]);
    }
    // Version 3 could have said that it is a CA's.
    assert_eq!(findings(&written(Store::Root, &root(Some(2), false))), ["warning WS019"]);
}

#[test]
fn the_name_of_a_network_in_percent_encoding() {
    // Escapes stand before letters, digits, blanks and one another.
    for name in ["Büro 2", "Бюро АБ", "会議室", "aé_b c", "Gäste (alle) %"] {
        let eap = EapTls::new([Thumbprint::new([0x11; 20])]).server_name("radius.example");
        let wifi = WifiProfile::new(Scope::Device, name, eap);
        let text = Document::fragment(&[wifi.operation(Write::Add).unwrap()]).unwrap().to_xml();
        assert_eq!(findings_of(Target::Fleet, &text), [""; 0], "{text}");
        let other = text.replacen(&format!("&lt;name&gt;{name}&lt;"), "&lt;name&gt;Other&lt;", 1);
        assert_ne!(other, text);
        assert_eq!(findings_of(Target::Fleet, &other), ["error WS022"], "{other}");
    }
}

#[test]
fn commands_side_by_side_without_cmd_ids() {
    nothing(&format!("{}{}", get("./DevInfo/DevId"), get("./DevInfo/Man")));
    // In a message each has one.
    let message = format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncBody>{}</SyncBody></SyncML>",
        get("./DevInfo/DevId")
    );
    assert!(findings(&message).contains(&"error WS003".to_owned()), "{:?}", findings(&message));
}

#[test]
fn cmd_ids_that_are_uuids() {
    let numbered =
        |id: &str| get("./DevInfo/DevId").replace("<Get>", &format!("<Get><CmdID>{id}</CmdID>"));
    nothing(&numbered("0b5a8a4e-6a1b-4a5e-9d3c-2f1e0d9c8b7a"));
    assert_eq!(findings(&numbered("313$")), ["warning WS003"]);
}

#[test]
fn prefixes_and_the_namespace_on_meta() {
    let text = scep();
    let (own, plain) = ("<Format xmlns=\"syncml:metinf\">", "<Format>");
    assert!(text.contains(own));
    let prefixed = text
        .replace(own, "<A:Format xmlns:A=\"syncml:metinf\">")
        .replace("</Format>", "</A:Format>");
    nothing(&prefixed);
    let on_meta = text
        .replace("<Meta>", "<Meta xmlns=\"syncml:metinf\">")
        .replace(own, plain)
        .replace("<Type xmlns=\"syncml:metinf\">", "<Type>");
    nothing(&on_meta);
    let other = text.replace("syncml:metinf", "urn:other");
    assert!(!findings(&other).is_empty());
}

#[test]
fn every_format_of_a_pfx_that_is_met() {
    let text = pfx();
    nothing(&text);
    let uri = text.find("/PFXCertBlob<").unwrap();
    let start = uri + text[uri..].find("metinf\">").unwrap() + "metinf\">".len();
    let end = start + text[start..].find('<').unwrap();
    let of = |format: &str| format!("{}{format}{}", &text[..start], &text[end..]);
    for format in ["chr", "b64", "bin"] {
        nothing(&of(format));
    }
    assert_eq!(findings(&of("int")).len(), 1);
}

#[test]
fn names_in_any_case_and_addresses_without_device() {
    let text = scep();
    nothing(&text.replace("ClientCertificateInstall", "clientcertificateinstall"));
    nothing(&text.replace("/KeyLength<", "/KEYLENGTH<"));
    nothing(&text.replace("./Device/Vendor", "./Vendor"));
    assert!(!findings(&text.replace("/KeyLength<", "/KeyLenght<")).is_empty());
}

#[test]
fn semicolons_between_digests_and_behind_the_last_alternative_name() {
    for digests in ["SHA-2+SHA-3", "SHA-2;SHA-3"] {
        nothing(&with("HashAlgorithm", digests));
    }
    assert!(!findings(&with("HashAlgorithm", "SHA-2,SHA-3")).is_empty());
    let named = |names: &str| {
        let node = format!(
            "<Add><Item><Target><LocURI>{INSTALL}/SubjectAlternativeNames</LocURI></Target><Meta>\
             <Format xmlns=\"syncml:metinf\">chr</Format></Meta><Data>{names}</Data></Item></Add>"
        );
        scep().replacen("<Exec>", &format!("{node}<Exec>"), 1)
    };
    nothing(&named("11+tom@example.com;3+laptop-7.example"));
    nothing(&named("11+tom@example.com;3+laptop-7.example;"));
    assert!(!findings(&named("11+tom@example.com;;3+laptop-7.example")).is_empty());
}

#[test]
fn placeholders_wherever_a_value_may_stand() {
    for placeholder in
        ["$FLEET_SECRET_X", "${FLEET_VAR_HOST_UUID}", "{{Name}}", "%name%", "$NAME", "{Name}"]
    {
        for node in ["KeyUsage", "KeyLength", "HashAlgorithm", "CAThumbprint", "ServerURL"] {
            assert_eq!(findings(&with(node, placeholder)), [""; 0], "{node} {placeholder}");
        }
    }
    for node in ["KeyUsage", "KeyLength", "CAThumbprint"] {
        assert!(!findings(&with(node, "name")).is_empty(), "{node}");
    }
}
