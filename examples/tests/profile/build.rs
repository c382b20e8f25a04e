//! `profile build`: what it writes has nothing wrong with it.

use libtest_mimic::Trial;

use crate::program::{Folder, Run};
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("build::the_sample_gives_profiles_without_findings", sample),
        trial("build::what_a_platform_lacks_is_told", losses),
        trial("build::hardware_keys_with_acme_for_apple", acme),
        trial("build::mistakes_in_the_file_are_told_with_their_place", mistakes),
        trial("build::needs_something_to_write", usage),
    ]
}

fn build(folder: &Folder, identity: &str) -> Run {
    folder.write("identity.toml", identity);
    folder.profile(&[
        "build",
        "--from",
        "identity.toml",
        "--apple",
        "out.mobileconfig",
        "--windows",
        "out.xml",
    ])
}

fn sample() {
    let folder = Folder::new();
    folder.identity("ca");
    let sample = folder.profile(&["build", "--sample"]);
    assert_eq!(sample.status, 0);
    let run = build(&folder, &sample.out);
    assert_eq!(run.status, 0, "{}", run.err);
    let run = folder.profile(&["check", "out.mobileconfig", "out.xml"]);
    assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let shown = folder.profile(&["show", "out.mobileconfig"]).out;
    for payload in ["com.apple.security.root", "com.apple.security.scep", "com.apple.wifi.managed"]
    {
        assert!(shown.contains(payload), "{shown}");
    }
    let shown = folder.profile(&["show", "out.xml"]).out;
    for node in
        ["RootCATrustedCertificates/Root/", "Install/Enroll", "WiFi/Profile/Example/WlanXml"]
    {
        assert!(shown.contains(node), "{shown}");
    }
    // The same identity is the same profile: a device that has it keeps its key.
    let first = folder.read("out.mobileconfig");
    assert_eq!(build(&folder, &sample.out).status, 0);
    assert_eq!(folder.read("out.mobileconfig"), first);
}

const SCEP: &str = r#"
identifier = "com.example.wifi"
subject = "CN=laptop-7,O=Example"
alternative-names = ["dns:laptop-7.example.com", "upn:tom@example.com"]
purposes = ["1.3.6.1.5.5.7.3.2"]

[scep]
url = "https://ca.example/scep"
challenge = "$CHALLENGE"
fingerprint = "A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D"

[key]
all-apps-access = true
"#;

fn losses() {
    let folder = Folder::new();
    let run = build(&folder, SCEP);
    assert_eq!(run.status, 0, "{}", run.err);
    let left_out = |file: &str, what: &str| {
        let start = format!("{file}: left out: {what}");
        assert!(run.err.lines().any(|line| line.starts_with(&start)), "{start}? {}", run.err);
    };
    left_out("out.mobileconfig", "the extended key usages");
    left_out("out.xml", "that every app may use the key");
    let windows = String::from_utf8(folder.read("out.xml")).unwrap();
    assert!(windows.contains("A9993E364706816ABA3E25717850C26C9CD0D89D"), "{windows}");
    assert!(windows.contains("11+tom@example.com"), "{windows}");
}

fn acme() {
    let folder = Folder::new();
    let identity = "identifier = \"com.example.acme\"\nsubject = \"CN=laptop-7\"\n\
        [acme]\ndirectory = \"https://ca.example/acme\"\nclient = \"laptop-7\"\n\
        [key]\ntype = \"p384\"\nstorage = \"secure-enclave\"\n";
    folder.write("identity.toml", identity);
    let run = folder.profile(&["build", "--from", "identity.toml", "--apple", "out.mobileconfig"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let text = String::from_utf8(folder.read("out.mobileconfig")).unwrap();
    assert!(text.contains("<string>ECSECPrimeRandom</string>"), "{text}");
    let run = folder.profile(&["build", "--from", "identity.toml", "--windows", "out.xml"]);
    assert_eq!(run.status, 2, "Windows has no ACME");
    assert!(!folder.path("out.xml").exists());
}

fn mistakes() {
    let folder = Folder::new();
    let wrong = |from: &str, to: &str| build(&folder, &SCEP.replace(from, to));
    let run = wrong("challenge =", "chalenge =");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("line 9"), "{}", run.err);
    assert!(run.err.contains("unknown field `chalenge`"), "{}", run.err);
    let run = wrong("upn:tom", "tom");
    assert!(run.err.contains("alternative-names = \"tom@example.com\": expected"), "{}", run.err);
    let run = wrong("[scep]", "[acme]\ndirectory = \"\"\nclient = \"\"\n[scep]");
    assert!(run.err.contains("[scep], [acme] and [pkcs12], found 2"), "{}", run.err);
    let run = wrong("fingerprint = \"", "ca = \"nowhere.pem\" # ");
    assert!(run.err.contains("nowhere.pem: "), "{}", run.err);
    assert!(!folder.path("out.xml").exists());
}

fn usage() {
    let folder = Folder::new();
    folder.write("identity.toml", SCEP);
    assert_eq!(folder.profile(&["build"]).status, 2);
    assert_eq!(folder.profile(&["build", "--from", "identity.toml"]).status, 2);
    assert_eq!(folder.profile(&["build", "--apple", "a"]).status, 2);
}
