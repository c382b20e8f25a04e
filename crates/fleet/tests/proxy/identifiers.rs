//! What stands in the URL of a device.

use devicecert_fleet::proxy::{
    Identifier, InvalidProfileUuid, InvalidServerUrl, InvalidSlot, Passcode, Platform, Refusal,
    Slot,
};

use super::common::{ANDROID, APPLE, HOST, PASSCODE, TEAM, WIFI, WINDOWS};

const SERVER: &str = "https://mdm.test";

fn url(identifier: &Identifier) -> String {
    let url = identifier.to_url(SERVER).unwrap();
    String::from_utf8(url.expose().to_vec()).unwrap()
}

fn passcode() -> Passcode {
    Passcode::new(PASSCODE).unwrap()
}

#[test]
fn another_scep_ca_has_four_fields() {
    for profile in [APPLE, WINDOWS] {
        let identifier = Identifier::custom_scep(HOST, profile, WIFI, passcode()).unwrap();
        let expected = format!("{SERVER}/mdm/scep/proxy/{HOST}%2C{profile}%2CWIFI%2C{PASSCODE}");
        assert_eq!(url(&identifier), expected);
    }
}

#[test]
fn smallstep_has_three_fields() {
    let identifier = Identifier::smallstep(HOST, APPLE, TEAM).unwrap();
    assert_eq!(url(&identifier), format!("{SERVER}/mdm/scep/proxy/{HOST}%2C{APPLE}%2CTEAM"));
}

#[test]
fn ndes_has_three_fields_and_the_third_is_its_name() {
    let identifier = Identifier::ndes(HOST, APPLE).unwrap();
    assert_eq!(url(&identifier), format!("{SERVER}/mdm/scep/proxy/{HOST}%2C{APPLE}%2CNDES"));
}

#[test]
fn android_has_the_number_of_its_template_and_may_have_no_passcode() {
    let identifier = Identifier::android(HOST, 17, WIFI, Some(passcode())).unwrap();
    let expected = format!("{SERVER}/mdm/scep/proxy/{HOST}%2Cg17%2CWIFI%2C{PASSCODE}");
    assert_eq!(url(&identifier), expected);
    let identifier = Identifier::android(HOST, 17, WIFI, None).unwrap();
    assert_eq!(url(&identifier), format!("{SERVER}/mdm/scep/proxy/{HOST}%2Cg17%2CWIFI"));
}

/// Go 1.19, `url.PathEscape` of the printable ASCII characters, without those that no field has.
#[test]
fn it_is_escaped_as_go_escapes_a_path() {
    let host = " !\"#$&'()*+-.0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`\
                abcdefghijklmnopqrstuvwxyz{|}~";
    let escaped = "%20%21%22%23$&%27%28%29%2A+-.0123456789:%3B%3C=%3E%3F@ABCDEFGHIJKLMNOPQRSTUVWXYZ\
                   %5B%5C%5D%5E_%60abcdefghijklmnopqrstuvwxyz%7B%7C%7D~";
    let identifier = Identifier::smallstep(host, APPLE, TEAM).unwrap();
    assert_eq!(url(&identifier), format!("{SERVER}/mdm/scep/proxy/{escaped}%2C{APPLE}%2CTEAM"));
    let identifier = Identifier::smallstep("é", APPLE, TEAM).unwrap();
    assert_eq!(url(&identifier), format!("{SERVER}/mdm/scep/proxy/%C3%A9%2C{APPLE}%2CTEAM"));
}

