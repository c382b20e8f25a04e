//! What each platform cannot express, to the last item.

use core::time::Duration;

use devicecert::crypto_rust::RustCrypto;
use devicecert::identity::{
    Consumer, EapTls, Ethernet, IdentityRequest, KeyStorage, KeyUsage, Lost, Pkcs12, RenewBefore,
    Scep, Scope, Vpn, Wifi, Written,
};
use devicecert::mobileconfig::payload::{Attestation, Interface};
use devicecert::pki::{GeneralName, Secret};
use devicecert::syncml::{Hash, ValidFor, WifiSecurity, Write};

use crate::support::{ROOT, certificate, identity};

fn lost<T>(written: &Written<T>) -> Vec<Lost> {
    written.lost.iter().map(|loss| loss.what.clone()).collect()
}

fn apple(identity: &IdentityRequest) -> Vec<Lost> {
    lost(&identity.to_mobileconfig(&RustCrypto).unwrap())
}

fn windows(identity: &IdentityRequest) -> Vec<Lost> {
    lost(&identity.to_syncml(Write::Add, &RustCrypto).unwrap())
}

fn csr(identity: &IdentityRequest) -> Vec<Lost> {
    lost(&identity.to_csr_params().unwrap())
}

/// Everything that can be asked for, at once.
fn demanding() -> IdentityRequest {
    let mut server = Scep::new("https://ca.example/scep")
        .challenge("password-1")
        .ca(certificate(ROOT))
        .ca_identifier("wifi")
        .retry(40, Duration::from_millis(2500));
    server.server_urls.push("https://ca2.example/scep".into());
    server.template = Some("Device".into());
    let eap = EapTls::new(vec![certificate(ROOT)], Vec::new());
    let mut wifi = Wifi::new("Office", eap.clone());
    wifi.security = WifiSecurity::Wpa3Enterprise192;
    wifi.disable_mac_randomization = Some(true);
    let mut ethernet = Ethernet::new(eap);
    ethernet.interface = Interface::First;
    let mut identity = IdentityRequest::new("com.example.wifi", server)
        .scope(Scope::User)
        .subject("CN=laptop-7".parse().unwrap())
        .alternative_name(GeneralName::Ip("192.0.2.7".parse().unwrap()))
        .consumer(wifi)
        .consumer(ethernet)
        .consumer(Vpn::new("Office", "vpn.example", "laptop-7"))
        .consumer(Consumer::Preference("https://intranet.example".into()));
    identity.display_name = Some("Wi-Fi".into());
    identity.organization = Some("Example".into());
    identity.key.storage = KeyStorage::Tpm;
    identity.key.extractable = true;
    identity.key.all_apps_access = true;
    identity.usage = KeyUsage::SIGN_AND_ENCIPHER | KeyUsage::CRL_SIGN;
    identity.purposes = vec![devicecert::pki::oid::CLIENT_AUTH];
    identity.hash = Some(Hash::Sha2);
    identity.validity = Some(ValidFor::Years(1));
    identity.renewal.before = Some(RenewBefore::Percent(20));
    identity.renewal.notice_days = Some(14);
    identity
}

#[test]
fn a_request_for_nothing_special_loses_nothing_anywhere() {
    assert_eq!(apple(&identity()), []);
    assert_eq!(windows(&identity()), []);
    assert_eq!(csr(&identity()), []);
}

#[test]
fn what_apple_cannot_express() {
    let ip = GeneralName::Ip("192.0.2.7".parse().unwrap());
    assert_eq!(
        apple(&demanding()),
        [
            Lost::ServerUrl("https://ca2.example/scep".into()),
            Lost::AlternativeName(ip),
            Lost::KeyUsage("cRLSign"),
            Lost::RetryDelay(Duration::from_millis(2500)),
            Lost::KeyStorage,
            Lost::Template,
            Lost::Purposes,
            Lost::Hash,
            Lost::Validity,
            Lost::WifiSecurity,
            Lost::Renewal,
        ]
    );
}

#[test]
fn what_windows_cannot_express() {
    let ip = GeneralName::Ip("192.0.2.7".parse().unwrap());
    assert_eq!(
        windows(&demanding()),
        [
            Lost::TrustScope,
            Lost::AlternativeName(ip),
            Lost::RetryCount(40),
            Lost::RetryDelay(Duration::from_millis(2500)),
            Lost::CaIdentifier,
            Lost::KeyExport,
            Lost::MacRandomization,
            Lost::Interface,
            Lost::Vpn,
            Lost::Preference,
            Lost::DisplayName,
            Lost::Organization,
            Lost::AllAppsAccess,
            Lost::Renewal,
            Lost::ExpiryNotice,
        ]
    );
}

#[test]
fn what_a_certification_request_cannot_express() {
    let mut identity = demanding().trust(certificate(ROOT));
    identity.key.kind = devicecert::identity::KeyType::Rsa(4096);
    assert_eq!(
        csr(&identity),
        [
            Lost::Template,
            Lost::Validity,
            Lost::KeyType,
            Lost::KeyStorage,
            Lost::KeyExport,
            Lost::AllAppsAccess,
            Lost::DisplayName,
            Lost::Organization,
            Lost::Renewal,
            Lost::ExpiryNotice,
            Lost::Trust,
            Lost::Wifi,
            Lost::Ethernet,
            Lost::Vpn,
            Lost::Preference,
        ]
    );
}

