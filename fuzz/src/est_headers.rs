//! HTTP authentication, Content-Type and labels: what strangers write into headers and paths.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::{
    Authorization, Credentials, Endpoint, Enrolment, Error, Label, Limits, Operation, Service, Step,
};
use devicecert_pki::{Secret, Time};
use http::{HeaderMap, HeaderValue, Method, Response};

use crate::world;

const NOW: Time = Time::from_unix(1_800_000_000);

pub fn run(data: &[u8]) {
    if let Ok(label) = String::from_utf8_lossy(data).parse::<Label>() {
        // Whatever a label is, it comes back from the path that it was put into.
        let endpoint = Endpoint::new("https://h").unwrap().label(label.clone());
        let uri: http::Uri = endpoint.url(Operation::CaCerts).parse().unwrap();
        let request = http::Request::get(uri).body(()).unwrap();
        let service = Service::default();
        assert_eq!(service.route(&request).unwrap().label(), Some(&label));
    }
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let mut headers = HeaderMap::new();
    headers.insert("authorization", value.clone());
    if let Ok(Some(Authorization::Digest(digest))) =
        Authorization::read(&headers, &Limits::default())
    {
        drop(digest.is_of(&Secret::from("x"), &Method::POST, &RustCrypto));
    }
    let endpoint = Endpoint::new("https://est.test").unwrap();
    let mut enrolment = Enrolment::new(endpoint, world::real().csr.clone(), &RustCrypto);
    enrolment.options().credentials = Some(Credentials::new("u", "p").unwrap());
    let Ok(Step::Send(_)) = enrolment.step(NOW) else { panic!("nothing to send") };
    let refused = Response::builder()
        .status(401)
        .header("WWW-Authenticate", value.clone())
        .header("Content-Type", value)
        .body(Vec::new())
        .unwrap();
    match enrolment.received(&refused, NOW) {
        Ok(()) => {
            let Ok(Step::Send(again)) = enrolment.step(NOW) else { panic!("no answer") };
            assert!(again.headers().contains_key("authorization"));
        }
        Err(error) => assert!(matches!(error, Error::Refused(_))),
    }
}
