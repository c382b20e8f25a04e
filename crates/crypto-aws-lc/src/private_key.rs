//! A private key in memory.

use core::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{
    KeyPair as RsaKeyPair, KeySize, OaepPrivateDecryptingKey, Pkcs1PrivateDecryptingKey,
    PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _,
};
use devicecert_pki::algorithm::{DigestAlgorithm, KeyTransport, SignatureAlgorithm};
use devicecert_pki::error::KeyError;
use devicecert_pki::{
    Decryptor, KeyKind, Limits, PublicKey, Secret, Signer, ToBeDecrypted, ToBeSigned, from_pem,
    to_pem,
};

use crate::{agreement, digest, ec, rsa};

/// A private key in memory: RSA with 2048 to 8192 bits, or EC on P-256 or P-384.
///
/// It signs and opens envelopes: RSA by key transport, EC by key agreement. It is parsed once, wiped
/// when dropped and never printed.
pub struct PrivateKey {
    public: PublicKey,
    key: Key,
}

enum Key {
    Rsa(Box<RsaKey>),
    Ec(Box<EcKey>),
}

/// One EC key in the two shapes that its uses ask for.
struct EcKey {
    signing: EcdsaKeyPair,
    agreeing: aws_lc_rs::agreement::PrivateKey,
}

/// One RSA key in the three shapes that its uses ask for.
struct RsaKey {
    signing: RsaKeyPair,
    pkcs1: Pkcs1PrivateDecryptingKey,
    oaep: OaepPrivateDecryptingKey,
}

impl PrivateKey {
    /// Makes a new key with random bytes from AWS-LC.
    ///
    /// RSA keys may have 2048, 3072 or 4096 bits; their exponent is 65537.
    ///
    /// # Errors
    /// [`KeyError::Unusable`] for other kinds, [`KeyError::Failed`] if it cannot be made.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        let size = match kind {
            KeyKind::Rsa { bits: 2048 } => KeySize::Rsa2048,
            KeyKind::Rsa { bits: 3072 } => KeySize::Rsa3072,
            KeyKind::Rsa { bits: 4096 } => KeySize::Rsa4096,
            KeyKind::Rsa { .. } => {
                return Err(KeyError::Unusable("a new RSA key must have 2048, 3072 or 4096 bits"));
            }
            KeyKind::P256 => {
                let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING);
                return Self::from_ec(key.map_err(|_| KeyError::Failed)?);
            }
            KeyKind::P384 => {
                let key = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING);
                return Self::from_ec(key.map_err(|_| KeyError::Failed)?);
            }
            _ => return Err(KeyError::Unusable("a new key must be RSA, P-256 or P-384")),
        };
        Self::from_rsa(RsaKeyPair::generate(size).map_err(|_| KeyError::Failed)?)
    }

    /// Reads a PKCS #8 PrivateKeyInfo (RFC 5208 §5).
    ///
    /// # Errors
    /// [`KeyError::Encoding`] if it is none, or of another kind of key; [`KeyError::Unusable`] for
    /// an RSA key of another size.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        match RsaKeyPair::from_pkcs8(der) {
            Ok(key) => return Self::from_rsa(key),
            Err(refused) if is_size(&refused) => return Err(SIZE),
            Err(_) => {}
        }
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der)
            .or_else(|_| EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, der))
            .map_err(|_| KeyError::Encoding)
            .and_then(Self::from_ec)
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
            return RsaKeyPair::from_der(der.expose())
                .map_err(|refused| if is_size(&refused) { SIZE } else { KeyError::Encoding })
                .and_then(Self::from_rsa);
        }
        let der = armoured("EC PRIVATE KEY", text).ok_or(KeyError::Encoding)?;
        let der = der.expose();
        EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_ASN1_SIGNING, der)
            .or_else(|_| EcdsaKeyPair::from_private_key_der(&ECDSA_P384_SHA384_ASN1_SIGNING, der))
            .map_err(|_| KeyError::Encoding)
            .and_then(Self::from_ec)
    }

    /// Writes a PKCS #8 PrivateKeyInfo (RFC 5208 §5), not encrypted.
    ///
    /// # Errors
    /// [`KeyError::Failed`] if it cannot be encoded.
    pub fn to_pkcs8_der(&self) -> Result<Secret, KeyError> {
        match &self.key {
            Key::Rsa(key) => pkcs8(&key.signing),
            Key::Ec(key) => key
                .signing
                .to_pkcs8v1()
                .map(|der| Secret::new(der.as_ref().to_vec()))
                .map_err(|_| KeyError::Failed),
        }
    }

    /// Writes [`to_pkcs8_der`](Self::to_pkcs8_der) in PEM armour labelled "PRIVATE KEY".
    ///
    /// # Errors
    /// As [`to_pkcs8_der`](Self::to_pkcs8_der).
    pub fn to_pkcs8_pem(&self) -> Result<Secret, KeyError> {
        Ok(Secret::from(to_pem("PRIVATE KEY", self.to_pkcs8_der()?.expose())))
    }

    fn from_rsa(signing: RsaKeyPair) -> Result<Self, KeyError> {
        let public = public_key(signing.public_key())?;
        let decrypting = PrivateDecryptingKey::from_pkcs8(pkcs8(&signing)?.expose())
            .map_err(|_| KeyError::Encoding)?;
        let pkcs1 = Pkcs1PrivateDecryptingKey::new(decrypting.clone());
        let oaep = OaepPrivateDecryptingKey::new(decrypting);
        let key = RsaKey {
            signing,
            pkcs1: pkcs1.map_err(|_| KeyError::Encoding)?,
            oaep: oaep.map_err(|_| KeyError::Encoding)?,
        };
        Ok(Self { public, key: Key::Rsa(Box::new(key)) })
    }

    fn from_ec(signing: EcdsaKeyPair) -> Result<Self, KeyError> {
        let public = public_key(signing.public_key())?;
        let agreeing = agreement::of_signer(&signing, public.kind())?;
        Ok(Self { public, key: Key::Ec(Box::new(EcKey { signing, agreeing })) })
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
        match (&self.key, ask.algorithm) {
            (Key::Rsa(key), SignatureAlgorithm::RsaPkcs1(digest)) => {
                rsa::sign_pkcs1(&key.signing, digest, &ask.message)
            }
            (Key::Ec(_), SignatureAlgorithm::Ecdsa(DigestAlgorithm::Md5)) => {
                Err(KeyError::Algorithm("signatures with MD5"))
            }
            (Key::Ec(key), SignatureAlgorithm::Ecdsa(digest)) => {
                let hashed = digest::digest(digest, &ask.message)
                    .map_err(|_| KeyError::Algorithm(digest.name()))?;
                ec::sign(&key.signing, self.public.kind(), hashed.as_ref())
            }
            _ => Err(KeyError::Algorithm(ask.algorithm.name())),
        }
    }
}

