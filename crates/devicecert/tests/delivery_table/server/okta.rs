//! Okta in the place of NDES: Basic from the first request on, a page in UTF-8.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use devicecert::pki::Time;
use http::{Request, Response};

use super::ndes::basic;
use super::scep::ScepServer;
use super::{Connection, Server, is_right, response};
use crate::{watch, wire};

pub(crate) const HOST: &str = "example.okta.test";
pub(crate) const CHALLENGE_PATH: &str = "/api/v1/scep/challenge";
pub(crate) const USER: &str = "fleet";

pub(crate) struct Okta {
    pub(crate) scep: Rc<ScepServer>,
    /// Every challenge that a page had on it.
    pub(crate) shown: RefCell<Vec<String>>,
}

impl Okta {
    const LIFETIME: Duration = Duration::from_secs(60 * 60);

    pub(crate) fn new(now: Time) -> Self {
        let path = "/cert/scep/profile";
        let scep = Rc::new(ScepServer::one_time(HOST, path, Self::LIFETIME, now));
        Self { scep, shown: RefCell::default() }
    }

    fn challenge(&self, request: &Request<Vec<u8>>, now: Time) -> Response<Vec<u8>> {
        let is_right = is_right(&wire::text(request), |password| {
            let authorization = basic(USER, password);
            watch::secret(&authorization);
            format!(
                "GET {CHALLENGE_PATH} HTTP/1.1\r\nhost: {HOST}\r\n\
                 authorization: {authorization}\r\n\r\n"
            )
        });
        if !is_right {
            return response(401, "text/plain", "Unauthorized");
        }
        let challenge = self.scep.challenge(now);
        self.shown.borrow_mut().push(challenge.clone());
        let page = format!(
            "<html><body><p>The enrollment challenge password is: <B> {challenge} </B></p>\
             <p>Größe: 16</p></body></html>"
        );
        response(200, "text/html; charset=utf-8", page)
    }
}

impl Server for Okta {
    fn answer(&self, request: &Request<Vec<u8>>, on: Connection, now: Time) -> Response<Vec<u8>> {
        match request.uri().path() {
            CHALLENGE_PATH => self.challenge(request, now),
            _ => self.scep.answer(request, on, now),
        }
    }
}
