//! FreeRADIUS lets devices into a network by EAP-TLS: those whose certificate our CA vouches for.

use devicecert_interop::peer::FREERADIUS;
use devicecert_interop::radius::{Radius, Shown, TlsVersion};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome};

use crate::check;
use crate::ours::{CHALLENGE, Client, Device, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&FREERADIUS, "revoked", "admits devices, refuses a revoked one (EAP-TLS)", revoked),
        case(&FREERADIUS, "tls_1_3", "admits a device by EAP-TLS 1.3, until it expires", expired),
    ]
}

fn revoked(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let enrol = |name: &str| {
        let subject = format!("CN={name}");
        Client::new(lab, &server.url, name)?.asks(&subject, CHALLENGE).enrols(lab)
    };
    let (kept, stolen, renewed) = (enrol("kept")?, enrol("stolen")?, enrol("renewed")?);
    let radius = Radius::new(lab, &server.ca(), TlsVersion::V1_2)?;

    // From where the certificates say that the CRL is.
    let running = radius.start(lab, Some(&server.crl(lab, 0)?))?;
    for (name, device) in [("kept", &kept), ("stolen", &stolen), ("renewed", &renewed)] {
        radius.admits(lab, name, shown(device))?;
    }
    drop(running);

    server.administer(lab, &["revoke", "--reason", "keyCompromise"], &[&serial(lab, &stolen)?])?;
    // What it has is good for nothing, and it gets nothing new.
    let client = Client::new(lab, &server.url, "again")?.args(&["--subject", "CN=stolen"]);
    client.renews(&stolen).refused_with(lab, "badRequest")?;
    let client = Client::new(lab, &server.url, "new")?.args(&["--subject", "CN=renewed"]);
    let renewed = client.renews(&renewed).enrols(lab)?;

    let mut running = radius.start(lab, Some(&server.crl(lab, 0)?))?;
    radius.admits(lab, "kept", shown(&kept))?;
    radius.admits(lab, "renewed", shown(&renewed))?;
    radius.refuses(lab, "stolen", shown(&stolen))?;
    running.until(10, |log| log.contains("certificate revoked").then_some(()))
}

fn expired(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let device = Client::new(lab, &server.url, "d")?.asks("CN=d", CHALLENGE).enrols(lab)?;
    let radius = Radius::new(lab, &server.ca(), TlsVersion::V1_3)?;
    let running = radius.start(lab, None)?;
    radius.admits(lab, "d", shown(&device))?;
    drop(running);
    let radius = radius.days_ahead(1200);
    let mut running = radius.start(lab, None)?;
    radius.refuses(lab, "d", shown(&device))?;
    running.until(10, |log| log.contains("certificate has expired").then_some(()))
}

fn serial(lab: &Lab, device: &Device) -> Outcome<String> {
    check::serial(lab, &device.certificate)
}

fn shown(device: &Device) -> Shown<'_> {
    Shown::Pem { certificate: &device.certificate, key: &device.key }
}