impl Decryptor for PrivateKey {
    fn decrypt(&self, ask: &ToBeDecrypted) -> Result<Secret, KeyError> {
        match (&self.key, ask) {
            (Key::Rsa(key), ToBeDecrypted::KeyTransport(wanted)) => match wanted.transport {
                KeyTransport::RsaPkcs1 => rsa::unwrap_pkcs1(&key.pkcs1, &wanted.encrypted_key),
                KeyTransport::RsaOaep { digest, mgf1 } => {
                    rsa::unwrap_oaep(&key.oaep, digest, mgf1, &wanted.encrypted_key)
                }
                other => Err(KeyError::Algorithm(other.name())),
            },
            (Key::Ec(key), ToBeDecrypted::KeyAgreement(wanted)) => {
                agreement::agree_with(&key.agreeing, &wanted.public_key)
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

const SIZE: KeyError = KeyError::Unusable("an RSA private key must have 2048 to 8192 bits here");

fn is_size(refused: &aws_lc_rs::error::KeyRejected) -> bool {
    matches!(refused.description_(), "TooSmall" | "TooLarge")
}

fn armoured(label: &'static str, text: &str) -> Option<Secret> {
    from_pem(label, text).ok()?.into_iter().next().map(Secret::new)
}

fn pkcs8(key: &RsaKeyPair) -> Result<Secret, KeyError> {
    let der: Pkcs8V1Der<'_> = key.as_der().map_err(|_| KeyError::Failed)?;
    Ok(Secret::new(der.as_ref().to_vec()))
}

fn public_key(key: &impl AsDer<PublicKeyX509Der<'static>>) -> Result<PublicKey, KeyError> {
    let der = key.as_der().map_err(|_| KeyError::Encoding)?;
    PublicKey::parse(der.as_ref(), &Limits::default()).map_err(|_| KeyError::Encoding)
}
