//! What an EST client sends, as a server reads it: path, a line end, body.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::{Client, Request, Service, Tolerance};
use http::header::CONTENT_TYPE;

pub fn run(data: &[u8]) {
    let end = data.iter().position(|octet| *octet == b'\n').unwrap_or(0);
    let (path, body) = data.split_at(end);
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    for method in ["GET", "POST"] {
        let media_type = match path.ends_with(b"/fullcmc") {
            true => "application/pkcs7-mime; smime-type=CMC-request",
            false => "application/pkcs10",
        };
        let request = http::Request::builder().method(method).uri(path);
        let request = request.header(CONTENT_TYPE, media_type).body(body);
        let Ok(request) = request else { return };
        let mut service = Service::default();
        let lenient = read(&service, &request);
        service.tolerance = Tolerance::STRICT;
        // What the RFCs allow is never refused for being tolerant.
        if let Some(strict) = read(&service, &request) {
            assert_eq!(lenient, Some(strict));
        }
    }
}

fn read(service: &Service, request: &http::Request<&[u8]>) -> Option<Request> {
    let call = match service.route(request) {
        Ok(call) => call,
        Err(error) => {
            assert!(service.refuse(&error).status().is_client_error());
            return None;
        }
    };
    match call.read(request, &Client::default(), &RustCrypto) {
        Ok(read) => Some(read),
        Err(error) => {
            assert!(call.refuse_error(&error).status().is_client_error());
            None
        }
    }
}
