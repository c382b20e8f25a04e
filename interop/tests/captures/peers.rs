//! Conversations between programs that are not ours, recorded request by request.

use std::path::Path;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::Signer;
use devicecert::pki::algorithm::ContentCipher;
use devicecert::pki::cms::{EnvelopedData, SignerIdentifier};
use devicecert::pki::{Certificate, Tolerance};
use devicecert::scep::{Authority, Message, Request};

use crate::captures::{Captures, bytes, legacy, limits};

/// The clients that were recorded.
pub(crate) const CLIENTS: [&str; 4] = ["certmonger", "pyscep", "scepclient", "strongswan"];

/// A pkiMessage and what was answered.
pub(crate) struct Exchange {
    /// The folder, which says what was tried.
    pub(crate) scenario: String,
    /// Folder and number, for whoever looks for a failure.
    pub(crate) name: String,
    pub(crate) request: Vec<u8>,
    pub(crate) reply: Vec<u8>,
    /// The HTTP request as it came.
    pub(crate) http: Vec<u8>,
}

/// Every PKIOperation of a client, in the order of scenario and number.
pub(crate) fn exchanges(captures: &Captures, client: &str) -> Vec<Exchange> {
    let mut all = Vec::new();
    for folder in folders(&captures.path(&format!("peers/{client}"))) {
        let scenario = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for path in files(&folder, "-PKIOperation.req.body") {
            let stem = path.to_str().unwrap().strip_suffix(".req.body").unwrap().to_owned();
            let number = Path::new(&stem).file_name().unwrap().to_str().unwrap();
            all.push(Exchange {
                name: format!("{client}/{scenario}/{number}"),
                scenario: scenario.clone(),
                request: bytes(&path),
                reply: bytes(Path::new(&format!("{stem}.resp.body"))),
                http: bytes(Path::new(&format!("{stem}.req"))),
            });
        }
    }
    assert!(!all.is_empty(), "{client}");
    all
}

pub(crate) fn folders(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    all.sort();
    all
}

pub(crate) fn files(folder: &Path, suffix: &str) -> Vec<std::path::PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.to_str().unwrap().ends_with(suffix))
        .collect();
    all.sort();
    all
}

/// The CAs, and an RA of the second, with their keys.
pub(crate) struct Servers {
    pub(crate) ca1: Certificate,
    pub(crate) ca2: Certificate,
    pub(crate) ra: Certificate,
    authorities: Vec<(Authority, PrivateKey)>,
}

impl Servers {
    pub(crate) fn new(captures: &Captures) -> Self {
        let certificate = |name| captures.certificate(&format!("peers/{name}.crt.pem"));
        let key = |name| captures.key(&format!("peers/{name}.key.pem"));
        let [ca1, ca2, ra] = ["ca1", "ca2", "ra"].map(certificate);
        let mut authorities = vec![
            (Authority::new(ca1.clone()).unwrap(), key("ca1")),
            (Authority::new(ca2.clone()).unwrap(), key("ca2")),
            (Authority::with_ra(ca2.clone(), ra.clone()).unwrap(), key("ra")),
        ];
        for (authority, _) in &mut authorities {
            authority.tolerance.cms = legacy();
        }
        Self { ca1, ca2, ra, authorities }
    }

    /// The certificate of these that a SignerInfo means.
    pub(crate) fn find(&self, sid: &SignerIdentifier) -> Option<&Certificate> {
        [&self.ca1, &self.ca2, &self.ra]
            .into_iter()
            .find(|certificate| sid.names(certificate, &Tolerance::STRICT))
    }

    /// Reads a request as the server does to whom it was enveloped.
    pub(crate) fn open(&self, captures: &Captures, name: &str, body: &[u8]) -> Request {
        let message = Message::parse(body, &limits()).unwrap_or_else(|e| panic!("{name}: {e}"));
        captures.count_read(message.as_signed_data());
        let (_, envelope) = envelope(&message);
        captures.count_read(&envelope);
        // The exact recipient, so that "the only one that there is" is not what opens it.
        let (authority, key) = self
            .authorities
            .iter()
            .find(|(authority, _)| {
                let mut strict = Tolerance::STRICT;
                strict.legacy_algorithms = true;
                envelope.recipient(authority.recipient(), &strict).is_some()
            })
            .unwrap_or_else(|| panic!("{name}: to none of the servers"));
        let locked = message
            .verify(authority, &RustCrypto)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        captures.count_verified(message.as_signed_data());
        let request = locked.unlock(key).unwrap();
        captures.count_opened(&envelope);
        request
    }
}

/// The cipher of a message's envelope, and the envelope.
pub(crate) fn envelope(message: &Message) -> (ContentCipher, EnvelopedData) {
    let devicecert::pki::cms::Content::Octets(content) =
        message.as_signed_data().unverified_content()
    else {
        panic!("no content")
    };
    let envelope = EnvelopedData::parse(content, &limits()).unwrap();
    let (cipher, _) =
        ContentCipher::from_identifier(envelope.content_encryption_algorithm()).unwrap();
    (cipher, envelope)
}

/// The keys of clients that were kept.
pub(crate) fn client_keys(captures: &Captures) -> Vec<PrivateKey> {
    let clients = CLIENTS.map(|client| captures.path(&format!("peers/{client}")));
    clients
        .iter()
        .flat_map(|client| [folders(client), vec![client.clone()]].concat())
        .flat_map(|folder| files(&folder, ".pem"))
        .map(|path| String::from_utf8(bytes(&path)).unwrap())
        .filter(|text| text.contains("PRIVATE KEY"))
        .map(|text| PrivateKey::from_pem(&text).unwrap())
        .collect()
}

/// The key of this certificate.
pub(crate) fn key_of<'k>(
    keys: &'k [PrivateKey],
    certificate: &Certificate,
) -> Option<&'k PrivateKey> {
    keys.iter().find(|key| key.public_key().key_bits() == certificate.public_key().key_bits())
}
