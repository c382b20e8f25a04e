//! EnvelopedData written by hand (RFC 5652 §6.1), so that each part can be wrong by itself.

use devicecert_pki::algorithm::{AlgorithmIdentifier, ContentCipher, KeyTransport};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Secret, oid};

use crate::backends::file;
use crate::server::Server;

pub(crate) const CIPHER: ContentCipher = ContentCipher::Aes128Cbc;
pub(crate) const IV: [u8; 16] = [9; 16];

/// Whom an envelope names.
#[derive(Clone)]
pub(crate) struct Recipient {
    pub(crate) issuer: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) key_transport: AlgorithmIdentifier,
    pub(crate) encrypted_key: Vec<u8>,
}

/// The parts of an envelope.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) cipher: AlgorithmIdentifier,
    pub(crate) ciphertext: Vec<u8>,
}

impl Parts {
    /// An honest envelope of `content`, padded as RFC 5652 §6.3 says. The content key is the one
    /// that OpenSSL encrypted to the CA.
    pub(crate) fn new(server: &Server, content: &[u8]) -> Self {
        let missing = 16 - content.len() % 16;
        let padding = vec![u8::try_from(missing).unwrap(); missing];
        Self::of_blocks(server, &[content, &padding].concat())
    }

    /// An envelope of whole blocks, with whatever padding they have.
    pub(crate) fn of_blocks(server: &Server, blocks: &[u8]) -> Self {
        let ca = server.authority.recipient();
        let key = Secret::new(file("content.key"));
        let mut ciphertext = blocks.to_vec();
        server.backend.provider.encrypt_blocks(CIPHER, &key, &IV, &mut ciphertext).unwrap();
        let recipient = Recipient {
            issuer: ca.issuer().as_der().to_vec(),
            serial: ca.serial().to_vec(),
            key_transport: KeyTransport::RsaPkcs1.identifier(),
            encrypted_key: file("rsa2048-pkcs1.wrapped"),
        };
        Self { recipients: vec![recipient], cipher: CIPHER.identifier(&IV), ciphertext }
    }

    /// The same with another encryptedKey.
    pub(crate) fn with_key(mut self, encrypted_key: Vec<u8>) -> Self {
        self.recipients[0].encrypted_key = encrypted_key;
        self
    }

    /// What a server finds in it, padding included.
    pub(crate) fn opened(&self, server: &Server) -> Vec<u8> {
        let key = Secret::new(file("content.key"));
        let (cipher, iv) = ContentCipher::from_identifier(&self.cipher).unwrap();
        let mut blocks = self.ciphertext.clone();
        server.backend.provider.decrypt_blocks(cipher, &key, &iv, &mut blocks).unwrap();
        blocks
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                w.oid(&oid::ENVELOPED_DATA);
                w.nested(tag::constructed(0), |w| {
                    w.sequence(|w| {
                        w.unsigned(0);
                        w.nested(tag::SET, |w| {
                            self.recipients.iter().for_each(|recipient| recipient.write(w));
                        });
                        w.sequence(|w| {
                            w.oid(&oid::DATA);
                            self.cipher.write(w);
                            w.value(tag::primitive(0), &self.ciphertext);
                        });
                    });
                });
            });
        })
    }
}

impl Recipient {
    fn write(&self, w: &mut Writer) {
        w.sequence(|w| {
            w.unsigned(0);
            w.sequence(|w| {
                w.raw(&self.issuer);
                w.value(tag::INTEGER, &self.serial);
            });
            self.key_transport.write(w);
            w.value(tag::OCTET_STRING, &self.encrypted_key);
        });
    }
}
