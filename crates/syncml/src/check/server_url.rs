//! The addresses of the SCEP server (WS023).

use super::plan::Plan;
use super::report::{MOST, Report, quote};
use crate::placeholder;

pub(super) fn check(plan: &Plan<'_>, report: &mut Report<'_>) {
    for touch in plan.touches.iter().filter(|touch| touch.is_write()) {
        let found = touch.found();
        let scep = found.is_some_and(|found| {
            found.node.name() == "ServerURL" && found.node.path.contains("{UniqueID}")
        });
        let Some(data) = touch.data().filter(|_| scep) else { continue };
        let (mut at, mut findings) = (0_usize, 0_usize);
        for url in data.text.split(';') {
            let part = at..at.saturating_add(url.len());
            at = at.saturating_add(url.len()).saturating_add(1);
            if placeholder::is_in(url) {
                continue;
            }
            let url = url.trim();
            let lower = url.to_ascii_lowercase();
            let rest = lower.strip_prefix("http://").or(lower.strip_prefix("https://"));
            let host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
            let (why, instead) = if !host || url.contains(char::is_whitespace) {
                ("the device needs whole URLs, several of them with ; between", None)
            } else if url.contains(['?', '#']) {
                let instead = url.split(['?', '#']).next().map(str::to_owned);
                ("the device puts /pkiclient.exe and a query of its own behind the URL", instead)
            } else if lower.ends_with("/pkiclient.exe") {
                let end = url.len().saturating_sub("/pkiclient.exe".len());
                let why = "the device puts /pkiclient.exe behind the URL, and so twice";
                (why, url.get(..end).map(str::to_owned))
            } else if lower.starts_with("http://") {
                let instead = url.get(7..).map(|rest| format!("https://{rest}"));
                ("requests are encrypted by SCEP, but anybody on the way sees who asks", instead)
            } else {
                continue;
            };
            findings = findings.saturating_add(1);
            if findings > MOST {
                break;
            }
            let span = report.part(&data, part);
            report.warning("WS023", span, quote(url), why).at(&touch.uri).instead_if(instead);
        }
    }
}
