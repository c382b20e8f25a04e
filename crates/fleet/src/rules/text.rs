//! The rules that look at the text alone, whatever it is.

use std::collections::BTreeSet;

use super::catalogue::{
    FL001, FL002, FL003, FL004, FL005, FL006, FL017, FL060, FL061, FL062, FL063, FL064, FL065,
    FL071, FL072,
};
use super::report::Report;
use super::{License, NO_LICENSE, Upload, combination};
use crate::template::{Template, WhyMisplaced};
use crate::unavailable::Unavailable;
use crate::variable::{Destination, Fixed, Occurrence, OfCa, Variable, meant, unfinished};
use crate::xml::is_within;

pub(super) fn check(upload: &Upload<'_>, report: &mut Report<'_>) {
    if upload.destination == Destination::AppleDeclaration {
        declaration(upload, report);
    }
    for found in upload.found {
        if report.is_full() {
            return;
        }
        variable(upload, found, report);
    }
    license(upload, report);
    repeated(upload, report);
    secrets(upload, report);
    combination::check(upload, report);
    places(upload, report);
    for span in unfinished(upload.text) {
        let text = upload.text.get(span.clone()).unwrap_or_default();
        report.find(&FL064, span, format!("{text:?} looks like a variable, and is none."));
    }
}

/// Variables of Fleet's own kind, and not secrets or vitals.
const fn is_var(variable: &Variable) -> bool {
    matches!(variable, Variable::Fixed(_) | Variable::OfCa(..) | Variable::Unknown(_))
}

fn declaration(upload: &Upload<'_>, report: &mut Report<'_>) {
    if let Some(first) = upload.found.iter().find(|found| is_var(&found.variable)) {
        let message = "Fleet variables ($FLEET_VAR_*) are not currently supported in DDM profiles";
        report.find(&FL006, first.span.clone(), message);
    }
}

fn variable(upload: &Upload<'_>, found: &Occurrence, report: &mut Report<'_>) {
    let name = found.variable.full_name();
    let taken = found.variable.may_stand(upload.destination, upload.rules);
    match &found.variable {
        Variable::HostSecret(_) => {
            let message = format!("${name} is for Fleet itself.");
            report.find(&FL071, found.span.clone(), message);
        }
        Variable::Secret(_) | Variable::HostVital(_) => {}
        _ if upload.destination == Destination::AppleDeclaration => {}
        variable if !taken => {
            let kind = match upload.destination {
                Destination::WindowsProfile => "Windows profiles",
                _ => "configuration profiles",
            };
            let message = format!("Fleet variable ${name} is not supported in {kind}.");
            let instead = match variable {
                Variable::Unknown(unknown) => meant(unknown),
                _ => None,
            };
            let instead = instead.filter(|meant| meant.may_stand(upload.destination, upload.rules));
            let draft = report.find(&FL001, found.span.clone(), message);
            draft.instead_if(instead.map(|meant| meant.to_string()));
        }
        Variable::OfCa(kind, ca) => {
            let cas = match kind {
                OfCa::DigicertData | OfCa::DigicertPassword => upload.server.digicert.as_slice(),
                OfCa::CustomScepChallenge | OfCa::CustomScepProxyUrl => &upload.server.custom_scep,
                OfCa::SmallstepScepChallenge | OfCa::SmallstepScepProxyUrl => {
                    &upload.server.smallstep
                }
                OfCa::EjbcaData | OfCa::EjbcaPassword => &[],
            };
            if !cas.contains(ca) {
                let message = format!("Fleet variable ${name} does not exist.");
                let near = cas.iter().find(|known| known.eq_ignore_ascii_case(ca));
                let instead = near.map(|near| Variable::OfCa(*kind, near.clone()).to_string());
                report.find(&FL002, found.span.clone(), message).instead_if(instead);
            }
        }
        variable @ Variable::Fixed(Fixed::NdesScepChallenge | Fixed::NdesScepProxyUrl)
            if !upload.server.ndes =>
        {
            let message = Unavailable::NoNdes.message(variable, upload.destination);
            report.find(&FL065, found.span.clone(), message);
        }
        _ => {}
    }
}

