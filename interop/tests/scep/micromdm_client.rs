//! micromdm's `scepclient` 2.1 (Debian package `scep`) against our server.
//!
//! * It signs with SHA-1 and encrypts with single DES whatever we announce: hence `--allow-legacy`.
//! * Without `-ca-fingerprint` it encrypts to every certificate of GetCACert, RA and CA alike.
//! * It answers PENDING by sending the same PKCSReq again every 30 seconds, for ever.
//! * It keeps `csr.pem` and `self.pem` beside the key and sends them again: a folder a device, and
//!   `csr.pem` must go before a renewal.
//! * Its transactionID is a hash of the key, and it renews with the same key: a renewal comes under
//!   the transactionID of the first enrolment, signed by the certificate that is to be renewed.

use std::fs;
use std::path::PathBuf;

use devicecert_interop::peer::SCEPCLIENT;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(
            &SCEPCLIENT,
            "pending",
            "our server defers, then issues (same PKCSReq again)",
            pending,
        ),
        enrols("enrol", "our server issues", &[], &[]),
        enrols("enrol_aws_lc", "our server issues, aws-lc", &["--provider", "aws-lc"], &[]),
        enrols("enrol_rsa_4096", "our server issues for RSA-4096", &[], &["-keySize", "4096"]),
        enrols("ca_rsa_4096", "our server issues, CA key RSA-4096", &["--ca-key", "rsa:4096"], &[]),
        enrols("ra_every_recipient", "our server's RA, encrypted to RA and CA", &["--ra"], &[]),
        case(&SCEPCLIENT, "ra_fingerprint", "our server's RA, encrypted to the RA", ra_fingerprint),
        case(&SCEPCLIENT, "renew", "our server renews, RenewalReq (17)", renew),
        case(&SCEPCLIENT, "wrong_challenge", "our server refuses: badRequest", wrong_challenge),
    ]
}

/// A device with a folder of its own.
struct Device {
    folder: PathBuf,
}

impl Device {
    fn new(lab: &Lab) -> Outcome<Self> {
        Ok(Self { folder: lab.folder("device")? })
    }

    fn command(&self, server: &Server, challenge: &str) -> Tool {
        Tool::new("scepclient")
            .option("-server-url", &server.url)
            .option("-challenge", challenge)
            .args(["-cn", "dev-1", "-organization", "Acme", "-country", "DE"])
            .args(["-private-key", "key.pem", "-certificate", "cert.pem"])
            .dir(&self.folder)
    }

    fn certificate(&self) -> PathBuf {
        self.folder.join("cert.pem")
    }

    fn check(&self, lab: &Lab, server: &Server) -> Outcome {
        check::says(lab, &self.certificate(), &["CN = dev-1"])?;
        check::issued_by(lab, server, &self.certificate(), &self.folder.join("key.pem"))
    }
}

fn start(lab: &Lab, options: &[&str]) -> Outcome<Server> {
    Server::start(lab, &[&["--allow-legacy"], options].concat())
}

fn enrols(
    name: &str,
    what: &str,
    server_options: &[&'static str],
    client_options: &[&'static str],
) -> Case {
    let (server_options, client_options) = (server_options.to_vec(), client_options.to_vec());
    case(&SCEPCLIENT, name, what, move |lab| {
        let server = start(lab, &server_options)?;
        let device = Device::new(lab)?;
        device.command(&server, CHALLENGE).args(client_options).run(lab)?.ok()?;
        device.check(lab, &server)
    })
}

fn ra_fingerprint(lab: &Lab) -> Outcome {
    let server = start(lab, &["--ra"])?;
    let pin = check::fingerprint(lab, &server.dir.join("ra.pem"), "sha256")?;
    let device = Device::new(lab)?;
    device.command(&server, CHALLENGE).option("-ca-fingerprint", pin).run(lab)?.ok()?;
    device.check(lab, &server)
}

fn renew(lab: &Lab) -> Outcome {
    let server = start(lab, &[])?;
    let device = Device::new(lab)?;
    device.command(&server, CHALLENGE).run(lab)?.ok()?;
    device.check(lab, &server)?;
    let old = lab.path("old.pem");
    fs::rename(device.certificate(), &old)?;
    fs::copy(&old, device.certificate())?;
    fs::remove_file(device.folder.join("csr.pem"))?;
    device.command(&server, CHALLENGE).run(lab)?.ok()?;
    device.check(lab, &server)?;
    check::renewed(lab, &old, &device.certificate())
}

fn wrong_challenge(lab: &Lab) -> Outcome {
    let server = start(lab, &[])?;
    let device = Device::new(lab)?;
    device.command(&server, "wrong").run(lab)?.exits(1)?.says("failInfo: badRequest (2)")?;
    server.keeps_the_challenge_to_itself()
}

fn pending(lab: &Lab) -> Outcome {
    let mut server = start(lab, &["--approve", "manual"])?;
    let device = Device::new(lab)?;
    let client = device.command(&server, CHALLENGE).limit(90).start(lab)?;
    server.approve_next(lab)?;
    client.wait()?.ok()?;
    device.check(lab, &server)?;
    if server.issued()?.len() != 1 {
        return Err("a request that was sent twice got two certificates".into());
    }
    Ok(())
}
