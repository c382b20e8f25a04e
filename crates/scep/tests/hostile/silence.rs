//! Nothing that is printed shows the challengePassword.

use core::fmt::Debug;

use devicecert_pki::{CsrParams, Decryptor, Secret, Signer};
use devicecert_scep::{Content, Enrolment, Message, Step, Trust};
use http::Response;

use crate::backends::{AWS_LC, DEVICE};
use crate::server::{CHALLENGE, NOW, Server};

/// Checks every way in which the challenge could show: as text, as hexadecimal digits, and as the
/// list of numbers that `Debug` makes of octets, which may be broken into lines.
fn assert_silent(printed: &str) {
    let hex: String = CHALLENGE.bytes().map(|octet| format!("{octet:02x}")).collect();
    let numbers: Vec<String> = CHALLENGE.bytes().map(|octet| octet.to_string()).collect();
    let numbers = numbers.join(",");
    let dense: String = printed.split_whitespace().collect();
    for secret in [CHALLENGE, &hex, &numbers] {
        assert!(!dense.to_lowercase().contains(&secret.to_lowercase()), "{printed}");
    }
}

fn assert_debug_silent(value: &impl Debug) {
    assert_silent(&format!("{value:?}"));
    assert_silent(&format!("{value:#?}"));
}

#[test]
fn requests_in_the_making_do_not_show_the_challenge() {
    let params = CsrParams::new("CN=device-1".parse().unwrap()).challenge(CHALLENGE);
    assert_debug_silent(&params);
    let unsigned = params.unsigned(DEVICE.public_key()).unwrap();
    assert_debug_silent(&unsigned);
    assert_debug_silent(unsigned.to_be_signed());
    assert_debug_silent(&unsigned.sign(&*DEVICE).unwrap());
    assert_debug_silent(&Secret::from(CHALLENGE));
}

#[test]
fn a_server_does_not_show_the_challenge() {
    let server = Server::new(&AWS_LC);
    let body = server.signed(server.envelope());
    let message = Message::parse(&body, &server.authority.limits).unwrap();
    assert_debug_silent(&message);
    let locked = message.verify(&server.authority, server.backend.provider).unwrap();
    assert_debug_silent(&locked);
    assert_debug_silent(&locked.to_be_decrypted());
    let request = locked.unlock(&*server.key).unwrap();
    assert_debug_silent(&request);
    assert_debug_silent(request.content());
    assert_debug_silent(request.transaction());
    let Content::Enrol(enrol) = request.content() else { panic!("not opened") };
    assert_debug_silent(enrol);
    assert_debug_silent(enrol.csr());
    assert_debug_silent(&enrol.csr().attributes());
    assert_debug_silent(&enrol.challenge_matches([&Secret::from(CHALLENGE)]).unwrap());
}

#[test]
fn a_request_that_cannot_be_read_does_not_show_the_challenge_in_its_error() {
    let server = Server::new(&AWS_LC);
    let csr = server.csr.as_der();
    let at = csr.windows(CHALLENGE.len()).position(|w| w == CHALLENGE.as_bytes()).unwrap();
    // Damage in and around the challenge: its type, its length, its octets, the structure above.
    for position in at.saturating_sub(20)..at + CHALLENGE.len() {
        for bit in 0..8 {
            let mut damaged = csr.to_vec();
            damaged[position] ^= 1 << bit;
            let envelope = crate::envelope::Parts::new(&server, &damaged).to_der();
            let body = server.signed(envelope);
            let message = Message::parse(&body, &server.authority.limits).unwrap();
            let locked = message.verify(&server.authority, server.backend.provider).unwrap();
            let request = locked.unlock(&*server.key).unwrap();
            let Content::Unreadable(error) = request.content() else { panic!("{request:?}") };
            assert_debug_silent(&request);
            assert_silent(&error.to_string());
        }
    }
}

#[test]
fn an_enrolment_does_not_show_the_challenge_in_any_of_its_steps() {
    let server = Server::new(&AWS_LC);
    let provider = server.backend.provider;
    let trust = Trust::Certificates(vec![server.authority.ca().clone()]);
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", server.csr.clone(), trust, provider).unwrap();
    loop {
        assert_debug_silent(&enrolment);
        let step = enrolment.step(NOW).unwrap();
        assert_debug_silent(&step);
        match step {
            Step::Send(request) => {
                let response = match request.uri().query().unwrap() {
                    "operation=GetCACaps" => server.authority.ca_caps(),
                    "operation=GetCACert" => server.authority.ca_cert(),
                    _ => server
                        .reply(request.body())
                        .unwrap()
                        .sign(&*server.key)
                        .unwrap()
                        .into_http(),
                };
                enrolment.received(&response).unwrap();
            }
            Step::Sign(ask) => enrolment.signed(&DEVICE.sign(&ask).unwrap()).unwrap(),
            Step::Decrypt(ask) => enrolment.decrypted(DEVICE.decrypt(&ask)).unwrap(),
            Step::Done(_) => break,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_enrolment_that_fails_or_is_saved_does_not_show_the_challenge() {
    let server = Server::new(&AWS_LC);
    let waiting = || {
        let trust = Trust::OnFirstUse;
        let mut enrolment = Enrolment::new(
            "http://ca.test/scep",
            server.csr.clone(),
            trust,
            server.backend.provider,
        )
        .unwrap();
        loop {
            match enrolment.step(NOW).unwrap() {
                Step::Send(request) => match request.uri().query().unwrap() {
                    "operation=GetCACaps" => {
                        enrolment.received(&server.authority.ca_caps()).unwrap();
                    }
                    "operation=GetCACert" => {
                        enrolment.received(&server.authority.ca_cert()).unwrap();
                    }
                    _ => return (enrolment, request.into_body()),
                },
                Step::Sign(ask) => enrolment.signed(&DEVICE.sign(&ask).unwrap()).unwrap(),
                other => panic!("{other:?}"),
            }
        }
    };
    let (mut enrolment, _) = waiting();
    // Somebody sends the request itself back.
    let error = enrolment.received(&Response::new(server.csr.as_der().to_vec())).unwrap_err();
    assert_debug_silent(&error);
    assert_silent(&error.to_string());
    assert_debug_silent(&enrolment);

    let (mut enrolment, body) = waiting();
    let message = Message::parse(&body, &server.authority.limits).unwrap();
    let locked = message.verify(&server.authority, server.backend.provider).unwrap();
    let request = locked.unlock(&*server.key).unwrap();
    let pending = request
        .reply(devicecert_scep::Decision::Defer, &server.authority, server.backend.provider)
        .unwrap()
        .sign(&*server.key)
        .unwrap();
    enrolment.received(&pending.into_http()).unwrap();
    let saved = enrolment.save().unwrap();
    assert_debug_silent(&saved);
    let octets = CHALLENGE.as_bytes();
    assert!(!saved.as_bytes().windows(octets.len()).any(|window| window == octets));
}
