//! strongSwan's `pki --scep` and `pki --scepca` 5.9.8 against our server, with default options.
//!
//! * It reads a CertRep only when its signatureAlgorithm is rsaEncryption.
//! * It takes a bit number for a bit mask when it reads GetCACaps: its defaults (AES, SHA-256)
//!   need `SHA-384` to be announced.
//! * The attributes of its CSR are not sorted; its challengePassword is a UTF8String.
//! * It polls with CertPoll (20), and signs a renewal with the old key in a RenewalReq (17), or in
//!   a PKCSReq (19) when its configuration says so.

use std::fs;
use std::path::{Path, PathBuf};

use devicecert_interop::peer::STRONGSWAN;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Server};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        enrols("enrol", "our server issues, default options", "2048", &[]),
        enrols("enrol_rsa_4096", "our server issues for RSA-4096", "4096", &[]),
        enrols("digest_sha1", "our server issues, SHA-1", "2048", &["--digest", "sha1"]),
        enrols("digest_sha256", "our server issues, SHA-256", "2048", &["--digest", "sha256"]),
        enrols("digest_sha384", "our server issues, SHA-384", "2048", &["--digest", "sha384"]),
        enrols("digest_sha512", "our server issues, SHA-512", "2048", &["--digest", "sha512"]),
        enrols("cipher_aes", "our server issues, AES", "2048", &["--cipher", "aes"]),
        enrols("cipher_des3", "our server issues, 3DES", "2048", &["--cipher", "des3"]),
        enrols("pss", "our server issues, RSASSA-PSS", "2048", &["--rsa-padding", "pss"]),
        served("aws_lc", "our server issues, aws-lc", &["--provider", "aws-lc"]),
        served("ca_rsa_4096", "our server issues, CA key RSA-4096", &["--ca-key", "rsa:4096"]),
        served("ra", "our server's RA", &["--ra"]),
        renews("renew_17", "our server renews, RenewalReq (17)", false),
        renews("renew_19", "our server renews, PKCSReq (19)", true),
        case(&STRONGSWAN, "wrong_challenge", "our server refuses: badRequest", wrong_challenge),
        case(&STRONGSWAN, "pending", "our server defers, then issues (CertPoll)", pending),
        case(
            &STRONGSWAN,
            "one_time",
            "our server takes a challenge once, retries excepted",
            one_time,
        ),
    ]
}

/// What `pki --scepca` fetched.
struct Authority {
    encryption: PathBuf,
    signature: PathBuf,
}

impl Authority {
    fn fetch(lab: &Lab, server: &Server) -> Outcome<Self> {
        let (ca, ra) = (lab.path("ca.der"), lab.path("ra.der"));
        let fetch = Tool::new("pki").arg("--scepca").option("--url", &server.url);
        fetch.option("--caout", &ca).option("--raout", &ra).arg("--force").run(lab)?.ok()?;
        let encryption = if ra.exists() { ra } else { ca.clone() };
        Ok(Self { encryption, signature: ca })
    }

    fn enrol(&self, server: &Server, key: &Path, challenge: Option<&str>) -> Tool {
        let tool = Tool::new("pki")
            .arg("--scep")
            .option("--url", &server.url)
            .option("--in", key)
            .option("--dn", "C=CH, O=Acme, CN=ss-1")
            .args(["--san", "dev1.example.org", "--san", "dev1@example.org"])
            .option("--cacert-enc", &self.encryption)
            .option("--cacert-sig", &self.signature);
        match challenge {
            Some(challenge) => tool.option("--password", challenge),
            None => tool,
        }
    }
}

fn key(lab: &Lab, name: &str, bits: &str) -> Outcome<PathBuf> {
    let make = Tool::new("pki").args(["--gen", "--type", "rsa", "--size", bits]);
    lab.write(name, make.run(lab)?.ok()?.stdout)
}

/// Runs `pki --scep` and checks the certificate it prints.
fn obtains(lab: &Lab, server: &Server, command: Tool, key: &Path, name: &str) -> Outcome<PathBuf> {
    let der = lab.write(name, command.run(lab)?.ok()?.stdout)?;
    let pem = check::pem(lab, &der)?;
    let words = ["CN = ss-1", "DNS:dev1.example.org", "email:dev1@example.org"];
    check::says(lab, &pem, &words)?;
    check::issued_by(lab, server, &pem, key)?;
    Ok(der)
}

