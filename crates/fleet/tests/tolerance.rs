//! Profiles that are odd in a way that nobody minds: neither Fleet's server, nor a device, nor this
//! crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use devicecert_fleet::{Check, Destination, Rules, Server, Template, Unavailable, Value};

const PLIST: &str = "<plist version=\"1.0\"><dict><key>PayloadType</key>\
    <string>Configuration</string><key>PayloadDisplayName</key>\
    <string>$FLEET_VAR_HOST_UUID</string><key>PayloadContent</key><array/></dict></plist>";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
const DOCTYPE: &str = "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
    \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">";

/// How many findings there are, by the rules of the guide and by those of today, and the profile as
/// it is filled.
fn judged(text: &str) -> ([usize; 2], Option<String>) {
    let (server, apple) = (Server::default(), Destination::AppleProfile);
    let findings = [Rules::Guide, Rules::Current]
        .map(|rules| Check::new(&server, rules).run(text.as_bytes(), apple).len());
    let filled = Template::compile(text, apple).ok().map(|template| {
        let filled = template.fill(|_| Ok::<_, Unavailable>(Value::from("uuid"))).unwrap();
        filled.as_str().to_owned()
    });
    (findings, filled)
}

fn is_taken(text: &str) {
    let filled = text.replace("$FLEET_VAR_HOST_UUID", "uuid");
    assert_eq!(judged(text), ([0, 0], Some(filled)), "{text:?}");
}

#[test]
fn a_property_list_as_apple_writes_it() {
    is_taken(&format!("{DECLARATION}\n{DOCTYPE}\n{PLIST}\n"));
    let (findings, filled) = judged(&PLIST.replace("</dict>", ""));
    assert_eq!((findings.contains(&0), filled), (false, None), "this test sees what is wrong");
}

#[test]
fn a_property_list_without_declaration_or_doctype() {
    is_taken(PLIST);
    is_taken(&format!("{DECLARATION}{PLIST}"));
    is_taken(&format!("{DOCTYPE}{PLIST}"));
}

#[test]
fn a_byte_order_mark() {
    is_taken(&format!("\u{feff}{DECLARATION}{PLIST}"));
    is_taken(&format!("\u{feff}{PLIST}"));
}

#[test]
fn white_space_before_the_declaration() {
    is_taken(&format!("\r\n \t{DECLARATION}{PLIST}"));
}
