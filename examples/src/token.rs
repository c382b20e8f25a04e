//! Private keys that never leave a token: an HSM, a smart card, or SoftHSM, by PKCS #11.

use std::fmt;
use std::sync::Mutex;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as ModuleError, RvError};
use cryptoki::mechanism::elliptic_curve::{EcKdf, Ecdh1DeriveParams};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsOaepParams, PkcsOaepSource};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use devicecert::pki::algorithm::{DigestAlgorithm, KeyTransport, SignatureAlgorithm};
use devicecert::pki::asn1::{Tlv, Writer, tag};
use devicecert::pki::error::KeyError;
use devicecert::pki::{
    Decryptor, Error as PkiError, KeyKind, Limits, Provider, PublicKey, Secret, Signer,
    ToBeDecrypted, ToBeSigned, oid,
};

mod uri;

pub use uri::{TokenUri, UriError};

use crate::files::FileError;
use crate::keys::Key;

/// A key pair in a token, and a session in which it may be used.
pub struct TokenKey {
    session: Mutex<Session>,
    private: ObjectHandle,
    public: PublicKey,
    uri: TokenUri,
    provider: &'static dyn Provider,
}

/// Why a key in a token cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The module, or the token behind it.
    #[error("the PKCS #11 module: {0}")]
    Module(#[from] ModuleError),
    /// The URI.
    #[error(transparent)]
    Uri(#[from] UriError),
    /// The file with the PIN.
    #[error(transparent)]
    Pin(#[from] FileError),
    /// No token has the label.
    #[error("no token is called {0:?}")]
    NoToken(String),
    /// The token has no private key with the label.
    #[error("the token has no private key called {0:?}")]
    NoKey(String),
    /// The token has several keys with the label.
    #[error("the token has several private keys called {0:?}")]
    Ambiguous(String),
    /// The key is of a kind that cannot be used here.
    #[error("the key in the token is neither RSA nor on P-256 or P-384")]
    Kind,
    /// The public half cannot be read.
    #[error(transparent)]
    Pki(#[from] PkiError),
}

impl TokenKey {
    /// Opens the key that `uri` names.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn open(uri: &TokenUri, provider: &'static dyn Provider) -> Result<Self, TokenError> {
        Self::find(session(uri)?, uri, provider)
    }

    /// Opens the key that `uri` names, or makes one of this kind in the token.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn open_or_make(
        uri: &TokenUri,
        kind: KeyKind,
        provider: &'static dyn Provider,
    ) -> Result<Self, TokenError> {
        let session = session(uri)?;
        let private = [Attribute::Class(ObjectClass::PRIVATE_KEY), label(uri)];
        if session.find_objects(&private)?.is_empty() {
            make(&session, uri, kind)?;
        }
        Self::find(session, uri, provider)
    }

    fn find(
        session: Session,
        uri: &TokenUri,
        provider: &'static dyn Provider,
    ) -> Result<Self, TokenError> {
        let one = |class| {
            let found = session.find_objects(&[Attribute::Class(class), label(uri)])?;
            match found.as_slice() {
                [] => Err(TokenError::NoKey(uri.object().to_owned())),
                [one] => Ok(*one),
                _ => Err(TokenError::Ambiguous(uri.object().to_owned())),
            }
        };
        let private = one(ObjectClass::PRIVATE_KEY)?;
        let public = public_key(&session, one(ObjectClass::PUBLIC_KEY)?)?;
        let uri = uri.clone();
        Ok(Self { session: Mutex::new(session), private, public, uri, provider })
    }

    /// One operation at a time: a session keeps the state of the operation under way.
    fn with<T>(
        &self,
        work: impl FnOnce(&Session) -> Result<T, ModuleError>,
    ) -> Result<T, KeyError> {
        let session = self.session.lock().map_err(|_| KeyError::Failed)?;
        // What a token says of a failure may tell why a padding was wrong.
        work(&session).map_err(|_| KeyError::Failed)
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey").field("kind", &self.public.kind()).finish_non_exhaustive()
    }
}

impl Signer for TokenKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, ask: &ToBeSigned) -> Result<Vec<u8>, KeyError> {
        if ask.key != self.public {
            return Err(KeyError::Unusable("the signature is wanted from another key"));
        }
        match ask.algorithm {
            SignatureAlgorithm::RsaPkcs1(digest) => {
                let mechanism = match digest {
                    DigestAlgorithm::Sha1 => Mechanism::Sha1RsaPkcs,
                    DigestAlgorithm::Sha256 => Mechanism::Sha256RsaPkcs,
                    DigestAlgorithm::Sha384 => Mechanism::Sha384RsaPkcs,
                    DigestAlgorithm::Sha512 => Mechanism::Sha512RsaPkcs,
                    other => return Err(KeyError::Algorithm(other.name())),
                };
                self.with(|session| session.sign(&mechanism, self.private, &ask.message))
            }
            SignatureAlgorithm::Ecdsa(digest) => {
                // Tokens know ECDSA over a digest; few of them make the digest, too.
                let hashed = self.provider.digest(digest, &ask.message);
                let hashed = hashed.map_err(|_| KeyError::Algorithm(digest.name()))?;
                let plain =
                    self.with(|session| session.sign(&Mechanism::Ecdsa, self.private, &hashed))?;
                // r and s one behind the other; a certificate holds a SEQUENCE of the two.
                let (r, s) = plain.split_at_checked(plain.len() / 2).ok_or(KeyError::Failed)?;
                Ok(Writer::build(|w| {
                    w.sequence(|w| {
                        w.unsigned_octets(r);
                        w.unsigned_octets(s);
                    });
                }))
            }
            other => Err(KeyError::Algorithm(other.name())),
        }
    }
}

