//! The names of CAs, and adding them.

use devicecert_ca::{
    CaKind, CaName, Error, InvalidSetting, Wording, digicert, ejbca, exactly_one, intune, ndes,
    smallstep,
};

fn refused(name: &str) -> String {
    name.parse::<CaName>().unwrap_err().api_text()
}

#[test]
fn ca_name_cannot_be_ndes() {
    assert_eq!(refused("NDES"), "Couldn't add certificate authority. CA name cannot be NDES");
    // In other letters it is another name.
    assert!("ndes".parse::<CaName>().is_ok());
}

#[test]
fn ca_name_cannot_be_empty() {
    let text = "Couldn't add certificate authority. CA name cannot be empty";
    assert_eq!(refused(""), text);
    assert_eq!(refused(" \t"), text);
}

#[test]
fn ca_name_cannot_be_longer_than_255_characters() {
    assert!("a".repeat(255).parse::<CaName>().is_ok());
    assert_eq!(
        refused(&"a".repeat(256)),
        "Couldn't add certificate authority. CA name cannot be longer than 255 characters"
    );
}

#[test]
fn ca_name_has_letters_numbers_and_underscores_only() {
    for name in ["a-b", "a b", "ä", "a.b", "$a"] {
        assert_eq!(
            refused(name),
            "Couldn't add certificate authority. Invalid characters in the \"name\" field. Only letters, numbers and underscores allowed.",
        );
    }
    assert!("A_1z".parse::<CaName>().is_ok());
}

#[test]
fn ca_name_is_trimmed() {
    assert_eq!(" WIFI\n".parse::<CaName>().unwrap().as_str(), "WIFI");
}

#[test]
fn ca_name_is_used_once_among_cas_of_one_kind() {
    let name: CaName = "WIFI".parse().unwrap();
    let others = ["VPN", "WIFI"].map(|name| name.parse::<CaName>().unwrap());
    for (kind, word) in [
        (CaKind::DigiCert, "DigiCert"),
        (CaKind::Hydrant, "Hydrant"),
        (CaKind::CustomScep, "custom SCEP"),
        (CaKind::Smallstep, "Smallstep"),
    ] {
        assert_eq!(
            name.check_unused(kind, &others).unwrap_err().to_string(),
            format!(
                "\"WIFI\" name is already used by another {word} certificate authority. Please choose a different name and try again."
            ),
        );
    }
    assert_eq!(name.check_unused(CaKind::DigiCert, &others[..1]), Ok(()));
}

#[test]
fn a_second_ndes_has_the_doubled_full_stop_of_fleet() {
    assert_eq!(
        InvalidSetting::SecondNdes.api_text(),
        "Couldn't add certificate authority. . Only a single NDES CA can be added."
    );
}

#[test]
fn exactly_one_ca_is_added_at_a_time() {
    assert_eq!(exactly_one([7]), Ok(7));
    let text = |cas: &[u8]| exactly_one(cas).unwrap_err().to_string();
    assert_eq!(text(&[]), "A certificate authority must be specified");
    assert_eq!(text(&[1, 2]), "Only one certificate authority can be created at a time");
}

#[test]
fn a_server_without_a_private_key_adds_none() {
    assert_eq!(
        InvalidSetting::NoServerPrivateKey.to_string(),
        "Private key must be configured. Learn more: https://fleetdm.com/learn-more-about/fleet-server-private-key"
    );
}

#[test]
fn one_error_for_every_ca_says_what_the_ca_s_own_says() {
    for (error, text) in [
        (Error::from(ndes::Error::Status(401)), ndes::Error::Status(401).to_string()),
        (
            digicert::Error::ProfileForbidden.into(),
            "most likely invalid profile GUID; status code: 403".to_owned(),
        ),
        (
            smallstep::Error::Status(401).into(),
            "getting Smallstep SCEP challenge: status code 401".to_owned(),
        ),
        (InvalidSetting::NameEmpty.into(), "CA name cannot be empty".to_owned()),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_ca_that_is_not_reached() {
    let error = std::io::Error::other("dial tcp: connection refused\n");
    let ca: CaName = "WIFI".parse().unwrap();
    assert_eq!(
        digicert::Error::unreachable(&error).detail(&ca),
        "Couldn't get certificate from DigiCert for WIFI. dial tcp: connection refused\\n"
    );
    assert_eq!(
        ndes::Error::unreachable(&error).detail(Wording::Current),
        "Fleet couldn't populate $FLEET_VAR_NDES_SCEP_CHALLENGE. dial tcp: connection refused\\n"
    );
    assert_eq!(ndes::Error::unreachable(&error).setting(), InvalidSetting::NdesAdminUrl);
    assert_eq!(
        smallstep::Error::unreachable(&error).detail(),
        "Fleet couldn't populate $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_. dial tcp: connection refused\\n"
    );
    let text = "dial tcp: connection refused\\n";
    assert_eq!(intune::Error::unreachable(&error).to_string(), text);
    assert_eq!(ejbca::Error::unreachable(&error).to_string(), text);
}
