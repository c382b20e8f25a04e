//! A certificate (RFC 5280 §4.1).

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::asn1::{Tlv, tag};
use devicecert::pki::{Certificate, Error, KeyUsage, oid};

use super::page::{hex, plural};
use super::{Look, Place, algorithms, names};

/// A certificate that stands alone: everything about it.
pub(super) fn look(look: &mut Look<'_>, sent: &[u8], der: &[u8], place: &Place, inner: &Place) {
    look.page.heading("Certificate (RFC 5280)");
    let certificate = match Certificate::parse(sent, &look.limits) {
        Ok(certificate) => certificate,
        Err(error) => match Certificate::parse(der, &look.limits) {
            Ok(certificate) => certificate,
            Err(_) if sent == der => return look.damaged(place.damage(&error)),
            Err(error) => return look.damaged(inner.damage(&error)),
        },
    };
    names_and_key(look, &certificate);
    signature(look, &certificate, &[]);
    look.page.row("SHA-1", &algorithms::digest(DigestAlgorithm::Sha1, certificate.as_der()));
    oddities(look, &certificate, "the certificate");
}

/// A certificate among others.
pub(super) fn one_of(
    look: &mut Look<'_>,
    certificate: &Certificate,
    number: usize,
    all: &[Certificate],
) {
    look.page.heading(&format!("Certificate {number} of {}", all.len()));
    names_and_key(look, certificate);
    signature(look, certificate, all);
    oddities(look, certificate, &format!("certificate {number}"));
}

fn names_and_key(look: &mut Look<'_>, certificate: &Certificate) {
    let public_key = certificate.public_key();
    let key = algorithms::public_key(look, public_key, "the key of a certificate");
    let page = &mut look.page;
    page.row("subject", &name(certificate.subject()));
    page.row("issuer", &name(certificate.issuer()));
    page.row("serial number", &hex(certificate.serial(), 64));
    let validity = certificate.validity();
    page.row("valid", &format!("{} until {}", validity.not_before, validity.not_after));
    page.row("public key", &key);
    page.row("public key SHA-256", &algorithms::key_digest(public_key));
    extensions(look, certificate.extensions());
    let fingerprint = algorithms::digest(DigestAlgorithm::Sha256, certificate.as_der());
    look.page.row("SHA-256", &fingerprint);
}

/// A name, or that there is none.
pub(super) fn name(name: &devicecert::pki::Name) -> String {
    if name.is_empty() { "(empty)".to_owned() } else { name.to_string() }
}

/// What extensions say. Those of a request are the same, only wished for.
pub(super) fn extensions(look: &mut Look<'_>, extensions: &devicecert::pki::Extensions) {
    let page = &mut look.page;
    if let Some(constraints) = extensions.basic_constraints() {
        let path =
            constraints.path_len.map_or(String::new(), |length| format!(", path length {length}"));
        page.row("CA", &format!("{}{path}", if constraints.ca { "yes" } else { "no" }));
    }
    if let Some(usage) = extensions.key_usage() {
        page.row("key usage", &usage.names().collect::<Vec<_>>().join(", "));
    }
    if let Some(purposes) = extensions.extended_key_usage() {
        let purposes: Vec<String> = purposes.iter().map(names::oid_short).collect();
        page.row("extended key usage", &purposes.join(", "));
    }
    match extensions.subject_alt_name() {
        Ok(names) => page.rows("alternative names", names.iter().map(ToString::to_string)),
        Err(error) => page.row("alternative names", &format!("not readable: {error}")),
    }
    if let Some(identifier) = extensions.subject_key_identifier() {
        page.row("key identifier", &hex(identifier, 64));
    }
    let shown = [
        oid::BASIC_CONSTRAINTS,
        oid::KEY_USAGE,
        oid::EXTENDED_KEY_USAGE,
        oid::SUBJECT_ALT_NAME,
        oid::SUBJECT_KEY_IDENTIFIER,
    ];
    let others =
        extensions.iter().filter(|extension| !shown.contains(&extension.oid)).map(|extension| {
            let critical = if extension.critical { ", critical" } else { "" };
            format!("{}{critical}", names::oid(&extension.oid))
        });
    page.rows("other extensions", others);
}

fn signature(look: &mut Look<'_>, certificate: &Certificate, all: &[Certificate]) {
    let algorithm = algorithms::signature(
        look,
        certificate.signature_algorithm(),
        "the signature of a certificate",
    );
    look.page.row("signed with", &algorithm);
    let verdict = if certificate.is_self_issued() {
        match certificate.is_signed_by(certificate.public_key(), &RustCrypto, &look.tolerance) {
            Ok(()) => "by itself, and the signature is right".to_owned(),
            Err(Error::Unsupported(unsupported)) => {
                format!("by itself, not checked: {unsupported}")
            }
            Err(error) => {
                look.unusual(
                    format!("self-issued, but not signed with its own key ({error})"),
                    "Either the certificate was altered, or its issuer has the same name and \
                     another key.",
                );
                format!("by itself? {error}")
            }
        }
    } else {
        issued_by(look, certificate, all)
    };
    look.page.row("signed", &verdict);
}

fn issued_by(look: &Look<'_>, certificate: &Certificate, all: &[Certificate]) -> String {
    let issuer = all.iter().enumerate().find(|(_, other)| {
        other.subject() == certificate.issuer()
            && certificate.is_signed_by(other.public_key(), &RustCrypto, &look.tolerance).is_ok()
    });
    match issuer {
        Some((index, _)) => {
            format!("by certificate {}, and the signature is right", index.saturating_add(1))
        }
        None => "by its issuer, whose certificate is not here: not checked".to_owned(),
    }
}

