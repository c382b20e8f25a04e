//! Jamf Pro's SCEP and ACME payloads.

use devicecert::crypto_rust::RustCrypto;
use devicecert::error::{Error, ProductError};
use devicecert::identity::{KeyType, Lost};
use devicecert::pki::GeneralName;
use devicecert::product::jamf::{AcmePayload, Challenge, ScepPayload};

use crate::support::{
    NOTHING, ROOT_SHA1, apple, apple_errors, boolean, data, number, payload, scep, subject, text,
};

#[test]
fn every_field_has_its_key() {
    let mut form =
        ScepPayload::new("com.example.wifi", "https://ca.example/scep", "CN=$JSSID,OU=Devices");
    form.name = Some("wifi".into());
    form.redistribute_days = Some(30);
    form.alternative_name = Some(GeneralName::Uri("urn:$UDID".into()));
    form.nt_principal_name = Some("$USERNAME@corp.example".into());
    form.challenge = Challenge::Static("password-1".into());
    form.retries = 4;
    form.retry_delay_seconds = 20;
    form.use_for_key_encipherment = false;
    form.fingerprint = Some(ROOT_SHA1.into());
    form.allow_export = true;
    form.allow_all_apps_access = true;
    let identity = form.identity().unwrap();
    let profile = apple(&identity);
    let scep = scep(&profile);
    assert_eq!(text(&scep, "Name"), Some("wifi"));
    // What is most specific comes last, and behind it what Jamf finds the certificate by.
    assert_eq!(subject(&scep), ["OU=Devices", "CN=$JSSID", "CN=$PROFILE_IDENTIFIER"]);
    let names = scep.get("SubjectAltName").unwrap().as_dictionary().unwrap();
    assert_eq!(text(names, "uniformResourceIdentifier"), Some("urn:$UDID"));
    assert_eq!(text(names, "ntPrincipalName"), Some("$USERNAME@corp.example"));
    assert_eq!(text(&scep, "Challenge"), Some("password-1"));
    assert_eq!(number(&scep, "Retries"), Some(4));
    assert_eq!(number(&scep, "RetryDelay"), Some(20));
    assert_eq!(number(&scep, "Keysize"), Some(2048));
    assert_eq!(number(&scep, "Key Usage"), Some(1));
    assert_eq!(data(&scep, "CAFingerprint").as_deref(), Some(ROOT_SHA1));
    assert_eq!(boolean(&scep, "KeyIsExtractable"), Some(true));
    assert_eq!(boolean(&scep, "AllowAllAppsAccess"), Some(true));
    assert_eq!(number(&scep, "CertificateRenewalTimeInterval"), Some(14));
    assert_eq!(apple_errors(&profile), NOTHING);
    let written = identity.to_mobileconfig(&RustCrypto).unwrap();
    assert!(written.lacks(&Lost::Renewal));
    assert_eq!(written.lost.len(), 1);
}

#[test]
fn a_dynamic_challenge_is_what_the_server_puts_in() {
    let mut form = ScepPayload::new("com.example.wifi", "https://ca.example/scep", "CN=$JSSID");
    form.challenge = Challenge::Dynamic("$SCEP_CHALLENGE".into());
    let challenge = |form: &ScepPayload| {
        let scep = scep(&apple(&form.identity().unwrap()));
        text(&scep, "Challenge").map(str::to_owned)
    };
    assert_eq!(challenge(&form).as_deref(), Some("$SCEP_CHALLENGE"));
    form.challenge = Challenge::DynamicMicrosoftCa("$NDES_CHALLENGE".into());
    assert_eq!(challenge(&form).as_deref(), Some("$NDES_CHALLENGE"));
    form.challenge = Challenge::Dynamic("the same for all".into());
    assert!(matches!(form.identity(), Err(Error::Product(_))));
    form.challenge = Challenge::None;
    assert_eq!(challenge(&form), None);
}

#[test]
fn the_acme_payload_of_the_guides() {
    let directory = "https://ca.example/directory";
    let mut form = AcmePayload::new("com.example.acme", directory, "CN=$SERIALNUMBER");
    let profile = apple(&form.identity().unwrap());
    let acme = payload(&profile, "com.apple.security.acme");
    assert_eq!(text(&acme, "DirectoryURL"), Some(directory));
    assert_eq!(text(&acme, "ClientIdentifier"), Some("$SERIALNUMBER"));
    assert_eq!(number(&acme, "KeySize"), Some(384));
    assert_eq!(text(&acme, "KeyType"), Some("ECSECPrimeRandom"));
    assert_eq!(boolean(&acme, "HardwareBound"), Some(true));
    assert_eq!(boolean(&acme, "Attest"), Some(true));
    assert_eq!(apple_errors(&profile), NOTHING);

    form.hardware_bound = false;
    let found = form.identity().map(|_| ());
    assert!(matches!(found, Err(Error::Product(ProductError { option: "Attest", .. }))));
    form.attest = false;
    form.key = KeyType::Rsa(2048);
    let acme = payload(&apple(&form.identity().unwrap()), "com.apple.security.acme");
    assert_eq!(boolean(&acme, "HardwareBound"), Some(false), "written even when it is false");
}
