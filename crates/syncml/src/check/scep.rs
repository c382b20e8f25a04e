//! SCEP installs: completeness and order (WS009, WS010), and what the settings ask of each other
//! (WS015, WS016, WS017, WS021, WS026).

use super::plan::{Install, Kind, Plan, Touch};
use super::report::{Report, quote};
use crate::csp::PROVIDERS;
use crate::document::Form;
use crate::install::ScepInstall;
use crate::key_usage::KeyUsage;
use crate::name::is_oid;
use crate::value::Value;
use crate::verb::Verb;

const CSP: &str = "ClientCertificateInstall";

pub(super) fn check(plan: &Plan<'_>, report: &mut Report<'_>) {
    for install in plan.installs() {
        if install.is_install() {
            atomic(&install, report);
            if install.kind == Kind::Scep {
                complete(&install, report);
                order(&install, report);
                hello(&install, report);
                hash(&install, report);
                period(&install, report);
            }
        }
    }
    for touch in plan.touches.iter().filter(|touch| touch.is_write()) {
        let known = touch.found().map(|found| (found.csp.name, found.node.name()));
        let Some(data) = touch.concrete() else { continue };
        match known {
            Some((_, "KeyUsage")) => key_usage(touch, &data, report),
            Some((_, "EKUMapping")) => purposes(touch, &data, report),
            Some((CSP, "KeyLength")) if data.trimmed() == "1024" => {
                let why = "RSA keys of 1024 bits are too short, and many CAs refuse them";
                let draft = report.warning("WS017", data.span, "a key of 1024 bits", why);
                draft.at(&touch.uri).instead("2048");
            }
            _ => {}
        }
    }
}

/// Whether a command is part of the installation, and no question and no removal.
const fn is_part(touch: &Touch<'_>) -> bool {
    touch.is_write() || matches!(touch.verb, Verb::Exec)
}

/// All commands for one certificate are in one Atomic. A fragment gets it from the server.
fn atomic(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let mut touches = install.touches.iter().filter(|touch| is_part(touch));
    let Some(first) = touches.next().filter(|_| report.document.form() == Form::Message) else {
        return;
    };
    let apart = match first.atomic {
        None => Some(first),
        Some(_) => touches.find(|touch| touch.atomic != first.atomic),
    };
    if let Some(apart) = apart {
        let why = "all commands for one certificate belong into one Atomic; alone they are refused";
        let found = "a command for a certificate outside of its Atomic";
        report.error("WS010", apart.target.span.clone(), found, why).at(&apart.uri);
    }
}

fn complete(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let Some(first) = install.touches.first() else { return };
    let span = first.target.span.clone();
    let nodes = PROVIDERS.iter().filter(|csp| csp.name == CSP).flat_map(|csp| csp.nodes());
    let leaves = nodes.filter(|(path, _, node)| {
        path.starts_with("SCEP/{UniqueID}/Install/") && node.is_required()
    });
    for (_, _, node) in leaves.filter(|(_, _, node)| install.leaf(node.name()).is_none()) {
        let found = format!("no {}", node.name());
        let why = match node.name() {
            "Enroll" => "nothing happens before Enroll is run",
            _ => "enrolment does not start without it",
        };
        report.error("WS009", span.clone(), found, why).at(&first.uri);
    }
    let is_node = |touch: &&&Touch<'_>| touch.is(CSP, "{UniqueID}");
    if !install.touches.iter().any(|touch| is_node(&touch) && touch.is_write()) {
        let why = "a leaf below a node that is not there is answered with status 404";
        let found = "no Add of the node itself";
        report.warning("WS009", span, found, why).at(&first.uri);
    }
}

fn order(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let is_enroll = |touch: &&&Touch<'_>| touch.is(CSP, "Enroll") && touch.verb == Verb::Exec;
    let mut after = install.touches.iter().skip_while(|touch| !is_enroll(touch)).skip(1);
    let Some(late) = after.find(|touch| is_part(touch)) else { return };
    let (found, why) = if is_enroll(&late) {
        ("Enroll a second time", "one Enroll makes one certificate")
    } else {
        ("a command behind Enroll", "what is written after Enroll has no effect on the enrolment")
    };
    report.error("WS009", late.target.span.clone(), found, why).at(&late.uri);
}

/// Windows Hello for Business has wishes of its own.
fn hello(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let container = install.leaf("ContainerName").filter(|touch| touch.is_write());
    let protection = install.value("KeyProtection");
    let Some(protection) = protection.filter(|value| value.trimmed() == "4") else {
        let known = install.leaf("KeyProtection").is_none_or(|touch| touch.concrete().is_some());
        if let Some(container) = container.filter(|_| known) {
            let why = "a container is only used with KeyProtection 4";
            let found = "ContainerName without KeyProtection 4";
            report.warning("WS016", container.target.span.clone(), found, why).at(&container.uri);
        }
        return;
    };
    let uri = install.leaf("KeyProtection").map_or_else(String::new, |touch| touch.uri.clone());
    if container.is_none() {
        let why = "Windows Hello for Business needs the name of the container; enrolment fails";
        let found = "KeyProtection 4 without ContainerName";
        report.error("WS016", protection.span, found, why).at(&uri);
    }
    for (leaf, only) in [("KeyLength", "2048"), ("HashAlgorithm", "SHA256")] {
        let Some(value) = install.value(leaf).filter(|value| value.trimmed() != only) else {
            continue;
        };
        let why = "Windows Hello for Business makes keys of 2048 bits and SHA-256 signatures only";
        let found = format!("{leaf} {} with KeyProtection 4", quote(value.trimmed()));
        report.error("WS016", value.span, found, why).at(&uri).instead(only);
    }
}