#[test]
fn an_enclave_is_no_tpm_and_a_second_principal_name_is_one_too_many() {
    let mut identity = identity();
    identity.key.storage = KeyStorage::SecureEnclave(Attestation::None);
    assert_eq!(windows(&identity), [Lost::KeyStorage]);
    assert_eq!(apple(&identity), [Lost::KeyStorage], "SCEP does not reach the enclave");
    identity.key.storage = KeyStorage::Software;
    let upn = |name: &str| GeneralName::Upn(name.into());
    identity.alternative_names = vec![upn("a@x.example"), upn("b@x.example")];
    assert_eq!(apple(&identity), [Lost::AlternativeName(upn("b@x.example"))]);
    assert_eq!(windows(&identity), []);
}

#[test]
fn a_device_prefers_nothing() {
    let identity = identity().consumer(Consumer::Preference("https://intranet.example".into()));
    assert_eq!(apple(&identity), [Lost::Preference]);
}

#[test]
fn what_a_pkcs12_file_says_is_not_said_again() {
    let mut identity = demanding();
    identity.source = Pkcs12::new(Secret::new(vec![0x30]), "secret").into();
    identity.consumers.clear();
    let ip = Lost::AlternativeName(GeneralName::Ip("192.0.2.7".parse().unwrap()));
    let usage = Lost::KeyUsage("cRLSign");
    let file = [Lost::Subject, ip, usage, Lost::Purposes, Lost::Hash, Lost::Validity];
    let expected = [&[Lost::KeyStorage, Lost::ExpiryNotice][..], &file, &[Lost::Renewal]].concat();
    assert_eq!(apple(&identity), expected);
    let rest = [
        Lost::DisplayName,
        Lost::Organization,
        Lost::AllAppsAccess,
        Lost::Renewal,
        Lost::ExpiryNotice,
    ];
    assert_eq!(windows(&identity), [&[Lost::KeyExport][..], &file, &rest].concat());
}

#[test]
fn a_pkcs12_file_settles_the_key_usage_whichever_bits_are_asked_for() {
    let file = Pkcs12::new(Secret::new(vec![0x30]), "secret");
    let mut identity = IdentityRequest::new("com.example.pfx", file);
    assert_eq!((apple(&identity), windows(&identity)), (vec![], vec![]));
    for (usage, bits) in [
        (KeyUsage::DIGITAL_SIGNATURE, &["keyEncipherment"][..]),
        (KeyUsage::SIGN_AND_AGREE, &["keyEncipherment", "keyAgreement"]),
        (KeyUsage::KEY_CERT_SIGN, &["digitalSignature", "keyEncipherment", "keyCertSign"]),
    ] {
        identity.usage = usage;
        let expected: Vec<Lost> = bits.iter().copied().map(Lost::KeyUsage).collect();
        assert_eq!((apple(&identity), windows(&identity)), (expected.clone(), expected));
    }
}

#[test]
fn a_pkcs12_file_goes_to_windows_hello_without_the_text_beside_the_pin() {
    let file = Pkcs12::new(Secret::new(vec![0x30]), "secret");
    let mut identity = IdentityRequest::new("com.example.pfx", file);
    for (prompt, expected) in [(None, vec![]), (Some("PIN?".into()), vec![Lost::PinPrompt])] {
        identity.key.storage = KeyStorage::WindowsHello { container: "Wi-Fi".into(), prompt };
        assert_eq!(windows(&identity), expected);
    }
}

#[test]
fn a_loss_says_what_happens_instead() {
    let written = demanding().to_mobileconfig(&RustCrypto).unwrap();
    let purposes = written.lost.iter().find(|loss| loss.what == Lost::Purposes).unwrap();
    assert_eq!(
        purposes.to_string(),
        "the extended key usages: the CA decides; a SCEP payload has no key for it"
    );
    assert!(written.lacks(&Lost::Purposes) && !written.lacks(&Lost::Vpn));
}

#[test]
fn nothing_prints_a_secret() {
    let mut identity = demanding();
    let shown = format!("{identity:?}");
    assert!(shown.contains("[redacted]") && !shown.contains("password-1"), "{shown}");
    let shown = [
        format!("{:?}", identity.to_mobileconfig(&RustCrypto).unwrap()),
        format!("{:?}", identity.to_syncml(Write::Add, &RustCrypto).unwrap()),
        format!("{:?}", identity.to_csr_params().unwrap()),
    ];
    assert!(!shown.concat().contains("password-1"), "{shown:?}");
    // Nor does an error of a challenge that cannot be written.
    let server = Scep::new("https://ca.example").challenge("pass_word").ca(certificate(ROOT));
    identity.source = server.into();
    let error = identity.to_syncml(Write::Add, &RustCrypto).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("pass_word"));
}
