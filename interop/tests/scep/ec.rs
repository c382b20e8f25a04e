//! Devices and CAs with EC keys: by key agreement, and by password (RFC 8894 §3.1). OpenSSL opens
//! what our client and our server envelope so, and we open what OpenSSL does.

use std::fs;
use std::path::Path;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::cms::{EnvelopedData, RecipientInfo, SignedData};
use devicecert::pki::{Certificate, Limits, Secret, Tolerance, WithPasswords, from_pem};
use devicecert_interop::peer::{NONE, OPENSSL};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::tap::{Exchange, Tap};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::check;
use crate::ours::{CHALLENGE, Client, Device, Server};

const BY_KEY: [&str; 2] = ["--envelope-to", "key"];
const BY_CHALLENGE: [&str; 2] = ["--envelope-to", "challenge"];

const SUBJECT: &str = "CN=laptop-7,O=Acme";

/// How a message is enveloped, by what RFC 5652 §6.2 calls its recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ktri,
    Kari,
    Pwri,
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, server, client, expected) in [
        ("ec_kari", &[][..], &[][..], [Kind::Ktri, Kind::Kari]),
        ("ec_pwri", &[], &BY_CHALLENGE, [Kind::Pwri, Kind::Pwri]),
        ("ec_ca_kari", &["--ca-key", "p256"], &BY_KEY, [Kind::Kari, Kind::Kari]),
        ("ec_ca_pwri", &["--ca-key", "p384"], &[], [Kind::Pwri, Kind::Pwri]),
        ("ec_ra", &["--ca-key", "p256", "--ra"], &[], [Kind::Ktri, Kind::Kari]),
        (
            "ec_aws_lc",
            &["--provider", "aws-lc"],
            &["--provider", "aws-lc"],
            [Kind::Ktri, Kind::Kari],
        ),
    ] {
        let (server, client) = (server.to_vec(), client.to_vec());
        let what = format!("reads a P-256 device's messages, {expected:?}");
        cases.push(case(&OPENSSL, name, &what, move |lab| reads(lab, &server, &client, expected)));
    }
    for digest in ["sha1", "sha256", "sha384", "sha512"] {
        for key in ["p256", "p384"] {
            let name = format!("ec_{key}_{digest}");
            let what = format!("writes key agreement for us, {key}, {digest}");
            cases.push(case(&OPENSSL, &name, &what, move |lab| agreement(lab, key, digest)));
        }
    }
    for cipher in ["aes128", "aes256", "des3"] {
        let (name, what) =
            (format!("ec_password_{cipher}"), format!("writes a password recipient, {cipher}"));
        cases.push(case(&OPENSSL, &name, &what, move |lab| password(lab, cipher)));
    }
    for (name, client) in [("ec_life_kari", BY_KEY), ("ec_life_pwri", BY_CHALLENGE)] {
        let what = "a P-256 device enrols, renews and polls";
        cases.push(case(&NONE, name, what, move |lab| life(lab, &client)));
    }
    cases.push(case(
        &NONE,
        "ec_transport_key",
        "a P-256 device with an RSA transport key",
        |lab| {
            let server = Server::start(lab, &[])?;
            let device = client(lab, &server, "device", &["--transport-key"])?.enrols(lab)?;
            check::issued_by(lab, &server, &device.certificate, &device.key)
        },
    ));
    cases
}

fn client(lab: &Lab, server: &Server, out: &str, options: &[&str]) -> Outcome<Client> {
    let client = Client::new(lab, &server.url, out)?.asks(SUBJECT, CHALLENGE);
    Ok(client.args(&["--key", "p256"]).args(options))
}

