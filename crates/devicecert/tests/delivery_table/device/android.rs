//! A phone with Fleet's agent, which asks the server for a subject, a URL and a challenge.

use devicecert::pki::Certificate;
use devicecert::scep::Trust;

use super::{Device, Keychain, Trouble, csr, enrol_by_scep};
use crate::keys;
use crate::mdm::{Sent, Upload};
use crate::world::World;

pub(crate) struct Phone {
    trusted: Certificate,
    keychain: Keychain,
}

impl Phone {
    /// One that trusts this CA.
    pub(crate) fn new(trusted: &Certificate) -> Self {
        Self { trusted: trusted.clone(), keychain: Keychain::default() }
    }
}

impl Device for Phone {
    fn install(&self, world: &World, upload: &Upload, sent: &Sent) -> Result<(), Trouble> {
        let Sent::Template { subject, url, challenge } = sent else { panic!("no template") };
        let key = keys::made(self.keychain.len());
        let csr = csr(subject.as_str(), Some(challenge), key);
        let url = std::str::from_utf8(url.expose()).unwrap();
        let trust = Trust::Certificates(vec![self.trusted.clone()]);
        let outcome = enrol_by_scep(world, url, csr, key, trust)
            .map(|certificate| self.keychain.add(certificate, key));
        world.reported(upload, outcome.clone());
        world.seen(upload, &self.keychain.certificates());
        outcome
    }

    fn keychain(&self) -> &Keychain {
        &self.keychain
    }
}
