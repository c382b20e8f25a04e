//! DigiCert ONE.

use std::cell::RefCell;

use devicecert::pki::{Csr, Limits, Time, from_pem, to_pem};
use http::{Request, Response};

use super::ca::Ca;
use super::{Connection, Server, is_right, response};
use crate::{keys, wire};

pub(crate) const HOST: &str = "one.digicert.test";
pub(crate) const PROFILE: &str = "cc80e3d1-3b52-4a1f-9a4b-2b9f3c8e1d40";

pub(crate) struct DigiCert {
    pub(crate) ca: Ca,
    /// Common name, seat and user principal name that are to be ordered.
    expected: [&'static str; 3],
    /// The profile that it has.
    pub(crate) profile: RefCell<&'static str>,
}

impl DigiCert {
    pub(crate) fn new(expected: [&'static str; 3], now: Time) -> Self {
        let ca = Ca::new("CN=DigiCert Test CA,O=Test", &keys::EC_CA, now);
        Self { ca, expected, profile: RefCell::new(PROFILE) }
    }

    fn order(&self, request: &Request<Vec<u8>>, now: Time) -> Response<Vec<u8>> {
        let text = wire::text(request);
        let pem = wire::between(&text, "\"csr\":\"", "\"");
        let [name, seat, upn] = self.expected;
        let body = format!(
            r#"{{"profile":{{"id":"{PROFILE}"}},"seat":{{"seat_id":"{seat}"}},"delivery_format":"x509","attributes":{{"subject":{{"common_name":"{name}"}},"extensions":{{"san":{{"user_principal_names":["{upn}"]}}}}}},"csr":"{pem}"}}"#
        );
        let is_right = is_right(&text, |token| {
            format!(
                "POST /mpki/api/v1/certificate HTTP/1.1\r\nhost: {HOST}\r\nx-api-key: {token}\r\n\
                 accept: application/json\r\ncontent-type: application/json\r\n\r\n{body}"
            )
        });
        let json = "application/json";
        if !is_right {
            let said = r#"{"errors":[{"code":"invalid_api_key","message":"Invalid API key."}]}"#;
            return response(401, json, said);
        }
        if *self.profile.borrow() != PROFILE {
            let said = r#"{"errors":[{"code":"access_denied","message":"No such profile."},{"code":"x","message":"Ask."}]}"#;
            return response(403, json, said);
        }
        let pem = pem.replace("\\n", "\n");
        assert!(pem.ends_with("-----END CERTIFICATE REQUEST-----"), "{pem}");
        let csr = from_pem("CERTIFICATE REQUEST", &pem).unwrap();
        let csr = Csr::parse(&csr[0], &Limits::default()).unwrap();
        assert_eq!(csr.subject().to_string(), format!("CN={name}"));
        assert!(csr.attributes().is_empty(), "no names and no challenge");
        let certificate = self.ca.issue(&csr, now);
        let serial: String = certificate.serial().iter().map(|x| format!("{x:02X}")).collect();
        let pem = to_pem("CERTIFICATE", certificate.as_der()).trim_end().replace('\n', "\\n");
        let said = format!(
            r#"{{"serial_number":"{serial}","delivery_format":"x509","certificate":"{pem}"}}"#
        );
        response(201, json, said)
    }
}

impl Server for DigiCert {
    fn answer(&self, request: &Request<Vec<u8>>, _: Connection, now: Time) -> Response<Vec<u8>> {
        self.order(request, now)
    }
}
