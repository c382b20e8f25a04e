//! Which nodes a SCEP profile for Windows may have, and which it must.

use core::ops::Range;
use std::collections::BTreeSet;

use super::catalogue::{FL043, FL044, FL045, FL046, FL047, FL048, FL049};
use super::report::Report;
use super::{Rules, Upload};
use crate::windows::{addresses, behind_certificate_id};
use crate::xml::Element;

const ID: &str = "$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID";

/// Below the node of the certificate; the empty name is the node itself.
const REQUIRED: [&str; 9] = [
    "",
    "/Install/CAThumbprint",
    "/Install/Challenge",
    "/Install/EKUMapping",
    "/Install/HashAlgorithm",
    "/Install/KeyLength",
    "/Install/KeyUsage",
    "/Install/ServerURL",
    "/Install/SubjectName",
];
const OPTIONAL: [&str; 10] = [
    "/Install/AADKeyIdentifierList",
    "/Install/ContainerName",
    "/Install/CustomTextToShowInPrompt",
    "/Install/KeyProtection",
    "/Install/RetryCount",
    "/Install/RetryDelay",
    "/Install/SubjectAlternativeNames",
    "/Install/TemplateName",
    "/Install/ValidPeriod",
    "/Install/ValidPeriodUnits",
];
const ENROLL: &str = "/Install/Enroll";

const ONLY_SCEP: &str = "Only options that have <LocURI> starting with \
    \"ClientCertificateInstall/SCEP/\" can be added to SCEP profile.";

/// An address of a command.
struct Address<'a> {
    loc_uri: String,
    span: Range<usize>,
    command: &'a Element,
}

impl Address<'_> {
    /// What is behind `ClientCertificateInstall/SCEP/`, with the scope, if it is that.
    fn scep(&self, rules: Rules) -> Option<(&'static str, &str)> {
        let scopes: &[&str] = match rules {
            Rules::Guide => &["./Device"],
            Rules::Current => &["./Device", "./User"],
        };
        scopes.iter().find_map(|scope| {
            let path = self.loc_uri.strip_prefix(scope)?;
            Some((*scope, path.strip_prefix("/Vendor/MSFT/ClientCertificateInstall/SCEP/")?))
        })
    }
}

pub(super) fn check(upload: &Upload<'_>, commands: &[&Element], report: &mut Report<'_>) {
    let text = upload.text;
    let all: Vec<Address<'_>> = commands
        .iter()
        .flat_map(|command| {
            let named = addresses(command, text).into_iter();
            named.map(|(loc_uri, span)| Address { loc_uri, span, command })
        })
        .collect();
    let execs: Vec<&&Element> =
        commands.iter().filter(|command| command.local_name(text) == "Exec").collect();
    let Some(first) = all.iter().find(|address| address.scep(upload.rules).is_some()) else {
        for exec in execs {
            let message = "Only SCEP profiles can include <Exec> elements.";
            report.find(&FL045, exec.name.clone(), message);
        }
        return;
    };
    let scope = first.scep(upload.rules).map(|(scope, _)| scope);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut enrolls = false;
    for address in &all {
        let Some((its_scope, path)) = address.scep(upload.rules) else {
            report.find(&FL048, address.span.clone(), ONLY_SCEP);
            continue;
        };
        if Some(its_scope) != scope {
            let message = "All <LocURI> elements in the SCEP profile must start either with \
                 \"./Device\" or \"./User\".";
            report.find(&FL044, address.span.clone(), message);
        }
        let Some(leaf) = behind_certificate_id(path) else {
            let message =
                format!("You must use \"{ID}\" after \"ClientCertificateInstall/SCEP/\".");
            let draft = report.find(&FL043, address.span.clone(), message);
            draft.instead_if(instead(its_scope, path));
            continue;
        };
        let is_exec = address.command.local_name(text) == "Exec";
        enrolls |= leaf == ENROLL && is_exec;
        let known = REQUIRED.contains(&leaf) || OPTIONAL.contains(&leaf) || leaf == ENROLL;
        if !known || !seen.insert(leaf) {
            report.find(&FL048, address.span.clone(), ONLY_SCEP);
        }
    }
    let path = |leaf: &str| format!("\"ClientCertificateInstall/SCEP/{ID}{leaf}\"");
    if !enrolls {
        let message =
            format!("{} must be included within <Exec>. Please add and try again.", path(ENROLL));
        report.find(&FL046, first.span.clone(), message);
    }
    for exec in execs.iter().skip(1) {
        let message = "SCEP profiles must include exactly one <Exec> element.";
        report.find(&FL047, exec.name.clone(), message);
    }
    for leaf in REQUIRED.into_iter().filter(|leaf| !seen.contains(leaf)) {
        let message = format!("{} is missing. Please add and try again.", path(leaf));
        report.find(&FL049, first.span.clone(), message);
    }
}

/// The address with the variable in the place of another id.
fn instead(scope: &str, path: &str) -> Option<String> {
    let leaf = path.find('/').and_then(|at| path.get(at..)).unwrap_or_default();
    let known = REQUIRED.contains(&leaf) || OPTIONAL.contains(&leaf) || leaf == ENROLL;
    known.then(|| format!("{scope}/Vendor/MSFT/ClientCertificateInstall/SCEP/{ID}{leaf}"))
}