fn hash(install: &Install<'_, '_>, report: &mut Report<'_>) {
    let Some(value) = install.value("HashAlgorithm") else { return };
    let uri = install.leaf("HashAlgorithm").map_or("", |touch| touch.uri.as_str());
    let hello = install.value("KeyProtection").is_some_and(|value| value.trimmed() == "4");
    let tokens = || value.text.split(['+', ';']).map(str::trim);
    let known =
        |token: &str| ["SHA-1", "SHA-2", "SHA-3"].contains(&token) || hello && token == "SHA256";
    let unknown = tokens().find(|token| !known(token));
    if let Some(unknown) = unknown {
        let why = "the node names families, SHA-1, SHA-2 and SHA-3, joined with +";
        let found = format!("the hash {}", quote(unknown));
        report.warning("WS017", value.span.clone(), found, why).at(uri).instead("SHA-2");
    } else if tokens().all(|token| token == "SHA-1") {
        let why = "requests signed with SHA-1 are refused by CAs that are up to date";
        report.warning("WS017", value.span.clone(), "SHA-1 only", why).at(uri).instead("SHA-2");
    }
}

fn period(install: &Install<'_, '_>, report: &mut Report<'_>) {
    if let Some(attest) = install.leaf("AttestPrivateKey").filter(|touch| touch.is_write()) {
        let why = "no released Windows knows the node: status 404 undoes the Atomic";
        let span = attest.target.span.clone();
        report.warning("WS026", span, "AttestPrivateKey", why).at(&attest.uri);
    }
    let number = install.leaf("ValidPeriodUnits").filter(|touch| touch.is_write());
    if let (Some(number), None) = (number, install.leaf("ValidPeriod")) {
        let why = "the number is then one of days, which is easily overlooked";
        let span = number.target.span.clone();
        let draft = report.advice("WS026", span, "ValidPeriodUnits without ValidPeriod", why);
        draft.at(&number.uri).instead("ValidPeriod with Days, Months or Years");
    }
}

fn key_usage(touch: &Touch<'_>, data: &Value<'_>, report: &mut Report<'_>) {
    let text = data.trimmed();
    let lower = text.to_ascii_lowercase();
    let hex = lower.strip_prefix("0x");
    let number = match hex {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse::<u64>().ok(),
    };
    let found = format!("KeyUsage {}", quote(text));
    let span = data.span.clone();
    let Some(number) = number else {
        let why = "the node is a number: 128 to sign, 32 to encipher keys, 160 for both";
        report.error("WS015", span, found, why).at(&touch.uri).instead("160");
        return;
    };
    let Ok(octet) = u8::try_from(number) else {
        let why = "only the first octet of the extension can be said: at most 255";
        report.error("WS015", span, found, why).at(&touch.uri).instead("160");
        return;
    };
    let usage = KeyUsage::new(octet);
    if !usage.is_accepted() {
        let apple = KeyUsage::from_apple(octet);
        let (why, instead) = if apple.is_accepted() {
            ("that is how Apple counts; Windows counts from the other end", apple.value())
        } else {
            ("Windows needs 128, 32 or both in it", KeyUsage::SIGN_AND_ENCIPHER.value())
        };
        report.error("WS015", span, found, why).at(&touch.uri).instead(instead.to_string());
    } else if hex.is_some() {
        let why = "numbers are written in decimal digits; not every version takes others";
        report.warning("WS015", span, found, why).at(&touch.uri).instead(octet.to_string());
    } else if octet & !KeyUsage::SIGN_AND_ENCIPHER.value() != 0 {
        let names: Vec<&str> = usage.names().collect();
        let found = format!("{found}: {}", names.join(", "));
        let why = "client certificates sign and encipher keys; CAs refuse or drop the other uses";
        report.warning("WS015", span, found, why).at(&touch.uri);
    }
}

fn purposes(touch: &Touch<'_>, data: &Value<'_>, report: &mut Report<'_>) {
    let mut oids = data.text.split('+').map(str::trim);
    if let Some(other) = oids.clone().find(|oid| !is_oid(oid)) {
        let why = "the node is a list of object identifiers in dotted form, joined with +";
        let found = format!("{} in EKUMapping", quote(other));
        let joined = data.text.split([';', ',', ' ', '+']).map(str::trim);
        let joined: Vec<&str> = joined.filter(|oid| !oid.is_empty()).collect();
        let instead = match joined.iter().all(|oid| is_oid(oid)) && !joined.is_empty() {
            true => joined.join("+"),
            false => ScepInstall::CLIENT_AUTH.to_owned(),
        };
        report.error("WS021", data.span.clone(), found, why).at(&touch.uri).instead(instead);
    } else if !oids.any(|oid| oid == ScepInstall::CLIENT_AUTH || oid == "2.5.29.37.0") {
        let why = "without client authentication the certificate does not do for Wi-Fi or VPN";
        let instead = format!("{}+{}", data.trimmed(), ScepInstall::CLIENT_AUTH);
        let draft = report.warning("WS021", data.span.clone(), "no client authentication", why);
        draft.at(&touch.uri).instead(instead);
    }
}
