//! What a host or a server lacks is told all at once, in Fleet's words, and before any CA is asked.

use devicecert::Delivery;
use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{Cause, Undelivered};
use devicecert::fleet::{Host, License, Rules, Template, Unavailable};

use crate::support::{
    HOST, PROFILE, apple, authorities, custom_scep, host, nothing, refused, run, smallstep, texts,
    windows,
};

fn details(why: &Undelivered) -> Vec<String> {
    why.findings().iter().map(|finding| finding.detail(Rules::Current)).collect()
}

fn of_a_bare_host(template: &Template) -> Undelivered {
    let (host, authorities) = (Host::new(HOST, PROFILE), authorities());
    let outcome =
        run(Delivery::new(template, &host, &authorities, &RustCrypto), |fetch| panic!("{fetch:?}"));
    match outcome.profile {
        Err(devicecert::Error::Undelivered(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_that_the_host_lacks() {
    let template = apple(&[
        "$FLEET_VAR_HOST_END_USER_IDP_USERNAME_LOCAL_PART",
        "$FLEET_VAR_HOST_UUID",
        "$FLEET_VAR_HOST_END_USER_IDP_GROUPS",
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_HOST_END_USER_IDP_DEPARTMENT",
        "$FLEET_VAR_HOST_END_USER_IDP_FULL_NAME",
        "$FLEET_VAR_HOST_END_USER_EMAIL_IDP",
    ]);
    let why = of_a_bare_host(&template);
    assert_eq!(
        details(&why),
        [
            "There is no IdP username for this host. Fleet couldn't populate \
             $FLEET_VAR_HOST_END_USER_IDP_USERNAME_LOCAL_PART.",
            "There are no IdP groups for this host. Fleet couldn't populate \
             $FLEET_VAR_HOST_END_USER_IDP_GROUPS.",
            "There is no IdP department for this host. Fleet couldn't populate \
             $FLEET_VAR_HOST_END_USER_IDP_DEPARTMENT.",
            "There is no IdP full name for this host. Fleet couldn't populate \
             $FLEET_VAR_HOST_END_USER_IDP_FULL_NAME.",
            "There is no IdP email for this host. Fleet couldn't populate \
             $FLEET_VAR_HOST_END_USER_EMAIL_IDP. [Learn \
             more](https://fleetdm.com/learn-more-about/idp-email)",
        ]
    );
    let lines: Vec<_> = why.findings().iter().map(|finding| finding.place.line).collect();
    assert_eq!(lines, [2, 4, 6, 7, 8]);
    assert_eq!(why.detail(Rules::Current), details(&why)[0]);
}

#[test]
fn a_windows_host_without_a_serial_number() {
    assert_eq!(
        details(&of_a_bare_host(&windows(&["$FLEET_VAR_HOST_HARDWARE_SERIAL"]))),
        ["There is no serial number for this host. Fleet couldn't populate \
          $FLEET_VAR_HOST_HARDWARE_SERIAL."]
    );
}

#[test]
fn a_licence_that_does_not_include_cas() {
    let mut free = authorities();
    free.license = License::Free;
    let why = refused(
        &apple(&[
            "$FLEET_VAR_DIGICERT_DATA_CORP",
            "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI",
            "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
            "$FLEET_VAR_NDES_SCEP_PROXY_URL",
            "$FLEET_VAR_HOST_UUID",
        ]),
        &free,
        |fetch| panic!("{fetch:?}"),
    );
    assert_eq!(
        details(&why),
        [
            "DigiCert integration requires a Fleet Premium license.",
            "Custom SCEP integration requires a Fleet Premium license.",
            "Smallstep SCEP integration requires a Fleet Premium license.",
            "NDES SCEP Proxy requires a Fleet Premium license.",
        ]
    );
}

#[test]
fn one_name_for_cas_of_two_kinds() {
    let mut both = nothing();
    both.custom_scep(custom_scep("WIFI", "x")).unwrap();
    both.smallstep(smallstep("WIFI")).unwrap();
    let challenge = "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI";
    let other = "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_WIFI";
    // Each alone is unambiguous.
    let (host, template) = (host(), apple(&[challenge]));
    let outcome = run(Delivery::new(&template, &host, &both, &RustCrypto), |_| panic!());
    assert_eq!(texts(&outcome.profile.unwrap()), ["x"]);
    let why = refused(&apple(&[challenge, other]), &both, |fetch| panic!("{fetch:?}"));
    let [finding] = why.findings() else { panic!("{why:?}") };
    assert_eq!(finding.cause, Cause::AmbiguousName("WIFI".parse().unwrap()));
    assert_eq!(finding.variable.to_string(), other);
}

#[test]
fn secrets_and_vitals_are_handed_in() {
    let template = apple(&["$FLEET_SECRET_PSK", "$FLEET_HOST_VITAL_7"]);
    let (host, authorities) = (host(), authorities());
    let delivery = Delivery::new(&template, &host, &authorities, &RustCrypto);
    let outcome = run(delivery.secret("PSK", "a & b").vital(7, "seven"), |_| panic!());
    assert_eq!(texts(&outcome.profile.unwrap()), ["a &amp; b", "seven"]);
    assert_eq!(outcome.records, []);
    let why = refused(&template, &authorities, |_| panic!());
    assert_eq!(why.findings().len(), 2);
    assert_eq!(why.findings()[0].cause, Cause::Unavailable(Unavailable::NoValue));
}

#[test]
fn a_value_that_cannot_stand_there_is_told_before_a_ca_is_asked() {
    let profile = "<plist version=\"1.0\"><dict><key>K</key>\n\
        <string>$FLEET_VAR_NDES_SCEP_CHALLENGE</string><key>N</key>\n\
        <integer>$FLEET_VAR_HOST_UUID</integer></dict></plist>";
    let template = Template::compile(profile, devicecert::fleet::Destination::AppleProfile);
    let why = refused(&template.unwrap(), &authorities(), |fetch| panic!("{fetch:?}"));
    let [finding] = why.findings() else { panic!("{why:?}") };
    assert!(matches!(finding.cause, Cause::Unfit(_)));
    assert_eq!(finding.place.line, 3);
    assert!(!why.to_string().contains(HOST), "no value is ever told: {why}");
}

#[test]
fn a_host_that_the_proxy_cannot_be_asked_about() {
    let odd = Host::new("a,b", PROFILE);
    let (authorities, template) = (authorities(), apple(&["$FLEET_VAR_NDES_SCEP_CHALLENGE"]));
    let outcome = run(Delivery::new(&template, &odd, &authorities, &RustCrypto), |_| panic!());
    assert!(matches!(outcome.profile, Err(devicecert::Error::Slot(_))), "{:?}", outcome.profile);
}
