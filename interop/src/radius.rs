//! FreeRADIUS with a policy of one line, EAP-TLS and nothing else, and a supplicant that knocks.
//!
//! * `check_crl` wants the CRL in the file of the CA, and refuses everybody when there is none or
//!   it is out of date.
//! * `eapol_test` offers TLS 1.3 only when it is told not to disable it; without 1.2 it
//!   offers neither. Its status is 252 when it is not let in.

use std::fs;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};

use crate::{Lab, Outcome, Running, Tool};

/// The name in the RADIUS server's certificate.
const NAME: &str = "radius.lab";
const SECRET: &str = "testing123";

/// A RADIUS server, stopped or running.
#[derive(Debug)]
pub struct Radius {
    folder: PathBuf,
    ca: PathBuf,
    port: u16,
    version: TlsVersion,
    days_ahead: u32,
}

/// The version of TLS that both sides have to keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    /// 1.2
    V1_2,
    /// 1.3
    V1_3,
}

/// What a device shows.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    /// Certificate and key in files of their own.
    Pem {
        /// The certificate.
        certificate: &'a Path,
        /// Its key.
        key: &'a Path,
    },
    /// Both in one PKCS #12 file.
    Pkcs12 {
        /// The file.
        file: &'a Path,
        /// Its password.
        password: &'a str,
    },
}

impl TlsVersion {
    const fn number(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }

    /// The phase1 of wpa_supplicant.
    const fn phase1(self) -> &'static str {
        match self {
            Self::V1_2 => "tls_disable_tlsv1_3=1",
            Self::V1_3 => "tls_disable_tlsv1_3=0",
        }
    }
}

impl Radius {
    /// A server that trusts the CA of this file with devices. Devices trust another one with the
    /// server: its own.
    ///
    /// # Errors
    /// When OpenSSL cannot make its certificate.
    pub fn new(lab: &Lab, ca: &Path, version: TlsVersion) -> Outcome<Self> {
        let folder = lab.folder(&format!("radius-{}", version.number()))?;
        Tool::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9999"])
            .args(["-subj", &format!("/CN={NAME}"), "-addext", "extendedKeyUsage=serverAuth"])
            .args(["-addext", &format!("subjectAltName=DNS:{NAME}")])
            .option("-keyout", folder.join("radius.key"))
            .option("-out", folder.join("radius.pem"))
            .run(lab)?
            .ok()?;
        let port = UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port();
        let text = config(&folder.display().to_string(), port, version);
        fs::write(folder.join("radiusd.conf"), text)?;
        Ok(Self { folder, ca: ca.to_owned(), port, version, days_ahead: 0 })
    }

    /// Sets the server's clock forward.
    #[must_use]
    pub const fn days_ahead(mut self, days: u32) -> Self {
        self.days_ahead = days;
        self
    }

    /// Starts it, with a CRL if it is to look at one.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(&self, lab: &Lab, crl: Option<&Path>) -> Outcome<Running> {
        let crl = crl.map(fs::read).transpose()?;
        let check = format!("check_crl = {}\n", if crl.is_some() { "yes" } else { "no" });
        fs::write(self.folder.join("crl.conf"), check)?;
        let trust = [fs::read(&self.ca)?, crl.unwrap_or_default()].concat();
        fs::write(self.folder.join("trust.pem"), trust)?;
        let server = match self.days_ahead {
            0 => Tool::new("freeradius"),
            days => Tool::new("faketime")
                .named("freeradius")
                .args(["-f", &format!("+{days}d")])
                .arg("freeradius"),
        };
        let mut running = server.option("-d", &self.folder).arg("-fX").start(lab)?;
        running.until(30, |log| log.contains("Ready to process requests").then_some(()))?;
        Ok(running)
    }

    /// Requires that a device is let in.
    ///
    /// # Errors
    /// When it is not.
    pub fn admits(&self, lab: &Lab, name: &str, shown: Shown<'_>) -> Outcome {
        self.knock(lab, name, shown)?.run(lab)?.ok()?.says("SUCCESS")?;
        Ok(())
    }

    /// Requires that a device is not let in.
    ///
    /// # Errors
    /// When it is.
    pub fn refuses(&self, lab: &Lab, name: &str, shown: Shown<'_>) -> Outcome {
        self.knock(lab, name, shown)?.run(lab)?.exits(252)?.says("FAILURE")?;
        Ok(())
    }

    fn knock(&self, lab: &Lab, name: &str, shown: Shown<'_>) -> Outcome<Tool> {
        let identity = match shown {
            Shown::Pem { certificate, key } => format!(
                "client_cert=\"{}\"\n  private_key=\"{}\"",
                certificate.display(),
                key.display()
            ),
            Shown::Pkcs12 { file, password } => {
                format!("private_key=\"{}\"\n  private_key_passwd=\"{password}\"", file.display())
            }
        };
        let network = format!(
            "network={{\n  key_mgmt=WPA-EAP\n  eap=TLS\n  identity=\"{name}\"\n  ca_cert=\"{}\"\n  \
             {identity}\n  domain_match=\"{NAME}\"\n  phase1=\"{}\"\n}}\n",
            self.folder.join("radius.pem").display(),
            self.version.phase1(),
        );
        let path = lab.write(&format!("{name}.eap"), network)?;
        let port = self.port.to_string();
        Ok(Tool::new("eapol_test")
            .option("-c", path)
            .args(["-a", "127.0.0.1", "-p", &port, "-s", SECRET])
            .limit(30))
    }
}

fn config(folder: &str, port: u16, version: TlsVersion) -> String {
    let version = version.number();
    format!(
        r#"prefix = /usr
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
pidfile = {folder}/radiusd.pid
log {{
	destination = stdout
}}
client lab {{
	ipaddr = 127.0.0.1
	secret = {SECRET}
}}
modules {{
	eap {{
		default_eap_type = tls
		tls-config devices {{
			private_key_file = {folder}/radius.key
			certificate_file = {folder}/radius.pem
			ca_file = {folder}/trust.pem
			$INCLUDE {folder}/crl.conf
			tls_min_version = "{version}"
			tls_max_version = "{version}"
		}}
		tls {{
			tls = devices
		}}
	}}
}}
server default {{
	listen {{
		type = auth
		ipaddr = 127.0.0.1
		port = {port}
	}}
	authorize {{
		eap
	}}
	authenticate {{
		eap
	}}
}}
"#
    )
}
