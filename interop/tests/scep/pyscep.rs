//! PyScep 0.0.14 (Python package index) against our server.
//!
//! * Its EnvelopedData has version 1 and its messages have no signingTime.
//! * It needs an eContent, if an empty one, in FAILURE and PENDING.
//! * It looks for the next CA's certificates beside the signature, not in what it covers, insists on
//!   the type id-data, and then stumbles over its own list: see `lookup.py`.
//! * With RA certificates it encrypts to the CA, so there is no row for that.

use std::path::Path;

use devicecert_interop::peer::{PYSCEP, python_path};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Client, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&PYSCEP, "enrol", "our server issues", |lab| enrol(lab, &[])),
        case(&PYSCEP, "enrol_aws_lc", "our server issues, aws-lc", |lab| {
            enrol(lab, &["--provider", "aws-lc"])
        }),
        case(&PYSCEP, "wrong_challenge", "our server refuses: badRequest", wrong_challenge),
        case(&PYSCEP, "lookup", "our server finds certificate and CRL (GetCert, GetCRL)", lookup),
        case(&PYSCEP, "next_ca", "our server names the next CA (GetNextCACert)", next_ca),
        case(&PYSCEP, "pending", "our server defers, then issues (CertPoll)", pending),
    ]
}

fn client(lab: &Lab, server: &Server, challenge: &str) -> Tool {
    script("enrol.py", server).arg(challenge).arg(lab.root())
}

fn script(name: &str, server: &Server) -> Tool {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("pyscep").join(name);
    Tool::new("python3")
        // Its warnings about old interfaces are not ours to read.
        .args(["-B", "-W", "ignore"])
        .arg(script)
        .arg(&server.url)
        .env("PYTHONPATH", python_path())
        .limit(90)
}

fn issued(lab: &Lab, server: &Server) -> Outcome {
    let certificate = lab.path("cert.pem");
    check::says(lab, &certificate, &["CN = pyscep-1"])?;
    check::issued_by(lab, server, &certificate, &lab.path("key.pem"))
}

fn enrol(lab: &Lab, options: &[&str]) -> Outcome {
    let server = Server::start(lab, options)?;
    client(lab, &server, CHALLENGE).run(lab)?.ok()?;
    issued(lab, &server)
}

fn wrong_challenge(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    client(lab, &server, "wrong").run(lab)?.exits(3)?.says("refused 2")?;
    Ok(())
}

fn lookup(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    client(lab, &server, CHALLENGE).run(lab)?.ok()?;
    let other = Client::new(lab, &server.url, "other")?.asks("CN=other", CHALLENGE).enrols(lab)?;
    let serial = check::serial(lab, &other.certificate)?;
    server.administer(lab, &["revoke"], &[&serial])?;
    let lookup = || script("lookup.py", &server).arg(lab.root());
    let found = lookup().arg("cert").arg(&serial).run(lab)?.ok()?.stdout;
    let found = lab.write("found.pem", found)?;
    check::says(lab, &found, &["CN = other"])?;
    let found = lookup().arg("crl").arg(&serial).run(lab)?.ok()?.stdout;
    let found = lab.write("found-crl.pem", found)?;
    let read = Tool::new("openssl").args(["crl", "-noout", "-text"]).option("-in", &found);
    let read = read.option("-CAfile", server.ca()).run(lab)?.ok()?.says("verify OK")?;
    read.says(&format!("Serial Number: {serial}"))?;
    lookup().arg("cert").arg("01").run(lab)?.exits(3)?.says("refused 4")?;
    Ok(())
}

fn next_ca(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    server.administer(lab, &["rollover", "--in", "30"], &[])?;
    let found = script("lookup.py", &server).arg(lab.root()).arg("next").run(lab)?.ok()?.stdout;
    let found = lab.write("next.pem", found)?;
    let next = server.dir.join("rollover-1/ca.pem");
    match check::serial(lab, &found)? == check::serial(lab, &next)? {
        true => Ok(()),
        false => Err("PyScep found another certificate".into()),
    }
}

fn pending(lab: &Lab) -> Outcome {
    let mut server = Server::start(lab, &["--approve", "manual"])?;
    let client = client(lab, &server, CHALLENGE).start(lab)?;
    server.approve_next(lab)?;
    client.wait()?.ok()?.says("pending")?;
    issued(lab, &server)
}