/// Reads a request down to its CSR and the answer down to its certificates.
fn reads(lab: &Lab, server: &[&str], options: &[&str], expected: [Kind; 2]) -> Outcome {
    let server = Server::start(lab, server)?;
    let tap = Tap::to(server.address())?;
    let url = format!("http://{}/scep", tap.address());
    let client = Client::new(lab, &url, "device")?.asks(SUBJECT, CHALLENGE);
    let device = client.args(&["--key", "p256"]).args(options).enrols(lab)?;
    check::issued_by(lab, &server, &device.certificate, &device.key)?;
    let [exchange]: [Exchange; 1] =
        tap.operations()?.try_into().map_err(|_| "not one operation")?;

    let ra = server.dir.join("ra.key");
    let key = if ra.exists() { ra } else { server.dir.join("ca.key") };
    let csr = opened(lab, "request", &exchange.request, expected[0], &key)?;
    let csr = lab.write("request.csr", csr)?;
    let verify = Tool::new("openssl").args(["req", "-verify", "-noout", "-inform", "DER"]);
    verify.option("-in", &csr).run(lab)?.ok()?.says("OK")?;

    let bundle = opened(lab, "reply", &exchange.response, expected[1], &device.key)?;
    let bundle = lab.write("reply.p7", bundle)?;
    let list = Tool::new("openssl").args(["pkcs7", "-print_certs", "-inform", "DER"]);
    let list = list.option("-in", &bundle).run(lab)?.ok()?.stdout;
    let first = lab.write("first.pem", list)?;
    let (sent, kept) = (check::serial(lab, &first)?, check::serial(lab, &device.certificate)?);
    match sent == kept {
        true => Ok(()),
        false => Err(format!("the first certificate is {sent}, the leaf is {kept}").into()),
    }
}

/// The content of a pkiMessage, opened by OpenSSL.
fn opened(lab: &Lab, name: &str, message: &[u8], expected: Kind, key: &Path) -> Outcome<Vec<u8>> {
    let signed = SignedData::parse(message, &Limits::default())?;
    let content = match signed.unverified_content() {
        devicecert::pki::cms::Content::Octets(content) => content.clone(),
        other => return Err(format!("{name}: {other:?}").into()),
    };
    let found = match EnvelopedData::parse(&content, &Limits::default())?.recipients() {
        [RecipientInfo::KeyTransport(_)] => Kind::Ktri,
        [RecipientInfo::KeyAgreement(_)] => Kind::Kari,
        [RecipientInfo::Password(_)] => Kind::Pwri,
        other => return Err(format!("{name}: {other:?}").into()),
    };
    if found != expected {
        return Err(format!("{name}: {found:?}, not {expected:?}").into());
    }
    let envelope = lab.write(&format!("{name}.envelope"), content)?;
    let out = lab.path(&format!("{name}.opened"));
    let decrypt = Tool::new("openssl").args(["cms", "-decrypt", "-binary", "-inform", "DER"]);
    let decrypt = decrypt.option("-in", &envelope).option("-out", &out);
    let decrypt = match expected {
        Kind::Pwri => decrypt.option("-pwri_password", CHALLENGE),
        Kind::Ktri | Kind::Kari => decrypt.option("-inkey", key),
    };
    decrypt.run(lab)?.ok()?;
    Ok(fs::read(out)?)
}

const CONTENT: &str = "a certification request";

/// OpenSSL envelopes to a key of its own making.
fn agreement(lab: &Lab, curve: &str, digest: &str) -> Outcome {
    let (key, certificate) = (lab.path("device.key"), lab.path("device.pem"));
    let parameter = format!("ec_paramgen_curve:{}", curve.replace('p', "P-"));
    Tool::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-subj", "/CN=device"])
        .option("-pkeyopt", parameter)
        .option("-keyout", &key)
        .option("-out", &certificate)
        .run(lab)?
        .ok()?;
    let envelope = encrypt(lab, "aes128", |openssl| {
        let openssl = openssl.option("-recip", &certificate);
        openssl.option("-keyopt", format!("ecdh_kdf_md:{digest}"))
    })?;
    let key = PrivateKey::from_pem(&fs::read_to_string(key)?)?;
    let certificate = read_certificate(&certificate)?;
    let locked = envelope.lock(&certificate, &RustCrypto, &Tolerance::STRICT)?;
    is_the_content(&locked.unlock(&key)?)
}

