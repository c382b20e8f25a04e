//! Making a certification request.

use const_oid::ObjectIdentifier;

use super::Csr;
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Writer, tag};
use crate::attribute::Attribute;
use crate::error::{Error, Misuse};
use crate::extension::{Extension, KeyUsage};
use crate::general_name::GeneralName;
use crate::limits::Limits;
use crate::name::Name;
use crate::oid;
use crate::pending::Unsigned;
use crate::provider::ToBeSigned;
use crate::public_key::PublicKey;
use crate::secret::Secret;

/// What a certification request is to say. Only the subject is required, and it may be empty.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CsrParams {
    /// The subject.
    pub subject: Name,
    /// The challengePassword (RFC 2985 §5.4.1). PrintableString where its alphabet suffices,
    /// UTF8String otherwise.
    pub challenge_password: Option<Secret>,
    /// Subject alternative names.
    pub subject_alt_name: Vec<GeneralName>,
    /// keyUsage to ask for.
    pub key_usage: Option<KeyUsage>,
    /// extKeyUsage to ask for.
    pub extended_key_usage: Vec<ObjectIdentifier>,
    /// Further extensions to ask for.
    pub extensions: Vec<Extension>,
    /// Further attributes of the request, beside challengePassword and extensionRequest.
    pub attributes: Vec<Attribute>,
    /// The digest that the request is signed with. Default SHA-256.
    pub digest: DigestAlgorithm,
}

impl CsrParams {
    /// A request for this subject and nothing else.
    #[must_use]
    pub const fn new(subject: Name) -> Self {
        Self {
            subject,
            challenge_password: None,
            subject_alt_name: Vec::new(),
            key_usage: None,
            extended_key_usage: Vec::new(),
            extensions: Vec::new(),
            attributes: Vec::new(),
            digest: DigestAlgorithm::Sha256,
        }
    }

    /// Sets the challengePassword.
    #[must_use]
    pub fn challenge(mut self, challenge: impl Into<Secret>) -> Self {
        self.challenge_password = Some(challenge.into());
        self
    }

    /// Adds a subject alternative name.
    #[must_use]
    pub fn alt_name(mut self, name: GeneralName) -> Self {
        self.subject_alt_name.push(name);
        self
    }

    /// Writes the request for this key; what is missing is the key's signature.
    ///
    /// An attribute without content is left out: an empty extensionRequest violates RFC 2985.
    ///
    /// # Errors
    /// [`Misuse`] for a challenge that is empty or no UTF-8, or a name that cannot be encoded;
    /// [`Unsupported`](crate::error::Unsupported) for a key that cannot sign.
    pub fn unsigned(&self, key: &PublicKey) -> Result<Unsigned<Csr>, Error> {
        let algorithm = key.signature_algorithm(self.digest)?;
        let identifier = algorithm.identifier()?;
        let mut attributes = Vec::new();
        if let Some(challenge) = &self.challenge_password {
            attributes.push(challenge_attribute(challenge)?);
        }
        let extensions = self.all_extensions()?;
        if !extensions.is_empty() {
            let value = Writer::build(|w| {
                w.sequence(|w| extensions.iter().for_each(|extension| extension.write(w)));
            });
            attributes.push(Attribute::new(oid::EXTENSION_REQUEST, value));
        }
        attributes.extend(self.attributes.iter().cloned());
        let info = Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(0);
                w.raw(self.subject.as_der());
                w.raw(key.as_der());
                w.set_of(tag::constructed(0), attributes.iter().map(Attribute::to_der).collect());
            });
        });
        let ask = ToBeSigned::new(key.clone(), algorithm, info.clone());
        // It may hold the challengePassword.
        let info = Secret::new(info);
        Ok(Unsigned::new(ask, move |signature| {
            let der = Secret::new(Writer::build(|w| {
                w.sequence(|w| {
                    w.raw(info.expose());
                    identifier.write(w);
                    w.bit_string(signature);
                });
            }));
            Csr::parse(der.expose(), &Limits::default())
        }))
    }

    fn all_extensions(&self) -> Result<Vec<Extension>, Error> {
        let mut all = Vec::new();
        all.extend(self.key_usage.map(Extension::key_usage));
        if !self.extended_key_usage.is_empty() {
            all.push(Extension::extended_key_usage(&self.extended_key_usage));
        }
        if !self.subject_alt_name.is_empty() {
            let critical = self.subject.is_empty();
            all.push(Extension::subject_alt_name(&self.subject_alt_name, critical)?);
        }
        all.extend(self.extensions.iter().cloned());
        Ok(all)
    }
}

fn challenge_attribute(challenge: &Secret) -> Result<Attribute, Error> {
    let text = core::str::from_utf8(challenge.expose())
        .ok()
        .filter(|text| !text.is_empty())
        .ok_or(Misuse::Value("a challengePassword must be text and not empty"))?;
    let tag = match text.chars().all(is_printable_string) {
        true => tag::PRINTABLE_STRING,
        false => tag::UTF8_STRING,
    };
    let value = Writer::build(|w| w.value(tag, text.as_bytes()));
    Ok(Attribute::new(oid::CHALLENGE_PASSWORD, value))
}

/// The alphabet of PrintableString (X.680 §41.4).
fn is_printable_string(c: char) -> bool {
    c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c)
}
