//! Workspace ONE's authority, template and payload.

use core::time::Duration;

use devicecert::crypto_rust::RustCrypto;
use devicecert::identity::{Lost, Retry};
use devicecert::pki::GeneralName;
use devicecert::product::Usage;
use devicecert::product::workspace_one::{
    CertificateAuthority, CertificateStore, KeyLocation, Payload, RequestTemplate,
};
use devicecert::syncml::Hash;

use crate::support::{
    NOTHING, ROOT, ROOT_SHA1, apple, apple_errors, file, node, nodes, number, scep, subject, text,
    windows, windows_errors,
};

fn form() -> Payload {
    let mut authority = CertificateAuthority::new("https://ca.example/scep");
    authority.challenge = Some("password-1".into());
    authority.certificate = Some(file(ROOT));
    authority.retry = Some(Retry { count: 5, delay: Duration::from_secs(30) });
    let mut template = RequestTemplate::new("CN={DeviceUuid}");
    template.alternative_names = vec![GeneralName::Uri("deviceid://{DeviceUuid}".into())];
    template.auto_renewal_days = Some(30);
    Payload::new("com.example.wifi", authority, template)
}

#[test]
fn the_payload_scep_on_macos() {
    let mut form = form();
    form.template.private_key_type = Usage::Signing;
    let profile = apple(&form.identity().unwrap());
    let scep = scep(&profile);
    assert_eq!(text(&scep, "URL"), Some("https://ca.example/scep"));
    assert_eq!(text(&scep, "Challenge"), Some("password-1"));
    assert_eq!(subject(&scep), ["CN={DeviceUuid}"]);
    let names = scep.get("SubjectAltName").unwrap().as_dictionary().unwrap();
    assert_eq!(text(names, "uniformResourceIdentifier"), Some("deviceid://{DeviceUuid}"));
    assert_eq!(number(&scep, "Retries"), Some(5));
    assert_eq!(number(&scep, "RetryDelay"), Some(30));
    assert_eq!(number(&scep, "Keysize"), Some(2048));
    assert_eq!(number(&scep, "Key Usage"), Some(1));
    assert_eq!(apple_errors(&profile), NOTHING);
}

#[test]
fn the_payload_credentials_on_windows() {
    let passport = KeyLocation::Passport { container: "wifi".into() };
    for (location, value) in [
        (KeyLocation::TpmRequired, "1"),
        (KeyLocation::TpmIfPresent, "2"),
        (KeyLocation::Software, "3"),
        (passport, "4"),
    ] {
        let mut form = form();
        form.key_location = location;
        form.certificate_store = CertificateStore::User;
        let identity = form.identity().unwrap();
        let document = windows(&identity);
        for (leaf, value) in [
            ("KeyProtection", value),
            ("CAThumbprint", ROOT_SHA1),
            ("SubjectName", "CN=\"{DeviceUuid}\""),
            ("SubjectAlternativeNames", "7+deviceid://{DeviceUuid}"),
            ("RetryCount", "5"),
            ("RetryDelay", "1"),
        ] {
            assert_eq!(node(&document, leaf).as_deref(), Some(value), "{leaf}");
        }
        assert!(nodes(&document)[0].0.starts_with("./User/"));
        assert_eq!(windows_errors(&document), NOTHING);
        let written = identity.to_syncml(devicecert::syncml::Write::Add, &RustCrypto).unwrap();
        assert!(written.lacks(&Lost::RetryDelay(Duration::from_secs(30))));
        assert!(written.lacks(&Lost::Renewal));
        assert_eq!(identity.hash, None::<Hash>);
    }
}
