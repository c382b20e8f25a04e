//! Declarations and credentials as texts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::ddm::{
    AcmeCredential, AnyDeclaration, Declaration, DeclarationError, IdentityAsset,
    IdentityCredential, IdentitySource, Reference, ScepCredential, SecurityIdentity,
};
use devicecert_mobileconfig::payload::{KeyUsage, PayloadError, RsaKeySize, ScepPayload, Subject};
use devicecert_mobileconfig::plist::{Scalar, Text, Value};

#[test]
fn names_with_blanks_stay_so_and_bytes_are_base64() {
    let mut scep =
        ScepPayload::new("https://ca.example/scep", Subject::new().with("CN", "laptop-7"));
    scep.ca_fingerprint = Some(vec![0x11, 0x22]);
    scep.allow_all_apps_access = true;
    let text = ScepCredential(scep).to_json();
    for part in ["\"Key Type\": \"RSA\"", "\"Key Usage\": 5", "\"CAFingerprint\": \"ESI=\""] {
        assert!(text.contains(part), "{part} in {text}");
    }
    for part in ["KeyIsExtractable", "AllowAllAppsAccess", "PayloadType"] {
        assert!(!text.contains(part), "{part} in {text}");
    }
}

#[test]
fn what_devices_assume_is_read_for_absent_keys() {
    let ScepCredential(scep) = ScepCredential::read(r#"{"URL": "https://ca.example"}"#).unwrap();
    assert_eq!(scep.key_size, RsaKeySize::Bits1024);
    assert_eq!(scep.key_usage, KeyUsage::UNSPECIFIED);
    assert!(!scep.key_is_extractable);
}

#[test]
fn a_template_of_an_identity_stays_one() {
    let text = r#"{"Password": "$PASSWORD", "Identity": "$FLEET_VAR_DIGICERT_DATA_CA"}"#;
    let credential = IdentityCredential::read(text).unwrap();
    let template = Scalar::Template(Text::from("$FLEET_VAR_DIGICERT_DATA_CA"));
    assert_eq!(credential.identity, template);
    assert!(credential.to_json().contains("\"Identity\": \"$FLEET_VAR_DIGICERT_DATA_CA\""));
    assert!(!format!("{credential:?}").contains("$PASSWORD"));
}

#[test]
fn unknown_declarations_and_keys_are_kept() {
    let text = r#"{"Type": "com.apple.configuration.passcode.settings", "Identifier": "i",
        "ServerToken": "1", "Payload": {"MinimumLength": 8, "RequirePasscode": true}}"#;
    let declaration = Declaration::read(text).unwrap();
    assert!(matches!(declaration.payload, AnyDeclaration::Other(_)));
    assert_eq!(Declaration::read(&declaration.to_json()), Ok(declaration));

    let asset = IdentityAsset::new(IdentitySource::Scep, Reference::new("https://mdm.example"));
    let (_, handle) = asset.declare("asset", "1");
    let mut identity = SecurityIdentity::new(handle);
    identity
        .other
        .insert("Future", vec![1.5].into_iter().collect::<devicecert_mobileconfig::plist::Array>());
    let declaration = Declaration::new("identity", "2", identity);
    assert_eq!(Declaration::read(&declaration.to_json()), Ok(declaration));
}

#[test]
fn what_is_no_declaration_is_refused() {
    let missing = Declaration::read(r#"{"Type": "com.apple.configuration.legacy", "Payload": {}}"#);
    assert_eq!(missing, Err(DeclarationError::Key(PayloadError::Missing("Identifier"))));
    assert_eq!(Declaration::read("[]"), Err(DeclarationError::Shape));
    assert_eq!(Declaration::read(r#"{"Type": null}"#), Err(DeclarationError::Shape));
    let broken = Declaration::read("{\n\"Type\" 7}");
    assert_eq!(broken, Err(DeclarationError::Json { line: 2, column: 8 }));
    let deep = "[".repeat(100_000);
    assert!(matches!(Declaration::read(&deep), Err(DeclarationError::Json { .. })));
    assert!(AcmeCredential::read(r#"{"DirectoryURL": "https://ca.example"}"#).is_err());
}

#[test]
fn numbers_keep_their_value() {
    let text = r#"{"Type": "t", "Identifier": "i", "ServerToken": "1",
        "Payload": {"Big": 18446744073709551615, "Small": -7, "Half": 0.5}}"#;
    let AnyDeclaration::Other(other) = Declaration::read(text).unwrap().payload else { panic!() };
    assert_eq!(other.keys.get("Big"), Some(&Value::from(u64::MAX)));
    assert_eq!(other.keys.get("Small"), Some(&Value::from(-7)));
    assert_eq!(other.keys.get("Half"), Some(&Value::from(0.5)));
}
