//! What `fleet-profile` reads and prints, and the program itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::Command;

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

/// The program, in a folder with files.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        Self(folder)
    }

    /// Its status, and what it printed to standard output and standard error.
    fn run(&self, arguments: &str) -> (i32, String, String) {
        // Cargo builds the examples of a package along with its tests, into a folder beside theirs.
        let test = std::env::current_exe().unwrap();
        let folder = test.parent().and_then(Path::parent).unwrap().join("examples");
        let program = folder.join(format!("fleet-profile{}", std::env::consts::EXE_SUFFIX));
        let output = Command::new(program)
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .output()
            .expect("the examples are built");
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

const CAS: &str = r#"{"custom_scep": ["WIFI"], "ndes": false}"#;
const HOST: &str = r#"{"HOST_UUID": "6C3E & co", "FLEET_SECRET_PSK": "hunter2"}"#;
const GOOD: &str = "<Replace><Item><Target><LocURI>./Device/Vendor/MSFT/A</LocURI></Target>\
     <Data>$FLEET_VAR_HOST_UUID $FLEET_SECRET_PSK</Data></Item></Replace>";

#[test]
fn a_good_profile_is_filled_for_one_host_and_nobody_else_may_read_it() {
    let folder = Folder::with(&[("cas.json", CAS), ("host.json", HOST), ("a.xml", GOOD)]);
    let (status, out, err) = folder.run("check a.xml --cas cas.json");
    assert_eq!((status, &*out, &*err), (0, "a.xml: nothing is wrong\n", ""));
    let (status, out, _) = folder.run("check a.xml --cas cas.json --json");
    assert_eq!((status, &*out), (0, "[]\n"));

    let (status, out, err) = folder.run("render a.xml --cas cas.json --host host.json --out b.xml");
    assert_eq!((status, &*err), (0, ""));
    let written = std::fs::read_to_string(folder.0.path().join("b.xml")).unwrap();
    let filled = GOOD.replace("$FLEET_VAR_HOST_UUID $FLEET_SECRET_PSK", "6C3E &amp; co hunter2");
    assert_eq!(written, filled);
    assert_eq!(out, format!("b.xml: {} bytes\n", filled.len()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = folder.0.path().join("b.xml").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn what_fleet_refuses_is_not_filled() {
    let bad = GOOD.replace("HOST_UUID", "HOST_UID").replace("<Data>", "\n<Data>");
    let folder = Folder::with(&[("cas.json", CAS), ("host.json", HOST), ("a.xml", &bad)]);
    let (status, out, err) = folder.run("check a.xml --cas cas.json");
    assert_eq!((status, &*out), (1, "a.xml: 1 error, 0 warnings\n"));
    assert!(
        err.starts_with("a.xml:2:7: error FL001: Fleet variable $FLEET_VAR_HOST_UID "),
        "{err}"
    );
    let (status, out, _) = folder.run("check a.xml --cas cas.json --json");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &found[0]["rule"], &found[0]["line"]), (1, &"FL001".into(), &2.into()));

    let (status, ..) = folder.run("render a.xml --cas cas.json --host host.json --out b.xml");
    assert_eq!(status, 1);
    assert!(!folder.0.path().join("b.xml").exists());
}

#[test]
fn the_two_editions_differ_as_fleet_does() {
    // This variable came after the guide.
    let later = GOOD.replace("HOST_UUID", "HOST_PLATFORM");
    let folder = Folder::with(&[("cas.json", CAS), ("a.xml", &later)]);
    assert_eq!(folder.run("check a.xml --cas cas.json --rules current").0, 0);
    assert_eq!(folder.run("check a.xml --cas cas.json --rules guide").0, 1);
    // For Apple it is no property list.
    assert_eq!(folder.run("check a.xml --cas cas.json --platform apple").0, 1);
}

#[test]
fn what_cannot_be_read_is_named_and_secrets_are_not() {
    let files = [("cas.json", CAS), ("host.json", r#"{"HOST_UUID": "hunter2""#), ("a.xml", GOOD)];
    let folder = Folder::with(&files);
    let (status, _, err) = folder.run("render a.xml --cas cas.json --host host.json --out b.xml");
    assert_eq!(status, 2);
    assert!(err.starts_with("fleet-profile: host.json: ") && !err.contains("hunter2"), "{err}");
    let (status, _, err) = folder.run("check missing.xml --cas cas.json");
    assert!(status == 2 && err.starts_with("fleet-profile: missing.xml: "), "{err}");
    assert_eq!(folder.run("check a.xml").0, 2);
}
