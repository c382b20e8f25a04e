//! What becomes of an identity in SyncML.

use core::time::Duration;

use devicecert::crypto_rust::RustCrypto;
use devicecert::error::{Error, Platform, RequestError};
use devicecert::identity::{
    Acme, Ca, EapTls, Ethernet, IdentityRequest, KeyStorage, KeyType, KeyUsage, Pkcs12, Scep,
    Scope, Source, Subject, Wifi,
};
use devicecert::mobileconfig::payload::{Attribute, Curve};
use devicecert::mobileconfig::plist::Text;
use devicecert::pki::{GeneralName, Secret};
use devicecert::scep::Fingerprint;
use devicecert::syncml::{self, Command, Hash, Header, NotAThumbprint, ValidFor, Verb, Write};

use crate::support::{
    ISSUER, ISSUER_SHA1, NOTHING, RADIUS, RADIUS_SHA1, ROOT, ROOT_SHA1, ROOT_SHA256, certificate,
    identity, node, nodes, windows, windows_errors,
};

fn server(identity: &mut IdentityRequest) -> &mut Scep {
    match &mut identity.source {
        Source::Scep(scep) => scep,
        _ => panic!("no SCEP"),
    }
}

fn error(identity: &IdentityRequest) -> Error {
    identity.to_syncml(Write::Add, &RustCrypto).map(|written| written.lost).unwrap_err()
}

#[test]
fn a_new_request_has_every_node_that_windows_needs() {
    let document = windows(&identity());
    for (leaf, value) in [
        ("ServerURL", "https://ca.example/scep"),
        ("Challenge", "password-1"),
        ("EKUMapping", "1.3.6.1.5.5.7.3.2"),
        ("KeyUsage", "160"),
        ("SubjectName", "CN=laptop-7,O=Example"),
        ("KeyLength", "2048"),
        ("HashAlgorithm", "SHA-2"),
        ("CAThumbprint", ROOT_SHA1),
        ("KeyProtection", "3"),
    ] {
        assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
    }
    assert_eq!(node(&document, "RetryDelay"), None);
    let last = document.commands().last().unwrap();
    assert_eq!(last.verb(), Verb::Exec);
    assert_eq!(windows_errors(&document), NOTHING);
}

#[test]
fn one_atomic_takes_a_fragment_to_a_device() {
    let document = identity().to_syncml(Write::Add, &RustCrypto).unwrap().output;
    let header = Header {
        session_id: "1".into(),
        msg_id: 1,
        target: "urn:uuid:2c0a".into(),
        source: "https://mdm.example/dm".into(),
    };
    let message = document.into_message(&header).unwrap();
    assert_eq!(windows_errors(&message), NOTHING);
    assert_eq!(message.commands().next().unwrap().verb(), Verb::Atomic);
}

#[test]
fn the_key_usage_is_the_first_octet_of_the_extension() {
    for (usage, value) in [
        (KeyUsage::DIGITAL_SIGNATURE, "128"),
        (KeyUsage::KEY_ENCIPHERMENT, "32"),
        (KeyUsage::SIGN_AND_ENCIPHER, "160"),
        (KeyUsage::DIGITAL_SIGNATURE | KeyUsage::CRL_SIGN, "130"),
    ] {
        let mut identity = identity();
        identity.usage = usage;
        assert_eq!(node(&windows(&identity), "KeyUsage").as_deref(), Some(value));
    }
}

#[test]
fn a_pause_in_seconds_becomes_whole_minutes() {
    for (seconds, minutes) in [(0, "1"), (3, "1"), (60, "1"), (61, "2"), (300, "5"), (3601, "61")] {
        let mut identity = identity();
        let server = server(&mut identity);
        *server = server.clone().retry(3, Duration::from_secs(seconds));
        let document = windows(&identity);
        assert_eq!(node(&document, "RetryDelay").as_deref(), Some(minutes), "{seconds} s");
        assert_eq!(node(&document, "RetryCount").as_deref(), Some("3"));
    }
}

