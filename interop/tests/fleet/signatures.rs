//! HTTP message signatures with http-message-signatures 3.0.0 (Python package index), in both
//! directions.
//!
//! * It derives `@authority` and `@path` as RFC 9421 has them; for Fleet's way of doing it, it is told
//!   to (`--fleet`), and what it says without being told shows where the two differ.
//! * It writes `alg` unless it is asked not to, and `created` before `keyid`.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::fleet::Limits;
use devicecert::fleet::message_signature::{
    Error, HostIdentity, KeyId, Rejected, SignedDevice, SignedRequest, Window,
};
use devicecert::pki::{KeyKind, Signer, Time, Validity, to_pem};
use devicecert_interop::peer::{HTTP_MESSAGE_SIGNATURES, python_folder};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};
use http::{HeaderName, HeaderValue, Request};

const PLAIN: &str =
    "https://fleet.example/api/v1/fleet/certificate_authorities/3/request_certificate";
const QUERY: &str = "https://fleet.example/api/fleet/orbit/config?a=%41&b=+";
/// Another case, a port, and an escaped path.
const ODD: &str = "https://Fleet.Example:8412/api/fleet/orbit/a%20b%2Fc";
const HOSTS: [&str; 2] = ["fleet.example", "fleet.example:8412"];
const KEY_ID: &str = "5EED";

pub(crate) fn cases() -> Vec<Case> {
    let row = |name: &str, what: &str, run: fn(&Lab) -> Outcome| {
        case(&HTTP_MESSAGE_SIGNATURES, name, what, run)
    };
    vec![
        row("verifies", "verifies our signatures, P-256 and P-384", verifies),
        row("verifies_odd", "verifies them for odd URLs, told what Fleet does", verifies_odd),
        row("refuses", "refuses what was changed on the way", refuses),
        row("signs", "signs, and we verify, P-256 and P-384", signs),
        row("signs_odd", "signs for odd URLs, told what Fleet does", signs_odd),
        row("signs_alg", "names the algorithm, which we refuse", signs_alg),
        row("signs_changed", "signs, and we refuse what was changed since", signs_changed),
    ]
}

struct Device {
    key: PrivateKey,
    identity: HostIdentity,
    kind: &'static str,
    private: PathBuf,
    public: PathBuf,
}

impl Device {
    fn new(lab: &Lab, kind: KeyKind) -> Outcome<Self> {
        let key = PrivateKey::generate(kind)?;
        let validity = Validity::lasting(now(), Duration::from_secs(86_400));
        let identity = HostIdentity::new(KEY_ID.parse()?, key.public_key().clone(), validity)?;
        let kind = match kind {
            KeyKind::P384 => "p384",
            _ => "p256",
        };
        let private = lab.write(&format!("{kind}.key"), key.to_pkcs8_pem()?.expose())?;
        let public = to_pem("PUBLIC KEY", key.public_key().as_der());
        let public = lab.write(&format!("{kind}.pub"), public)?;
        Ok(Self { key, identity, kind, private, public })
    }

    fn sign(&self, request: Request<Vec<u8>>) -> Outcome<Request<Vec<u8>>> {
        let unsigned = self.identity.unsigned(request, now(), &[0x5a; 32], &RustCrypto)?;
        Ok(unsigned.sign(&self.key)?)
    }

    fn verify<'r>(&self, request: &'r Request<Vec<u8>>) -> Result<SignedDevice<'r>, Error> {
        let signed = SignedRequest::required(request, &Limits::default())?;
        signed.verify(&self.identity, &HOSTS, now(), Window::default(), &RustCrypto)
    }

    fn peer(
        &self,
        lab: &Lab,
        action: &str,
        request: &Request<Vec<u8>>,
        key: &Path,
    ) -> Outcome<Tool> {
        let headers: serde_json::Map<String, serde_json::Value> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()))
            .collect();
        let json = serde_json::json!({
            "method": request.method().as_str(),
            "url": request.uri().to_string(),
            "headers": headers,
            "body": STANDARD.encode(request.body()),
        });
        let file = lab.write("request.json", json.to_string())?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("signatures/peer.py");
        Ok(Tool::new("python3")
            .named("http-message-signatures")
            .arg("-B")
            .arg(script)
            .arg(action)
            .option("--request", file)
            .option("--key", key)
            .option("--kind", self.kind)
            .option("--keyid", KEY_ID)
            .env("PYTHONPATH", python_folder("http-message-signatures")))
    }

    /// The request with the fields that the peer has written.
    fn signed_by_peer(
        &self,
        lab: &Lab,
        mut request: Request<Vec<u8>>,
        options: &[&str],
    ) -> Outcome<Request<Vec<u8>>> {
        let peer = self.peer(lab, "sign", &request, &self.private)?;
        let output = peer.args(options).run(lab)?.ok()?.stdout;
        let headers: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&output)?;
        for (name, value) in headers {
            let value = value.as_str().ok_or("a header is no text")?;
            let name = HeaderName::try_from(name)?;
            request.headers_mut().insert(name, HeaderValue::try_from(value)?);
        }
        Ok(request)
    }
}