impl Decryptor for TokenKey {
    fn decrypt(&self, ask: &ToBeDecrypted) -> Result<Secret, KeyError> {
        match ask {
            ToBeDecrypted::KeyTransport(wanted) => {
                let mechanism = key_transport(wanted.transport)?;
                let key = self.with(|session| {
                    session.decrypt(&mechanism, self.private, &wanted.encrypted_key)
                });
                key.map(Secret::new)
            }
            ToBeDecrypted::KeyAgreement(wanted) => self.with(|session| {
                let point = wanted.public_key.key_bits();
                let params = Ecdh1DeriveParams::new(EcKdf::null(), point);
                agree(session, self.private, params, coordinate(&self.public))
            }),
            _ => Err(KeyError::Algorithm("this kind of decryption")),
        }
    }
}

impl Key for TokenKey {
    fn to_file(&self) -> Result<Secret, KeyError> {
        Ok(Secret::from(format!("{}\n", self.uri.as_str()).as_str()))
    }
}

/// A session with the token, logged in.
fn session(uri: &TokenUri) -> Result<Session, TokenError> {
    let module = Pkcs11::new(uri.module())?;
    let arguments = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
    unless(RvError::CryptokiAlreadyInitialized, module.initialize(arguments))?;
    for slot in module.get_slots_with_initialized_token()? {
        if module.get_token_info(slot)?.label() == uri.token() {
            let session = module.open_rw_session(slot)?;
            let login = session.login(UserType::User, uri.pin()?.as_ref());
            unless(RvError::UserAlreadyLoggedIn, login)?;
            return Ok(session);
        }
    }
    Err(TokenError::NoToken(uri.token().to_owned()))
}

/// A process may use several keys: the module and the login are shared by all of them.
fn unless(known: RvError, outcome: Result<(), ModuleError>) -> Result<(), ModuleError> {
    match outcome {
        Err(ModuleError::Pkcs11(error, _)) if error == known => Ok(()),
        outcome => outcome,
    }
}

fn label(uri: &TokenUri) -> Attribute {
    Attribute::Label(uri.object().as_bytes().to_vec())
}

/// Makes a key pair that the token does not hand out.
fn make(session: &Session, uri: &TokenUri, kind: KeyKind) -> Result<(), TokenError> {
    let mut public = vec![Attribute::Token(true), Attribute::Private(false), label(uri)];
    let mut private = vec![
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        label(uri),
    ];
    let curve = |curve| Attribute::EcParams(Writer::build(|w| w.oid(&curve)));
    let mechanism = match kind {
        KeyKind::Rsa { bits } => {
            let bits = u64::try_from(bits).map_err(|_| TokenError::Kind)?;
            public.push(Attribute::ModulusBits(bits.into()));
            public.push(Attribute::PublicExponent(vec![1, 0, 1]));
            private.push(Attribute::Decrypt(true));
            Mechanism::RsaPkcsKeyPairGen
        }
        KeyKind::P256 => {
            public.push(curve(oid::SECP256R1));
            private.push(Attribute::Derive(true));
            Mechanism::EccKeyPairGen
        }
        KeyKind::P384 => {
            public.push(curve(oid::SECP384R1));
            private.push(Attribute::Derive(true));
            Mechanism::EccKeyPairGen
        }
        _ => return Err(TokenError::Kind),
    };
    session.generate_key_pair(&mechanism, &public, &private)?;
    Ok(())
}

