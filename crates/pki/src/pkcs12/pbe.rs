//! Password-based encryption: PBES1 of PKCS #12 (RFC 7292 Appendix C) and PBES2 (RFC 8018 §6.2).

use core::num::NonZeroU32;

use zeroize::Zeroizing;

use super::kdf::{Budget, Purpose, derive};
use super::password::Password;
use crate::algorithm::pbkdf2::{Hmac, Pbkdf2};
use crate::algorithm::{AlgorithmIdentifier, ContentCipher, DigestAlgorithm};
use crate::asn1::{Reader, Writer, tag};
use crate::cms;
use crate::error::{Error, Unsupported};
use crate::oid;
use crate::provider::Provider;
use crate::secret::Secret;
use crate::tolerance::Tolerance;

/// How one part of a file is encrypted.
pub(super) enum Pbe {
    /// Triple DES with the derivation of PKCS #12 and SHA-1.
    Pkcs12 { keys: DesKeys, salt: Vec<u8>, iterations: NonZeroU32 },
    /// PBES2 with PBKDF2.
    Pbes2 { kdf: Pbkdf2, cipher: ContentCipher, iv: Vec<u8> },
}

/// How many keys Triple DES has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DesKeys {
    Three,
    /// The first is the third, too.
    Two,
}

impl Pbe {
    /// The parameters that a file names, with what they cost taken from the budget.
    pub(super) fn read(
        identifier: &AlgorithmIdentifier,
        budget: &mut Budget,
    ) -> Result<Self, Error> {
        const WHAT: &str = "the password-based encryption";
        let keys = match identifier.oid {
            oid::PBES2 => None,
            oid::PBE_SHA1_3DES => Some(DesKeys::Three),
            oid::PBE_SHA1_2DES => Some(DesKeys::Two),
            _ => return Err(identifier.unsupported(WHAT)),
        };
        let parameters = identifier.parameters.as_deref().unwrap_or_default();
        let mut parameters = Reader::new(parameters);
        let mut fields = parameters.sequence("the parameters of a password-based encryption")?;
        let Some(keys) = keys else {
            return Self::read_pbes2(fields, budget);
        };
        let salt = fields.expect(tag::OCTET_STRING, "a salt")?.value.to_vec();
        let iterations = budget.take(&fields.expect(tag::INTEGER, "iterations")?)?;
        fields.finish("the end of pkcs-12PbeParams")?;
        Ok(Self::Pkcs12 { keys, salt, iterations })
    }

    fn read_pbes2(mut fields: Reader<'_>, budget: &mut Budget) -> Result<Self, Error> {
        let kdf = Pbkdf2::read(&mut fields, |count| budget.take(count))?;
        let scheme = AlgorithmIdentifier::read(&mut fields, "encryptionScheme")?;
        fields.finish("the end of PBES2-params")?;
        let (cipher, iv) = ContentCipher::from_identifier(&scheme)?;
        Tolerance::default().check_cipher(cipher)?;
        match kdf.length {
            Some(length) if length != cipher.key_len() as u64 => {
                let what = "the key derivation function";
                Err(Unsupported::Parameters { what, oid: oid::PBKDF2 }.into())
            }
            _ => Ok(Self::Pbes2 { kdf, cipher, iv }),
        }
    }

    /// Triple DES with three keys and a new salt.
    pub(super) fn triple_des(
        iterations: NonZeroU32,
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        let mut salt = vec![0; 8];
        provider.random(&mut salt)?;
        Ok(Self::Pkcs12 { keys: DesKeys::Three, salt, iterations })
    }

    /// AES-256 with HMAC-SHA-256, and a new salt and initialisation vector.
    pub(super) fn aes256(iterations: NonZeroU32, provider: &dyn Provider) -> Result<Self, Error> {
        let cipher = ContentCipher::Aes256Cbc;
        let (mut salt, mut iv) = (vec![0; 16], vec![0; cipher.block_len()]);
        provider.random(&mut salt)?;
        provider.random(&mut iv)?;
        let kdf = Pbkdf2 { salt, iterations, prf: Hmac::SHA256, length: None };
        Ok(Self::Pbes2 { kdf, cipher, iv })
    }

    pub(super) fn write(&self, w: &mut Writer) {
        w.sequence(|w| match self {
            Self::Pkcs12 { keys, salt, iterations } => {
                w.oid(match keys {
                    DesKeys::Three => &oid::PBE_SHA1_3DES,
                    DesKeys::Two => &oid::PBE_SHA1_2DES,
                });
                w.sequence(|w| {
                    w.value(tag::OCTET_STRING, salt);
                    w.unsigned(u64::from(iterations.get()));
                });
            }
            Self::Pbes2 { kdf, cipher, iv } => {
                w.oid(&oid::PBES2);
                w.sequence(|w| {
                    kdf.write(w);
                    cipher.identifier(iv).write(w);
                });
            }
        });
    }

    /// Pads and encrypts.
    pub(super) fn encrypt(
        &self,
        plain: &[u8],
        password: &Password,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        let (cipher, key, iv) = self.keys(password, provider)?;
        // Room for the padding, so that no copy of the plaintext stays behind.
        let room = plain.len().saturating_add(cipher.block_len());
        let mut blocks = Zeroizing::new(Vec::with_capacity(room));
        blocks.extend_from_slice(plain);
        cms::pad(&mut blocks, cipher.block_len());
        provider.encrypt_blocks(cipher, &key, &iv, &mut blocks)?;
        Ok(core::mem::take(&mut *blocks))
    }

    /// Decrypts and removes the padding.
    pub(super) fn decrypt(
        &self,
        encrypted: &[u8],
        password: &Password,
        provider: &dyn Provider,
    ) -> Result<Secret, Error> {
        let (cipher, key, iv) = self.keys(password, provider)?;
        cms::decrypt(provider, cipher, &key, &iv, encrypted.to_vec())
    }

    fn keys(
        &self,
        password: &Password,
        provider: &dyn Provider,
    ) -> Result<(ContentCipher, Secret, Vec<u8>), Error> {
        match self {
            Self::Pbes2 { kdf, cipher, iv } => {
                let key = kdf.derive(provider, &password.utf8, cipher.key_len())?;
                Ok((*cipher, key, iv.clone()))
            }
            Self::Pkcs12 { keys, salt, iterations } => {
                let cipher = ContentCipher::DesEde3Cbc;
                let octets = |purpose, length| {
                    let sha1 = DigestAlgorithm::Sha1;
                    derive(provider, sha1, purpose, &password.bmp, salt, *iterations, length)
                };
                let key = match keys {
                    DesKeys::Three => octets(Purpose::Key, 24)?,
                    DesKeys::Two => {
                        let two = octets(Purpose::Key, 16)?;
                        Secret::new(two.expose().iter().copied().cycle().take(24).collect())
                    }
                };
                let iv = octets(Purpose::Iv, cipher.block_len())?;
                Ok((cipher, key, iv.expose().to_vec()))
            }
        }
    }
}
