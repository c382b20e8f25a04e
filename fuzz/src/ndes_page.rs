//! Admin pages of NDES: what is found on one is found again on a page around it.
//!
//! The first octet says what the header says of the page; the rest is the page.

use devicecert_ca::ndes::challenge_of_page;
use devicecert_ca::{Limits, Wording};

/// The Content-Type that the first octet stands for.
fn content_type(first: u8) -> Option<&'static str> {
    match first % 5 {
        0 => None,
        1 => Some("text/html"),
        2 => Some("text/html; charset=UTF-8"),
        3 => Some("text/html; charset=\"utf-16\""),
        _ => Some("text/html;charset=UTF-16BE"),
    }
}

pub fn run(data: &[u8]) {
    let Some((&first, page)) = data.split_first() else { return };
    let limits = Limits::default();
    let challenge = match challenge_of_page(page, content_type(first), &limits) {
        Ok(challenge) => challenge,
        Err(error) => {
            let _ = (error.to_string(), error.detail(Wording::Current), error.setting());
            return;
        }
    };
    let challenge = core::str::from_utf8(challenge.expose()).expect("a challenge is a text");
    assert!((1..=limits.challenge_bytes).contains(&challenge.len()));
    assert!(!challenge.contains(|c: char| c.is_whitespace() || c == '<'));

    let page = format!("<p>The enrollment challenge password is: <B> {challenge} </B>");
    let utf16 = page.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    for page in [page.into_bytes(), utf16] {
        let again = challenge_of_page(&page, Some("text/html"), &limits).expect("a page of ours");
        assert_eq!(again.expose(), challenge.as_bytes());
    }
}
