//! The server's part of NTLM, as far as it takes to know who asks.
//!
//! What the answer to this challenge is made of is held against the figures of MS-NLMP elsewhere
//! (`crates/ca/tests/ms_nlmp`); here it must be the one that the password gives.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::ca::Credentials;
use devicecert::ca::ndes::ntlm::{Authenticate, Challenge};
use devicecert::pki::Time;

/// The first message of a client.
const NEGOTIATE: &str =
    "4e544c4d53535000 01000000 058288a2 0000000028000000 0000000028000000 0a0000000000000f";

/// The challenge of MS-NLMP §4.2.4.3: the server `Server` in the domain `Domain`.
const CHALLENGE: &str = "
    4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000
    2400240044000000 060070170000000f 530065007200760065007200
    02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000";

/// Where the client's own challenge stands in the last message: behind an LMv2 response of 16
/// octets, which comes first.
const CLIENT_CHALLENGE: core::ops::Range<usize> = 104..112;

/// Authorization with the first message.
pub(crate) fn negotiate() -> String {
    header(&hex(NEGOTIATE))
}

/// WWW-Authenticate with the challenge.
pub(crate) fn challenge() -> String {
    header(&hex(CHALLENGE))
}

/// Authorization as it has to be with this password, by somebody who has sent `received`.
pub(crate) fn authenticate(
    received: &str,
    user: &str,
    password: &str,
    host: &str,
    now: Time,
) -> String {
    let received = received.strip_prefix("NTLM ").expect("NTLM");
    let received = STANDARD.decode(received).unwrap();
    let challenge = Challenge::parse(&hex(CHALLENGE), &devicecert::ca::Limits::default()).unwrap();
    let credentials = Credentials::new(user, password);
    let client_challenge = received[CLIENT_CHALLENGE].try_into().unwrap();
    let answer = Authenticate::new(&challenge, &credentials, client_challenge)
        .target_name(format!("HTTP/{host}"))
        .to_bytes(now);
    header(&answer.unwrap())
}

fn header(message: &[u8]) -> String {
    format!("NTLM {}", STANDARD.encode(message))
}

/// The octets of a text of hexadecimal digits, whatever white space is between them.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
    let pairs = digits.chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}