/// Premium is asked for by every variable on Windows, and by those of a CA elsewhere.
fn license(upload: &Upload<'_>, report: &mut Report<'_>) {
    let windows = upload.destination == Destination::WindowsProfile;
    let premium =
        |found: &&Occurrence| found.variable.is_of_a_ca() || (windows && is_var(&found.variable));
    let first = upload.found.iter().find(premium);
    if let Some(first) = first.filter(|_| upload.server.license == License::Free) {
        report.find(&FL004, first.span.clone(), NO_LICENSE);
    }
}

fn repeated(upload: &Upload<'_>, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    let mut renewal = false;
    for found in upload.found {
        let variable = &found.variable;
        if variable.is_of_a_ca() && !seen.insert(variable) {
            let name = variable.full_name();
            let message =
                format!("Fleet variable ${name} is already present in configuration profile.");
            report.find(&FL003, found.span.clone(), message);
        }
        if variable.is_renewal_id() {
            if renewal {
                report.find(&FL017, found.span.clone(), must_be_in_ou(upload));
            }
            renewal = true;
        }
    }
}

/// Fleet says OU, although a CN does as well.
pub(super) fn must_be_in_ou(upload: &Upload<'_>) -> String {
    format!(
        "Variable $FLEET_VAR_{} must be in the SCEP certificate's organizational unit (OU).",
        upload.rules.renewal_id()
    )
}

/// All secrets that are missing are told in one sentence.
fn secrets(upload: &Upload<'_>, report: &mut Report<'_>) {
    let Some(known) = &upload.server.secrets else { return };
    let mut seen = BTreeSet::new();
    let mut missing = Vec::new();
    for found in upload.found {
        if let Variable::Secret(name) = &found.variable
            && !known.contains(name)
            && seen.insert(name)
        {
            missing.push(found);
        }
    }
    let Some(first) = missing.first() else { return };
    let span = first.span.clone();
    let names: Vec<String> =
        missing.iter().map(|found| format!("\"{}\"", found.variable)).collect();
    let plural = if names.len() == 1 { "" } else { "s" };
    let message =
        format!("Couldn't add. Secret variable{plural} {} missing from database", names.join(", "));
    report.find(&FL005, span, message);
}

/// Places where Fleet would leave the variable as it is, or where a value would do harm.
fn places(upload: &Upload<'_>, report: &mut Report<'_>) {
    let misplaced =
        Template::misplaced(upload.text, upload.found, upload.destination, upload.limits);
    for (found, why) in misplaced {
        let name = found.variable.full_name();
        let (rule, message) = match why {
            WhyMisplaced::NotIn(_)
                if matches!(found.variable, Variable::Secret(_) | Variable::HostVital(_)) =>
            {
                (&FL063, format!("${name} is not filled in in such a document."))
            }
            // These are told already.
            WhyMisplaced::Unknown | WhyMisplaced::NotIn(_) => continue,
            WhyMisplaced::Embedded => {
                (&FL060, format!("${name} is not all of the text of its element."))
            }
            WhyMisplaced::Subject => (
                &FL072,
                format!("${name} does not stand for the value of an attribute of the subject."),
            ),
            WhyMisplaced::Markup => {
                (&FL063, format!("${name} stands outside of the text of an element."))
            }
            WhyMisplaced::Element => {
                (&FL063, format!("${name} stands in an element that takes no variables."))
            }
            WhyMisplaced::JsonString => {
                (&FL063, format!("${name} does not stand inside a string."))
            }
            WhyMisplaced::Quoting | WhyMisplaced::Shell => {
                (&FL063, format!("${name} stands where its quoting cannot be told."))
            }
        };
        report.find(rule, found.span, message);
    }
    let Some(Ok(tree)) = &upload.xml else { return };
    for found in upload.found {
        let name = found.variable.full_name();
        let at = found.span.start;
        if is_within(&tree.comments, at) {
            let message = format!("${name} stands in a comment.");
            report.find(&FL062, found.span.clone(), message);
        } else if is_within(&tree.cdata, at) && matches!(found.variable, Variable::OfCa(..)) {
            let message = format!("${name} stands in a CDATA section.");
            report.find(&FL061, found.span.clone(), message);
        }
    }
}
