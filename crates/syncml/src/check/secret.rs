//! Secrets: the alphabet of a challenge (WS011), and secrets that anybody can read (WS024).

use super::plan::{Kind, Plan};
use super::report::Report;
use crate::challenge::{first_unprintable, is_printable};

pub(super) fn check(plan: &Plan<'_>, report: &mut Report<'_>) {
    for touch in plan.touches.iter().filter(|touch| touch.is_write()) {
        if touch.found().is_none_or(|found| found.node.name() != "Challenge") {
            continue;
        }
        let Some(data) = touch.concrete() else { continue };
        let span = data.span.clone();
        if data.text.is_empty() {
            let why = "a server that asks for a challenge refuses the request";
            report.warning("WS011", span, "an empty challenge", why).at(&touch.uri);
            continue;
        }
        if let Some((at, character)) = first_unprintable(&data.text) {
            let others = data.text.chars().filter(|other| !is_printable(*other)).count();
            let found = match others {
                1 => format!("the character {character:?} in the challenge"),
                others => {
                    format!("{character:?} and {} more in the challenge", others.saturating_sub(1))
                }
            };
            let why = "Windows writes challenges as PrintableString, letters, digits, blank and \
                       ' ( ) + , - . / : = ?, and gives up with 0x80092021 long after it has \
                       accepted the profile";
            let span = report.part(&data, at..at.saturating_add(character.len_utf8()));
            report.error("WS011", span, found, why).at(&touch.uri);
        }
        if data.text.trim().len() != data.text.len() {
            let why = "blanks belong to the challenge, and the server compares them";
            let found = "blanks around the challenge";
            let draft = report.warning("WS011", span.clone(), found, why);
            draft.at(&touch.uri);
        }
        let why = "whoever sees the document can enrol for himself; a placeholder or a challenge \
                   for one use cannot be reused";
        report.warning("WS024", span, "a challenge in clear", why).at(&touch.uri);
    }
    for install in plan.installs().iter().filter(|install| install.kind == Kind::Pfx) {
        let encrypted = install
            .leaf("PFXCertPasswordEncryptionType")
            .is_some_and(|kind| kind.concrete().is_none_or(|kind| kind.trimmed() != "0"));
        let password =
            install.value("PFXCertPassword").filter(|password| !password.text.is_empty());
        if let Some(password) = password.filter(|_| !encrypted) {
            let why = "with the password and the blob beside it the key is open to whoever sees \
                       the document";
            let uri = install.leaf("PFXCertPassword").map_or("", |touch| touch.uri.as_str());
            report.warning("WS024", password.span, "a PFX password in clear", why).at(uri);
        }
    }
}
