//! Payloads built, written, read back and checked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use std::collections::BTreeSet;
use std::time::Duration;

use devicecert_mobileconfig::payload::{
    AcmeKey, AcmePayload, AnyPayload, Attestation, Attribute, CertificateFormat,
    CertificatePayload, CertificatePreference, CertificateType, Common, Curve, DELIBERATELY_ABSENT,
    EapConfiguration, EapType, EnclaveCurve, Encryption, EthernetPayload, IdentityPreference,
    Ikev2, Ikev2Authentication, Interface, Key, KeyUsage, Kind, OtherPayload, Payload, PayloadUuid,
    Pkcs12Payload, Platform, ProfileBuilder, RsaKeySize, ScepPayload, SetupMode, Subject,
    TlsVersion, VpnPayload, WifiPayload, is_deliberately_absent, schema,
};
use devicecert_mobileconfig::plist::{Dictionary, Text, Value};
use devicecert_mobileconfig::rule::{Target, check};
use devicecert_mobileconfig::{Limits, Profile, Scope, Severity};

fn subject() -> Subject {
    Subject::new().with("CN", "%SerialNumber%").with("OU", "$FLEET_VAR_SCEP_RENEWAL_ID")
}

fn scep() -> ScepPayload {
    let mut scep = ScepPayload::new("https://ca.example/scep", subject());
    scep.name = Some("example.org".into());
    scep.challenge = Some("$FLEET_VAR_NDES_SCEP_CHALLENGE".into());
    scep.key_size = RsaKeySize::Bits4096;
    scep.key_usage = KeyUsage::SIGNING;
    scep.ca_fingerprint = Some(vec![7; 32]);
    scep.retries = 5;
    scep.retry_delay = Duration::from_secs(60);
    scep.allow_all_apps_access = true;
    scep.alternative_names.emails = vec!["ada@example.com".into(), "bob@example.com".into()];
    scep.alternative_names.dns_names = vec!["laptop-7.example.com".into()];
    scep.alternative_names.uris = vec!["tag:example.com,2026:7".into()];
    scep.alternative_names.nt_principal_name = Some("ada@example.com".into());
    scep
}

fn acme(key: AcmeKey) -> AcmePayload {
    let mut acme = AcmePayload::new("https://ca.example/directory", "C02XL0GYJGH5", key, subject());
    acme.usage = Some(KeyUsage::SIGNING);
    acme.extended_key_usage = vec!["1.3.6.1.5.5.7.3.2".into()];
    acme.alternative_names = scep().alternative_names;
    acme
}

fn pkcs12() -> Pkcs12Payload {
    let mut pkcs12 = Pkcs12Payload::new(vec![0x30, 3, 2, 1, 3], "password");
    pkcs12.file_name = Some("identity.p12".into());
    pkcs12
}

fn root() -> CertificatePayload {
    let mut root = CertificatePayload::new(CertificateFormat::Root, vec![0x30, 0]);
    root.file_name = Some("root.cer".into());
    root
}

fn eap() -> EapConfiguration {
    let anchor = PayloadUuid::from("9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC");
    let mut eap = EapConfiguration::tls(vec![anchor.into()], vec!["radius.example.com".into()]);
    eap.types.push(EapType::TTLS);
    eap.user_name = Some("%ComputerName%".into());
    eap.user_password = Some("password".into());
    eap.one_time_password = Some(false);
    eap.tls_maximum = Some(TlsVersion::V1_3);
    eap.outer_identity = Some("anonymous".into());
    eap.ttls_inner_authentication = Some("PAP".into());
    eap
}

fn uuid() -> PayloadUuid {
    PayloadUuid::from("0B2A3B1C-9F62-4A52-8C3B-2A7D1D9C0E01")
}

fn wifi() -> WifiPayload {
    let mut wifi = WifiPayload::enterprise("Example", Encryption::Wpa3, eap(), uuid().into());
    wifi.password = Some("password".into());
    wifi.setup_modes = vec![SetupMode::System, SetupMode::LoginWindow];
    wifi.certificate_required = Some(true);
    wifi.disable_mac_randomization = Some(true);
    wifi
}

fn vpns() -> Vec<VpnPayload> {
    let kind = Some(CertificateType::Ecdsa384);
    let authentications = [
        Ikev2Authentication::Certificate(uuid().into(), kind),
        Ikev2Authentication::SharedSecret("secret".into()),
        Ikev2Authentication::Eap(Some(uuid().into())),
        Ikev2Authentication::Eap(None),
    ];
    authentications
        .into_iter()
        .map(|authentication| {
            let mut ikev2 = Ikev2::new("vpn.example.com", "laptop-7", authentication);
            ikev2.user_name = Some("ada".into());
            ikev2.user_password = Some("password".into());
            ikev2.server_certificate_issuer = Some("Example CA".into());
            ikev2.server_certificate_name = Some("vpn".into());
            ikev2.tls_maximum = Some(TlsVersion::V1_2);
            VpnPayload::new("Example", ikev2)
        })
        .collect()
}

