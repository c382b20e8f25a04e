//! Our client against micromdm's `scepserver` 2.1 (Debian package `scep`).
//!
//! * It always answers with SHA-1 and single DES, whatever it announces: hence `--allow-legacy`.
//! * Its encryptedContent is constructed, in otherwise DER messages.
//! * It reads SHA-1, SHA-256 and SHA-512, DES, 3DES, AES-128 and AES-256; anything else is an
//!   HTTP 500.
//! * It listens on all interfaces: each test gives it a network namespace.

use devicecert_interop::peer::SCEPSERVER;
use devicecert_interop::scepserver::Scepserver;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome};

use crate::check;
use crate::ours::{Client, Device};

const CHALLENGE: &str = "secret";
const SUBJECT: &str = "CN=laptop-7,O=Acme";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        enrols("enrol", "our client enrols", &[]),
        enrols("enrol_aws_lc", "our client enrols with aws-lc", &["--provider", "aws-lc"]),
        enrols("enrol_rust", "our client enrols with RustCrypto", &["--provider", "rust"]),
        enrols("enrol_get", "our client enrols over GET", &["--get"]),
        enrols("enrol_rsa_2048", "our client enrols an RSA-2048 key", &["--key", "rsa:2048"]),
        enrols("enrol_rsa_4096", "our client enrols an RSA-4096 key", &["--key", "rsa:4096"]),
        renews("renew_17", "our client renews with RenewalReq (17)", "17"),
        renews("renew_19", "our client renews with PKCSReq (19)", "19"),
        case(&SCEPSERVER, "wrong_challenge", "our client is refused: badRequest", wrong_challenge),
        case(&SCEPSERVER, "fingerprint", "our client pins the CA, SHA-256 and SHA-1", fingerprint),
        case(&SCEPSERVER, "wrong_fingerprint", "our client refuses another CA", other_fingerprint),
    ];
    for digest in ["sha1", "sha256", "sha512"] {
        for cipher in ["3des", "aes128", "aes256"] {
            cases.push(enrols(
                &format!("enrol_{digest}_{cipher}"),
                &format!("our client enrols with {digest} and {cipher}"),
                &["--digest", digest, "--cipher", cipher],
            ));
        }
    }
    cases
}

/// A `scepserver`, and our client for it.
struct Micromdm(Scepserver);

impl Micromdm {
    fn start(lab: &Lab) -> Outcome<Self> {
        Ok(Self(Scepserver::start(lab, CHALLENGE)?))
    }

    fn client(&self, lab: &Lab, out: &str) -> Outcome<Client> {
        Ok(Client::within(&self.0.netns, lab, Scepserver::URL, out)?.args(&["--allow-legacy"]))
    }

    fn enrolled(&self, lab: &Lab, options: &[&str]) -> Outcome<Device> {
        let client = self.client(lab, "device")?.asks(SUBJECT, CHALLENGE).args(options);
        let device = client.enrols(lab)?;
        check::device(lab, &self.0.ca, &device)?;
        Ok(device)
    }
}

fn enrols(name: &str, what: &str, options: &[&'static str]) -> Case {
    let options = options.to_vec();
    case(&SCEPSERVER, name, what, move |lab| {
        let server = Micromdm::start(lab)?;
        let names = ["--dns", "laptop-7.example.org", "--email", "dev@example.org"];
        let device = server.enrolled(lab, &[&options[..], &names[..]].concat())?;
        // scepserver writes the names in the order that Go likes, so no more than this.
        let words = ["CN = laptop-7", "DNS:laptop-7.example.org", "email:dev@example.org"];
        check::says(lab, &device.certificate, &words)
    })
}

fn renews(name: &str, what: &str, message_type: &'static str) -> Case {
    case(&SCEPSERVER, name, what, move |lab| {
        let server = Micromdm::start(lab)?;
        let old = server.enrolled(lab, &[])?;
        let new = server
            .client(lab, "renewed")?
            .asks(SUBJECT, CHALLENGE)
            .renews(&old)
            .args(&["--message-type", message_type])
            .enrols(lab)?;
        check::device(lab, &server.0.ca, &new)?;
        check::renewed(lab, &old.certificate, &new.certificate)
    })
}

fn wrong_challenge(lab: &Lab) -> Outcome {
    let server = Micromdm::start(lab)?;
    server.client(lab, "device")?.asks(SUBJECT, "wrong").refused_with(lab, "badRequest")
}

fn fingerprint(lab: &Lab) -> Outcome {
    let server = Micromdm::start(lab)?;
    for digest in ["sha256", "sha1"] {
        let pin = format!("{digest}:{}", check::fingerprint(lab, &server.0.ca, digest)?);
        let device = server
            .client(lab, digest)?
            .asks(SUBJECT, CHALLENGE)
            .args(&["--fingerprint", &pin])
            .enrols(lab)?;
        check::device(lab, &server.0.ca, &device)?;
    }
    Ok(())
}

fn other_fingerprint(lab: &Lab) -> Outcome {
    let server = Micromdm::start(lab)?;
    let pin = format!("sha256:{}", "5a".repeat(32));
    let done = server
        .client(lab, "device")?
        .asks(SUBJECT, CHALLENGE)
        .args(&["--fingerprint", &pin])
        .run(lab)?
        .says("fingerprint")?;
    // Not "refused" and not "pending": nobody was asked for a certificate.
    if matches!(done.code, None | Some(0 | 3 | 4)) {
        return Err(format!("exit {:?}\n{}", done.code, done.text()).into());
    }
    if lab.path("device/device.pem").exists() {
        return Err("a certificate was written".into());
    }
    Ok(())
}
