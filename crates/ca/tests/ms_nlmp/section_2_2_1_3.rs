//! AUTHENTICATE_MESSAGE.

use devicecert_ca::Credentials;
use devicecert_ca::ndes::ntlm::{Authenticate, Error};
use devicecert_pki::Time;

use crate::common::{NOW, hex, utf16le};
use crate::{CHALLENGE, WITH_TIME, challenge, field};

/// 1601-01-01, the time of the examples.
const ZERO: Time = Time::from_unix(-11_644_473_600);

fn answer(message: &str, username: &str, now: Time) -> Vec<u8> {
    let credentials = Credentials::new(username, "Password");
    let challenge = challenge(message);
    Authenticate::new(&challenge, &credentials, [0xaa; 8]).to_bytes(now).unwrap()
}

#[test]
fn the_fields() {
    let message = answer(CHALLENGE, r"Domain\User", ZERO);
    assert_eq!(message[..12], hex("4e544c4d53535000 03000000"));
    assert_eq!(field(&message, 28), utf16le("Domain"));
    assert_eq!(field(&message, 36), utf16le("User"));
    assert_eq!(field(&message, 44), b"", "no workstation");
    assert_eq!(field(&message, 52), b"", "no session key is exchanged");
    // What was offered and taken: no KEY_EXCH, SIGN or SEAL, though the server offers them.
    assert_eq!(message[60..64], hex("018288a2"));
    assert_eq!(message[64..72], hex("0a0000000000000f"));
}

#[test]
fn section_4_2_4_2_1_lmv2_response() {
    let message = answer(CHALLENGE, r"Domain\User", ZERO);
    assert_eq!(field(&message, 12), hex("86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa"));
}

#[test]
fn section_4_2_4_2_2_what_the_ntlmv2_response_starts_with() {
    let message = answer(CHALLENGE, r"Domain\User", ZERO);
    let response = field(&message, 20);
    // RespType, HiRespType, time, client challenge, and the server's pairs first.
    let expected = "
        0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
        02000c0044006f006d00610069006e00 01000c00530065007200760065007200";
    assert!(response[16..].starts_with(&hex(expected)));
}

#[test]
fn a_user_without_a_domain_is_one_of_the_server() {
    let message = answer(CHALLENGE, "User", ZERO);
    assert_eq!(field(&message, 28), utf16le("Server"));
    assert_eq!(field(&message, 36), utf16le("User"));
}

#[test]
fn a_user_principal_name_has_no_domain() {
    let message = answer(CHALLENGE, "user@example.com", ZERO);
    assert_eq!(field(&message, 28), b"");
    assert_eq!(field(&message, 36), utf16le("user@example.com"));
}

#[test]
fn only_the_first_backslash_ends_the_domain() {
    let message = answer(CHALLENGE, r"a\b\c", ZERO);
    assert_eq!(field(&message, 28), utf16le("a"));
    assert_eq!(field(&message, 36), utf16le(r"b\c"));
}

#[test]
fn the_caller_s_time_counts_where_the_server_tells_none() {
    let message = answer(CHALLENGE, r"Domain\User", NOW);
    // date -d @1757435578: 0x01dc21a6… in tenths of microseconds since 1601.
    let file_time = (11_644_473_600_u64 + 1_757_435_578) * 10_000_000;
    assert_eq!(field(&message, 20)[24..32], file_time.to_le_bytes());
    let message = answer(CHALLENGE, r"Domain\User", Time::from_unix(i64::MIN));
    assert_eq!(field(&message, 20)[24..32], [0; 8]);
    let message = answer(CHALLENGE, r"Domain\User", Time::from_unix(i64::MAX));
    assert_eq!(field(&message, 20)[24..32], [0xff; 8]);
}

#[test]
fn the_server_s_time_is_sent_back() {
    let message = answer(WITH_TIME, r"Domain\User", NOW);
    assert_eq!(field(&message, 20)[24..32], hex("aabbccddeeff0102"));
}

#[test]
fn a_mic_is_there_where_the_server_tells_the_time_and_covers_all_three_messages() {
    assert_eq!(answer(CHALLENGE, "User", ZERO)[72..88], [0; 16]);
    let mic = |challenge: &str| answer(challenge, r"Domain\User", ZERO)[72..88].to_vec();
    assert_ne!(mic(WITH_TIME), [0; 16]);
    // One bit of the server's version, which nothing else covers.
    let changed = WITH_TIME.replace("060070170000000f", "070070170000000f");
    assert_ne!(mic(&changed), mic(WITH_TIME));
}

#[test]
fn a_name_that_has_no_room() {
    let credentials = Credentials::new("u".repeat(40_000), "Password");
    let challenge = challenge(CHALLENGE);
    let answer = Authenticate::new(&challenge, &credentials, [0xaa; 8]);
    assert!(matches!(answer.to_bytes(NOW), Err(Error::LimitExceeded(_))));
    let credentials = Credentials::new("User", "Password");
    let answer = Authenticate::new(&challenge, &credentials, [0xaa; 8]);
    let answer = answer.target_name("n".repeat(40_000));
    assert!(matches!(answer.to_bytes(NOW), Err(Error::LimitExceeded(_))));
}
