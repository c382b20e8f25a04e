//! SyncML: its commands in their order, or what a device answers.

use devicecert::crypto_rust::RustCrypto;
use devicecert::syncml::results::{reports, statuses};
use devicecert::syncml::{Checks, Command, Document, Form, Item, Verb, placeholders};

use crate::inspect::page::{Page, bytes, plural};

/// Characters of a value that are shown.
const MOST: usize = 100;

pub(super) fn show(page: &mut Page, document: &Document) {
    let form = match document.form() {
        Form::Message => "a message for a device, or from one",
        Form::Fragment => "commands without envelope, as servers take them for a profile",
    };
    page.heading(&format!("SyncML, {form}"));
    let findings = Checks::new().provider(&RustCrypto).run(document);
    let secrets: Vec<usize> = findings
        .iter()
        .filter(|finding| finding.rule == "WS024")
        .map(|finding| finding.place.span.start)
        .collect();
    for command in document.commands() {
        self::command(page, command, &secrets);
    }
    answers(page, document);
}

fn command(page: &mut Page, command: Command<'_>, secrets: &[usize]) {
    if command.verb().is_group() {
        let inside = plural(command.commands().count(), "command");
        page.line(&format!("{}, {inside}: all of them or none", command.verb()));
        page.indented(true);
        command.commands().for_each(|inner| self::command(page, inner, secrets));
        return page.outdented(true);
    }
    // What a device answers is told in words below.
    if matches!(command.verb(), Verb::Status | Verb::Results) {
        return;
    }
    for item in command.items() {
        let target = item.target().map(|target| target.trimmed().to_owned());
        page.row(command.verb().name(), target.as_deref().unwrap_or("(no target)"));
        if let Some(value) = value(item, secrets) {
            let format = item.format().map_or("", |format| format.name());
            page.row("", &format!("{format} {value}"));
        }
    }
}

fn value(item: Item<'_>, secrets: &[usize]) -> Option<String> {
    let data = item.data()?;
    let text = data.trimmed();
    if secrets.contains(&data.span.start) && placeholders(text).next().is_none() {
        return Some("[redacted]".to_owned());
    }
    let short: String = text.chars().take(MOST).collect();
    Some(match short.len() == text.len() {
        true => short,
        false => format!("{short}… ({})", bytes(text.len())),
    })
}

/// Status and Results of a device.
fn answers(page: &mut Page, document: &Document) {
    let statuses = statuses(document);
    if !statuses.is_empty() {
        page.heading("Status");
    }
    for status in statuses {
        let label = format!("{} {}", status.cmd, status.cmd_ref);
        let code = status.code.map_or("no code".to_owned(), |code| code.to_string());
        page.row(&label, &code);
        page.rows("", status.target);
    }
    for report in reports(document) {
        page.heading(&format!("Certificate {}, {}", report.id, report.scope));
        let installed = if report.is_installed() { "yes" } else { "no" };
        page.row("installed", installed);
        page.rows("status", report.status.map(|status| status.to_string()));
        page.rows("error", report.error.map(|error| error.to_string()));
        page.rows("thumbprint", report.thumbprint.map(|thumbprint| thumbprint.to_string()));
        page.rows("answered by", report.server_url);
    }
}
