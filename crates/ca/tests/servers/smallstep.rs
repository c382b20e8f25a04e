//! Smallstep: a challenge, wrong credentials, and a server that is down.

use devicecert_ca::smallstep::{Account, Error, Settings};
use devicecert_ca::{Credentials, Uuid};

use crate::common::{NOW, limits};
use crate::wire::{Exchange, Server, exchange, post};

const SCEP_URL: &str = "https://example.scep.smallstep.com/p/agents/integration";

fn webhook(status: u16, body: &str) -> Exchange {
    let expected = "{\"webhook\":{\"webhookEvent\":\"SCEPChallenge\",\"id\":1,\"eventTimestamp\":1757435578,\"name\":\"SCEPChallenge\"},\"event\":{\"scepServerUrl\":\"https://example.scep.smallstep.com/p/agents/integration\",\"payloadIdentifier\":\"07070707-0707-4707-8707-070707070707\",\"payloadTypes\":[\"com.apple.security.scep\"]}}\n";
    // printf 'fleet:s3cret' | base64
    let headers = "authorization: Basic ZmxlZXQ6czNjcmV0\r\n";
    exchange(post("/webhook/7?a=b", headers, expected), status, body)
}

fn account(server: &Server) -> Account {
    let challenge_url = format!("{}/webhook/7?a=b", server.url);
    let credentials = Credentials::new("fleet", "s3cret");
    Settings::new("WIFI", SCEP_URL, challenge_url, credentials).account().unwrap()
}

fn challenge(status: u16, body: &str) -> Result<Vec<u8>, Error> {
    let server = Server::start(vec![webhook(status, body)]);
    let mut connection = server.connect();
    let account = account(&server);
    let request = account.challenge_request(Uuid::from_random([7; 16]), NOW).unwrap();
    let response = connection.send(&request);
    server.finish(connection);
    account.challenge(&response, &limits()).map(|challenge| challenge.expose().to_vec())
}

#[test]
fn a_challenge() {
    assert_eq!(challenge(200, "challenge-1"), Ok(b"challenge-1".to_vec()));
}

#[test]
fn wrong_credentials() {
    assert_eq!(challenge(401, "no"), Err(Error::Status(401)));
}

#[test]
fn ca_down() {
    assert_eq!(challenge(503, ""), Err(Error::Status(503)));
}
