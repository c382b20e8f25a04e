//! A host identity key that stays in a token, by PKCS #11: SoftHSM 2 (Debian package `softhsm2`). A
//! TPM is used in the same way.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, SystemTime};

use devicecert::crypto_rust::RustCrypto;
use devicecert::fleet::Limits;
use devicecert::fleet::message_signature::{HostIdentity, SignedRequest, Window};
use devicecert::pki::{Certificate, Limits as PkiLimits, from_pem};
use devicecert_interop::peer::SOFTHSM;
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Failure, Lab, Outcome, Tool, program};
use http::Request;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "7391";

pub(crate) fn cases() -> Vec<Case> {
    let what = "holds a host's key: request-certificate signs for Fleet";
    vec![case(&SOFTHSM, "host_key", what, host_key)]
}

fn host_key(lab: &Lab) -> Outcome {
    let (key, certificate) = (lab.path("key.pem"), lab.path("host.pem"));
    let openssl = |arguments: &[&str]| Tool::new("openssl").args(arguments);
    openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"])
        .arg(&key)
        .run(lab)?
        .ok()?;
    openssl(&["req", "-x509", "-subj", "/CN=host", "-days", "2", "-set_serial", "0x5EED", "-key"])
        .arg(&key)
        .option("-out", &certificate)
        .run(lab)?
        .ok()?;
    let configuration = lab.path("softhsm2.conf");
    let tokens = lab.folder("tokens")?;
    fs::write(&configuration, format!("directories.tokendir = {}\n", tokens.display()))?;
    let token = |arguments: &[&str]| {
        let tool = Tool::new("softhsm2-util").env("SOFTHSM2_CONF", &configuration);
        tool.args(arguments).args(["--label", "host", "--pin", PIN])
    };
    token(&["--init-token", "--free", "--so-pin", "55555555"]).run(lab)?.ok()?;
    let path = key.to_str().ok_or("the path is not UTF-8")?;
    token(&["--import", path, "--token", "host", "--id", "01"]).run(lab)?.ok()?;
    fs::remove_file(&key)?;
    let pin = lab.write("pin", format!("{PIN}\n"))?;
    let uri = format!(
        "pkcs11:token=host;object=host?module-path={MODULE}&pin-source=file:{}",
        pin.display()
    );
    let uri = lab.write("host.key", uri)?;

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let fleet = std::thread::spawn(move || one_request(&listener));
    Tool::new(program("request-certificate")?)
        .args(["--url", &url, "--ca-id", "3", "--subject", "CN=a@example.com"])
        .args(["--email", "a@example.com", "--upn", "a"])
        .option("--host-certificate", &certificate)
        .option("--host-key", uri)
        .option("--out", lab.path("out"))
        .env("SOFTHSM2_CONF", &configuration)
        .run(lab)?
        .exits(3)?
        .says("forbidden")?;
    let request = fleet.join().map_err(|_| "the listener panicked")??;

    let der = from_pem("CERTIFICATE", &fs::read_to_string(&certificate)?)?.remove(0);
    let identity = HostIdentity::of(&Certificate::parse(&der, &PkiLimits::default())?)?;
    let signed = SignedRequest::required(&request, &Limits::default())?;
    let now = SystemTime::now().into();
    let host = url.trim_start_matches("http://");
    let device = signed.verify(&identity, &[host], now, Window::default(), &RustCrypto)?;
    assert_eq!(device.key_id().to_string(), "5EED");
    Ok(())
}

/// Takes one request, as it came over the wire, and says no.
fn one_request(listener: &TcpListener) -> Outcome<Request<Vec<u8>>> {
    listener.set_nonblocking(false)?;
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let request = read_request(&stream)?;
    let body = r#"{"errors":[{"reason":"forbidden"}]}"#;
    let length = body.len();
    write!(stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: {length}\r\n\r\n{body}")?;
    Ok(request)
}

fn read_request(stream: &TcpStream) -> Outcome<Request<Vec<u8>>> {
    let mut reader = BufReader::new(stream);
    let mut line = || -> Result<String, Failure> {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut request = Request::builder().method(method).uri(path);
    let mut length = 0;
    loop {
        let line = line()?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        }
        request = request.header(name, value.trim());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(request.body(body)?)
}
