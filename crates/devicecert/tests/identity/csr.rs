//! What becomes of an identity in a certification request.

use devicecert::crypto_rust::PrivateKey;
use devicecert::error::{Error, Platform, RequestError};
use devicecert::identity::{Attribute, IdentityRequest, KeyUsage, Pkcs12, Scep, Source};
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Csr, GeneralName, KeyKind, Secret, Signer};
use devicecert::syncml::Hash;

use crate::support::identity;

fn csr(identity: &IdentityRequest) -> Csr {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let params = identity.to_csr_params().unwrap().output;
    params.unsigned(key.public_key()).unwrap().sign(&key).unwrap()
}

#[test]
fn the_request_says_what_the_identity_does() {
    let mut identity = identity();
    identity.alternative_names = vec![
        GeneralName::Dns("laptop-7.example".into()),
        GeneralName::Ip("192.0.2.7".parse().unwrap()),
        GeneralName::Upn("laptop-7@corp.example".into()),
    ];
    identity.purposes = vec!["1.3.6.1.5.5.7.3.2".parse().unwrap()];
    identity.usage = KeyUsage::DIGITAL_SIGNATURE;
    identity.renewal.marker = Some(Attribute::new("OU", "renewal-1".into()));
    let csr = csr(&identity);
    assert_eq!(csr.subject().to_string(), "OU=renewal-1,CN=laptop-7,O=Example");
    let challenge = csr.challenge_password().unwrap();
    assert_eq!(challenge.expose(), b"password-1");
    let extensions = csr.extensions();
    assert_eq!(extensions.subject_alt_name().unwrap(), identity.alternative_names);
    assert_eq!(extensions.extended_key_usage().unwrap(), identity.purposes);
    assert_eq!(extensions.key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
}

#[test]
fn nobody_fills_in_a_placeholder_any_more() {
    let placeholder = |what| {
        let platform = Platform::Csr;
        Err(Error::from(RequestError::Placeholder { platform, what }))
    };
    let lost = |identity: IdentityRequest| identity.to_csr_params().map(|written| written.lost);
    for text in ["%SerialNumber%", "{{DeviceName}}", "$FLEET_VAR_HOST_UUID", "$JSSID", "x${NAME}"] {
        let subject = devicecert::identity::Subject::new().with("CN", text);
        assert_eq!(lost(identity().subject(subject)), placeholder("the subject"), "{text}");
        let name = GeneralName::Dns(text.into());
        assert_eq!(lost(identity().alternative_name(name)), placeholder("an alternative name"));
        let mut request = identity();
        request.source = Scep::new("https://ca.example").challenge(text).into();
        let whole = !text.starts_with('x');
        assert_eq!(lost(request).is_err(), whole, "a password may have {text} in it");
    }
}

#[test]
fn a_key_made_elsewhere_has_no_request() {
    let file = Pkcs12::new(Secret::new(vec![0x30]), "secret");
    let mut identity = identity();
    identity.source = Source::Pkcs12(file);
    let found = identity.to_csr_params().map(|written| written.lost);
    let expected = "a source that certifies a key made elsewhere";
    let what = "a PKCS #12 file";
    let impossible = RequestError::Impossible { platform: Platform::Csr, what, expected };
    assert_eq!(found, Err(impossible.into()));
}

#[test]
fn a_subject_that_cannot_be_encoded_is_refused() {
    let subject = devicecert::identity::Subject::new().with("C", "Österreich");
    assert!(matches!(identity().subject(subject).to_csr_params(), Err(Error::Pki(_))));
}

#[test]
fn the_digest_is_the_one_that_is_asked_for() {
    for (hash, digest) in [
        (None, DigestAlgorithm::Sha256),
        (Some(Hash::Sha1), DigestAlgorithm::Sha1),
        (Some(Hash::Sha2), DigestAlgorithm::Sha256),
        (Some(Hash::Sha1OrSha2), DigestAlgorithm::Sha256),
        (Some(Hash::Sha256), DigestAlgorithm::Sha256),
    ] {
        let mut identity = identity();
        identity.hash = hash;
        assert_eq!(identity.to_csr_params().unwrap().output.digest, digest, "{hash:?}");
    }
}
