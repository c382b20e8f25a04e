//! Reading a file (RFC 7292 §4, §5.2).

use std::borrow::Cow;

use super::bag::{Bags, CertificateBag, Key, KeyBag};
use super::kdf::Budget;
use super::key::PublicHalf;
use super::mac::Mac;
use super::password::Password;
use super::pbe::Pbe;
use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Reader, Tlv, tag};
use crate::ber;
use crate::certificate::Certificate;
use crate::error::{Error, Found, Rejected, Unsupported};
use crate::limits::Limits;
use crate::oid;
use crate::provider::Provider;
use crate::secret::Secret;

/// What a PKCS #12 file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pkcs12 {
    key: Option<Secret>,
    certificates: Vec<Certificate>,
    leaf: Option<usize>,
    friendly_name: Option<String>,
    authenticated: bool,
}

impl Pkcs12 {
    /// Reads a file, in DER or BER, with its password.
    ///
    /// The message authentication code is checked before anything is decrypted. An empty password
    /// stands for "none" as well, which the derivation of PKCS #12 spells another way.
    ///
    /// ```
    /// use devicecert_crypto_rust::RustCrypto;
    /// use devicecert_pki::error::Rejected;
    /// use devicecert_pki::pkcs12::Pkcs12;
    /// use devicecert_pki::{Error, Limits, Secret};
    ///
    /// fn import(file: &[u8], password: &Secret) -> Result<Pkcs12, &'static str> {
    ///     let mut limits = Limits::default();
    ///     limits.kdf_iterations = 100_000; // strangers upload these
    ///     Pkcs12::open(file, password, &RustCrypto, &limits).map_err(|error| match error {
    ///         Error::Rejected(Rejected::Password) => "wrong password",
    ///         Error::Unsupported(_) => "export it again with AES or Triple DES",
    ///         _ => "no PKCS #12 file, or a damaged one",
    ///     })
    /// }
    /// assert_eq!(import(b"", &Secret::from("x")), Err("no PKCS #12 file, or a damaged one"));
    /// ```
    ///
    /// # Errors
    /// * [`Rejected::Password`] for another password or a changed file;
    /// * [`Malformed`](crate::error::Malformed) and [`Rejected::Undecryptable`] for a damaged file
    ///   (offsets inside an encrypted part count from its start);
    /// * [`Unsupported`] for algorithms that are not read, with their object identifiers: RC2 and
    ///   RC4 in files of OpenSSL's `-legacy` and of Java 8 among them;
    /// * [`LimitExceeded`](crate::error::LimitExceeded) for sizes, certificates or iterations;
    /// * [`Rejected::KeyCount`] for several private keys;
    /// * [`Misuse`](crate::error::Misuse) for a password that is no UTF-8.
    pub fn open(
        input: &[u8],
        password: &Secret,
        provider: &dyn Provider,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let der = ber::normalise(input, limits)?;
        let mut budget = Budget::new(limits);
        for password in &Password::spellings(password)? {
            match Pfx::parse(&der, &mut budget)?.open(password, provider, limits, &mut budget) {
                Err(Error::Rejected(Rejected::Password)) => {}
                outcome => return outcome,
            }
        }
        Err(Rejected::Password.into())
    }

    /// The private key: a PKCS #8 PrivateKeyInfo. `None` in a file of certificates alone.
    #[must_use]
    pub const fn key(&self) -> Option<&Secret> {
        self.key.as_ref()
    }

    /// All certificates, in the order in which they came.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The certificate of the private key, wherever it stands: the one with its public half, or,
    /// where the key does not tell what that is, with its localKeyId. A localKeyId that
    /// contradicts the key counts for nothing.
    #[must_use]
    pub fn leaf(&self) -> Option<&Certificate> {
        self.certificates.get(self.leaf?)
    }

    /// All certificates but [`leaf`](Self::leaf), in the order in which they came.
    pub fn others(&self) -> impl Iterator<Item = &Certificate> {
        let leaf = self.leaf;
        self.certificates
            .iter()
            .enumerate()
            .filter_map(move |(at, certificate)| (Some(at) != leaf).then_some(certificate))
    }

    /// What people call the identity: the friendlyName of the private key or, failing that, of its
    /// certificate.
    #[must_use]
    pub fn friendly_name(&self) -> Option<&str> {
        self.friendly_name.as_deref()
    }

