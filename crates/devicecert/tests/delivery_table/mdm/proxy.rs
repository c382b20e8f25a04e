//! The proxy between devices and SCEP servers.

use devicecert::fleet::proxy::Step;
use http::{Request, Response};

use super::now;
use crate::watch;
use crate::world::World;

impl World {
    /// What a device is answered that asks for a certificate.
    pub(super) fn answer_scep(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let call = match self.proxy.route(request) {
            Ok(call) => call,
            Err(refusal) => {
                watch::error(&refusal);
                return refusal.to_response();
            }
        };
        watch::debug(&call);
        watch::error(call.identifier());
        let mut relay = match now(self.proxy.check(call, &self.store, self.now())) {
            Ok(relay) => relay,
            Err(denied) => {
                watch::error(&denied);
                return denied.to_response();
            }
        };
        let answer = loop {
            watch::debug(&relay);
            let step = relay.step();
            watch::debug(&step);
            match step {
                Step::Send(request) => match self.send(&request, self.connect()) {
                    Ok(response) => relay.received(response),
                    Err(failure) => relay.failed(failure),
                },
                Step::Done(answer) => break answer,
            }
        };
        watch::debug(&answer);
        if let Some(report) = answer.report {
            now(report.file(&self.store)).unwrap();
        }
        answer.response
    }
}
