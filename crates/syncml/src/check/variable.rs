//! Variables (WS027).

use super::Target;
use super::plan::Plan;
use super::report::{MOST, Report, quote};
use crate::placeholder::{Placeholder, Syntax, placeholders, unbalanced};
use crate::value::Value;

/// The variables of Fleet that it fills in a Windows profile.
const FLEET: [&str; 13] = [
    "HOST_UUID",
    "HOST_HARDWARE_SERIAL",
    "HOST_PLATFORM",
    "HOST_END_USER_IDP_USERNAME",
    "HOST_END_USER_IDP_USERNAME_LOCAL_PART",
    "HOST_END_USER_IDP_FULL_NAME",
    "HOST_END_USER_IDP_DEPARTMENT",
    "HOST_END_USER_IDP_GROUPS",
    "NDES_SCEP_CHALLENGE",
    "NDES_SCEP_PROXY_URL",
    "SCEP_RENEWAL_ID",
    "CERTIFICATE_RENEWAL_ID",
    "SCEP_WINDOWS_CERTIFICATE_ID",
];

/// Those with the name of a CA at the end.
const FLEET_OF_A_CA: [&str; 2] = ["CUSTOM_SCEP_CHALLENGE_", "CUSTOM_SCEP_PROXY_URL_"];

pub(super) fn check(plan: &Plan<'_>, target: Target, report: &mut Report<'_>) {
    for touch in &plan.touches {
        let texts = [Some(touch.target.clone()), touch.item.data()];
        for value in texts.into_iter().flatten() {
            variables(&value, &touch.uri, target, report);
        }
    }
}

fn variables(value: &Value<'_>, uri: &str, target: Target, report: &mut Report<'_>) {
    let text = &value.text;
    if let Some((span, closing)) = unbalanced(text) {
        let why = "a variable that does not end is not filled in, and reaches the device as it is";
        let found = format!("a variable without {closing}");
        let span = report.part(value, span);
        report.warning("WS027", span, found, why).at(uri);
    }
    for variable in placeholders(text).filter(|variable| !is_filled(variable, target)).take(MOST) {
        match variable.syntax {
            Syntax::Fleet => {
                let name = variable.name.strip_prefix("FLEET_VAR_").unwrap_or_default();
                let found = format!("the variable {}", quote(variable.name));
                let why = "Fleet has no such variable for Windows, and refuses the profile";
                let instead = meant(name).map(|meant| format!("$FLEET_VAR_{meant}"));
                let span = report.part(value, variable.span);
                report.warning("WS027", span, found, why).at(uri).instead_if(instead);
            }
            _ => {
                let found = format!("the variable {}", quote(variable.name));
                let why = "Fleet does not fill this in: it reaches the device as it is";
                let span = report.part(value, variable.span);
                report.warning("WS027", span, found, why).at(uri).instead("$FLEET_VAR_…");
            }
        }
    }
}

/// Whether there is nothing to say of a variable.
fn is_filled(variable: &Placeholder<'_>, target: Target) -> bool {
    match (variable.syntax, variable.name.strip_prefix("FLEET_VAR_")) {
        (Syntax::Fleet, name) => name.is_none_or(is_known),
        (Syntax::Braces | Syntax::Dollar | Syntax::Percent, _) => target != Target::Fleet,
        _ => true,
    }
}

fn is_known(name: &str) -> bool {
    let of_a_ca = |known: &&str| name.len() > known.len() && name.starts_with(*known);
    FLEET.contains(&name) || FLEET_OF_A_CA.iter().any(of_a_ca)
}

/// What somebody may have meant.
fn meant(name: &str) -> Option<String> {
    let known = |meant: &&&str| name.starts_with(**meant) || meant.starts_with(name);
    if let Some(ca) = name.strip_prefix("CUSTOM_SCEP_PASSWORD_") {
        return Some(format!("CUSTOM_SCEP_CHALLENGE_{ca}"));
    }
    FLEET.iter().filter(known).max_by_key(|meant| meant.len()).map(|meant| (*meant).to_owned())
}
