//! Envelopes that are wrong in one way each, by byte surgery on honest ones.

use devicecert::pki::algorithm::ContentCipher;
use devicecert::pki::cms::{EnvelopedData, RecipientInfo, Seal};
use devicecert::pki::{KeyKind, Limits, Secret};

use crate::server::{Backend, CHALLENGE, Server};

/// Classes that nobody must be able to tell apart.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) server: Server,
    pub(crate) classes: Vec<Class>,
}

pub(crate) struct Class {
    pub(crate) name: &'static str,
    pub(crate) message: Vec<u8>,
    /// Whether it takes another time for a reason that is no secret.
    pub(crate) by_nature: bool,
}

impl Group {
    pub(crate) fn all(backend: &'static Backend) -> [Self; 4] {
        [
            Self::rsa(backend),
            Self::contents(backend),
            Self::agreement(backend),
            Self::password(backend),
        ]
    }

    fn new(name: &'static str, server: Server, envelopes: Vec<(&'static str, Vec<u8>)>) -> Self {
        let classes = envelopes
            .into_iter()
            .map(|(name, envelope)| Class {
                name,
                message: server.message(envelope),
                by_nature: name.starts_with('*'),
            })
            .collect();
        Self { name, server, classes }
    }

    /// Content keys that were encrypted with PKCS #1 v1.5 in wrong ways, and one that was not. The
    /// content is encrypted with another key.
    fn rsa(backend: &'static Backend) -> Self {
        let server = rsa_server(backend);
        let honest = envelope(&server);
        let with = |name: &str| with_key(&honest, &file(&format!("{name}.wrapped")));
        let right = with("rsa2048-pkcs1");
        let envelopes = vec![
            ("padding right", right.clone()),
            ("again", right.clone()),
            ("first octet not zero", with("bad/first-octet-not-zero")),
            ("block type 0", with("bad/block-type-0")),
            ("block type 1", with("bad/block-type-1")),
            ("no separator", with("bad/no-separator")),
            ("separator right after the type", with("bad/separator-right-after-type")),
            ("padding of 7 octets", with("bad/padding-of-7-octets")),
            ("key empty", with("bad/key-empty")),
            ("key too short", with("bad/key-too-short")),
            ("key too long", with("bad/key-too-long")),
            ("random", with("bad/random")),
            ("once more", right),
        ];
        Self::new("RSA PKCS #1 v1.5, padding of the content key", server, envelopes)
    }

    /// The right content key, and contents that are no request.
    fn contents(backend: &'static Backend) -> Self {
        let server = rsa_server(backend);
        let honest = with_key(&envelope(&server), &file("rsa2048-pkcs1.wrapped"));
        let csr = server.csr.as_der();
        let of = |blocks: &[u8]| with_blocks(&server, &honest, blocks);
        let whole = csr.len() / 16 * 16 + 16;
        let ending = |end: &[u8]| {
            let mut blocks = csr.to_vec();
            blocks.resize(whole - end.len(), 0);
            blocks.extend_from_slice(end);
            of(&blocks)
        };
        let padded = |content: &[u8]| {
            let mut blocks = content.to_vec();
            let missing = whole - content.len();
            blocks.resize(whole, u8::try_from(missing).unwrap());
            of(&blocks)
        };
        let mut wrong_signature = csr.to_vec();
        *wrong_signature.last_mut().unwrap() ^= 1;
        let mut garbled = csr.to_vec();
        garbled[32..48].fill(0xa5);
        let envelopes = vec![
            ("CBC padding of 0", ending(&[0; 16])),
            ("again", ending(&[0; 16])),
            ("CBC padding of 17", ending(&[17; 16])),
            ("CBC padding of 255", ending(&[255; 16])),
            ("CBC padding of 16, one octet off", ending(&[&[15][..], &[16; 15]].concat())),
            ("CBC padding of 2, one octet off", ending(&[&[2; 14][..], &[3, 2]].concat())),
            ("CBC padding right, content garbled", {
                let mut blocks = vec![0xa5; whole];
                blocks[whole - 1] = 1;
                of(&blocks)
            }),
            ("* a request with a garbled block", padded(&garbled)),
            ("* a request with a wrong signature", padded(&wrong_signature)),
        ];
        Self::new("contents under the right key", server, envelopes)
    }

    /// Key agreement on P-256. The content is encrypted with another key.
    fn agreement(backend: &'static Backend) -> Self {
        let server = Server::new(backend, (backend.generate)(KeyKind::P256));
        let honest = with_other_content(&envelope(&server));
        let key = |envelope: &EnvelopedData| match envelope.recipients() {
            [RecipientInfo::KeyAgreement(recipient)] => {
                let wrapped = recipient.encrypted_keys[0].encrypted_key.clone();
                (wrapped, recipient.originator_key.clone())
            }
            other => panic!("{other:?}"),
        };
        let (wrapped, point) = key(&parse(&honest));
        let mut damaged = wrapped.clone();
        damaged[0] ^= 1;
        let mut damaged_last = wrapped.clone();
        *damaged_last.last_mut().unwrap() ^= 1;
        let mut off_curve = point.clone();
        *off_curve.last_mut().unwrap() ^= 1;
        // A second message gives another point on the curve.
        let (_, other) = key(&parse(&envelope(&server)));
        let envelopes = vec![
            ("wrap right", honest.clone()),
            ("again", honest.clone()),
            ("wrap damaged in its first octet", splice(&honest, &wrapped, &damaged)),
            ("wrap damaged in its last octet", splice(&honest, &wrapped, &damaged_last)),
            ("another secret", splice(&honest, &point, &other)),
            ("* a point off the curve", splice(&honest, &point, &off_curve)),
        ];
        Self::new("key agreement on P-256", server, envelopes)
    }

    /// A password. The content is encrypted with another key.
    fn password(backend: &'static Backend) -> Self {
        let server = Server::new(backend, (backend.generate)(KeyKind::P256));
        let mut seal = Seal::default();
        seal.iterations = core::num::NonZeroU32::new(100).unwrap();
        let to = |password: &str| {
            let (csr, password) = (server.csr.as_der(), Secret::from(password));
            with_other_content(
                &seal.envelope_to_password(csr, &password, backend.provider).unwrap(),
            )
        };
        let honest = to(CHALLENGE);
        let wrapped = match parse(&honest).recipients() {
            [RecipientInfo::Password(recipient)] => recipient.encrypted_key().to_vec(),
            other => panic!("{other:?}"),
        };
        let mut damaged = wrapped.clone();
        damaged[0] ^= 1;
        let envelopes = vec![
            ("password right", honest.clone()),
            ("again", honest.clone()),
            ("password wrong", to("Correct horse")),
            ("wrap damaged", splice(&honest, &wrapped, &damaged)),
            ("wrap of zeros", splice(&honest, &wrapped, &vec![0; wrapped.len()])),
        ];
        Self::new("a password", server, envelopes)
    }
}

