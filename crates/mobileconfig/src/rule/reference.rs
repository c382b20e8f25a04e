//! AP005 and AP006: what payloads point at.

use std::collections::HashMap;

use super::context::{Context, PayloadNode, literal};
use crate::payload::Role;
use crate::plist::{Kind, Node};

/// The keys that hold the UUID of another payload, or several, and what that payload must be.
const REFERENCES: &[(&str, Wanted)] = &[
    ("PayloadCertificateUUID", Wanted::Identity),
    ("IdentityCertificateUUID", Wanted::Identity),
    ("PayloadCertificateAnchorUUID", Wanted::Certificate),
    ("ServerURLPinningCertificateUUIDs", Wanted::Certificate),
    ("CheckInURLPinningCertificateUUIDs", Wanted::Certificate),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Identity,
    Certificate,
    Either,
}

impl Wanted {
    const fn accepts(self, role: Role) -> bool {
        match self {
            Self::Identity => matches!(role, Role::Identity),
            Self::Certificate => matches!(role, Role::Certificate),
            Self::Either => !matches!(role, Role::None),
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Identity => "a private key with its certificate (scep, acme, pkcs12)",
            Self::Certificate => "a certificate (root, pkcs1, pem)",
            Self::Either => "a certificate or an identity",
        }
    }
}

/// Looks at one value of a payload of type `kind`.
pub(super) fn value(context: &mut Context<'_>, targets: &Targets<'_>, kind: &str, node: &Node<'_>) {
    let Some(key) = node.key() else { return };
    let Some((_, wanted)) = REFERENCES.iter().find(|(name, _)| *name == key.value) else { return };
    let wanted = match kind {
        // A preference for mail may name any certificate.
        "com.apple.security.certificatepreference" => Wanted::Either,
        _ => *wanted,
    };
    reference(context, targets, node, wanted);
    for item in node.items() {
        reference(context, targets, &item, wanted);
    }
}

/// The payloads by UUID, found in constant time: a profile may have many.
pub(super) struct Targets<'a> {
    payloads: HashMap<String, PayloadNode<'a>>,
    /// The UUID of the only identity, of the only certificate, and of the only one of both.
    only: [(Wanted, Option<&'a str>); 3],
}

impl<'a> Targets<'a> {
    /// Nothing if a payload or its UUID is not known yet: it might be the one meant.
    pub(super) fn of(context: &Context<'a>) -> Option<Self> {
        if context.profile.payloads().any(|payload| payload.kind() == Kind::Placeholder) {
            return None;
        }
        let keyed = context
            .payloads
            .iter()
            .map(|payload| payload.uuid().map(|uuid| (uuid.to_ascii_uppercase(), payload.clone())));
        let payloads = keyed.collect::<Option<HashMap<_, _>>>()?;
        let only = [Wanted::Identity, Wanted::Certificate, Wanted::Either].map(|wanted| {
            let mut fitting = context
                .payloads
                .iter()
                .filter(|payload| payload.schema.is_some_and(|schema| wanted.accepts(schema.role)));
            let only = match (fitting.next(), fitting.next()) {
                (Some(payload), None) => payload.uuid(),
                _ => None,
            };
            (wanted, only)
        });
        Some(Self { payloads, only })
    }

    /// The payload that could be meant, if there is one only.
    fn only(&self, wanted: Wanted) -> Option<&'a str> {
        self.only.iter().find(|(kind, _)| *kind == wanted).and_then(|(_, only)| *only)
    }
}

fn reference(context: &mut Context<'_>, targets: &Targets<'_>, node: &Node<'_>, wanted: Wanted) {
    let Some(uuid) = literal(node) else { return };
    let only = targets.only(wanted);
    let Some(target) = targets.payloads.get(&uuid.to_ascii_uppercase()) else {
        let found = format!("the UUID {uuid:?}, which no payload of this profile has");
        let why =
            "a reference works within one profile only; the device fails to install the payload";
        return match only {
            Some(instead) => context.error_instead("AP005", node, found, why, instead),
            None => context.error("AP005", node, found, why),
        };
    };
    if let Some(instead) = target.uuid().filter(|written| *written != uuid) {
        let why = "the UUID of the payload is written in other letters; devices take it, tools \
                   that compare texts do not";
        context.warn_instead("AP005", node, format!("{uuid:?}"), why, instead);
    }
    let role = target.schema.map(|schema| schema.role);
    if role.is_some_and(|role| !wanted.accepts(role)) {
        let found = format!("a reference to a payload of type {:?}", target.kind);
        let why = format!("it must point at {}", wanted.text());
        match only {
            Some(instead) => context.error_instead("AP006", node, found, why, instead),
            None => context.error("AP006", node, found, why),
        }
    }
}
