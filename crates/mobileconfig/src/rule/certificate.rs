//! AP018: the certificates in a profile.

use devicecert_pki::{Certificate, Limits, from_pem};

use super::context::{Context, PayloadNode};
use crate::finding::{Finding, Severity};
use crate::plist::Node;

const ID: &str = "AP018";

pub(super) fn check(context: &mut Context<'_>) {
    for payload in context.payloads.clone().iter() {
        let Some(content) = payload.node.get("PayloadContent") else { continue };
        let Some(bytes) = content.value().as_data() else { continue };
        match payload.kind {
            "com.apple.security.root" | "com.apple.security.pkcs1" => {
                der(context, payload, &content, bytes);
            }
            "com.apple.security.pem" => pem(context, payload, &content, bytes),
            "com.apple.security.pkcs12" => pkcs12(context, &content, bytes),
            _ => {}
        }
    }
}

fn der(context: &mut Context<'_>, payload: &PayloadNode<'_>, node: &Node<'_>, bytes: &[u8]) {
    if let Some(text) = pem_text(bytes) {
        if has_private_key(text) {
            return private_key(context, node);
        }
        let why = "this payload type holds DER; PEM inside of base64 belongs into \
                   com.apple.security.pem";
        return context.error(ID, node, "PEM text", why);
    }
    match Certificate::parse(bytes, &Limits::default()) {
        Ok(certificate) => certificate_of(context, payload, node, &certificate),
        Err(error) => {
            let found = format!("bytes that are no certificate ({error})");
            context.error(ID, node, found, "the device refuses the payload");
        }
    }
}

fn pem(context: &mut Context<'_>, payload: &PayloadNode<'_>, node: &Node<'_>, bytes: &[u8]) {
    let Some(text) = pem_text(bytes) else {
        if let Ok(certificate) = Certificate::parse(bytes, &Limits::default()) {
            let why = "devices look for themselves, but this payload type is for PEM text; DER \
                       belongs into com.apple.security.pkcs1 or .root";
            let place = context.at(node);
            context.push(Finding::new(ID, Severity::Advice, place, "a certificate in DER", why));
            return certificate_of(context, payload, node, &certificate);
        }
        let why = "this payload type holds the text of a PEM file";
        return context.error(ID, node, "bytes that are no PEM text", why);
    };
    if has_private_key(text) {
        return private_key(context, node);
    }
    match from_pem("CERTIFICATE", text) {
        Ok(blocks) => match blocks.as_slice() {
            [block] => match Certificate::parse(block, &Limits::default()) {
                Ok(certificate) => certificate_of(context, payload, node, &certificate),
                Err(error) => {
                    let found = format!("a PEM block that is no certificate ({error})");
                    context.error(ID, node, found, "the device refuses the payload");
                }
            },
            blocks => {
                let why = "one payload holds one certificate; devices pass over the others";
                context.error(ID, node, format!("{} certificates", blocks.len()), why);
            }
        },
        Err(error) => {
            let found = format!("PEM text without a certificate ({error})");
            context.error(ID, node, found, "the device refuses the payload");
        }
    }
}

/// Only the outermost framing: what is inside is enciphered.
fn pkcs12(context: &mut Context<'_>, node: &Node<'_>, bytes: &[u8]) {
    let why = "the payload holds a PKCS #12 file: a key and its certificate under one password";
    if pem_text(bytes).is_some() {
        context.error(ID, node, "PEM text", why);
    } else if Certificate::parse(bytes, &Limits::default()).is_ok() {
        context.error(ID, node, "a certificate without its key", why);
    } else if !looks_like_pfx(bytes) {
        context.error(ID, node, "bytes that are no PKCS #12 file", why);
    }
}

/// Whether bytes start like a PFX (RFC 7292 §4): a sequence that starts with the version 3.
fn looks_like_pfx(bytes: &[u8]) -> bool {
    let body = match bytes {
        // BER of unknown length, as old tools write it, or a short length.
        [0x30, 0x00..=0x80, body @ ..]
        | [0x30, 0x81, _, body @ ..]
        | [0x30, 0x82, _, _, body @ ..]
        | [0x30, 0x83, _, _, _, body @ ..] => body,
        _ => return false,
    };
    body.starts_with(&[0x02, 0x01, 0x03])
}

fn private_key(context: &mut Context<'_>, node: &Node<'_>) {
    let why = "this payload type is for certificates; whoever sees the profile has the key. A key \
               belongs into com.apple.security.pkcs12";
    context.error(ID, node, "a private key", why);
}

fn certificate_of(
    context: &mut Context<'_>,
    payload: &PayloadNode<'_>,
    node: &Node<'_>,
    certificate: &Certificate,
) {
    let of_whom = |what: &str| format!("{what} of {:?}", certificate.subject().to_string());
    if context.target.now.is_some_and(|now| !certificate.validity().contains(now)) {
        let why = "it is not valid now, so nothing that rests on it is trusted";
        context.warn(ID, node, of_whom("an expired or future certificate"), why);
    }
    let is_root = payload.kind == "com.apple.security.root";
    // Version 1 has no extension to say so; a self-issued one is meant to be an anchor.
    if is_root && !certificate.is_ca() && !certificate.is_self_issued() {
        let why = "it is the certificate of no CA, so it vouches for itself at most";
        context.warn(ID, node, of_whom("the certificate"), why);
    }
}

fn pem_text(bytes: &[u8]) -> Option<&str> {
    core::str::from_utf8(bytes).ok().filter(|text| text.contains("-----BEGIN "))
}

fn has_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}
