//! One value of a property list, in words.

use std::collections::HashMap;

use devicecert::mobileconfig::plist::{Node, Scalar, Value};
use devicecert::pki::{Certificate, Limits, from_pem};

use crate::inspect::page::{bytes, hex};

/// How a value is shown.
pub(super) enum Shown {
    /// In a line, or several.
    Lines(Vec<String>),
    /// As a dictionary whose keys have lines of their own.
    Inside,
}

/// `names` are the payloads that references point at, by UUID in upper case.
pub(super) fn shown(node: &Node<'_>, names: &HashMap<String, String>) -> Shown {
    let key = node.key().map(|key| key.value.as_str()).unwrap_or_default();
    match node.value() {
        Value::Dictionary(dictionary) if dictionary.is_empty() => one("(empty)"),
        Value::Dictionary(_) => Shown::Inside,
        Value::Array(_) if key == "Subject" => one(&subject(node)),
        Value::Array(array) if array.is_empty() => one("(empty)"),
        Value::Array(_) => Shown::Lines(node.items().map(|item| told(&item, key, names)).collect()),
        _ => one(&told(node, key, names)),
    }
}

fn one(text: &str) -> Shown {
    Shown::Lines(vec![text.to_owned()])
}

fn told(node: &Node<'_>, key: &str, names: &HashMap<String, String>) -> String {
    match node.value() {
        Value::String(text) => {
            let meant = names.get(&text.as_str().to_ascii_uppercase());
            match meant.filter(|_| key.contains("UUID") && key != "PayloadUUID") {
                Some(name) => format!("{text} ({name})"),
                None => text.to_string(),
            }
        }
        Value::Integer(Scalar::Value(number)) => match key {
            "Key Usage" => format!("{number} ({})", usage(node.value().as_integer())),
            "AcceptEAPTypes" => format!("{number} ({})", eap(node.value().as_integer())),
            _ => number.to_string(),
        },
        Value::Real(Scalar::Value(number)) => number.to_string(),
        Value::Boolean(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        Value::Date(Scalar::Value(date)) => date.to_string(),
        Value::Data(Scalar::Value(octets)) => data(octets),
        Value::Dictionary(_) | Value::Array(_) => format!("({})", node.kind()),
        Value::Uid(number) => format!("reference {number}"),
        other => other.as_template().map(ToString::to_string).unwrap_or_default(),
    }
}

/// A certificate by its name, a digest in hexadecimal, anything else by its size.
fn data(octets: &[u8]) -> String {
    let pem = std::str::from_utf8(octets).ok().and_then(|text| from_pem("CERTIFICATE", text).ok());
    let der = pem.as_ref().and_then(|blocks| blocks.first()).map_or(octets, Vec::as_slice);
    match Certificate::parse(der, &Limits::default()) {
        Ok(certificate) => {
            let until = certificate.validity().not_after;
            format!("certificate of {}, valid until {until}", certificate.subject())
        }
        Err(_) => match octets.len() {
            16 => format!("MD5 {}", hex(octets, 16)),
            20 => format!("SHA-1 {}", hex(octets, 20)),
            32 => format!("SHA-256 {}", hex(octets, 32)),
            length => bytes(length),
        },
    }
}

/// `CN=laptop-7, O=Example`; `+` stands between the pairs of one part.
fn subject(node: &Node<'_>) -> String {
    let pair = |pair: Node<'_>| {
        let texts: Vec<&str> =
            pair.items().map(|text| text.value().as_str().unwrap_or("?")).collect();
        texts.join("=")
    };
    let part = |part: Node<'_>| part.items().map(pair).collect::<Vec<_>>().join(" + ");
    node.items().map(part).collect::<Vec<_>>().join(", ")
}

const fn usage(bits: Option<i64>) -> &'static str {
    match bits {
        Some(0) => "none asked for",
        Some(1) => "signing",
        Some(4) => "encryption",
        Some(5) => "signing and encryption",
        _ => "not one of Apple's",
    }
}

const fn eap(method: Option<i64>) -> &'static str {
    match method {
        Some(13) => "TLS",
        Some(17) => "LEAP",
        Some(18) => "SIM",
        Some(21) => "TTLS",
        Some(23) => "AKA",
        Some(25) => "PEAP",
        Some(43) => "FAST",
        _ => "not known",
    }
}