fn run(lab: &Lab, server_options: &[&str], bits: &str, client_options: &[&str]) -> Outcome {
    let server = Server::start(lab, server_options)?;
    let authority = Authority::fetch(lab, &server)?;
    let key = key(lab, "key.der", bits)?;
    let command = authority.enrol(&server, &key, Some(CHALLENGE)).args(client_options);
    obtains(lab, &server, command, &key, "cert.der")?;
    Ok(())
}

fn enrols(name: &str, what: &str, bits: &'static str, options: &[&'static str]) -> Case {
    let options = options.to_vec();
    case(&STRONGSWAN, name, what, move |lab| run(lab, &[], bits, &options))
}

fn served(name: &str, what: &str, options: &[&'static str]) -> Case {
    let options = options.to_vec();
    case(&STRONGSWAN, name, what, move |lab| run(lab, &options, "2048", &[]))
}

fn renews(name: &str, what: &str, as_pkcs_req: bool) -> Case {
    case(&STRONGSWAN, name, what, move |lab| {
        let server = Server::start(lab, &[])?;
        let authority = Authority::fetch(lab, &server)?;
        let old_key = key(lab, "key.der", "2048")?;
        let command = authority.enrol(&server, &old_key, Some(CHALLENGE));
        let old = obtains(lab, &server, command, &old_key, "cert.der")?;
        let new_key = key(lab, "key2.der", "2048")?;
        // No challenge: what authorises a renewal is the certificate that signs it.
        let command = authority.enrol(&server, &new_key, None);
        let mut command = command.option("--cert", &old).option("--key", &old_key);
        if as_pkcs_req {
            let text = "pki {\n  scep {\n    renewal_via_pkcs_req = yes\n  }\n}\n";
            command = command.env("STRONGSWAN_CONF", lab.write("strongswan.conf", text)?);
        }
        let new = obtains(lab, &server, command, &new_key, "cert2.der")?;
        check::renewed(lab, &old, &new)
    })
}

fn wrong_challenge(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &[])?;
    let authority = Authority::fetch(lab, &server)?;
    let key = key(lab, "key.der", "2048")?;
    authority.enrol(&server, &key, Some("wrong")).run(lab)?.exits(1)?.says("badRequest")?;
    Ok(())
}

fn pending(lab: &Lab) -> Outcome {
    let mut server = Server::start(lab, &["--approve", "manual"])?;
    let authority = Authority::fetch(lab, &server)?;
    let key = key(lab, "key.der", "2048")?;
    let patience = ["--interval", "1", "--maxpolltime", "60"];
    let client = authority.enrol(&server, &key, Some(CHALLENGE)).args(patience).start(lab)?;
    server.approve_next(lab)?;
    let der = lab.write("cert.der", client.wait()?.ok()?.says("pending")?.stdout)?;
    let pem = check::pem(lab, &der)?;
    check::issued_by(lab, &server, &pem, &key)
}

fn one_time(lab: &Lab) -> Outcome {
    let server = Server::start(lab, &["--one-time"])?;
    let authority = Authority::fetch(lab, &server)?;
    let first = key(lab, "key.der", "2048")?;
    let certificate = lab.path("cert.der");
    for _ in 0..2 {
        // strongSwan's transactionID is the hash of the key: the second run is the first again,
        // as from a device that never saw the answer.
        let command = authority.enrol(&server, &first, Some(CHALLENGE));
        let again = certificate.exists().then(|| fs::read(&certificate)).transpose()?;
        obtains(lab, &server, command, &first, "cert.der")?;
        if again.is_some_and(|old| fs::read(&certificate).ok() != Some(old)) {
            return Err("the same transaction got two certificates".into());
        }
    }
    let second = key(lab, "other.der", "2048")?;
    let command = authority.enrol(&server, &second, Some(CHALLENGE));
    command.run(lab)?.exits(1)?.says("badRequest")?;
    Ok(())
}