/// Every payload type with every field filled.
fn payloads() -> Vec<AnyPayload> {
    let mut all = vec![
        AnyPayload::Scep(Box::new(scep())),
        AnyPayload::Pkcs12(Box::new(pkcs12())),
        AnyPayload::Certificate(Box::new(root())),
        AnyPayload::Wifi(Box::new(wifi())),
        AnyPayload::IdentityPreference(Box::new(IdentityPreference::new("a@b", uuid().into()))),
        AnyPayload::CertificatePreference(Box::new(CertificatePreference::new(
            "a@b",
            uuid().into(),
        ))),
    ];
    let keys = [
        AcmeKey::Rsa(3072),
        AcmeKey::Ec(Curve::P521),
        AcmeKey::SecureEnclave(EnclaveCurve::P256, Attestation::None),
        AcmeKey::SecureEnclave(EnclaveCurve::P384, Attestation::Required),
    ];
    all.extend(keys.map(|key| AnyPayload::Acme(Box::new(acme(key)))));
    all.extend(vpns().into_iter().map(|vpn| AnyPayload::Vpn(Box::new(vpn))));
    all.extend(Interface::ALL.map(|interface| {
        let mut ethernet = EthernetPayload::new(interface, eap(), uuid().into());
        ethernet.setup_modes = vec![SetupMode::System];
        ethernet.certificate_required = Some(false);
        AnyPayload::Ethernet(Box::new(ethernet))
    }));
    all
}

#[test]
fn what_is_written_is_read_back() {
    for payload in payloads() {
        let written = payload.to_dictionary();
        assert_eq!(AnyPayload::read(&written), payload);
        // The same out of a file, in the company of the keys that every payload has.
        let mut profile = ProfileBuilder::new("com.example.profile", Scope::System);
        profile.add("one", payload.clone());
        let file = profile.build().to_xml().unwrap();
        let profile = Profile::read(file.as_bytes(), &Limits::default()).unwrap();
        let node = profile.payloads().next().unwrap();
        assert_eq!(AnyPayload::read(node.value().as_dictionary().unwrap()), payload);
    }
}

#[test]
fn unknown_keys_and_values_stay_as_they_are() {
    for payload in payloads() {
        let mut written = payload.to_dictionary();
        written.insert("com.example.unknown", 7);
        let again = AnyPayload::read(&written);
        assert!(!matches!(again, AnyPayload::Other(_)), "{again:?}");
        assert_eq!(again.to_dictionary(), written);
    }
    // A value that the field cannot hold wins over what the field would write.
    let mut written = scep().to_dictionary();
    let content = written.get_mut("PayloadContent").unwrap().as_dictionary_mut().unwrap();
    content.insert("Keysize", 0);
    content.insert("Retries", "$RETRIES");
    let again = ScepPayload::read(&written).unwrap();
    assert_eq!(again.retries, 3);
    let again = again.to_dictionary();
    let content = again.get("PayloadContent").unwrap().as_dictionary().unwrap();
    assert_eq!(content.get("Keysize"), Some(&Value::from(0)));
    assert_eq!(content.get("Retries"), Some(&Value::from("$RETRIES")));
}

#[test]
fn the_identity_of_eap_tls_beside_a_shared_secret_is_kept() {
    let secret = Ikev2Authentication::SharedSecret("secret".into());
    let mut ikev2 = Ikev2::new("vpn.example.com", "laptop-7", secret);
    ikev2.extended_authentication = true;
    let mut written = VpnPayload::new("Example", ikev2).to_dictionary();
    written.insert("PayloadType", "com.apple.vpn.managed");
    let keys = written.get_mut("IKEv2").and_then(Value::as_dictionary_mut).expect("IKEv2");
    keys.insert("PayloadCertificateUUID", uuid().as_str());
    let again = VpnPayload::read(&written).expect("a VPN payload").to_dictionary();
    assert_eq!(again.get("IKEv2"), written.get("IKEv2"));
}