#[test]
fn the_ca_is_named_by_sha1_and_by_nothing_that_sha1_cannot_be_made_of() {
    let mut identity = identity();
    server(&mut identity).ca = Some(ROOT_SHA1.parse::<Fingerprint>().unwrap().into());
    assert_eq!(node(&windows(&identity), "CAThumbprint").as_deref(), Some(ROOT_SHA1));

    server(&mut identity).ca = Some(Ca::Placeholder(Text::from("$FLEET_SECRET_CA_SHA1")));
    let document = windows(&identity);
    assert_eq!(node(&document, "CAThumbprint").as_deref(), Some("$FLEET_SECRET_CA_SHA1"));

    server(&mut identity).ca = Some(ROOT_SHA256.parse::<Fingerprint>().unwrap().into());
    let other = NotAThumbprint::OtherDigest { name: "SHA-256", octets: 32 };
    assert_eq!(error(&identity), Error::Windows(other.into()));
    assert!(error(&identity).to_string().ends_with("the certificate is needed"));

    server(&mut identity).ca = None;
    let what = "the CA: its certificate or SHA-1 thumbprint";
    let missing = RequestError::Missing { platform: Platform::Windows, what };
    assert_eq!(error(&identity), missing.into());
}

#[test]
fn the_subject_is_in_the_dialect_of_windows() {
    let subject: Subject = "/C=US/O=Doe, Jane \"J\"+x/CN=a\\/b".parse().unwrap();
    let subject = subject.with_rdn(vec![
        Attribute::new("serialNumber", "7".into()),
        Attribute::new("OU", "{{DeviceId}}".into()),
    ]);
    let document = windows(&identity().subject(subject));
    assert_eq!(
        node(&document, "SubjectName").unwrap(),
        "2.5.4.5=7+OU=\"{{DeviceId}}\",CN=a/b,O=\"Doe, Jane \"\"J\"\"+x\",C=US"
    );
    assert_eq!(windows_errors(&document), NOTHING);
    let missing = RequestError::Missing { platform: Platform::Windows, what: "a subject" };
    assert_eq!(error(&identity().subject(Subject::new())), missing.into());
}

#[test]
fn two_values_do_not_make_up_a_variable_together() {
    let subject = Subject::new().with("CN", "}}").with("O", "{{");
    let platform = Platform::Windows;
    let expected = "values that do not begin and end a placeholder together";
    let what = "such a subject";
    let impossible = RequestError::Impossible { platform, what, expected };
    assert_eq!(error(&identity().subject(subject)), impossible.into());
}

#[test]
fn alternative_names_have_the_numbers_of_certenroll() {
    let mut identity = identity();
    identity.alternative_names = vec![
        GeneralName::Upn("win@domain.example".into()),
        GeneralName::Dns("host.example".into()),
        GeneralName::Email("a+b@domain.example".into()),
        GeneralName::Uri("tag:microsoft.com,2022-09-14:sid:S-1-5".into()),
    ];
    assert_eq!(
        node(&windows(&identity), "SubjectAlternativeNames").unwrap(),
        "11+win@domain.example;3+host.example;2+a+b@domain.example;\
         7+tag:microsoft.com,2022-09-14:sid:S-1-5"
    );
    identity.alternative_names = vec![GeneralName::Uri("urn:a;b".into())];
    assert!(matches!(error(&identity), Error::Windows(syncml::Error::AltName(_))));
}

#[test]
fn storage_validity_template_and_servers_have_their_nodes() {
    let mut identity = identity().scope(Scope::User);
    server(&mut identity).server_urls.push("https://ca2.example/scep".into());
    server(&mut identity).template = Some("1.3.6.1.4.1.311.21.8.1".into());
    identity.validity = Some(ValidFor::Years(1));
    identity.hash = Some(Hash::Sha1OrSha2);
    identity.purposes =
        vec!["1.3.6.1.5.5.7.3.2".parse().unwrap(), "1.3.6.1.4.1.311.20.2.2".parse().unwrap()];
    identity.key.kind = KeyType::Rsa(4096);
    for (storage, value) in
        [(KeyStorage::Tpm, "1"), (KeyStorage::TpmIfPresent, "2"), (KeyStorage::Software, "3")]
    {
        identity.key.storage = storage;
        assert_eq!(node(&windows(&identity), "KeyProtection").as_deref(), Some(value));
    }
    let document = windows(&identity);
    for (leaf, value) in [
        ("ServerURL", "https://ca.example/scep;https://ca2.example/scep"),
        ("TemplateName", "1.3.6.1.4.1.311.21.8.1"),
        ("ValidPeriod", "Years"),
        ("ValidPeriodUnits", "1"),
        ("HashAlgorithm", "SHA-1+SHA-2"),
        ("EKUMapping", "1.3.6.1.5.5.7.3.2+1.3.6.1.4.1.311.20.2.2"),
        ("KeyLength", "4096"),
    ] {
        assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
    }
    let (first, _) = nodes(&document).swap_remove(0);
    assert_eq!(first, "./User/Vendor/MSFT/ClientCertificateInstall/SCEP/com.example.wifi");
    assert_eq!(windows_errors(&document), NOTHING);
}

