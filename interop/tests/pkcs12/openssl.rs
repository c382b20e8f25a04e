//! OpenSSL. Its version 3 writes AES-256 by default, version 1 wrote RC2 and Triple DES.

use std::path::Path;

use devicecert::pki::KeyKind;
use devicecert::pki::pkcs12::Profile;
use devicecert_interop::peer::OPENSSL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::identity::{Identity, KINDS, PASSWORD, open};

const UNICODE: &str = "Schlüssel € 😀";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, profile, kind) in KINDS {
        for (which, password) in [("", PASSWORD), ("_empty", ""), ("_unicode", UNICODE)] {
            let name = format!("reads_{name}{which}");
            let what = format!("reads our {profile:?}, {kind}, password {password:?}");
            cases.push(case(&OPENSSL, name, what, move |lab| reads(lab, profile, kind, password)));
        }
    }
    let written: [(&str, &[&str]); 7] = [
        ("default", &[]),
        ("3des", &["-macalg", "sha1", "-keypbe", TRIPLE_DES, "-certpbe", TRIPLE_DES]),
        ("aes128", &["-macalg", "sha512", "-keypbe", "AES-128-CBC", "-certpbe", "AES-192-CBC"]),
        ("pbes2_3des", &["-keypbe", "DES-EDE3-CBC", "-certpbe", "DES-EDE3-CBC"]),
        ("plain_certificates", &["-certpbe", "NONE"]),
        ("no_mac", &["-nomac"]),
        ("many_iterations", &["-iter", "600000"]),
    ];
    for (name, options) in written {
        for (which, password) in [("", PASSWORD), ("_empty", ""), ("_unicode", UNICODE)] {
            let what = format!("writes {name}, password {password:?}, read by us");
            let name = format!("writes_{name}{which}");
            cases.push(case(&OPENSSL, name, what, move |lab| writes(lab, options, password)));
        }
    }
    cases.push(case(&OPENSSL, "writes_rc2", "writes RC2, which we refuse by name", refused));
    cases
}

const TRIPLE_DES: &str = "PBE-SHA1-3DES";

fn reads(lab: &Lab, profile: Profile, kind: KeyKind, password: &str) -> Outcome {
    let identity = Identity::new(kind)?;
    let file = identity.write(lab, profile, password)?;
    let dump = |password: &str| {
        let word = format!("pass:{password}");
        // It takes a password for UTF-8 only where the locale does.
        Tool::new("openssl")
            .args(["pkcs12", "-nodes", "-in"])
            .arg(&file)
            .option("-passin", word)
            .env("LC_ALL", "C.UTF-8")
            .run(lab)
    };
    let done = dump(password)?.ok()?.says("friendlyName: laptop-7")?;
    identity.is_in_pem(&done.text())?;
    dump("wrong")?.exits(1)?.says("invalid password")?;
    Ok(())
}

fn export(lab: &Lab, identity: &Identity, options: &[&str], password: &str) -> Outcome {
    let (key, chain) = (identity.key_pem(lab)?, identity.chain_pem(lab)?);
    Tool::new("openssl")
        .args(["pkcs12", "-export", "-name", "laptop-7"])
        .option("-inkey", key)
        .option("-in", chain)
        .option("-out", lab.path("theirs.p12"))
        .option("-passout", format!("pass:{password}"))
        .args(options)
        .env("LC_ALL", "C.UTF-8")
        .run(lab)?
        .ok()?;
    Ok(())
}

fn writes(lab: &Lab, options: &[&str], password: &str) -> Outcome {
    let identity = Identity::new(KeyKind::P256)?;
    export(lab, &identity, options, password)?;
    let file = lab.path("theirs.p12");
    identity.is_in(&file, password)?;
    wrong_password(&file)
}

fn wrong_password(file: &Path) -> Outcome {
    match open(file, "wrong") {
        Err(error) if error.to_string().contains("the password is wrong") => Ok(()),
        other => Err(format!("with a wrong password: {other:?}").into()),
    }
}

fn refused(lab: &Lab) -> Outcome {
    let identity = Identity::new(KeyKind::P256)?;
    export(lab, &identity, &["-legacy"], PASSWORD)?;
    match open(&lab.path("theirs.p12"), PASSWORD) {
        Err(error) if error.to_string().contains("1.2.840.113549.1.12.1.6") => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}
