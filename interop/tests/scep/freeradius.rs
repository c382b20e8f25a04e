//! FreeRADIUS lets devices into a network by EAP-TLS: those whose certificate our CA vouches for.
//!
//! * `check_crl` wants the CRL in the file of the CA, and refuses everybody when there is none or
//!   it is out of date.

use std::fs;
use std::net::UdpSocket;
use std::path::PathBuf;

use devicecert_interop::peer::FREERADIUS;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Running, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Client, Device, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![case(&FREERADIUS, "revoked", "admits devices, refuses a revoked one (EAP-TLS)", revoked)]
}

/// The name in the RADIUS server's certificate.
const NAME: &str = "radius.lab";
const SECRET: &str = "testing123";

fn revoked(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let enrol = |name: &str| {
        let subject = format!("CN={name}");
        Client::new(lab, &server.url, name)?.asks(&subject, CHALLENGE).enrols(lab)
    };
    let (kept, stolen, renewed) = (enrol("kept")?, enrol("stolen")?, enrol("renewed")?);
    let radius = Radius::new(lab, &server)?;

    let running = radius.start(lab, &server)?;
    for (name, device) in [("kept", &kept), ("stolen", &stolen), ("renewed", &renewed)] {
        radius.admits(lab, &server, name, device)?;
    }
    drop(running);

    server.administer(lab, &["revoke", "--reason", "keyCompromise"], &[&serial(lab, &stolen)?])?;
    // What it has is good for nothing, and it gets nothing new.
    let client = Client::new(lab, &server.url, "again")?.args(&["--subject", "CN=stolen"]);
    client.renews(&stolen).refused_with(lab, "badRequest")?;
    let client = Client::new(lab, &server.url, "new")?.args(&["--subject", "CN=renewed"]);
    let renewed = client.renews(&renewed).enrols(lab)?;

    let mut running = radius.start(lab, &server)?;
    radius.admits(lab, &server, "kept", &kept)?;
    radius.admits(lab, &server, "renewed", &renewed)?;
    radius.refuses(lab, &server, "stolen", &stolen)?;
    running.until(10, |log| log.contains("certificate revoked").then_some(()))
}

fn serial(lab: &Lab, device: &Device) -> Outcome<String> {
    check::serial(lab, &device.certificate)
}

struct Radius {
    folder: PathBuf,
    port: u16,
}

impl Radius {
    /// A RADIUS server with a certificate of the same CA.
    fn new(lab: &Lab, server: &Server) -> Outcome<Self> {
        let folder = lab.folder("radius")?;
        let (key, request) = (folder.join("radius.key"), folder.join("radius.csr"));
        Tool::new("openssl")
            .args(["req", "-newkey", "rsa:2048", "-nodes", "-subj", &format!("/CN={NAME}")])
            .option("-keyout", &key)
            .option("-out", &request)
            .run(lab)?
            .ok()?;
        let extensions = folder.join("radius.ext");
        let names = format!("extendedKeyUsage = serverAuth\nsubjectAltName = DNS:{NAME}\n");
        fs::write(&extensions, names)?;
        Tool::new("openssl")
            .args(["x509", "-req", "-days", "2", "-set_serial", "1"])
            .option("-in", &request)
            .option("-CA", server.ca())
            .option("-CAkey", server.dir.join("ca.key"))
            .option("-extfile", &extensions)
            .option("-out", folder.join("radius.pem"))
            .run(lab)?
            .ok()?;
        let port = UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port();
        fs::write(folder.join("radiusd.conf"), config(&folder.display().to_string(), port))?;
        Ok(Self { folder, port })
    }

    /// Starts it with the CRL as it is now, from where the certificates say that it is.
    fn start(&self, lab: &Lab, server: &Server) -> Outcome<Running> {
        let crl = server.crl(lab, 0)?;
        let trust = [fs::read(server.ca())?, fs::read(crl)?].concat();
        fs::write(self.folder.join("trust.pem"), trust)?;
        let mut running =
            Tool::new("freeradius").option("-d", &self.folder).arg("-fX").start(lab)?;
        running.until(30, |log| log.contains("Ready to process requests").then_some(()))?;
        Ok(running)
    }

    fn admits(&self, lab: &Lab, server: &Server, name: &str, device: &Device) -> Outcome {
        self.knock(lab, server, name, device)?.run(lab)?.ok()?.says("SUCCESS")?;
        Ok(())
    }

    fn refuses(&self, lab: &Lab, server: &Server, name: &str, device: &Device) -> Outcome {
        self.knock(lab, server, name, device)?.run(lab)?.exits(252)?.says("FAILURE")?;
        Ok(())
    }

    /// A device that wants to get into the network.
    fn knock(&self, lab: &Lab, server: &Server, name: &str, device: &Device) -> Outcome<Tool> {
        let network = format!(
            "network={{\n  key_mgmt=WPA-EAP\n  eap=TLS\n  identity=\"{name}\"\n  ca_cert=\"{}\"\n  \
             client_cert=\"{}\"\n  private_key=\"{}\"\n  domain_match=\"{NAME}\"\n}}\n",
            server.ca().display(),
            device.certificate.display(),
            device.key.display()
        );
        let path = lab.write(&format!("{name}.eap"), network)?;
        let port = self.port.to_string();
        Ok(Tool::new("eapol_test")
            .option("-c", path)
            .args(["-a", "127.0.0.1", "-p", &port, "-s", SECRET])
            .limit(30))
    }
}

fn config(folder: &str, port: u16) -> String {
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
			check_crl = yes
			tls_min_version = "1.2"
			tls_max_version = "1.2"
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
