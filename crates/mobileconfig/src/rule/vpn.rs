//! AP003, AP008 and AP012 for VPN payloads: which keys need which.

use super::context::{Context, literal};
use crate::plist::{Kind, Node};

pub(super) fn check(context: &mut Context<'_>) {
    for payload in context.of_type("com.apple.vpn.managed") {
        let kind = payload.node.get("VPNType");
        let Some(kind) = kind.as_ref().and_then(literal) else { continue };
        let dictionary = match kind {
            "IKEv2" | "IPSec" | "AlwaysOn" | "TransparentProxy" | "VPN" => kind,
            // Its keys are in PPP, and there may be none.
            _ => continue,
        };
        let Some(settings) = payload.node.get(dictionary) else {
            let found = format!("no key {dictionary:?}");
            let why =
                format!("a VPN of type {kind} has its settings in the dictionary {dictionary}");
            context.error("AP003", &payload.node, found, why);
            continue;
        };
        if settings.kind() != Kind::Dictionary {
            continue;
        }
        certificate(context, &settings);
        if kind == "IKEv2" {
            ikev2(context, &settings);
        }
    }
}

fn certificate(context: &mut Context<'_>, settings: &Node<'_>) {
    let Some(method) = settings.get("AuthenticationMethod") else { return };
    let with_certificate = literal(&method).is_some_and(|method| method.contains("Certificate"));
    if with_certificate && settings.get("PayloadCertificateUUID").is_none() {
        let why = "the method needs an identity: the UUID of a scep, acme or pkcs12 payload";
        context.error("AP003", settings, "no key \"PayloadCertificateUUID\"", why);
    }
}

fn ikev2(context: &mut Context<'_>, settings: &Node<'_>) {
    let lacks = |key: &str| settings.get(key).is_none();
    if !lacks("CertificateType") && lacks("ServerCertificateIssuerCommonName") {
        let why = "where CertificateType is given, devices need to know the CA of the gateway too";
        let found = "no key \"ServerCertificateIssuerCommonName\"";
        context.error("AP003", settings, found, why);
    }
    let method = settings.get("AuthenticationMethod");
    let method = method.as_ref().and_then(literal);
    if method == Some("SharedSecret") && lacks("SharedSecret") {
        let why = "the method needs the secret";
        context.error("AP003", settings, "no key \"SharedSecret\"", why);
    }
    let extended = settings.get("ExtendedAuthEnabled");
    let extended = extended.map_or(Some(0), |node| node.value().as_integer());
    if method == Some("None") && extended == Some(0) {
        let why = "nothing authenticates the device: AuthenticationMethod None is for EAP, with \
                   ExtendedAuthEnabled 1";
        context.error("AP003", settings, "neither certificate, secret nor EAP", why);
    }
    for key in ["IKESecurityAssociationParameters", "ChildSecurityAssociationParameters"] {
        if let Some(parameters) = settings.get(key) {
            weak(context, &parameters);
        }
    }
}

fn weak(context: &mut Context<'_>, parameters: &Node<'_>) {
    let why = "gateways refuse this for being too weak, or should";
    for (key, words) in [
        ("EncryptionAlgorithm", &["DES", "3DES"][..]),
        ("IntegrityAlgorithm", &["SHA1-96", "SHA1-160"][..]),
    ] {
        let Some(node) = parameters.get(key) else { continue };
        if let Some(found) = literal(&node).filter(|found| words.contains(found)) {
            context.warn("AP012", &node, format!("{found:?}"), why);
        }
    }
    let Some(node) = parameters.get("DiffieHellmanGroup") else { return };
    if let Some(group @ (1 | 2 | 5)) = node.value().as_integer() {
        context.warn_instead("AP012", &node, group.to_string(), why, "<integer>14</integer>");
    }
}
