//! Certificates of DigiCert, in PKCS #12 payloads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Upload;
use super::catalogue::{FL022, FL023};
use super::plist::Value;
use super::report::Report;
use crate::variable::{OfCa, Variable, occurrences};

/// Characters of a value that Fleet shows in an error.
const SHOWN: usize = 100;

pub(super) fn check(upload: &Upload<'_>, root: Value<'_>, report: &mut Report<'_>) {
    let mut matched = Vec::new();
    for payload in root.payloads("com.apple.security.pkcs12") {
        let password = payload.get("Password").and_then(Value::string);
        let Some(Variable::OfCa(OfCa::DigicertPassword, ca)) = password.and_then(|it| alone(&it))
        else {
            continue;
        };
        // What is no data is passed over.
        let content = payload.get("PayloadContent");
        let Some((content, data)) = content.and_then(|it| Some((it, it.data()?))) else { continue };
        if alone(&data) == Some(Variable::OfCa(OfCa::DigicertData, ca.clone())) {
            matched.push(ca);
            continue;
        }
        let message = format!(
            "CA name mismatch between $FLEET_VAR_DIGICERT_PASSWORD_{ca} and {} in PKCS12 payload.",
            shown(&data)
        );
        let instead = Variable::OfCa(OfCa::DigicertData, ca).to_string();
        report.find(&FL022, content.element.span.clone(), message).instead(instead);
    }
    let mut told = std::collections::BTreeSet::new();
    for found in upload.found {
        let Variable::OfCa(OfCa::DigicertData | OfCa::DigicertPassword, ca) = &found.variable
        else {
            continue;
        };
        if !matched.contains(ca) && told.insert(ca) {
            let message = format!(
                "Variables $FLEET_VAR_DIGICERT_PASSWORD_{ca} and $FLEET_VAR_DIGICERT_DATA_{ca} can \
                 only be included in the 'com.apple.security.pkcs12' payload under Password and \
                 PayloadContent, respectively."
            );
            report.find(&FL023, found.span.clone(), message);
        }
    }
}

/// The variable that is all of a text, in either spelling.
pub(super) fn alone(text: &str) -> Option<Variable> {
    let found = occurrences(text).next()?;
    (found.span == (0..text.len())).then_some(found.variable)
}

/// The content as Fleet has it: what the base64 says, or the variable itself.
fn shown(data: &str) -> String {
    let plain: String = data.split_ascii_whitespace().collect();
    let content = match STANDARD.decode(plain) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => data.to_owned(),
    };
    match content.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", content.get(..end).unwrap_or_default()),
        None => content,
    }
}