fn now() -> Time {
    SystemTime::now().into()
}

/// With Host, as every client sends it.
fn post(url: &str) -> Outcome<Request<Vec<u8>>> {
    let mut request = Request::post(url).body(br#"{"csr":"x"}"#.to_vec())?;
    let authority = request.uri().authority().ok_or("no authority")?.to_string();
    request.headers_mut().insert("host", HeaderValue::try_from(authority)?);
    Ok(request)
}

fn verifies(lab: &Lab) -> Outcome {
    for kind in [KeyKind::P256, KeyKind::P384] {
        let device = Device::new(lab, kind)?;
        for url in [PLAIN, QUERY] {
            let request = device.sign(post(url)?)?;
            let peer = device.peer(lab, "verify", &request, &device.public)?;
            peer.run(lab)?.ok()?.says("\"keyid\": \"5EED\"")?;
        }
    }
    Ok(())
}

fn verifies_odd(lab: &Lab) -> Outcome {
    let device = Device::new(lab, KeyKind::P256)?;
    let request = device.sign(post(ODD)?)?;
    let peer = || device.peer(lab, "verify", &request, &device.public);
    peer()?.arg("--fleet").run(lab)?.ok()?;
    // By the RFC it is another message.
    peer()?.run(lab)?.exits(3)?;
    Ok(())
}

fn refuses(lab: &Lab) -> Outcome {
    let device = Device::new(lab, KeyKind::P256)?;
    let signed = device.sign(post(QUERY)?)?;
    let refused = |request: &Request<Vec<u8>>| -> Outcome {
        device.peer(lab, "verify", request, &device.public)?.run(lab)?.exits(3)?;
        Ok(())
    };
    let mut changed = signed.clone();
    changed.body_mut().push(b' ');
    refused(&changed)?;
    let mut changed = signed.clone();
    *changed.uri_mut() = QUERY.replace("b=+", "b=-").parse()?;
    refused(&changed)?;
    let mut changed = signed;
    *changed.method_mut() = http::Method::PUT;
    refused(&changed)
}

fn signs(lab: &Lab) -> Outcome {
    for kind in [KeyKind::P256, KeyKind::P384] {
        let device = Device::new(lab, kind)?;
        for url in [PLAIN, QUERY] {
            let request = device.signed_by_peer(lab, post(url)?, &["--nonce", "once"])?;
            let found = device.verify(&request)?;
            assert_eq!(found.key_id(), KeyId::from(0x5eed));
            assert_eq!(found.nonce(), "once");
        }
    }
    Ok(())
}

fn signs_odd(lab: &Lab) -> Outcome {
    let device = Device::new(lab, KeyKind::P256)?;
    device.verify(&device.signed_by_peer(lab, post(ODD)?, &["--fleet"])?)?;
    let by_the_rfc = device.signed_by_peer(lab, post(ODD)?, &[])?;
    assert_eq!(device.verify(&by_the_rfc), Err(Rejected::Signature.into()));
    Ok(())
}

fn signs_alg(lab: &Lab) -> Outcome {
    let device = Device::new(lab, KeyKind::P256)?;
    let request = device.signed_by_peer(lab, post(PLAIN)?, &["--alg"])?;
    assert_eq!(device.verify(&request), Err(Rejected::Algorithm.into()));
    Ok(())
}

fn signs_changed(lab: &Lab) -> Outcome {
    let device = Device::new(lab, KeyKind::P256)?;
    let signed = device.signed_by_peer(lab, post(PLAIN)?, &[])?;
    device.verify(&signed)?;
    let mut changed = signed.clone();
    changed.body_mut().push(b' ');
    assert_eq!(device.verify(&changed), Err(Rejected::Digest.into()));
    let mut changed = signed;
    *changed.uri_mut() = PLAIN.replace("/3/", "/4/").parse()?;
    assert_eq!(device.verify(&changed), Err(Rejected::Signature.into()));
    Ok(())
}
