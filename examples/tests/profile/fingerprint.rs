//! `profile fingerprint`: both spellings of one certificate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use libtest_mimic::Trial;

use crate::program::Folder;
use crate::{trial, trial_with};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial_with("openssl", "fingerprint::both_are_what_openssl_says", openssl),
        trial("fingerprint::of_several_certificates_each", several),
        trial("fingerprint::without_a_certificate_is_status_2", none),
    ]
}

fn openssl() {
    let folder = Folder::new();
    let (_, ca) = folder.identity("ca");
    folder.write("ca.der", ca.as_der());
    let digest = |algorithm: &str| {
        let run =
            folder.tool("openssl", &["x509", "-in", "ca.pem", "-noout", "-fingerprint", algorithm]);
        run.out.trim().split_once('=').unwrap().1.replace(':', "")
    };
    let sha1 = digest("-sha1");
    let sha256 = digest("-sha256");
    let octets: Vec<u8> = (0..sha256.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&sha256[at..at + 2], 16).unwrap())
        .collect();
    let apple = STANDARD.encode(octets);

    for file in ["ca.pem", "ca.der"] {
        assert_eq!(folder.profile(&["fingerprint", "--windows", file]).out, format!("{sha1}\n"));
        assert_eq!(folder.profile(&["fingerprint", "--apple", file]).out, format!("{apple}\n"));
        let both = folder.profile(&["fingerprint", file]);
        assert_eq!(both.status, 0);
        assert!(both.out.starts_with("CN=ca,O=Example\n"), "{}", both.out);
        assert!(both.out.contains(&format!("<data>{apple}</data>")), "{}", both.out);
        assert!(both.out.contains(&sha1), "{}", both.out);
    }
}

fn several() {
    let folder = Folder::new();
    folder.identity("root");
    folder.identity("issuing");
    let chain = [folder.read("root.pem"), folder.read("issuing.pem")].concat();
    let run = folder.write("chain.pem", chain).profile(&["fingerprint", "--windows", "chain.pem"]);
    assert_eq!(run.out.lines().count(), 2);
    assert!(run.out.lines().all(|line| line.len() == 40), "{}", run.out);
}

fn none() {
    let folder = Folder::new();
    let run = folder.write("empty.pem", "nothing").profile(&["fingerprint", "empty.pem"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("profile: empty.pem: "), "{}", run.err);
    let both = folder.profile(&["fingerprint", "--apple", "--windows", "empty.pem"]);
    assert_eq!(both.status, 2);
}
