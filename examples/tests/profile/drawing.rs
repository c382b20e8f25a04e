//! Findings at a terminal.

use devicecert::pki::Time;
use devicecert_examples::profile::{Style, check, draw};
use libtest_mimic::Trial;

use crate::program::{CHALLENGE, KEYSIZE, scep};
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("drawing::the_line_is_shown_with_carets_under_what_is_meant", carets),
        trial("drawing::secrets_are_not_shown", secrets),
        trial("drawing::of_a_profile_in_one_line_only_a_part_is_shown", one_line),
        trial("drawing::a_file_cannot_move_the_cursor", control),
    ]
}

fn drawn(name: &str, text: &str, rule: &str, style: Style) -> String {
    let now = Time::from_unix(1_800_000_000);
    let checked = check(name, text.as_bytes(), None, None, now).unwrap();
    let finding = checked.findings.iter().find(|finding| finding.rule == rule);
    draw(finding.unwrap(), checked.text.as_deref(), style)
}

fn carets() {
    let text = scep("<key>Keysize</key><string>2048</string>");
    let line = 1 + text.lines().position(|line| line.contains("Keysize")).unwrap();
    let mark = "^".repeat("<string>2048</string>".len());
    let before = " ".repeat(16 + "<key>Keysize</key>".len());
    let wanted = format!(
        "error[AP003]: a value of type string\n  \
         --> bad.mobileconfig:{line}:23\n   \
         |\n\
         {line} |                 <key>Keysize</key><string>2048</string>\n   \
         | {before}{mark} PayloadContent[0].PayloadContent.Keysize\n   \
         |\n   \
         = why: \"Keysize\" must be of type integer; devices do not convert one into another\n   \
         = write: <integer>2048</integer>"
    );
    assert_eq!(drawn("bad.mobileconfig", &text, "AP003", Style::Plain), wanted);
    let coloured = drawn("bad.mobileconfig", &text, "AP003", Style::Coloured);
    assert!(coloured.contains("\u{1b}[") && coloured.contains("AP003"), "{coloured}");
}

fn secrets() {
    let text = scep(&format!("{KEYSIZE}<key>Challenge</key><string>hunter2</string>"));
    let drawing = drawn("a.mobileconfig", &text, "AP019", Style::Plain);
    assert!(drawing.contains("<string>*******</string>"), "{drawing}");
    assert!(!drawing.contains("hunter2"), "{drawing}");
    let drawing = drawn("w.xml", CHALLENGE, "WS011", Style::Plain);
    assert!(drawing.contains("<Data>*********</Data>"), "{drawing}");
    assert!(!drawing.contains("pass_word"), "{drawing}");
}

fn one_line() {
    let long = format!("<!--{}-->", "x".repeat(100_000));
    let text = scep(&format!("{long}<key>Keysize</key><string>2048</string>{long}"));
    let drawing = drawn("long.mobileconfig", &text, "AP003", Style::Plain);
    assert!(drawing.contains("^^^"), "{drawing}");
    assert!(drawing.lines().all(|line| line.chars().count() < 300), "{drawing}");
    let column = 1 + 4 + long.len() + "<key>Keysize</key>".len();
    assert!(drawing.contains(&format!(":{column}\n")), "{drawing}");
}

fn control() {
    let text = scep(&format!("{KEYSIZE}<key>a\u{202e}b\u{85}</key><true/>"));
    let drawing = drawn("a.mobileconfig", &text, "AP007", Style::Plain);
    assert!(!drawing.contains(['\u{202e}', '\u{85}']), "{drawing}");
}
