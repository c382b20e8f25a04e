//! AP008, AP011, AP012 and AP013 for identities: SCEP, and the private keys of ACME and PKCS #12.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::context::{Context, PayloadNode, literal};
use super::envelope::is_true;
use crate::finding::{Finding, Severity};
use crate::payload::Availability;
use crate::plist::{Kind, Node};

const TYPE: &str = "com.apple.security.scep";

pub(super) fn check(context: &mut Context<'_>) {
    for payload in context.of_type(TYPE) {
        let Some(content) = payload.node.get("PayloadContent") else { continue };
        if content.kind() != Kind::Dictionary {
            continue;
        }
        url(context, &content);
        fingerprint(context, &content);
        key(context, &content);
        access(context, &payload, &content);
    }
    for kind in ["com.apple.security.acme", "com.apple.security.pkcs12"] {
        for payload in context.of_type(kind) {
            let node = payload.node.clone();
            access(context, &payload, &node);
        }
    }
}

fn url(context: &mut Context<'_>, content: &Node<'_>) {
    let Some(node) = content.get("URL") else { return };
    let Some(url) = literal(&node) else { return };
    let lower = url.to_ascii_lowercase();
    let host = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) {
        let why = "the device needs a URL that starts http:// or https://";
        context.error("AP008", &node, format!("{url:?}"), why);
    } else if url.chars().any(char::is_whitespace) {
        let why = "a URL has no white space; the device fails to connect";
        let instead: String = url.split_whitespace().collect();
        context.error_instead("AP008", &node, format!("{url:?}"), why, instead);
    }
    if lower.starts_with("http://") && content.get("CAFingerprint").is_none() {
        let why = "without TLS and without CAFingerprint anybody on the way can be the CA";
        context.warn("AP011", &node, "an http URL without \"CAFingerprint\"", why);
    }
}

fn fingerprint(context: &mut Context<'_>, content: &Node<'_>) {
    let Some(node) = content.get("CAFingerprint") else { return };
    let Some(bytes) = node.value().as_data() else { return };
    let found = format!("{} bytes", bytes.len());
    match bytes.len() {
        32 => {}
        20 => {
            let why = "this is a SHA-1 digest, which forgers can match; use the one of SHA-256";
            context.warn("AP011", &node, found, why);
        }
        16 => {
            let why = "this is an MD5 digest, which forgers can match; use the one of SHA-256";
            context.warn("AP011", &node, found, why);
        }
        _ => {
            let why = "the fingerprint is the digest itself, 32 bytes of SHA-256 or 20 of SHA-1; \
                       with any other length no certificate matches";
            match from_hex(bytes).filter(|digest| matches!(digest.len(), 16 | 20 | 32)) {
                Some(digest) => {
                    let instead = STANDARD.encode(digest);
                    let found = format!("{found}, the hexadecimal text of a digest");
                    context.error_instead("AP011", &node, found, why, instead);
                }
                None => context.error("AP011", &node, found, why),
            }
        }
    }
}

/// The bytes that a text of hexadecimal digits stands for, whatever is between them.
fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let text = core::str::from_utf8(text).ok()?;
    let digits = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '-'));
    let digits = digits.map(|c| c.to_digit(16)).collect::<Option<Vec<_>>>()?;
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from((high << 4) | low).ok(),
        _ => None,
    });
    pairs.collect()
}

fn key(context: &mut Context<'_>, content: &Node<'_>) {
    let weak = "1024 bits are too few since long ago; CAs refuse such requests";
    let size = "<integer>2048</integer>";
    match content.get("Keysize") {
        None => {
            let why = "the device makes a key of 1024 bits, which CAs refuse";
            let instead = "<key>Keysize</key><integer>2048</integer>";
            context.warn_instead("AP012", content, "no key \"Keysize\"", why, instead);
        }
        Some(node) if node.value().as_integer() == Some(1024) => {
            context.warn_instead("AP012", &node, "1024", weak, size);
        }
        Some(_) => {}
    }
    let kind = content.get("Key Type");
    let kind = kind.as_ref().and_then(|node| Some((node, literal(node)?)));
    if let Some((node, found)) = kind.filter(|(_, found)| *found != "RSA") {
        let why = "SCEP on Apple's devices knows RSA only; for other keys use ACME";
        context.error_instead("AP008", node, format!("{found:?}"), why, "RSA");
    }
    let unspecified = "the request names no usage: some CAs refuse it, others issue a certificate \
                       that signs but does not encrypt";
    match content.get("Key Usage") {
        None => {
            let instead = "<key>Key Usage</key><integer>5</integer>";
            context.warn_instead("AP012", content, "no key \"Key Usage\"", unspecified, instead);
        }
        Some(node) => match node.value().as_integer() {
            Some(0) => {
                let instead = "<integer>5</integer>";
                context.warn_instead("AP012", &node, "0", unspecified, instead);
            }
            Some(1 | 4 | 5) | None => {}
            Some(other) => {
                let why = "the bits are 1 for signing and 4 for encryption; others mean nothing. \
                           Windows counts from the other end: 128 there is 1 here, 32 is 4";
                let instead = match other {
                    160 => "<integer>5</integer>",
                    128 => "<integer>1</integer>",
                    32 => "<integer>4</integer>",
                    _ => return context.error("AP008", &node, other.to_string(), why),
                };
                context.error_instead("AP008", &node, other.to_string(), why, instead);
            }
        },
    }
}

/// AP013: who may take the private key, or use it.
fn access(context: &mut Context<'_>, payload: &PayloadNode<'_>, around: &Node<'_>) {
    let keys = payload.schema.map(|schema| schema.keys).unwrap_or_default();
    let key = keys.iter().flat_map(|key| core::iter::once(key).chain(key.below()));
    let extractable = key.clone().find(|key| key.name == "KeyIsExtractable");
    let never = |platform| {
        extractable.and_then(|key| key.availability(platform)) == Some(Availability::Never)
    };
    if context.platform().is_some_and(never) {
        return;
    }
    match around.get("KeyIsExtractable") {
        None => {
            let why = "macOS lets the private key be exported from the keychain";
            let instead = "<key>KeyIsExtractable</key><false/>";
            context.warn_instead("AP013", around, "no key \"KeyIsExtractable\"", why, instead);
        }
        Some(node) if is_true(&node) => {
            let why = "the private key can be exported from the keychain and used elsewhere";
            context.warn_instead("AP013", &node, "true", why, "<false/>");
        }
        Some(_) => {}
    }
    if let Some(node) = around.get("AllowAllAppsAccess").filter(is_true) {
        let why = "every app may use the private key without asking; some VPN clients need that";
        let place = context.at(&node);
        context.push(Finding::new("AP013", Severity::Advice, place, "true", why));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_text_is_recognised() {
        assert_eq!(from_hex(b"11:22 aA-ff"), Some(vec![0x11, 0x22, 0xaa, 0xff]));
        assert_eq!(from_hex(b"112"), None);
        assert_eq!(from_hex(b"xy"), None);
    }
}
