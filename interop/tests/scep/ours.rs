//! The programs under test: the examples `scep-client` and `scep-server`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use devicecert_interop::{Done, Lab, Netns, Outcome, Running, Tool, program};

/// The challenge password that our server is started with.
pub(crate) const CHALLENGE: &str = "correct-horse";

/// A running `scep-server`.
pub(crate) struct Server {
    running: Running,
    /// `http://127.0.0.1:PORT/scep`
    pub(crate) url: String,
    /// Its state: `ca.pem`, `issued/` and the rest.
    pub(crate) dir: PathBuf,
}

impl Server {
    /// Starts a server on a free port with [`CHALLENGE`] and a CA of its own.
    pub(crate) fn start(lab: &Lab, options: &[&str]) -> Outcome<Self> {
        let options = [&["--challenge", CHALLENGE], options].concat();
        Self::start_at(lab, "127.0.0.1:0", &lab.path("server"), &options)
    }

    /// Starts a server at an address with the state in a folder.
    pub(crate) fn start_at(
        lab: &Lab,
        address: &str,
        dir: &Path,
        options: &[&str],
    ) -> Outcome<Self> {
        Self::start_with(lab, address, dir, options, &[])
    }

    /// The same with something in its environment.
    pub(crate) fn start_with(
        lab: &Lab,
        address: &str,
        dir: &Path,
        options: &[&str],
        environment: &[(&str, &Path)],
    ) -> Outcome<Self> {
        let tool = Tool::new(program("scep-server")?)
            .option("--listen", address)
            .option("--dir", dir)
            .args(options);
        let tool = environment.iter().fold(tool, |tool, (name, value)| tool.env(name, value));
        let mut running = tool.start(lab)?;
        let url = running.until(60, |log| {
            log.lines().find_map(|line| line.strip_prefix("listening on ")).map(str::to_owned)
        })?;
        let url = url.split_whitespace().next().unwrap_or_default().to_owned();
        Ok(Self { running, url, dir: dir.to_owned() })
    }

    /// The host and port.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://").split('/').next().unwrap_or_default()
    }

    /// The certificate of the CA.
    pub(crate) fn ca(&self) -> PathBuf {
        self.dir.join("ca.pem")
    }

    /// Kills the server at once, the way a power cut does.
    pub(crate) fn kill(mut self) {
        self.running.kill();
    }

    /// Waits until a request is pending; says which transaction it is.
    ///
    /// The server prints `pending TRANSACTION` for an administrator to copy.
    pub(crate) fn pending(&mut self) -> Outcome<String> {
        self.running.until(60, |log| {
            log.lines()
                .filter_map(|line| line.strip_prefix("pending "))
                .find_map(|rest| rest.split_whitespace().next())
                .map(str::to_owned)
        })
    }

    /// Approves a transaction the way an administrator does.
    pub(crate) fn approve(&self, lab: &Lab, transaction: &str) -> Outcome {
        Tool::new(program("scep-server")?)
            .arg("approve")
            .option("--dir", &self.dir)
            .arg(transaction)
            .run(lab)?
            .ok()?;
        Ok(())
    }

    /// Makes a challenge for some names the way an administrator does.
    pub(crate) fn permit(&self, lab: &Lab, options: &[&str]) -> Outcome<String> {
        let made = Tool::new(program("scep-server")?)
            .arg("permit")
            .option("--dir", &self.dir)
            .args(options)
            .run(lab)?
            .ok()?;
        Ok(String::from_utf8(made.stdout)?.trim().to_owned())
    }

    /// Does what an administrator does: a command, its options, the folder, and what is left.
    pub(crate) fn administer(&self, lab: &Lab, command: &[&str], rest: &[&str]) -> Outcome {
        let tool = Tool::new(program("scep-server")?).args(command).option("--dir", &self.dir);
        tool.args(rest).run(lab)?.ok()?;
        Ok(())
    }

    /// What the server answers to a GET with, in a file of the lab.
    pub(crate) fn get(&self, lab: &Lab, path: &str, file: &str) -> Outcome<PathBuf> {
        let mut stream = TcpStream::connect(self.address())?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no answer")?;
        let (head, body) = answer.split_at(end + 4);
        let head = String::from_utf8_lossy(head);
        match head.split_whitespace().nth(1) {
            Some("200") => lab.write(file, body),
            _ => Err(format!("GET {path}: {head}").into()),
        }
    }

    /// The CRL of one of the server's CAs, as PEM.
    pub(crate) fn crl(&self, lab: &Lab, number: usize) -> Outcome<PathBuf> {
        let der = self.get(lab, &format!("/crl-{number}.crl"), "crl.der")?;
        let pem = lab.path("crl.pem");
        let convert = Tool::new("openssl").args(["crl", "-inform", "DER"]);
        convert.option("-in", der).option("-out", &pem).run(lab)?.ok()?;
        Ok(pem)
    }

    /// Waits for a pending request and approves it.
    pub(crate) fn approve_next(&mut self, lab: &Lab) -> Outcome<String> {
        let transaction = self.pending()?;
        self.approve(lab, &transaction)?;
        Ok(transaction)
    }

    /// Every certificate the server remembers.
    pub(crate) fn issued(&self) -> Outcome<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.dir.join("issued"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "pem") {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// Requires that the challenge is in nothing the server has printed.
    pub(crate) fn keeps_the_challenge_to_itself(&self) -> Outcome {
        if self.running.log().contains(CHALLENGE) {
            return Err("the server printed the challenge password".into());
        }
        Ok(())
    }
}

