//! A device's key and chain, as files of every kind, and what is compared afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::pkcs12::{Pkcs12, Pkcs12Params, Profile};
use devicecert::pki::{
    Certificate, CertificateParams, KeyKind, Limits, Secret, Signer, Time, Validity, to_pem,
};
use devicecert_interop::{Lab, Outcome};

pub(crate) const PASSWORD: &str = "secret";
pub(crate) const NAME: &str = "laptop-7";

/// What is written, in both profiles with both kinds of key: name, algorithms, key.
pub(crate) const KINDS: [(&str, Profile, KeyKind); 4] = [
    ("3des_rsa", Profile::Compat3Des, KeyKind::Rsa { bits: 2048 }),
    ("3des_p256", Profile::Compat3Des, KeyKind::P256),
    ("aes256_rsa", Profile::Aes256, KeyKind::Rsa { bits: 2048 }),
    ("aes256_p256", Profile::Aes256, KeyKind::P256),
];

/// A device's certificate, the one that issued it, and a root.
pub(crate) struct Identity {
    pub(crate) key: PrivateKey,
    pub(crate) chain: Vec<Certificate>,
}

impl Identity {
    pub(crate) fn new(kind: KeyKind) -> Outcome<Self> {
        let (root_key, issuer_key) =
            (PrivateKey::generate(KeyKind::P256)?, PrivateKey::generate(KeyKind::P256)?);
        let key = PrivateKey::generate(kind)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let validity =
            Validity::lasting(Time::from_unix(i64::try_from(now)? - 60), Duration::from_secs(3600));
        let public = |key: &PrivateKey| key.public_key().clone();
        let provider = &RustCrypto;
        let name = "CN=root".parse()?;
        let root = CertificateParams::ca(name, public(&root_key), validity, provider)?
            .unsigned(root_key.public_key())?
            .sign(&root_key)?;
        let name = "CN=issuer".parse()?;
        let mut issuer = CertificateParams::ca(name, public(&issuer_key), validity, provider)?;
        issuer.issuer = root.subject().clone();
        let issuer = issuer.unsigned(root_key.public_key())?.sign(&root_key)?;
        let name = "CN=device".parse()?;
        let leaf = CertificateParams::end_entity(&issuer, name, public(&key), validity, provider)?
            .unsigned(issuer_key.public_key())?
            .sign(&issuer_key)?;
        Ok(Self { key, chain: vec![leaf, issuer, root] })
    }

    /// Our file.
    pub(crate) fn write(&self, lab: &Lab, profile: Profile, password: &str) -> Outcome<PathBuf> {
        let params = Pkcs12Params::new(self.key.to_pkcs8_der()?, self.chain.clone())
            .friendly_name(NAME)
            .profile(profile);
        lab.write("ours.p12", params.to_der(&Secret::from(password), &RustCrypto)?)
    }

    /// The private key in PEM.
    pub(crate) fn key_pem(&self, lab: &Lab) -> Outcome<PathBuf> {
        lab.write("device.key", self.key.to_pkcs8_pem()?.expose())
    }

    /// The chain in PEM, the device's certificate first.
    pub(crate) fn chain_pem(&self, lab: &Lab) -> Outcome<PathBuf> {
        let pem = |certificate: &Certificate| to_pem("CERTIFICATE", certificate.as_der());
        lab.write("chain.pem", self.chain.iter().map(pem).collect::<String>())
    }

    /// Whether a file of theirs says what we said.
    pub(crate) fn is_in(&self, file: &Path, password: &str) -> Outcome {
        let read = open(file, password)?;
        let key = read.key().ok_or("there is no private key")?;
        let key = PrivateKey::from_pkcs8_der(key.expose())?;
        if key.public_key() != self.key.public_key() {
            return Err("the private key is another one".into());
        }
        if read.leaf() != self.chain.first() {
            return Err(format!("the leaf is {:?}", read.leaf()).into());
        }
        let missing = self.chain.iter().find(|wanted| !read.certificates().contains(wanted));
        if let Some(missing) = missing {
            return Err(format!("{missing:?} is not there").into());
        }
        if read.friendly_name() != Some(NAME) {
            return Err(format!("the name is {:?}", read.friendly_name()).into());
        }
        Ok(())
    }

    /// Whether what they took out of our file in PEM is what we put in.
    pub(crate) fn is_in_pem(&self, text: &str) -> Outcome {
        let key = PrivateKey::from_pem(text)?;
        if key.public_key() != self.key.public_key() {
            return Err("the private key is another one".into());
        }
        let found = devicecert::pki::from_pem("CERTIFICATE", text)?;
        let missing =
            self.chain.iter().find(|wanted| !found.iter().any(|der| der == wanted.as_der()));
        match missing {
            Some(missing) => Err(format!("{missing:?} is not there").into()),
            None => Ok(()),
        }
    }
}

pub(crate) fn open(file: &Path, password: &str) -> Outcome<Pkcs12> {
    let octets = fs::read(file)?;
    Ok(Pkcs12::open(&octets, &Secret::from(password), &RustCrypto, &Limits::default())?)
}
