//! Our client with our server, as programs. Needs nothing but this machine.

use std::path::PathBuf;

use devicecert_interop::peer::{NONE, OPENSSL};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool, program};

use crate::ours::{PASSWORD, Server, USER, check};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&OPENSSL, "a_life", "fingerprint, enrolment, renewal, by our programs", a_life),
        case(&NONE, "pop_required", "a client that does not link is told so", pop_required),
        case(&NONE, "pending", "exit status 4 while nobody decides", pending),
    ]
}

fn client(lab: &Lab, server: &Server, out: &str) -> Outcome<Tool> {
    Ok(Tool::new(program("est-client")?)
        .option("--url", server.url())
        .option("--out", lab.path(out)))
}

fn file(lab: &Lab, out: &str, name: &str) -> PathBuf {
    lab.path(out).join(name)
}

fn a_life(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &["--require-pop"])?;
    let x509 = Tool::new("openssl").args(["x509", "-noout", "-fingerprint", "-sha256"]);
    let text = x509.option("-in", server.ca()).run(lab)?.ok()?.text();
    let pin = text.trim().split_once('=').ok_or("no fingerprint")?.1.to_owned();
    client(lab, &server, "one")?.option("--fingerprint", pin).arg("cacerts").run(lab)?.ok()?;
    let ca = file(lab, "one", "ca.pem");
    client(lab, &server, "one")?
        .option("--explicit-ta", &ca)
        .args(["--user", USER, "--password", PASSWORD, "--pop"])
        .args(["enroll", "--subject", "CN=laptop-7", "--dns", "laptop-7.example"])
        .run(lab)?
        .ok()?;
    let (certificate, key) = (file(lab, "one", "device.pem"), file(lab, "one", "device.key"));
    check(lab, &server, &certificate, &key)?;
    client(lab, &server, "two")?
        .option("--explicit-ta", &ca)
        .option("--cert", &certificate)
        .option("--key", &key)
        .args(["--pop", "reenroll"])
        .run(lab)?
        .ok()?;
    check(lab, &server, &file(lab, "two", "device.pem"), &file(lab, "two", "device.key"))
}

fn pop_required(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &["--require-pop"])?;
    client(lab, &server, "one")?
        .option("--explicit-ta", server.ca())
        .args(["--user", USER, "--password", PASSWORD, "enroll", "--subject", "CN=laptop-7"])
        .run(lab)?
        .exits(1)?
        .says("use --pop")?;
    Ok(())
}

fn pending(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &["--manual"])?;
    client(lab, &server, "one")?
        .option("--explicit-ta", server.ca())
        .args(["--user", USER, "--password", PASSWORD, "--no-wait"])
        .args(["enroll", "--subject", "CN=laptop-7"])
        .run(lab)?
        .exits(4)?
        .says("still pending")?;
    Ok(())
}
