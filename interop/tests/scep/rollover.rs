//! A CA that revokes and is replaced, as OpenSSL sees it.

use devicecert_interop::peer::OPENSSL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Client, Device, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&OPENSSL, "crl", "reads our CRL, and tells who is on it", crl),
        case(&OPENSSL, "next_ca", "reads our GetNextCACert, signed by the current CA", next_ca),
        case(&OPENSSL, "rollover", "verifies both certificates of a device", |lab| {
            rollover(lab, &[])
        }),
        case(&OPENSSL, "rollover_ra", "verifies both, RA certificates, aws-lc", |lab| {
            rollover(lab, &["--ra", "--provider", "aws-lc"])
        }),
    ]
}

fn enrol(lab: &Lab, server: &Server, name: &str) -> Outcome<Device> {
    let subject = format!("CN={name}");
    Client::new(lab, &server.url, name)?.asks(&subject, CHALLENGE).enrols(lab)
}

fn verify(server: &Server, crl: &std::path::Path, device: &Device) -> Tool {
    Tool::new("openssl")
        .args(["verify", "-x509_strict", "-crl_check", "-purpose", "sslclient"])
        .option("-CAfile", server.ca())
        .option("-CRLfile", crl)
        .arg(&device.certificate)
}

fn crl(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let (kept, stolen) = (enrol(lab, &server, "kept")?, enrol(lab, &server, "stolen")?);
    let url = format!("URI:http://{}/crl-0.crl", server.address());
    check::says(lab, &kept.certificate, &["X509v3 CRL Distribution Points", &url])?;

    let before = server.crl(lab, 0)?;
    verify(&server, &before, &stolen).run(lab)?.ok()?;
    let serial = check::serial(lab, &stolen.certificate)?;
    server.administer(lab, &["revoke", "--reason", "keyCompromise"], &[&serial])?;
    let after = server.crl(lab, 0)?;
    let read = Tool::new("openssl").args(["crl", "-noout", "-text"]).option("-in", &after);
    let read = read.option("-CAfile", server.ca()).run(lab)?.ok()?;
    let read = read.says("verify OK")?.says("Version 2")?.says("Key Compromise")?;
    read.says("X509v3 Authority Key Identifier")?.says(&format!("Serial Number: {serial}"))?;
    verify(&server, &after, &kept).run(lab)?.ok()?;
    verify(&server, &after, &stolen).run(lab)?.exits(2)?.says("certificate revoked")?;
    Ok(())
}

fn next_ca(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let said = server.get(lab, "/scep?operation=GetNextCACert", "none.der");
    if said.is_ok() {
        return Err("a next CA that nobody has made".into());
    }
    server.administer(lab, &["rollover", "--in", "30"], &[])?;
    let message = server.get(lab, "/scep?operation=GetNextCACert", "next.der")?;
    let content = lab.path("next.content");
    // The signer's certificate is not in it: who asks has it.
    Tool::new("openssl")
        .args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any"])
        .option("-in", &message)
        .option("-certfile", server.ca())
        .option("-CAfile", server.ca())
        .option("-out", &content)
        .run(lab)?
        .ok()?;
    let list = Tool::new("openssl").args(["pkcs7", "-print_certs", "-inform", "DER"]);
    let list = list.option("-in", &content).run(lab)?.ok()?;
    let shown = lab.write("next.pem", &list.stdout)?;
    let kept = server.dir.join("rollover-1/ca.pem");
    if check::serial(lab, &shown)? != check::serial(lab, &kept)? {
        return Err("the message shows another certificate than the next CA's".into());
    }
    let caps = server.get(lab, "/scep?operation=GetCACaps", "caps.txt")?;
    if !std::fs::read_to_string(caps)?.lines().any(|line| line == "GetNextCACert") {
        return Err("GetNextCACert is not announced".into());
    }
    Ok(())
}

fn rollover(lab: &Lab, options: &[&str]) -> Outcome {
    let server = Server::start(lab, options)?;
    let device = enrol(lab, &server, "laptop-7")?;
    server.administer(lab, &["rollover", "--in", "30"], &[])?;
    let client = Client::new(lab, &server.url, "laptop-7")?.args(&["--subject", "CN=laptop-7"]);
    let done = client.rolls_over(&device, &server.ca()).run(lab)?.ok()?;
    done.says("the device changes over on")?;
    // What it has is still what it had, and beside it is what it will have.
    check::device(lab, &server.ca(), &device)?;
    let next =
        Device { certificate: lab.path("laptop-7/next.pem"), key: lab.path("laptop-7/next.key") };
    let next_ca = server.dir.join("rollover-1/ca.pem");
    let on = |days: i64, ca: &std::path::Path, certificate: &std::path::Path| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let at = now.unwrap_or_default().as_secs().cast_signed() + days * 86_400;
        Tool::new("openssl")
            .args(["verify", "-x509_strict", "-attime", &at.to_string()])
            .option("-CAfile", ca)
            .arg(certificate)
    };
    on(0, &server.ca(), &device.certificate).run(lab)?.ok()?;
    on(0, &next_ca, &next.certificate).run(lab)?.exits(2)?.says("not yet valid")?;
    on(31, &next_ca, &next.certificate).run(lab)?.ok()?;
    on(31, &server.ca(), &next.certificate).run(lab)?.exits(2)?;
    Ok(())
}