/// What readers of certificates stumble over.
fn oddities(look: &mut Look<'_>, certificate: &Certificate, which: &str) {
    let extensions = certificate.extensions();
    if extensions.is_empty() {
        look.unusual(
            format!("{which} has no extensions (version 1, or nearly)"),
            "Nothing says what its key may do. As the signer of a first SCEP request it is fine \
             (RFC 8894 section 2.3 asks for keyUsage); as a CA it is refused by many.",
        );
    }
    serial(look, certificate.serial(), which);
    let validity = certificate.validity();
    if validity.not_after < validity.not_before {
        look.unusual(
            format!("{which} ends before it starts"),
            "It is never valid. The clock of who made it was probably wrong.",
        );
    }
    if let Some(now) = look.options.now {
        if validity.not_after < now {
            let means = match certificate.is_ca() {
                true => {
                    "Nobody accepts it, nor what it signed. It has to be renewed at the CA and \
                    replaced where devices trust it."
                }
                false => {
                    "Nobody accepts it any more, except as the signer of a first request, \
                    whose dates few servers look at."
                }
            };
            look.unusual(format!("{which} expired at {}", validity.not_after), means);
        } else if now < validity.not_before {
            look.unusual(
                format!("{which} is not valid before {}", validity.not_before),
                "Compare the clocks of device and server.",
            );
        }
    }
    key_usage(look, certificate, which);
    if certificate.subject().is_empty() && extensions.get(oid::SUBJECT_ALT_NAME).is_none() {
        look.unusual(
            format!("{which} has neither a subject nor alternative names"),
            "It names nobody. Servers that log or look up by name cannot deal with it.",
        );
    }
    authority_key_identifier(look, certificate, which);
    if let Some(constraints) = extensions.get(oid::BASIC_CONSTRAINTS)
        && certificate.is_ca()
        && !constraints.critical
    {
        look.unusual(
            format!("basicConstraints of the CA {which} is not critical"),
            "RFC 5280 section 4.2.1.9 asks for it. Strict verifiers complain.",
        );
    }
}

fn serial(look: &mut Look<'_>, serial: &[u8], which: &str) {
    let digits = serial.iter().skip_while(|octet| **octet == 0).count();
    if digits > 20 {
        look.unusual(
            format!("the serial number of {which} has {}", plural(digits, "byte")),
            "RFC 5280 allows 20. sscep writes its transactionID there; strict parsers refuse the \
             certificate, and with it the message.",
        );
    }
    if serial.first().is_some_and(|first| *first >= 0x80) {
        look.unusual(
            format!("the serial number of {which} is negative"),
            "A leading zero byte was forgotten. Programs differ in how they show and compare it.",
        );
    }
    if digits == 0 {
        look.unusual(
            format!("the serial number of {which} is zero"),
            "RFC 5280 asks for a positive number.",
        );
    }
}

fn key_usage(look: &mut Look<'_>, certificate: &Certificate, which: &str) {
    let extensions = certificate.extensions();
    let Some(usage) = extensions.key_usage() else {
        if extensions.get(oid::KEY_USAGE).is_some() {
            look.unusual(
                format!("the keyUsage of {which} is not readable"),
                "It is no BIT STRING.",
            );
        }
        return;
    };
    if certificate.is_ca() && !usage.contains(KeyUsage::DIGITAL_SIGNATURE) {
        look.unusual(
            format!("the CA {which} lacks digitalSignature in keyUsage"),
            "If it signs SCEP replies itself, clients on OpenSSL (certmonger among them) refuse \
             them. Give the CA the bit, or let an RA answer (RFC 8894 section 2.1.2).",
        );
    }
    if certificate.is_ca() && !usage.contains(KeyUsage::KEY_CERT_SIGN) {
        look.unusual(
            format!("the CA {which} lacks keyCertSign in keyUsage"),
            "Verifiers refuse every certificate that it signs.",
        );
    }
    if !certificate.is_ca() && !usage.contains(KeyUsage::DIGITAL_SIGNATURE) {
        look.unusual(
            format!("{which} lacks digitalSignature in keyUsage"),
            "It cannot sign SCEP messages, so that renewal by its own key fails with strict \
             servers (RFC 8894 section 2.3).",
        );
    }
}

fn authority_key_identifier(look: &mut Look<'_>, certificate: &Certificate, which: &str) {
    let extensions = certificate.extensions();
    let Some(extension) = extensions.get(oid::AUTHORITY_KEY_IDENTIFIER) else {
        return;
    };
    if extension.critical {
        look.unusual(
            format!("authorityKeyIdentifier of {which} is critical"),
            "RFC 5280 section 4.2.1.1 forbids it. The SCEP client of Windows writes it so; \
             verifiers that take the rule seriously refuse its signer certificate.",
        );
    }
    let identifier = Tlv::parse(&extension.value, "AuthorityKeyIdentifier")
        .ok()
        .and_then(|sequence| sequence.reader().optional(tag::primitive(0), "keyIdentifier").ok()?)
        .map(|identifier| identifier.value);
    let own = extensions.subject_key_identifier();
    if certificate.is_self_issued() && identifier.is_some() && own.is_some() && identifier != own {
        look.unusual(
            format!("{which} is self-issued, but its two key identifiers differ"),
            "A verifier that looks for the issuer by key identifier does not find it.",
        );
    }
}