/// A command line of `scep-client`.
pub(crate) struct Client {
    tool: Tool,
    out: PathBuf,
}

/// What a client that enrolled holds.
pub(crate) struct Device {
    /// The certificate, then its chain.
    pub(crate) certificate: PathBuf,
    /// The private key.
    pub(crate) key: PathBuf,
}

impl Client {
    /// A client that writes into `out`, a folder of the lab.
    pub(crate) fn new(lab: &Lab, url: &str, out: &str) -> Outcome<Self> {
        Ok(Self::with(Tool::new(program("scep-client")?), url, lab.path(out)))
    }

    /// The same in a network namespace.
    pub(crate) fn within(netns: &Netns, lab: &Lab, url: &str, out: &str) -> Outcome<Self> {
        let path = program("scep-client")?;
        let tool = netns.tool(path.to_str().ok_or("the path is not UTF-8")?);
        Ok(Self::with(tool, url, lab.path(out)))
    }

    fn with(tool: Tool, url: &str, out: PathBuf) -> Self {
        let tool = tool.option("--url", url).option("--out", &out).limit(120);
        Self { tool, out }
    }

    /// Adds options.
    pub(crate) fn args(mut self, options: &[&str]) -> Self {
        self.tool = self.tool.args(options);
        self
    }

    /// Puts something into its environment.
    pub(crate) fn env(mut self, name: &str, value: &Path) -> Self {
        self.tool = self.tool.env(name, value);
        self
    }

    /// Asks for a name, with a challenge password.
    pub(crate) fn asks(self, subject: &str, challenge: &str) -> Self {
        self.args(&["--subject", subject, "--challenge", challenge])
    }

    /// Renews what a device holds.
    pub(crate) fn renews(mut self, device: &Device) -> Self {
        self.tool = self.tool.arg("--renew").arg(&device.certificate).arg(&device.key);
        self
    }

    /// Asks the CA that comes after `ca` for a certificate beside the one a device holds.
    pub(crate) fn rolls_over(mut self, device: &Device, ca: &Path) -> Self {
        self.tool = self.tool.arg("--rollover").arg(&device.certificate).arg(&device.key);
        self.tool = self.tool.option("--ca", ca);
        self
    }

    /// Runs the client, whatever comes of it.
    pub(crate) fn run(self, lab: &Lab) -> Outcome<Done> {
        self.tool.run(lab)
    }

    /// Runs the client and requires a certificate.
    pub(crate) fn enrols(self, lab: &Lab) -> Outcome<Device> {
        let device =
            Device { certificate: self.out.join("device.pem"), key: self.out.join("device.key") };
        self.tool.run(lab)?.ok()?;
        Ok(device)
    }

    /// Runs the client and requires that the CA refuses with this failInfo.
    pub(crate) fn refused_with(self, lab: &Lab, fail_info: &str) -> Outcome {
        let certificate = self.out.join("device.pem");
        self.tool.run(lab)?.exits(3)?.says(fail_info)?;
        if certificate.exists() {
            return Err("a refused client wrote a certificate".into());
        }
        Ok(())
    }
}