fn rsa_server(backend: &'static Backend) -> Server {
    let pem = String::from_utf8(file("rsa2048.pkcs8.pem")).unwrap();
    Server::new(backend, (backend.from_pem)(&pem).unwrap())
}

/// A file that OpenSSL made: the CA's key, and content keys encrypted to it.
fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/../testdata/openssl/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn envelope(server: &Server) -> Vec<u8> {
    let recipient = server.authority.recipient();
    Seal::default().envelope(server.csr.as_der(), recipient, server.backend.provider).unwrap()
}

fn parse(envelope: &[u8]) -> EnvelopedData {
    EnvelopedData::parse(envelope, &Limits::default()).unwrap()
}

/// Puts octets in the place of as many others.
fn splice(envelope: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let at = envelope.windows(old.len()).position(|window| window == old).unwrap();
    let mut spliced = envelope.to_vec();
    spliced[at..at + old.len()].copy_from_slice(new);
    spliced
}

fn with_key(envelope: &[u8], wrapped: &[u8]) -> Vec<u8> {
    let parsed = parse(envelope);
    let [RecipientInfo::KeyTransport(recipient)] = parsed.recipients() else {
        panic!("not one recipient")
    };
    splice(envelope, &recipient.encrypted_key, wrapped)
}

/// Encrypts whole blocks with the content key that OpenSSL encrypted to the CA.
fn with_blocks(server: &Server, envelope: &[u8], blocks: &[u8]) -> Vec<u8> {
    let parsed = parse(envelope);
    let algorithm = parsed.content_encryption_algorithm();
    let (cipher, iv) = ContentCipher::from_identifier(algorithm).unwrap();
    let (key, mut encrypted) = (Secret::new(file("content.key")), blocks.to_vec());
    server.backend.provider.encrypt_blocks(cipher, &key, &iv, &mut encrypted).unwrap();
    splice(envelope, parsed.encrypted_content(), &encrypted)
}

/// As if another key had encrypted the content.
fn with_other_content(envelope: &[u8]) -> Vec<u8> {
    let parsed = parse(envelope);
    let content = parsed.encrypted_content();
    splice(envelope, content, &vec![0x5a; content.len()])
}
