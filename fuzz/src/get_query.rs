//! HTTP requests as a server reads them: what is understood is written the way a client writes
//! it, and understood as the same.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_scep::{Enrolment, Operation, Step, Tolerance, Trust};
use http::{Method, Request, Uri};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::world::{self, NOW};

/// The first octet chooses the method, the rest up to a line break is the URI, then the body.
pub fn run(data: &[u8]) {
    let Some((method, rest)) = data.split_first() else { return };
    let (uri, body) = match rest.iter().position(|octet| *octet == b'\n') {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (rest, &[][..]),
    };
    let Ok(uri) = Uri::try_from(uri) else { return };
    let mut request = Request::new(body.to_vec());
    *request.method_mut() = match method % 4 {
        0 | 1 => Method::GET,
        2 => Method::POST,
        _ => Method::PUT,
    };
    *request.uri_mut() = uri;
    let strictly = Operation::parse(&request, &Tolerance::STRICT);
    let Ok(operation) = Operation::parse(&request, &Tolerance::default()) else {
        assert!(strictly.is_err() || request.method() == Method::POST);
        return;
    };
    // A body of text may be text to one and octets to the other; a query means one thing.
    if let (Ok(strictly), &Method::GET) = (strictly, request.method()) {
        assert_eq!(strictly, operation);
    }
    write_back(&operation);
}

fn write_back(operation: &Operation) {
    match operation {
        Operation::PkiOperation(message) => {
            let base64 = STANDARD.encode(message);
            let escaped = utf8_percent_encode(&base64, NON_ALPHANUMERIC);
            let uri = format!("/scep?operation=PKIOperation&message={escaped}");
            if let Ok(get) = Request::get(uri).body(vec![]) {
                assert_eq!(&Operation::parse(&get, &Tolerance::default()).unwrap(), operation);
                assert_eq!(&Operation::parse(&get, &Tolerance::STRICT).unwrap(), operation);
            }
            let post = Request::post("/scep?operation=PKIOperation").body(message.clone()).unwrap();
            assert_eq!(&Operation::parse(&post, &Tolerance::STRICT).unwrap(), operation);
        }
        Operation::GetCaCaps { identifier } => {
            let Some([caps, _]) = questions(identifier.as_deref()) else { return };
            assert_eq!(&Operation::parse(&caps, &Tolerance::STRICT).unwrap(), operation);
        }
        Operation::GetCaCert { identifier } => {
            let Some([_, cert]) = questions(identifier.as_deref()) else { return };
            assert_eq!(&Operation::parse(&cert, &Tolerance::STRICT).unwrap(), operation);
        }
        Operation::GetNextCaCert { .. } => {}
    }
}

/// What our client asks a CA of this name: GetCACaps and GetCACert. `None` if it fits no URL.
fn questions(identifier: Option<&str>) -> Option<[Request<Vec<u8>>; 2]> {
    let world = world::transparent();
    let trust = Trust::OnFirstUse;
    let mut enrolment =
        Enrolment::new("http://ca.test/scep", world.csr.clone(), trust, world.provider).unwrap();
    enrolment.options().ca_identifier = identifier.map(str::to_owned);
    let Ok(Step::Send(caps)) = enrolment.step(NOW) else { return None };
    enrolment.received(&world.authority.ca_caps()).unwrap();
    let Ok(Step::Send(cert)) = enrolment.step(NOW) else { return None };
    Some([caps, cert])
}
