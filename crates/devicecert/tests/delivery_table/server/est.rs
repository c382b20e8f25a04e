//! An EST server with passwords, as Hydrant is one.

use std::cell::Cell;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::crypto_rust::RustCrypto;
use devicecert::est::{Client, Decision, Refusal, Request as EstRequest, Service};
use devicecert::pki::Time;
use http::{Request, Response, StatusCode};

use super::ca::Ca;
use super::ndes::basic;
use super::{Connection, Server, is_right};
use crate::{keys, watch, wire};

pub(crate) struct Est {
    pub(crate) ca: Ca,
    service: Service,
    host: &'static str,
    path: &'static str,
    user: &'static str,
    /// How often a certificate was asked for.
    pub(crate) asked: Cell<usize>,
}

impl Est {
    /// One whose operations are below this path.
    pub(crate) fn new(
        host: &'static str,
        path: &'static str,
        user: &'static str,
        now: Time,
    ) -> Self {
        let ca = Ca::new(&format!("CN=CA of {host}"), &keys::EC_CA, now);
        let service = Service::at(path);
        Self { ca, service, host, path, user, asked: Cell::new(0) }
    }

    fn is_authorised(&self, request: &Request<Vec<u8>>) -> bool {
        let Self { host, path, user, .. } = self;
        // Whose choice the octets are; how they are written is not.
        let text = wire::text(request);
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        let der = STANDARD.decode(body.replace('\n', "")).unwrap();
        let lines = STANDARD.encode(der);
        let lines: Vec<&[u8]> = lines.as_bytes().chunks(64).collect();
        let body = String::from_utf8(lines.join(&b'\n')).unwrap();
        is_right(&text, |password| {
            let authorization = basic(user, password);
            watch::secret(&authorization);
            format!(
                "POST {path}/simpleenroll HTTP/1.1\r\nhost: {host}\r\n\
                 content-type: application/pkcs10\r\naccept: application/pkcs7-mime\r\n\
                 authorization: {authorization}\r\n\r\n{body}"
            )
        })
    }
}

impl Server for Est {
    fn answer(&self, request: &Request<Vec<u8>>, _: Connection, now: Time) -> Response<Vec<u8>> {
        let Self { host, path, .. } = self;
        let call = self.service.route(request).unwrap();
        let mut client = Client::default();
        if request.uri().path().ends_with("/simpleenroll") {
            self.asked.set(self.asked.get() + 1);
            if !self.is_authorised(request) {
                let mut refusal = Refusal::new(StatusCode::UNAUTHORIZED).unwrap();
                refusal.text = Some("unknown client".to_owned());
                return call.refuse(&refusal);
            }
            client.user = Some(self.user.to_owned());
        }
        match call.read(request, &client, &RustCrypto).unwrap() {
            EstRequest::CaCerts => {
                let get = format!(
                    "GET {path}/cacerts HTTP/1.1\r\nhost: {host}\r\n\
                     accept: application/pkcs7-mime\r\n\r\n"
                );
                assert_eq!(wire::text(request), get);
                call.ca_certs([&self.ca.certificate])
            }
            EstRequest::Enrol(enrol) => {
                let authorisation = enrol.client().authorised_user().unwrap();
                let certificate = self.ca.issue(enrol.csr(), now);
                let granted: Decision = enrol.grant(authorisation, certificate).unwrap();
                call.reply(&granted).unwrap()
            }
            other => panic!("{other:?}"),
        }
    }
}
