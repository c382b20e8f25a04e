//! A SCEP server that decides by challenge.

use std::cell::RefCell;
use std::time::Duration;

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::{Provider, Secret, Time};
use devicecert::scep::{
    Authority, Content, Decision, FailInfo, Message, Refusal, Request as ScepRequest,
};
use http::{Request, Response};

use super::ca::Ca;
use super::{Connection, Server};
use crate::{keys, watch, wire};

pub(crate) struct ScepServer {
    pub(crate) ca: Ca,
    authority: Authority,
    /// What stands before the question mark.
    host: &'static str,
    path: &'static str,
    challenges: RefCell<Vec<Challenge>>,
    /// How long a challenge is good for, and whether for one certificate only.
    lifetime: Option<Duration>,
    /// What was asked, in its order.
    pub(crate) operations: RefCell<Vec<String>>,
}

struct Challenge {
    secret: Secret,
    made_at: Time,
}

impl ScepServer {
    /// One that always wants to hear the same.
    pub(crate) fn standing(
        host: &'static str,
        path: &'static str,
        challenge: &str,
        now: Time,
    ) -> Self {
        let server = Self::one_time(host, path, Duration::MAX, now);
        server.challenges.borrow_mut().push(Challenge { secret: challenge.into(), made_at: now });
        Self { lifetime: None, ..server }
    }

    /// One that makes a challenge for each certificate.
    pub(crate) fn one_time(
        host: &'static str,
        path: &'static str,
        lifetime: Duration,
        now: Time,
    ) -> Self {
        let ca = Ca::new(&format!("CN=CA of {host}"), &keys::CA, now);
        Self {
            authority: Authority::new(ca.certificate.clone()).unwrap(),
            ca,
            host,
            path,
            challenges: RefCell::default(),
            lifetime: Some(lifetime),
            operations: RefCell::default(),
        }
    }

    pub(crate) fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}{}", self.host, self.path)
    }

    /// Makes a challenge: 16 digits of hexadecimal, as NDES does.
    pub(crate) fn challenge(&self, now: Time) -> String {
        let mut octets = [0; 8];
        RustCrypto.random(&mut octets).unwrap();
        let text: String = octets.iter().map(|octet| format!("{octet:02X}")).collect();
        watch::secret(&text);
        let secret = Secret::from(text.as_str());
        self.challenges.borrow_mut().push(Challenge { secret, made_at: now });
        text
    }

    /// How many challenges nobody has used.
    pub(crate) fn unused(&self) -> usize {
        self.challenges.borrow().len()
    }

    /// How many of them are good.
    pub(crate) fn outstanding(&self, now: Time) -> usize {
        self.challenges.borrow().iter().filter(|challenge| self.is_good(challenge, now)).count()
    }

    /// How often a certificate was asked for.
    pub(crate) fn asked(&self) -> usize {
        let operations = self.operations.borrow();
        operations.iter().filter(|operation| *operation == "PKIOperation").count()
    }

    fn is_good(&self, challenge: &Challenge, now: Time) -> bool {
        self.lifetime.is_none_or(|lifetime| now <= challenge.made_at.after(lifetime))
    }

    /// The answer to a PKIOperation.
    fn pki_operation(&self, body: &[u8], now: Time) -> Response<Vec<u8>> {
        let message = Message::parse(body, &self.authority.limits).unwrap();
        let request = message.verify(&self.authority, &RustCrypto).unwrap();
        let request = request.unlock(self.ca.key).unwrap();
        watch::debug(&request);
        let decision = self.decide(&request, now);
        watch::debug(&decision);
        let reply = request.reply(decision, &self.authority, &RustCrypto).unwrap();
        reply.sign(self.ca.key).unwrap().into_http()
    }

    fn decide(&self, request: &ScepRequest, now: Time) -> Decision {
        let Content::Enrol(enrol) = request.content() else {
            return Decision::Refuse(Refusal::new(FailInfo::BadRequest));
        };
        let mut challenges = self.challenges.borrow_mut();
        let found = challenges.iter().enumerate().find_map(|(at, challenge)| {
            let authorisation = enrol.challenge_matches([&challenge.secret])?;
            self.is_good(challenge, now).then_some((at, authorisation))
        });
        let Some((at, authorisation)) = found else {
            return Decision::Refuse(Refusal::new(FailInfo::BadRequest));
        };
        if self.lifetime.is_some() {
            challenges.remove(at);
        }
        request.grant(authorisation, self.ca.issue(enrol.csr(), now)).unwrap()
    }
}

impl Server for ScepServer {
    fn answer(&self, request: &Request<Vec<u8>>, _: Connection, now: Time) -> Response<Vec<u8>> {
        let Self { host, path, .. } = self;
        let operation = request.uri().query().unwrap().strip_prefix("operation=").unwrap();
        self.operations.borrow_mut().push(operation.to_owned());
        let get = format!("GET {path}?operation={operation} HTTP/1.1\r\nhost: {host}\r\n\r\n");
        match operation {
            "GetCACaps" => {
                assert_eq!(wire::text(request), get);
                self.authority.ca_caps()
            }
            "GetCACert" => {
                assert_eq!(wire::text(request), get);
                self.authority.ca_cert()
            }
            "PKIOperation" => {
                // IIS takes no chunks, so that the length must be there.
                let post = format!(
                    "POST {path}?operation=PKIOperation HTTP/1.1\r\nhost: {host}\r\n\
                     content-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n",
                    request.body().len()
                );
                assert_eq!(wire::head(request), post);
                self.pki_operation(request.body(), now)
            }
            other => panic!("{other}"),
        }
    }
}
