//! Kandji's SCEP library item.

use devicecert::crypto_rust::RustCrypto;
use devicecert::identity::Lost;
use devicecert::pki::GeneralName;
use devicecert::product::Usage;
use devicecert::product::kandji::ScepItem;

use crate::support::{
    ISSUER, NOTHING, ROOT, ROOT_SHA256, apple, apple_errors, boolean, data, file, number, scep,
    subject, text, types,
};

#[test]
fn every_field_has_its_key() {
    let mut item =
        ScepItem::new("com.example.wifi", "https://ca.example/scep", "CN=$SERIAL_NUMBER");
    item.name = Some("wifi".into());
    item.challenge = Some("password-1".into());
    item.fingerprint = Some(ROOT_SHA256.into());
    item.alternative_names =
        vec![GeneralName::Uri("deviceid:$DEVICE_ID".into()), GeneralName::Email("$EMAIL".into())];
    item.key_usage = Usage::Both;
    item.allow_all_apps_access = true;
    item.key_is_extractable = true;
    item.renewal_days = Some(30);
    item.certificates = vec![file(ROOT), file(ISSUER)];
    let identity = item.identity().unwrap();
    let profile = apple(&identity);
    assert_eq!(
        types(&profile),
        ["com.apple.security.root", "com.apple.security.pkcs1", "com.apple.security.scep"]
    );
    let scep = scep(&profile);
    assert_eq!(text(&scep, "Name"), Some("wifi"));
    assert_eq!(text(&scep, "Challenge"), Some("password-1"));
    assert_eq!(data(&scep, "CAFingerprint").as_deref(), Some(ROOT_SHA256));
    assert_eq!(subject(&scep), ["CN=$SERIAL_NUMBER", "CN=$PROFILE_UUID"]);
    let names = scep.get("SubjectAltName").unwrap().as_dictionary().unwrap();
    assert_eq!(text(names, "uniformResourceIdentifier"), Some("deviceid:$DEVICE_ID"));
    assert_eq!(text(names, "rfc822Name"), Some("$EMAIL"));
    assert_eq!(number(&scep, "Keysize"), Some(2048));
    assert_eq!(number(&scep, "Key Usage"), Some(5));
    assert_eq!(boolean(&scep, "AllowAllAppsAccess"), Some(true));
    assert_eq!(boolean(&scep, "KeyIsExtractable"), Some(true));
    assert_eq!(apple_errors(&profile), NOTHING);
    assert!(identity.to_mobileconfig(&RustCrypto).unwrap().lacks(&Lost::Renewal));
}
