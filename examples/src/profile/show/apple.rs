//! An Apple profile: around its payloads, and each of them.

use std::collections::HashMap;

use devicecert::crypto_rust::RustCrypto;
use devicecert::mobileconfig::Profile;
use devicecert::mobileconfig::payload::{Role, schema};
use devicecert::mobileconfig::plist::{Encoding, KeyPath, Node, Value};
use devicecert::pki::cms::EnvelopedData;
use devicecert::pki::{Limits, Tolerance};

use super::value::{Shown, shown};
use crate::inspect::page::{Page, bytes, plural};
use crate::profile::check::secrets_of;

/// Keys that the headings tell already.
const TOLD: [&str; 4] = ["PayloadType", "PayloadVersion", "PayloadDisplayName", "PayloadContent"];

pub(super) fn show(page: &mut Page, profile: &Profile) {
    let encoding = match profile.document().encoding() {
        Some(Encoding::Binary) => "binary property list",
        _ => "XML",
    };
    page.heading(&format!("Configuration profile, {encoding}"));
    signature(page, profile);
    if let Some(name) = profile.display_name() {
        page.row("name", name);
    }
    let secrets = secrets_of(profile);
    for entry in profile.document().node().entries().filter(is_untold) {
        row(page, &entry, &secrets, &HashMap::new());
    }
    encrypted(page, profile);

    let payloads: Vec<Node<'_>> = profile.payloads().collect();
    let names: HashMap<String, String> = payloads
        .iter()
        .enumerate()
        .filter_map(|(index, payload)| {
            let uuid = text(payload, "PayloadUUID")?.to_ascii_uppercase();
            Some((uuid, format!("payload {}, {}", index.saturating_add(1), kind(payload))))
        })
        .collect();
    for (index, payload) in payloads.iter().enumerate() {
        let number = index.saturating_add(1);
        let role = match schema(kind(payload)).map(|schema| schema.role) {
            Some(Role::Identity) => ", gives an identity",
            Some(Role::Certificate) => ", gives a certificate",
            _ => "",
        };
        page.heading(&format!("Payload {number} of {}: {}{role}", payloads.len(), kind(payload)));
        if let Some(name) = text(payload, "PayloadDisplayName") {
            page.row("name", name);
        }
        for entry in payload.entries().filter(is_untold) {
            row(page, &entry, &secrets, &names);
        }
        if let Some(content) = payload.get("PayloadContent") {
            match content.value() {
                Value::Dictionary(_) => {
                    content.entries().for_each(|entry| row(page, &entry, &secrets, &names));
                }
                _ => row(page, &content, &secrets, &names),
            }
        }
    }
}

fn signature(page: &mut Page, profile: &Profile) {
    let Some(signature) = profile.signature() else {
        return page.row("signature", "none");
    };
    let tolerance = Tolerance::default();
    let signer = match signature.claimed_signer(&tolerance) {
        Ok(signer) => signer,
        Err(error) => {
            return page.row("signature", &format!("by nobody who could be told: {error}"));
        }
    };
    let verdict = match signature.verify(&signer, &RustCrypto, &tolerance) {
        Ok(()) => "right".to_owned(),
        Err(error) => format!("WRONG: {error}"),
    };
    page.row("signed by", &signer.subject().to_string());
    page.row("issued by", &signer.issuer().to_string());
    let certificates = signature.message().certificates().count();
    let others = plural(certificates.saturating_sub(1), "further certificate");
    page.row("signature", &format!("{verdict}; {others} in the message"));
}

fn encrypted(page: &mut Page, profile: &Profile) {
    let Some(message) = profile.encrypted_content() else { return };
    let whom = match EnvelopedData::parse(message, &Limits::default()) {
        Ok(message) => plural(message.recipients().len(), "recipient"),
        Err(error) => format!("damaged: {error}"),
    };
    let size = bytes(message.len());
    page.row("payloads", &format!("encrypted, {size}, {whom}; give --cert and --key to see them"));
}

fn is_untold(entry: &Node<'_>) -> bool {
    entry.key().is_some_and(|key| !TOLD.contains(&key.value.as_str()))
}

/// A key and its value, and below it what is in the value.
fn row(page: &mut Page, node: &Node<'_>, secrets: &[KeyPath], names: &HashMap<String, String>) {
    let label = node.key().map(|key| key.value.as_str()).unwrap_or_default();
    if secrets.contains(&node.key_path()) {
        return page.row(label, "[redacted]");
    }
    match shown(node, names) {
        Shown::Lines(lines) => page.rows(label, lines),
        Shown::Inside => {
            page.line(label);
            page.indented(true);
            node.entries().for_each(|entry| row(page, &entry, secrets, names));
            page.outdented(true);
        }
    }
}

fn kind<'a>(payload: &Node<'a>) -> &'a str {
    text(payload, "PayloadType").unwrap_or("without a type")
}

fn text<'a>(payload: &Node<'a>, key: &str) -> Option<&'a str> {
    payload.get(key)?.value().as_str()
}