#[test]
fn windows_hello_gets_its_container_and_the_digest_that_it_takes() {
    let mut identity = identity();
    let container = "wifi".into();
    let prompt = Some("Wi-Fi".into());
    identity.key.storage = KeyStorage::WindowsHello { container, prompt };
    let document = windows(&identity);
    for (leaf, value) in [
        ("KeyProtection", "4"),
        ("ContainerName", "wifi"),
        ("CustomTextToShowInPrompt", "Wi-Fi"),
        ("HashAlgorithm", "SHA256"),
    ] {
        assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
    }
    assert_eq!(windows_errors(&document), NOTHING);
}

#[test]
fn keys_on_curves_and_acme_are_not_to_be_had() {
    let impossible = |what, expected| {
        let platform = Platform::Windows;
        Error::from(RequestError::Impossible { platform, what, expected })
    };
    let mut request = identity();
    request.key.kind = KeyType::Ec(Curve::P256);
    assert_eq!(error(&request), impossible("such a key", "RSA of 1024, 2048 or 4096 bits"));
    request = IdentityRequest::new("com.example.acme", Acme::new("https://ca.example", "x"));
    assert_eq!(error(&request), impossible("ACME", "SCEP or PKCS #12"));
    request = identity();
    request.key.kind = KeyType::Rsa(3072);
    assert!(matches!(error(&request), Error::Windows(syncml::Error::Misuse(_))));
}

#[test]
fn a_challenge_that_windows_cannot_send_is_refused() {
    let mut identity = identity();
    server(&mut identity).challenge = Some("pass_word".into());
    assert!(matches!(error(&identity), Error::Windows(syncml::Error::Misuse(_))));
}

#[test]
fn a_pkcs12_file_is_imported_last() {
    let file = Pkcs12::new(Secret::new(vec![0x30, 0x03, 2, 1, 3]), "secret");
    let mut identity = IdentityRequest::new("mail-1", file).scope(Scope::User);
    identity.key.storage = KeyStorage::TpmIfPresent;
    let document = windows(&identity);
    for (leaf, value) in [
        ("KeyLocation", "2"),
        ("PFXCertPassword", "secret"),
        ("PFXKeyExportable", "false"),
        ("PFXCertBlob", "MAMCAQM="),
    ] {
        assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
    }
    let (last, _) = nodes(&document).pop().unwrap();
    let parent = "./User/Vendor/MSFT/ClientCertificateInstall/PFXCertInstall/mail-1";
    assert_eq!(last, format!("{parent}/PFXCertBlob"));
    assert_eq!(windows_errors(&document), NOTHING);

    identity.key.storage = KeyStorage::Software;
    identity.key.extractable = true;
    assert_eq!(node(&windows(&identity), "PFXKeyExportable").as_deref(), Some("true"));
}

