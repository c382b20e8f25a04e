//! JumpCloud's SCEP policy for Windows.

use core::time::Duration;

use devicecert::Error;
use devicecert::crypto_rust::RustCrypto;
use devicecert::identity::Lost;
use devicecert::mobileconfig::payload::RsaKeySize;
use devicecert::pki::GeneralName;
use devicecert::product::jumpcloud::WindowsScep;
use devicecert::syncml::{self, NotAThumbprint, Write};

use crate::support::{
    NOTHING, RADIUS_PEM, RADIUS_SHA1, ROOT_SHA1, ROOT_SHA256, file, node, nodes, windows,
    windows_errors, windows_warnings,
};

fn policy() -> WindowsScep {
    let subject = "CN=\"Doe, Jane\",O=ABC Enterprise";
    let mut policy = WindowsScep::new("wifi-1", "https://ca.example/scep", ROOT_SHA1, subject, 30);
    policy.challenge = "cGFzc3dvcmQrLw==".into();
    policy
}

#[test]
fn the_form_as_it_is_shown() {
    let document = windows(&policy().identity().unwrap());
    for (leaf, value) in [
        ("CAThumbprint", ROOT_SHA1),
        ("Challenge", "cGFzc3dvcmQrLw=="),
        ("KeyLength", "1024"),
        ("SubjectName", "CN=\"Doe, Jane\",O=ABC Enterprise"),
        ("RetryCount", "3"),
        // Of 3 seconds.
        ("RetryDelay", "1"),
        ("ServerURL", "https://ca.example/scep"),
        // Not in the form, and needed.
        ("KeyUsage", "160"),
        ("EKUMapping", "1.3.6.1.5.5.7.3.2"),
        ("HashAlgorithm", "SHA-2"),
        ("KeyProtection", "3"),
    ] {
        assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
    }
    for absent in ["TemplateName", "SubjectAlternativeNames", "EncodedCertificate"] {
        assert_eq!(node(&document, absent), None, "{absent}");
    }
    assert_eq!(windows_errors(&document), NOTHING);
    // The product's own default of 1024 bits, and its static challenge.
    let mut warnings = windows_warnings(&document);
    warnings.sort_unstable();
    assert_eq!(warnings, ["WS017", "WS024"]);
}

#[test]
fn seconds_are_not_minutes_and_renewal_is_the_servers() {
    let written = policy().identity().unwrap().to_syncml(Write::Add, &RustCrypto).unwrap();
    let lost: Vec<Lost> = written.lost.into_iter().map(|loss| loss.what).collect();
    assert_eq!(lost, [Lost::RetryDelay(Duration::from_secs(3)), Lost::Renewal]);
    for (seconds, minutes) in [(60, "1"), (61, "2"), (300, "5")] {
        let mut policy = policy();
        policy.retry_delay_seconds = seconds;
        let document = windows(&policy.identity().unwrap());
        assert_eq!(node(&document, "RetryDelay").as_deref(), Some(minutes));
    }
}

#[test]
fn every_field_has_its_node() {
    let mut policy = policy();
    policy.key_length = RsaKeySize::Bits2048;
    policy.retry_count = 30;
    policy.name = Some("WiFi".into());
    policy.alternative_names =
        vec![GeneralName::Dns("host.example".into()), GeneralName::Upn("jane@corp.example".into())];
    policy.root_certificate = Some(file(RADIUS_PEM));
    let document = windows(&policy.identity().unwrap());
    for (leaf, value) in [
        ("KeyLength", "2048"),
        ("RetryCount", "30"),
        ("TemplateName", "WiFi"),
        ("SubjectAlternativeNames", "3+host.example;11+jane@corp.example"),
    ] {
        assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
    }
    let (root, _) = nodes(&document).swap_remove(0);
    let store = "./Device/Vendor/MSFT/RootCATrustedCertificates/Root";
    assert_eq!(root, format!("{store}/{RADIUS_SHA1}/EncodedCertificate"));
    assert_eq!(windows_errors(&document), NOTHING);
}

#[test]
fn a_thumbprint_is_taken_as_its_label_or_its_note_says() {
    for spelt in [
        "L45hUB4hfHzVYas+E2E2mm8Vw+k=",
        "2f:8e:61:50:1e:21:7c:7c:d5:61:ab:3e:13:61:36:9a:6f:15:c3:e9",
        "sha1 Fingerprint=2F:8E:61:50:1E:21:7C:7C:D5:61:AB:3E:13:61:36:9A:6F:15:C3:E9",
    ] {
        let mut policy = policy();
        policy.ca_thumbprint = spelt.into();
        let document = windows(&policy.identity().unwrap());
        assert_eq!(node(&document, "CAThumbprint").as_deref(), Some(ROOT_SHA1), "{spelt}");
    }
    let mut policy = policy();
    policy.ca_thumbprint = ROOT_SHA256.into();
    let sha256 = NotAThumbprint::OtherDigest { name: "SHA-256", octets: 32 };
    assert_eq!(policy.identity().map(|_| ()), Err(Error::Windows(sha256.into())));
}

#[test]
fn a_subject_in_slash_form_is_not_what_it_seems() {
    for subject in ["/C=US/O=ABCEnterprise/CN=foo", "CN=\"/C=US/O=ABCEnterprise/CN=foo\""] {
        let mut policy = policy();
        policy.subject_name = subject.into();
        assert!(policy.identity().is_err(), "{subject}");
    }
}

#[test]
fn the_characters_that_the_form_warns_of_are_refused_and_so_are_those_it_forgets() {
    for character in "!@#$%^&*_\"~;<>[]{}\\`|".chars() {
        let mut policy = policy();
        policy.challenge = format!("x{character}").as_str().into();
        let found = policy.identity().unwrap().to_syncml(Write::Add, &RustCrypto);
        assert!(matches!(found, Err(Error::Windows(syncml::Error::Misuse(_)))), "{character}");
    }
}
