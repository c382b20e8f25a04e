//! GnuTLS: `certtool`. It encrypts each certificate on its own, with 600 000 iterations each.

use devicecert::pki::KeyKind;
use devicecert::pki::pkcs12::Profile;
use devicecert_interop::peer::GNUTLS;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::identity::{Identity, KINDS, NAME, PASSWORD};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, profile, kind) in KINDS {
        let what = format!("reads our {profile:?}, {kind}");
        cases.push(case(&GNUTLS, format!("reads_{name}"), what, move |lab| {
            reads(lab, profile, kind, &["--password", PASSWORD])
        }));
    }
    let what = "reads our Aes256, empty password";
    cases.push(case(&GNUTLS, "reads_empty", what, |lab| {
        reads(lab, Profile::Aes256, KeyKind::P256, &["--empty-password"])
    }));
    let written: [(&str, &[&str], &str); 6] = [
        ("default", &["--password", PASSWORD], PASSWORD),
        ("3des", &["--password", PASSWORD, "--pkcs-cipher", "3des-pkcs12"], PASSWORD),
        ("aes192", &["--password", PASSWORD, "--pkcs-cipher", "aes-192"], PASSWORD),
        ("sha512", &["--password", PASSWORD, "--hash", "sha512"], PASSWORD),
        ("empty", &["--empty-password"], ""),
        ("null", &["--null-password"], ""),
    ];
    for (name, options, password) in written {
        let what = format!("writes {name}, read by us");
        cases.push(case(&GNUTLS, format!("writes_{name}"), what, move |lab| {
            writes(lab, options, password)
        }));
    }
    cases
}

fn reads(lab: &Lab, profile: Profile, kind: KeyKind, options: &[&str]) -> Outcome {
    let identity = Identity::new(kind)?;
    let password = options.get(1).copied().unwrap_or_default();
    let file = identity.write(lab, profile, password)?;
    let info = || Tool::new("certtool").args(["--p12-info", "--inder", "--infile"]).arg(&file);
    let found = info().args(options).run(lab)?.ok()?.says("Friendly name: laptop-7")?.text();
    // It decrypts the certificates and leaves the key to another command.
    let key = found.find("-----BEGIN ENCRYPTED PRIVATE KEY-----").ok_or("there is no key")?;
    let key = lab.write("encrypted.key", &found[key..])?;
    let key = Tool::new("certtool").args(["--key-info", "--infile"]).arg(key).args(options);
    identity.is_in_pem(&format!("{found}{}", key.run(lab)?.ok()?.text()))?;
    info().args(["--password", "wrong"]).run(lab)?.exits(1)?.says("Code verification failed")?;
    Ok(())
}

fn writes(lab: &Lab, options: &[&str], password: &str) -> Outcome {
    let identity = Identity::new(KeyKind::P256)?;
    let theirs = lab.path("theirs.p12");
    Tool::new("certtool")
        .args(["--to-p12", "--outder", "--p12-name", NAME])
        .option("--load-privkey", identity.key_pem(lab)?)
        .option("--load-certificate", identity.chain_pem(lab)?)
        .option("--outfile", &theirs)
        .args(options)
        .run(lab)?
        .ok()?;
    identity.is_in(&theirs, password)
}
