//! What `fleet-profile` reads and prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use devicecert::fleet::{Destination, Rules, Server, Variable, check};
use devicecert_examples::fleet_profile::{Values, server, to_json};
use devicecert_examples::profile::{Finding, Style, draw};

#[test]
fn the_server() {
    let read = server(r#"{"digicert": ["A", "B"], "ndes": true}"#).unwrap();
    assert_eq!(read, Server::default().digicert("A").digicert("B").ndes());
    for (text, error) in [
        ("[]", "expected an object, {…}"),
        (r#"{"digicert": "A"}"#, "digicert: expected a list of names"),
        (r#"{"digicert": [1]}"#, "digicert: expected a list of names"),
        (r#"{"ndes": 1}"#, "ndes: expected true or false"),
        (r#"{"est": []}"#, "\"est\": expected digicert, custom_scep, smallstep or ndes"),
    ] {
        assert_eq!(server(text).unwrap_err(), error);
    }
}

#[test]
fn the_host() {
    let values = Values::parse(
        r#"{"HOST_UUID": "U", "FLEET_SECRET_PSK": "hunter2", "profile_uuid": "a1",
            "SCEP_RENEWAL_ID": "mine"}"#,
    )
    .unwrap();
    let value = |name| values.text(&Variable::from_name(name));
    assert_eq!(value("HOST_UUID"), Some("U"));
    // What is given goes before what follows from the UUID of the profile.
    assert_eq!(value("SCEP_RENEWAL_ID"), Some("mine"));
    assert_eq!(value("CERTIFICATE_RENEWAL_ID"), Some("fleet-a1"));
    assert_eq!(value("SCEP_WINDOWS_CERTIFICATE_ID"), Some("a1"));
    assert_eq!(values.text(&Variable::Secret("PSK".to_owned())), Some("hunter2"));
    assert!(!format!("{values:?}").contains("hunter2"));
    assert_eq!(
        Values::parse(r#"{"HOST_UID": "U"}"#).unwrap_err(),
        "\"HOST_UID\": there is no such variable"
    );
    assert_eq!(Values::parse(r#"{"HOST_UUID": 1}"#).unwrap_err(), "\"HOST_UUID\": expected a text");
}

#[test]
fn findings() {
    let profile = "<Replace>\n\t<Item><Target><LocURI>./A</LocURI></Target>\
         <Data>$FLEET_VAR_HOST_UID</Data></Item></Replace>";
    let found =
        check(profile.as_bytes(), Destination::WindowsProfile, &Server::default(), Rules::Current);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        Finding::of_fleet("a.xml", finding).to_string(),
        "a.xml:2:51: error FL001: Fleet variable $FLEET_VAR_HOST_UID is not supported in Windows \
         profiles. at ./A: Fleet refuses the profile; what is no variable would reach the device as \
         it is written; write $FLEET_VAR_HOST_UUID"
    );
    let drawn = draw(&Finding::of_fleet("a.xml", finding), Some(profile), Style::Plain);
    assert!(
        drawn.starts_with("error[FL001]: ") && drawn.contains("^^^^^^^^^^^^^^^^^^^ ./A"),
        "{drawn}"
    );
    assert_eq!(
        to_json(&found),
        "[{\"column\":51,\"line\":2,\"message\":\"Fleet variable $FLEET_VAR_HOST_UID is not supported \
         in Windows profiles.\",\"path\":\"./A\",\"rule\":\"FL001\",\"severity\":\"error\"}]"
    );
}
