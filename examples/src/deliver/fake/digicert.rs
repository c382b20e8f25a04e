//! DigiCert ONE: one account with one certificate profile.

use std::time::Duration;

use devicecert::pki::{
    Certificate, CertificateParams, Csr, Error, Extension, GeneralName, Limits, Provider, Secret,
    Validity, from_pem, oid, to_pem,
};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{header, of_type};
use crate::clock::Clock;
use crate::keys::Key;
use crate::server::hex;

/// The account.
pub(in crate::deliver) struct DigiCert {
    pub(in crate::deliver) api_token: Secret,
    pub(in crate::deliver) profile_id: String,
    pub(in crate::deliver) ca: Certificate,
    pub(in crate::deliver) ca_key: Box<dyn Key>,
    pub(in crate::deliver) lifetime: Duration,
    pub(in crate::deliver) clock: Clock,
    pub(in crate::deliver) provider: &'static dyn Provider,
}

impl DigiCert {
    pub(in crate::deliver) fn answer(&self, request: &Request<Bytes>) -> Response<Vec<u8>> {
        if Secret::new(header(request, "x-api-key").to_vec()) != self.api_token {
            return error(StatusCode::UNAUTHORIZED, "the API token is unknown");
        }
        let order: Option<Value> = serde_json::from_slice(request.body()).ok();
        let path = (request.method(), request.uri().path());
        let order = order.filter(|_| path == (&Method::POST, "/mpki/api/v1/certificate"));
        let Some(order) = order else { return error(StatusCode::BAD_REQUEST, "no order") };
        if order.pointer("/profile/id").and_then(Value::as_str) != Some(&self.profile_id) {
            return error(StatusCode::FORBIDDEN, "there is no such profile");
        }
        match csr(&order).and_then(|csr| self.issue(&csr, &order).ok()) {
            Some(certificate) => {
                let body = json!({
                    "serial_number": hex(certificate.serial()),
                    "delivery_format": "x509",
                    "certificate": to_pem("CERTIFICATE", certificate.as_der()),
                });
                let mut response = of_type("application/json", body.to_string());
                *response.status_mut() = StatusCode::CREATED;
                response
            }
            None => error(StatusCode::BAD_REQUEST, "the CSR cannot be used"),
        }
    }

    fn issue(&self, csr: &Csr, order: &Value) -> Result<Certificate, Error> {
        let validity = Validity::lasting(self.clock.now(), self.lifetime);
        let (subject, key) = (csr.subject().clone(), csr.public_key().clone());
        let mut params =
            CertificateParams::end_entity(&self.ca, subject, key, validity, self.provider)?;
        params.extensions.push(Extension::extended_key_usage(&[oid::CLIENT_AUTH]));
        let upn = order.pointer("/attributes/extensions/san/user_principal_names/0");
        if let Some(upn) = upn.and_then(Value::as_str) {
            let names = [GeneralName::Upn(upn.to_owned())];
            params.extensions.push(Extension::subject_alt_name(&names, false)?);
        }
        params.unsigned(self.ca.public_key())?.sign(&*self.ca_key)
    }
}

fn csr(order: &Value) -> Option<Csr> {
    let pem = order.get("csr")?.as_str()?;
    let ders = from_pem("CERTIFICATE REQUEST", pem).ok()?;
    Csr::parse(ders.first()?, &Limits::default()).ok()
}

fn error(status: StatusCode, message: &str) -> Response<Vec<u8>> {
    let body = json!({"errors": [{"code": "example", "message": message}]});
    let mut response = of_type("application/json", body.to_string());
    *response.status_mut() = status;
    response
}
