//! Rules that need real certificates and signatures, and profiles that nobody would write.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_mobileconfig::payload::{CertificateFormat, CertificatePayload, Platform};
use devicecert_mobileconfig::payload::{Pkcs12Payload, ProfileBuilder};
use devicecert_mobileconfig::rule::{Enrolled, Target, check, check_bytes};
use devicecert_mobileconfig::{Finding, Limits, Profile, Scope, Severity};
use devicecert_pki::{Certificate, CertificateParams, KeyKind, Signer, Time, Validity, to_pem};
use proptest::prelude::*;

const START: Time = Time::from_unix(1_800_000_000);
const DAY: Duration = Duration::from_secs(86_400);

fn certificate() -> (PrivateKey, Certificate) {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let validity = Validity::lasting(START, DAY);
    let name = "CN=Example Root".parse().unwrap();
    let public_key = key.public_key().clone();
    let params = CertificateParams::self_signed(name, public_key, validity, &RustCrypto).unwrap();
    let certificate = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    (key, certificate)
}

fn of(rule: &str, findings: &[Finding]) -> Vec<(Severity, String)> {
    let chosen = findings.iter().filter(|finding| finding.rule == rule);
    chosen.map(|finding| (finding.severity, finding.found.clone())).collect()
}

fn certificate_findings(format: CertificateFormat, content: Vec<u8>, now: Time) -> Vec<Severity> {
    let mut profile = ProfileBuilder::new("com.example.profile", Scope::System);
    profile.add("certificate", CertificatePayload::new(format, content));
    let findings = check(&profile.build(), &Target::default().now(now));
    of("AP018", &findings).into_iter().map(|(severity, _)| severity).collect()
}

#[test]
fn certificates_in_the_right_and_the_wrong_form() {
    use CertificateFormat::{Pem, Pkcs1, Root};
    let (_, certificate) = certificate();
    let der = certificate.as_der().to_vec();
    let pem = to_pem("CERTIFICATE", &der);
    let key = to_pem("PRIVATE KEY", b"not a key");
    let found = |format, content: &[u8]| certificate_findings(format, content.to_vec(), START);
    for format in [Root, Pkcs1] {
        assert_eq!(found(format, &der), []);
        assert_eq!(found(format, pem.as_bytes()), [Severity::Error]);
        assert_eq!(found(format, key.as_bytes()), [Severity::Error]);
        assert_eq!(found(format, &der[1..]), [Severity::Error]);
    }
    assert_eq!(found(Pem, pem.as_bytes()), []);
    assert_eq!(found(Pem, &der), [Severity::Advice]);
    assert_eq!(found(Pem, pem.repeat(2).as_bytes()), [Severity::Error]);
    assert_eq!(found(Pem, format!("{pem}{key}").as_bytes()), [Severity::Error]);
    assert_eq!(found(Pem, b"text"), [Severity::Error]);
    let late = START.after(DAY).after(DAY);
    assert_eq!(certificate_findings(Root, der, late), [Severity::Warning]);
}

#[test]
fn identities_that_are_none() {
    let (_, certificate) = certificate();
    let found = |content: Vec<u8>| {
        let mut profile = ProfileBuilder::new("com.example.profile", Scope::System);
        profile.add("identity", Pkcs12Payload::new(content, "$PASSWORD"));
        of("AP018", &check(&profile.build(), &Target::default())).len()
    };
    assert_eq!(found(vec![0x30, 0x82, 1, 0, 2, 1, 3, 0x30]), 0);
    assert_eq!(found(vec![0x30, 0x80, 2, 1, 3, 0x30]), 0);
    assert_eq!(found(certificate.as_der().to_vec()), 1);
    assert_eq!(found(b"text".to_vec()), 1);
    assert_eq!(found(Vec::new()), 1);
}

#[test]
fn signed_profiles() {
    let (key, certificate) = certificate();
    let mut profile = ProfileBuilder::new("com.example.profile", Scope::System);
    profile.add("identity", Pkcs12Payload::new(vec![0x30, 3, 2, 1, 3], "in clear"));
    let profile = profile.build();
    let now = |time| Target::default().now(time);
    assert_eq!(of("AP019", &check(&profile, &now(START))).len(), 1);

    let unsigned = profile.unsigned(certificate, &[], &RustCrypto).unwrap();
    let signed = unsigned.sign(&key).unwrap();
    let findings = check_bytes(&signed, &Limits::default(), &now(START));
    assert_eq!(of("AP019", &findings), []);
    assert_eq!(of("AP022", &findings), []);
    let late = check_bytes(&signed, &Limits::default(), &now(START.after(DAY).after(DAY)));
    assert_eq!(of("AP022", &late).len(), 1);
    // A message that is cut off is no profile.
    let cut = check_bytes(&signed[..100], &Limits::default(), &now(START));
    assert_eq!(of("AP001", &cut).len(), 1, "{cut:#?}");
}

#[test]
fn enrolment_and_scope() {
    let xml = |kind: &str, scope: &str| {
        format!(
            "<plist version='1.0'><dict><key>PayloadScope</key><string>{scope}</string>
             <key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array>
             <dict><key>PayloadType</key><string>{kind}</string></dict></array></dict></plist>"
        )
    };
    let found = |kind: &str, scope: &str, target: &Target| {
        of("AP016", &check_bytes(xml(kind, scope).as_bytes(), &Limits::default(), target)).len()
    };
    let ios = Target::default().platform(Platform::Ios);
    let vpn = "com.apple.vpn.managed";
    assert_eq!(found(vpn, "System", &ios.clone().enrollment(Enrolled::Unsupervised)), 0);
    assert_eq!(found(vpn, "System", &ios.clone().enrollment(Enrolled::ByUser)), 1);
    let preference = "com.apple.security.identitypreference";
    assert_eq!(found(preference, "User", &Target::default()), 0);
    assert_eq!(found(preference, "System", &Target::default()), 1);
    assert_eq!(found(preference, "User", &ios), 1);
}

/// A profile with so many payloads that each looks for another, and so many unknown keys.
#[test]
fn large_profiles_are_checked_in_linear_time() {
    let payload = |number: usize| {
        format!(
            "<dict><key>PayloadType</key><string>com.apple.security.identitypreference</string>
             <key>PayloadUUID</key><string>u{number}</string><key>Unknown Key {number}</key><true/>
             <key>PayloadCertificateUUID</key><string>missing</string></dict>"
        )
    };
    let profile = |count: usize| {
        let payloads: String = (0..count).map(payload).collect();
        let text = format!(
            "<plist version='1.0'><dict><key>PayloadContent</key><array>{payloads}</array>
             <key>PayloadType</key><string>Configuration</string></dict></plist>"
        );
        let mut limits = Limits::default();
        limits.values = 1_000_000;
        Profile::read(text.as_bytes(), &limits).unwrap()
    };
    // Were each looked for among all others, nobody would wait for the end of this.
    let count = 60_000;
    assert!(check(&profile(count), &Target::default()).len() > count);
}

proptest! {
    /// Whatever is broken in a profile, checking it says so and does not panic.
    #[test]
    fn damaged_profiles_are_checked(
        rule in 0_usize..23,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let examples = devicecert_mobileconfig::rule::rules()[rule].examples;
        for example in examples {
            let mut bytes = example.broken_profile().into_bytes();
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            for platform in Platform::ALL {
                let target = Target::default().platform(*platform);
                for finding in check_bytes(&bytes, &Limits::default(), &target) {
                    prop_assert!(finding.place.span.end <= bytes.len().max(1));
                    prop_assert!(!finding.to_string().is_empty());
                }
            }
        }
    }
}
