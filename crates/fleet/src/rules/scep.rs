//! The SCEP payload of a profile for Apple devices.

use super::Upload;
use super::catalogue::{FL025, FL026, FL027, FL028, FL029, FL067};
use super::digicert::alone;
use super::plist::Value;
use super::report::Report;
use super::text::must_be_in_ou;
use crate::variable::{Fixed, Occurrence, OfCa, Variable, occurrences};

const OUTSIDE: &str = "Variables prefixed with \"$FLEET_VAR_SCEP_\", \"$FLEET_VAR_CUSTOM_SCEP_\", \
    \"$FLEET_VAR_NDES_SCEP\" and \"$FLEET_VAR_SMALLSTEP_\" must only be in the SCEP payload.";

pub(super) fn check(
    upload: &Upload<'_>,
    root: Value<'_>,
    first: &Occurrence,
    report: &mut Report<'_>,
) {
    let payloads: Vec<_> = root.payloads("com.apple.security.scep").take(2).collect();
    let payload = match payloads.as_slice() {
        [] => {
            report.find(&FL026, first.span.clone(), OUTSIDE);
            return;
        }
        [payload] => *payload,
        [_, second, ..] => {
            report.find(&FL025, second.element.span.clone(), "Add only one SCEP payload.");
            return;
        }
    };
    let content = payload.get("PayloadContent");
    let field = |name| content.and_then(|content| content.get(name));
    let (challenge, url) = (field("Challenge"), field("URL"));
    for found in upload.found {
        let (value, rule, name) = match found.variable {
            Variable::Fixed(Fixed::NdesScepChallenge)
            | Variable::OfCa(OfCa::CustomScepChallenge | OfCa::SmallstepScepChallenge, _) => {
                (challenge, &FL027, "Challenge")
            }
            Variable::Fixed(Fixed::NdesScepProxyUrl)
            | Variable::OfCa(OfCa::CustomScepProxyUrl | OfCa::SmallstepScepProxyUrl, _) => {
                (url, &FL028, "URL")
            }
            _ => continue,
        };
        let is_there = value.and_then(Value::string).and_then(|text| alone(&text));
        if is_there.as_ref() != Some(&found.variable) {
            let message = format!(
                "Variable \"{}\" must be in the SCEP certificate's \"{name}\" field.",
                found.variable
            );
            report.find(rule, found.span.clone(), message);
        }
    }
    renewal_id(upload, field("Subject"), report);
}

/// The pairs of a subject, type and value.
pub(super) fn pairs<'a>(subject: Value<'a>) -> impl Iterator<Item = (String, Value<'a>)> {
    subject.items().flat_map(Value::items).filter_map(|pair| {
        let mut items = pair.items();
        let (key, value) = (items.next()?.string()?, items.next()?);
        Some((key.into_owned(), value))
    })
}

fn renewal_id(upload: &Upload<'_>, subject: Option<Value<'_>>, report: &mut Report<'_>) {
    let Some(mark) = upload.found.iter().find(|found| found.variable.is_renewal_id()) else {
        return;
    };
    let holds = |value: Value<'_>| {
        let text = value.string().unwrap_or_default();
        occurrences(&text).any(|found| found.variable.is_renewal_id())
    };
    let within = |key: &str| {
        let marked = |(name, value): &(String, Value<'_>)| name == key && holds(*value);
        subject.is_some_and(|subject| pairs(subject).any(|pair| marked(&pair)))
    };
    match (within("OU"), within("CN")) {
        (true, _) => {}
        (false, true) => {
            let message = format!("{} is in the common name (CN).", mark.variable);
            report.find(&FL067, mark.span.clone(), message);
        }
        (false, false) => {
            report.find(&FL029, mark.span.clone(), must_be_in_ou(upload));
        }
    }
}
