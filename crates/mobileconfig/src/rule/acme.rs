//! AP014: the keys of an ACME payload that only go together in some ways.

use super::context::{Context, PayloadNode, literal};
use super::envelope::is_true;
use super::subject::is_oid;
use crate::finding::{Finding, Severity};
use crate::payload::Platform;
use crate::plist::{Kind, Node};

const ID: &str = "AP014";

pub(super) fn check(context: &mut Context<'_>) {
    for payload in context.of_type("com.apple.security.acme") {
        nesting(context, &payload);
        directory(context, &payload);
        key(context, &payload);
        usages(context, &payload);
    }
}

fn nesting(context: &mut Context<'_>, payload: &PayloadNode<'_>) {
    let Some(content) = payload.node.get("PayloadContent") else { return };
    if content.kind() == Kind::Dictionary {
        let why = "unlike those of SCEP, the keys of ACME stand in the payload itself";
        let instead = "its keys, without the dictionary around them";
        context.error_instead(ID, &content, "a dictionary \"PayloadContent\"", why, instead);
    }
}

fn directory(context: &mut Context<'_>, payload: &PayloadNode<'_>) {
    let Some(node) = payload.node.get("DirectoryURL") else { return };
    let Some(url) = literal(&node) else { return };
    if url.to_ascii_lowercase().starts_with("https://") {
        return;
    }
    let why = "the directory must be reached with https: the TLS certificate is all that tells \
               the device who the CA is";
    match url.strip_prefix("http://") {
        Some(rest) => {
            let instead = format!("https://{rest}");
            context.error_instead(ID, &node, format!("{url:?}"), why, instead);
        }
        None => context.error(ID, &node, format!("{url:?}"), why),
    }
}

fn key(context: &mut Context<'_>, payload: &PayloadNode<'_>) {
    let size = payload.node.get("KeySize");
    let bits = size.as_ref().and_then(|node| Some((node.clone(), node.value().as_integer()?)));
    let kind = payload.node.get("KeyType");
    let kind = kind.as_ref().and_then(literal);
    let bound = payload.node.get("HardwareBound");
    let is_bound = bound.as_ref().map(is_true);
    let attested = payload.node.get("Attest").filter(is_true);

    if let Some((node, bits)) = &bits {
        let (fits, why) = match (kind, is_bound) {
            (Some("RSA"), _) => (
                (1024..=4096).contains(bits) && bits.checked_rem(8) == Some(0),
                "an RSA key has a multiple of 8 bits from 1024 to 4096",
            ),
            (Some("ECSECPrimeRandom"), Some(true)) => {
                (matches!(bits, 256 | 384), "the Secure Enclave has keys of 256 and 384 bits")
            }
            (Some("ECSECPrimeRandom"), _) => (
                matches!(bits, 192 | 256 | 384 | 521),
                "a key on a curve has 192, 256, 384 or 521 (not 512) bits",
            ),
            _ => (true, ""),
        };
        match (fits, bits) {
            (true, _) => {}
            (false, 512) if is_bound != Some(true) => {
                context.error_instead(ID, node, "512", why, "<integer>521</integer>");
            }
            (false, bits) => context.error(ID, node, bits.to_string(), why),
        }
    }
    if let Some(node) = bound.filter(|node| is_true(node) && kind == Some("RSA")) {
        let why = "the Secure Enclave has no RSA keys: either KeyType is ECSECPrimeRandom, or this \
                   is false";
        context.error(ID, &node, "true with KeyType RSA", why);
    }
    if let Some(node) = attested {
        if is_bound == Some(false) {
            let why = "only a key in the Secure Enclave can be attested, so HardwareBound must be \
                       true";
            context.error(ID, &node, "true with HardwareBound false", why);
        } else if context.platform() == Some(Platform::MacOs) {
            let why = "macOS attests from version 14 on, on Apple silicon only; elsewhere the \
                       server gets a request without attestation";
            let place = context.at(&node);
            context.push(Finding::new(ID, Severity::Advice, place, "true", why));
        }
    }
}

fn usages(context: &mut Context<'_>, payload: &PayloadNode<'_>) {
    if let Some(node) = payload.node.get("UsageFlags") {
        let other = node.value().as_integer().filter(|flags| !matches!(flags, 0 | 1 | 4 | 5));
        if let Some(other) = other {
            let why = "the bits are 1 for signing and 4 for encryption; others mean nothing";
            context.error(ID, &node, other.to_string(), why);
        }
    }
    let purposes = payload.node.get("ExtendedKeyUsage");
    for purpose in purposes.iter().flat_map(Node::items) {
        let Some(text) = literal(&purpose).filter(|text| !is_oid(text)) else { continue };
        let why = "a purpose is an object identifier in dotted form; the device knows no names";
        let found = format!("{text:?}");
        let known = match text.to_ascii_lowercase().as_str() {
            "clientauth" | "client authentication" => Some("1.3.6.1.5.5.7.3.2"),
            "serverauth" => Some("1.3.6.1.5.5.7.3.1"),
            "emailprotection" => Some("1.3.6.1.5.5.7.3.4"),
            _ => None,
        };
        match known {
            Some(instead) => context.error_instead(ID, &purpose, found, why, instead),
            None => context.error(ID, &purpose, found, why),
        }
    }
}
