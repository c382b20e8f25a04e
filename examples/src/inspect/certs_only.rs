//! The certificates of a message, and a message of nothing else (RFC 8894 §3.4).

use devicecert::pki::{Certificate, KeyUsage};

use super::page::plural;
use super::{Look, Place, certificate};

/// The certificates that can be read; the others are reported.
pub(super) fn certificates<'d>(
    look: &mut Look<'_>,
    ders: impl Iterator<Item = (&'d [u8], Place)>,
) -> Vec<Certificate> {
    let mut all = Vec::new();
    for (der, place) in ders {
        match Certificate::parse(der, &look.limits) {
            Ok(certificate) => all.push(certificate),
            Err(error) => {
                let damage = place.damage(&error);
                look.damaged(damage);
            }
        }
    }
    all
}

pub(super) fn show(look: &mut Look<'_>, all: &[Certificate]) {
    for (index, one) in all.iter().enumerate() {
        certificate::one_of(look, one, index.saturating_add(1), all);
    }
}

/// What is odd about a message of certificates alone.
pub(super) fn oddities(look: &mut Look<'_>, all: &[Certificate], crls: usize) {
    if all.is_empty() {
        look.unusual(
            format!("no certificate in a message without signer, and {}", plural(crls, "CRL")),
            match crls {
                0 => "It says nothing at all.",
                _ => "The reply to GetCRL looks so.",
            },
        );
        return;
    }
    let first_is_ca = all.first().is_some_and(Certificate::is_ca);
    if first_is_ca && all.iter().any(|certificate| !certificate.is_ca()) {
        look.unusual(
            "a CA certificate comes before one that is none",
            "In a SCEP reply some clients take the first certificate for their own; put the \
             issued one first. In GetCACert any order is fine.",
        );
    }
    let may_receive = |certificate: &Certificate| certificate.permits(KeyUsage::KEY_ENCIPHERMENT);
    if all.len() > 1 && !all.iter().any(may_receive) {
        look.unusual(
            "none of the certificates permits keyEncipherment",
            "If this is GetCACert: a client that asks for the bit finds nobody to envelope its \
             request to.",
        );
    }
}
