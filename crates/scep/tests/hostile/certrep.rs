//! A CertRep damaged on its way to the device (RFC 8894 §3.3.2).

use devicecert_pki::{Certificate, Decryptor, Signer, WithRandom};
use devicecert_scep::{Enrolment, Fingerprint, Step, Trust};
use http::Response;

use crate::backends::{AWS_LC, Backend, DEVICE, RUST, repeating};
use crate::damage::{each_flipped_bit, each_truncation, lies_in, outline};
use crate::server::{NOW, Server};

/// The parts of a CertRep that may change unnoticed, because a client does not go by them: it looks
/// for the signer among the certificates of GetCACert, and the signature has to fit that one.
const UNSIGNED: [(&str, &[usize]); 2] = [
    ("certificates", &[0, 1, 0, 3]),
    ("the issuer in the SignerInfo, in another case or string type", &[0, 1, 0, 4, 0, 1, 0]),
];

static REPEATING_RUST: WithRandom = repeating(RUST.provider);
static REPEATING_AWS_LC: WithRandom = repeating(AWS_LC.provider);

struct Client<'a> {
    server: &'a Server,
    provider: &'static WithRandom,
}

impl Client<'_> {
    /// An enrolment that has sent its request, and the request. Each is the same as the one before
    /// in everything that an answer has to fit.
    fn waiting(
        &self,
        sign: &dyn Fn(&devicecert_pki::ToBeSigned) -> Vec<u8>,
    ) -> (Enrolment, Vec<u8>) {
        let Server { authority, csr, .. } = self.server;
        let fingerprint = Fingerprint::of(authority.ca(), self.provider).unwrap();
        let trust = Trust::Fingerprint(fingerprint);
        let mut enrolment =
            Enrolment::new("http://ca.test/scep", csr.clone(), trust, self.provider).unwrap();
        loop {
            match enrolment.step(NOW).unwrap() {
                Step::Send(request) => match request.uri().query().unwrap() {
                    "operation=GetCACaps" => enrolment.received(&authority.ca_caps()).unwrap(),
                    "operation=GetCACert" => enrolment.received(&authority.ca_cert()).unwrap(),
                    _ => return (enrolment, request.into_body()),
                },
                Step::Sign(ask) => enrolment.signed(&sign(&ask)).unwrap(),
                other => panic!("{other:?}"),
            }
        }
    }

    /// What a device makes of `reply`: the chain, or `None` for any error.
    fn receive(&self, reply: &[u8]) -> Option<Vec<Certificate>> {
        // The reply is to the honest request; this one is only there to be waiting.
        let (mut enrolment, _) = self.waiting(&|_| vec![0; 256]);
        enrolment.received(&Response::new(reply.to_vec())).ok()?;
        match enrolment.step(NOW).ok()? {
            Step::Decrypt(ask) => enrolment.decrypted(DEVICE.decrypt(&ask)).ok()?,
            // An empty POST reply makes a client try GET.
            Step::Send(_) => return None,
            other => panic!("{other:?}"),
        }
        match enrolment.step(NOW).ok()? {
            Step::Done(chain) => Some(chain),
            other => panic!("{other:?}"),
        }
    }

    fn reply(&self) -> Vec<u8> {
        let (_, request) = self.waiting(&|ask| DEVICE.sign(ask).unwrap());
        let reply = self.server.reply(&request).unwrap().sign(&*self.server.key).unwrap();
        reply.as_der().to_vec()
    }
}

fn every_flipped_bit(backend: &'static Backend, provider: &'static WithRandom) {
    let server = Server::new(backend);
    let client = Client { server: &server, provider };
    let reply = client.reply();
    let chain = client.receive(&reply).unwrap();
    assert_eq!(chain, [server.issued.clone(), server.authority.ca().clone()]);
    let outline = outline(&reply);
    each_flipped_bit(&reply, |octet, flipped| {
        let received = client.receive(flipped)?;
        let path = &outline[octet];
        let expected = received == chain && lies_in(path, &UNSIGNED);
        (!expected).then(|| format!("{path:?} was accepted"))
    });
}

#[test]
fn every_flipped_bit_is_an_error_unless_no_signature_covers_it_crypto_rust() {
    every_flipped_bit(&RUST, &REPEATING_RUST);
}

#[test]
fn every_flipped_bit_is_an_error_unless_no_signature_covers_it_crypto_aws_lc() {
    every_flipped_bit(&AWS_LC, &REPEATING_AWS_LC);
}

#[test]
fn every_truncation_is_an_error() {
    let server = Server::new(&AWS_LC);
    let client = Client { server: &server, provider: &REPEATING_AWS_LC };
    each_truncation(&client.reply(), |cut| {
        client.receive(cut).map(|_| format!("{} octets were accepted", cut.len()))
    });
}
