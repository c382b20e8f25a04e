//! Addigy's SCEP payload.

use devicecert::product::Usage;
use devicecert::product::addigy::{Proxy, ScepPayload};

use crate::support::{
    NOTHING, RADIUS, RADIUS_PEM, apple, apple_errors, certificate, data, file, hex, number,
    payload, scep, subject, text, types,
};

#[test]
fn every_field_has_its_key() {
    let mut form = ScepPayload::new("com.example.wifi", "Wi-Fi", "https://ca.example/scep");
    form.subject = r#"/CN={{.User "user_name"}}"#.into();
    form.challenge = Some("password-1".into());
    form.certificate = Some(file(RADIUS_PEM));
    let profile = apple(&form.identity().unwrap());
    assert_eq!(types(&profile), ["com.apple.security.root", "com.apple.security.scep"]);
    assert_eq!(text(profile.root().unwrap(), "PayloadDisplayName"), Some("Wi-Fi"));
    let root = payload(&profile, "com.apple.security.root");
    assert_eq!(data(&root, "PayloadContent"), Some(hex(certificate(RADIUS).as_der())));
    let content = scep(&profile);
    assert_eq!(text(&content, "URL"), Some("https://ca.example/scep"));
    assert_eq!(text(&content, "Challenge"), Some("password-1"));
    assert_eq!(number(&content, "Key Usage"), Some(5));
    assert_eq!(subject(&content), [r#"CN={{.User "user_name"}}"#]);
    // openssl x509 -in rsa.crt -noout -fingerprint -sha256
    let sha256 = "A2C170C521AC1AA9E4E2DB45DB6A98D5096FC0C77C966A4D9E8D1AA425772D2F";
    assert_eq!(data(&content, "CAFingerprint").as_deref(), Some(sha256));
    assert_eq!(apple_errors(&profile), NOTHING);

    form.key_usage = Usage::Signing;
    form.proxy = Proxy::Through("https://proxy.example/scep".into());
    form.subject = String::new();
    let content = scep(&apple(&form.identity().unwrap()));
    assert_eq!(text(&content, "URL"), Some("https://proxy.example/scep"));
    assert_eq!(number(&content, "Key Usage"), Some(1));
    assert_eq!(content.get("Subject"), None);
}
