//! Meraki's custom SCEP certificate.

use devicecert::pki::GeneralName;
use devicecert::product::RsaKeySize;
use devicecert::product::meraki::{CaProvider, ScepCertificate};

use crate::support::{
    NOTHING, ROOT, ROOT_SHA256, apple, apple_errors, data, file, number, scep, subject, text,
};

#[test]
fn every_field_has_its_key() {
    let mut provider = CaProvider::new("https://ca.example/scep");
    provider.challenge = Some("password-1".into());
    provider.certificate = Some(file(ROOT));
    let mut form = ScepCertificate::new("com.example.wifi", "Wi-Fi", "CN=$OWNEREMAIL", provider);
    form.key_size = RsaKeySize::Bits4096;
    form.alternative_names = vec![GeneralName::Email("$OWNEREMAIL".into())];
    let profile = apple(&form.identity().unwrap());
    let scep = scep(&profile);
    assert_eq!(text(profile.root().unwrap(), "PayloadDisplayName"), Some("Wi-Fi"));
    assert_eq!(text(&scep, "URL"), Some("https://ca.example/scep"));
    assert_eq!(text(&scep, "Challenge"), Some("password-1"));
    assert_eq!(subject(&scep), ["CN=$OWNEREMAIL"]);
    let names = scep.get("SubjectAltName").unwrap().as_dictionary().unwrap();
    assert_eq!(text(names, "rfc822Name"), Some("$OWNEREMAIL"));
    assert_eq!(number(&scep, "Keysize"), Some(4096));
    assert_eq!(number(&scep, "Key Usage"), Some(5));
    assert_eq!(data(&scep, "CAFingerprint").as_deref(), Some(ROOT_SHA256));
    assert_eq!(apple_errors(&profile), NOTHING);
}
