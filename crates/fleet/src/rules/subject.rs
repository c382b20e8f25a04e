//! The subject and the challenge of a SCEP certificate for Windows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Upload;
use super::catalogue::{FL037, FL038, FL068, FL069, FL070};
use super::report::Report;
use super::windows::Item;
use crate::template::attributes;
use crate::variable::occurrences;
use crate::windows::{first_unprintable, is_subject_name};
use crate::xml::Element;

/// The mark has to be the first that stands in the OU, in as many words.
pub(super) fn renewal_id(
    upload: &Upload<'_>,
    item: &Item<'_>,
    custom: bool,
    report: &mut Report<'_>,
) {
    if !item.loc_uri.ends_with("/Install/SubjectName") {
        return;
    }
    if item.data.is_none() && custom {
        report.find(&FL037, item.element.span.clone(), "SubjectName item is missing data");
        return;
    }
    let data = item.raw(upload.text);
    let marked = occurrences(data).any(|found| {
        let before = data.get(..found.span.start).unwrap_or_default();
        found.variable.is_renewal_id() && before.ends_with("OU=")
    });
    if !marked {
        let message = "SubjectName item must contain the $FLEET_VAR_CERTIFICATE_RENEWAL_ID variable \
             in the OU field";
        let draft = report.find(&FL038, item.span(), message);
        draft.instead(format!("{},OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID", data.trim()));
    }
}

pub(super) fn check(upload: &Upload<'_>, item: &Item<'_>, report: &mut Report<'_>) {
    let Some(data) = item.data else { return };
    if is_subject_name(&item.loc_uri) {
        separators(upload, data, report);
    }
    if item.loc_uri.contains("ClientCertificateInstall/SCEP/")
        && item.loc_uri.ends_with("/Install/Challenge")
    {
        challenge(upload, data, report);
    }
}

/// Separators that were to be part of a value.
fn separators(upload: &Upload<'_>, data: &Element, report: &mut Report<'_>) {
    for piece in data.texts() {
        let attributes = attributes(upload.text, piece);
        for (before, attribute) in attributes.iter().zip(attributes.iter().skip(1)) {
            let text = upload.text.get(attribute.span.clone()).unwrap_or_default();
            let stray = attribute.key.is_empty() && !text.trim().is_empty();
            // What is no value belongs to `FL072`.
            if !stray || occurrences(text).next().is_some() {
                continue;
            }
            let separator = before.span.end..attribute.span.start;
            let found = upload.text.get(separator.clone()).unwrap_or_default();
            let message = format!("{found:?} ends the attribute before it, and no other follows.");
            let key = upload.text.get(before.key.clone()).unwrap_or_default();
            let whole = upload.text.get(before.value.start..attribute.span.end).unwrap_or_default();
            let draft = report.find(&FL068, separator, message);
            draft.instead(format!("{key}=\"{}\"", whole.trim()));
        }
    }
}

/// A challenge that the administrator has written. What it is stays untold.
fn challenge(upload: &Upload<'_>, data: &Element, report: &mut Report<'_>) {
    let value = data.value(upload.text);
    let value = value.trim();
    if value.is_empty() || occurrences(value).next().is_some() {
        return;
    }
    if let Some((_, character)) = first_unprintable(value) {
        let message = format!(
            "The challenge has the character U+{:04X}, which Windows cannot send.",
            u32::from(character)
        );
        report.find(&FL069, data.inner.clone(), message);
    }
    let decoded = STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let text = decoded.is_some_and(|text| text.chars().all(|c| !c.is_control()));
    if text && value.ends_with('=') {
        let message = "The challenge looks like base64, and is sent as it is.";
        report.find(&FL070, data.inner.clone(), message);
    }
}
