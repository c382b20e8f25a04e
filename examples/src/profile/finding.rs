//! One finding, of whichever library, in one shape for a terminal, an editor and a program.

use std::fmt;
use std::ops::Range;

use devicecert::{fleet, mobileconfig, syncml};
use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It works, and could be better.
    Advice,
    /// It works on some devices, or not as it looks.
    Warning,
    /// A device refuses it.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// What is wrong with a profile, and where. Serialised, it is one object of the list that
/// `profile check --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file, as it was named.
    pub file: String,
    /// The rule: `AP003`, `WS011`, `FL001`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The line, counted from 1; none where there are no lines, as in a binary property list.
    pub line: Option<usize>,
    /// The character in that line, counted from 1.
    pub column: Option<usize>,
    /// Key path of an Apple profile, LocURI of SyncML; none where the whole file is meant.
    pub path: Option<String>,
    /// What stands there.
    pub found: String,
    /// What comes of it on the device.
    pub why: String,
    /// What to write in its place.
    pub instead: Option<String>,
    /// The bytes that are meant, in the text that was read: for a signed profile, in what is
    /// signed.
    #[serde(skip)]
    pub span: Option<Range<usize>>,
}

impl Finding {
    pub(super) fn of_apple(file: &str, finding: mobileconfig::Finding) -> Self {
        let mobileconfig::Place { span, position, key_path, .. } = finding.place;
        Self {
            file: file.to_owned(),
            rule: finding.rule,
            severity: match finding.severity {
                mobileconfig::Severity::Advice => Severity::Advice,
                mobileconfig::Severity::Warning => Severity::Warning,
                mobileconfig::Severity::Error => Severity::Error,
            },
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            path: (!key_path.is_root()).then(|| key_path.to_string()),
            found: finding.found,
            why: finding.why,
            instead: finding.instead,
            span: (!span.is_nowhere()).then(|| span.range()),
        }
    }

    /// A finding of Fleet's rules.
    #[must_use]
    pub fn of_fleet(file: &str, finding: &fleet::Finding) -> Self {
        let fleet::Place { span, line, column, path, .. } = finding.place.clone();
        Self {
            file: file.to_owned(),
            rule: finding.rule,
            severity: match finding.severity {
                fleet::Severity::Warning => Severity::Warning,
                fleet::Severity::Error => Severity::Error,
            },
            line: Some(line),
            column: Some(column),
            path,
            found: finding.message.clone(),
            why: finding.why.to_owned(),
            instead: finding.instead.clone(),
            span: (!span.is_empty()).then_some(span),
        }
    }

    pub(super) fn of_windows(file: &str, finding: syncml::Finding) -> Self {
        let syncml::Place { span, line, column, loc_uri } = finding.place;
        Self {
            file: file.to_owned(),
            rule: finding.rule,
            severity: match finding.severity {
                syncml::Severity::Advice => Severity::Advice,
                syncml::Severity::Warning => Severity::Warning,
                syncml::Severity::Error => Severity::Error,
            },
            line: Some(line),
            column: Some(column),
            path: loc_uri,
            found: finding.found,
            why: finding.why.to_owned(),
            instead: finding.instead,
            span: Some(span),
        }
    }
}

/// `wifi.mobileconfig:4:2: error AP003: a value of type string at PayloadVersion: …; write …`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = self.file.clone();
        if let (Some(number), Some(column)) = (self.line, self.column) {
            line.push_str(&format!(":{number}:{column}"));
        }
        line.push_str(&format!(": {} {}: {}", self.severity, self.rule, self.found));
        if let Some(path) = &self.path {
            line.push_str(&format!(" at {path}"));
        }
        line.push_str(&format!(": {}", self.why));
        if let Some(instead) = &self.instead {
            line.push_str(&format!("; write {instead}"));
        }
        f.write_str(&printable(&line))
    }
}

/// What a stranger wrote must neither move the cursor nor turn the direction of the text.
pub(super) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                printable.extend(character.escape_unicode());
            }
            _ if character.is_control() => printable.extend(character.escape_unicode()),
            _ => printable.push(character),
        }
    }
    printable
}
