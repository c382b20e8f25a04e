//! What a peer wrote neither breaks a line of a log nor turns it, and repeats no secret.

use devicecert_pki::{PeerText, Secret};

#[test]
fn what_breaks_or_turns_a_line_is_escaped() {
    for (text, shown) in [
        ("a\r\nb\u{7}", r"a\r\nb\u{7}"),
        // U+202E RIGHT-TO-LEFT OVERRIDE makes `gpj.exe` look like a picture.
        ("\u{202e}gpj.exe", r"\u{202e}gpj.exe"),
        ("a\u{2028}b\u{2066}c\u{200f}", r"a\u{2028}b\u{2066}c\u{200f}"),
        ("é 漢 \u{a0}", "é 漢 \u{a0}"),
    ] {
        assert_eq!(PeerText::new(text, &[], 100).as_str(), shown);
    }
}

#[test]
fn a_secret_is_taken_out_before_the_text_is_cut() {
    let token = Secret::from("s3cret");
    assert_eq!(PeerText::new("no s3cret", &[&token], 6).as_str(), "no [re");
}
