//! The programs under test: the examples `est-client` and `est-server`.

use std::path::{Path, PathBuf};

use devicecert_interop::{Lab, Outcome, Running, Tool, program};

/// The only user of our server.
pub(crate) const USER: &str = "device";
pub(crate) const PASSWORD: &str = "correct-horse";

/// A running `est-server`.
pub(crate) struct Server {
    running: Running,
    /// `localhost:PORT`
    pub(crate) authority: String,
    /// Its state: `ca.pem`, `issued/` and the rest.
    pub(crate) dir: PathBuf,
}

impl Server {
    /// Starts a server on a free port with [`USER`] and a CA of its own.
    pub(crate) fn start(lab: &Lab, options: &[&str]) -> Outcome<Self> {
        let dir = lab.path("server");
        let mut running = Tool::new(program("est-server")?)
            .option("--listen", "127.0.0.1:0")
            .option("--dir", &dir)
            .option("--user", format!("{USER}:{PASSWORD}"))
            .args(options)
            .start(lab)?;
        let port = running.until(60, |log| {
            let line = log.lines().find_map(|line| line.strip_prefix("listening on https://"))?;
            Some(line.split_once('/')?.0.rsplit_once(':')?.1.to_owned())
        })?;
        Ok(Self { running, authority: format!("localhost:{port}"), dir })
    }

    /// `https://localhost:PORT`
    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.authority)
    }

    /// The certificate of the CA.
    pub(crate) fn ca(&self) -> PathBuf {
        self.dir.join("ca.pem")
    }

    /// Waits for a pending request and approves it the way an administrator does.
    pub(crate) fn approve_next(&mut self, lab: &Lab) -> Outcome {
        self.running.until(60, |log| log.contains("202 Accepted").then_some(()))?;
        let list = Tool::new(program("est-server")?).arg("list").option("--dir", &self.dir);
        let list = list.run(lab)?.ok()?.text();
        let request = list.lines().find_map(|line| line.strip_prefix("transactionID: "));
        Tool::new(program("est-server")?)
            .arg("approve")
            .option("--dir", &self.dir)
            .arg(request.ok_or("no request waits")?)
            .run(lab)?
            .ok()?;
        Ok(())
    }

    /// Requires that the password is in nothing the server has printed.
    pub(crate) fn keeps_the_password_to_itself(&self) -> Outcome {
        match self.running.log().contains(PASSWORD) {
            true => Err("the server printed the password".into()),
            false => Ok(()),
        }
    }
}

/// Requires that the certificate was issued by the server's CA, is for the key and passes OpenSSL's
/// strict checks.
pub(crate) fn check(lab: &Lab, server: &Server, certificate: &Path, key: &Path) -> Outcome {
    Tool::new("openssl")
        .args(["verify", "-x509_strict", "-purpose", "sslclient"])
        .option("-CAfile", server.ca())
        .arg(certificate)
        .run(lab)?
        .ok()?;
    let x509 = Tool::new("openssl").arg("x509").option("-in", certificate);
    let of_certificate = x509.args(["-noout", "-pubkey"]).run(lab)?.ok()?.stdout;
    let pkey = Tool::new("openssl").arg("pkey").option("-in", key).arg("-pubout");
    let of_key = pkey.run(lab)?.ok()?.stdout;
    if of_certificate != of_key {
        return Err("the certificate is for another key".into());
    }
    server.keeps_the_password_to_itself()
}

/// A certificate in DER as PEM.
pub(crate) fn pem(lab: &Lab, der: &Path) -> Outcome<PathBuf> {
    let pem = der.with_extension("pem");
    let x509 = Tool::new("openssl").args(["x509", "-inform", "DER"]).option("-in", der);
    x509.option("-out", &pem).run(lab)?.ok()?;
    Ok(pem)
}

/// The serial number.
pub(crate) fn serial(lab: &Lab, certificate: &Path) -> Outcome<String> {
    let x509 = Tool::new("openssl").arg("x509").option("-in", certificate);
    Ok(x509.args(["-noout", "-serial"]).run(lab)?.ok()?.text())
}
