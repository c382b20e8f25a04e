//! EnvelopedData (RFC 5652 §6) piece by piece.

use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, KeyTransport};
use devicecert_pki::asn1::tag;
use devicecert_pki::cms::EnvelopedData;
use devicecert_pki::{Provider, Secret, Signer, oid};

use super::signed::issuer_and_serial;
use super::{NULL, algorithm, limits, oid_value, rsa, sequence, testdata, tlv};

pub(crate) const VERSION_0: &[u8] = &[2, 1, 0];
pub(crate) const IV: [u8; 16] = [7; 16];

/// A message that is right as [`Envelope::new`] makes it. Every field is an encoding.
#[derive(Clone)]
pub(crate) struct Envelope {
    pub(crate) version: Vec<u8>,
    pub(crate) originator_info: Vec<u8>,
    pub(crate) recipients: Vec<Vec<u8>>,
    pub(crate) cipher: Vec<u8>,
    /// With its tag, or nothing.
    pub(crate) content: Vec<u8>,
    pub(crate) unprotected_attributes: Vec<u8>,
}

impl Envelope {
    /// For [`rsa`], with these blocks, already padded, under a content key of the cipher.
    pub(crate) fn new(cipher: ContentCipher, blocks: &[u8]) -> Self {
        let iv = &IV[..cipher.block_len()];
        Self {
            version: VERSION_0.to_vec(),
            originator_info: Vec::new(),
            recipients: vec![recipient(&issuer_and_serial(&testdata("rfc5652/rsa.crt")), cipher)],
            cipher: algorithm(cipher.oid(), &tlv(tag::OCTET_STRING, iv)),
            content: Self::encrypted(cipher, blocks),
            unprotected_attributes: Vec::new(),
        }
    }

    pub(crate) fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut envelope = Self::new(ContentCipher::Aes128Cbc, BLOCK);
        change(&mut envelope);
        envelope
    }

    /// encryptedContent of these blocks, already padded.
    pub(crate) fn encrypted(cipher: ContentCipher, blocks: &[u8]) -> Vec<u8> {
        let iv = &IV[..cipher.block_len()];
        let mut ciphertext = blocks.to_vec();
        RustCrypto.encrypt_blocks(cipher, &content_key(cipher), iv, &mut ciphertext).unwrap();
        tlv(0x80, &ciphertext)
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let enveloped_data = sequence(&[
            &self.version,
            &self.originator_info,
            &tlv(tag::SET, &self.recipients.concat()),
            &sequence(&[&oid_value(oid::DATA), &self.cipher, &self.content]),
            &self.unprotected_attributes,
        ]);
        sequence(&[&oid_value(oid::ENVELOPED_DATA), &tlv(0xa0, &enveloped_data)])
    }

    pub(crate) fn parse(&self) -> EnvelopedData {
        EnvelopedData::parse(&self.to_der(), &limits()).unwrap()
    }
}

/// One block: [`CONTENT`] and three octets of padding.
pub(crate) const BLOCK: &[u8; 16] = b"hello, world!\x03\x03\x03";
pub(crate) const CONTENT: &[u8] = b"hello, world!";

/// The content key of every [`Envelope`].
pub(crate) fn content_key(cipher: ContentCipher) -> Secret {
    Secret::new((1..).take(cipher.key_len()).collect())
}

/// A KeyTransRecipientInfo with this rid whose content key [`rsa`] unwraps.
pub(crate) fn recipient(rid: &[u8], cipher: ContentCipher) -> Vec<u8> {
    let key = rsa().public_key();
    let wrapped = RustCrypto.wrap_key(key, KeyTransport::RsaPkcs1, &content_key(cipher)).unwrap();
    let transport = algorithm(oid::RSA_ENCRYPTION, NULL);
    sequence(&[VERSION_0, rid, &transport, &tlv(tag::OCTET_STRING, &wrapped)])
}
