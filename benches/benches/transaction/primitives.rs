//! The cryptography of a transaction by itself, in the sizes of the real messages.

use std::hint::black_box;

use devicecert::pki::algorithm::{
    ContentCipher, DigestAlgorithm, KeyTransport, SignatureAlgorithm,
};
use devicecert::pki::cms::{EnvelopedData, RecipientInfo, SignedData};
use devicecert::pki::{Limits, Provider, Secret, ToBeDecrypted, ToBeSigned, cms};

use crate::backends::Key;
use crate::device::Device;
use crate::server::Server;

const SHA256: SignatureAlgorithm = SignatureAlgorithm::RsaPkcs1(DigestAlgorithm::Sha256);
const CIPHER: ContentCipher = ContentCipher::Aes128Cbc;
const IV: [u8; 16] = [9; 16];

/// A message with its signature, and who made it.
struct Signed<'a> {
    ask: ToBeSigned,
    signature: Vec<u8>,
    key: &'a dyn Key,
}

/// An envelope's parts.
struct Enveloped<'a> {
    ask: ToBeDecrypted,
    ciphertext: Vec<u8>,
    key: &'a dyn Key,
}

pub(crate) struct Primitives<'a> {
    server: &'a Server,
    content_key: Secret,
    request: Vec<u8>,
    reply: Vec<u8>,
    csr: Signed<'a>,
    self_signed: Signed<'a>,
    request_attributes: Signed<'a>,
    certificate: Signed<'a>,
    reply_attributes: Signed<'a>,
    request_envelope: Enveloped<'a>,
    reply_envelope: Enveloped<'a>,
}

impl<'a> Primitives<'a> {
    pub(crate) fn new(server: &'a Server, device: &Device<'_>) -> Self {
        let (ca, device_key) = (&*server.key, &*server.device_key);
        let content = |message: &[u8]| {
            let signed = SignedData::parse(message, &Limits::default()).unwrap();
            let cms::Content::Octets(content) = signed.unverified_content() else {
                panic!("no content")
            };
            content.clone()
        };
        let (request, reply) = (content(&server.body), content(device.reply.body()));
        // What is signed of a certificate or request is the whole without algorithm and signature.
        let to_be_signed = |der: &[u8]| der.len() - 280;
        let signer = SignedData::parse(&server.body, &Limits::default()).unwrap();
        let self_signed = signer.certificates().next().unwrap();
        Self {
            csr: Signed::new(device_key, to_be_signed(server.csr.as_der())),
            self_signed: Signed::new(device_key, to_be_signed(self_signed)),
            certificate: Signed::new(ca, to_be_signed(server.issue(&server.csr).as_der())),
            // Attributes differ by a few octets from message to message.
            request_attributes: Signed::new(device_key, 200),
            reply_attributes: Signed::new(ca, 250),
            request_envelope: Enveloped::new(ca, &request),
            reply_envelope: Enveloped::new(device_key, &reply),
            content_key: Secret::new(vec![7; CIPHER.key_len()]),
            request,
            reply,
            server,
        }
    }

    /// Three verifications, one decryption, two signatures, one key wrap.
    pub(crate) fn of_the_server(&self) {
        let provider = self.server.backend.provider;
        digest(provider, DigestAlgorithm::Sha256, &self.request);
        self.request_attributes.verify(provider);
        self.self_signed.verify(provider); // the certificate that came along
        random(provider, CIPHER.key_len()); // the stand-in for a bad content key
        self.request_envelope.open(provider, &self.content_key);
        self.csr.verify(provider);

        random(provider, 16); // the serial number
        let key = self.server.device_key.public_key();
        digest(provider, DigestAlgorithm::Sha1, key.key_bits()); // subjectKeyIdentifier
        self.certificate.sign();

        random(provider, CIPHER.key_len());
        random(provider, CIPHER.block_len());
        self.reply_envelope.make(provider, &self.content_key);
        digest(provider, DigestAlgorithm::Sha256, &self.reply);
        random(provider, 16); // senderNonce
        self.reply_attributes.sign();
    }

    /// Two verifications, one decryption, two signatures, one key wrap; no chance, since the
    /// enrolment repeats.
    pub(crate) fn of_the_device(&self) {
        let provider = self.server.backend.provider;
        // Once to make the fingerprint, once to compare it.
        let ca = self.server.authority.ca().as_der();
        digest(provider, DigestAlgorithm::Sha256, ca);
        digest(provider, DigestAlgorithm::Sha256, ca);
        self.self_signed.sign();
        self.request_envelope.make(provider, &self.content_key);
        digest(provider, DigestAlgorithm::Sha256, &self.request);
        self.request_attributes.sign();

        digest(provider, DigestAlgorithm::Sha256, &self.reply);
        self.reply_attributes.verify(provider);
        self.reply_envelope.open(provider, &self.content_key);
        self.certificate.verify(provider);
    }
}

impl<'a> Signed<'a> {
    fn new(key: &'a dyn Key, length: usize) -> Self {
        let ask = ToBeSigned::new(key.public_key().clone(), SHA256, vec![0x30; length]);
        let signature = key.sign(&ask).unwrap();
        Self { ask, signature, key }
    }

    fn sign(&self) {
        black_box(self.key.sign(black_box(&self.ask)).unwrap());
    }

    fn verify(&self, provider: &dyn Provider) {
        let Self { ask, signature, .. } = black_box(self);
        provider.verify(&ask.key, ask.algorithm, &ask.message, signature).unwrap();
    }
}

impl<'a> Enveloped<'a> {
    fn new(key: &'a dyn Key, envelope: &[u8]) -> Self {
        let envelope = EnvelopedData::parse(envelope, &Limits::default()).unwrap();
        let [RecipientInfo::KeyTransport(recipient)] = envelope.recipients() else {
            panic!("not one recipient")
        };
        let ask = ToBeDecrypted::key_transport(
            KeyTransport::RsaPkcs1,
            recipient.encrypted_key.clone(),
            recipient.identifier.clone(),
        );
        Self { ask, ciphertext: envelope.encrypted_content().to_vec(), key }
    }

    fn open(&self, provider: &dyn Provider, content_key: &Secret) {
        black_box(self.key.decrypt(black_box(&self.ask)).unwrap());
        let mut blocks = self.ciphertext.clone();
        provider.decrypt_blocks(CIPHER, content_key, &IV, &mut blocks).unwrap();
        black_box(blocks);
    }

    fn make(&self, provider: &dyn Provider, content_key: &Secret) {
        let recipient = self.key.public_key();
        black_box(provider.wrap_key(recipient, KeyTransport::RsaPkcs1, content_key).unwrap());
        let mut blocks = self.ciphertext.clone();
        provider.encrypt_blocks(CIPHER, content_key, &IV, &mut blocks).unwrap();
        black_box(blocks);
    }
}

fn digest(provider: &dyn Provider, algorithm: DigestAlgorithm, message: &[u8]) {
    black_box(provider.digest(algorithm, black_box(message)).unwrap());
}

fn random(provider: &dyn Provider, length: usize) {
    let mut out = vec![0; length];
    provider.random(&mut out).unwrap();
    black_box(out);
}
