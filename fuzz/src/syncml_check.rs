//! The checks of SyncML, and the texts inside of it.

use devicecert_crypto_rust::RustCrypto;
use devicecert_syncml::{AltNames, Checks, SubjectName, Target, Thumbprint, placeholders, rules};

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for target in [Target::Device, Target::Fleet] {
        for finding in Checks::new().target(target).provider(&RustCrypto).run_text(&text) {
            assert!(rules().iter().any(|rule| rule.id == finding.rule));
            assert!(text.get(finding.place.span.clone()).is_some(), "{finding}");
            let before = &text[..finding.place.span.start];
            assert_eq!(finding.place.line, before.matches('\n').count() + 1);
        }
    }
    if let Ok(name) = text.parse::<SubjectName>() {
        let written = name.to_string();
        assert_eq!(written.parse::<SubjectName>().as_ref(), Ok(&name), "{written}");
    }
    if let Ok(names) = AltNames::parse(&text) {
        assert_eq!(AltNames::parse(&names.to_string()), Ok(names));
    }
    if let Ok(thumbprint) = text.parse::<Thumbprint>() {
        assert_eq!(thumbprint.to_string().parse(), Ok(thumbprint));
        assert_eq!(thumbprint.to_spaced().parse(), Ok(thumbprint));
    }
    for found in placeholders(&text) {
        assert!(text[found.span].contains(found.name));
    }
}
