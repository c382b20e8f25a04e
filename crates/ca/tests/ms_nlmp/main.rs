//! NTLM as MS-NLMP says, with the examples of its section 4.2.4.
//!
//! What those examples calculate from user, domain and password is tested beside the calculation.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../common/mod.rs"]
mod common;

mod section_2_2_1_1;
mod section_2_2_1_2;
mod section_2_2_1_3;
mod section_2_2_2_1;
mod section_3_1_5_1_2;

use devicecert_ca::ndes::ntlm::Challenge;

use common::{hex, limits};

/// CHALLENGE_MESSAGE of §4.2.4.3.
const CHALLENGE: &str = "
    4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000
    2400240044000000 060070170000000f 530065007200760065007200
    02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000";

/// The same, with the time 0xaabb… (MsvAvTimestamp) before the end of its pairs.
const WITH_TIME: &str = "
    4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000
    3000300044000000 060070170000000f 530065007200760065007200
    02000c0044006f006d00610069006e00 01000c00530065007200760065007200
    07000800aabbccddeeff0102 00000000";

fn challenge(message: &str) -> Challenge {
    Challenge::parse(&hex(message), &limits()).unwrap()
}

/// The bytes that the field at this offset of a message points at.
fn field(message: &[u8], at: usize) -> &[u8] {
    let length = usize::from(u16::from_le_bytes([message[at], message[at + 1]]));
    assert_eq!(message[at..at + 2], message[at + 2..at + 4], "MaxLen is Len");
    let offset = u32::from_le_bytes(message[at + 4..at + 8].try_into().unwrap());
    &message[usize::try_from(offset).unwrap()..][..length]
}

/// The AV_PAIRs of an NtChallengeResponse, in order, without the end.
fn av_pairs(nt_response: &[u8]) -> Vec<(u16, &[u8])> {
    let mut rest = &nt_response[16 + 28..];
    let mut pairs = Vec::new();
    loop {
        let word = |at: usize| u16::from_le_bytes([rest[at], rest[at + 1]]);
        let (id, length) = (word(0), usize::from(word(2)));
        if id == 0 {
            assert_eq!(rest, [0; 8], "MsvAvEOL, and four zeros");
            return pairs;
        }
        pairs.push((id, &rest[4..4 + length]));
        rest = &rest[4 + length..];
    }
}
