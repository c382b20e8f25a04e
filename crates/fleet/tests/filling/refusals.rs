//! Variables and values that cannot stand where they do.

use devicecert_fleet::Destination::{AndroidApp, AppleProfile, CaField, Script, WindowsProfile};
use devicecert_fleet::{
    Destination, Error, Limits, Template, Unavailable, Unfilled, Value, WhyMisplaced, WhyUnfilled,
};
use devicecert_pki::Secret;

use crate::{fill, misplaced};

#[test]
fn a_variable_of_a_ca_has_to_be_all_of_its_element() {
    for text in [
        "<string>x$FLEET_VAR_NDES_SCEP_CHALLENGE</string>",
        "<string>$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_A/</string>",
        "<string>$FLEET_VAR_DIGICERT_PASSWORD_A$FLEET_VAR_DIGICERT_PASSWORD_A</string>",
        "<string>a<![CDATA[$FLEET_VAR_DIGICERT_PASSWORD_A]]></string>",
        "<data>QUJD$FLEET_VAR_DIGICERT_DATA_A</data>",
        "<data>$FLEET_VAR_HOST_UUID$FLEET_VAR_HOST_UUID</data>",
        "<integer>1$FLEET_VAR_HOST_UUID</integer>",
    ] {
        let text = format!("<plist>{text}</plist>");
        assert_eq!(misplaced(&text, AppleProfile), WhyMisplaced::Embedded, "{text}");
    }
}

#[test]
fn places_without_text() {
    for (text, why) in [
        ("<plist><real>$FLEET_VAR_HOST_UUID</real></plist>", WhyMisplaced::Element),
        ("<plist><dict>$FLEET_VAR_HOST_UUID</dict></plist>", WhyMisplaced::Element),
        ("<plist version='$FLEET_VAR_HOST_UUID'/>", WhyMisplaced::Markup),
        ("<!DOCTYPE plist PUBLIC '$FLEET_VAR_HOST_UUID'><plist/>", WhyMisplaced::Markup),
    ] {
        assert_eq!(misplaced(text, AppleProfile), why, "{text}");
    }
    let secret = "<Add><Item><Target><LocURI>./$FLEET_SECRET_A</LocURI></Target></Item></Add>";
    assert_eq!(misplaced(secret, WindowsProfile), WhyMisplaced::Element);
}

#[test]
fn variables_that_are_not_for_this() {
    let not_in = |text: &str, destination: Destination| {
        assert_eq!(misplaced(text, destination), WhyMisplaced::NotIn(destination), "{text}");
    };
    not_in("<plist><string>$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID</string></plist>", AppleProfile);
    not_in("<plist><string>$FLEET_HOST_SECRET_A</string></plist>", AppleProfile);
    not_in("<plist><string>$FLEET_VAR_EJBCA_PASSWORD_A</string></plist>", AppleProfile);
    not_in("$FLEET_VAR_HOST_UUID", CaField);
    not_in("#!/bin/sh\necho $FLEET_VAR_HOST_UUID", Script);
    not_in("{\"a\": \"$FLEET_VAR_NDES_SCEP_CHALLENGE\"}", AndroidApp);
}

#[test]
fn json_outside_of_a_string() {
    for text in ["{\"a\": $FLEET_VAR_HOST_UUID}", "{\"a\": \"\\$FLEET_VAR_HOST_UUID\"}"] {
        assert_eq!(misplaced(text, AndroidApp), WhyMisplaced::JsonString, "{text}");
    }
}

