//! JumpCloud's SCEP policy for macOS and iOS.

use devicecert::Error;
use devicecert::mobileconfig::payload::RsaKeySize;
use devicecert::product::Usage;
use devicecert::product::jumpcloud::AppleScep;

use crate::support::{
    NOTHING, RADIUS, RADIUS_PEM, ROOT_SHA256, apple, apple_errors, apple_warnings, boolean,
    certificate, data, file, hex, number, payload, scep, subject, text, types,
};

fn policy() -> AppleScep {
    let mut policy = AppleScep::new("com.example.wifi", "https://ca.example/scep");
    policy.subject = "/C=US/O=ABCEnterprise/CN=foo/1.2.5.3=bar".into();
    policy
}

#[test]
fn the_form_as_it_is_shown() {
    let profile = apple(&policy().identity().unwrap());
    let scep = scep(&profile);
    assert_eq!(types(&profile), ["com.apple.security.scep"]);
    assert_eq!(text(&scep, "URL"), Some("https://ca.example/scep"));
    assert_eq!(number(&scep, "Keysize"), Some(1024));
    assert_eq!(number(&scep, "Retries"), Some(3));
    assert_eq!(number(&scep, "RetryDelay"), Some(10));
    // Off in the form is false in the profile: devices assume true.
    assert_eq!(boolean(&scep, "KeyIsExtractable"), Some(false));
    assert_eq!(text(&scep, "Key Type"), Some("RSA"));
    assert_eq!(boolean(&scep, "AllowAllAppsAccess"), Some(false));
    assert_eq!(text(profile.root().unwrap(), "PayloadScope"), Some("System"));
    assert_eq!(subject(&scep), ["C=US", "O=ABCEnterprise", "CN=foo", "1.2.5.3=bar"]);
    for absent in ["Name", "Challenge", "CAFingerprint", "SubjectAltName"] {
        assert_eq!(scep.get(absent), None, "{absent}");
    }
    assert_eq!(apple_errors(&profile), NOTHING);
    // The product's own default of 1024 bits.
    assert_eq!(apple_warnings(&profile), ["AP012"]);
}

#[test]
fn every_field_has_its_key() {
    let mut policy = policy();
    policy.challenge = Some("password-1".into());
    policy.key_size = RsaKeySize::Bits4096;
    policy.retries = 5;
    policy.retry_delay_seconds = 30;
    policy.extractable_key = true;
    policy.key_usage = Usage::Encryption;
    policy.name = Some("wifi".into());
    policy.dns_name = Some("%HostName%".into());
    policy.principal = Some("%ComputerName%@corp.example".into());
    policy.rfc822 = Some("%SerialNumber%@example.com".into());
    policy.uri = Some("urn:uuid:%HardwareUUID%".into());
    let profile = apple(&policy.identity().unwrap());
    let scep = scep(&profile);
    assert_eq!(text(&scep, "Challenge"), Some("password-1"));
    assert_eq!(number(&scep, "Keysize"), Some(4096));
    assert_eq!(number(&scep, "Retries"), Some(5));
    assert_eq!(number(&scep, "RetryDelay"), Some(30));
    assert_eq!(boolean(&scep, "KeyIsExtractable"), Some(true));
    assert_eq!(number(&scep, "Key Usage"), Some(4));
    assert_eq!(text(&scep, "Name"), Some("wifi"));
    let names = scep.get("SubjectAltName").unwrap().as_dictionary().unwrap();
    assert_eq!(text(names, "dNSName"), Some("%HostName%"));
    assert_eq!(text(names, "ntPrincipalName"), Some("%ComputerName%@corp.example"));
    assert_eq!(text(names, "rfc822Name"), Some("%SerialNumber%@example.com"));
    assert_eq!(text(names, "uniformResourceIdentifier"), Some("urn:uuid:%HardwareUUID%"));
    assert_eq!(apple_errors(&profile), NOTHING);
}

/// `echo "2F:8E:…" | xxd -r -p | base64` of the form's help, and the digits themselves.
#[test]
fn a_fingerprint_is_taken_in_any_spelling() {
    for (spelt, octets) in [
        ("L45hUB4hfHzVYas+E2E2mm8Vw+k=", "2F8E61501E217C7CD561AB3E1361369A6F15C3E9"),
        (
            "2f 8e 61 50 1e 21 7c 7c d5 61 ab 3e 13 61 36 9a 6f 15 c3 e9",
            "2F8E61501E217C7CD561AB3E1361369A6F15C3E9",
        ),
        ("9wAi0I4+soZbsGsJ6ftyyOy5nHIYuXMslQjUm0wYorY=", ROOT_SHA256),
        (ROOT_SHA256, ROOT_SHA256),
    ] {
        let mut policy = policy();
        policy.fingerprint = Some(spelt.into());
        let scep = scep(&apple(&policy.identity().unwrap()));
        assert_eq!(data(&scep, "CAFingerprint").as_deref(), Some(octets), "{spelt}");
    }
    let mut policy = policy();
    // The hexadecimal text in base64, which is what `echo "2F8E…" | base64` gives.
    policy.fingerprint = Some("MkY4RTYxNTAxRTIxN0M3Q0Q1NjFBQjNFMTM2MTM2OUE2RjE1QzNFOQ==".into());
    assert!(matches!(policy.identity(), Err(Error::Scep(_))));
}

#[test]
fn a_root_certificate_is_a_second_payload_from_der_or_pem() {
    for name in [RADIUS, RADIUS_PEM] {
        let mut policy = policy();
        policy.root_certificate = Some(file(name));
        let profile = apple(&policy.identity().unwrap());
        assert_eq!(types(&profile), ["com.apple.security.root", "com.apple.security.scep"]);
        let root = payload(&profile, "com.apple.security.root");
        assert_eq!(data(&root, "PayloadContent"), Some(hex(certificate(RADIUS).as_der())));
        assert_eq!(apple_errors(&profile), NOTHING);
    }
    let mut policy = policy();
    policy.root_certificate = Some(file("rfc7468/two-with-text.pem"));
    assert!(matches!(policy.identity(), Err(Error::Product(_))));
}
