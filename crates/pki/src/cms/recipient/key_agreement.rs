//! KeyAgreeRecipientInfo (RFC 5652 §6.2.2) with ephemeral-static ECDH (RFC 5753 §3.1), the way in
//! which Windows answers devices with EC keys.

use crate::algorithm::{AlgorithmIdentifier, KeyAgreement};
use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::certificate::Certificate;
use crate::cms::RecipientIdentifier;
use crate::error::{Error, Found, KeyError, LimitExceeded, Rejected, Unsupported};
use crate::limits::Limits;
use crate::oid;
use crate::provider::{Provider, ToBeDecrypted};
use crate::public_key::PublicKey;
use crate::secret::Secret;
use crate::tolerance::Tolerance;

/// KeyAgreeRecipientInfo (RFC 5652 §6.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyAgreementRecipient {
    /// The algorithm of originatorKey, the sender's key for this one message; `None` where the
    /// sender used the key of a certificate (issuerAndSerialNumber, subjectKeyIdentifier), which is
    /// not supported.
    pub originator: Option<AlgorithmIdentifier>,
    /// The sender's point (SEC 1 §2.3.3); empty without originatorKey.
    pub originator_key: Vec<u8>,
    /// ukm, which goes into the key derivation.
    pub user_keying_material: Option<Vec<u8>>,
    /// Scheme, key derivation and key wrap, as sent.
    pub algorithm: AlgorithmIdentifier,
    /// The content key, once for each recipient whose key is on the same curve.
    pub encrypted_keys: Vec<RecipientEncryptedKey>,
}

/// RecipientEncryptedKey (RFC 5652 §6.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecipientEncryptedKey {
    /// Whose key.
    pub identifier: RecipientIdentifier,
    /// The wrapped content key.
    pub encrypted_key: Vec<u8>,
}

/// What is left to do once the secret is shared.
pub(in crate::cms) struct Unwrap {
    agreement: KeyAgreement,
    wrap: AlgorithmIdentifier,
    user_keying_material: Option<Vec<u8>>,
    encrypted_key: Vec<u8>,
}

impl KeyAgreementRecipient {
    pub(super) fn read(mut fields: Reader<'_>, limits: &Limits) -> Result<Self, Error> {
        fields.expect(tag::INTEGER, "the version of KeyAgreeRecipientInfo")?;
        let originator = fields.expect(tag::constructed(0), "originator")?;
        let mut choice = originator.reader();
        let (originator, originator_key) = read_originator(&choice.any("an originator")?)?;
        choice.finish("the end of originator")?;
        let user_keying_material = match fields.optional(tag::constructed(1), "ukm")? {
            None => None,
            Some(ukm) => Some(ukm.reader().expect(tag::OCTET_STRING, "ukm")?.value.to_vec()),
        };
        let algorithm = AlgorithmIdentifier::read(&mut fields, "keyEncryptionAlgorithm")?;
        let mut keys = fields.sequence("recipientEncryptedKeys")?;
        fields.finish("the end of KeyAgreeRecipientInfo")?;
        let mut encrypted_keys = Vec::new();
        while !keys.is_empty() {
            let count = encrypted_keys.len().saturating_add(1);
            LimitExceeded::check("recipients", limits.recipients, count)?;
            let mut key = keys.sequence("RecipientEncryptedKey")?;
            let identifier = read_identifier(&mut key)?;
            let encrypted_key = key.expect(tag::OCTET_STRING, "encryptedKey")?.value.to_vec();
            key.finish("the end of RecipientEncryptedKey")?;
            encrypted_keys.push(RecipientEncryptedKey { identifier, encrypted_key });
        }
        Ok(Self { originator, originator_key, user_keying_material, algorithm, encrypted_keys })
    }

    /// Encrypts `content_key` to the EC key of `recipient`, which is named by issuer and serial
    /// number. The sender's key goes without parameters, as RFC 5753 §3.1.1 would have it.
    pub(in crate::cms) fn write(
        w: &mut Writer,
        agreement: KeyAgreement,
        recipient: &Certificate,
        content_key: &Secret,
        provider: &dyn Provider,
    ) -> Result<(), Error> {
        let identifier = agreement.identifier()?;
        let (point, secret) = provider.agree_once(recipient.public_key())?;
        let wrap = agreement.wrap.identifier();
        let kek = agreement.derive(provider, &secret, &wrap, None)?;
        let encrypted_key = provider.wrap_with_key(agreement.wrap, &kek, content_key)?;
        w.nested(tag::constructed(1), |w| {
            w.unsigned(3);
            w.nested(tag::constructed(0), |w| {
                w.nested(tag::constructed(1), |w| {
                    AlgorithmIdentifier::without_parameters(oid::EC_PUBLIC_KEY).write(w);
                    w.bit_string(&point);
                });
            });
            identifier.write(w);
            w.sequence(|w| {
                w.sequence(|w| {
                    RecipientIdentifier::of(recipient).write(w);
                    w.value(tag::OCTET_STRING, &encrypted_key);
                });
            });
        });
        Ok(())
    }

