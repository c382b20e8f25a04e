//! Mosyle's Multi-Cert profile with SecureW2.

use devicecert::crypto_rust::RustCrypto;
use devicecert::error::{Error, ProductError};
use devicecert::mobileconfig::payload::AnyPayload;
use devicecert::pki::GeneralName;
use devicecert::product::mosyle::{MultiCert, ScepProfile, WifiProfile};

use crate::support::{
    ISSUER, NOTHING, OTHER_RADIUS, RADIUS, RADIUS_PEM, ROOT, apple, apple_errors, boolean,
    certificate, data, file, hex, number, payload, payloads, scep, subject, text, typed, types,
    uuid,
};

/// The guide's fields, one by one.
fn profile() -> MultiCert {
    let mut scep = ScepProfile::new("https://gateway.example/scep", "/CN=%Email%", "shared secret");
    scep.alternative_name = Some(GeneralName::Email("%WiFiMACAddress%%ProductName%".into()));
    scep.fingerprint_from = Some(file(ISSUER));
    let wifi = WifiProfile::new("Secure", vec!["*.securew2.com".into()]);
    let (root, issuer) = (file(ROOT), file(ISSUER));
    let mut profile = MultiCert::new("com.example.wifi", "SecureW2", root, issuer, scep, wifi);
    profile.radius_roots = vec![file(RADIUS_PEM), file(OTHER_RADIUS)];
    profile
}

#[test]
fn five_profiles_and_the_network_are_payloads_of_one() {
    let profile = apple(&profile().identity().unwrap());
    assert_eq!(
        types(&profile),
        [
            "com.apple.security.root",
            "com.apple.security.pkcs1",
            "com.apple.security.root",
            "com.apple.security.root",
            "com.apple.security.scep",
            "com.apple.wifi.managed",
        ]
    );
    let expected = [ROOT, ISSUER, RADIUS, OTHER_RADIUS].map(|name| hex(certificate(name).as_der()));
    let contents: Vec<_> =
        payloads(&profile).iter().filter_map(|payload| data(payload, "PayloadContent")).collect();
    assert_eq!(contents, expected);
    assert_eq!(text(profile.root().unwrap(), "PayloadDisplayName"), Some("SecureW2"));
    assert_eq!(apple_errors(&profile), NOTHING);
}

#[test]
fn the_network_shows_the_scep_identity_to_servers_under_the_radius_roots() {
    let profile = apple(&profile().identity().unwrap());
    let all = payloads(&profile);
    let radius = [&all[2], &all[3]].map(uuid);
    let identity = uuid(&payload(&profile, "com.apple.security.scep"));
    let wifi = payload(&profile, "com.apple.wifi.managed");
    assert_eq!(text(&wifi, "SSID_STR"), Some("Secure"));
    assert_eq!(text(&wifi, "EncryptionType"), Some("WPA2"));
    assert_eq!(text(&wifi, "PayloadCertificateUUID"), Some(identity.as_str()));
    assert_eq!(boolean(&wifi, "AutoJoin"), Some(true));
    assert_eq!(boolean(&wifi, "DisableAssociationMACRandomization"), Some(true));
    let AnyPayload::Wifi(wifi) = typed(&profile, "com.apple.wifi.managed") else { panic!() };
    let eap = wifi.eap.unwrap();
    assert_eq!(eap.types.iter().map(|kind| kind.0).collect::<Vec<_>>(), [13]);
    let anchors: Vec<_> = eap.anchors.iter().map(|anchor| anchor.uuid().to_string()).collect();
    assert_eq!(anchors, radius);
    assert_eq!(eap.trusted_server_names, ["*.securew2.com"]);
}

#[test]
fn the_scep_part_has_what_the_guide_ticks() {
    let profile = apple(&profile().identity().unwrap());
    let scep = scep(&profile);
    assert_eq!(text(&scep, "URL"), Some("https://gateway.example/scep"));
    assert_eq!(subject(&scep), ["CN=%Email%"]);
    let names = scep.get("SubjectAltName").unwrap().as_dictionary().unwrap();
    assert_eq!(text(names, "rfc822Name"), Some("%WiFiMACAddress%%ProductName%"));
    assert_eq!(text(&scep, "Challenge"), Some("shared secret"));
    assert_eq!(number(&scep, "Keysize"), Some(2048));
    assert_eq!(number(&scep, "Key Usage"), Some(5));
    assert_eq!(boolean(&scep, "AllowAllAppsAccess"), Some(true));
    // openssl x509 -in issuer.cert -noout -fingerprint -sha256
    let sha256 = "92BAFBEE26670127F2ABC12A701DB135C423342E0D6E830E8B118679E1145151";
    assert_eq!(data(&scep, "CAFingerprint").as_deref(), Some(sha256));
}

#[test]
fn nothing_of_the_form_is_lost() {
    let written = profile().identity().unwrap().to_mobileconfig(&RustCrypto).unwrap();
    assert_eq!(written.lost, []);
}

#[test]
fn a_key_is_for_something() {
    let mut profile = profile();
    profile.scep.use_for_signing = false;
    assert_eq!(number(&scep(&apple(&profile.identity().unwrap())), "Key Usage"), Some(4));
    profile.scep.use_for_encryption = false;
    let found = profile.identity().map(|_| ());
    assert!(matches!(found, Err(Error::Product(ProductError { option: "Use for signing", .. }))));
}
