//! What Fleet answers to `request_certificate`: a certificate has the key of the request, and errors
//! show neither secrets nor control characters.
//!
//! The first octet says which status.

use devicecert_fleet::Limits;
use devicecert_fleet::request_certificate::{Ask, IdpToken};
use devicecert_pki::Secret;
use http::Response;

use crate::world;

const SECRET: &str = "5a5a5a5a";

pub fn run(data: &[u8]) {
    let Some((first, body)) = data.split_first() else { return };
    let csr = world::real().csr.clone();
    let key = csr.public_key().clone();
    let idp = IdpToken {
        url: "https://idp.example".to_owned(),
        token: Secret::from(SECRET),
        client_id: "c".to_owned(),
    };
    let ask = Ask::new(csr).idp(idp);
    let status = [200, 200, 400, 403, 404, 500, 503, 302][usize::from(first % 8)];
    let response = Response::builder().status(status).header("retry-after", "30");
    let response = response.body(body.to_vec()).unwrap();
    match ask.read(&response, &Limits::default()) {
        Ok(answer) => {
            assert_eq!(status, 200);
            assert_eq!(answer.certificate.public_key(), &key);
            assert!(answer.others.len() < 16);
        }
        Err(error) => {
            for shown in [error.to_string(), format!("{error:?}")] {
                assert!(!shown.chars().any(char::is_control), "{shown:?}");
                assert!(!shown.contains(SECRET), "{shown}");
                assert!(shown.len() < 256 << 10);
            }
        }
    }
}
