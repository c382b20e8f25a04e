//! Which variables of CAs go together.

use core::ops::Range;
use std::collections::BTreeSet;

use super::Upload;
use super::catalogue::{FL010, FL011, FL012, FL013, FL014, FL015, FL016, Rule};
use super::report::Report;
use crate::rules::Rules;
use crate::variable::{Destination, Fixed, OfCa, Variable};

/// The variables of one kind: the names of their CAs, and where they stand.
struct Named<'a>(Vec<(&'a str, Range<usize>)>);

impl<'a> Named<'a> {
    fn of(upload: &Upload<'a>, wanted: OfCa) -> Self {
        let found = upload.found.iter().filter_map(|found| match &found.variable {
            Variable::OfCa(kind, ca) if *kind == wanted => Some((ca.as_str(), found.span.clone())),
            _ => None,
        });
        Self(found.collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn span(&self) -> Option<Range<usize>> {
        self.0.first().map(|(_, span)| span.clone())
    }

    /// Those whose name the other kind does not have.
    fn without(&self, other: &Self) -> Vec<(&'a str, Range<usize>)> {
        let others: BTreeSet<&str> = other.0.iter().map(|(ca, _)| *ca).collect();
        self.0.iter().filter(|(ca, _)| !others.contains(ca)).cloned().collect()
    }
}

fn fixed<'a>(upload: &'a Upload<'_>, wanted: Fixed) -> Option<&'a Range<usize>> {
    let wanted = Variable::Fixed(wanted);
    upload.found.iter().find(|found| found.variable == wanted).map(|found| &found.span)
}

fn renewal_id<'a>(upload: &'a Upload<'_>) -> Option<&'a Range<usize>> {
    upload.found.iter().find(|found| found.variable.is_renewal_id()).map(|found| &found.span)
}

pub(super) fn check(upload: &Upload<'_>, report: &mut Report<'_>) {
    if !matches!(upload.destination, Destination::AppleProfile | Destination::WindowsProfile) {
        return;
    }
    let takes = |variable: Variable| variable.may_stand(upload.destination, upload.rules);
    // Of what Fleet does not take there is no more to say.
    let apple = upload.destination == Destination::AppleProfile;
    if apple {
        pair(upload, report, &DIGICERT);
    }
    let custom = scep(upload, report, &CUSTOM);
    let smallstep = apple && scep(upload, report, &SMALLSTEP);
    let ndes = takes(Variable::Fixed(Fixed::NdesScepChallenge)) && ndes(upload, report);
    if let Some(span) = renewal_id(upload)
        && !custom
        && !smallstep
        && !ndes
        && apple
    {
        let message = "Variable \"$FLEET_VAR_SCEP_RENEWAL_ID\" can't be used if variables for SCEP \
             URL and Challenge are not specified.";
        report.find(&FL016, span.clone(), message);
    }
}

/// Whether the profile is of those that have to have the mark of their certificate.
fn needs_renewal_id(upload: &Upload<'_>) -> bool {
    upload.destination == Destination::AppleProfile || upload.rules == Rules::Current
}

/// Two kinds of variables, of which each CA has to have both.
struct Pair {
    first: OfCa,
    second: OfCa,
    rule: &'static Rule,
    /// What Fleet says of names that differ, when it has nothing better to say.
    mismatch: &'static str,
}

const DIGICERT: Pair = Pair {
    first: OfCa::DigicertData,
    second: OfCa::DigicertPassword,
    rule: &FL010,
    mismatch: "CA name mismatch between $FLEET_VAR_DIGICERT_DATA_<ca_name> and \
               $FLEET_VAR_DIGICERT_PASSWORD_<ca_name> in the profile.",
};

fn pair(upload: &Upload<'_>, report: &mut Report<'_>, pair: &Pair) {
    let (first, second) = (Named::of(upload, pair.first), Named::of(upload, pair.second));
    let (alone, other) = (first.without(&second), second.without(&first));
    for (missing, found) in [(pair.second, &alone), (pair.first, &other)] {
        for (ca, span) in found {
            let variable = Variable::OfCa(missing, (*ca).to_owned());
            let message = format!("Missing {variable} in the profile");
            report.find(pair.rule, span.clone(), message).instead(variable.to_string());
        }
    }
    if let ([(_, span)], [_]) = (alone.as_slice(), other.as_slice()) {
        report.find(pair.rule, span.clone(), pair.mismatch);
    }
}

/// A kind of CA behind Fleet's SCEP proxy.
struct Scep {
    names: Pair,
    /// The rule for what is missing.
    incomplete: &'static Rule,
    title: &'static str,
}

const CUSTOM: Scep = Scep {
    names: Pair {
        first: OfCa::CustomScepChallenge,
        second: OfCa::CustomScepProxyUrl,
        rule: &FL012,
        mismatch: "CA name mismatch between $FLEET_VAR_CUSTOM_SCEP_PROXY_URL_<ca_name> and \
                   $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_<ca_name> in the profile.",
    },
    incomplete: &FL011,
    title: "custom SCEP",
};

const SMALLSTEP: Scep = Scep {
    names: Pair {
        first: OfCa::SmallstepScepChallenge,
        second: OfCa::SmallstepScepProxyUrl,
        rule: &FL015,
        mismatch: "CA name mismatch between $FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_<ca_name> and \
                   $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_<ca_name> in the profile.",
    },
    incomplete: &FL014,
    title: "Smallstep",
};

/// Checks a kind of CA; says whether the profile has anything of it.
fn scep(upload: &Upload<'_>, report: &mut Report<'_>, scep: &Scep) -> bool {
    let challenges = Named::of(upload, scep.names.first);
    let urls = Named::of(upload, scep.names.second);
    let Some(span) = challenges.span().or_else(|| urls.span()) else { return false };
    let renewal = needs_renewal_id(upload);
    let complete =
        !challenges.is_empty() && !urls.is_empty() && (!renewal || renewal_id(upload).is_some());
    if complete {
        pair(upload, report, &scep.names);
        return true;
    }
    let challenge = format!("$FLEET_VAR_{}<CA_NAME>", scep.names.first.prefix());
    let url = format!("$FLEET_VAR_{}<CA_NAME>", scep.names.second.prefix());
    let all = match renewal {
        true => format!("{challenge}, {url}, and $FLEET_VAR_{}", upload.rules.renewal_id()),
        false => format!("{challenge} and {url}"),
    };
    let message =
        format!("SCEP profile for {} certificate authority requires: {all} variables.", scep.title);
    report.find(scep.incomplete, span, message);
    true
}

fn ndes(upload: &Upload<'_>, report: &mut Report<'_>) -> bool {
    let challenge = fixed(upload, Fixed::NdesScepChallenge);
    let url = fixed(upload, Fixed::NdesScepProxyUrl);
    let Some(span) = challenge.or(url) else { return false };
    if challenge.is_none() || url.is_none() || renewal_id(upload).is_none() {
        let message = format!(
            "SCEP profile for NDES certificate authority requires: $FLEET_VAR_NDES_SCEP_CHALLENGE, \
             $FLEET_VAR_NDES_SCEP_PROXY_URL, and $FLEET_VAR_{} variables.",
            upload.rules.renewal_id()
        );
        report.find(&FL013, span.clone(), message);
    }
    true
}
