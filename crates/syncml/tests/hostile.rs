//! Input made to hurt: cut off, flipped, deep, large.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use devicecert_syncml::{Checks, Document, Error, Finding, Limits, Severity, Target, check, rules};

fn limits() -> Limits {
    Limits::default()
}

#[test]
fn every_truncation_and_every_flip_is_answered() {
    for rule in rules() {
        let checks = Checks::new().target(Target::Fleet);
        for text in [rule.failing, rule.mended] {
            for end in (0..text.len()).step_by(11).filter(|end| text.is_char_boundary(*end)) {
                let _ = checks.run_text(&text[..end]);
            }
            for at in (0..text.len()).step_by(17) {
                let mut bytes = text.as_bytes().to_vec();
                bytes[at] ^= 1 << (at % 8);
                if let Ok(document) = Document::read_bytes(&bytes, &limits()) {
                    let written = document.to_xml();
                    assert_eq!(Document::read(&written, &limits()).unwrap(), document);
                    for finding in checks.run(&document) {
                        assert!(document.text().get(finding.place.span).is_some());
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_not_well_formed_is_refused_at_its_place() {
    for (text, line, column) in [
        ("", 1, 1),
        ("   ", 1, 1),
        ("text", 1, 1),
        ("<a>", 1, 1),
        ("<a></b>", 1, 4),
        ("</a>", 1, 1),
        ("<a/>text", 1, 5),
        ("<a/><![CDATA[x]]>", 1, 5),
        ("<a/>&#32;", 1, 5),
        ("<SyncML/><Add/>", 1, 11),
        ("<Add/>\n<SyncML/>", 2, 2),
        ("<!DOCTYPE a><a/>", 1, 1),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 1, 1),
        ("<a><?pi x?></a>", 1, 4),
        ("<a/><?xml version='1.0'?>", 1, 5),
        ("<?xml version='1.0' encoding='utf-16'?><a/>", 1, 1),
        ("<a>\n&nbsp;</a>", 2, 1),
        ("<a>&#0;</a>", 1, 4),
        ("<a>&#xD800;</a>", 1, 4),
        ("<a>&#+65;</a>", 1, 4),
        ("<a>é\u{1}</a>", 1, 5),
        ("<a>]]></a>", 1, 4),
        ("<a><!-- a -- b --></a>", 1, 11),
        ("<a><!-- a ---></a>", 1, 11),
        ("<a>x & y</a>", 1, 6),
        ("<1a/>", 1, 2),
        ("<a:b/>", 1, 2),
        ("<a b/>", 1, 4),
        ("<a b=c/>", 1, 6),
        ("<a b='<'/>", 1, 7),
        ("<a b='1' b='2'/>", 1, 10),
        ("<a b='&x;'/>", 1, 7),
    ] {
        match Document::read(text, &limits()) {
            Err(Error::Malformed(malformed)) => {
                let place = malformed.place;
                assert_eq!(
                    (place.line, place.column),
                    (line, column),
                    "{text:?}: {}",
                    malformed.found
                );
            }
            other => panic!("{text:?}: {other:?}"),
        }
    }
}

#[test]
fn a_place_never_cuts_a_character() {
    for text in ["<a b='c'é/>", "<a é/>", "<a>é&é</a>", "<é"] {
        let finding = Checks::new().run_text(text).remove(0);
        assert!(text.get(finding.place.span.clone()).is_some(), "{finding}");
    }
}

#[test]
fn utf_16_is_named() {
    let error = Document::read_bytes(b"\xff\xfe<\0a\0", &limits()).unwrap_err();
    assert!(error.to_string().ends_with("found UTF-16"), "{error}");
}

#[test]
fn depth_is_bounded() {
    let nested =
        |depth: usize| format!("{}{}", "<Atomic>".repeat(depth), "</Atomic>".repeat(depth));
    assert!(Document::read(&nested(32), &limits()).is_ok());
    let _ = check(&Document::read(&nested(32), &limits()).unwrap());
    for depth in [33, 200_000] {
        let error = Document::read(&nested(depth), &limits()).unwrap_err();
        assert!(matches!(error, Error::LimitExceeded(limit) if limit.limit == 32), "{error}");
    }
}

#[test]
fn size_and_counts_are_bounded() {
    let long = format!("<a>{}</a>", "x".repeat(17 << 20));
    assert!(matches!(Document::read(&long, &limits()), Err(Error::LimitExceeded(_))));
    let many = format!("<a {}/>", (0..100_000).map(|n| format!("b{n}='' ")).collect::<String>());
    assert!(matches!(Document::read(&many, &limits()), Err(Error::LimitExceeded(_))));
    let nodes = "<a/>".repeat(3 << 20);
    assert!(matches!(Document::read(&nodes, &limits()), Err(Error::LimitExceeded(_))));
}

#[test]
fn ten_mebibytes_of_one_value_are_read_and_checked() {
    let value = "é$%{{<".replace('<', "&lt;").repeat((10 << 20) / 10);
    let text = format!(
        "<Add><Item><Target><LocURI>./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/\
         SubjectName</LocURI></Target><Data>{value}</Data></Item></Add>"
    );
    let document = Document::read(&text, &limits()).unwrap();
    assert!(!check(&document).is_empty());
    assert_eq!(Document::read(&document.to_xml(), &limits()).unwrap(), document);
}

#[test]
fn a_key_of_a_million_variables_is_looked_at_once() {
    let subject = |key: &str| {
        let text = format!(
            "<Add><Item><Target><LocURI>./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/\
             Install/SubjectName</LocURI></Target><Data>{key}=x</Data></Item></Add>"
        );
        let findings = Checks::new().limits(limits()).run_text(&text);
        let error = |finding: &&Finding| finding.severity == Severity::Error;
        findings.iter().filter(error).filter(|finding| finding.rule == "WS012").count()
    };
    let variables = "$AA".repeat(1_000_000);
    assert_eq!(subject(&variables), 0);
    assert_eq!(subject(&format!("{variables}}}")), 1);
}

#[test]
fn what_is_removed_is_found_among_fifty_thousand_siblings() {
    let profile = |name: &str| format!("./Device/Vendor/MSFT/WiFi/Profile/{name}");
    let item = |uri: &str| format!("<Item><Target><LocURI>{uri}</LocURI></Target></Item>");
    let wlan = |name: &str| item(&format!("{}/WlanXml", profile(name)));
    let siblings: String = (0..50_000).map(|n| wlan(&format!("ab{n}"))).collect();
    let deletes = item(&profile("a")).repeat(50_000);
    // What was removed may be written again; what only starts with the same letters was not.
    let text = format!(
        "<Add>{}{siblings}</Add><Delete>{deletes}</Delete><Add>{}{}</Add>",
        wlan("a"),
        wlan("a"),
        wlan("ab7"),
    );
    let document = Document::read(&text, &limits()).unwrap();
    let findings = check(&document);
    let twice: Vec<_> = findings.iter().filter(|finding| finding.rule == "WS010").collect();
    let [twice] = twice[..] else { panic!("{twice:?}") };
    assert!(twice.found.contains("WlanXml"), "{twice}");
    assert!(document.text()[twice.place.span.clone()].contains("/ab7/"), "{twice}");
}

#[test]
fn a_hundred_thousand_items_are_read_and_checked() {
    // One line, not ASCII, every item with findings: the worst case for columns.
    let item = |n: usize| {
        format!(
            "<Item><Target><LocURI>./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/é{n}/Install/\
             KeyUsage</LocURI></Target><Data>1</Data></Item>"
        )
    };
    let items: String = (0..100_000).map(item).collect();
    let document = Document::read(&format!("<Add>{items}</Add>"), &limits()).unwrap();
    let findings = check(&document);
    assert!(findings.len() >= 200_000);
    assert_eq!(findings.last().unwrap().place.line, 1);
}
