//! A certification request (RFC 2986).

use devicecert::crypto_rust::RustCrypto;
use devicecert::pki::asn1::{Reader, tag};
use devicecert::pki::{Csr, Error, oid};

use super::page::plural;
use super::{Look, Place, algorithms, certificate, names};

pub(super) fn look(look: &mut Look<'_>, sent: &[u8], der: &[u8], place: &Place, inner: &Place) {
    look.page.heading("Certification request (PKCS #10, RFC 2986)");
    let (csr, der, place) = match Csr::parse(sent, &look.limits) {
        Ok(csr) => (csr, sent, place),
        Err(error) => match Csr::parse(der, &look.limits) {
            Ok(csr) => (csr, der, inner),
            Err(_) if sent == der => return look.damaged(place.damage(&error)),
            Err(error) => return look.damaged(inner.damage(&error)),
        },
    };
    let key = algorithms::public_key(look, csr.public_key(), "the request");
    look.page.row("subject", &certificate::name(csr.subject()));
    look.page.row("public key", &key);
    look.page.row("public key SHA-256", &algorithms::key_digest(csr.public_key()));
    let challenge = match csr.challenge_password() {
        Some(challenge) => {
            let characters = String::from_utf8_lossy(challenge.expose()).chars().count();
            format!("[redacted, {}]", plural(characters, "character"))
        }
        None => "none".to_owned(),
    };
    look.page.row("challengePassword", &challenge);
    certificate::extensions(look, csr.extensions());
    // What an attribute holds is not shown: nobody knows what secrets other vendors put there.
    let others = csr.attributes().iter().map(|attribute| {
        let octets: usize = attribute.values.iter().map(Vec::len).sum();
        format!("{}, {}", names::oid(&attribute.oid), plural(octets, "byte"))
    });
    look.page.rows("other attributes", others);
    let algorithm = algorithms::signature(look, csr.signature_algorithm(), "the request");
    look.page.row("signed with", &algorithm);
    match csr.verify(&RustCrypto, &look.tolerance) {
        Ok(()) => look.page.row("signature", "right: whoever asks holds the private key"),
        Err(error) => {
            look.page.row("signature", &format!("NOT RIGHT: {error}"));
            look.unusual(
                format!("the request's own signature does not check out ({error})"),
                "The request was altered, or it was not signed with the key that it names. \
                 CAs refuse it (RFC 8894: badMessageCheck or badRequest).",
            );
        }
    }
    oddities(look, &csr);
    if let Err(error) = layout(look, der, place) {
        look.damaged(place.damage(&error));
    }
    beside_the_signer(look, &csr);
}

fn oddities(look: &mut Look<'_>, csr: &Csr) {
    if csr.subject().is_empty() {
        look.unusual(
            "the request has an empty subject",
            "Fine if the CA takes the subject from elsewhere or issues for alternative names alone; \
             several CAs refuse it.",
        );
    }
    if csr.challenge_password().is_none() {
        look.unusual(
            "the request has no challengePassword",
            "Right for a renewal signed with the certificate in force. Any other SCEP request is \
             refused unless the server takes everybody or asks a person.",
        );
    }
}

/// What shows only in how the request is written.
fn layout(look: &mut Look<'_>, der: &[u8], place: &Place) -> Result<(), Error> {
    let mut info =
        Reader::new(der).sequence("CertificationRequest")?.sequence("CertificationRequestInfo")?;
    let version = info.expect(tag::INTEGER, "version")?;
    if version.value != [0] {
        look.unusual(
            format!(
                "version {} of the request ({})",
                super::page::hex(version.value, 8),
                place.at(version.offset)
            ),
            "RFC 2986 has only version 0. Some Apple clients write 2; a reader that checks the \
             field refuses their requests.",
        );
    }
    info.expect(tag::SEQUENCE, "subject")?;
    info.expect(tag::SEQUENCE, "subjectPKInfo")?;
    let Some(attributes) = info.optional(tag::constructed(0), "attributes")? else {
        look.unusual(
            "the request has no attributes field at all",
            "RFC 2986 makes the field mandatory, though it may be empty. Most readers do not mind.",
        );
        return Ok(());
    };
    let mut set = attributes.reader();
    let mut last: &[u8] = &[];
    while !set.is_empty() {
        let attribute = set.any("Attribute")?;
        if attribute.raw < last {
            look.unusual(
                format!("attributes of the request out of order ({})", place.at(attribute.offset)),
                "DER sorts a SET. strongSwan does not; a program that sorts them before it checks \
                 the signature finds it wrong.",
            );
        }
        last = attribute.raw;
        let mut fields = attribute.reader();
        let kind = fields.oid("the type of an attribute")?;
        let mut values = fields.expect(tag::SET, "the values of an attribute")?.reader();
        if values.is_empty() {
            look.unusual(
                format!(
                    "{} without a value ({})",
                    names::oid_short(&kind),
                    place.at(attribute.offset)
                ),
                "An attribute has at least one value (RFC 2986). OpenSSL refuses the request.",
            );
            continue;
        }
        let value = values.any("an attribute value")?;
        if kind == oid::CHALLENGE_PASSWORD {
            challenge_type(look, value.tag, value.value.is_empty(), &place.at(value.offset));
        }
        if kind == oid::MS_CERT_EXTENSIONS {
            look.unusual(
                "extensions in Microsoft's own attribute instead of extensionRequest",
                "Old Windows programs do so. CAs that know only PKCS #9 issue without them.",
            );
        }
    }
    Ok(())
}

fn challenge_type(look: &mut Look<'_>, tag: u8, empty: bool, at: &str) {
    if empty {
        look.unusual(
            format!("an empty challengePassword ({at})"),
            "The draft before RFC 8894 told renewing clients to send that. It counts as none.",
        );
    }
    if !matches!(tag, tag::PRINTABLE_STRING | tag::UTF8_STRING) {
        look.unusual(
            format!("the challengePassword is in a {} ({at})", names::tag(tag)),
            "RFC 2985 wants PrintableString or UTF8String. A server that compares encodings \
             instead of characters finds it wrong.",
        );
    }
}

/// Compares the request with who signed the message around it.
fn beside_the_signer(look: &mut Look<'_>, csr: &Csr) {
    let Some(signer) = look.outer_signer.clone() else { return };
    let same_key = signer.public_key() == csr.public_key();
    if signer.is_self_issued() {
        if !same_key {
            look.unusual(
                "a self-signed certificate with another key than the request's signed the message",
                "RFC 8894 section 2.3 wants the same key. Old Apple clients use two; the reply is \
                 then enveloped to the signer's key, not to the one that is certified.",
            );
        }
        if !signer.subject().matches(csr.subject()) {
            look.unusual(
                "the self-signed signer has another subject than the request",
                "RFC 8894 section 2.3 wants the same. Apple and Windows write names of their own; \
                 servers that compare the two refuse them.",
            );
        }
    } else if !signer.subject().matches(csr.subject()) {
        look.unusual(
            format!("signed with an issued certificate for another subject, {}", signer.subject()),
            "A renewal asks for the same subject (RFC 8894 section 2.5). The order of its parts \
             counts; CAs written in Go change it. Most CAs refuse this request.",
        );
    }
}
