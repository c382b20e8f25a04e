//! One enrolment as a device has it, from the URL to the chain, against prepared answers. Making
//! the key and the request for it comes before.

use std::hint::black_box;

use devicecert::scep::Step;
use http::Response;

use crate::server::{NOW, Server};

pub(crate) struct Device<'a> {
    server: &'a Server,
    /// The CertRep that every repetition of the enrolment takes for the answer to its request.
    pub(crate) reply: Response<Vec<u8>>,
}

impl<'a> Device<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        Self { server, reply: server.answer(&server.body).into_http() }
    }

    pub(crate) fn enrolment(&self) {
        let (mut enrolment, _) = self.server.waiting();
        enrolment.received(&self.reply).unwrap();
        let Step::Decrypt(ask) = enrolment.step(NOW).unwrap() else { panic!("not Decrypt") };
        enrolment.decrypted(self.server.device_key.decrypt(&ask)).unwrap();
        let Step::Done(chain) = enrolment.step(NOW).unwrap() else { panic!("not Done") };
        black_box(chain);
    }
}
