//! What several sections need.

use devicecert_pki::error::Misuse;
use devicecert_pki::{Error, Name};

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_digit(16).expect("a hexadecimal digit") as u8)
        .collect();
    digits.chunks(2).map(|pair| (pair[0] << 4) | pair[1]).collect()
}

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A name with one attribute of type CN and this value.
pub(crate) fn common_name(value: &[u8]) -> Name {
    let attribute = [&[0x06, 3, 0x55, 4, 3], value].concat();
    Name::parse(&nest(0x30, &nest(0x31, &nest(0x30, &attribute)))).expect("a name")
}

/// A short value.
pub(crate) fn nest(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("a short value");
    assert!(length < 0x80);
    [&[tag, length], content].concat()
}

/// Where the text stops being a name, and what was expected there.
pub(crate) fn complaint(text: &str) -> (usize, &'static str) {
    match text.parse::<Name>() {
        Err(Error::Misuse(Misuse::Name { at, expected })) => (at, expected),
        other => panic!("{text}: {other:?}"),
    }
}