    /// What the private key of `certificate` is asked for, and what is to be done with its answer.
    ///
    /// The sender's key is checked first: one that is no point of the curve would make the private
    /// key give itself away, a few bits with each message. Such a message is for nobody.
    pub(in crate::cms) fn ask(
        &self,
        certificate: &Certificate,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<Result<(ToBeDecrypted, Unwrap), Rejected>, Error> {
        let (agreement, wrap) = KeyAgreement::read(&self.algorithm)?;
        let originator = self.originator.as_ref().ok_or(STATIC)?;
        if originator.oid != oid::EC_PUBLIC_KEY {
            return Err(originator.unsupported("the originator's key"));
        }
        let Some(key) = self.encrypted_key(certificate, tolerance) else {
            return Ok(Err(Rejected::NoRecipient));
        };
        let recipient = certificate.public_key();
        let Some(public_key) = recipient.on_same_curve(originator, &self.originator_key) else {
            return Ok(Err(Rejected::OriginatorKey));
        };
        if provider.check_agreement(&public_key).is_err() {
            return Ok(Err(Rejected::OriginatorKey));
        }
        let ask = ToBeDecrypted::key_agreement(public_key, key.identifier.clone());
        let unwrap = Unwrap {
            agreement,
            wrap,
            user_keying_material: self.user_keying_material.clone(),
            encrypted_key: key.encrypted_key.clone(),
        };
        Ok(Ok((ask, unwrap)))
    }

    fn encrypted_key(
        &self,
        certificate: &Certificate,
        tolerance: &Tolerance,
    ) -> Option<&RecipientEncryptedKey> {
        let named =
            self.encrypted_keys.iter().find(|key| key.identifier.names(certificate, tolerance));
        match self.encrypted_keys.as_slice() {
            [only] if tolerance.only_recipient => Some(only),
            _ => named,
        }
    }
}

const STATIC: Unsupported =
    Unsupported::PublicKey("key agreement with the key of a sender's certificate");

impl Unwrap {
    /// The content key, from the secret that the private key answered with.
    pub(in crate::cms) fn content_key(
        &self,
        shared_secret: &Secret,
        provider: &dyn Provider,
    ) -> Result<Secret, KeyError> {
        let Self { agreement, wrap, user_keying_material, encrypted_key } = self;
        agreement
            .derive(provider, shared_secret, wrap, user_keying_material.as_deref())
            .and_then(|kek| provider.unwrap_with_key(agreement.wrap, &kek, encrypted_key))
            .map_err(|_| KeyError::Failed)
    }
}

/// OriginatorIdentifierOrKey.
fn read_originator(choice: &Tlv<'_>) -> Result<(Option<AlgorithmIdentifier>, Vec<u8>), Error> {
    const EXPECTED: &str = "issuerAndSerialNumber, subjectKeyIdentifier or originatorKey";
    match choice.tag {
        tag if tag == tag::constructed(1) => {
            let mut fields = choice.reader();
            let algorithm = AlgorithmIdentifier::read(&mut fields, "the originator's key")?;
            let key = fields.expect(tag::BIT_STRING, "the originator's key")?;
            fields.finish("the end of originatorKey")?;
            Ok((Some(algorithm), key.bit_string_octets("the originator's key")?.to_vec()))
        }
        tag if tag == tag::SEQUENCE || tag == tag::primitive(0) => Ok((None, Vec::new())),
        other => Err(choice.unexpected(EXPECTED, Found::Tag(other))),
    }
}

/// KeyAgreeRecipientIdentifier: where a SignerIdentifier has a bare key identifier, this has one
/// with a date and other attributes, which say nothing.
fn read_identifier(fields: &mut Reader<'_>) -> Result<RecipientIdentifier, Error> {
    const EXPECTED: &str = "rKeyId";
    if fields.peek() != Some(tag::constructed(0)) {
        return RecipientIdentifier::read(fields);
    }
    let identifier = fields.any(EXPECTED)?.reader().expect(tag::OCTET_STRING, EXPECTED)?;
    Ok(RecipientIdentifier::SubjectKeyIdentifier(identifier.value.to_vec()))
}

impl PublicKey {
    /// A key on the curve of this one, whose parameters are absent, NULL or the curve's name
    /// (RFC 5753 §3.1.1); `None` if this is not EC, or they name another curve.
    fn on_same_curve(&self, algorithm: &AlgorithmIdentifier, point: &[u8]) -> Option<Self> {
        let curve = self.kind().curve()?;
        let named = Writer::build(|w| w.oid(&curve));
        if !algorithm.has_no_parameters() && algorithm.parameters.as_ref() != Some(&named) {
            return None;
        }
        let spki = Writer::build(|w| {
            w.sequence(|w| {
                AlgorithmIdentifier { oid: oid::EC_PUBLIC_KEY, parameters: Some(named) }.write(w);
                w.bit_string(point);
            });
        });
        Self::parse(&spki, &Limits::default()).ok()
    }
}
