//! Distinguished names, as text in both forms and as bytes.

use devicecert_pki::Name;

pub fn run(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        for name in [text.parse(), Name::from_slash_form(text)].into_iter().flatten() {
            read_back(&name);
        }
    }
    if let Ok(name) = Name::parse(data) {
        assert_eq!(name.as_der(), data);
        assert!(name.matches(&name));
        let _ = (name.attributes().len(), name.common_name());
        // What strangers write has types that text does not keep, but its text is text.
        let text = name.to_string();
        if let Ok(again) = text.parse::<Name>() {
            read_back(&again);
        }
    }
}

fn read_back(name: &Name) {
    let again: Name = name.to_string().parse().expect("what is written can be read");
    // A value that was given with its type as hex may be written as text, and gets another type.
    assert!(again.says_the_same(name), "{name}");
    assert_eq!(again.to_string(), name.to_string());
    assert_eq!(again.to_string().parse().as_ref(), Ok(&again));
    assert_eq!(&Name::parse(name.as_der()).unwrap(), name);
}
