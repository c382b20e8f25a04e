//! A device, and signatures that it would not make by itself.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_fleet::Limits;
use devicecert_fleet::message_signature::{
    Error, HostIdentity, KeyId, Rejected, SignedDevice, SignedRequest, Window,
};
use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::{Reader, tag};
use devicecert_pki::{KeyKind, Signer, Time, ToBeSigned, Validity};
use http::Request;

pub(crate) const URL: &str =
    "https://fleet.example/api/v1/fleet/certificate_authorities/3/request_certificate";
/// What the server is called.
pub(crate) const HOSTS: [&str; 2] = ["fleet.example", "other.example:8412"];
pub(crate) const SERIAL: u64 = 0x0a_bcde;
pub(crate) const NONCE: [u8; 32] = [0x5a; 32];

pub(crate) fn now() -> Time {
    Time::from_unix(1_800_000_000)
}

pub(crate) fn post(url: &str) -> Request<Vec<u8>> {
    Request::post(url).body(b"{\"csr\":\"\"}".to_vec()).unwrap()
}

pub(crate) struct Device {
    pub(crate) key: PrivateKey,
    pub(crate) identity: HostIdentity,
}

impl Device {
    pub(crate) fn new(kind: KeyKind) -> Self {
        let key = PrivateKey::generate(kind).unwrap();
        let validity = Validity::lasting(now().before(seconds(600)), seconds(86_400));
        let public = key.public_key().clone();
        let identity = HostIdentity::new(KeyId::from(SERIAL), public, validity).unwrap();
        Self { key, identity }
    }

    pub(crate) fn sign(&self, request: Request<Vec<u8>>) -> Request<Vec<u8>> {
        let unsigned = self.identity.unsigned(request, now(), &NONCE, &RustCrypto).unwrap();
        unsigned.sign(&self.key).unwrap()
    }

    /// What is signed.
    pub(crate) fn base(&self, request: Request<Vec<u8>>) -> Result<String, Error> {
        let unsigned = self.identity.unsigned(request, now(), &NONCE, &RustCrypto)?;
        Ok(String::from_utf8(unsigned.to_be_signed().message.clone()).unwrap())
    }

    /// A request with this member of Signature-Input, over this base.
    pub(crate) fn sign_as(
        &self,
        mut request: Request<Vec<u8>>,
        params: &str,
        lines: &str,
    ) -> Request<Vec<u8>> {
        let base = format!("{lines}\"@signature-params\": {params}");
        let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
        let ask = ToBeSigned::new(self.key.public_key().clone(), algorithm, base.into_bytes());
        let signature = fixed(&self.key.sign(&ask).unwrap());
        let headers = request.headers_mut();
        headers.insert("signature-input", format!("sig1={params}").parse().unwrap());
        let signature = format!("sig1=:{}:", STANDARD.encode(signature));
        headers.insert("signature", signature.parse().unwrap());
        request
    }

    pub(crate) fn verify<'r>(
        &self,
        request: &'r Request<Vec<u8>>,
    ) -> Result<SignedDevice<'r>, Error> {
        self.verify_at(request, now())
    }

    pub(crate) fn verify_at<'r>(
        &self,
        request: &'r Request<Vec<u8>>,
        now: Time,
    ) -> Result<SignedDevice<'r>, Error> {
        let signed = SignedRequest::required(request, &Limits::default())?;
        signed.verify(&self.identity, &HOSTS, now, Window::default(), &RustCrypto)
    }

    pub(crate) fn rejects(&self, request: &Request<Vec<u8>>) -> Rejected {
        match self.verify(request) {
            Err(Error::Rejected(why)) => why,
            other => panic!("{other:?}"),
        }
    }
}

/// The two numbers of a DER signature on P-256, by a hand other than the library's.
fn fixed(der: &[u8]) -> Vec<u8> {
    let mut numbers = Reader::new(der).sequence("").unwrap();
    let mut out = Vec::new();
    for _ in 0..2 {
        let value = numbers.expect(tag::INTEGER, "").unwrap().value;
        let padded = [&[0; 32][..], value].concat();
        out.extend_from_slice(&padded[padded.len() - 32..]);
    }
    out
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
