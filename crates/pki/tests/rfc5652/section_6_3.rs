//! RFC 5652 §6.3, padding: whatever is wrong with it, the answer is the same.

use crate::support::enveloped::{Envelope, content_key};
use crate::support::{certificate_of, legacy, tlv};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::Error;
use devicecert_pki::algorithm::ContentCipher;
use devicecert_pki::error::Rejected;

const UNDECRYPTABLE: Error = Error::Rejected(Rejected::Undecryptable);

fn open_envelope(envelope: &Envelope, cipher: ContentCipher) -> Result<Vec<u8>, Error> {
    let locked = envelope.parse().lock(&certificate_of("rsa"), &RustCrypto, &legacy()).unwrap();
    locked.attach(Ok(content_key(cipher))).map(|content| content.expose().to_vec())
}

/// Envelopes whole blocks as they are, and opens the message.
fn open(template: &Envelope, cipher: ContentCipher, blocks: &[u8]) -> Result<Vec<u8>, Error> {
    let mut envelope = template.clone();
    envelope.content = Envelope::encrypted(cipher, blocks);
    open_envelope(&envelope, cipher)
}

const CIPHERS: [(ContentCipher, usize); 3] =
    [(ContentCipher::Aes128Cbc, 16), (ContentCipher::DesEde3Cbc, 8), (ContentCipher::DesCbc, 8)];

/// An octet that is no right padding, whatever the block.
const FILLER: u8 = 0xaa;

#[test]
fn right_padding_is_removed() {
    for (cipher, block) in CIPHERS {
        let template = Envelope::new(cipher, &[]);
        for padding in 1..=block {
            let mut blocks = vec![FILLER; 2 * block];
            blocks[2 * block - padding..].fill(padding as u8);
            let content = vec![FILLER; 2 * block - padding];
            assert_eq!(open(&template, cipher, &blocks), Ok(content), "{padding}");
        }
    }
}

#[test]
fn a_last_octet_that_announces_no_padding_is_wrong() {
    for (cipher, block) in CIPHERS {
        let template = Envelope::new(cipher, &[]);
        for last in (0..=255_u8).filter(|last| *last == 0 || usize::from(*last) > block) {
            for rest in [FILLER, last] {
                let mut blocks = vec![rest; 2 * block];
                blocks[2 * block - 1] = last;
                assert_eq!(open(&template, cipher, &blocks), Err(UNDECRYPTABLE), "{last}");
            }
        }
    }
}

#[test]
fn every_octet_of_the_padding_counts() {
    for (cipher, block) in CIPHERS {
        let template = Envelope::new(cipher, &[]);
        for padding in 2..=block {
            for wrong in 2..=padding {
                let mut blocks = vec![FILLER; block];
                blocks[block - padding..].fill(padding as u8);
                blocks[block - wrong] ^= 1;
                let opened = open(&template, cipher, &blocks);
                assert_eq!(opened, Err(UNDECRYPTABLE), "{padding}, {wrong} from the end");
            }
        }
    }
}

#[test]
fn padding_reaches_no_further_than_one_block() {
    // Two blocks of nothing but padding: 17 is not a length of padding, and 16 leaves a block.
    let cipher = ContentCipher::Aes128Cbc;
    let template = Envelope::new(cipher, &[]);
    assert_eq!(open(&template, cipher, &[17; 32]), Err(UNDECRYPTABLE));
    assert_eq!(open(&template, cipher, &[16; 32]), Ok(vec![16; 16]));
}

#[test]
fn a_ciphertext_that_is_no_whole_blocks_does_not_open() {
    for (cipher, block) in CIPHERS {
        let mut envelope = Envelope::new(cipher, &[]);
        for length in (0..3 * block).filter(|length| *length == 0 || length % block != 0) {
            envelope.content = tlv(0x80, &vec![0; length]);
            assert_eq!(open_envelope(&envelope, cipher), Err(UNDECRYPTABLE), "{length}");
        }
        envelope.content = Vec::new();
        assert_eq!(open_envelope(&envelope, cipher), Err(UNDECRYPTABLE), "absent");
    }
}