/// Two that a user of Windows saw.
#[test]
fn a_passcode_is_24_octets_in_base64url() {
    let octets = [
        0x25, 0x44, 0x40, 0xcd, 0x74, 0xad, 0x60, 0x49, 0x4d, 0xa5, 0x58, 0xba, 0xdc, 0x1f, 0xe9,
        0xb3, 0xa0, 0xf4, 0x5b, 0x11, 0x7b, 0x6f, 0x71, 0xaf,
    ];
    assert_eq!(Passcode::from_random(octets).expose(), "JURAzXStYElNpVi63B_ps6D0WxF7b3Gv");
    for seen in ["JURAzXStYElNpVi63B_ps6D0WxF7b3Gv", "i-8MPPQ85Ux3uqNptijN53Ru3KYIIgEI"] {
        assert_eq!(seen.len(), Passcode::LENGTH);
        let segment = format!("{HOST}%2C{WINDOWS}%2CWIFI%2C{seen}");
        let identifier = Identifier::parse(&segment).unwrap();
        assert_eq!(identifier.passcode().unwrap().expose(), seen);
    }
    assert_eq!(Passcode::new(PASSCODE).unwrap().expose(), PASSCODE);
    for text in ["", "a,b", "a/b", "a%62", "a\n", "\0"] {
        assert!(Passcode::new(text).is_none(), "{text:?}");
    }
}

#[test]
fn what_is_written_is_read_as_the_same() {
    for identifier in [
        Identifier::custom_scep(HOST, WINDOWS, WIFI, passcode()).unwrap(),
        Identifier::smallstep("a;b ?#é+&=", APPLE, TEAM).unwrap(),
        Identifier::ndes(HOST, APPLE).unwrap(),
        Identifier::android(HOST, u32::MAX, WIFI, None).unwrap(),
    ] {
        let url = url(&identifier);
        let segment = url.strip_prefix("https://mdm.test/mdm/scep/proxy/").unwrap();
        assert_eq!(Identifier::parse(segment), Ok(identifier));
    }
}

/// A client that escapes the path that it was given once more.
#[test]
fn it_may_be_escaped_twice_or_not_at_all() {
    let expected = Identifier::custom_scep(HOST, APPLE, WIFI, passcode()).unwrap();
    for comma in [",", "%2C", "%2c", "%252C"] {
        let segment = [HOST, APPLE, WIFI, PASSCODE].join(comma);
        assert_eq!(Identifier::parse(&segment).as_ref(), Ok(&expected), "{segment}");
    }
}

#[test]
fn a_missing_third_field_is_ndes() {
    let identifier = Identifier::parse(&format!("{HOST},{APPLE}"));
    assert_eq!(identifier, Ok(Identifier::ndes(HOST, APPLE).unwrap()));
}

/// The URLs of before there were passcodes.
#[test]
fn a_missing_or_empty_fourth_field_is_no_passcode() {
    for segment in [format!("{HOST},{APPLE},WIFI"), format!("{HOST},{APPLE},WIFI,")] {
        let identifier = Identifier::parse(&segment).unwrap();
        assert_eq!(identifier.slot(), &Slot::new(HOST, APPLE, WIFI).unwrap());
        assert!(identifier.passcode().is_none());
    }
}

#[test]
fn the_platform_is_the_first_letter() {
    for (profile, platform) in
        [(APPLE, Platform::Apple), (WINDOWS, Platform::Windows), (ANDROID, Platform::Android(17))]
    {
        let identifier = Identifier::parse(&format!("{HOST},{profile},WIFI")).unwrap();
        assert_eq!(identifier.slot().profile().platform(), platform);
    }
}

#[test]
fn what_names_no_host_and_profile_is_invalid() {
    for segment in ["bozo", ",", "a,", ",aX", "%2C", "%", "a%", "a%2,aX", "%FF,aX", "%2525,aX"] {
        let found = Identifier::parse(segment);
        assert_eq!(found, Err(Refusal::InvalidIdentifier), "{segment}");
    }
    let text = Refusal::InvalidIdentifier.to_string();
    assert_eq!(text, "invalid identifier in URL path");
}

/// Fleet ignores a fifth field. Nobody makes one.
#[test]
fn a_fifth_field_is_invalid() {
    let found = Identifier::parse(&format!("{HOST},{APPLE},WIFI,{PASSCODE},x"));
    assert_eq!(found, Err(Refusal::InvalidIdentifier));
}

