//! The thumbprint of the CA (WS014).

use devicecert_pki::{Certificate, Provider};

use super::plan::{Plan, Touch};
use super::report::{Report, quote};
use crate::thumbprint::{NotAThumbprint, Thumbprint};
use crate::value::Value;

pub(super) fn check(
    plan: &Plan<'_>,
    ca: Option<(&Certificate, &dyn Provider)>,
    report: &mut Report<'_>,
) {
    for touch in plan.touches.iter().filter(|touch| touch.is_write()) {
        let name = touch.found().map(|found| found.node.name());
        if !matches!(name, Some("CAThumbprint" | "CAThumbPrint")) {
            continue;
        }
        let Some(data) = touch.concrete() else { continue };
        spelling(touch, &data, report);
        if let (Some((ca, provider)), Ok(given)) = (ca, data.text.parse()) {
            compare(touch, &data, given, ca, provider, report);
        }
    }
}

fn spelling(touch: &Touch<'_>, data: &Value<'_>, report: &mut Report<'_>) {
    let text = data.text.as_ref();
    if text.len() == 40 && text.bytes().all(|octet| octet.is_ascii_hexdigit()) {
        return;
    }
    let parsed = text.parse::<Thumbprint>();
    let why = match parsed {
        Ok(_) => "the device compares 40 hexadecimal digits without anything between",
        Err(NotAThumbprint::OtherDigest { .. }) => {
            "this is the digest of another algorithm, which never equals the SHA-1 that Windows \
             makes of the CA's certificate, nor can it be turned into it: take the certificate"
        }
        Err(_) => {
            "the device stops after GetCACert: it compares the SHA-1 digest of the CA's \
             certificate, 40 hexadecimal digits"
        }
    };
    let found = match &parsed {
        Err(NotAThumbprint::OtherDigest { name, .. }) => format!("a {name} digest"),
        Err(NotAThumbprint::Length { octets }) => format!("{} of {octets} octets", quote(text)),
        _ => quote(text),
    };
    let instead = parsed.ok().map(|thumbprint| thumbprint.to_string());
    report.error("WS014", data.span.clone(), found, why).at(&touch.uri).instead_if(instead);
}

fn compare(
    touch: &Touch<'_>,
    data: &Value<'_>,
    given: Thumbprint,
    ca: &Certificate,
    provider: &dyn Provider,
    report: &mut Report<'_>,
) {
    let Ok(actual) = Thumbprint::of(ca.as_der(), provider) else { return };
    if actual != given {
        let why = "it is not that of the CA's certificate; it has to be that of one which the \
                   server sends";
        let draft = report.warning("WS014", data.span.clone(), given.to_string(), why);
        draft.at(&touch.uri).instead(actual.to_string());
    } else if !ca.is_self_issued() {
        let why = "Microsoft asks for the root's; some versions do with the issuing CA's";
        let found = "the thumbprint of an intermediate CA";
        report.warning("WS014", data.span.clone(), found, why).at(&touch.uri);
    }
}
