//! strongSwan's `pki --est` and `pki --estca` 5.9.8 against our server.
//!
//! * It sends no User-Agent, and its request as one line of base64 without an end.
//! * It reads one line of base64 only, also of a certificate for RSA-4096.
//! * It answers HTTP authentication before it is asked, and stores the first certificate of an
//!   answer that is no CA's.

use std::path::{Path, PathBuf};

use devicecert_interop::peer::STRONGSWAN;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::ours::{PASSWORD, Server, USER, check, pem, serial};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&STRONGSWAN, "cacerts", "our server's CA certificates", cacerts),
        case(&STRONGSWAN, "enrol", "our server issues, user and password", |lab| {
            enrol(lab, "2048")
        }),
        case(&STRONGSWAN, "enrol_rsa_4096", "our server issues for RSA-4096", |lab| {
            enrol(lab, "4096")
        }),
        case(&STRONGSWAN, "reenrol", "our server renews for a TLS certificate", reenrol),
        case(&STRONGSWAN, "pending", "our server asks a person (202)", pending),
        case(&STRONGSWAN, "wrong_password", "our server refuses", wrong_password),
    ]
}

fn cacerts(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let file = lab.path("got.pem");
    Tool::new("pki")
        .arg("--estca")
        .option("--url", server.url())
        .option("--cacert", server.ca())
        .option("--caout", &file)
        .args(["--outform", "pem", "--force"])
        .run(lab)?
        .ok()?;
    match serial(lab, &file)? == serial(lab, &server.ca())? {
        true => Ok(()),
        false => Err("another CA certificate".into()),
    }
}

/// A key and a request for it.
fn request(lab: &Lab, name: &str, bits: &str) -> Outcome<(PathBuf, PathBuf)> {
    let make = Tool::new("pki").args(["--gen", "--type", "rsa", "--size", bits]);
    let key = lab.write(&format!("{name}.key"), make.run(lab)?.ok()?.stdout)?;
    let request = Tool::new("pki").arg("--req").option("--in", &key);
    let request = request.args(["--dn", "C=CH, O=Acme, CN=ss-1", "--san", "dev1.example.org"]);
    let request = lab.write(&format!("{name}.csr"), request.run(lab)?.ok()?.stdout)?;
    Ok((key, request))
}

fn asks(server: &Server, request: &Path) -> Tool {
    Tool::new("pki")
        .arg("--est")
        .option("--url", server.url())
        .option("--cacert", server.ca())
        .option("--in", request)
}

/// A first certificate, in DER, and its key.
fn first(lab: &Lab, server: &Server, bits: &str) -> Outcome<(PathBuf, PathBuf)> {
    let (key, request) = request(lab, "first", bits)?;
    let tool = asks(server, &request).option("--userpass", format!("{USER}:{PASSWORD}"));
    let certificate = lab.write("first.crt", tool.run(lab)?.ok()?.stdout)?;
    check(lab, server, &pem(lab, &certificate)?, &key)?;
    Ok((certificate, key))
}

fn enrol(lab: &Lab, bits: &str) -> Outcome {
    let server = Server::start(lab, &[])?;
    first(lab, &server, bits).map(drop)
}

fn reenrol(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let (certificate, key) = first(lab, &server, "2048")?;
    let (new_key, request) = request(lab, "second", "2048")?;
    let tool = asks(&server, &request).option("--cert", &certificate).option("--key", &key);
    let renewed = lab.write("second.crt", tool.run(lab)?.ok()?.stdout)?;
    let renewed = pem(lab, &renewed)?;
    check(lab, &server, &renewed, &new_key)?;
    match serial(lab, &renewed)? == serial(lab, &pem(lab, &certificate)?)? {
        true => Err("the old certificate again".into()),
        false => Ok(()),
    }
}

fn pending(lab: &Lab) -> Outcome {
    let mut server = Server::start(lab, &["--manual", "--retry-after", "1"])?;
    let (key, request) = request(lab, "first", "2048")?;
    let tool = asks(&server, &request).option("--userpass", format!("{USER}:{PASSWORD}"));
    let client = tool.args(["--interval", "1", "--maxpolltime", "60"]).start(lab)?;
    server.approve_next(lab)?;
    let certificate = lab.write("first.crt", client.wait()?.ok()?.stdout)?;
    check(lab, &server, &pem(lab, &certificate)?, &key)
}

fn wrong_password(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let (_, request) = request(lab, "first", "2048")?;
    let done = asks(&server, &request).option("--userpass", format!("{USER}:guess")).run(lab)?;
    match done.code {
        Some(0) => Err("strongSwan got a certificate with a wrong password".into()),
        _ => Ok(()),
    }
}
