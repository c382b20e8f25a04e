//! What EST adds: CSR attributes (RFC 9908) and the content of CMC messages (RFC 5272).

use devicecert::est::cmc::{Control, PkiData, PkiResponse, TaggedRequest};
use devicecert::est::{AttrOrOid, CsrAttrs, Error, Limits, Tolerance, oid};
use devicecert::pki::cms::SignedData;

use super::page::{bytes, plural};
use super::{Look, Place, csr, names};

/// Whether the content of a signed message is one of CMC's.
pub(super) fn is_cmc(signed: &SignedData) -> bool {
    [oid::PKI_DATA, oid::PKI_RESPONSE].contains(&signed.content_type())
}

pub(super) fn csr_attrs(look: &mut Look<'_>, der: &[u8], place: &Place) {
    look.page.heading("CSR attributes (EST, RFC 8951 section 4, RFC 9908)");
    let limits = Limits::default();
    let Some(attrs) = checked(look, place, CsrAttrs::parse(der, &Tolerance::default(), &limits))
    else {
        return;
    };
    for element in attrs.elements() {
        match element {
            AttrOrOid::Oid(oid) => look.page.row("to be filled in", &names::oid(oid)),
            AttrOrOid::Attribute(attribute) => {
                let values = plural(attribute.values.len(), "value");
                look.page.row("attribute", &format!("{}, {values}", names::oid(&attribute.oid)));
            }
            AttrOrOid::Other(encoding) => {
                look.page.row("not understood", &bytes(encoding.len()));
            }
        }
    }
    if CsrAttrs::parse(der, &Tolerance::STRICT, &limits).is_err() {
        look.unusual(
            "object identifiers stand where extensions should",
            "RFC 7030's own example has it so; RFC 9908 section 3.2 says that it is wrong. Strict \
             readers refuse it.",
        );
    }
    let Some(plan) = checked(look, place, attrs.plan(&Tolerance::default(), &limits)) else {
        return;
    };
    if let Ok(Some(_)) = attrs.template(&limits) {
        look.page.row("template", "there is one: clients that know templates look at nothing else");
    }
    if let Some(key) = plan.key {
        look.page.row("key", &key.to_string());
    }
    if plan.linking.is_some() {
        look.page.row("linking", "requests have to be linked to TLS (RFC 7030 section 3.5)");
    }
}

/// PKIData or PKIResponse, whichever the content type says.
pub(super) fn cmc(look: &mut Look<'_>, signed: &SignedData, octets: &[u8], place: &Place) {
    let limits = Limits::default();
    if signed.content_type() == oid::PKI_DATA {
        look.page.heading("PKIData (CMC request, RFC 5272 section 3.2.1)");
        let Some(data) = checked(look, place, PkiData::parse(octets, &limits)) else { return };
        controls(look, data.controls());
        for request in data.requests() {
            match request {
                TaggedRequest::Csr { body_part, csr } => {
                    look.page.row("request", &format!("PKCS #10, part {body_part}"));
                    // Where it lies is not kept; it is shown as if it stood alone.
                    let alone = Place::named(&format!("the request of part {body_part}"));
                    csr::look(look, csr.as_der(), csr.as_der(), &alone, &alone);
                }
                _ => look.page.row("request", "no PKCS #10: not looked into"),
            }
        }
        return;
    }
    look.page.heading("PKIResponse (CMC response, RFC 5272 section 4.2)");
    let Some(response) = checked(look, place, PkiResponse::parse(octets, &limits)) else { return };
    controls(look, response.controls());
    let Some(statuses) = checked(look, place, response.statuses(&limits)) else { return };
    look.page.rows("status", statuses.iter().map(ToString::to_string));
}

fn controls(look: &mut Look<'_>, controls: &[Control]) {
    let shown = controls
        .iter()
        .map(|control| format!("{}, part {}", names::oid(&control.oid), control.body_part));
    look.page.rows("control", shown);
}

/// The value, or the damage.
fn checked<T>(look: &mut Look<'_>, place: &Place, outcome: Result<T, Error>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(Error::Pki(error)) => look.check(place, Err(error)),
        Err(other) => {
            look.unusual(other.to_string(), "The RFC does not allow it; this library refuses it.");
            None
        }
    }
}
