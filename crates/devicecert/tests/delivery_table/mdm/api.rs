//! `request_certificate` of Fleet's API, for devices that have no profiles.

use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::EstCa;
use devicecert::est::Step as EstStep;
use devicecert::fleet::request_certificate::{
    Authority, AuthorityId, Caller, Issue, Issued, Issuer, Reply, Role, Service, Step,
};
use devicecert::fleet::{Limits, PeerText};
use http::{Request, Response, header};

use crate::profiles::CA;
use crate::watch;
use crate::world::{NoAnswer, World};

/// The number of the one CA.
pub(crate) const CA_ID: u64 = 7;

/// The token of a user who may have certificates.
pub(crate) const TOKEN: &str = "t0ken-0f-a-maintainer";

impl World {
    /// What is answered to a call.
    pub(super) fn answer_call(
        &self,
        ca: AuthorityId,
        request: &Request<Vec<u8>>,
    ) -> Response<Vec<u8>> {
        let authorization = request.headers().get(header::AUTHORIZATION);
        let is_known = authorization.is_some_and(|value| *value == format!("Bearer {TOKEN}"));
        let caller = if is_known { Caller::User(Role::GlobalMaintainer) } else { Caller::Nobody };
        let service = Service::new(self.rules);
        let mut handling = match service.handle(&caller, ca, request.body()) {
            Ok(handling) => handling,
            Err(refusal) => {
                watch::error(&refusal);
                return refusal.to_http();
            }
        };
        loop {
            watch::debug(&handling);
            handling = match handling.step() {
                Step::LookUp(asked) => {
                    let authority = self.est_ca.borrow().clone();
                    watch::debug(&authority);
                    let is_there = asked.id() == AuthorityId::from(CA_ID);
                    asked.found(authority.filter(|_| is_there))
                }
                Step::Issue(asked) => {
                    watch::debug(&asked);
                    let issued = self.issue(asked.issue());
                    watch::debug(&issued);
                    asked.issued(issued)
                }
                Step::Introspect(_) => panic!("nobody names an identity provider"),
                Step::Done(Reply::Issued(certificate)) => return certificate.to_http(),
                Step::Done(Reply::Refused(refusal)) => {
                    watch::error(&refusal);
                    return refusal.to_http();
                }
            };
        }
    }

    /// Asks the CA.
    fn issue(&self, issue: &Issue) -> Issued {
        let Issuer::Est { url, username, password } = issue.issuer() else { panic!("no EST") };
        let name = CA.parse().unwrap();
        let ca = match *self.est_ca.borrow() {
            Some(Authority::Hydrant { .. }) => {
                EstCa::hydrant(name, url, username, password.clone())
            }
            _ => EstCa::custom(name, url, username, password.clone()),
        };
        let ca = ca.unwrap();
        watch::debug(&ca);
        let failed = |why: String| {
            Issued::EstFailed(PeerText::new(&why, &[password], Limits::default().text_characters))
        };
        let mut enrolment = ca.enrolment(issue.csr().clone(), &RustCrypto);
        let mut body = Vec::new();
        loop {
            watch::debug(&enrolment);
            let step = enrolment.step(self.now()).unwrap();
            watch::debug(&step);
            match step {
                EstStep::Send(request) => match self.send(&request, self.connect()) {
                    Ok(response) => {
                        if let Err(error) = enrolment.received(&response, self.now()) {
                            watch::error(&error);
                            return failed(error.to_string());
                        }
                        body = response.into_body();
                    }
                    Err(failure) => return failed(NoAnswer(failure).to_string()),
                },
                EstStep::Done(_) => return Issued::Est(body),
                other => panic!("{other:?}"),
            }
        }
    }
}
