//! The structure of profiles for Windows.

use devicecert_fleet::{Check, Destination, Server, check};

use crate::support::{CURRENT, GUIDE, command, errors, find, windows};

const TOP_LEVEL: &str =
    "Windows configuration profiles can only have <Replace> or <Add> top level elements.";

#[test]
fn empty() {
    for text in ["", " \n\t"] {
        assert_eq!(windows(text, GUIDE), ["The file should include valid XML."]);
    }
}

#[test]
fn malformed() {
    assert_eq!(
        windows("<Replace>\n</Add>", CURRENT),
        ["The file should include valid XML: XML syntax error on line 2: expected the end of the \
          element that was opened last, found </Add>"]
    );
    assert_eq!(
        windows("\0\u{1}\u{2}", CURRENT),
        [
            "The file should include valid XML: XML syntax error on line 1: expected characters that \
          XML 1.0 allows, found the character U+0000"
        ]
    );
}

#[test]
fn processing_instruction() {
    for text in ["<?xml version=\"1.0\"?><Replace/>", "<Replace><?a b?></Replace>"] {
        assert_eq!(
            windows(text, CURRENT),
            ["The file should include valid XML: processing instructions are not allowed."]
        );
    }
}

#[test]
fn comments_are_allowed() {
    assert_eq!(windows("<!-- a --><Replace><!-- b --></Replace><!-- c -->", CURRENT), [""; 0]);
}

#[test]
fn top_level() {
    for text in ["<Get/>", "<Replace/><Delete/>", "<plist/>"] {
        assert_eq!(windows(text, CURRENT), [TOP_LEVEL]);
    }
}

#[test]
fn something_after_atomic() {
    assert_eq!(
        windows("<Atomic></Atomic><Add></Add>", CURRENT),
        ["<Atomic> element must wrap all the elements in a Windows configuration profile."]
    );
}

#[test]
fn atomic_after_others() {
    assert_eq!(windows("<Add></Add><Atomic></Atomic>", CURRENT), [TOP_LEVEL]);
}

#[test]
fn inside_atomic() {
    assert_eq!(
        windows("<Atomic><Replace/><Get/></Atomic>", CURRENT),
        ["Windows configuration profiles can only include <Replace> or <Add> within the <Atomic> \
          element."]
    );
}

#[test]
fn the_first_thing_inside_atomic() {
    let cmd_id = "<CmdID>1</CmdID>";
    let within = "Windows configuration profiles can only include <Replace> or <Add> within the \
         <Atomic> element.";
    assert_eq!(windows(&format!("<Atomic>{cmd_id}<Replace/></Atomic>"), CURRENT), [within]);
    assert_eq!(windows(&format!("<Atomic><Replace/>{cmd_id}</Atomic>"), CURRENT), [""; 0]);
}

/// What the checks say, and what the API makes of it.
fn said(text: &str) -> [String; 2] {
    let found = check(text.as_bytes(), Destination::WindowsProfile, &Server::default(), GUIDE);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    [finding.message.clone(), finding.api_message().into_owned()]
}

#[test]
fn bitlocker() {
    for scope in ["./Device", "./User", "."] {
        let target = format!("{scope}/Vendor/MSFT/BitLocker/Foo");
        assert_eq!(
            said(&command("Replace", &target, Some("1"))),
            [
                "Couldn't add. The configuration profile can't include BitLocker settings.",
                "Couldn't add. The configuration profile can't include BitLocker settings. To \
                 control these settings use disk encryption endpoint."
            ]
        );
    }
}

#[test]
fn updates() {
    let replace = |target: &str| command("Replace", target, Some("1"));
    for text in [
        replace(" ./Device/Vendor/MSFT/Policy/Config/Update/ConfigureDeadlineNoAutoReboot "),
        replace("./User/Vendor/MSFT/Policy/Config/Update/AllowAutoUpdate"),
        // Without an Item as well.
        "<Replace><Target><LocURI>./Vendor/MSFT/Policy/Config/Update/x</LocURI></Target></Replace>"
            .to_owned(),
    ] {
        assert_eq!(
            said(&text),
            [
                "Custom configuration profiles can't include Windows updates settings. To control \
                 these settings, use the mdm.windows_updates option.",
                "Couldn't add. Custom configuration profiles can't include Windows updates settings."
            ]
        );
    }
}

#[test]
fn reserved_name() {
    let server = Server::default();
    let named = |name| {
        let check = Check::new(&server, CURRENT).name(name);
        errors(check.run(b"<Replace/>", Destination::WindowsProfile))
    };
    assert_eq!(
        named("Windows OS Updates"),
        ["Profile name \"Windows OS Updates\" is not allowed."]
    );
    assert_eq!(named("Wi-Fi"), [""; 0]);
}

#[test]
fn the_service_prefixes() {
    let found = find("<Get/>", Destination::WindowsProfile, CURRENT);
    let said = found.first().expect("a finding").api_message().into_owned();
    assert_eq!(said, format!("Couldn't add. {TOP_LEVEL}"));
    let found = find("<Add>$FLEET_VAR_BOZO</Add>", Destination::WindowsProfile, CURRENT);
    let said = found.first().expect("a finding").api_message().into_owned();
    assert_eq!(said, "Fleet variable $FLEET_VAR_BOZO is not supported in Windows profiles.");
}
