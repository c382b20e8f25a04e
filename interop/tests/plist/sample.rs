//! The profiles that are shown around.

use std::time::Duration;

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::Time;
use devicecert::product::mosyle::{MultiCert, ScepProfile, WifiProfile};
use devicecert_mobileconfig::payload::{
    AcmeKey, AcmePayload, Attestation, CertificateFormat, CertificatePayload,
    CertificatePreference, EapConfiguration, EnclaveCurve, Encryption, EthernetPayload,
    IdentityPreference, Ikev2, Ikev2Authentication, Interface, KeyUsage, Pkcs12Payload,
    ProfileBuilder, ScepPayload, Subject, VpnPayload, WifiPayload,
};
use devicecert_mobileconfig::plist::{Array, Dictionary, Value};
use devicecert_mobileconfig::{Profile, Scope};

/// One of every value that all property lists can hold, with what is special in XML.
pub(crate) fn sample() -> Profile {
    let mut profile = Profile::new("com.example.a", "11111111-2222-3333-4444-555555555555");
    profile.set("PayloadDisplayName", "Wi-Fi & <more> \"é😀\" 'x' ]]> \t\r\n %SerialNumber%");
    profile.set("RemovalDate", Time::from_unix(1_801_396_800));
    profile.set("DurationUntilRemoval", 86_400.5);
    profile.set("PayloadRemovalDisallowed", true);
    let mut payload = Dictionary::new();
    payload.insert("PayloadType", "com.apple.security.root");
    payload.insert("PayloadContent", (0..=255).collect::<Vec<u8>>());
    payload.insert("Empty", vec![]);
    payload.insert("a.key & <another>", false);
    payload.insert("Numbers", [0, -1, i64::MIN, i64::MAX].into_iter().collect::<Array>());
    payload.insert("Reals", [0.0, -0.5, 1e300, 5e-324].into_iter().collect::<Array>());
    payload.insert("Nothing", Value::from(""));
    payload.insert("No items", Array::new());
    payload.insert("No keys", Dictionary::new());
    profile.push(payload).expect("a payload");
    profile
}

/// The sample without what programs that read it well do not write well: `plistlib` and
/// `plistutil` write a carriage return as it is, which any reader of XML takes for a line feed.
pub(crate) fn plain() -> Profile {
    let mut profile = sample();
    profile.set("PayloadDisplayName", "Wi-Fi & <more> \"é😀\" 'x' ]]> \t\n %SerialNumber%");
    profile
}

/// Data and texts of many lengths.
pub(crate) fn long() -> Profile {
    let mut profile = Profile::new("com.example.long", "Ignored");
    for number in 0..50_u8 {
        let mut payload = Dictionary::new();
        payload.insert("PayloadContent", vec![number; usize::from(number) * 3]);
        payload.insert("Text", "line\n".repeat(usize::from(number)));
        profile.push(payload).expect("a payload");
    }
    profile
}

/// Every type of payload that can be written, bound together.
pub(crate) fn payloads() -> Profile {
    let mut profile = ProfileBuilder::new("com.example.all", Scope::User)
        .display_name("Everything & more")
        .organization("Example");
    let subject = Subject::new().with("CN", "%SerialNumber%").with("1.2.840.113549.1.9.1", "a@b.c");
    let mut scep = ScepPayload::new("https://ca.example/scep?a=b&c=d", subject.clone());
    scep.challenge = Some("<&\"'>".into());
    scep.ca_fingerprint = Some((0..32).collect());
    scep.retry_delay = Duration::from_secs(60);
    scep.alternative_names.dns_names = vec!["a.example".into(), "b.example".into()];
    let scep = profile.add_with_display_name("scep", "Certificate", scep);
    let key = AcmeKey::SecureEnclave(EnclaveCurve::P384, Attestation::Required);
    let mut acme = AcmePayload::new("https://ca.example/acme", "laptop-7", key, subject);
    acme.usage = Some(KeyUsage::SIGNING);
    let acme = profile.add("acme", acme);
    let file = profile.add("pkcs12", Pkcs12Payload::new(vec![0x30, 3, 2, 1, 3], "password"));
    let certificate = |format| CertificatePayload::new(format, vec![0x30; 200]);
    let root = profile.add("root", certificate(CertificateFormat::Root));
    profile.add("issuing", certificate(CertificateFormat::Pkcs1));
    let pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let pem = CertificatePayload::new(CertificateFormat::Pem, pem.as_bytes().to_vec());
    let pem = profile.add("pem", pem);
    let eap = || EapConfiguration::tls(vec![root.clone()], vec!["radius.example".into()]);
    profile
        .add("wifi", WifiPayload::enterprise("Büro & Lab", Encryption::Wpa3, eap(), scep.clone()));
    profile.add("personal", WifiPayload::personal("Home", Encryption::Wpa2, "correct horse"));
    profile.add("cable", EthernetPayload::new(Interface::Global, eap(), acme));
    let authentication = Ikev2Authentication::Certificate(file, None);
    let vpn = Ikev2::new("vpn.example.com", "laptop-7", authentication);
    profile.add("vpn", VpnPayload::new("Example", vpn));
    profile.add("identity", IdentityPreference::new("ada@example.com", scep));
    profile.add("certificate", CertificatePreference::new("ada@example.com", pem));
    profile.build()
}

/// Certificates, an enrolment and a wireless network, bound together.
pub(crate) fn bound() -> Profile {
    let file = |name: &str| {
        let testdata = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata");
        std::fs::read(format!("{testdata}/{name}")).expect("test data")
    };
    let (root, issuer) = (file("rfc7292/root.cert"), file("rfc7292/issuer.cert"));
    let mut scep = ScepProfile::new("https://gateway.example/scep", "/CN=%Email%", "a & <b>");
    scep.fingerprint_from = Some(issuer.clone());
    let wifi = WifiProfile::new("Office", vec!["*.radius.example".into()]);
    let mut form = MultiCert::new("com.example.wifi", "Wi-Fi", root, issuer, scep, wifi);
    form.radius_roots = vec![file("rfc5652/rsa.crt"), file("rfc5652/other.crt")];
    let identity = form.identity().expect("a form");
    identity.to_mobileconfig(&RustCrypto).expect("an identity").output
}
