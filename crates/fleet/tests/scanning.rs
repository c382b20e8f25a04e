//! Finding variables in a text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use devicecert_fleet::{Fixed, OfCa, Spelling, Variable, occurrences, rows};

fn names(text: &str) -> Vec<String> {
    occurrences(text).map(|found| found.variable.full_name()).collect()
}

#[test]
fn the_name_is_as_long_as_it_can_be() {
    for (text, found) in [
        ("$FLEET_VAR_A-B", vec!["FLEET_VAR_A"]),
        ("${FLEET_VAR_A", vec![]),
        ("${FLEET_VAR_A-B}", vec![]),
        ("$FLEET_VAR_", vec![]),
        ("${FLEET_VAR_}", vec![]),
        ("$$FLEET_VAR_A", vec!["FLEET_VAR_A"]),
        ("\\$FLEET_VAR_A", vec!["FLEET_VAR_A"]),
        ("$FLEET_VAR_A$FLEET_VAR_B", vec!["FLEET_VAR_A", "FLEET_VAR_B"]),
        ("$FLEET_VAR_Aé", vec!["FLEET_VAR_A"]),
        ("$FLEET_VAR_é", vec![]),
        ("$fleet_var_A", vec![]),
        ("FLEET_VAR_A", vec![]),
        ("$ FLEET_VAR_A", vec![]),
        ("${FLEET_VAR_A}}", vec!["FLEET_VAR_A"]),
        ("$FLEET_VAR_HOST_UUIDX", vec!["FLEET_VAR_HOST_UUIDX"]),
        ("${${FLEET_VAR_A}", vec!["FLEET_VAR_A"]),
        ("$FLEET_SECRET_A $FLEET_HOST_SECRET_B", vec!["FLEET_SECRET_A", "FLEET_HOST_SECRET_B"]),
        ("$FLEET_OTHER_A", vec![]),
    ] {
        assert_eq!(names(text), found, "{text}");
    }
}

#[test]
fn vitals_have_a_number_above_zero() {
    for text in [
        "$FLEET_HOST_VITAL_ABC",
        "$FLEET_HOST_VITAL_0",
        "$FLEET_HOST_VITAL_12X",
        "${FLEET_HOST_VITAL_}",
        "$FLEET_HOST_VITAL_99999999999999999999",
    ] {
        assert_eq!(names(text), [""; 0], "{text}");
    }
    let found: Vec<_> = occurrences("${FLEET_HOST_VITAL_7}").collect();
    assert_eq!(found.first().unwrap().variable, Variable::HostVital(7));
}

#[test]
fn spans_cover_sigil_and_braces() {
    let text = "é ${FLEET_VAR_HOST_UUID} $FLEET_VAR_HOST_UUID";
    let found: Vec<_> = occurrences(text).map(|found| (found.spelling, found.span)).collect();
    assert_eq!(found, [(Spelling::Braced, 3..25), (Spelling::Plain, 26..46)]);
    assert_eq!(text.get(3..25), Some("${FLEET_VAR_HOST_UUID}"));
}

/// Longer names are not taken for shorter ones that they start with.
#[test]
fn a_name_that_another_starts_with() {
    assert_eq!(
        Variable::from_name("HOST_END_USER_IDP_USERNAME_LOCAL_PART"),
        Variable::Fixed(Fixed::HostEndUserIdpUsernameLocalPart)
    );
    assert_eq!(
        Variable::from_name("CUSTOM_SCEP_PROXY_URL_A_B"),
        Variable::OfCa(OfCa::CustomScepProxyUrl, "A_B".to_owned())
    );
    assert_eq!(
        Variable::from_name("DIGICERT_DATA_"),
        Variable::OfCa(OfCa::DigicertData, String::new())
    );
    assert_eq!(Variable::from_name("DIGICERT_DATA"), Variable::Unknown("DIGICERT_DATA".to_owned()));
}

#[test]
fn every_name_is_found_again() {
    for row in rows() {
        let name = row.name().replace("<CA>", "A").replace("<NAME>", "B").replace("<ID>", "7");
        let found: Vec<_> = occurrences(&name).collect();
        let [found] = found.as_slice() else { panic!("{name}") };
        assert_eq!(found.variable.to_string(), name);
        assert!(!matches!(found.variable, Variable::Unknown(_)), "{name}");
    }
}
