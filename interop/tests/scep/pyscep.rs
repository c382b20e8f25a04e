//! PyScep 0.0.14 (Python package index) against our server.
//!
//! * Its EnvelopedData has version 1 and its messages have no signingTime.
//! * It needs an eContent, if an empty one, in FAILURE and PENDING.
//! * With RA certificates it encrypts to the CA, so there is no row for that.

use std::path::Path;

use devicecert_interop::peer::{PYSCEP, python_path};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(&PYSCEP, "enrol", "our server issues", |lab| enrol(lab, &[])),
        case(&PYSCEP, "enrol_aws_lc", "our server issues, aws-lc", |lab| {
            enrol(lab, &["--provider", "aws-lc"])
        }),
        case(&PYSCEP, "wrong_challenge", "our server refuses: badRequest", wrong_challenge),
        case(&PYSCEP, "pending", "our server defers, then issues (CertPoll)", pending),
    ]
}

fn client(lab: &Lab, server: &Server, challenge: &str) -> Tool {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("pyscep/enrol.py");
    Tool::new("python3")
        // Its warnings about old interfaces are not ours to read.
        .args(["-B", "-W", "ignore"])
        .arg(script)
        .arg(&server.url)
        .arg(challenge)
        .arg(lab.root())
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

fn pending(lab: &Lab) -> Outcome {
    let mut server = Server::start(lab, &["--approve", "manual"])?;
    let client = client(lab, &server, CHALLENGE).start(lab)?;
    server.approve_next(lab)?;
    client.wait()?.ok()?.says("pending")?;
    issued(lab, &server)
}
