//! Stores of certificates (WS019), and what is deprecated (WS020).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::asn1::{Reader, tag};
use devicecert_pki::{Certificate, Limits, Provider};

use super::plan::{Plan, Touch};
use super::report::{Report, quote};
use crate::csp::{Found, Lookup};
use crate::thumbprint::Thumbprint;

pub(super) fn check(plan: &Plan<'_>, provider: Option<&dyn Provider>, report: &mut Report<'_>) {
    let mut warned = false;
    for touch in &plan.touches {
        if let Lookup::WrongScope(found) = &touch.lookup
            && found.csp.name == "RootCATrustedCertificates"
        {
            let why = "users have no store of roots that can be managed; the device answers with \
                       an error";
            let instead = touch.uri.replacen("./User/", "./Device/", 1);
            let span = touch.target.span.clone();
            let draft = report.error("WS019", span, "a root for a user", why);
            draft.at(&touch.uri).instead(instead);
        }
        let Some(found) = touch.found() else { continue };
        if found.family.prefix == "MY/SCEP" && !warned {
            warned = true;
            let why = "deprecated since Windows 11, and some of its nodes have other names and \
                       formats";
            let span = touch.target.span.clone();
            let draft = report.warning("WS020", span, "SCEP by CertificateStore", why);
            draft.at(&touch.uri).instead("./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/…");
        }
        if found.node.name() == "EncodedCertificate" && touch.is_write() {
            certificate(touch, found, provider, report);
        }
    }
}

fn certificate(
    touch: &Touch<'_>,
    found: &Found,
    provider: Option<&dyn Provider>,
    report: &mut Report<'_>,
) {
    let Some(data) = touch.concrete() else { return };
    let text: String = data.text.split_whitespace().collect();
    let pem = data.text.contains("-----BEGIN");
    if pem || text.len() != data.text.len() {
        let why = "the base64 stands alone, without line breaks and without PEM lines";
        let body: String = data.text.lines().filter(|line| !line.contains("-----")).collect();
        let body: String = body.split_whitespace().collect();
        let what = if pem { "a certificate in PEM" } else { "base64 with blanks or line breaks" };
        let instead = STANDARD.decode(&body).is_ok().then_some(body);
        let draft = report.error("WS019", data.span.clone(), what, why);
        draft.at(&touch.uri).instead_if(instead);
        return;
    }
    let Ok(der) = STANDARD.decode(text) else {
        let why = "the device reads base64";
        report.error("WS019", data.span, "a certificate that is not base64", why).at(&touch.uri);
        return;
    };
    // A large certificate is no reason to know less of it.
    let mut limits = Limits::default();
    limits.message_bytes = usize::MAX;
    let Ok(certificate) = Certificate::parse(&der, &limits) else {
        let why = "the device stores X.509 certificates in DER, one in each node";
        report.error("WS019", data.span, "no certificate", why).at(&touch.uri);
        return;
    };
    name(touch, found, &der, provider, report);
    kind(touch, found, &certificate, report);
}

/// `{CertHash}` is the thumbprint of what is below it.
fn name(
    touch: &Touch<'_>,
    found: &Found,
    der: &[u8],
    provider: Option<&dyn Provider>,
    report: &mut Report<'_>,
) {
    let Some(chosen) = &found.chosen else { return };
    if crate::placeholder::is_in(chosen) {
        return;
    }
    let span = touch.target.span.clone();
    let actual = provider.and_then(|provider| Thumbprint::of(der, provider).ok());
    let Ok(given) = chosen.parse::<Thumbprint>() else {
        let why = "certificates are found and removed by their thumbprint; under another name \
                   Windows may not find this one again";
        let draft = report.warning("WS019", span, format!("the name {}", quote(chosen)), why);
        draft.at(&touch.uri).instead_if(actual.map(|actual| actual.to_string()));
        return;
    };
    if let Some(actual) = actual.filter(|actual| *actual != given) {
        let why = "the name of the node is the SHA-1 thumbprint of the certificate in it";
        let draft = report.error("WS019", span, "the thumbprint of another certificate", why);
        draft.at(&touch.uri).instead(actual.to_string());
    }
}

fn kind(touch: &Touch<'_>, found: &Found, certificate: &Certificate, report: &mut Report<'_>) {
    let root = found.family.prefix.to_ascii_uppercase().starts_with("ROOT");
    let store = root || found.family.prefix.starts_with("CA");
    let span = touch.target.span.clone();
    if !store {
        return;
    }
    let self_issued = certificate.is_self_issued();
    let ca = certificate.is_ca() || (self_issued && is_before_extensions(certificate));
    let (what, why) = match (ca, self_issued) {
        (false, _) => {
            ("a certificate that is no CA", "nothing that it has issued is trusted by being here")
        }
        (true, true) if !root => {
            ("a self-signed certificate among the intermediates", "roots are trusted in Root only")
        }
        (true, false) if root => (
            "an intermediate among the roots",
            "that ends every chain here, whatever its root says",
        ),
        _ => return,
    };
    let instead = match (ca, root) {
        (true, true) => Some("…/CA/…"),
        (true, false) => Some("…/Root/…"),
        (false, _) => None,
    };
    report.warning("WS019", span, what, why).at(&touch.uri).instead_if(instead);
}

/// Whether a certificate is of version 1 or 2, which cannot say that it is a CA's: RFC 5280
/// §6.1.4 (k) leaves it to whoever installs it.
fn is_before_extensions(certificate: &Certificate) -> bool {
    let mut outer = Reader::new(certificate.as_der());
    let version = outer
        .sequence("Certificate")
        .and_then(|mut fields| fields.sequence("TBSCertificate"))
        .and_then(|mut fields| fields.optional(tag::constructed(0), "version"));
    match version {
        Ok(None) => true,
        Ok(Some(version)) => {
            let number = version.reader().expect(tag::INTEGER, "version");
            number.and_then(|number| number.unsigned("version")).is_ok_and(|number| number < 2)
        }
        Err(_) => false,
    }
}
