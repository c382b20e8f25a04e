//! What a device makes of a reply to its request.
//!
//! As in [`message_server`](crate::message_server) the first octet says how far in the rest is
//! placed: as the reply, as its content, as what is enveloped in its content, as the octets of its
//! failInfo, or as the reply to GetCACert.

use devicecert_pki::cms::{Seal, SignedData};
use devicecert_pki::{Attribute, Certificate, Limits, Tolerance};
use devicecert_scep::{AttributeName, Enrolment, Fingerprint, Step, Trust};
use http::Response;

use crate::transparent::RANDOM;
use crate::world::{self, NOW, World};

pub fn run(data: &[u8]) {
    run_in(world::transparent(), data);
}

/// The same with RSA, AES and SHA-256, some hundred times slower.
pub fn run_with_rsa(data: &[u8]) {
    run_in(world::real(), data);
}

fn run_in(world: &World, data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    let status = ["0", "2", "3", "9"][usize::from(how / 8) % 4];
    match how % 8 {
        0..3 => receive(world, rest),
        3 => receive(world, &certrep(world, status, vec![], rest)),
        4 | 5 => receive(world, &certrep(world, status, vec![], &enveloped(world, rest))),
        6 => {
            let fail_info = Attribute::new(AttributeName::FailInfo.oid(), rest.to_vec());
            receive(world, &certrep(world, "2", vec![fail_info], &[]));
        }
        _ => {
            let mut enrolment = start(world);
            enrolment.step(NOW).unwrap();
            enrolment.received(&Response::new(rest.to_vec())).unwrap();
            let _ = enrolment.step(NOW);
            let _ = enrolment.received(&Response::new(rest.to_vec()));
            let _ = enrolment.step(NOW);
        }
    }
}

fn start(world: &World) -> Enrolment {
    let fingerprint = Fingerprint::of(world.authority.ca(), world.provider).unwrap();
    let trust = Trust::Fingerprint(fingerprint);
    Enrolment::new("http://ca.test/scep", world.csr.clone(), trust, world.repeating).unwrap()
}

/// An enrolment that waits for the reply to its request, and the request. Both are the same in
/// everything that a reply has to fit, every time.
fn waiting(world: &World) -> (Enrolment, Vec<u8>) {
    let mut enrolment = start(world);
    loop {
        match enrolment.step(NOW).unwrap() {
            Step::Send(request) => match request.uri().query() {
                Some("operation=GetCACaps") => {
                    enrolment.received(&world.authority.ca_caps()).unwrap();
                }
                Some("operation=GetCACert") => {
                    enrolment.received(&world.authority.ca_cert()).unwrap();
                }
                _ => return (enrolment, request.into_body()),
            },
            // Nobody looks at the signatures.
            Step::Sign(_) => enrolment.signed(&[1; 256]).unwrap(),
            other => panic!("{other:?}"),
        }
    }
}

/// The certificate that the enrolment signed its request with.
fn signer(world: &World) -> Certificate {
    let (_, request) = waiting(world);
    let request = SignedData::parse(&request, &Limits::default()).unwrap();
    request.signer_certificate(&Limits::default(), &Tolerance::default()).unwrap()
}

pub fn enveloped(world: &World, content: &[u8]) -> Vec<u8> {
    Seal::default().envelope(content, &signer(world), world.provider).unwrap()
}

/// A CertRep that fits the request, signed by the CA.
pub fn certrep(world: &World, status: &str, more: Vec<Attribute>, content: &[u8]) -> Vec<u8> {
    let (enrolment, _) = waiting(world);
    let mut attributes = vec![
        world::printable(AttributeName::TransactionId, enrolment.transaction_id().as_str()),
        world::printable(AttributeName::MessageType, "3"),
        world::printable(AttributeName::PkiStatus, status),
        world::octets(AttributeName::RecipientNonce, &[RANDOM; 16]),
    ];
    attributes.extend(more);
    world.signed(world.authority.ca(), &*world.ca_key, attributes, content)
}

fn receive(world: &World, reply: &[u8]) {
    let (mut enrolment, _) = waiting(world);
    let received = enrolment.received(&Response::new(reply.to_vec()));
    let _ = format!("{enrolment:?} {received:?}");
    if let Err(error) = received {
        match enrolment.step(NOW) {
            // What the CA itself said is remembered.
            Err(remembered) => assert_eq!(remembered, error),
            // Of anything else nobody knows whom it is from.
            Ok(Step::Send(_)) => {}
            Ok(other) => panic!("{other:?}"),
        }
        return;
    }
    if let Some(saved) = enrolment.save() {
        let resumed = Enrolment::resume(&saved, world.repeating).unwrap();
        assert_eq!(resumed.save().unwrap(), saved);
    }
    let Ok(Step::Decrypt(ask)) = enrolment.step(NOW) else { return };
    if enrolment.decrypted(world.device_key.decrypt(&ask)).is_ok() {
        let Ok(Step::Done(chain)) = enrolment.step(NOW) else { panic!("not done") };
        let (leaf, ca) = (&chain[0], world.authority.ca());
        assert_eq!(leaf.public_key(), world.device_key.public_key());
        leaf.is_signed_by(ca.public_key(), world.provider, &Tolerance::default()).unwrap();
    }
}
