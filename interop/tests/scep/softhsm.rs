//! Keys that stay in a token, by PKCS #11: SoftHSM 2 (Debian package `softhsm2`), on both sides.
//!
//! * It makes ECDSA signatures over a digest only, and RSAES-OAEP with SHA-1 only.
//! * Its configuration and tokens are wherever `SOFTHSM2_CONF` says.

use std::fs;
use std::path::PathBuf;

use devicecert_interop::peer::SOFTHSM;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Client, Server};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "7391";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (key, provider) in [("rsa:2048", "rust"), ("rsa:3072", "aws-lc"), ("p256", "rust")] {
        let name = format!("device_{}", key.replace(':', "_"));
        let what = format!("holds a device's key, {key}: enrols and renews");
        cases.push(case(&SOFTHSM, &name, &what, move |lab| device(lab, key, provider)));
    }
    cases.push(case(&SOFTHSM, "ra", "holds the RA's key: our server issues and renews", ra));
    cases.push(case(
        &SOFTHSM,
        "wrong_pin",
        "refuses a wrong PIN, and the file is named",
        wrong_pin,
    ));
    cases
}

/// A token of its own for a test.
struct Token {
    configuration: PathBuf,
    pin: PathBuf,
}

impl Token {
    fn new(lab: &Lab) -> Outcome<Self> {
        let (configuration, pin) = (lab.path("softhsm2.conf"), lab.path("pin"));
        let tokens = lab.folder("tokens")?;
        fs::write(&configuration, format!("directories.tokendir = {}\n", tokens.display()))?;
        fs::write(&pin, format!("{PIN}\n"))?;
        let token = Self { configuration, pin };
        token.tool(&["--init-token", "--free", "--so-pin", "55555555"]).run(lab)?.ok()?;
        Ok(token)
    }

    fn tool(&self, options: &[&str]) -> Tool {
        Tool::new("softhsm2-util")
            .env("SOFTHSM2_CONF", &self.configuration)
            .args(options)
            .args(["--label", "devices", "--pin", PIN])
    }

    fn uri(&self, object: &str) -> String {
        let pin = self.pin.display();
        format!("pkcs11:token=devices;object={object}?module-path={MODULE}&pin-source=file:{pin}")
    }

    fn client(&self, lab: &Lab, server: &Server, out: &str) -> Outcome<Client> {
        Ok(Client::new(lab, &server.url, out)?.env("SOFTHSM2_CONF", &self.configuration))
    }
}

/// The key file tells where the key is, and holds nothing else.
fn stays_there(path: &std::path::Path) -> Outcome {
    match fs::read_to_string(path)?.strip_prefix("pkcs11:token=devices;object=") {
        Some(rest) if !rest.contains("PRIVATE KEY") => Ok(()),
        _ => Err("the key file is not the URI of the key".into()),
    }
}

fn device(lab: &Lab, key: &str, provider: &str) -> Outcome {
    let token = Token::new(lab)?;
    let server = Server::start(lab, &[])?;
    let options = ["--key", key, "--provider", provider, "--token"];
    let first = token.client(lab, &server, "first")?.asks("CN=laptop-7", CHALLENGE);
    let first = first.args(&options).args(&[&token.uri("one")]).enrols(lab)?;
    check::says(lab, &first.certificate, &["CN = laptop-7"])?;
    stays_there(&first.key)?;
    // The old key signs and the new one proves itself, both in the token.
    let second = token.client(lab, &server, "second")?.args(&["--subject", "CN=laptop-7"]);
    let second = second.args(&options).args(&[&token.uri("two")]).renews(&first).enrols(lab)?;
    stays_there(&second.key)?;
    check::renewed(lab, &first.certificate, &second.certificate)
}

fn ra(lab: &Lab) -> Outcome {
    let token = Token::new(lab)?;
    let key = lab.path("ra-key.pem");
    Tool::new("openssl")
        .args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out"])
        .arg(&key)
        .run(lab)?
        .ok()?;
    let path = key.to_str().ok_or("the path is not UTF-8")?;
    token.tool(&["--import", path, "--token", "devices", "--id", "01"]).run(lab)?.ok()?;
    fs::remove_file(&key)?;
    let dir = lab.folder("server")?;
    fs::write(dir.join("ra.key"), token.uri("devices"))?;
    let environment = [("SOFTHSM2_CONF", token.configuration.as_path())];
    let options = ["--challenge", CHALLENGE, "--ra"];
    let server = Server::start_with(lab, "127.0.0.1:0", &dir, &options, &environment)?;
    stays_there(&dir.join("ra.key"))?;
    let first = Client::new(lab, &server.url, "first")?.asks("CN=laptop-7", CHALLENGE);
    let first = first.enrols(lab)?;
    check::issued_by(lab, &server, &first.certificate, &first.key)?;
    let second = Client::new(lab, &server.url, "second")?.args(&["--subject", "CN=laptop-7"]);
    let second = second.renews(&first).enrols(lab)?;
    check::renewed(lab, &first.certificate, &second.certificate)?;
    // A key that does not open tells the RA no more than any other failure.
    let wrong = Client::new(lab, &server.url, "wrong")?.asks("CN=laptop-7", "wrong");
    wrong.refused_with(lab, "badRequest")
}

fn wrong_pin(lab: &Lab) -> Outcome {
    let token = Token::new(lab)?;
    let server = Server::start(lab, &[])?;
    fs::write(&token.pin, "0000\n")?;
    let client = token.client(lab, &server, "first")?.asks("CN=laptop-7", CHALLENGE);
    let done = client.args(&["--token", &token.uri("one")]).run(lab)?.exits(1)?;
    match done.text().contains("PIN") && !done.text().contains("0000") {
        true => Ok(()),
        false => Err(format!("the PIN is not named, or shown: {}", done.text()).into()),
    }
}
