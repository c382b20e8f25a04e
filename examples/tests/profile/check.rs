//! `profile check`: findings, formats, exit status.

use devicecert::crypto_rust::RustCrypto;
use devicecert::mobileconfig::{Limits, Profile};
use devicecert::pki::cms::Seal;
use libtest_mimic::Trial;
use serde_json::Value;

use crate::program::{CHALLENGE, Folder, KEYSIZE, scep};
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("check::a_good_profile_gives_nothing_and_status_0", good),
        trial("check::an_error_is_one_line_with_its_place_and_status_1", one_line),
        trial("check::a_warning_alone_is_no_failure", warning),
        trial("check::findings_as_objects_for_programs", json),
        trial("check::no_findings_are_an_empty_list", empty_json),
        trial("check::syncml_is_told_from_a_profile_by_itself", windows),
        trial("check::what_cannot_be_read_is_a_finding", unreadable),
        trial("check::a_platform_refuses_more", platforms),
        trial("check::a_file_for_another_system_is_wrong_usage", other_system),
        trial("check::a_missing_file_is_status_2_and_the_others_are_checked", missing),
        trial("check::no_file_and_an_unknown_system_are_wrong_usage", usage),
        trial("check::binary_property_lists_have_paths_and_no_lines", binary),
        trial("check::a_changed_signed_profile_is_an_error", tampered),
        trial("check::encrypted_payloads_are_checked_with_the_key_of_the_device", encrypted),
    ]
}

fn good() {
    let folder = Folder::new();
    let run =
        folder.write("good.mobileconfig", scep(KEYSIZE)).profile(&["check", "good.mobileconfig"]);
    assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (0, "", ""));
}

fn one_line() {
    let folder = Folder::new();
    let text = scep("<key>Keysize</key><string>2048</string>");
    let run = folder.write("bad.mobileconfig", &text).profile(&["check", "bad.mobileconfig"]);
    assert_eq!(run.status, 1);
    let line = 1 + text.lines().position(|line| line.contains("Keysize")).unwrap();
    let start = format!(
        "bad.mobileconfig:{line}:23: error AP003: a value of type string at \
         PayloadContent[0].PayloadContent.Keysize: "
    );
    let found: Vec<&str> = run.out.lines().collect();
    assert_eq!(found.len(), 1, "{}", run.out);
    assert!(found[0].starts_with(&start), "{}", run.out);
    assert!(found[0].ends_with("; write <integer>2048</integer>"), "{}", run.out);
}

fn warning() {
    let folder = Folder::new();
    let text = scep(&format!("{KEYSIZE}<key>KeyType</key><string>RSA</string>"));
    let run = folder.write("typo.mobileconfig", text).profile(&["check", "typo.mobileconfig"]);
    assert_eq!(run.status, 0);
    assert!(run.out.contains(": warning AP007: "), "{}", run.out);
    assert!(run.out.ends_with("; write Key Type\n"), "{}", run.out);
}

fn json() {
    let folder = Folder::new();
    folder.write("bad.mobileconfig", scep("<key>Keysize</key><string>2048</string>"));
    folder.write("w.xml", CHALLENGE);
    let run = folder.profile(&["check", "--json", "bad.mobileconfig", "w.xml"]);
    assert_eq!(run.status, 1);
    let findings: Value = serde_json::from_str(&run.out).unwrap();
    let findings = findings.as_array().unwrap();
    let apple = &findings[0];
    assert_eq!(apple["file"], "bad.mobileconfig");
    assert_eq!(apple["rule"], "AP003");
    assert_eq!(apple["severity"], "error");
    assert_eq!(apple["column"], 23);
    assert_eq!(apple["path"], "PayloadContent[0].PayloadContent.Keysize");
    assert_eq!(apple["instead"], "<integer>2048</integer>");
    let alphabet = findings.iter().find(|finding| finding["rule"] == "WS011").unwrap();
    assert_eq!(alphabet["file"], "w.xml");
    assert_eq!((&alphabet["line"], &alphabet["column"]), (&Value::from(4), &Value::from(15)));
    assert_eq!(
        alphabet["path"],
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/Challenge"
    );
}

fn empty_json() {
    let folder = Folder::new();
    folder.write("good.mobileconfig", scep(KEYSIZE));
    let run = folder.profile(&["check", "--json", "good.mobileconfig"]);
    assert_eq!((run.status, run.out.as_str()), (0, "[]\n"));
}

