//! OpenSSL reads everything that our client and our server write.

use std::fs;
use std::path::{Path, PathBuf};

use devicecert_interop::peer::OPENSSL;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::tap::{Exchange, Tap};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Client, Device, Server};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case(&OPENSSL, "renew_17", "reads our RenewalReq (17) and its CertRep", |lab| {
            renewal(lab, "17")
        }),
        case(&OPENSSL, "renew_19", "reads our renewal by PKCSReq (19) and its CertRep", |lab| {
            renewal(lab, "19")
        }),
        case(&OPENSSL, "failure", "reads our CertRep FAILURE", failure),
        reads("ra", "reads our messages, RA certificates", &["--ra"], &[]),
        reads("p256_ca", "reads our messages, P-256 CA", &["--ra", "--ca-key", "p256"], &[]),
        reads("aws_lc", "reads our messages, aws-lc", &AWS_LC, &AWS_LC),
        reads("rust", "reads our messages, RustCrypto", &RUST, &RUST),
    ];
    let pairs =
        [("sha1", "3des"), ("sha256", "aes128"), ("sha384", "aes192"), ("sha512", "aes256")];
    for (digest, cipher) in pairs {
        let name = format!("{digest}_{cipher}");
        let what = format!("reads our PKCSReq and CertRep, {digest} and {cipher}");
        let options = ["--digest", digest, "--cipher", cipher];
        cases.push(reads(&name, &what, &[], &options));
    }
    cases
}

const AWS_LC: [&str; 2] = ["--provider", "aws-lc"];
const RUST: [&str; 2] = ["--provider", "rust"];

fn reads(name: &str, what: &str, server: &[&'static str], client: &[&'static str]) -> Case {
    let (server, client) = (server.to_vec(), client.to_vec());
    case(&OPENSSL, name, what, move |lab| {
        let lab = Reader { lab };
        let server = Server::start(lab.lab, &server)?;
        let tap = Tap::to(server.address())?;
        let device = lab.client(&tap, "device")?.args(&client).enrols(lab.lab)?;
        check::issued_by(lab.lab, &server, &device.certificate, &device.key)?;
        lab.exchange("enrol", &server, &only(&tap)?, &device)
    })
}

fn renewal(lab: &Lab, message_type: &str) -> Outcome {
    let reader = Reader { lab };
    let server = Server::start(lab, &[])?;
    let first = Client::new(lab, &server.url, "device")?.asks(SUBJECT, CHALLENGE).enrols(lab)?;
    let tap = Tap::to(server.address())?;
    let second = reader.client(&tap, "renewed")?.renews(&first);
    let second = second.args(&["--message-type", message_type]).enrols(lab)?;
    check::issued_by(lab, &server, &second.certificate, &second.key)?;
    check::renewed(lab, &first.certificate, &second.certificate)?;
    // The answer to a renewal is for the certificate that signed it.
    reader.exchange("renew", &server, &only(&tap)?, &Device { key: first.key, ..second })
}

fn failure(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let tap = Tap::to(server.address())?;
    let url = format!("http://{}/scep", tap.address());
    Client::new(lab, &url, "device")?.asks(SUBJECT, "wrong").refused_with(lab, "badRequest")?;
    let reply = lab.write("failure.der", &only(&tap)?.response)?;
    // There is a content, if an empty one: some clients cannot read a message without.
    let content = Reader { lab }.verified(&reply, Some(&server.ca()))?;
    if fs::read(content)? != b"" {
        return Err("a FAILURE carries something".into());
    }
    Ok(())
}

fn only(tap: &Tap) -> Outcome<Exchange> {
    match &tap.operations()?[..] {
        [exchange] => Ok(exchange.clone()),
        other => Err(format!("{} operations, not 1", other.len()).into()),
    }
}

const SUBJECT: &str = "CN=laptop-7,O=Acme";

/// OpenSSL with a folder to work in.
struct Reader<'a> {
    lab: &'a Lab,
}

impl Reader<'_> {
    fn client(&self, tap: &Tap, out: &str) -> Outcome<Client> {
        let url = format!("http://{}/scep", tap.address());
        let client = Client::new(self.lab, &url, out)?.asks(SUBJECT, CHALLENGE);
        Ok(client.args(&["--dns", "laptop-7.example.org", "--upn", "dev@example.org"]))
    }

    /// Reads a request down to its CSR and the answer down to its certificates.
    fn exchange(&self, name: &str, server: &Server, it: &Exchange, device: &Device) -> Outcome {
        let request = self.lab.write(&format!("{name}-request.der"), &it.request)?;
        let envelope = self.verified(&request, None)?;
        let ra = server.dir.join("ra");
        let opener = if ra.with_extension("pem").exists() { ra } else { server.dir.join("ca") };
        let (key, recipient) = (opener.with_extension("key"), opener.with_extension("pem"));
        let csr = self.decrypted(&envelope, &key, Some(&recipient))?;
        let verify = Tool::new("openssl").args(["req", "-verify", "-noout", "-inform", "DER"]);
        verify.option("-in", &csr).run(self.lab)?.ok()?.says("OK")?;

        let reply = self.lab.write(&format!("{name}-reply.der"), &it.response)?;
        let envelope = self.verified(&reply, Some(&server.ca()))?;
        let bundle = self.decrypted(&envelope, &device.key, None)?;
        let list = Tool::new("openssl").args(["pkcs7", "-print_certs", "-inform", "DER"]);
        let list = list.option("-in", &bundle).run(self.lab)?.ok()?.stdout;
        let first = self.lab.write(&format!("{name}-first.pem"), list)?;
        // Some clients take the first certificate without a look, so the leaf comes first.
        let (sent, kept) =
            (check::serial(self.lab, &first)?, check::serial(self.lab, &device.certificate)?);
        if sent != kept {
            return Err(format!("the first certificate is {sent}, the leaf is {kept}").into());
        }
        Ok(())
    }

    /// Verifies a SignedData, and its signer where the CA is known; returns the content.
    fn verified(&self, message: &Path, ca: Option<&Path>) -> Outcome<PathBuf> {
        let content = message.with_extension("content");
        let verify = Tool::new("openssl").args(["cms", "-verify", "-binary", "-inform", "DER"]);
        let verify = verify.option("-in", message).option("-out", &content);
        let verify = match ca {
            Some(ca) => verify.option("-CAfile", ca).args(["-purpose", "any"]),
            // The signer of a first request is self-signed: there is nothing to chain it to.
            None => verify.arg("-noverify"),
        };
        verify.run(self.lab)?.ok()?;
        Ok(content)
    }

    fn decrypted(&self, envelope: &Path, key: &Path, to: Option<&Path>) -> Outcome<PathBuf> {
        let content = envelope.with_extension("opened");
        let decrypt = Tool::new("openssl").args(["cms", "-decrypt", "-binary", "-inform", "DER"]);
        let mut decrypt = decrypt.option("-in", envelope).option("-out", &content);
        decrypt = decrypt.option("-inkey", key);
        if let Some(certificate) = to {
            decrypt = decrypt.option("-recip", certificate);
        }
        decrypt.run(self.lab)?.ok()?;
        Ok(content)
    }
}