fn unfit(text: &str, destination: Destination, value: &str) -> usize {
    match fill(text, destination, value) {
        Err(Unfilled { why: WhyUnfilled::Unfit { at, .. }, .. }) => at,
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_that_do_not_fit() {
    let string = "<plist><string>$FLEET_VAR_HOST_UUID</string></plist>";
    assert_eq!(unfit(string, AppleProfile, "a\0"), 1);
    assert_eq!(unfit(string, AppleProfile, "é\u{1b}"), 2);
    assert_eq!(unfit(string, AppleProfile, "\u{ffff}"), 0);
    let data = "<plist><data>$FLEET_VAR_DIGICERT_DATA_A</data></plist>";
    for (value, at) in
        [("QUJ", 3), ("QUJD*", 4), ("QQ=A", 3), ("Q===", 3), ("====", 2), ("</data>", 0), (" ", 1)]
    {
        assert_eq!(unfit(data, AppleProfile, value), at, "{value}");
    }
    let integer = "<plist><integer>$FLEET_SECRET_A</integer></plist>";
    for value in ["", "1.5", "1</integer>", "-", "+1", "0x1"] {
        assert!(fill(integer, AppleProfile, value).is_err(), "{value}");
    }
    let address =
        "<Add><Item><Target><LocURI>./$FLEET_VAR_HOST_UUID</LocURI></Target></Item></Add>";
    for (value, at) in [("a/b", 1), ("a?b", 1), ("é", 0), ("a b", 1), ("<", 0), ("%2F", 0)] {
        assert_eq!(unfit(address, WindowsProfile, value), at, "{value}");
    }
    assert_eq!(unfit("$FLEET_VAR_HOST_HARDWARE_SERIAL", CaField, "a\nb"), 1);
}

/// An empty value is none: Fleet never fills in nothing.
#[test]
fn an_empty_value() {
    let text = "<plist><string>$FLEET_VAR_HOST_UUID</string></plist>";
    let error = fill(text, AppleProfile, "").unwrap_err();
    assert_eq!(error.why, WhyUnfilled::Unavailable(Unavailable::NoValue));
    assert_eq!(error.to_string(), "Fleet couldn't populate $FLEET_VAR_HOST_UUID.");
}

#[test]
fn a_secret_that_is_no_text() {
    let text = "<plist><string>$FLEET_VAR_NDES_SCEP_CHALLENGE</string></plist>";
    let secret = Secret::new(vec![b'a', 0xff]);
    let template = Template::compile(text, AppleProfile).unwrap();
    let error = template.fill(|_| Ok::<_, Unavailable>(Value::from(&secret))).unwrap_err();
    assert_eq!(error.why, WhyUnfilled::Unfit { expected: "text in UTF-8", at: 1 });
}

/// What does not fit is not told, as it may be a secret.
#[test]
fn errors_do_not_show_values() {
    let text = "<plist><string>$FLEET_SECRET_A</string></plist>";
    let error = fill(text, AppleProfile, "hunter2\0").unwrap_err();
    assert_eq!(
        error.to_string(),
        "at 1:16: the value of $FLEET_SECRET_A cannot stand here: expected characters that XML 1.0 \
         allows, found something else at its byte 7"
    );
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[test]
fn what_is_no_xml() {
    for (text, destination) in [
        ("", AppleProfile),
        ("<plist>", AppleProfile),
        ("<plist/><plist/>", AppleProfile),
        ("<plist>&bomb;</plist>", AppleProfile),
        ("<!DOCTYPE plist [<!ENTITY a 'b'>]><plist/>", AppleProfile),
        ("<plist a=1/>", AppleProfile),
        ("<plist a='1' a='2'/>", AppleProfile),
        ("a<Add/>", WindowsProfile),
        ("<Add>]]></Add>", WindowsProfile),
        ("<!DOCTYPE a><Add/>", WindowsProfile),
        ("<?xml version='1.0'?><Add/>", WindowsProfile),
        ("<Add><!-- a -- b --></Add>", WindowsProfile),
        ("<Add>\u{1}</Add>", WindowsProfile),
        ("<1/>", WindowsProfile),
    ] {
        if text.is_empty() {
            assert!(Template::compile(text, destination).is_ok(), "nothing to fill");
            continue;
        }
        let error = Template::compile(text, destination).unwrap_err();
        assert!(matches!(error, Error::Malformed(_)), "{text}: {error:?}");
    }
}

#[test]
fn limits() {
    let text = "<plist><string>$FLEET_VAR_HOST_UUID $FLEET_VAR_HOST_UUID</string></plist>";
    let with = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        Template::compile_within(text, AppleProfile, &limits).map(|_| ())
    };
    for change in [
        (|limits| limits.bytes = 72) as fn(&mut Limits),
        |limits| limits.depth = 1,
        |limits| limits.nodes = 2,
        |limits| limits.variables = 1,
    ] {
        assert!(matches!(with(change), Err(Error::LimitExceeded(_))));
    }
    for change in [
        (|limits| limits.bytes = 73) as fn(&mut Limits),
        |limits| limits.depth = 2,
        |limits| limits.nodes = 3,
        |limits| limits.variables = 2,
    ] {
        assert_eq!(with(change), Ok(()));
    }
}

/// As many elements as there may be, and more: no stack is used up.
#[test]
fn deep_and_wide_profiles() {
    let deep = format!("{}{}", "<Add>".repeat(100_000), "</Add>".repeat(100_000));
    assert!(matches!(Template::compile(&deep, WindowsProfile), Err(Error::LimitExceeded(_))));
    let wide = format!("<Add {}/>", (0..1000).map(|n| format!("a{n}='' ")).collect::<String>());
    assert!(matches!(Template::compile(&wide, WindowsProfile), Err(Error::LimitExceeded(_))));
    let many = format!(
        "<plist><array>{}</array></plist>",
        "<string>$FLEET_VAR_HOST_UUID</string>".repeat(60_000)
    );
    assert!(Template::compile(&many, AppleProfile).is_ok());
}
