//! Profiles for Apple devices.

use super::Upload;
use super::catalogue::{FL018, FL020, FL021, FL024};
use super::plist::{Value, path};
use super::report::Report;
use super::{digicert, length, scep};
use crate::rules::Rules;
use crate::variable::{Occurrence, OfCa, Variable};

/// How a signed profile begins: a SEQUENCE of DER or BER.
const SEQUENCE: u8 = 0x30;

pub(super) fn check(upload: &Upload<'_>, report: &mut Report<'_>) {
    if upload.bytes.first() == Some(&SEQUENCE) {
        if let Some(first) = upload.found.first() {
            let message = "a signed profile cannot contain Fleet variables ($FLEET_VAR_*)";
            report.find(&FL020, first.span.clone(), message);
        }
        // What is inside is for others to read.
        return;
    }
    let digicert = upload.found.iter().find(|found| is_of_digicert(found));
    let scep = upload.found.iter().find(|found| needs_scep(upload, found));
    let Some(parsed) = &upload.xml else { return };
    match parsed {
        Err(fault) => {
            let (span, error) = (fault.span.clone(), fault.in_words(upload.text));
            if digicert.is_some() {
                let message =
                    format!("Failed to parse PKCS12 payload with Fleet variables: {error}");
                report.find(&FL021, span.clone(), message);
            }
            if scep.is_some() {
                let message = format!("Failed to parse SCEP payload with Fleet variables: {error}");
                report.find(&FL024, span.clone(), message);
            }
            if digicert.is_none() && scep.is_none() {
                report.find(&FL018, span, error);
            }
        }
        Ok(tree) => {
            let Some(root) = Value::root(tree, upload.text) else {
                report.find(&FL018, 0..0, "There is no property list.");
                return;
            };
            if digicert.is_some() {
                digicert::check(upload, root, report);
            }
            if let Some(first) = scep {
                scep::check(upload, root, first, report);
            }
            length::apple(upload, root, report);
            for place in report.places() {
                place.path = path(tree, upload.text, &place.span);
            }
        }
    }
}

const fn is_of_digicert(found: &Occurrence) -> bool {
    matches!(found.variable, Variable::OfCa(OfCa::DigicertData | OfCa::DigicertPassword, _))
}

/// Whether a variable belongs into the SCEP payload.
fn needs_scep(upload: &Upload<'_>, found: &Occurrence) -> bool {
    let of_a_ca = found.variable.is_of_a_ca() && !is_of_digicert(found);
    // Alone it may stand in an ACME payload, for which nothing is checked.
    of_a_ca || (found.variable.is_renewal_id() && upload.rules == Rules::Guide)
}
