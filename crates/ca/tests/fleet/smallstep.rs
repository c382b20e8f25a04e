//! Smallstep's webhook.

use devicecert_ca::smallstep::{CHALLENGE_LIFETIME, Error, Settings, TIMEOUT, scep_url_of_agents};
use devicecert_ca::{Credentials, InvalidSetting, Uuid};

use crate::common::{NOW, limits, response};

const SCEP_URL: &str = "https://example.scep.smallstep.com/p/agents/integration-jamf-5d7c45e9";
const CHALLENGE_URL: &str = "https://example.webhook.smallstep.com/challenge?id=1";

fn settings() -> Settings {
    Settings::new("WIFI", SCEP_URL, CHALLENGE_URL, Credentials::new("fleet", "s3cret"))
}

fn answer(status: u16, body: &[u8]) -> Result<Vec<u8>, Error> {
    let account = settings().account().unwrap();
    let challenge = account.challenge(&response(status, body), &limits())?;
    Ok(challenge.expose().to_vec())
}

fn refused(settings: &Settings) -> Vec<String> {
    settings.account().unwrap_err().iter().map(InvalidSetting::api_text).collect()
}

#[test]
fn the_request() {
    let uuid = Uuid::from_random([0xab; 16]);
    let request = settings().account().unwrap().challenge_request(uuid, NOW).unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), CHALLENGE_URL);
    assert_eq!(request.headers().len(), 2);
    // printf 'fleet:s3cret' | base64
    assert_eq!(request.headers()["Authorization"], "Basic ZmxlZXQ6czNjcmV0");
    assert_eq!(request.headers()["Content-Type"], "application/json");
    assert_eq!(
        String::from_utf8(request.body().clone()).unwrap(),
        "{\"webhook\":{\"webhookEvent\":\"SCEPChallenge\",\"id\":1,\"eventTimestamp\":1757435578,\"name\":\"SCEPChallenge\"},\
         \"event\":{\"scepServerUrl\":\"https://example.scep.smallstep.com/p/agents/integration-jamf-5d7c45e9\",\
         \"payloadIdentifier\":\"abababab-abab-4bab-abab-abababababab\",\"payloadTypes\":[\"com.apple.security.scep\"]}}\n"
    );
    assert_eq!(TIMEOUT.as_secs(), 30);
    assert_eq!(CHALLENGE_LIFETIME.as_secs(), 240);
}

#[test]
fn the_whole_body_is_the_challenge_and_nothing_is_trimmed() {
    assert_eq!(answer(200, b" a challenge\n"), Ok(b" a challenge\n".to_vec()));
}

#[test]
fn only_status_200_is_success() {
    for status in [201, 204, 301, 401, 403, 500] {
        assert_eq!(
            answer(status, b"challenge").unwrap_err().to_string(),
            format!("getting Smallstep SCEP challenge: status code {status}")
        );
    }
}

#[test]
fn a_challenge_is_neither_empty_nor_endless_and_a_text() {
    assert_eq!(answer(200, b""), Err(Error::Empty));
    assert_eq!(answer(200, b"\xff"), Err(Error::NotText));
    assert_eq!(answer(200, &[b'a'; 8192]).unwrap().len(), 8192);
    assert_eq!(
        answer(200, &[b'a'; 8193]).unwrap_err().to_string(),
        "getting Smallstep SCEP challenge: the challenge (bytes): 8193 exceeds the limit of 8192"
    );
}

#[test]
fn the_detail_of_a_profile_names_the_variable_without_the_ca() {
    assert_eq!(
        Error::Status(401).detail(),
        "Fleet couldn't populate $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_. getting Smallstep SCEP challenge: status code 401"
    );
}

#[test]
fn invalid_challenge_url_or_credentials() {
    let text = "Couldn't add certificate authority. Invalid challenge URL or credentials. Please correct and try again.";
    assert_eq!(Error::Status(401).setting().api_text(), text);
    let settings = Settings::new("WIFI", SCEP_URL, "nowhere", Credentials::new("a", "b"));
    assert_eq!(refused(&settings), [text]);
}

#[test]
fn invalid_smallstep_scep_url() {
    let settings = Settings::new("WIFI", "nowhere", CHALLENGE_URL, Credentials::new("a", "b"));
    assert_eq!(
        refused(&settings),
        [
            "Couldn't add certificate authority. Invalid Smallstep SCEP URL. Please correct and try again."
        ]
    );
}

#[test]
fn username_cannot_be_empty() {
    let settings = Settings::new("WIFI", SCEP_URL, CHALLENGE_URL, Credentials::new(" ", "b"));
    assert_eq!(
        refused(&settings),
        ["Couldn't add certificate authority. Smallstep username cannot be empty"]
    );
}

#[test]
fn password_cannot_be_empty() {
    let settings = Settings::new("WIFI", SCEP_URL, CHALLENGE_URL, Credentials::new("a", ""));
    assert_eq!(
        refused(&settings),
        ["Couldn't add certificate authority. Smallstep password cannot be empty"]
    );
}

#[test]
fn the_name_follows_the_rules_of_all_cas() {
    let settings = Settings::new("NDES", SCEP_URL, CHALLENGE_URL, Credentials::new("a", "b"));
    assert_eq!(refused(&settings), ["Couldn't add certificate authority. CA name cannot be NDES"]);
}

#[test]
fn the_scep_url_that_smallstep_shows_is_rewritten() {
    let rewritten = |url| scep_url_of_agents(url).map(|url| url.to_string());
    assert_eq!(
        rewritten("https://agents.TEAM.ca.smallstep.com/scep/INTEGRATION").as_deref(),
        Some("https://TEAM.scep.smallstep.com/p/agents/INTEGRATION")
    );
    for other in [
        "https://TEAM.scep.smallstep.com/p/agents/INTEGRATION",
        "http://agents.TEAM.ca.smallstep.com/scep/INTEGRATION",
        "https://agents.ca.smallstep.com/scep/INTEGRATION",
        "https://agents.TEAM.ca.smallstep.com/scep/",
        "https://agents.TEAM.ca.smallstep.com/acme/INTEGRATION",
        "https://agents.TEAM.ca.smallstep.com.example/scep/INTEGRATION",
        "",
    ] {
        assert_eq!(rewritten(other), None, "{other}");
    }
}
