//! Smallstep: the webhook that it has for Jamf Pro, and its SCEP server.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use devicecert::pki::Time;
use http::{Request, Response};

use super::ndes::basic;
use super::scep::ScepServer;
use super::{Connection, Server, is_right, response};
use crate::{watch, wire};

pub(crate) const SCEP_HOST: &str = "example.scep.smallstep.test";
pub(crate) const HOST: &str = "example.ca.smallstep.test";
pub(crate) const WEBHOOK: &str = "/webhook/challenge/7";
pub(crate) const USER: &str = "fleet";

/// The SCEP server.
pub(crate) fn scep(now: Time) -> ScepServer {
    let lifetime = Duration::from_secs(5 * 60);
    ScepServer::one_time(SCEP_HOST, "/p/agents/integration-fleet", lifetime, now)
}

/// The webhook of a SCEP server.
pub(crate) struct Webhook {
    pub(crate) scep: Rc<ScepServer>,
    /// Every challenge that it has given.
    pub(crate) given: RefCell<Vec<String>>,
}

impl Server for Webhook {
    fn answer(&self, request: &Request<Vec<u8>>, _: Connection, now: Time) -> Response<Vec<u8>> {
        let text = wire::text(request);
        // Whose choice it is: a UUID of version 4 that means nothing.
        let identifier = wire::between(&text, "\"payloadIdentifier\":\"", "\"");
        let hyphens: Vec<usize> = identifier.match_indices('-').map(|(at, _)| at).collect();
        assert_eq!((identifier.len(), hyphens.as_slice()), (36, [8, 13, 18, 23].as_slice()));
        assert_eq!(&identifier[14..15], "4");
        let body = format!(
            "{{\"webhook\":{{\"webhookEvent\":\"SCEPChallenge\",\"id\":1,\"eventTimestamp\":{},\
             \"name\":\"SCEPChallenge\"}},\"event\":{{\"scepServerUrl\":\"{}\",\
             \"payloadIdentifier\":\"{identifier}\",\
             \"payloadTypes\":[\"com.apple.security.scep\"]}}}}\n",
            now.unix(),
            self.scep.url("https"),
        );
        let is_right = is_right(&text, |password| {
            let authorization = basic(USER, password);
            watch::secret(&authorization);
            format!(
                "POST {WEBHOOK} HTTP/1.1\r\nhost: {HOST}\r\nauthorization: {authorization}\r\n\
                 content-type: application/json\r\n\r\n{body}"
            )
        });
        if !is_right {
            return response(401, "text/plain", "no");
        }
        let challenge = self.scep.challenge(now);
        self.given.borrow_mut().push(challenge.clone());
        response(200, "text/plain", challenge)
    }
}