/// OpenSSL envelopes to a password.
fn password(lab: &Lab, cipher: &str) -> Outcome {
    let envelope = encrypt(lab, cipher, |openssl| openssl.option("-pwri_password", CHALLENGE))?;
    let server = Server::start(lab, &[])?;
    let certificate = read_certificate(&server.ca())?;
    let key = PrivateKey::from_pem(&fs::read_to_string(server.dir.join("ca.key"))?)?;
    let passwords = [Secret::from("another"), Secret::from(CHALLENGE)];
    let locked = envelope.lock(&certificate, &RustCrypto, &Tolerance::STRICT)?;
    is_the_content(&locked.unlock(&WithPasswords::new(&key, &passwords, &RustCrypto))?)
}

fn encrypt(
    lab: &Lab,
    cipher: &str,
    recipient: impl FnOnce(Tool) -> Tool,
) -> Outcome<EnvelopedData> {
    let (content, out) = (lab.write("content.txt", CONTENT)?, lab.path("envelope.der"));
    let encrypt = Tool::new("openssl")
        .args(["cms", "-encrypt", "-binary", "-outform", "DER"])
        .arg(format!("-{cipher}"))
        .option("-in", &content)
        .option("-out", &out);
    recipient(encrypt).run(lab)?.ok()?;
    Ok(EnvelopedData::parse(&fs::read(out)?, &Limits::default())?)
}

fn read_certificate(path: &Path) -> Outcome<Certificate> {
    let blocks = from_pem("CERTIFICATE", &fs::read_to_string(path)?)?;
    let first = blocks.first().ok_or("no certificate")?;
    Ok(Certificate::parse(first, &Limits::default())?)
}

fn is_the_content(found: &Secret) -> Outcome {
    match found.expose() == CONTENT.as_bytes() {
        true => Ok(()),
        false => Err("opened to something else".into()),
    }
}

/// First certificate, renewal with a new key, and a request that a person has to approve.
fn life(lab: &Lab, options: &[&str]) -> Outcome {
    let server = Server::start(lab, &[])?;
    let first = client(lab, &server, "first", options)?.enrols(lab)?;
    check::issued_by(lab, &server, &first.certificate, &first.key)?;
    let second = client(lab, &server, "second", options)?.renews(&first).enrols(lab)?;
    check::issued_by(lab, &server, &second.certificate, &second.key)?;
    check::renewed(lab, &first.certificate, &second.certificate)?;
    drop(server);

    let dir = lab.path("manual");
    let manual = ["--challenge", CHALLENGE, "--approve", "manual"];
    let mut server = Server::start_at(lab, "127.0.0.1:0", &dir, &manual)?;
    let saved = lab.path("saved");
    let saved = saved.to_str().ok_or("the path is not UTF-8")?;
    let wait = ["--poll-interval", "1", "--max-polls", "1", "--save", saved];
    client(lab, &server, "third", options)?.args(&wait).run(lab)?.exits(4)?;
    server.approve_next(lab)?;
    let polls = ["--poll-interval", "1", "--max-polls", "3", "--resume", saved];
    let third: Device = Client::new(lab, &server.url, "third")?.args(&polls).enrols(lab)?;
    check::issued_by(lab, &server, &third.certificate, &third.key)?;

    // The same with the challenge at hand to the end: the poll is enveloped as the request was.
    let dir = lab.path("manual-2");
    let mut server = Server::start_at(lab, "127.0.0.1:0", &dir, &manual)?;
    let wait = ["--poll-interval", "1", "--max-polls", "60"];
    let client = client(lab, &server, "fourth", options)?.args(&wait);
    let waiting = std::thread::scope(|scope| {
        let fourth = scope.spawn(|| client.enrols(lab).map_err(|error| error.to_string()));
        let approved = server.approve_next(lab);
        let fourth = fourth.join().map_err(|_| "the client panicked".to_owned())?;
        approved.map_err(|error| error.to_string())?;
        fourth
    })?;
    check::issued_by(lab, &server, &waiting.certificate, &waiting.key)
}
