//! How values are written, by where they stand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod filling {
    pub(crate) mod places;
    pub(crate) mod refusals;
    pub(crate) mod shell;
    pub(crate) mod subject_name;
}

use devicecert_fleet::{
    Destination, Error, Fixed, Template, Unavailable, Unfilled, Value, Variable, WhyMisplaced,
};

/// Every character that means something somewhere.
pub(crate) const ODD: &str = "O'Brien & <Söhne> \"x\" ]]> $FLEET_VAR_HOST_UUID ${FLEET_VAR_A}";

/// Fills every variable with the same value.
pub(crate) fn fill(text: &str, destination: Destination, value: &str) -> Result<String, Unfilled> {
    let template = Template::compile(text, destination).unwrap_or_else(|error| panic!("{error}"));
    let filled = template.fill(|_| Ok::<_, Unavailable>(Value::from(value)))?;
    Ok(filled.into_string())
}

/// Why a text is no template.
#[track_caller]
pub(crate) fn misplaced(text: &str, destination: Destination) -> WhyMisplaced {
    match Template::compile(text, destination) {
        Err(Error::Misplaced(misplaced)) => {
            // The place is that of the variable.
            let found = text.get(misplaced.place.span.clone()).unwrap();
            assert!(found.starts_with('$'), "{found}");
            misplaced.why
        }
        other => panic!("{other:?}: {text}"),
    }
}

#[test]
fn a_value_is_not_looked_at_for_variables() {
    let text = "<plist><array><string>$FLEET_VAR_HOST_UUID</string>\
         <string>$FLEET_VAR_HOST_HARDWARE_SERIAL</string></array></plist>";
    let template = Template::compile(text, Destination::AppleProfile).unwrap();
    let filled = template.fill(|variable| match variable {
        Variable::Fixed(Fixed::HostUuid) => {
            Ok(Value::from("$FLEET_VAR_HOST_HARDWARE_SERIAL ${FLEET_VAR_HOST_UUID}"))
        }
        _ => Ok::<_, Unavailable>(Value::from("S1")),
    });
    assert_eq!(
        filled.unwrap().as_str(),
        "<plist><array><string>$FLEET_VAR_HOST_HARDWARE_SERIAL ${FLEET_VAR_HOST_UUID}</string>\
         <string>S1</string></array></plist>"
    );
}

#[test]
fn every_variable_is_asked_for_once() {
    let text = "<plist><array><string>$FLEET_VAR_HOST_UUID ${FLEET_VAR_HOST_UUID}</string>\
         <key>$FLEET_VAR_HOST_PLATFORM$FLEET_VAR_HOST_UUID</key></array></plist>";
    let template = Template::compile(text, Destination::AppleProfile).unwrap();
    let mut asked = Vec::new();
    template
        .fill(|variable| {
            asked.push(variable.to_string());
            Ok::<_, Unavailable>(Value::from("x"))
        })
        .unwrap();
    assert_eq!(asked, ["$FLEET_VAR_HOST_UUID", "$FLEET_VAR_HOST_PLATFORM"]);
    let known: Vec<_> = template.variables().iter().map(ToString::to_string).collect();
    assert_eq!(known, asked);
}

#[test]
fn a_template_without_variables_is_the_text() {
    for (text, destination) in [
        ("\u{feff}<?xml version=\"1.0\"?><plist/>\r\n", Destination::AppleProfile),
        ("<!-- $FLEET_VAR_HOST_UUID --><Add/>", Destination::WindowsProfile),
        ("", Destination::CaField),
        ("{}", Destination::AndroidApp),
    ] {
        assert_eq!(fill(text, destination, "x").unwrap(), text);
    }
}

/// Neither template nor result show what may be a secret.
#[test]
fn debug_is_silent() {
    let text = "<Replace><Item><Data>hunter2 $FLEET_SECRET_A</Data></Item></Replace>";
    let template = Template::compile(text, Destination::WindowsProfile).unwrap();
    let filled = template.fill(|_| Ok::<_, Unavailable>(Value::from("hunter3"))).unwrap();
    let shown = format!("{template:?} {filled:?} {:?}", Value::from("hunter4"));
    assert!(!shown.contains("hunter"), "{shown}");
    assert_eq!(filled.into_secret().len(), text.len() - "$FLEET_SECRET_A".len() + "hunter3".len());
}
