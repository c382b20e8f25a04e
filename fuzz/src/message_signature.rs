//! HTTP message signatures: nothing is believed that our key did not sign, and what it signed is,
//! whatever the request.
//!
//! Four lines: Signature-Input, Signature, Content-Digest, URL. The rest is the body.

use std::sync::LazyLock;
use std::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_fleet::Limits;
use devicecert_fleet::message_signature::{
    Error, HostIdentity, KeyId, SignedRequest, Window, accepts,
};
use devicecert_pki::{Signer, Time, Validity};
use http::{HeaderValue, Request};

const NOW: Time = Time::from_unix(1_800_000_000);

/// RFC 9421, B.1.3: everybody's.
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIFKbhfNZfpDsW43+0+JjUr9K+bTeuxopu653+hBaXGA7oAoGCCqGSM49
AwEHoUQDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM
4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END EC PRIVATE KEY-----";

static DEVICE: LazyLock<(PrivateKey, HostIdentity)> = LazyLock::new(|| {
    let key = PrivateKey::from_pem(KEY).unwrap();
    let (public, validity) = (key.public_key().clone(), Validity::lasting(NOW, Duration::MAX));
    let identity = HostIdentity::new(KeyId::from(0x5eed), public, validity).unwrap();
    (key, identity)
});

pub fn run(data: &[u8]) {
    let mut lines = data.splitn(5, |octet| *octet == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let fields = [("signature-input", line()), ("signature", line()), ("content-digest", line())];
    let (url, body) = (line(), line());
    let _ = accepts(&String::from_utf8_lossy(url));
    let Ok(mut request) = Request::post(url).body(body.to_vec()) else { return };
    if request.uri().authority().is_none() {
        request.headers_mut().insert("host", HeaderValue::from_static("fleet.example"));
    }
    let (key, identity) = &*DEVICE;
    let verify = |request: &Request<Vec<u8>>| -> Result<KeyId, Error> {
        let signed = SignedRequest::required(request, &Limits::default())?;
        assert_eq!(signed.key_id().to_string().parse::<KeyId>(), Ok(signed.key_id()));
        let host = request.headers().get("host").and_then(|host| host.to_str().ok());
        let hosts = [host.unwrap_or("fleet.example")];
        let device = signed.verify(identity, &hosts, NOW, Window::default(), &RustCrypto)?;
        assert_eq!(device.body(), request.body());
        Ok(device.key_id())
    };
    match identity.unsigned(request.clone(), NOW, &[7; 32], &RustCrypto) {
        Ok(unsigned) => {
            let signed = unsigned.sign(key).unwrap();
            assert_eq!(verify(&signed).unwrap(), identity.key_id());
            let mut changed = signed;
            changed.body_mut().push(b' ');
            let _ = verify(&changed).unwrap_err();
        }
        Err(error) => assert!(matches!(error, Error::Unsignable(_)), "{error}"),
    }
    for (name, value) in fields {
        let Ok(value) = HeaderValue::from_bytes(value) else { return };
        request.headers_mut().insert(name, value);
    }
    // The key is in the open, but no input of this target was signed with it.
    let error = verify(&request).unwrap_err();
    let response = error.to_http();
    assert!(response.status() == 401 || matches!(error, Error::Pki(_)));
    let shown = String::from_utf8(response.into_body()).unwrap();
    assert!(!shown.trim_end_matches('\n').chars().any(char::is_control), "{shown:?}");
    assert!(shown.len() < 64 << 10);
}