    /// Whether a message authentication code covers the file. Without one, certificates that are
    /// not encrypted may have been put there by anybody.
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        self.authenticated
    }
}

/// PFX (RFC 7292 §4), not yet opened.
struct Pfx<'a> {
    /// The content octets of authSafe, which the MAC covers.
    content: &'a [u8],
    mac: Option<Mac>,
}

impl<'a> Pfx<'a> {
    fn parse(der: &'a [u8], budget: &mut Budget) -> Result<Self, Error> {
        let outer = Tlv::parse(der, "PFX")?;
        if outer.tag != tag::SEQUENCE {
            return Err(outer.unexpected("PFX", Found::Tag(outer.tag)));
        }
        let mut fields = outer.reader();
        let version = fields.expect(tag::INTEGER, "the version of PFX")?;
        if version.unsigned("the version of PFX")? != 3 {
            return Err(version.unexpected("version 3 of PFX", Found::Value("another version")));
        }
        let mut auth_safe = fields.sequence("authSafe")?;
        let content = match Content::read(&mut auth_safe)? {
            Content::Data(content) => content,
            Content::Encrypted(_) => return Err(unsupported_protection(oid::ENCRYPTED_DATA)),
        };
        let mac = fields.optional(tag::SEQUENCE, "macData")?;
        fields.finish("the end of PFX")?;
        let mac = mac.map(|mac| Mac::read(&mac, budget)).transpose()?;
        Ok(Self { content, mac })
    }

    fn open(
        &self,
        password: &Password,
        provider: &dyn Provider,
        limits: &Limits,
        budget: &mut Budget,
    ) -> Result<Pkcs12, Error> {
        if let Some(mac) = &self.mac {
            mac.verify(self.content, password, provider)?;
        }
        let authenticated = self.mac.is_some();
        let mut opener = Opener { password, provider, limits, budget, authenticated };
        let bags = opener.bags(self.content)?;
        opener.contents(bags)
    }
}

/// A ContentInfo of one of the two types that a password opens.
enum Content<'a> {
    Data(&'a [u8]),
    Encrypted(Reader<'a>),
}

impl<'a> Content<'a> {
    fn read(fields: &mut Reader<'a>) -> Result<Self, Error> {
        let content_type = fields.oid("contentType")?;
        let mut content = fields.expect(tag::constructed(0), "the content")?.reader();
        fields.finish("the end of ContentInfo")?;
        let content_octets = match content_type {
            oid::DATA => Self::Data(content.expect(tag::OCTET_STRING, "the content")?.value),
            oid::ENCRYPTED_DATA => Self::Encrypted(content.sequence("EncryptedData")?),
            other => return Err(unsupported_protection(other)),
        };
        content.finish("the end of the content")?;
        Ok(content_octets)
    }
}

fn unsupported_protection(oid: const_oid::ObjectIdentifier) -> Error {
    Unsupported::Algorithm { what: "the protection of this PKCS #12 file,", oid }.into()
}

struct Opener<'a> {
    password: &'a Password,
    provider: &'a dyn Provider,
    limits: &'a Limits,
    budget: &'a mut Budget,
    authenticated: bool,
}

