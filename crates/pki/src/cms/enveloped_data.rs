//! EnvelopedData (RFC 5652 §6.1), read and opened.

use const_oid::ObjectIdentifier;

use super::padding::unpadded_len;
use super::{RecipientInfo, content_info};
use crate::algorithm::{AlgorithmIdentifier, ContentCipher};
use crate::asn1::tag;
use crate::ber;
use crate::certificate::Certificate;
use crate::error::{Error, LimitExceeded, Rejected};
use crate::limits::Limits;
use crate::oid;
use crate::pending::{Ask, Locked};
use crate::provider::{Provider, ToBeDecrypted};
use crate::secret::Secret;
use crate::tolerance::Tolerance;

/// An enveloped message: content for whoever has one of the recipients' keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopedData {
    recipients: Vec<RecipientInfo>,
    content_type: ObjectIdentifier,
    cipher: AlgorithmIdentifier,
    ciphertext: Vec<u8>,
}

impl EnvelopedData {
    /// Reads a ContentInfo that holds EnvelopedData, in DER or BER.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none,
    /// [`LimitExceeded`](crate::error::LimitExceeded) for too many recipients.
    pub fn parse(input: &[u8], limits: &Limits) -> Result<Self, Error> {
        let der = ber::normalise(input, limits)?;
        let mut fields = content_info(&der, oid::ENVELOPED_DATA, "EnvelopedData")?.reader();
        fields.expect(tag::INTEGER, "the version of EnvelopedData")?;
        fields.optional(tag::constructed(0), "originatorInfo")?;
        let mut infos = fields.expect(tag::SET, "recipientInfos")?.reader();
        let mut recipients = Vec::new();
        while !infos.is_empty() {
            LimitExceeded::check(
                "recipients",
                limits.recipients,
                recipients.len().saturating_add(1),
            )?;
            recipients.push(RecipientInfo::read(&mut infos, limits)?);
        }
        let mut content = fields.sequence("encryptedContentInfo")?;
        let content_type = content.oid("the type of the encrypted content")?;
        let cipher = AlgorithmIdentifier::read(&mut content, "contentEncryptionAlgorithm")?;
        let ciphertext = content
            .optional(tag::primitive(0), "encryptedContent")?
            .map(|ciphertext| ciphertext.value.to_vec())
            .unwrap_or_default();
        content.finish("the end of encryptedContentInfo")?;
        fields.optional(tag::constructed(1), "unprotectedAttrs")?;
        fields.finish("the end of EnvelopedData")?;
        Ok(Self { recipients, content_type, cipher, ciphertext })
    }

    /// The recipients, in the order sent.
    #[must_use]
    pub fn recipients(&self) -> &[RecipientInfo] {
        &self.recipients
    }

    /// The type of the content: id-data in SCEP.
    #[must_use]
    pub const fn content_type(&self) -> ObjectIdentifier {
        self.content_type
    }

    /// How the content is encrypted, as sent.
    #[must_use]
    pub const fn content_encryption_algorithm(&self) -> &AlgorithmIdentifier {
        &self.cipher
    }

    /// The encrypted content.
    #[must_use]
    pub fn encrypted_content(&self) -> &[u8] {
        &self.ciphertext
    }

    /// The recipient that means `certificate`: its issuer and serial number or key identifier, or,
    /// where [`Tolerance::only_recipient`] allows, the only one that there is. A password means
    /// everybody who knows it, and counts where nobody else is meant.
    #[must_use]
    pub fn recipient(
        &self,
        certificate: &Certificate,
        tolerance: &Tolerance,
    ) -> Option<&RecipientInfo> {
        let exactly = Tolerance { respelt_issuer: false, ..*tolerance };
        let ours = [&exactly, tolerance].into_iter().find_map(|tolerance| {
            self.recipients.iter().find(|recipient| recipient.names(certificate, tolerance))
        });
        let only = match self.recipients.as_slice() {
            [only @ RecipientInfo::KeyTransport(_)] if tolerance.only_recipient => Some(only),
            [only @ RecipientInfo::KeyAgreement(recipient)]
                if tolerance.only_recipient && recipient.encrypted_keys.len() == 1 =>
            {
                Some(only)
            }
            _ => None,
        };
        let password =
            || self.recipients.iter().find(|one| matches!(one, RecipientInfo::Password(_)));
        ours.or(only).or_else(password)
    }

    /// The content, locked until the key of `recipient`, or a password, unwraps the content key.
    ///
    /// If no recipient is ours, that is found out when it is unlocked, like every other reason why
    /// it does not open.
    ///
    /// # Errors
    /// [`Unsupported`](crate::error::Unsupported) for algorithms that are unknown or not allowed,
    /// which is public knowledge; [`KeyError::Random`](crate::error::KeyError::Random).
    pub fn lock(
        self,
        recipient: &Certificate,
        provider: &'static dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<Locked<Secret>, Error> {
        let (cipher, iv) = ContentCipher::from_identifier(&self.cipher)?;
        tolerance.check_cipher(cipher)?;
        let ask = match self.recipient(recipient, tolerance) {
            Some(RecipientInfo::KeyTransport(ktri)) => Ok(Ask::new(ktri.ask()?)),
            Some(RecipientInfo::KeyAgreement(kari)) => {
                kari.ask(recipient, provider, tolerance)?.map(|(ask, unwrap)| {
                    Ask::new(ask).then(move |secret| unwrap.content_key(&secret, provider))
                })
            }
            Some(RecipientInfo::Password(pwri)) => {
                pwri.check(tolerance)?;
                Ok(Ask::new(ToBeDecrypted::Password(pwri.clone())))
            }
            Some(RecipientInfo::KeyEncryptionKey(_) | RecipientInfo::Other { .. }) | None => {
                Err(Rejected::NoRecipient)
            }
        };
        let ciphertext = self.ciphertext;
        Locked::new(ask, cipher.key_len(), provider, move |key| {
            decrypt(provider, cipher, &key?, &iv, ciphertext)
        })
    }
}

/// Decrypts and removes the padding. Every failure is the same failure.
pub(crate) fn decrypt(
    provider: &dyn Provider,
    cipher: ContentCipher,
    key: &Secret,
    iv: &[u8],
    mut content: Vec<u8>,
) -> Result<Secret, Error> {
    let whole_blocks = content.len().checked_rem(cipher.block_len()) == Some(0);
    if !whole_blocks || content.is_empty() {
        return Err(Rejected::Undecryptable.into());
    }
    // A backend may refuse a weak key, which only the content key could have told it.
    provider.decrypt_blocks(cipher, key, iv, &mut content).map_err(|_| Rejected::Undecryptable)?;
    // Wiped whatever it is: to wipe only what has the right padding would tell by the time it takes.
    let mut content = Secret::new(content);
    let length = unpadded_len(content.expose(), cipher.block_len());
    content.truncate(length.ok_or(Rejected::Undecryptable)?);
    Ok(content)
}