#[test]
fn what_devices_assume_is_never_left_to_them() {
    let written = ScepPayload::new("https://ca.example/scep", subject()).to_dictionary();
    let content = written.get("PayloadContent").unwrap().as_dictionary().unwrap();
    assert_eq!(content.get("Keysize"), Some(&Value::from(2048)));
    assert_eq!(content.get("Key Type"), Some(&Value::from("RSA")));
    assert_eq!(content.get("Key Usage"), Some(&Value::from(5)));
    assert_eq!(content.get("KeyIsExtractable"), Some(&Value::from(false)));
    let acme = acme(AcmeKey::Rsa(2048)).to_dictionary();
    assert_eq!(acme.get("HardwareBound"), Some(&Value::from(false)));
    assert_eq!(acme.get("KeyIsExtractable"), Some(&Value::from(false)));
    let pkcs12 = pkcs12().to_dictionary();
    assert_eq!(pkcs12.get("KeyIsExtractable"), Some(&Value::from(false)));
}

#[test]
fn absent_keys_are_read_as_devices_do() {
    let content: Dictionary = [("URL", "https://ca.example/scep")].into_iter().collect();
    let mut payload = Dictionary::new();
    payload.insert("PayloadType", "com.apple.security.scep");
    payload.insert("PayloadContent", content);
    let scep = ScepPayload::read(&payload).unwrap();
    assert_eq!(scep.key_size, RsaKeySize::Bits1024);
    assert_eq!(scep.key_usage, KeyUsage::UNSPECIFIED);
    assert!(scep.key_is_extractable);
}

#[test]
fn acme_keys_that_do_not_exist_cannot_be_read() {
    for (kind, size, bound, attest) in [
        ("RSA", 2048, true, false),
        ("RSA", 2047, false, false),
        ("RSA", 8192, false, false),
        ("ECSECPrimeRandom", 512, false, false),
        ("ECSECPrimeRandom", 521, true, false),
        ("ECSECPrimeRandom", 256, false, true),
        ("EC", 256, false, false),
    ] {
        let mut payload = acme(AcmeKey::Rsa(2048)).to_dictionary();
        payload.insert("KeyType", kind);
        payload.insert("KeySize", size);
        payload.insert("HardwareBound", bound);
        payload.insert("Attest", attest);
        assert!(AcmePayload::read(&payload).is_err(), "{kind} {size} {bound} {attest}");
        assert!(matches!(AnyPayload::read(&payload), AnyPayload::Other(_)));
    }
}

#[test]
fn secrets_are_not_printed() {
    for payload in payloads() {
        let printed = format!("{payload:?}");
        for secret in ["password", "NDES_SCEP_CHALLENGE"] {
            assert!(!printed.contains(&format!("\"{secret}")), "{printed}");
            assert!(!printed.contains("$FLEET_VAR_NDES"), "{printed}");
        }
    }
}

/// A whole profile: root, RADIUS root, identity and three payloads that use them.
fn profile() -> ProfileBuilder {
    let mut profile = ProfileBuilder::new("com.example.wifi", Scope::System)
        .display_name("Wi-Fi")
        .organization("Example");
    let data = |name: &str| Text::from(format!("$FLEET_SECRET_{name}"));
    let root = CertificatePayload::new(CertificateFormat::Root, data("ROOT"));
    let anchor = profile.add("radius", root);
    let mut scep = ScepPayload::new("https://ca.example/scep", subject());
    scep.challenge = Some("$FLEET_VAR_NDES_SCEP_CHALLENGE".into());
    let identity = profile.add_with_display_name("scep", "Wi-Fi certificate", scep);
    let eap = EapConfiguration::tls(vec![anchor], vec!["radius.example.com".into()]);
    let wifi = WifiPayload::enterprise("Example", Encryption::Wpa2, eap.clone(), identity.clone());
    profile.add("wifi", wifi);
    let ethernet = EthernetPayload::new(Interface::FirstActive, eap, identity.clone());
    profile.add("ethernet", ethernet);
    let ikev2 = Ikev2::with_certificate("vpn.example.com", "laptop-7", identity);
    profile.add("vpn", VpnPayload::new("Example", ikev2));
    profile
}

#[test]
fn handles_resolve_and_nothing_is_found() {
    let profile = profile().build();
    let target = Target::default().platform(Platform::MacOs);
    let findings = check(&profile, &target);
    assert!(findings.is_empty(), "{findings:#?}");
    let anywhere = check(&profile, &Target::default());
    assert!(anywhere.iter().all(|finding| finding.severity != Severity::Error), "{anywhere:#?}");
}

