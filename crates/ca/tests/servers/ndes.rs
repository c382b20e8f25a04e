//! The admin page of NDES behind NTLM: with the challenge of MS-NLMP §4.2.4.3, so that the server
//! knows what must come.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::Credentials;
use devicecert_ca::ndes::ntlm::{Authenticate, Challenge};
use devicecert_ca::ndes::{ChallengeFetch, Error, Step};

use crate::common::{NOW, hex, limits, utf16le};
use crate::wire::{Exchange, Server, exchange};

const NEGOTIATE: &str =
    "4e544c4d53535000 01000000 058288a2 0000000028000000 0000000028000000 0a0000000000000f";
const CHALLENGE: &str = "
    4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000
    2400240044000000 060070170000000f 530065007200760065007200
    02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000";

fn get(authorization: Option<String>) -> String {
    let authorization = authorization.map(|value| format!("authorization: {value}\r\n"));
    format!(
        "GET /certsrv/mscep_admin/ HTTP/1.1\r\nhost: HOST\r\n{}\r\n",
        authorization.unwrap_or_default()
    )
}

fn ntlm(message: &[u8]) -> String {
    format!("NTLM {}", STANDARD.encode(message))
}

/// The last message, of which §4.2.4 tells the LMv2 response and the names.
fn authenticate() -> Vec<u8> {
    let challenge = Challenge::parse(&hex(CHALLENGE), &limits()).unwrap();
    let credentials = credentials();
    let message = Authenticate::new(&challenge, &credentials, [0xaa; 8])
        .target_name("HTTP/127.0.0.1")
        .to_bytes(NOW)
        .unwrap();
    let lm = hex("86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa");
    assert_eq!(message[88..112], lm);
    assert!(message.ends_with(&[utf16le("Domain"), utf16le("User")].concat()));
    message
}

fn credentials() -> Credentials {
    Credentials::new(r"Domain\User", "Password")
}

/// The first two requests, and the third with its answer.
fn exchanges(status: u16, page: &[u8]) -> Vec<Exchange> {
    vec![
        exchange(get(None), 401, "")
            .header("WWW-Authenticate", "Negotiate")
            .header("WWW-Authenticate", "NTLM"),
        exchange(get(Some(ntlm(&hex(NEGOTIATE)))), 401, "")
            .header("WWW-Authenticate", ntlm(&hex(CHALLENGE))),
        exchange(get(Some(ntlm(&authenticate()))), status, page)
            .header("Content-Type", "text/html"),
    ]
}

fn fetch(status: u16, page: &str) -> Result<Vec<u8>, Error> {
    let server = Server::start(exchanges(status, &utf16le(page)));
    let mut connection = server.connect();
    let url = format!("{}/certsrv/mscep_admin/", server.url).parse().unwrap();
    let mut fetch = ChallengeFetch::new(url, credentials(), [0xaa; 8]).unwrap();
    let outcome = loop {
        match fetch.step(NOW) {
            Ok(Step::Send(request) | Step::SendOnSameConnection(request)) => {
                let _ = fetch.received(&connection.send(&request));
            }
            Ok(Step::Done(challenge)) => break Ok(challenge.expose().to_vec()),
            Err(error) => break Err(error),
        }
    };
    server.finish(connection);
    outcome
}

#[test]
fn a_challenge() {
    let page = "<HTML><P> The enrollment challenge password is: <B> 8CE317021F690069 </B></HTML>";
    assert_eq!(fetch(200, page), Ok(b"8CE317021F690069".to_vec()));
}

#[test]
fn cache_full() {
    assert_eq!(fetch(200, "<P> The password cache is full. </P>"), Err(Error::CacheFull));
}

#[test]
fn no_permission() {
    let page = "<P> You do not have sufficient permission to enroll with SCEP. </P>";
    assert_eq!(fetch(200, page), Err(Error::InsufficientPermissions));
}

#[test]
fn wrong_credentials() {
    assert_eq!(fetch(401, ""), Err(Error::Status(401)));
}

#[test]
fn ca_down() {
    assert_eq!(fetch(503, "<h1>Service Unavailable</h1>"), Err(Error::Status(503)));
}