#[test]
fn certificates_come_first_and_networks_last() {
    let eap = EapTls::new(vec![certificate(RADIUS)], vec!["radius.example".into()]);
    let identity = identity()
        .trust(certificate(ROOT))
        .trust(certificate(ISSUER))
        .trust(certificate(RADIUS))
        .consumer(Wifi::new("Office", eap.clone()))
        .consumer(Ethernet::new(eap));
    let document = windows(&identity);
    let all = nodes(&document);
    let device = "./Device/Vendor/MSFT";
    let store = format!("{device}/RootCATrustedCertificates");
    assert_eq!(all[0].0, format!("{store}/Root/{ROOT_SHA1}/EncodedCertificate"));
    assert_eq!(all[1].0, format!("{store}/CA/{ISSUER_SHA1}/EncodedCertificate"));
    assert_eq!(all[2].0, format!("{store}/Root/{RADIUS_SHA1}/EncodedCertificate"));
    assert!(all[3].0.ends_with("/SCEP/com.example.wifi"));
    let [.., (wifi, wlan), (wired, lan)] = all.as_slice() else { panic!() };
    assert_eq!(*wifi, format!("{device}/WiFi/Profile/Office/WlanXml"));
    assert_eq!(*wired, format!("{device}/WiredNetwork/LanXML"));
    let spaced = "97 c3 2e b3 72 69 9c cf 16 11 3b 9e a4 b1 bb 87 18 00 02 3b";
    for profile in [wlan, lan] {
        assert!(profile.contains(&format!("<TrustedRootCA>{spaced}</TrustedRootCA>")));
        assert!(profile.contains("<ServerNames>radius.example</ServerNames>"));
        assert!(profile.contains("<authMode>machine</authMode>"));
    }
    assert_eq!(windows_errors(&document), NOTHING);
}

#[test]
fn one_user_has_intermediates_and_networks_of_his_own() {
    let eap = EapTls::new(vec![certificate(ROOT)], Vec::new());
    let identity = identity()
        .scope(Scope::User)
        .trust(certificate(ISSUER))
        .consumer(Wifi::new("Office", eap.clone()))
        .consumer(Ethernet::new(eap));
    let document = windows(&identity);
    let all = nodes(&document);
    let store = "Vendor/MSFT/RootCATrustedCertificates";
    assert_eq!(all[0].0, format!("./User/{store}/CA/{ISSUER_SHA1}/EncodedCertificate"));
    // Roots are the computer's.
    assert_eq!(all[1].0, format!("./Device/{store}/Root/{ROOT_SHA1}/EncodedCertificate"));
    let [.., (wifi, wlan), (wired, lan)] = all.as_slice() else { panic!() };
    assert_eq!(*wifi, "./User/Vendor/MSFT/WiFi/Profile/Office/WlanXml");
    assert_eq!(*wired, "./User/Vendor/MSFT/WiredNetwork/LanXML");
    for profile in [wlan, lan] {
        assert!(profile.contains("<authMode>user</authMode>"));
    }
    assert_eq!(windows_errors(&document), NOTHING);
}

#[test]
fn the_name_of_one_server_is_not_that_of_two() {
    let eap = EapTls::new(vec![certificate(ROOT)], vec!["radius.example;evil.example".into()]);
    let platform = Platform::Windows;
    let expected = "a name without ;, which stands between two names";
    let what = "such a server name";
    let impossible = RequestError::Impossible { platform, what, expected };
    assert_eq!(error(&identity().consumer(Wifi::new("Office", eap))), impossible.into());
}

#[test]
fn a_pkcs12_file_may_be_a_placeholder() {
    let file = Pkcs12::placeholder("$FLEET_SECRET_PFX", "$FLEET_SECRET_PASSWORD");
    let document = windows(&IdentityRequest::new("mail-1", file));
    assert_eq!(node(&document, "PFXCertBlob").as_deref(), Some("$FLEET_SECRET_PFX"));
    assert_eq!(node(&document, "PFXCertPassword").as_deref(), Some("$FLEET_SECRET_PASSWORD"));
    assert_eq!(windows_errors(&document), NOTHING);
    let file = Pkcs12::placeholder("MAMCAQM=", "secret");
    let found = error(&IdentityRequest::new("mail-1", file));
    assert!(matches!(found, Error::Windows(syncml::Error::Misuse(_))));
}

#[test]
fn what_may_be_there_already_is_replaced() {
    let document = identity().to_syncml(Write::Replace, &RustCrypto).unwrap().output;
    let verbs = document.commands().map(Command::verb);
    let verbs: Vec<Verb> = verbs.filter(|verb| *verb != Verb::Exec).collect();
    assert!(!verbs.is_empty() && verbs.iter().all(|verb| *verb == Verb::Replace));
}
