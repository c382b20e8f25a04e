//! certmonger 0.79: its daemon, on a socket and in folders of its own, against our server.
//!
//! * It checks everything: MIME type, signature and chain of the CertRep (the CA and the RA need
//!   digitalSignature), messageType, transactionID, both nonces.
//! * It sends GET only; its signer is a v1 certificate with a serial number of 32 octets.
//! * Its transactionID is a hash of the key: a `resubmit` renews, with PKCSReq (19) signed by the
//!   old certificate, under the transactionID of the first enrolment.
//! * `rekey` is a renewal for a new key, signed by the old one.

use std::path::PathBuf;

use devicecert_interop::peer::CERTMONGER;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Running, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        enrols("enrol", "our server issues", &[], &[]),
        enrols("enrol_aws_lc", "our server issues, aws-lc", &["--provider", "aws-lc"], &[]),
        enrols("enrol_rsa_4096", "our server issues for RSA-4096", &[], &["-g", "4096"]),
        enrols("ra", "our server's RA", &["--ra"], &[]),
        renews("resubmit", "our server renews, same key, PKCSReq (19)", &[]),
        renews("resubmit_ra", "our server's RA renews, same key, PKCSReq (19)", &["--ra"]),
        renews("rekey", "our server renews, new key, PKCSReq (19)", &[]),
        case(&CERTMONGER, "wrong_challenge", "our server refuses: CA_REJECTED", wrong_challenge),
    ]
}

/// A certmonger daemon that knows our server as the CA `lab`.
pub(crate) struct Daemon<'a> {
    lab: &'a Lab,
    running: Running,
}

impl<'a> Daemon<'a> {
    pub(crate) fn start(lab: &'a Lab, server: &Server) -> Outcome<Self> {
        lab.folder("out")?;
        let mut tool = Tool::new("certmonger");
        for (name, folder) in [
            ("CERTMONGER_REQUESTS_DIR", "requests"),
            ("CERTMONGER_CAS_DIR", "cas"),
            ("CERTMONGER_LOCAL_CA_DIR", "local"),
            ("CERTMONGER_TMPDIR", "tmp"),
            ("CERTMONGER_CONFIG_DIR", "config"),
        ] {
            tool = tool.env(name, lab.folder(folder)?);
        }
        let running = tool
            // Without this only one daemon may run on a machine.
            .env("CERTMONGER_SYSTEM_LOCK_FILE", lab.path("lock"))
            .args(["-n", "-L", "-d", "9", "-P"])
            .arg(lab.path("socket"))
            .start(lab)?;
        let mut daemon = Self { lab, running };
        daemon.until(&["list"], "being tracked")?;
        let mut add = vec!["add-scep-ca", "-c", "lab", "-u", &server.url, "-N"];
        let ca = server.ca();
        let ca = ca.to_str().ok_or("the path is not UTF-8")?;
        // With RA certificates GetCACert brings the CA certificate, and certmonger takes it from
        // there; a lone CA certificate must be named.
        match server.dir.join("ra.pem").exists() {
            true => add.truncate(add.len() - 1),
            false => add.push(ca),
        }
        daemon.getcert(&add)?.run(lab)?.ok()?;
        // The certificates are fetched later; a request made before that waits for a long time.
        daemon.until(&["list-cas", "-c", "lab"], "thumbprint")?;
        Ok(daemon)
    }

    fn getcert(&self, arguments: &[&str]) -> Outcome<Tool> {
        let socket = format!("unix:path={}", self.lab.path("socket").display());
        let tool = Tool::new("getcert").args(arguments).limit(90);
        Ok(tool.env("CERTMONGER_PVT_ADDRESS", socket))
    }

    /// Asks until the daemon says `words`.
    pub(crate) fn until(&mut self, arguments: &[&str], words: &str) -> Outcome {
        let socket = format!("unix:path={}", self.lab.path("socket").display());
        let lab = self.lab;
        self.running.until(60, |_| {
            let ask = Tool::new("getcert").args(arguments).limit(10);
            let answer = ask.env("CERTMONGER_PVT_ADDRESS", &socket).run(lab).ok()?;
            answer.text().contains(words).then_some(())
        })
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.lab.path("out/key.pem")
    }

    fn certificate(&self) -> PathBuf {
        self.lab.path("out/cert.pem")
    }

    /// `getcert request`, with one name of each kind.
    pub(crate) fn request(&self, challenge: &str) -> Outcome<Tool> {
        let request = ["request", "-I", "req1", "-c", "lab", "-N", "CN=cm-dev-1,O=Acme", "-v"];
        Ok(self
            .getcert(&request)?
            .args(["-D", "dev1.example.org", "-A", "10.1.2.3", "-E", "dev@example.org"])
            .option("-k", self.key())
            .option("-f", self.certificate())
            .option("-L", challenge))
    }

    fn enrol(&self, server: &Server, options: &[&str]) -> Outcome {
        self.request(CHALLENGE)?.args(options).arg("-w").run(self.lab)?.ok()?;
        self.holds(server)
    }

    /// Requires a certificate of the server with every name that was asked for.
    fn holds(&self, server: &Server) -> Outcome {
        let names = ["DNS:dev1.example.org", "IP Address:10.1.2.3", "email:dev@example.org"];
        check::says(self.lab, &self.certificate(), &["CN = cm-dev-1"])?;
        check::says(self.lab, &self.certificate(), &names)?;
        check::issued_by(self.lab, server, &self.certificate(), &self.key())
    }

    /// What the daemon handed to its SCEP helper, from its log: a PEM message.
    pub(crate) fn handed(&mut self, variable: &str) -> Outcome<String> {
        let start = format!("Setting \"{variable}\" to \"");
        self.running.until(60, |log| {
            let (_, rest) = log.split_once(&start)?;
            let (pem, _) = rest.split_once("-----END PKCS7-----")?;
            Some(format!("{pem}-----END PKCS7-----\n"))
        })
    }
}

fn enrols(
    name: &str,
    what: &str,
    server_options: &[&'static str],
    request_options: &[&'static str],
) -> Case {
    let (server_options, request_options) = (server_options.to_vec(), request_options.to_vec());
    case(&CERTMONGER, name, what, move |lab| {
        let server = Server::start(lab, &server_options)?;
        Daemon::start(lab, &server)?.enrol(&server, &request_options)
    })
}

fn renews(name: &'static str, what: &str, options: &[&'static str]) -> Case {
    let options = options.to_vec();
    case(&CERTMONGER, name, what, move |lab| {
        let server = Server::start(lab, &options)?;
        let daemon = Daemon::start(lab, &server)?;
        daemon.enrol(&server, &[])?;
        let old = lab.path("old.pem");
        std::fs::copy(daemon.certificate(), &old)?;
        let command = if name.starts_with("rekey") { "rekey" } else { "resubmit" };
        daemon.getcert(&[command, "-i", "req1", "-w", "-v"])?.run(lab)?.ok()?.says("MONITORING")?;
        daemon.holds(&server)?;
        check::renewed(lab, &old, &daemon.certificate())
    })
}

fn wrong_challenge(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let daemon = Daemon::start(lab, &server)?;
    // 2: "the CA rejected the request"
    daemon.request("wrong")?.arg("-w").run(lab)?.exits(2)?;
    daemon.getcert(&["list", "-i", "req1"])?.run(lab)?.ok()?.says("CA_REJECTED")?;
    Ok(())
}
