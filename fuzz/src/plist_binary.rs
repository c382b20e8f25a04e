//! Binary property lists: read, written as XML, read again.

use devicecert_mobileconfig::plist::{Document, Text, Value};
use devicecert_mobileconfig::{Error, Limits};

pub fn run(data: &[u8]) {
    let mut limits = Limits::default();
    // A small file may stand for much, and this is about what it stands for.
    limits.values = 10_000;
    limits.bytes = 1 << 20;
    let document = match Document::read_binary(data, &limits) {
        Ok(document) => document,
        Err(error) => {
            let _ = error.to_string();
            return;
        }
    };
    for node in document.node().walk() {
        assert!(data.get(node.span().range()).is_some_and(|object| !object.is_empty()));
    }
    let written = match document.to_xml() {
        Ok(written) => written,
        // Strings with characters that XML does not have.
        Err(Error::Unwritable(_)) => return,
        Err(error) => panic!("{error}"),
    };
    let is_plain = |value: &Value| !matches!(value, Value::Uid(_));
    let is_same = document.node().walk().all(|node| is_plain(node.value()));
    // A UID is written as a dictionary, one level deeper.
    let mut deeper = Limits::default();
    deeper.depth += 1;
    let again = Document::read_xml(written.as_bytes(), &deeper).expect("readable");
    if is_same {
        assert_eq!(again, document);
    }
    let _ = document.root().as_text().map(Text::has_placeholder);
}
