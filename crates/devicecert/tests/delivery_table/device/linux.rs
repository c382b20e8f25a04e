//! A workstation with Linux: it makes key and request itself, and has the MDM server ask the CA.

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::delivery::EstCa;
use devicecert::est::{Error, RefusalKind, Step};
use devicecert::pki::{Certificate, Signer};

use super::csr;
use crate::keys;
use crate::mdm::SERIAL;
use crate::watch;
use crate::world::{NoAnswer, World};

/// Why there is no certificate.
#[derive(Debug)]
pub(crate) enum Trouble {
    NoAnswer(NoAnswer),
    Refused(RefusalKind, Error),
}

/// A certificate for a new key.
pub(crate) fn enrol(world: &World, ca: &EstCa) -> Result<(Certificate, PrivateKey), Trouble> {
    let key = keys::p256();
    let request = csr(&format!("CN={SERIAL},O=Example"), None, &key);
    watch::debug(ca);
    let mut enrolment = ca.enrolment(request, &RustCrypto);
    for _ in 0..5 {
        watch::debug(&enrolment);
        let step = enrolment.step(world.now()).unwrap();
        watch::debug(&step);
        match step {
            Step::Send(request) => {
                let sent = world.send(&request, world.connect());
                let response = sent.map_err(|failure| Trouble::NoAnswer(NoAnswer(failure)))?;
                if let Err(error) = enrolment.received(&response, world.now()) {
                    watch::error(&error);
                    return match &error {
                        Error::Refused(refusal) => Err(Trouble::Refused(refusal.kind(), error)),
                        other => panic!("{other}"),
                    };
                }
            }
            Step::Wait(pause) => world.pass(pause),
            Step::Done(issued) => {
                assert_eq!(issued.certificate.public_key(), key.public_key());
                return Ok((issued.certificate, key));
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("no end in sight")
}
