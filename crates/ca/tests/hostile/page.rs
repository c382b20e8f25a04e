//! Bodies that should be the admin page of NDES.

use devicecert_ca::Limits;
use devicecert_ca::ndes::{Error, challenge_of_page};
use proptest::prelude::*;

use crate::common::{limits, utf16le};

const PAGE: &str =
    "<HTML><P> The enrollment challenge password is: <B> 8CE317021F690069 </B></HTML>";

fn read(page: &[u8]) -> Result<Vec<u8>, Error> {
    challenge_of_page(page, None, &limits()).map(|challenge| challenge.expose().to_vec())
}

#[test]
fn a_page_that_ends_anywhere_has_the_whole_challenge_or_none() {
    for page in [PAGE.as_bytes().to_vec(), utf16le(PAGE)] {
        for end in 0..page.len() {
            match read(&page[..end]) {
                Ok(challenge) => assert_eq!(challenge, b"8CE317021F690069"),
                Err(error) => assert_eq!(error, Error::NoChallenge),
            }
        }
    }
}

#[test]
fn a_page_beyond_the_limit() {
    let mut limits = Limits::default();
    limits.body_bytes = PAGE.len() - 1;
    let refused = challenge_of_page(PAGE.as_bytes(), None, &limits);
    assert!(matches!(refused, Err(Error::LimitExceeded(_))), "{refused:?}");
}

#[test]
fn a_challenge_beyond_the_limit() {
    let page = PAGE.replace("8CE317021F690069", &"A".repeat(8193));
    assert!(matches!(read(page.as_bytes()), Err(Error::LimitExceeded(_))));
}

#[test]
fn pages_that_are_not_the_page() {
    for page in [
        "",
        " ",
        "\0",
        "\0\0\0\0",
        "<html><form action=\"/login\">The enrollment challenge password</form></html>",
        "The enrollment challenge password is: 8CE317021F690069",
        "The enrollment challenge password is: <I> 8CE317021F690069 </I>",
        "{\"challenge\":\"8CE317021F690069\"}",
    ] {
        assert_eq!(read(page.as_bytes()), Err(Error::NoChallenge), "{page}");
    }
}

#[test]
fn pages_that_take_long_to_search() {
    let beginnings = "The enrollment challenge password is: <B".repeat(6_000);
    let spaces = format!("the{}", " ".repeat(250_000));
    let empty = "the enrollment challenge password is: <b> </b>".repeat(5_000);
    for page in [beginnings, spaces, empty, "t".repeat(262_144)] {
        assert_eq!(read(page.as_bytes()), Err(Error::NoChallenge));
    }
}

#[test]
fn half_a_character_of_utf_16() {
    let mut page = utf16le(PAGE);
    page.push(b'<');
    assert_eq!(read(&page).as_deref(), Ok(b"8CE317021F690069".as_slice()));
    let lone = [utf16le("<p>"), vec![0x00, 0xd8], utf16le(PAGE)].concat();
    assert_eq!(read(&lone).as_deref(), Ok(b"8CE317021F690069".as_slice()));
}

proptest! {
    #[test]
    fn anything(page in proptest::collection::vec(any::<u8>(), 0..512), kind in "[a-z/;=\" -]{0,24}") {
        let _ = challenge_of_page(&page, Some(&kind), &limits());
    }

    #[test]
    fn a_challenge_is_found_whatever_stands_around(before in "[^tT\\x00]{0,80}", after in ".{0,80}") {
        let page = format!("<{before}{PAGE}{after}");
        prop_assert_eq!(read(page.as_bytes()), Ok(b"8CE317021F690069".to_vec()));
        prop_assert_eq!(read(&utf16le(&page)), Ok(b"8CE317021F690069".to_vec()));
    }
}
