//! What CAs say for people, and URLs.

use devicecert_ca::{Limits, Misuse, Url, digicert};
use proptest::prelude::*;

use crate::common::{csr, digicert, limits, response};

/// What becomes of a message of DigiCert.
fn shown(message: &str, limits: &Limits) -> String {
    let mut json = String::new();
    for unit in message.encode_utf16() {
        json.push_str(&format!("\\u{unit:04x}"));
    }
    let body = format!(r#"{{"errors":[{{"message":"{json}"}}]}}"#);
    let order = digicert::Order::new(csr(), "C02XK1", "seat");
    let error = digicert().issued(&order, &response(400, body), limits).unwrap_err().to_string();
    let (_, shown) = error.split_once(", errors: ").unwrap();
    shown.to_owned()
}

#[test]
fn control_characters_are_escaped() {
    assert_eq!(shown("a\r\nb\u{1b}[31m\0\u{85}", &limits()), r"a\r\nb\u{1b}[31m\u{0}\u{85}");
}

#[test]
fn a_long_text_is_cut() {
    assert_eq!(shown(&"\u{fc}".repeat(5_000), &limits()), "\u{fc}".repeat(1_024));
    let mut limits = limits();
    limits.text_characters = 3;
    assert_eq!(shown("abcdef", &limits), "abc");
}

#[test]
fn a_secret_at_the_cut_is_not_half_shown() {
    let mut limits = limits();
    limits.text_characters = 12;
    let message = format!("abcdef{}", crate::common::TOKEN);
    assert_eq!(shown(&message, &limits), "abcdef[redac");
}

#[test]
fn a_url_is_http_or_https_and_has_neither_password_nor_fragment() {
    for text in [
        "",
        "/",
        "ca.example",
        "//ca.example/",
        "file:///etc/passwd",
        "gopher://ca.example/",
        "https:///path",
        "https://user:password@ca.example/",
        "https://user@ca.example/",
        "https://ca.example/#fragment",
        "https://ca.example/a b",
        "https://ca.example/\r\nX: y",
        "https://[::1",
    ] {
        assert_eq!(text.parse::<Url>(), Err(Misuse::Url), "{text}");
    }
    for text in ["http://127.0.0.1:1", "https://[::1]:8443/a?b=c", "HTTPS://CA.example"] {
        assert!(text.parse::<Url>().is_ok(), "{text}");
    }
    assert_eq!("https://[::1]:8443/".parse::<Url>().unwrap().host(), "::1");
}

proptest! {
    #[test]
    fn any_text_is_shown_without_control_characters(message in "\\PC{0,40}[\\x00-\\x1f]{0,4}\\PC{0,40}") {
        prop_assume!(!message.is_empty());
        let shown = shown(&message, &limits());
        prop_assert!(!shown.chars().any(char::is_control));
    }

    #[test]
    fn any_url(text in "https?://\\PC{0,40}") {
        if let Ok(url) = text.parse::<Url>() {
            prop_assert!(!url.host().is_empty());

        }
    }
}
