//! NSS: `pk12util`, the importer of Firefox. It writes BER, with 600 000 iterations each.

use devicecert::pki::KeyKind;
use devicecert::pki::pkcs12::Profile;
use devicecert_interop::peer::NSS;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::identity::{Identity, KINDS, NAME, PASSWORD};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, profile, kind) in KINDS {
        let what = format!("reads our {profile:?}, {kind}");
        cases.push(case(&NSS, format!("reads_{name}"), what, move |lab| {
            let identity = Identity::new(kind)?;
            imports(lab, &identity, profile, PASSWORD)
        }));
    }
    let what = "reads our Compat3Des, password with an emoji";
    cases.push(case(&NSS, "reads_unicode", what, |lab| {
        imports(lab, &Identity::new(KeyKind::P256)?, Profile::Compat3Des, "Schlüssel € 😀")
    }));
    const TRIPLE_DES: &str = "PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC";
    let written: [(&str, &[&str]); 4] = [
        ("default", &[]),
        ("aes", &["-c", "aes-128-cbc", "-C", "aes-256-cbc"]),
        ("3des", &["-c", TRIPLE_DES, "-C", TRIPLE_DES]),
        ("plain_certificates", &["-C", "none"]),
    ];
    for (name, options) in written {
        let what = format!("writes {name}, read by us");
        cases.push(case(&NSS, format!("writes_{name}"), what, move |lab| writes(lab, options)));
    }
    cases
}

fn database(lab: &Lab) -> Outcome<String> {
    let path = format!("sql:{}", lab.folder("nss")?.display());
    Tool::new("certutil").args(["-N", "--empty-password", "-d", &path]).run(lab)?.ok()?;
    Ok(path)
}

fn pk12util(database: &str, password: &str) -> Tool {
    Tool::new("pk12util").args(["-d", database, "-W", password]).env("LC_ALL", "C.UTF-8")
}

fn imports(lab: &Lab, identity: &Identity, profile: Profile, password: &str) -> Outcome {
    let file = identity.write(lab, profile, password)?;
    let database = database(lab)?;
    let wrong = pk12util(&database, "wrong").option("-i", &file).run(lab)?;
    if wrong.code == Some(0) {
        return Err("a wrong password is right".into());
    }
    pk12util(&database, password).option("-i", &file).run(lab)?.ok()?;
    Tool::new("certutil").args(["-K", "-d", &database]).run(lab)?.ok()?.says(NAME)?;
    let raw = Tool::new("certutil").args(["-L", "-r", "-n", NAME, "-d", &database]);
    let leaf = raw.run(lab)?.ok()?.stdout;
    match identity.chain.first().is_some_and(|expected| expected.as_der() == leaf) {
        true => Ok(()),
        false => Err("the certificate is another one".into()),
    }
}

fn writes(lab: &Lab, options: &[&str]) -> Outcome {
    let identity = Identity::new(KeyKind::P256)?;
    let file = identity.write(lab, Profile::Compat3Des, PASSWORD)?;
    let (database, theirs) = (database(lab)?, lab.path("theirs.p12"));
    pk12util(&database, PASSWORD).option("-i", &file).run(lab)?.ok()?;
    let export = pk12util(&database, PASSWORD).option("-o", &theirs).option("-n", NAME);
    export.args(options).run(lab)?.ok()?;
    identity.is_in(&theirs, PASSWORD)
}
