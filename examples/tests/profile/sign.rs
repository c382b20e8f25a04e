//! `profile sign`: what comes out is what went in, and others can verify it.

use libtest_mimic::Trial;

use crate::program::{CHALLENGE, Folder, KEYSIZE, Run, scep};
use crate::{trial, trial_with};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial_with("openssl", "sign::openssl_verifies_and_gives_back_the_bytes", openssl),
        trial("sign::a_key_of_another_certificate_is_refused", other_key),
        trial("sign::what_is_signed_or_for_windows_is_refused", refused),
        trial("sign::placeholders_that_nobody_can_fill_any_more_are_told", placeholders),
    ]
}

fn sign(folder: &Folder, file: &str, cert: &str, key: &str) -> Run {
    folder.profile(&["sign", file, "--cert", cert, "--key", key, "--out", "signed.mobileconfig"])
}

fn openssl() {
    let folder = Folder::new();
    folder.identity("mdm");
    // Line ends and layout are part of what is signed.
    let text = scep(KEYSIZE).replace('\n', "\r\n");
    folder.write("a.mobileconfig", &text);
    let run = sign(&folder, "a.mobileconfig", "mdm.pem", "mdm.key");
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let run = folder.tool(
        "openssl",
        &[
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            "signed.mobileconfig",
            "-CAfile",
            "mdm.pem",
            "-purpose",
            "any",
            "-out",
            "content",
        ],
    );
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(folder.read("content"), text.as_bytes());
}

fn other_key() {
    let folder = Folder::new();
    folder.identity("mdm");
    folder.identity("other");
    folder.write("a.mobileconfig", scep(KEYSIZE));
    let run = sign(&folder, "a.mobileconfig", "mdm.pem", "other.key");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("CN=mdm,O=Example belongs to another key"), "{}", run.err);
    assert!(!folder.path("signed.mobileconfig").exists());
}

fn refused() {
    let folder = Folder::new();
    folder.identity("mdm");
    folder.write("a.mobileconfig", scep(KEYSIZE)).write("w.xml", CHALLENGE);
    assert_eq!(sign(&folder, "a.mobileconfig", "mdm.pem", "mdm.key").status, 0);
    let run = sign(&folder, "signed.mobileconfig", "mdm.pem", "mdm.key");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("it is signed already"), "{}", run.err);
    let run = sign(&folder, "w.xml", "mdm.pem", "mdm.key");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("SyncML for Windows"), "{}", run.err);
}

fn placeholders() {
    let folder = Folder::new();
    folder.identity("mdm");
    let text = scep(KEYSIZE).replace("laptop-7", "%SerialNumber% $FLEET_VAR_HOST_UUID");
    folder.write("a.mobileconfig", text);
    let run = sign(&folder, "a.mobileconfig", "mdm.pem", "mdm.key");
    assert_eq!(run.status, 0);
    assert!(run.err.contains("any more for $FLEET_VAR_HOST_UUID:"), "{}", run.err);
    assert!(!run.err.contains("SerialNumber"), "a Mac fills that one: {}", run.err);
}
