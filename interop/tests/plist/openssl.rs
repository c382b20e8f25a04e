//! OpenSSL: verifies what we sign, decrypts what we encrypt, and the other way round.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::algorithm::{ContentCipher, KeyTransport};
use devicecert::pki::cms::Seal;
use devicecert::pki::{
    Certificate, CertificateParams, KeyKind, Signer, Time, Tolerance, Validity, to_pem,
};
use devicecert_interop::peer::OPENSSL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};
use devicecert_mobileconfig::{Limits, Profile};

use crate::sample::sample;

const RSA: KeyKind = KeyKind::Rsa { bits: 2048 };

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, kind) in [("rsa", RSA), ("p256", KeyKind::P256), ("p384", KeyKind::P384)] {
        let what = format!("verifies what we sign, {name}");
        cases
            .push(case(&OPENSSL, format!("verifies_{name}"), what, move |lab| verifies(lab, kind)));
        for form in ["DER", "PEM"] {
            let what = format!("signs, {name}, {form}; we verify");
            let name = format!("signs_{name}_{form}").to_lowercase();
            cases.push(case(&OPENSSL, name, what, move |lab| signs(lab, kind, form)));
        }
    }
    for cipher in [ContentCipher::Aes128Cbc, ContentCipher::Aes256Cbc, ContentCipher::DesEde3Cbc] {
        let name = format!("decrypts_{cipher:?}").to_lowercase();
        let what = format!("decrypts our payloads, {cipher:?}");
        cases.push(case(&OPENSSL, name, what, move |lab| decrypts(lab, cipher)));
    }
    for option in ["-aes-256-cbc", "-des3"] {
        let what = format!("encrypts payloads with {option}; we open them");
        let name = format!("encrypts{}", option.replace('-', "_"));
        cases.push(case(&OPENSSL, name, what, move |lab| encrypts(lab, option)));
    }
    cases
}

/// A CA and a certificate that it issued, as files.
struct Identity {
    key: PrivateKey,
    certificate: Certificate,
    root: Certificate,
    key_file: PathBuf,
    certificate_file: PathBuf,
    root_file: PathBuf,
}

impl Identity {
    fn new(lab: &Lab, kind: KeyKind) -> Outcome<Self> {
        let now = Time::from(SystemTime::now());
        let validity =
            Validity::lasting(now.before(Duration::from_secs(60)), Duration::from_secs(3600));
        let root_key = PrivateKey::generate(KeyKind::P256)?;
        let root_public = root_key.public_key();
        let root =
            CertificateParams::ca("CN=Root".parse()?, root_public.clone(), validity, &RustCrypto)?;
        let root = root.unsigned(root_public)?.sign(&root_key)?;
        let key = PrivateKey::generate(kind)?;
        let (name, public) = ("CN=MDM".parse()?, key.public_key().clone());
        let params = CertificateParams::end_entity(&root, name, public, validity, &RustCrypto)?;
        let certificate = params.unsigned(root_public)?.sign(&root_key)?;
        let pem = |certificate: &Certificate| to_pem("CERTIFICATE", certificate.as_der());
        Ok(Self {
            key_file: lab.write("key.pem", key.to_pkcs8_pem()?.expose())?,
            certificate_file: lab.write("certificate.pem", pem(&certificate))?,
            root_file: lab.write("root.pem", pem(&root))?,
            key,
            certificate,
            root,
        })
    }
}

fn cms() -> Tool {
    Tool::new("openssl").arg("cms")
}

fn verifies(lab: &Lab, kind: KeyKind) -> Outcome {
    let identity = Identity::new(lab, kind)?;
    let profile = sample();
    let unsigned = profile.unsigned(identity.certificate.clone(), &[], &RustCrypto)?;
    let file = lab.write("signed.mobileconfig", unsigned.sign(&identity.key)?)?;
    let out = lab.path("content.xml");
    cms()
        .args(["-verify", "-binary", "-inform", "DER", "-purpose", "any"])
        .option("-in", file)
        .option("-CAfile", &identity.root_file)
        .option("-out", &out)
        .run(lab)?
        .ok()?;
    assert_eq!(std::fs::read_to_string(out)?, profile.to_xml()?);
    Ok(())
}

fn signs(lab: &Lab, kind: KeyKind, form: &str) -> Outcome {
    let identity = Identity::new(lab, kind)?;
    let profile = sample();
    let content = lab.write("profile.xml", profile.to_xml()?)?;
    let out = lab.path("signed.mobileconfig");
    cms()
        .args(["-sign", "-binary", "-nodetach", "-outform", form])
        .option("-in", content)
        .option("-signer", &identity.certificate_file)
        .option("-inkey", &identity.key_file)
        .option("-out", &out)
        .run(lab)?
        .ok()?;
    let read = Profile::read(&std::fs::read(out)?, &Limits::default())?;
    assert_eq!(read.document(), profile.document());
    let signature = read.signature().ok_or("not signed")?;
    let (tolerance, now) = (Tolerance::default(), Time::from(SystemTime::now()));
    signature.verify(&identity.certificate, &RustCrypto, &tolerance)?;
    signature.verify_anchored(&[identity.root], now, &RustCrypto, &tolerance)?;
    Ok(())
}

fn decrypts(lab: &Lab, cipher: ContentCipher) -> Outcome {
    let identity = Identity::new(lab, RSA)?;
    let profile = sample();
    let seal = Seal::new(cipher, KeyTransport::RsaPkcs1);
    let encrypted = profile.encrypted_to(&identity.certificate, seal, &RustCrypto)?;
    let file = lab.write("content.der", encrypted.encrypted_content().ok_or("not encrypted")?)?;
    let out = lab.path("payloads.plist");
    cms()
        .args(["-decrypt", "-binary", "-inform", "DER"])
        .option("-in", file)
        .option("-recip", &identity.certificate_file)
        .option("-inkey", &identity.key_file)
        .option("-out", &out)
        .run(lab)?
        .ok()?;
    let payloads = Profile::read(&std::fs::read(out)?, &Limits::default())?;
    let content = profile.root().and_then(|root| root.get("PayloadContent"));
    assert_eq!(Some(payloads.document().root()), content);
    Ok(())
}

fn encrypts(lab: &Lab, option: &str) -> Outcome {
    let identity = Identity::new(lab, RSA)?;
    let profile = sample();
    let content =
        profile.root().and_then(|root| root.get("PayloadContent")).ok_or("no payloads")?;
    let content = devicecert_mobileconfig::plist::Document::new(content.clone()).to_xml()?;
    let content = lab.write("payloads.plist", content)?;
    let out = lab.path("content.der");
    cms()
        .args(["-encrypt", "-binary", "-outform", "DER", option])
        .option("-in", content)
        .option("-out", &out)
        .arg(&identity.certificate_file)
        .run(lab)?
        .ok()?;
    let seal = Seal::default();
    let mut encrypted = profile.encrypted_to(&identity.certificate, seal, &RustCrypto)?;
    encrypted.set("EncryptedPayloadContent", std::fs::read(out)?);
    let (tolerance, limits) = (Tolerance::default(), Limits::default());
    let locked = encrypted.locked(&identity.certificate, &RustCrypto, &tolerance, &limits)?;
    assert_eq!(locked.unlock(&identity.key)?, profile);
    Ok(())
}
