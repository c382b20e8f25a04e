//! PFX installs (WS018, WS016).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::plan::{Install, Kind, Plan};
use super::report::{Report, quote};
use crate::value::Value;

pub(super) fn check(plan: &Plan<'_>, report: &mut Report<'_>) {
    for install in plan.installs() {
        if install.kind == Kind::Pfx && install.touches.iter().any(|touch| touch.is_write()) {
            complete(&install, report);
            order(&install, report);
            settings(&install, report);
            blob(&install, report);
        }
    }
}

fn uri<'p>(install: &Install<'p, '_>, leaf: &str) -> &'p str {
    install.leaf(leaf).map_or("", |touch| touch.uri.as_str())
}

fn complete(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let Some(first) = install.touches.first() else { return };
    for leaf in ["KeyLocation", "PFXCertBlob"] {
        if install.leaf(leaf).is_none() {
            let why = "the import does not start without it";
            let span = first.target.span.clone();
            report.error("WS018", span, format!("no {leaf}"), why).at(&first.uri);
        }
    }
}

fn order(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let writes = install.touches.iter().filter(|touch| touch.is_write());
    let mut after = writes.skip_while(|touch| !touch.is("ClientCertificateInstall", "PFXCertBlob"));
    let Some(blob) = after.next() else { return };
    if let Some(late) = after.next() {
        let name = late.found().map_or("", |found| found.node.name());
        let why = "writing the blob imports it at once, with what has been set before";
        let found = format!("PFXCertBlob before {name}");
        report
            .error("WS018", blob.target.span.clone(), found, why)
            .at(&blob.uri)
            .instead("it last");
    }
}

fn settings(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let location = install.value("KeyLocation");
    let location = location.as_ref().map(Value::trimmed);
    let exportable = install.value("PFXKeyExportable");
    if let (Some(location), Some(exportable)) = (location, exportable)
        && location != "3"
        && exportable.trimmed() == "true"
    {
        let why = "only a key in software (KeyLocation 3) can be exportable; the import fails";
        let found = format!("an exportable key with KeyLocation {}", quote(location));
        let at = uri(install, "PFXKeyExportable");
        report.error("WS018", exportable.span, found, why).at(at).instead("false");
    }
    let kind = install.leaf("PFXCertPasswordEncryptionType");
    let kind_known = kind.is_none_or(|touch| touch.concrete().is_some());
    let kind = install.value("PFXCertPasswordEncryptionType");
    let custom = kind.is_some_and(|kind| kind.trimmed() == "2");
    let store = install.leaf("PFXCertPasswordEncryptionStore").filter(|touch| touch.is_write());
    if let Some(store) = store.filter(|_| kind_known && !custom) {
        let why = "a store is named only for passwords encrypted to a certificate of one's own";
        let found = "PFXCertPasswordEncryptionStore without PFXCertPasswordEncryptionType 2";
        report.error("WS018", store.target.span.clone(), found, why).at(&store.uri);
    }
    let container = install.leaf("ContainerName").filter(|touch| touch.is_write());
    match (location, container) {
        (Some("4"), None) => {
            let Some(touch) = install.leaf("KeyLocation") else { return };
            let why =
                "Windows Hello for Business needs the name of the container; the import fails";
            let found = "KeyLocation 4 without ContainerName";
            report.error("WS016", touch.target.span.clone(), found, why).at(&touch.uri);
        }
        (Some("1" | "2" | "3"), Some(container)) => {
            let why = "a container is only used with KeyLocation 4";
            let found = "ContainerName without KeyLocation 4";
            report.warning("WS016", container.target.span.clone(), found, why).at(&container.uri);
        }
        _ => {}
    }
}

fn blob(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let Some(data) = install.value("PFXCertBlob") else { return };
    let at = uri(install, "PFXCertBlob");
    let text: String = data.text.split_whitespace().collect();
    let Ok(octets) = STANDARD.decode(text) else {
        let why = "the device reads the blob as base64";
        report.error("WS018", data.span, "a blob that is not base64", why).at(at);
        return;
    };
    if !is_pkcs12(&octets) {
        let why = "the device imports PKCS #12 (RFC 7292), version 3, and nothing else";
        report.error("WS018", data.span, "a blob that is not PKCS #12", why).at(at);
    }
}

/// Whether octets start as PFX does (RFC 7292 §4): a SEQUENCE, and in it the INTEGER 3.
fn is_pkcs12(octets: &[u8]) -> bool {
    let Some([0x30, length, rest @ ..]) = octets.get(..) else { return false };
    // The length takes further octets if it is longer than 127, and none if it is indefinite.
    let more = if *length > 0x80 { usize::from(length & 0x7f) } else { 0 };
    rest.get(more..).is_some_and(|content| content.starts_with(&[0x02, 0x01, 0x03]))
}
