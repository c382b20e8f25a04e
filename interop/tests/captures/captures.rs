//! The folder of captures, and what is done with every message in it.

use std::collections::HashSet;
use std::fmt::{self, Debug};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::cms::{
    EnvelopedData, KeyTransportRecipient, RecipientInfo, SignedData, Verified,
};
use devicecert::pki::{Certificate, Error, Limits, Provider, Secret, Tolerance, from_pem};
use devicecert::scep::AttributeName;

/// The folder, and a count of what was done.
pub(crate) struct Captures {
    root: PathBuf,
    read: Tally,
    verified: Tally,
    opened: Tally,
}

/// Messages, each counted once however many tests look at it. What is signed or enveloped inside
/// another message is a message, too.
#[derive(Default)]
struct Tally(Mutex<HashSet<u64>>);

impl Tally {
    fn add(&self, message: impl Debug) {
        let mut hasher = DefaultHasher::new();
        format!("{message:?}").hash(&mut hasher);
        self.0.lock().unwrap().insert(hasher.finish());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.lock().unwrap().len())
    }
}

impl Captures {
    pub(crate) fn from_env() -> Option<Self> {
        let root = PathBuf::from(std::env::var_os("DEVICECERT_CAPTURES")?);
        let none = Tally::default;
        root.is_dir().then(|| Self { root, read: none(), verified: none(), opened: none() })
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        bytes(&self.path(path))
    }

    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path)).unwrap()
    }

    /// The first certificate of a PEM file, whatever text stands before it.
    pub(crate) fn certificate(&self, path: &str) -> Certificate {
        let pem = self.text(path);
        Certificate::parse(&from_pem("CERTIFICATE", &pem).unwrap()[0], &limits()).unwrap()
    }

    pub(crate) fn key(&self, path: &str) -> PrivateKey {
        PrivateKey::from_pem(&self.text(path)).unwrap()
    }

    pub(crate) fn signed(&self, message: &[u8]) -> SignedData {
        let signed = SignedData::parse(message, &limits()).unwrap();
        self.count_read(&signed);
        signed
    }

    pub(crate) fn enveloped(&self, message: &[u8]) -> EnvelopedData {
        let enveloped = EnvelopedData::parse(message, &limits()).unwrap();
        self.count_read(&enveloped);
        enveloped
    }

    /// Checks a message with the certificate of its signer that it brought along.
    pub(crate) fn verified(&self, signed: &SignedData) -> (Certificate, Verified) {
        let signer = signed.signer_certificate(&limits(), &legacy()).unwrap();
        let verified = self.verified_with(signed, &signer).unwrap();
        (signer, verified)
    }

    pub(crate) fn verified_with(
        &self,
        signed: &SignedData,
        signer: &Certificate,
    ) -> Result<Verified, Error> {
        let verified = signed.verify(signer, &RustCrypto, &legacy())?;
        self.count_verified(signed);
        // What programs sign in the field is sorted before it is sent, too.
        assert!(!verified.needed_resorting());
        Ok(verified)
    }

    pub(crate) fn opened(
        &self,
        enveloped: &EnvelopedData,
        recipient: &Certificate,
        key: &PrivateKey,
    ) -> Result<Secret, Error> {
        let content = enveloped.clone().lock(recipient, &RustCrypto, &legacy())?.unlock(key)?;
        self.count_opened(enveloped);
        Ok(content)
    }

    pub(crate) fn count_read(&self, message: impl Debug) {
        self.read.add(message);
    }

    pub(crate) fn count_verified(&self, message: impl Debug) {
        self.verified.add(message);
    }

    pub(crate) fn count_opened(&self, message: impl Debug) {
        self.opened.add(message);
    }

    pub(crate) fn tally(&self) -> impl fmt::Display {
        let Self { read, verified, opened, .. } = self;
        format!("{read} messages read, {verified} verified, {opened} opened")
    }
}

pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The limits that everybody has by default: no capture needs others.
pub(crate) fn limits() -> Limits {
    Limits::default()
}

/// The default, and the old algorithms that captures have.
pub(crate) fn legacy() -> Tolerance {
    let mut tolerance = Tolerance::default();
    tolerance.legacy_algorithms = true;
    tolerance
}

/// A signed attribute as text.
pub(crate) fn text(verified: &Verified, name: AttributeName) -> Option<String> {
    let value = verified.attribute(name.oid(), name.name()).unwrap()?;
    Some(value.text().unwrap())
}

/// A signed attribute as octets.
pub(crate) fn octets(verified: &Verified, name: AttributeName) -> Option<Vec<u8>> {
    let value = verified.attribute(name.oid(), name.name()).unwrap()?;
    Some(value.value.to_vec())
}

/// The only recipient.
pub(crate) fn recipient(enveloped: &EnvelopedData) -> &KeyTransportRecipient {
    let [RecipientInfo::KeyTransport(recipient)] = enveloped.recipients() else {
        panic!("{:?}", enveloped.recipients())
    };
    recipient
}

/// A digest in hexadecimal.
pub(crate) fn digest(algorithm: DigestAlgorithm, message: &[u8]) -> String {
    hex(&RustCrypto.digest(algorithm, message).unwrap())
}

pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// `count` digits of base 16 in upper case.
pub(crate) fn is_upper_hex(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'A'..=b'F'))
}

/// `count` digits of base 16 in lower case.
pub(crate) fn is_lower_hex(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
}
