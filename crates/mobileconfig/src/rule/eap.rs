//! AP017, and what AP003 and AP008 say of networks: Wi-Fi and Ethernet with 802.1X.

use super::context::{Context, PayloadNode, literal};
use super::envelope::text;
use crate::plist::{Kind, Node};

const WIFI: &str = "com.apple.wifi.managed";

pub(super) fn check(context: &mut Context<'_>) {
    for payload in context.payloads.clone().iter() {
        let is_wifi = payload.kind == WIFI;
        if !is_wifi && !payload.kind.ends_with("ethernet.managed") {
            continue;
        }
        if is_wifi {
            name(context, payload);
        }
        setup_modes(context, payload);
        let Some(eap) = payload.node.get("EAPClientConfiguration") else { continue };
        if eap.kind() == Kind::Dictionary {
            encryption(context, payload);
            methods(context, payload, &eap);
            versions(context, &eap);
        }
    }
}

fn name(context: &mut Context<'_>, payload: &PayloadNode<'_>) {
    if payload.node.get("SSID_STR").is_none() && payload.node.get("DomainName").is_none() {
        let why = "a network has a name, SSID_STR; only a Hotspot 2.0 network has DomainName \
                   instead";
        context.error("AP003", &payload.node, "no key \"SSID_STR\"", why);
    }
}

fn setup_modes(context: &mut Context<'_>, payload: &PayloadNode<'_>) {
    let modes = payload.node.get("SetupModes");
    let system = modes.iter().flat_map(Node::items).find(|mode| literal(mode) == Some("System"));
    let scope = text(&context.root, "PayloadScope");
    if let (Some(mode), Some((_, "User"))) = (system, scope) {
        let why = "before anybody has logged in the login keychain is closed: such an identity \
                   must come in a profile of scope System";
        context.warn("AP017", &mode, "\"System\" in a profile of scope User", why);
    }
}

/// There is no value for enterprise networks, so people try others.
fn encryption(context: &mut Context<'_>, payload: &PayloadNode<'_>) {
    let Some(node) = payload.node.get("EncryptionType") else { return };
    if let Some(found @ ("None" | "WEP")) = literal(&node) {
        let why =
            "802.1X goes with WPA, WPA2, WPA3 or Any; with this the configuration is not used";
        context.warn("AP017", &node, format!("{found:?} with 802.1X"), why);
    }
}

fn methods(context: &mut Context<'_>, payload: &PayloadNode<'_>, eap: &Node<'_>) {
    let types = eap.get("AcceptEAPTypes");
    let number = |item: &Node<'_>| item.value().as_integer();
    let types: Vec<i64> = types
        .iter()
        .flat_map(|types| types.items().collect::<Vec<_>>())
        .filter_map(|item| number(&item))
        .collect();
    if types.contains(&13) && payload.node.get("PayloadCertificateUUID").is_none() {
        let why = "EAP-TLS shows the certificate of the payload that PayloadCertificateUUID names; \
                   without it people are asked for one each time";
        match eap.get("PayloadCertificateUUID") {
            Some(inner) => {
                let found = "\"PayloadCertificateUUID\" inside of EAPClientConfiguration";
                let instead = "the key one level higher, in the payload itself";
                context.error_instead("AP017", &inner, found, why, instead);
            }
            None if is_zero_factor(payload, eap) => {}
            None => {
                let found = "EAP-TLS and no key \"PayloadCertificateUUID\"";
                context.error("AP017", &payload.node, found, why);
            }
        }
    }
    let tunnels = [13, 21, 25, 43];
    let verifies = |key: &str| match eap.get(key) {
        // A placeholder may become anything.
        Some(node) => node.kind() != Kind::Array || node.items().next().is_some(),
        None => false,
    };
    let keys = ["PayloadCertificateAnchorUUID", "TLSTrustedServerNames", "TLSTrustedCertificates"];
    if types.iter().any(|kind| tunnels.contains(kind)) && !keys.into_iter().any(verifies) {
        let why = "with neither anchor nor server name people are asked whether to trust whoever \
                   uses the name of the network";
        let found = "no key \"PayloadCertificateAnchorUUID\" or \"TLSTrustedServerNames\"";
        context.warn("AP017", eap, found, why);
    }
    let exceptions = eap.get("TLSAllowTrustExceptions").filter(super::envelope::is_true);
    if let Some(node) = exceptions {
        let why = "people may trust any server that uses the name of the network";
        context.warn_instead("AP017", &node, "true", why, "<false/>");
    }
}

/// Whether EAP-TLS does, or may do, without a certificate of the device: Apple has a key for that
/// here and one in the payload.
fn is_zero_factor(payload: &PayloadNode<'_>, eap: &Node<'_>) -> bool {
    let keys = [eap.get("TLSCertificateIsRequired"), payload.node.get("TLSCertificateRequired")];
    keys.iter().flatten().any(|node| {
        // A placeholder may become that.
        node.kind() == Kind::Placeholder || node.value().as_boolean() == Some(false)
    })
}

fn versions(context: &mut Context<'_>, eap: &Node<'_>) {
    let least = eap.get("TLSMinimumVersion");
    let most = eap.get("TLSMaximumVersion");
    let least = least.as_ref().and_then(|node| Some((node.clone(), literal(node)?)));
    // A placeholder may become any.
    let most = most.as_ref().map_or(Some("1.2"), literal);
    let Some((node, version)) = least else { return };
    if let Some(most) = most.filter(|most| version > *most) {
        let why = format!(
            "the most is {most} (1.2 where TLSMaximumVersion is absent), so no version is left"
        );
        context.error("AP008", &node, format!("{version:?}"), why);
    }
    if version == "1.3" && eap.get("OuterIdentity").is_none() {
        let why = "with TLS 1.3 as the least, devices need OuterIdentity";
        context.error("AP003", eap, "no key \"OuterIdentity\"", why);
    }
}