impl Opener<'_> {
    /// AuthenticatedSafe (RFC 7292 §4.1).
    fn bags(&mut self, content: &[u8]) -> Result<Bags, Error> {
        let safe = ber::normalise(content, self.limits)?;
        let mut infos = Reader::new(&safe).sequence("AuthenticatedSafe")?;
        let mut bags = Bags::default();
        while !infos.is_empty() {
            // On its own, so that an encryptedContent in chunks stands where it is looked for.
            let info = ber::normalise(infos.any("ContentInfo")?.raw, self.limits)?;
            match Content::read(&mut Reader::new(&info).sequence("ContentInfo")?)? {
                Content::Data(contents) => {
                    let contents = ber::normalise(contents, self.limits)?;
                    bags.read(&contents, self.limits)?;
                }
                Content::Encrypted(encrypted) => {
                    let contents = self.encrypted_data(encrypted)?;
                    bags.read(contents.expose(), self.limits).map_err(|error| self.blame(error))?;
                }
            }
        }
        Ok(bags)
    }

    /// EncryptedData (RFC 5652 §8).
    fn encrypted_data(&mut self, mut fields: Reader<'_>) -> Result<Secret, Error> {
        fields.expect(tag::INTEGER, "the version of EncryptedData")?;
        let mut content = fields.sequence("encryptedContentInfo")?;
        content.oid("the type of the encrypted content")?;
        let algorithm = AlgorithmIdentifier::read(&mut content, "contentEncryptionAlgorithm")?;
        let encrypted = content.expect(tag::primitive(0), "encryptedContent")?.value;
        content.finish("the end of encryptedContentInfo")?;
        fields.optional(tag::constructed(1), "unprotectedAttrs")?;
        fields.finish("the end of EncryptedData")?;
        self.decrypt(&algorithm, encrypted)
    }

    fn decrypt(
        &mut self,
        algorithm: &AlgorithmIdentifier,
        encrypted: &[u8],
    ) -> Result<Secret, Error> {
        let pbe = Pbe::read(algorithm, self.budget)?;
        pbe.decrypt(encrypted, self.password, self.provider)
            .and_then(|plain| normalise(plain, self.limits))
            .map_err(|error| self.blame(error))
    }

    /// Where no MAC has vouched for the password, what does not make sense behind a decryption is
    /// most likely its fault.
    fn blame(&self, error: Error) -> Error {
        match error {
            Error::Rejected(Rejected::Undecryptable) | Error::Malformed(_)
                if !self.authenticated =>
            {
                Rejected::Password.into()
            }
            other => other,
        }
    }

    fn contents(&mut self, bags: Bags) -> Result<Pkcs12, Error> {
        let Bags { keys, certificates: bags } = bags;
        let count = keys.len();
        if count > 1 {
            return Err(Rejected::KeyCount(count).into());
        }
        let certificates = bags
            .iter()
            .map(|bag| Certificate::parse(&bag.der, self.limits))
            .collect::<Result<Vec<_>, _>>()?;
        let mut contents = Pkcs12 {
            key: None,
            certificates,
            leaf: None,
            friendly_name: None,
            authenticated: self.authenticated,
        };
        if let Some(KeyBag { key, labels }) = keys.into_iter().next() {
            let (key, public) = match key {
                Key::Plain(key) => {
                    let public = PublicHalf::of(&key)?;
                    (key, public)
                }
                Key::Shrouded { algorithm, encrypted } => {
                    let key = self.decrypt(&algorithm, &encrypted)?;
                    let public = PublicHalf::of(&key).map_err(|error| self.blame(error))?;
                    (key, public)
                }
            };
            contents.key = Some(key);
            contents.leaf =
                leaf(&public, labels.local_key_id.as_deref(), &contents.certificates, &bags);
            contents.friendly_name = labels.friendly_name;
        }
        if contents.friendly_name.is_none() {
            let bag = contents.leaf.and_then(|leaf| bags.get(leaf));
            contents.friendly_name = bag.and_then(|bag| bag.labels.friendly_name.clone());
        }
        Ok(contents)
    }
}

/// Where the certificate of this key stands.
fn leaf(
    public: &PublicHalf,
    id: Option<&[u8]>,
    certificates: &[Certificate],
    bags: &[CertificateBag],
) -> Option<usize> {
    let fits = |at: usize| public.is(certificates.get(at)?.public_key());
    let has_id = |at: usize| {
        let found = bags.get(at).and_then(|bag| bag.labels.local_key_id.as_deref());
        id.is_some() && found == id
    };
    // One key may have several certificates; the localKeyId tells which one is meant.
    let all = 0..certificates.len();
    all.clone()
        .find(|at| fits(*at) == Some(true) && has_id(*at))
        .or_else(|| all.clone().find(|at| fits(*at) == Some(true)))
        .or_else(|| all.clone().find(|at| fits(*at).is_none() && has_id(*at)))
}

/// The same in DER, without leaving a copy behind.
fn normalise(plain: Secret, limits: &Limits) -> Result<Secret, Error> {
    Ok(match ber::normalise(plain.expose(), limits)? {
        Cow::Owned(rewritten) => Secret::new(rewritten),
        Cow::Borrowed(_) => plain,
    })
}