fn windows() {
    let folder = Folder::new();
    let with_comment = format!("\u{feff}<!-- <plist> for Wi-Fi -->\n{CHALLENGE}");
    let run = folder.write("w.xml", with_comment).profile(&["check", "w.xml"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("w.xml:5:15: error WS011: "), "{}", run.out);
}

fn unreadable() {
    let folder = Folder::new();
    folder.write("cut.mobileconfig", "<plist version=\"1.0\">\n<dict>\n<key>A</key>\n</dict>");
    folder.write("cut.xml", "<Add>\n<Item>\n</Add>");
    folder.write("noise.bin", [7, 0, 255, 3]);
    let run = folder.profile(&["check", "cut.mobileconfig", "cut.xml", "noise.bin"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("cut.mobileconfig:4:1: error AP023: "), "{}", run.out);
    assert!(run.out.contains("cut.xml:3:1: error WS001: "), "{}", run.out);
    assert!(run.out.contains("noise.bin:1:3: error AP001: "), "{}", run.out);
}

fn platforms() {
    let folder = Folder::new();
    let text = scep(KEYSIZE).replace("laptop-7", "%SerialNumber%");
    folder.write("mac.mobileconfig", text);
    assert_eq!(folder.profile(&["check", "--for", "macos", "mac.mobileconfig"]).out, "");
    let run = folder.profile(&["check", "--for", "ios", "mac.mobileconfig"]);
    assert!(run.out.contains("warning AP015: \"%SerialNumber%\""), "{}", run.out);
}

fn other_system() {
    let folder = Folder::new();
    folder.write("w.xml", CHALLENGE).write("a.mobileconfig", scep(KEYSIZE));
    let run = folder.profile(&["check", "--for", "macos", "w.xml"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert_eq!(run.err, "profile: w.xml: this is SyncML for Windows, and not for macOS\n");
    let run = folder.profile(&["check", "--for", "windows", "a.mobileconfig"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
}

fn missing() {
    let folder = Folder::new();
    folder.write("w.xml", CHALLENGE);
    let run = folder.profile(&["check", "nowhere.mobileconfig", "w.xml"]);
    assert_eq!(run.status, 2);
    assert!(run.err.starts_with("profile: nowhere.mobileconfig: "), "{}", run.err);
    assert!(run.out.contains("WS011"), "{}", run.out);
}

fn usage() {
    let folder = Folder::new();
    assert_eq!(folder.profile(&["check"]).status, 2);
    assert_eq!(folder.profile(&["check", "--for", "beos", "x"]).status, 2);
    assert_eq!(folder.profile(&[]).status, 2);
    let help = folder.profile(&["--help"]);
    assert_eq!(help.status, 0);
    assert!(help.out.contains("Exit status: 0"), "{}", help.out);
}

/// `bplist00` of `{PayloadType: Configuration}`, as Python's plistlib writes it.
const BINARY: &[u8] = b"bplist00\xd1\x01\x02[PayloadType]Configuration\x08\x0b\x17\
    \0\0\0\0\0\0\x01\x01\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x25";

fn binary() {
    let folder = Folder::new();
    let run = folder.write("b.mobileconfig", BINARY).profile(&["check", "b.mobileconfig"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("b.mobileconfig: error AP003: no key \"PayloadUUID\""), "{}", run.out);
}

fn tampered() {
    let folder = Folder::new();
    folder.identity("mdm");
    folder.write("good.mobileconfig", scep(KEYSIZE));
    let out = ["--cert", "mdm.pem", "--key", "mdm.key", "--out", "signed.mobileconfig"];
    let run = folder.profile(&[&["sign", "good.mobileconfig"], &out[..]].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(folder.profile(&["check", "signed.mobileconfig"]).status, 0);

    let mut signed = folder.read("signed.mobileconfig");
    let at = signed.windows(8).position(|bytes| bytes == b"laptop-7").unwrap();
    signed[at] = b'L';
    folder.write("signed.mobileconfig", signed);
    let run = folder.profile(&["check", "signed.mobileconfig"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("error AP022: a signature that cannot be verified"), "{}", run.out);
}

fn encrypted() {
    let folder = Folder::new();
    let (_, device) = folder.identity("device");
    folder.identity("other");
    let text = scep("<key>Keysize</key><string>2048</string>");
    let profile = Profile::read(text.as_bytes(), &Limits::default()).unwrap();
    let encrypted = profile.encrypted_to(&device, Seal::default(), &RustCrypto).unwrap();
    folder.write("e.mobileconfig", encrypted.to_xml().unwrap());

    let closed = folder.profile(&["check", "e.mobileconfig"]);
    assert_eq!((closed.status, closed.out.as_str()), (0, ""));
    let identity = |name: &str| [format!("{name}.pem"), format!("{name}.key")];
    let with = |name: &str| {
        let [cert, key] = identity(name);
        folder.profile(&["check", "e.mobileconfig", "--cert", &cert, "--key", &key])
    };
    let open = with("device");
    assert_eq!(open.status, 1);
    assert!(open.out.contains("error AP003: a value of type string"), "{}", open.out);
    let wrong = with("other");
    assert_eq!((wrong.status, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("the encrypted payloads cannot be opened"), "{}", wrong.err);
    assert_eq!(folder.profile(&["check", "e.mobileconfig", "--key", "device.key"]).status, 2);
}
