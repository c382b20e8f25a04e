//! What becomes of an identity in a configuration profile.

use core::time::Duration;

use devicecert::crypto_rust::RustCrypto;
use devicecert::error::{Error, Platform, RequestError};
use devicecert::identity::{
    Acme, Attribute, Ca, Consumer, EapTls, Ethernet, IdentityRequest, KeyStorage, KeyType,
    KeyUsage, Pkcs12, Scep, Scope, Source, Subject, Vpn, Wifi,
};
use devicecert::mobileconfig::payload::{
    AcmeKey, AnyPayload, Attestation, CertificateType, Curve, EnclaveCurve, Ikev2Authentication,
    Interface,
};
use devicecert::mobileconfig::plist::Text;
use devicecert::pki::{GeneralName, Secret};
use devicecert::scep::Fingerprint;
use devicecert::syncml::{Broadcast, Connect, WifiSecurity};

use crate::support::{
    ISSUER, NOTHING, OTHER_RADIUS, RADIUS, ROOT, ROOT_SHA256, apple, apple_errors, boolean,
    certificate, data, identity, number, payload, payloads, scep, subject, text, typed, types,
    uuid,
};

fn server(identity: &mut IdentityRequest) -> &mut Scep {
    match &mut identity.source {
        Source::Scep(scep) => scep,
        _ => panic!("no SCEP"),
    }
}

