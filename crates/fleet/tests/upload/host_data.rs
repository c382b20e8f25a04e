//! Hosts that have no value for a variable.

use devicecert_fleet::{Destination, Host, Template, Unavailable, User, Value, Variable};

use crate::support::{command, payload, profile};

/// What is said when a profile is filled for a host.
fn apple(name: &str, host: &Host) -> String {
    let text = profile(&payload("x", &format!("<key>a</key><string>$FLEET_VAR_{name}</string>")));
    fill(&text, Destination::AppleProfile, host)
}

fn windows(name: &str, host: &Host) -> String {
    let text = command("Replace", "./Device/A", Some(&format!("$FLEET_VAR_{name}")));
    fill(&text, Destination::WindowsProfile, host)
}

fn fill(text: &str, destination: Destination, host: &Host) -> String {
    let template = Template::compile(text, destination).unwrap();
    let unfilled = template.fill(|variable| host.value(variable).map(Value::from)).unwrap_err();
    assert_eq!(unfilled.place.span.start, text.find("$FLEET").unwrap());
    unfilled.to_string()
}

fn nobody() -> Host {
    Host::new("U", "aP")
}

#[test]
fn no_idp_username() {
    for name in ["HOST_END_USER_IDP_USERNAME", "HOST_END_USER_IDP_USERNAME_LOCAL_PART"] {
        let text = format!(
            "There is no IdP username for this host. Fleet couldn't populate $FLEET_VAR_{name}."
        );
        assert_eq!(apple(name, &nobody()), text);
        assert_eq!(windows(name, &nobody()), text);
    }
}

#[test]
fn no_groups() {
    let host = nobody().user(User { username: "ada".into(), ..User::default() });
    assert_eq!(
        apple("HOST_END_USER_IDP_GROUPS", &host),
        "There are no IdP groups for this host. Fleet couldn't populate \
         $FLEET_VAR_HOST_END_USER_IDP_GROUPS."
    );
}

#[test]
fn no_department() {
    assert_eq!(
        windows("HOST_END_USER_IDP_DEPARTMENT", &nobody()),
        "There is no IdP department for this host. Fleet couldn't populate \
         $FLEET_VAR_HOST_END_USER_IDP_DEPARTMENT."
    );
}

#[test]
fn no_full_name() {
    let blank = User { username: "ada".into(), given_name: " ".into(), ..User::default() };
    assert_eq!(
        apple("HOST_END_USER_IDP_FULL_NAME", &nobody().user(blank)),
        "There is no IdP full name for this host. Fleet couldn't populate \
         $FLEET_VAR_HOST_END_USER_IDP_FULL_NAME."
    );
}

#[test]
fn no_idp_email() {
    let name = "HOST_END_USER_EMAIL_IDP";
    let text = "There is no IdP email for this host. Fleet couldn't populate \
         $FLEET_VAR_HOST_END_USER_EMAIL_IDP.";
    assert_eq!(
        apple(name, &nobody()),
        format!("{text} [Learn more](https://fleetdm.com/learn-more-about/idp-email)")
    );
    let android =
        fill("{\"a\":\"$FLEET_VAR_HOST_END_USER_EMAIL_IDP\"}", Destination::AndroidApp, &nobody());
    assert_eq!(android, text);
}

#[test]
fn blank_serial() {
    assert_eq!(
        windows("HOST_HARDWARE_SERIAL", &nobody().serial("  ")),
        "There is no serial number for this host. Fleet couldn't populate \
         $FLEET_VAR_HOST_HARDWARE_SERIAL."
    );
}

fn hosts(name: &str, destination: Destination) -> String {
    let why = Unavailable::Hosts { found: 2, uuid: "U-1".to_owned() };
    why.message(&Variable::from_name(name), destination)
}

#[test]
fn not_one_host_for_the_uuid_idp_variables() {
    assert_eq!(
        hosts("HOST_END_USER_IDP_USERNAME", Destination::AppleProfile),
        "Unexpected number of hosts (2) for UUID U-1. "
    );
}

#[test]
fn not_one_host_apple_serial_or_platform() {
    for name in ["HOST_HARDWARE_SERIAL", "HOST_PLATFORM"] {
        assert_eq!(
            hosts(name, Destination::AppleProfile),
            "Unexpected number of hosts (2) for UUID U-1."
        );
    }
}

#[test]
fn not_one_host_windows_serial() {
    assert_eq!(
        hosts("HOST_HARDWARE_SERIAL", Destination::WindowsProfile),
        "Found 2 hosts with UUID U-1. Profile variable substitution for \
         $FLEET_VAR_HOST_HARDWARE_SERIAL requires exactly one host"
    );
}

/// A user that lacks something fails for that only.
#[test]
fn what_the_variables_resolve_to() {
    let user = User {
        username: "ada@example.com".into(),
        email: "ada@idp.example".into(),
        groups: vec!["Group One".into(), "Group Two".into()],
        department: String::new(),
        given_name: "Ada".into(),
        family_name: String::new(),
    };
    let host = Host::new("U-1", "aP-1").serial("S1").platform("darwin").user(user);
    for (name, value) in [
        ("HOST_UUID", "U-1"),
        ("HOST_HARDWARE_SERIAL", "S1"),
        ("HOST_PLATFORM", "macos"),
        ("HOST_END_USER_EMAIL_IDP", "ada@idp.example"),
        ("HOST_END_USER_IDP_USERNAME", "ada@example.com"),
        ("HOST_END_USER_IDP_USERNAME_LOCAL_PART", "ada"),
        ("HOST_END_USER_IDP_GROUPS", "Group One,Group Two"),
        ("HOST_END_USER_IDP_FULL_NAME", "Ada"),
        ("SCEP_RENEWAL_ID", "fleet-aP-1"),
        ("CERTIFICATE_RENEWAL_ID", "fleet-aP-1"),
        ("SCEP_WINDOWS_CERTIFICATE_ID", "aP-1"),
    ] {
        assert_eq!(host.value(&Variable::from_name(name)), Ok(value), "{name}");
    }
    let department = Variable::from_name("HOST_END_USER_IDP_DEPARTMENT");
    assert_eq!(host.value(&department), Err(Unavailable::NoValue));
    let without_at = Host::new("U", "P").user(User { username: "ada".into(), ..User::default() });
    let local_part = Variable::from_name("HOST_END_USER_IDP_USERNAME_LOCAL_PART");
    assert_eq!(without_at.value(&local_part), Ok("ada"));
}
