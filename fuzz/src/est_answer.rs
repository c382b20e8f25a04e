//! What an EST server answers, as a client reads it: the first octet says to which question.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::{
    CaCertificates, CsrAttrs, Endpoint, Enrolment, ImplicitTrustAnchors, KeyProtection, NameMatch,
    Step,
};
use devicecert_pki::{CsrParams, Time};
use http::Response;

use crate::world;

const NOW: Time = Time::from_unix(1_800_000_000);

pub fn run(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else { return };
    let endpoint = Endpoint::new("https://est.test").unwrap();
    let status = [200, 201, 202, 401, 403, 500][usize::from(kind >> 4) % 6];
    let content_type = [
        "application/pkcs7-mime; smime-type=certs-only",
        "multipart/mixed; boundary=b",
        "application/csrattrs",
        "text/plain",
    ];
    let content_type = content_type[usize::from(kind & 3)];
    let response = Response::builder()
        .status(status)
        .header("Content-Type", content_type)
        .header(
            "Retry-After",
            String::from_utf8_lossy(body).replace(|c: char| !c.is_ascii_graphic(), " "),
        )
        .header("WWW-Authenticate", "Basic realm=\"x\"")
        .body(body.to_vec());
    let Ok(response) = response else { return };
    match kind >> 2 & 3 {
        0 => {
            let Ok(found) = CaCertificates::read(&endpoint, &response) else { return };
            let count = found.len();
            let anchors = ImplicitTrustAnchors::new(Vec::new());
            let authorised = anchors.authorise(NameMatch::Matches).unwrap();
            let Ok(found) = found.from_server(authorised, NOW, &RustCrypto) else { return };
            assert!(found.others().count() < count);
            assert_eq!(&found.explicit_trust(NOW).certificates()[0], found.anchor());
        }
        1 => drop(CsrAttrs::read(&endpoint, &response)),
        2 => {
            let csr = world::real().csr.clone();
            let key = csr.public_key().clone();
            let mut enrolment = Enrolment::new(endpoint, csr, &RustCrypto);
            assert!(matches!(enrolment.step(NOW), Ok(Step::Send(_))));
            drop(enrolment.received(&response, NOW));
            if let Ok(Step::Done(issued)) = enrolment.step(NOW) {
                assert_eq!(issued.certificate.public_key(), &key);
            }
        }
        _ => {
            let params = CsrParams::new("CN=x".parse().unwrap());
            let key = world::real().csr.public_key().clone();
            let tls = KeyProtection::Tls;
            let enrolment = Enrolment::generate_key(endpoint, params, key, tls, &RustCrypto);
            let mut enrolment = enrolment.unwrap();
            assert!(matches!(enrolment.step(NOW), Ok(Step::Sign(_))));
            enrolment.signed(b"nobody looks").unwrap();
            assert!(matches!(enrolment.step(NOW), Ok(Step::Send(_))));
            drop(enrolment.received(&response, NOW));
            if let Ok(Step::Done(issued)) = enrolment.step(NOW) {
                assert!(issued.key.is_some());
            }
        }
    }
}
