//! XML property lists: read, written, read again.

use devicecert_mobileconfig::plist::{Document, Position, Value};
use devicecert_mobileconfig::{Limits, Profile};

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    let _ = Profile::read(data, &limits);
    let document = match Document::read_xml(data, &limits) {
        Ok(document) => document,
        Err(error) => {
            let _ = error.to_string();
            return;
        }
    };
    let text = document.source().expect("it was read from XML");
    for node in document.node().walk() {
        let piece = text.get(node.span().range()).expect("a span of the text");
        assert!(!piece.is_empty());
        if let Value::Placeholder(text) = node.value() {
            // References may be in it, and comments inside.
            let text = text.as_str();
            let (first, last) = (text.chars().next().unwrap(), text.chars().next_back().unwrap());
            assert!(piece.starts_with([first, '&']) && piece.ends_with([last, ';']), "{piece:?}");
        } else {
            assert!(piece.starts_with('<') && piece.ends_with('>'), "{piece:?}");
        }
        let place = document.place(&node);
        if data.len() < 4096 {
            assert_eq!(place.position, Some(Position::of(text, node.span().start)));
        }
    }
    let written = document.to_xml().expect("what was read can be written");
    let again =
        Document::read_xml(written.as_bytes(), &limits).expect("what was written can be read");
    assert_eq!(again, document);
    assert_eq!(again.to_xml().expect("written again"), written);
}
