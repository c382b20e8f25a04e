//! What several test targets share: the keys and bytes of `testdata/`, and values taken apart so
//! that a test can change one thing and leave the rest right.

// Each target uses another part of this.
#![allow(dead_code)]

pub(crate) mod certificate;
pub(crate) mod enveloped;
pub(crate) mod request;
pub(crate) mod signed;

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::error::{Error, Found, LimitExceeded, Malformed};
use devicecert_pki::{Certificate, Limits, Signer, ToBeSigned, Tolerance, WithRandom};

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_digit(16).expect("a hexadecimal digit") as u8)
        .collect();
    digits.chunks(2).map(|pair| (pair[0] << 4) | pair[1]).collect()
}

/// A file of `testdata/`.
pub(crate) fn testdata(path: &str) -> Vec<u8> {
    let path = format!("{}/../../testdata/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// One value.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    Writer::build(|w| w.value(tag, content))
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(tag::SEQUENCE, &parts.concat())
}

pub(crate) fn oid_value(oid: ObjectIdentifier) -> Vec<u8> {
    tlv(tag::OID, oid.as_bytes())
}

/// An AlgorithmIdentifier; no octets as parameters means none.
pub(crate) fn algorithm(oid: ObjectIdentifier, parameters: &[u8]) -> Vec<u8> {
    sequence(&[&oid_value(oid), parameters])
}

/// An Attribute with these values, in this order.
pub(crate) fn attribute(oid: ObjectIdentifier, values: &[&[u8]]) -> Vec<u8> {
    sequence(&[&oid_value(oid), &tlv(tag::SET, &values.concat())])
}

pub(crate) const NULL: &[u8] = &[5, 0];

fn key(cell: &'static OnceLock<PrivateKey>, file: &str) -> &'static PrivateKey {
    cell.get_or_init(|| {
        let text = String::from_utf8(testdata(&format!("openssl/{file}.pkcs8.pem"))).unwrap();
        PrivateKey::from_pem(&text).unwrap()
    })
}

/// An RSA key of 2048 bits.
pub(crate) fn rsa() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    key(&KEY, "rsa2048")
}

/// An EC key on P-256.
pub(crate) fn ec() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    key(&KEY, "p256")
}

/// The RSA key of somebody else.
pub(crate) fn other() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    key(&KEY, "rsa1024")
}

/// The self-signed certificate of [`rsa`], [`ec`] or [`other`] that OpenSSL made.
pub(crate) fn certificate_of(name: &str) -> Certificate {
    Certificate::parse(&testdata(&format!("rfc5652/{name}.crt")), &Limits::default()).unwrap()
}

/// A signature made outside the crate under test.
pub(crate) fn sign(key: &PrivateKey, digest: DigestAlgorithm, message: &[u8]) -> Vec<u8> {
    let algorithm: SignatureAlgorithm = key.public_key().signature_algorithm(digest).unwrap();
    key.sign(&ToBeSigned::new(key.public_key().clone(), algorithm, message.to_vec())).unwrap()
}

pub(crate) fn limits() -> Limits {
    Limits::default()
}

pub(crate) fn tolerant() -> Tolerance {
    Tolerance::default()
}

pub(crate) fn legacy() -> Tolerance {
    let mut tolerance = Tolerance::STRICT;
    tolerance.legacy_algorithms = true;
    tolerance
}

/// Where reading failed, and what was found there.
pub(crate) fn malformed<T: std::fmt::Debug>(
    result: Result<T, Error>,
) -> (usize, &'static str, Found) {
    match result {
        Err(Error::Malformed(Malformed { offset, expected, found })) => (offset, expected, found),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn exceeded<T>(what: &'static str, limit: u64, found: u64) -> Result<T, Error> {
    Err(LimitExceeded { what, limit, found }.into())
}

/// Runs a future that never waits for anything but itself.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    struct Ignore;
    impl Wake for Ignore {
        fn wake(self: Arc<Self>) {}
    }
    let waker = Waker::from(Arc::new(Ignore));
    let mut future = Box::pin(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
    }
}

/// A future that is not ready the first time somebody looks.
pub(crate) async fn later<T>(value: T) -> T {
    let mut looked = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut looked, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    value
}

/// What every "random" octet of [`PREDICTABLE`] is.
pub(crate) const OCTET: u8 = 0x2a;

/// A provider without chance.
pub(crate) static PREDICTABLE: WithRandom = WithRandom::new(&RustCrypto, |out| {
    out.fill(OCTET);
    Ok(())
});