#[test]
fn building_twice_gives_the_same_profile() {
    let (one, other) = (profile().build(), profile().build());
    assert_eq!(one.to_xml().unwrap(), other.to_xml().unwrap());
    let uuids: BTreeSet<_> = one
        .payloads()
        .map(|node| Common::read(node.value().as_dictionary().unwrap()).unwrap())
        .map(|common| common.uuid.to_string())
        .collect();
    assert_eq!(uuids.len(), 5);
    assert_eq!(one.scope(), Some(Scope::System));
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let mut profile = ProfileBuilder::new("com.example.profile", Scope::User);
    let first = profile.add("root", root());
    let second = profile.add("root", root());
    assert_ne!(first, second);
    let profile = profile.build();
    let identifiers: Vec<_> = profile
        .payloads()
        .map(|node| node.get("PayloadIdentifier").unwrap().value().as_str().unwrap().to_owned())
        .collect();
    assert_eq!(identifiers, ["com.example.profile.root", "com.example.profile.root-2"]);
}

#[test]
fn other_payloads_are_kept() {
    let keys: Dictionary = [("com.example.key", 1)].into_iter().collect();
    let other = OtherPayload::new("com.example.app", keys);
    let read = AnyPayload::read(&other.to_dictionary());
    assert_eq!(read, AnyPayload::Other(Box::new(other)));
}

#[test]
fn subjects_are_written_as_apple_wants_them() {
    let subject: Subject = "/C=US/O=Apple Inc./CN=foo/1.2.5.3=bar".parse().unwrap();
    let kinds: Vec<_> = subject.rdns().iter().flatten().map(|one| one.kind.as_str()).collect();
    assert_eq!(kinds, ["C", "O", "CN", "1.2.5.3"]);
    assert_eq!(Attribute::new("emailAddress", String::new()).kind, "1.2.840.113549.1.9.1");
}

/// Every key of the tables is written by a payload with all fields filled, or listed as left out.
#[test]
fn every_key_has_a_field_or_a_reason() {
    let mut written: BTreeSet<(String, String)> = BTreeSet::new();
    for payload in payloads() {
        collect(payload.payload_type(), "", &payload.to_dictionary(), &mut written);
    }
    let types: BTreeSet<_> = written.iter().map(|(kind, _)| kind.clone()).collect();
    let (mut fields, mut absent) = (0, 0);
    for kind in &types {
        let mut paths = Vec::new();
        flatten("", schema(kind).expect("a table").keys, &mut paths);
        for path in &paths {
            let has_field = written.contains(&(kind.clone(), path.clone()));
            let left_out = is_deliberately_absent(kind, path)
                // The keys of 802.1X are those of Wi-Fi.
                || kind.ends_with("ethernet.managed")
                    && is_deliberately_absent("com.apple.wifi.managed", path);
            if kind == "com.apple.globalethernet.managed" && path == "Interface" {
                continue;
            }
            assert!(has_field != left_out, "{kind}: {path} ({has_field})");
            fields += usize::from(has_field);
            absent += usize::from(left_out);
        }
    }
    for (kind, path, reason) in DELIBERATELY_ABSENT {
        let mut paths = Vec::new();
        flatten("", schema(kind).expect("a table").keys, &mut paths);
        assert!(paths.iter().any(|known| known == path), "{kind}: {path} is no key");
        assert!(!reason.is_empty());
    }
    println!("{} payload types, {fields} keys with a field, {absent} left out", types.len());
}

fn flatten(above: &str, keys: &[Key], out: &mut Vec<String>) {
    for key in keys {
        let path = if above.is_empty() { key.name.into() } else { format!("{above}.{}", key.name) };
        if let Kind::Dictionary(keys) | Kind::OpenDictionary(keys) = key.kind {
            flatten(&path, keys, out);
        }
        out.push(path);
    }
}

fn collect(kind: &str, above: &str, keys: &Dictionary, out: &mut BTreeSet<(String, String)>) {
    for (key, value) in keys.iter() {
        let path = if above.is_empty() { key.into() } else { format!("{above}.{key}") };
        if let Some(below) = value.as_dictionary() {
            collect(kind, &path, below, out);
        }
        out.insert((kind.to_owned(), path));
    }
}

/// Fleet's proxy is asked with a passcode in the URL.
#[test]
fn a_scep_payload_is_shown_without_challenge_and_path() {
    let mut scep = scep();
    scep.url = "https://user:password@mdm.example/proxy/passcode?secret#secret".into();
    scep.challenge = Some("secret".into());
    let shown = format!("{scep:?}");
    assert!(shown.contains(r#"url: "https://mdm.example", "#), "{shown}");
    for secret in ["user", "password", "passcode", "secret"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    scep.url = "$FLEET_VAR_NDES_SCEP_PROXY_URL".into();
    assert!(format!("{scep:?}").contains(r#"url: "$FLEET_VAR_NDES_SCEP_PROXY_URL""#));
}
