//! Java's keytool. It writes AES-256 with 10 000 iterations since Java 17, and its passwords have
//! six characters or more.

use devicecert::crypto_rust::PrivateKey;
use devicecert::pki::pkcs12::Profile;
use devicecert::pki::{KeyKind, Signer};
use devicecert_interop::peer::KEYTOOL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::identity::{Identity, KINDS, PASSWORD, open};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, profile, kind) in KINDS {
        let what = format!("reads our {profile:?}, {kind}, and what it makes of it is read by us");
        cases.push(case(&KEYTOOL, format!("reads_{name}"), what, move |lab| {
            reads(lab, profile, kind)
        }));
    }
    let written: [(&str, &[&str]); 3] = [
        ("default", &[]),
        (
            "3des",
            &[
                "-J-Dkeystore.pkcs12.keyProtectionAlgorithm=PBEWithSHA1AndDESede",
                "-J-Dkeystore.pkcs12.certProtectionAlgorithm=PBEWithSHA1AndDESede",
                "-J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA1",
            ],
        ),
        (
            "sha512",
            &[
                "-J-Dkeystore.pkcs12.keyProtectionAlgorithm=PBEWithHmacSHA512AndAES_256",
                "-J-Dkeystore.pkcs12.certProtectionAlgorithm=PBEWithHmacSHA384AndAES_128",
                "-J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA512",
            ],
        ),
    ];
    for (name, options) in written {
        let what = format!("writes {name}, read by us");
        cases.push(case(&KEYTOOL, format!("writes_{name}"), what, move |lab| writes(lab, options)));
    }
    cases
}

fn reads(lab: &Lab, profile: Profile, kind: KeyKind) -> Outcome {
    let identity = Identity::new(kind)?;
    let file = identity.write(lab, profile, PASSWORD)?;
    let list = |password| {
        Tool::new("keytool")
            .args(["-list", "-v", "-storetype", "PKCS12", "-keystore"])
            .arg(&file)
            .option("-storepass", password)
            .run(lab)
    };
    list(PASSWORD)?
        .ok()?
        .says("Alias name: laptop-7")?
        .says("Entry type: PrivateKeyEntry")?
        .says("Certificate chain length: 3")?;
    list("wrong-password")?.exits(1)?.says("password was incorrect")?;

    let theirs = lab.path("theirs.p12");
    Tool::new("keytool")
        .args(["-importkeystore", "-noprompt"])
        .args(["-srcstoretype", "PKCS12", "-srcstorepass", PASSWORD, "-srckeystore"])
        .arg(&file)
        .args(["-deststoretype", "PKCS12", "-deststorepass", PASSWORD, "-destkeystore"])
        .arg(&theirs)
        .run(lab)?
        .ok()?;
    identity.is_in(&theirs, PASSWORD)
}

fn writes(lab: &Lab, options: &[&str]) -> Outcome {
    let theirs = lab.path("theirs.p12");
    Tool::new("keytool")
        .args(["-genkeypair", "-alias", "device", "-keyalg", "EC", "-groupname", "secp256r1"])
        .args(["-dname", "CN=device", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"])
        .arg(&theirs)
        .args(options)
        .run(lab)?
        .ok()?;
    let read = open(&theirs, PASSWORD)?;
    let key = PrivateKey::from_pkcs8_der(read.key().ok_or("there is no private key")?.expose())?;
    let leaf = read.leaf().ok_or("there is no leaf")?;
    if key.public_key() != leaf.public_key() || read.friendly_name() != Some("device") {
        return Err(format!("{read:?}").into());
    }
    Ok(())
}