fn impossible(identity: &IdentityRequest) -> &'static str {
    match identity.to_mobileconfig(&RustCrypto) {
        Err(Error::Request(RequestError::Impossible {
            platform: Platform::Apple, what, ..
        })) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_request_writes_out_every_default_that_is_a_trap() {
    let scep = scep(&apple(&identity()));
    assert_eq!(text(&scep, "URL"), Some("https://ca.example/scep"));
    assert_eq!(text(&scep, "Challenge"), Some("password-1"));
    assert_eq!(text(&scep, "Key Type"), Some("RSA"));
    assert_eq!(number(&scep, "Keysize"), Some(2048));
    assert_eq!(number(&scep, "Key Usage"), Some(5));
    assert_eq!(number(&scep, "Retries"), Some(3));
    assert_eq!(number(&scep, "RetryDelay"), Some(10));
    assert_eq!(boolean(&scep, "KeyIsExtractable"), Some(false));
    assert_eq!(boolean(&scep, "AllowAllAppsAccess"), Some(false));
    assert_eq!(subject(&scep), ["O=Example", "CN=laptop-7"]);
    assert_eq!(data(&scep, "CAFingerprint").as_deref(), Some(ROOT_SHA256));
}

#[test]
fn the_key_usage_counts_from_the_other_end() {
    for (usage, mask) in [
        (KeyUsage::DIGITAL_SIGNATURE, 1),
        (KeyUsage::KEY_ENCIPHERMENT, 4),
        (KeyUsage::SIGN_AND_ENCIPHER, 5),
    ] {
        let mut identity = identity();
        identity.usage = usage;
        assert_eq!(number(&scep(&apple(&identity)), "Key Usage"), Some(mask));
    }
    let mut identity = identity();
    identity.usage = KeyUsage::KEY_CERT_SIGN;
    assert_eq!(impossible(&identity), "such a key usage");
}

#[test]
fn a_fingerprint_is_its_octets_whichever_the_digest() {
    let sha1 = "2F:8E:61:50:1E:21:7C:7C:D5:61:AB:3E:13:61:36:9A:6F:15:C3:E9";
    for (spelt, octets) in [(sha1, sha1.replace(':', "")), (ROOT_SHA256, ROOT_SHA256.to_owned())] {
        let mut identity = identity();
        server(&mut identity).ca = Some(spelt.parse::<Fingerprint>().unwrap().into());
        assert_eq!(data(&scep(&apple(&identity)), "CAFingerprint"), Some(octets));
    }
}

#[test]
fn a_fingerprint_may_be_a_placeholder() {
    let mut identity = identity();
    server(&mut identity).ca = Some(Ca::Placeholder(Text::from("$FLEET_SECRET_CA")));
    let scep = scep(&apple(&identity));
    let template = scep.get("CAFingerprint").unwrap().as_template().unwrap();
    assert_eq!(template.as_str(), "$FLEET_SECRET_CA");
}

#[test]
fn a_pause_is_in_seconds_and_rounded_up() {
    for (delay, seconds) in
        [(Duration::from_secs(90), 90), (Duration::from_millis(1500), 2), (Duration::ZERO, 0)]
    {
        let mut identity = identity();
        *server(&mut identity) = Scep::new("https://ca.example/scep").retry(7, delay);
        let scep = scep(&apple(&identity));
        assert_eq!(
            (number(&scep, "Retries"), number(&scep, "RetryDelay")),
            (Some(7), Some(seconds))
        );
    }
}

#[test]
fn alternative_names_have_one_key_for_each_kind() {
    let mut identity = identity();
    identity.alternative_names = vec![
        GeneralName::Email("a@example.com".into()),
        GeneralName::Dns("a.example".into()),
        GeneralName::Dns("b.example".into()),
        GeneralName::Uri("urn:a".into()),
        GeneralName::Upn("a@corp.example".into()),
    ];
    let scep = scep(&apple(&identity));
    let names = scep.get("SubjectAltName").unwrap().as_dictionary().unwrap();
    assert_eq!(text(names, "rfc822Name"), Some("a@example.com"));
    let hosts = names.get("dNSName").unwrap().as_array().unwrap();
    assert_eq!(
        hosts.iter().filter_map(|host| host.as_str()).collect::<Vec<_>>(),
        ["a.example", "b.example"]
    );
    assert_eq!(text(names, "uniformResourceIdentifier"), Some("urn:a"));
    assert_eq!(text(names, "ntPrincipalName"), Some("a@corp.example"));
}

#[test]
fn the_marker_of_the_renewal_is_the_last_part_of_the_subject() {
    let mut identity = identity();
    identity.renewal.marker = Some(Attribute::new("OU", "$FLEET_VAR_SCEP_RENEWAL_ID".into()));
    identity.renewal.notice_days = Some(14);
    let scep = scep(&apple(&identity));
    let expected = ["O=Example", "CN=laptop-7", "OU=$FLEET_VAR_SCEP_RENEWAL_ID"];
    assert_eq!(subject(&scep), expected);
    assert_eq!(number(&scep, "CertificateRenewalTimeInterval"), Some(14));
}

#[test]
fn types_that_devices_do_not_know_by_name_are_object_identifiers() {
    let mut attribute = Attribute::new("CN", "x".into());
    attribute.kind = "serialNumber".into();
    let request = identity().subject(Subject::new().with_rdn(vec![attribute.clone()]));
    assert_eq!(subject(&scep(&apple(&request))), ["2.5.4.5=x"]);
    attribute.kind = "favouriteDrink".into();
    let request = identity().subject(Subject::new().with_rdn(vec![attribute]));
    assert_eq!(impossible(&request), "such a subject");
    assert_eq!(
        impossible(&identity().subject(Subject::new().with_rdn(Vec::new()))),
        "such a subject"
    );
}

#[test]
fn scep_makes_rsa_keys_of_three_sizes() {
    for bits in [1024, 2048, 4096] {
        let mut identity = identity();
        identity.key.kind = KeyType::Rsa(bits);
        assert_eq!(number(&scep(&apple(&identity)), "Keysize"), Some(bits.into()));
    }
    for kind in [KeyType::Rsa(3072), KeyType::Ec(Curve::P256)] {
        let mut identity = identity();
        identity.key.kind = kind;
        assert_eq!(impossible(&identity), "such a key");
    }
}

#[test]
fn a_server_without_an_address_is_none() {
    let mut identity = identity();
    server(&mut identity).server_urls.clear();
    let missing =
        RequestError::Missing { platform: Platform::Apple, what: "the URL of the server" };
    assert_eq!(identity.to_mobileconfig(&RustCrypto), Err(missing.into()));
}

#[test]
fn acme_has_keys_that_go_together() {
    let server = Acme::new("https://ca.example/directory", "$SERIALNUMBER");
    let mut identity =
        IdentityRequest::new("com.example.acme", server).subject("CN=x".parse().unwrap());
    for (kind, storage, key) in [
        (KeyType::Rsa(3072), KeyStorage::Software, AcmeKey::Rsa(3072)),
        (KeyType::Ec(Curve::P521), KeyStorage::Software, AcmeKey::Ec(Curve::P521)),
        (
            KeyType::Ec(Curve::P384),
            KeyStorage::SecureEnclave(Attestation::Required),
            AcmeKey::SecureEnclave(EnclaveCurve::P384, Attestation::Required),
        ),
    ] {
        identity.key.kind = kind;
        identity.key.storage = storage;
        let profile = apple(&identity);
        let AnyPayload::Acme(acme) = typed(&profile, "com.apple.security.acme") else { panic!() };
        assert_eq!(acme.key, key);
        assert_eq!(acme.client_identifier, "$SERIALNUMBER");
        assert_eq!(apple_errors(&profile), NOTHING);
    }
    for kind in [KeyType::Rsa(2048), KeyType::Ec(Curve::P521)] {
        identity.key.kind = kind;
        assert_eq!(impossible(&identity), "such a key");
    }
    identity.key.storage = KeyStorage::Software;
    identity.key.kind = KeyType::Rsa(2049);
    assert_eq!(impossible(&identity), "such a key");
}

#[test]
fn a_pkcs12_file_is_written_as_it_is_or_as_its_placeholder() {
    let file = Pkcs12::new(Secret::new(vec![0x30, 0x03, 2, 1, 3]), "secret");
    let profile = apple(&IdentityRequest::new("com.example.pfx", file));
    let pkcs12 = payload(&profile, "com.apple.security.pkcs12");
    assert_eq!(data(&pkcs12, "PayloadContent").as_deref(), Some("3003020103"));
    assert_eq!(text(&pkcs12, "Password"), Some("secret"));
    assert_eq!(boolean(&pkcs12, "KeyIsExtractable"), Some(false));

    let file =
        Pkcs12::placeholder("$FLEET_VAR_DIGICERT_DATA_CA", "$FLEET_VAR_DIGICERT_PASSWORD_CA");
    let profile = apple(&IdentityRequest::new("com.example.pfx", file));
    let pkcs12 = payload(&profile, "com.apple.security.pkcs12");
    let template = pkcs12.get("PayloadContent").unwrap().as_template().unwrap();
    assert_eq!(template.as_str(), "$FLEET_VAR_DIGICERT_DATA_CA");
    assert_eq!(apple_errors(&profile), NOTHING);
}

#[test]
fn everything_is_bound_together_and_every_certificate_is_there_once() {
    let eap =
        EapTls::new(vec![certificate(RADIUS), certificate(ROOT)], vec!["*.radius.example".into()]);
    let mut wifi = Wifi::new("Office", eap.clone());
    wifi.security = WifiSecurity::Wpa3Enterprise;
    wifi.broadcast = Broadcast::Hidden;
    wifi.connect = Connect::Manually;
    wifi.disable_mac_randomization = Some(true);
    let mut ethernet = Ethernet::new(eap);
    ethernet.interface = Interface::FirstActive;
    let identity = identity()
        .trust(certificate(ROOT))
        .trust(certificate(ISSUER))
        .trust(certificate(OTHER_RADIUS))
        .consumer(wifi)
        .consumer(ethernet)
        .consumer(Vpn::new("Office", "vpn.example", "laptop-7"));
    let profile = apple(&identity);
    assert_eq!(
        types(&profile),
        [
            "com.apple.security.root",
            "com.apple.security.pkcs1",
            "com.apple.security.root",
            "com.apple.security.root",
            "com.apple.security.scep",
            "com.apple.wifi.managed",
            "com.apple.firstactiveethernet.managed",
            "com.apple.vpn.managed",
        ]
    );
    let all = payloads(&profile);
    let [root, radius] = [&all[0], &all[3]].map(uuid);
    let scep = uuid(&payload(&profile, "com.apple.security.scep"));

    let AnyPayload::Wifi(wifi) = typed(&profile, "com.apple.wifi.managed") else { panic!() };
    assert_eq!(wifi.ssid.as_deref(), Some("Office"));
    assert_eq!(wifi.encryption.name(), "WPA3");
    assert!(wifi.hidden && !wifi.auto_join);
    assert_eq!(wifi.disable_mac_randomization, Some(true));
    assert_eq!(wifi.identity.unwrap().uuid().as_str(), scep);
    let eap = wifi.eap.unwrap();
    assert_eq!(eap.types.iter().map(|kind| kind.0).collect::<Vec<_>>(), [13]);
    let anchors: Vec<_> = eap.anchors.iter().map(|anchor| anchor.uuid().to_string()).collect();
    assert_eq!(anchors, [radius, root]);
    assert_eq!(eap.trusted_server_names, ["*.radius.example"]);

    let kind = "com.apple.firstactiveethernet.managed";
    let AnyPayload::Ethernet(ethernet) = typed(&profile, kind) else { panic!() };
    assert_eq!(ethernet.identity.unwrap().uuid().as_str(), scep);
    let AnyPayload::Vpn(_) = typed(&profile, "com.apple.vpn.managed") else { panic!() };
    assert_eq!(apple_errors(&profile), NOTHING);
}

#[test]
fn a_vpn_says_which_curve_the_key_is_on_and_then_who_certifies_the_gateway() {
    let server = Acme::new("https://ca.example/directory", "$SERIALNUMBER");
    let request = IdentityRequest::new("com.example.vpn", server).subject("CN=x".parse().unwrap());
    let vpn = Vpn::new("Office", "vpn.example", "laptop-7");
    let enclave = KeyStorage::SecureEnclave(Attestation::Required);
    for (curve, storage, kind) in [
        (Curve::P256, KeyStorage::Software, CertificateType::Ecdsa256),
        (Curve::P384, enclave, CertificateType::Ecdsa384),
        (Curve::P521, KeyStorage::Software, CertificateType::Ecdsa521),
    ] {
        let mut identity = request.clone();
        identity.key.kind = KeyType::Ec(curve);
        identity.key.storage = storage;
        let silent = identity.clone().consumer(vpn.clone());
        let what = "the issuer of the gateway's certificate, to say that a key is on a curve";
        let missing = RequestError::Missing { platform: Platform::Apple, what };
        assert_eq!(silent.to_mobileconfig(&RustCrypto), Err(missing.into()));

        let profile = apple(&identity.consumer(vpn.clone().server_certificate_issuer("VPN CA")));
        let AnyPayload::Vpn(written) = typed(&profile, "com.apple.vpn.managed") else { panic!() };
        let ikev2 = written.ikev2;
        assert_eq!(ikev2.server_certificate_issuer.as_deref(), Some("VPN CA"));
        let Ikev2Authentication::Certificate(_, named) = ikev2.authentication else { panic!() };
        assert_eq!(named, Some(kind));
        assert_eq!(apple_errors(&profile), NOTHING);
    }
    let mut identity = request.consumer(vpn.server_certificate_issuer("VPN CA"));
    identity.key.kind = KeyType::Ec(Curve::P192);
    assert_eq!(impossible(&identity), "such a key");
}

#[test]
fn one_user_has_a_profile_of_his_own_and_may_prefer_the_identity_for_a_server() {
    let identity = identity()
        .scope(Scope::User)
        .consumer(Consumer::Preference("https://intranet.example".into()));
    let profile = apple(&identity);
    assert_eq!(text(profile.root().unwrap(), "PayloadScope"), Some("User"));
    let kind = "com.apple.security.identitypreference";
    let AnyPayload::IdentityPreference(preference) = typed(&profile, kind) else { panic!() };
    assert_eq!(preference.name, "https://intranet.example");
    assert_eq!(apple_errors(&profile), NOTHING);
}

#[test]
fn the_same_request_gives_the_same_profile_and_another_identifier_other_uuids() {
    let text = |identity: &IdentityRequest| {
        identity.to_mobileconfig(&RustCrypto).unwrap().output.to_xml().unwrap()
    };
    assert_eq!(text(&identity()), text(&identity()));
    let mut other = identity();
    other.identifier = "com.example.vpn".into();
    let uuid_of = |identity| uuid(&payload(&apple(identity), "com.apple.security.scep"));
    assert_ne!(uuid_of(&identity()), uuid_of(&other));
}