#[test]
fn a_profile_of_no_served_platform_is_told() {
    for profile in ["bozo", "dD", "A", "é", "1"] {
        let found = Identifier::parse(&format!("host%2C{profile}")).unwrap_err();
        let expected = format!(
            "invalid profile UUID (only Apple, Windows, and Android config profiles are supported): \
             {profile}"
        );
        assert_eq!((found.status().as_u16(), found.to_string()), (400, expected));
    }
}

#[test]
fn the_number_of_a_template_has_32_bits() {
    assert!(Identifier::parse("host,g0").is_ok());
    assert!(Identifier::parse("host,g4294967295").is_ok());
    for number in ["", "x", "-1", "+1", "1.0", "4294967296", "99999999999999999999"] {
        let found = Identifier::parse(&format!("host,g{number}")).unwrap_err();
        let expected = format!("invalid Android certificate template ID: {number}");
        assert_eq!((found.status().as_u16(), found.to_string()), (400, expected));
    }
}

/// A comma in one field would make it two, one of them the passcode.
#[test]
fn no_field_can_pass_for_two() {
    for character in [',', '/', '%', '\0', '\n', '\u{85}'] {
        let host = format!("host{character}");
        let expected = InvalidSlot::Character { what: "the UUID of the host", character };
        assert_eq!(Slot::new(&host, APPLE, WIFI), Err(expected));
        let ca = format!("{character}WIFI");
        let expected = InvalidSlot::Character { what: "the name of the CA", character };
        assert_eq!(Identifier::smallstep(HOST, APPLE, &ca), Err(expected));
    }
    assert_eq!(Slot::new("", APPLE, WIFI), Err(InvalidSlot::Empty("the UUID of the host")));
    assert_eq!(
        Slot::new(HOST, "bozo", WIFI),
        Err(InvalidSlot::Profile(InvalidProfileUuid::Platform))
    );
    let error = Slot::new("a\nb", APPLE, WIFI).unwrap_err();
    assert_eq!(error.to_string(), "the UUID of the host has the character U+000A");
}

#[test]
fn every_field_is_bounded() {
    let long = "x".repeat(Slot::MAX_BYTES + 1);
    assert!(Slot::new(&long[1..], APPLE, &long[1..]).is_ok());
    let expected = InvalidSlot::TooLong { what: "the name of the CA", found: 256 };
    assert_eq!(Slot::new(HOST, APPLE, &long), Err(expected));
    assert_eq!(Identifier::parse(&format!("{long},{APPLE},WIFI")), Err(Refusal::UnknownIdentifier));
    assert_eq!(Identifier::parse(&long.repeat(16)), Err(Refusal::InvalidIdentifier));
    assert!(Passcode::new(&long).is_none());
    let most = "é".repeat(127);
    let passcode = Passcode::new(&most).unwrap();
    let identifier = Identifier::custom_scep(&most, &format!("a{most}"), &most, passcode).unwrap();
    let url = url(&identifier);
    assert_eq!(Identifier::parse(url.rsplit_once('/').unwrap().1), Ok(identifier));
    // A passcode that is too long is none, and not a missing one.
    let found = Identifier::parse(&format!("{HOST},{ANDROID},WIFI,{long}"));
    assert_eq!(found, Err(Refusal::InvalidIdentifier));
}

#[test]
fn the_url_of_the_server_is_continued() {
    let identifier = Identifier::ndes("h", "aP").unwrap();
    for (server, expected) in [
        ("https://mdm.test", "https://mdm.test/mdm/scep/proxy/h%2CaP%2CNDES"),
        ("https://mdm.test/", "https://mdm.test/mdm/scep/proxy/h%2CaP%2CNDES"),
        ("http://127.0.0.1:8080/fleet", "http://127.0.0.1:8080/fleet/mdm/scep/proxy/h%2CaP%2CNDES"),
    ] {
        assert_eq!(identifier.to_url(server).unwrap().expose(), expected.as_bytes());
    }
    for server in
        ["", "mdm.test", "/mdm", "ftp://mdm.test", "https://mdm.test?a", "https://u:p@mdm.test"]
    {
        assert_eq!(identifier.to_url(server), Err(InvalidServerUrl), "{server}");
    }
}
