//! The admin page of NDES: its encodings, and what is on it.

use devicecert_ca::ndes::{CHALLENGE_LIFETIME, Error, TIMEOUT, challenge_of_page};

use crate::common::{limits, utf16le};

/// The page as Windows words it, around what matters.
fn page(middle: &str) -> String {
    format!(
        "<HTML><Head><Meta HTTP-Equiv=\"Content-Type\" Content=\"text/html; charset=UTF-8\">\r\n\
         <Title>Network Device Enrollment Service</Title></Head><Body>\r\n\
         <P> The thumbprint (hash value) for the CA certificate is: <B> A656FA66 AB12B433 </B>\r\n\
         {middle}\r\n</Body></HTML>\r\n"
    )
}

fn with_challenge() -> String {
    page("<P> The enrollment challenge password is: <B> 8CE317021F690069 </B>")
}

fn read(page: &[u8], content_type: Option<&str>) -> Result<String, Error> {
    let challenge = challenge_of_page(page, content_type, &limits())?;
    Ok(String::from_utf8(challenge.expose().to_vec()).unwrap())
}

fn challenge() -> Result<String, Error> {
    Ok("8CE317021F690069".to_owned())
}

#[test]
fn utf_16le_without_a_byte_order_mark_though_the_page_says_utf_8() {
    assert_eq!(read(&utf16le(&with_challenge()), Some("text/html")), challenge());
}

#[test]
fn utf_16le_with_a_byte_order_mark() {
    let page = [b"\xff\xfe".to_vec(), utf16le(&with_challenge())].concat();
    assert_eq!(read(&page, Some("text/html; charset=UTF-8")), challenge());
}

#[test]
fn utf_16le_that_starts_with_something_else_than_a_tag() {
    let text = format!("\r\n {}", with_challenge());
    assert_eq!(read(&utf16le(&text), None), challenge());
}

#[test]
fn utf_16le_is_seen_where_nine_of_ten_high_bytes_are_zero() {
    // Fifty characters are looked at; five of them may be from elsewhere, six may not.
    let text = |foreign: &str| format!("{foreign}{}{}", "-".repeat(50 - 6), with_challenge());
    assert_eq!(
        read(&utf16le(&text("-\u{4e2d}\u{4e2d}\u{4e2d}\u{4e2d}\u{4e2d}")), None),
        challenge()
    );
    assert_eq!(
        read(&utf16le(&text("\u{4e2d}\u{4e2d}\u{4e2d}\u{4e2d}\u{4e2d}\u{4e2d}")), None),
        Err(Error::NoChallenge)
    );
}

#[test]
fn utf_16_as_the_content_type_says() {
    let text = format!("{}{}", "\u{4e2d}".repeat(50), with_challenge());
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(&utf16le(&text), Some("text/html;Charset=\"UTF-16LE\"")), challenge());
    assert_eq!(read(&utf16le(&text), Some("text/html; charset=utf-16")), challenge());
    assert_eq!(read(&be, Some("text/html; charset=utf-16be")), challenge());
    assert_eq!(read(&[b"\xfe\xff".to_vec(), be].concat(), None), challenge());
}

#[test]
fn utf_8_with_and_without_a_byte_order_mark() {
    assert_eq!(read(with_challenge().as_bytes(), Some("text/html; charset=utf-8")), challenge());
    assert_eq!(read(with_challenge().as_bytes(), None), challenge());
    let page = [b"\xef\xbb\xbf".to_vec(), with_challenge().into_bytes()].concat();
    assert_eq!(read(&page, None), challenge());
}

#[test]
fn another_character_set_that_keeps_ascii() {
    let page = [b"\xa0\xe9\xff ".to_vec(), with_challenge().into_bytes()].concat();
    assert_eq!(read(&page, Some("text/html; charset=windows-1252")), challenge());
}

#[test]
fn the_challenge_ends_at_white_space_or_at_a_tag() {
    for (middle, found) in [
        ("The enrollment challenge password is: <B> aB-_!9 </B>", "aB-_!9"),
        ("The enrollment challenge password is: <B> AB\u{a0}C</B>", "AB"),
        ("The enrollment challenge password is: <B> AB</B>", "AB"),
        ("The enrollment challenge password is: <B>AB</B>", "AB"),
    ] {
        assert_eq!(read(page(middle).as_bytes(), None).as_deref(), Ok(found), "{middle}");
    }
}

#[test]
fn letter_case_and_white_space_around_the_challenge_do_not_matter() {
    for middle in [
        "THE ENROLLMENT CHALLENGE PASSWORD IS: <b> 8CE317021F690069 </b>",
        "the\tenrollment\r\n  challenge password is:\n<B>\r\n\t8CE317021F690069\r\n</B>",
    ] {
        assert_eq!(read(page(middle).as_bytes(), None), challenge(), "{middle}");
    }
}

#[test]
fn an_empty_challenge_is_none() {
    for middle in [
        "The enrollment challenge password is: <B>  </B>",
        "The enrollment challenge password is: <B> ",
        "The enrollment challenge password is: <B></B>",
    ] {
        assert_eq!(read(page(middle).as_bytes(), None), Err(Error::NoChallenge), "{middle}");
    }
}

#[test]
fn a_page_that_ends_within_the_challenge_has_none() {
    let text = with_challenge();
    let (whole, _) = text.split_once(" </B>\r\n</Body>").unwrap();
    assert_eq!(read(whole.as_bytes(), None), Err(Error::NoChallenge));
    assert_eq!(read(format!("{whole}\n").as_bytes(), None), challenge());
}

#[test]
fn the_thumbprint_is_no_challenge() {
    assert_eq!(read(page("").as_bytes(), None), Err(Error::NoChallenge));
}

#[test]
fn the_cache_is_full() {
    let text = page("<P> The password cache is full.");
    assert_eq!(read(&utf16le(&text), None), Err(Error::CacheFull));
    assert_eq!(read(text.as_bytes(), None), Err(Error::CacheFull));
}

#[test]
fn the_account_has_no_permission() {
    let text = page("<P> You do not have sufficient permission to enroll with SCEP. ");
    assert_eq!(read(&utf16le(&text), None), Err(Error::InsufficientPermissions));
}

#[test]
fn a_challenge_counts_even_if_the_page_says_more() {
    let text = page(
        "The password cache is full. The enrollment challenge password is: <B> 8CE317021F690069 </B>",
    );
    assert_eq!(read(text.as_bytes(), None), challenge());
}

#[test]
fn pages_in_other_languages_are_not_read() {
    let text =
        page("<P> Das Kennwort f\u{fc}r die Registrierung lautet: <B> 8CE317021F690069 </B>");
    assert_eq!(read(&utf16le(&text), None), Err(Error::NoChallenge));
}

#[test]
fn how_long_fleet_waits_and_how_long_a_challenge_lasts() {
    assert_eq!(TIMEOUT.as_secs(), 30);
    assert_eq!(CHALLENGE_LIFETIME.as_secs(), 57 * 60);
}
