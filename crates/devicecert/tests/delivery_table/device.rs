//! The devices. Each knows nothing but what it was sent, its serial number, and which CAs it trusts.

use std::cell::RefCell;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{Certificate, Csr, CsrParams, Decryptor, Secret, Signer};
use devicecert::scep::{Enrolment, Error, FailInfo, Step, Trust};

use crate::mdm::{Sent, Upload};
use crate::watch;
use crate::world::World;

pub(crate) mod android;
pub(crate) mod apple;
pub(crate) mod linux;
pub(crate) mod windows;

/// Why a device has no certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The server said so: status and body.
    Http(u16, String),
    /// The CA refused.
    Refused(FailInfo),
}

/// The certificates that a device has, each for a key of its own.
#[derive(Default)]
pub(crate) struct Keychain(RefCell<Vec<Certificate>>);

impl Keychain {
    fn add(&self, certificate: Certificate, key: &PrivateKey) {
        assert_eq!(certificate.public_key(), key.public_key());
        self.0.borrow_mut().push(certificate);
    }

    pub(crate) fn certificates(&self) -> Vec<Certificate> {
        self.0.borrow().clone()
    }

    fn len(&self) -> usize {
        self.0.borrow().len()
    }
}

pub(crate) trait Device {
    /// Does what it was sent, tells the MDM server about it, and says itself what went wrong.
    fn install(&self, world: &World, upload: &Upload, sent: &Sent) -> Result<(), Trouble>;

    fn keychain(&self) -> &Keychain;
}

/// A request with a challenge, or without.
fn csr(subject: &str, challenge: Option<&Secret>, key: &PrivateKey) -> Csr {
    let mut params = CsrParams::new(subject.parse().unwrap());
    params.challenge_password = challenge.cloned();
    watch::debug(&params);
    let csr = params.unsigned(key.public_key()).unwrap().sign(key).unwrap();
    watch::debug(&csr);
    csr
}

/// Enrols at a URL, which is one of the MDM server.
pub(crate) fn enrol_by_scep(
    world: &World,
    url: &str,
    csr: Csr,
    key: &PrivateKey,
    trust: Trust,
) -> Result<Certificate, Trouble> {
    let mut enrolment = Enrolment::new(url, csr, trust, &RustCrypto).unwrap();
    for _ in 0..10 {
        watch::debug(&enrolment);
        let step = enrolment.step(world.now()).unwrap();
        watch::debug(&step);
        match step {
            Step::Send(request) => {
                let response = world.answer(&request);
                let received = enrolment.received(&response);
                if let Err(error) = &received {
                    watch::error(error);
                }
                match received {
                    Ok(()) => {}
                    Err(Error::Refused(refusal)) => {
                        return Err(Trouble::Refused(refusal.fail_info));
                    }
                    Err(error) if response.status().is_success() => panic!("{error}"),
                    Err(_) => {
                        let text = String::from_utf8(response.body().clone()).unwrap();
                        return Err(Trouble::Http(response.status().as_u16(), text));
                    }
                }
            }
            Step::Sign(ask) => enrolment.signed(&key.sign(&ask).unwrap()).unwrap(),
            Step::Decrypt(ask) => enrolment.decrypted(key.decrypt(&ask)).unwrap(),
            Step::Wait(pause) => world.pass(pause),
            Step::Done(chain) => return Ok(chain[0].clone()),
        }
    }
    panic!("no end in sight")
}
