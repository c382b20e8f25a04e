//! A private key in memory.

use core::fmt;

use ::rsa::RsaPrivateKey;
use ::rsa::pkcs1::DecodeRsaPrivateKey;
use ::rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use ::rsa::rand_core::UnwrapErr;
use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::error::KeyError;
use devicecert_pki::{
    Decryptor, KeyKind, Limits, PublicKey, Secret, Signer, ToBeDecrypted, ToBeSigned, from_pem,
    to_pem,
};
use p256::elliptic_curve::Generate;

use crate::{agreement, digest, ec, rsa};

/// A private key in memory: RSA with 1024 to 8192 bits, or EC on P-256 or P-384.
///
/// It signs and opens envelopes: RSA by key transport, EC by key agreement. It is wiped when dropped
/// and never printed.
pub struct PrivateKey {
    public: PublicKey,
    key: Key,
}

enum Key {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl PrivateKey {
    /// Makes a new key with random bytes from the operating system.
    ///
    /// RSA keys may have 2048, 3072 or 4096 bits; their exponent is 65537.
    ///
    /// # Errors
    /// [`KeyError::Unusable`] for other kinds, [`KeyError::Random`] without random bytes.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        match kind {
            KeyKind::Rsa { bits: bits @ (2048 | 3072 | 4096) } => {
                // The generator of primes cannot be told that there is no randomness, so this
                // asks once before it starts.
                getrandom::fill(&mut [0; 32]).map_err(|_| KeyError::Random)?;
                let key = RsaPrivateKey::new(&mut UnwrapErr(getrandom::SysRng), bits)
                    .map_err(|_| KeyError::Failed)?;
                Self::from_rsa(key)
            }
            KeyKind::Rsa { .. } => {
                Err(KeyError::Unusable("a new RSA key must have 2048, 3072 or 4096 bits"))
            }
            KeyKind::P256 => {
                let key = Generate::try_generate_from_rng(&mut getrandom::SysRng);
                Self::from_p256(key.map_err(|_| KeyError::Random)?)
            }
            KeyKind::P384 => {
                let key = Generate::try_generate_from_rng(&mut getrandom::SysRng);
                Self::from_p384(key.map_err(|_| KeyError::Random)?)
            }
            _ => Err(KeyError::Unusable("a new key must be RSA, P-256 or P-384")),
        }
    }

    /// Reads a PKCS #8 PrivateKeyInfo (RFC 5208 §5) or OneAsymmetricKey (RFC 5958 §2).
    ///
    /// # Errors
    /// [`KeyError::Encoding`] if it is none, or of another kind of key; [`KeyError::Unusable`] for
    /// an RSA key of another size.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        if let Ok(key) = RsaPrivateKey::from_pkcs8_der(der) {
            return Self::from_rsa(key);
        }
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_der(der) {
            return Self::from_p256(key);
        }
        p384::ecdsa::SigningKey::from_pkcs8_der(der)
            .map_err(|_| KeyError::Encoding)
            .and_then(Self::from_p384)
    }

    /// Reads the first private key of a PEM file, whatever stands around it: "PRIVATE KEY"
    /// (PKCS #8), "RSA PRIVATE KEY" (PKCS #1, RFC 8017 A.1.2) or "EC PRIVATE KEY" (RFC 5915).
    ///
    /// # Errors
    /// As [`from_pkcs8_der`](Self::from_pkcs8_der). Encrypted keys are not read.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        if let Some(der) = armoured("PRIVATE KEY", text) {
            return Self::from_pkcs8_der(der.expose());
        }
        if let Some(der) = armoured("RSA PRIVATE KEY", text) {
            return RsaPrivateKey::from_pkcs1_der(der.expose())
                .map_err(|_| KeyError::Encoding)
                .and_then(Self::from_rsa);
        }
        let der = armoured("EC PRIVATE KEY", text).ok_or(KeyError::Encoding)?;
        if let Ok(key) = p256::SecretKey::from_sec1_der(der.expose()) {
            return Self::from_p256(key.into());
        }
        p384::SecretKey::from_sec1_der(der.expose())
            .map_err(|_| KeyError::Encoding)
            .and_then(|key| Self::from_p384(key.into()))
    }

    /// Writes a PKCS #8 PrivateKeyInfo (RFC 5208 §5), not encrypted.
    ///
    /// # Errors
    /// [`KeyError::Failed`] if it cannot be encoded.
    pub fn to_pkcs8_der(&self) -> Result<Secret, KeyError> {
        match &self.key {
            Key::Rsa(key) => key.to_pkcs8_der(),
            Key::P256(key) => key.to_pkcs8_der(),
            Key::P384(key) => key.to_pkcs8_der(),
        }
        .map(|der| Secret::new(der.as_bytes().to_vec()))
        .map_err(|_| KeyError::Failed)
    }

    /// Writes [`to_pkcs8_der`](Self::to_pkcs8_der) in PEM armour labelled "PRIVATE KEY".
    ///
    /// # Errors
    /// As [`to_pkcs8_der`](Self::to_pkcs8_der).
    pub fn to_pkcs8_pem(&self) -> Result<Secret, KeyError> {
        Ok(Secret::from(to_pem("PRIVATE KEY", self.to_pkcs8_der()?.expose())))
    }

    fn from_rsa(key: RsaPrivateKey) -> Result<Self, KeyError> {
        if !rsa::has_usable_size(&key) {
            return Err(KeyError::Unusable("an RSA private key must have 1024 to 8192 bits"));
        }
        let public = public_key(key.as_public_key())?;
        Ok(Self { public, key: Key::Rsa(Box::new(key)) })
    }

    fn from_p256(key: p256::ecdsa::SigningKey) -> Result<Self, KeyError> {
        Ok(Self { public: public_key(key.verifying_key())?, key: Key::P256(key) })
    }

    fn from_p384(key: p384::ecdsa::SigningKey) -> Result<Self, KeyError> {
        Ok(Self { public: public_key(key.verifying_key())?, key: Key::P384(key) })
    }
}

