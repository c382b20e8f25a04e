//! Profiles for Fleet, by its own rules.

use devicecert::crypto_rust::RustCrypto;
use devicecert::error::{Error, ProductError};
use devicecert::product::fleet::{CertificateAuthority, CertificateProfile, RenewalMarker};
use devicecert::syncml::{Checks, Severity, Target};

use crate::support::{
    NOTHING, ROOT_SHA1, apple, apple_errors, node, nodes, number, payload, scep, subject, text,
    windows,
};

fn custom() -> CertificateProfile {
    let authority = CertificateAuthority::CustomScepProxy("WIFI".into());
    CertificateProfile::new("com.example.wifi", authority)
}

#[test]
fn every_scep_authority_has_its_two_variables() {
    for (authority, url, challenge) in [
        (
            CertificateAuthority::Ndes,
            "$FLEET_VAR_NDES_SCEP_PROXY_URL",
            "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        ),
        (
            CertificateAuthority::Smallstep("STEP".into()),
            "$FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_STEP",
            "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
        ),
        (
            CertificateAuthority::CustomScepProxy("Wifi_2".into()),
            "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_Wifi_2",
            "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_Wifi_2",
        ),
    ] {
        let profile =
            apple(&CertificateProfile::new("com.example.wifi", authority).identity().unwrap());
        let scep = scep(&profile);
        assert_eq!(text(&scep, "URL"), Some(url));
        assert_eq!(text(&scep, "Challenge"), Some(challenge));
        assert_eq!(number(&scep, "Key Usage"), Some(5));
        assert_eq!(number(&scep, "Keysize"), Some(2048));
        let guide = ["CN=%SerialNumber% WIFI", "OU=$FLEET_VAR_SCEP_RENEWAL_ID"];
        assert_eq!(subject(&scep), guide);
        assert_eq!(apple_errors(&profile), NOTHING);
    }
}

#[test]
fn digicert_brings_its_key_along() {
    let authority = CertificateAuthority::DigiCert("CA_1".into());
    let profile =
        apple(&CertificateProfile::new("com.example.wifi", authority).identity().unwrap());
    let pkcs12 = payload(&profile, "com.apple.security.pkcs12");
    assert_eq!(text(&pkcs12, "Password"), Some("$FLEET_VAR_DIGICERT_PASSWORD_CA_1"));
    let content = pkcs12.get("PayloadContent").unwrap().as_template().unwrap();
    assert_eq!(content.as_str(), "$FLEET_VAR_DIGICERT_DATA_CA_1");
    assert_eq!(apple_errors(&profile), NOTHING);
}

#[test]
fn a_windows_profile_passes_fleets_own_rules() {
    for ca in [ROOT_SHA1, "$FLEET_SECRET_CA_SHA1"] {
        let mut profile = custom();
        profile.ca = Some(ca.into());
        profile.subject = "CN=$FLEET_VAR_HOST_HARDWARE_SERIAL".parse().unwrap();
        let document = windows(&profile.identity().unwrap());
        let findings = Checks::new().target(Target::Fleet).provider(&RustCrypto).run(&document);
        let errors: Vec<_> =
            findings.iter().filter(|found| found.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(node(&document, "CAThumbprint").as_deref(), Some(ca));
        assert_eq!(
            node(&document, "SubjectName").as_deref(),
            Some("OU=$FLEET_VAR_SCEP_RENEWAL_ID,CN=$FLEET_VAR_HOST_HARDWARE_SERIAL")
        );
        let id = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/\
                  $FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID";
        assert_eq!(nodes(&document)[0].0, id);
    }
}

#[test]
fn the_marker_is_the_one_that_this_fleet_knows() {
    for (marker, parts) in [
        (RenewalMarker::CertificateRenewalId, vec!["OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID"]),
        (RenewalMarker::None, vec![]),
    ] {
        let mut profile = custom();
        profile.renewal_marker = marker;
        let scep = scep(&apple(&profile.identity().unwrap()));
        assert_eq!(subject(&scep)[1..], parts);
    }
}

#[test]
fn a_name_that_fleet_would_not_take_is_refused() {
    for name in ["", "NDES", "Wi-Fi", "Wi Fi", "Zürich", &"x".repeat(256)] {
        let authority = CertificateAuthority::Smallstep(name.into());
        let found = CertificateProfile::new("com.example.wifi", authority).identity().map(|_| ());
        let refused = matches!(found, Err(Error::Product(ProductError { product: "Fleet", .. })));
        assert!(refused, "{name:?}");
    }
}
