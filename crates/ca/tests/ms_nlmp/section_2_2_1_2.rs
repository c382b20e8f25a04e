//! CHALLENGE_MESSAGE.

use devicecert_ca::Limits;
use devicecert_ca::ndes::ntlm::{Challenge, Error};

use crate::common::{hex, limits};
use crate::{CHALLENGE, challenge};

fn refused(change: impl FnOnce(&mut Vec<u8>)) -> Error {
    let mut message = hex(CHALLENGE);
    change(&mut message);
    Challenge::parse(&message, &limits()).unwrap_err()
}

#[test]
fn the_message_of_section_4_2_4_3() {
    assert_eq!(challenge(CHALLENGE).target_name(), "Server");
    assert_eq!(
        format!("{:?}", challenge(CHALLENGE)),
        "Challenge { target_name: \"Server\", flags: 0xe28a8233, .. }"
    );
}

#[test]
fn another_signature() {
    assert_eq!(refused(|message| message[7] = 1), Error::Signature);
    assert_eq!(Challenge::parse(b"", &limits()), Err(Error::Signature));
}

#[test]
fn another_message() {
    assert_eq!(refused(|message| message[8] = 3), Error::MessageType(3));
    assert_eq!(
        Error::MessageType(3).to_string(),
        "at byte 8 of the server's NTLM message: expected type 2, found 3"
    );
}

#[test]
fn unicode_is_needed() {
    assert_eq!(refused(|message| message[20] &= !1), Error::NoUnicode);
}

#[test]
fn target_information_is_needed() {
    assert_eq!(refused(|message| message[22] &= !0x80), Error::NoTargetInfo);
    // The flag alone is not enough: without MsvAvEOL there is nothing to repeat.
    assert_eq!(
        refused(|message| message[40..42].fill(0)),
        Error::Truncated { at: 40, expected: "an AV_PAIR or MsvAvEOL" }
    );
}

#[test]
fn every_message_that_ends_too_early_is_refused() {
    let message = hex(CHALLENGE);
    for length in 0..message.len() {
        let error = Challenge::parse(&message[..length], &limits()).unwrap_err();
        assert!(matches!(error, Error::Signature | Error::Truncated { .. }), "{length}: {error}");
    }
    assert_eq!(
        Challenge::parse(&message[..30], &limits()).unwrap_err().to_string(),
        "at byte 56 of the server's NTLM message: expected TargetName, found the end"
    );
}

#[test]
fn a_field_that_points_beyond_the_message() {
    assert_eq!(
        refused(|message| message[16..20].fill(0xff)),
        Error::Truncated { at: 0xffff_ffff, expected: "TargetName" }
    );
    assert_eq!(
        refused(|message| message[44] = 0x45),
        Error::Truncated { at: 0x45, expected: "TargetInfo" }
    );
}

#[test]
fn an_av_pair_longer_than_the_list() {
    // MsvAvNbComputerName, at 0x44 + 16.
    assert_eq!(
        refused(|message| message[0x44 + 18] = 200),
        Error::Truncated { at: 0x44 + 16, expected: "a whole AV_PAIR" }
    );
}

#[test]
fn a_list_without_its_end() {
    assert_eq!(
        refused(|message| message[40] = 0x20),
        Error::Truncated { at: 0x44 + 0x20, expected: "an AV_PAIR or MsvAvEOL" }
    );
}

#[test]
fn a_name_that_is_no_utf_16() {
    assert_eq!(refused(|message| message[12] = 11), Error::TargetName);
    assert_eq!(refused(|message| message[56..58].copy_from_slice(&[0, 0xd8])), Error::TargetName);
}

#[test]
fn an_empty_name_may_point_anywhere() {
    let mut message = hex(CHALLENGE);
    message[12..14].fill(0);
    message[16..20].fill(0xff);
    assert_eq!(Challenge::parse(&message, &limits()).unwrap().target_name(), "");
}

#[test]
fn a_message_longer_than_the_limit() {
    let mut limits = Limits::default();
    limits.ntlm_bytes = hex(CHALLENGE).len();
    assert!(Challenge::parse(&hex(CHALLENGE), &limits).is_ok());
    limits.ntlm_bytes -= 1;
    assert!(matches!(Challenge::parse(&hex(CHALLENGE), &limits), Err(Error::LimitExceeded(_))));
}