impl Signer for PrivateKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, ask: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        if ask.key.key_bits() != self.public.key_bits() {
            return Err(KeyError::Unusable("the signature is wanted from another key"));
        }
        let digest = ask.algorithm.digest();
        // Whoever finds an MD5 collision could move the signature to another message.
        if digest == DigestAlgorithm::Md5 {
            return Err(KeyError::Algorithm("signatures with MD5"));
        }
        let hashed =
            digest::digest(digest, &ask.message).map_err(|_| KeyError::Algorithm(digest.name()))?;
        match (&self.key, ask.algorithm) {
            (Key::Rsa(key), SignatureAlgorithm::RsaPkcs1(_)) => {
                rsa::sign_pkcs1(key, digest, &hashed)
            }
            (Key::P256(key), SignatureAlgorithm::Ecdsa(_)) => ec::sign_p256(key, &hashed),
            (Key::P384(key), SignatureAlgorithm::Ecdsa(_)) => ec::sign_p384(key, &hashed),
            _ => Err(KeyError::Algorithm(ask.algorithm.name())),
        }
    }
}

impl Decryptor for PrivateKey {
    fn decrypt(&self, ask: &ToBeDecrypted) -> Result<Secret, KeyError> {
        match (&self.key, ask) {
            (Key::Rsa(key), ToBeDecrypted::KeyTransport(wanted)) => {
                rsa::unwrap(key, wanted.transport, &wanted.encrypted_key)
            }
            (Key::P256(key), ToBeDecrypted::KeyAgreement(wanted)) => {
                agreement::agree_p256(key, &wanted.public_key)
            }
            (Key::P384(key), ToBeDecrypted::KeyAgreement(wanted)) => {
                agreement::agree_p384(key, &wanted.public_key)
            }
            (_, ToBeDecrypted::KeyTransport(_)) => {
                Err(KeyError::Unusable("only an RSA key opens what was enveloped to one"))
            }
            (_, ToBeDecrypted::KeyAgreement(_)) => {
                Err(KeyError::Unusable("only an EC key opens what was enveloped to one"))
            }
            (_, ToBeDecrypted::Password(_)) => {
                Err(KeyError::Unusable("only a password opens what was enveloped to one"))
            }
            (_, _) => Err(KeyError::Algorithm("this kind of decryption")),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("kind", &self.public.kind()).finish_non_exhaustive()
    }
}

fn armoured(label: &'static str, text: &str) -> Option<Secret> {
    from_pem(label, text).ok()?.into_iter().next().map(Secret::new)
}

fn public_key(key: &impl EncodePublicKey) -> Result<PublicKey, KeyError> {
    let der = key.to_public_key_der().map_err(|_| KeyError::Encoding)?;
    PublicKey::parse(der.as_bytes(), &Limits::default()).map_err(|_| KeyError::Encoding)
}
