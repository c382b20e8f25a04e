//! A Mac: it reads configuration profiles.

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::mobileconfig::payload::{Pkcs12Payload, ScepPayload};
use devicecert::mobileconfig::plist::Scalar;
use devicecert::mobileconfig::{Limits, Profile};
use devicecert::pki::Certificate;
use devicecert::pki::pkcs12::Pkcs12;
use devicecert::scep::Trust;

use super::{Device, Keychain, Trouble, csr, enrol_by_scep};
use crate::mdm::{SERIAL, Sent, Upload};
use crate::world::World;
use crate::{keys, watch};

pub(crate) struct Mac {
    trusted: Certificate,
    keychain: Keychain,
}

impl Mac {
    /// One that trusts this CA: a profile of its own brought the certificate.
    pub(crate) fn new(trusted: &Certificate) -> Self {
        Self { trusted: trusted.clone(), keychain: Keychain::default() }
    }

    fn enrol(&self, world: &World, payload: &ScepPayload) -> Result<(), Trouble> {
        watch::debug(payload);
        // What Apple's devices put in themselves.
        let pairs: Vec<String> = payload
            .subject
            .rdns()
            .iter()
            .flatten()
            .map(|one| format!("{}={}", one.kind, one.value.replace("%SerialNumber%", SERIAL)))
            .collect();
        let key = keys::made(self.keychain.len());
        assert_eq!(payload.key_size.bits(), 2048);
        let csr = csr(&pairs.join(","), payload.challenge.as_ref(), key);
        let trust = Trust::Certificates(vec![self.trusted.clone()]);
        let certificate = enrol_by_scep(world, &payload.url, csr, key, trust)?;
        self.keychain.add(certificate, key);
        Ok(())
    }

    fn open(&self, payload: &Pkcs12Payload) {
        watch::debug(payload);
        let (Scalar::Value(file), Some(password)) = (&payload.content, &payload.password) else {
            panic!("no file with password")
        };
        watch::secret(password.expose());
        let limits = devicecert::pki::Limits::default();
        let file = Pkcs12::open(file, password, &RustCrypto, &limits).unwrap();
        watch::debug(&file);
        assert_eq!(file.certificates().len(), 1, "the certificate and nothing above it");
        let key = PrivateKey::from_pkcs8_der(file.key().unwrap().expose()).unwrap();
        self.keychain.add(file.leaf().unwrap().clone(), &key);
    }
}

impl Device for Mac {
    fn install(&self, world: &World, upload: &Upload, sent: &Sent) -> Result<(), Trouble> {
        let profile = Profile::read(sent.text().as_bytes(), &Limits::default()).unwrap();
        watch::debug(&profile);
        let payloads: Vec<_> = profile.payloads().collect();
        let [payload] = payloads.as_slice() else { panic!("one payload") };
        let payload = payload.value().as_dictionary().unwrap();
        let outcome = match payload.get("PayloadType").and_then(|kind| kind.as_str()) {
            Some("com.apple.security.scep") => {
                self.enrol(world, &ScepPayload::read(payload).unwrap())
            }
            Some("com.apple.security.pkcs12") => {
                self.open(&Pkcs12Payload::read(payload).unwrap());
                Ok(())
            }
            other => panic!("{other:?}"),
        };
        world.reported(upload, outcome.clone());
        world.seen(upload, &self.keychain.certificates());
        outcome
    }

    fn keychain(&self) -> &Keychain {
        &self.keychain
    }
}