/// The public half as a SubjectPublicKeyInfo.
fn public_key(session: &Session, object: ObjectHandle) -> Result<PublicKey, TokenError> {
    let wanted = [
        AttributeType::KeyType,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
        AttributeType::EcParams,
        AttributeType::EcPoint,
    ];
    let (mut modulus, mut exponent, mut curve, mut point, mut kind) =
        (None, None, None, None, None);
    for attribute in session.get_attributes(object, &wanted)? {
        match attribute {
            Attribute::KeyType(value) => kind = Some(value),
            Attribute::Modulus(value) => modulus = Some(value),
            Attribute::PublicExponent(value) => exponent = Some(value),
            Attribute::EcParams(value) => curve = Some(value),
            Attribute::EcPoint(value) => point = Some(value),
            _ => {}
        }
    }
    let info = match (kind, modulus, exponent, curve, point) {
        (Some(KeyType::RSA), Some(modulus), Some(exponent), _, _) => Writer::build(|w| {
            w.sequence(|w| {
                w.sequence(|w| {
                    w.oid(&oid::RSA_ENCRYPTION);
                    w.null();
                });
                w.bit_string(&Writer::build(|w| {
                    w.sequence(|w| {
                        w.unsigned_octets(&modulus);
                        w.unsigned_octets(&exponent);
                    });
                }));
            });
        }),
        (Some(KeyType::EC), _, _, Some(curve), Some(point)) => {
            // An OCTET STRING around the point, which some tokens leave out.
            let bare = Tlv::parse(&point, "CKA_EC_POINT")
                .ok()
                .filter(|one| one.tag == tag::OCTET_STRING)
                .map_or(point.as_slice(), |one| one.value);
            Writer::build(|w| {
                w.sequence(|w| {
                    w.sequence(|w| {
                        w.oid(&oid::EC_PUBLIC_KEY);
                        w.raw(&curve);
                    });
                    w.bit_string(bare);
                });
            })
        }
        _ => return Err(TokenError::Kind),
    };
    Ok(PublicKey::parse(&info, &Limits::default())?)
}

fn key_transport(transport: KeyTransport) -> Result<Mechanism<'static>, KeyError> {
    let KeyTransport::RsaOaep { digest, mgf1 } = transport else {
        return Ok(Mechanism::RsaPkcs);
    };
    let hash = match digest {
        DigestAlgorithm::Sha1 => MechanismType::SHA1,
        DigestAlgorithm::Sha256 => MechanismType::SHA256,
        DigestAlgorithm::Sha384 => MechanismType::SHA384,
        DigestAlgorithm::Sha512 => MechanismType::SHA512,
        other => return Err(KeyError::Algorithm(other.name())),
    };
    let mask = match mgf1 {
        DigestAlgorithm::Sha1 => PkcsMgfType::MGF1_SHA1,
        DigestAlgorithm::Sha256 => PkcsMgfType::MGF1_SHA256,
        DigestAlgorithm::Sha384 => PkcsMgfType::MGF1_SHA384,
        DigestAlgorithm::Sha512 => PkcsMgfType::MGF1_SHA512,
        other => return Err(KeyError::Algorithm(other.name())),
    };
    Ok(Mechanism::RsaPkcsOaep(PkcsOaepParams::new(hash, mask, PkcsOaepSource::empty())))
}

/// Octets of the x-coordinate that a key agreement gives.
fn coordinate(key: &PublicKey) -> u64 {
    match key.kind() {
        KeyKind::P384 => 48,
        _ => 32,
    }
}

/// ECDH without a derivation, handed out as a secret of the session that ends with it.
fn agree(
    session: &Session,
    private: ObjectHandle,
    params: Ecdh1DeriveParams<'_>,
    length: u64,
) -> Result<Secret, ModuleError> {
    let secret = session.derive_key(
        &Mechanism::Ecdh1Derive(params),
        private,
        &[
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::GENERIC_SECRET),
            Attribute::Token(false),
            Attribute::Sensitive(false),
            Attribute::Extractable(true),
            Attribute::ValueLen(length.into()),
        ],
    )?;
    let value = session.get_attributes(secret, &[AttributeType::Value])?;
    session.destroy_object(secret)?;
    match value.into_iter().next() {
        Some(Attribute::Value(octets)) => Ok(Secret::new(octets)),
        _ => Err(ModuleError::InvalidValue),
    }
}
