//! `ClientCertificateInstall/SCEP/{UniqueID}`: a key made on the device, certified by SCEP.

use core::time::Duration;

use devicecert_pki::Secret;

use super::{Hash, KeyProtection, Setting, Subtree, ValidFor, Write, check_id};
use crate::alt_name::AltNames;
use crate::challenge::first_unprintable;
use crate::error::{Error, Misuse};
use crate::key_usage::KeyUsage;
use crate::loc_uri::Scope;
use crate::name::{SubjectName, is_oid};
use crate::operation::{Content, Operation};
use crate::placeholder;
use crate::thumbprint::Thumbprint;

/// A SCEP enrolment that the device does by itself.
///
/// ```
/// use devicecert_syncml::{Document, Header, Operation, ScepInstall, Scope, Thumbprint, Write};
///
/// let mut scep = ScepInstall::new(
///     Scope::Device,
///     "wifi-1",
///     "https://ca.example/scep",
///     "CN=laptop-7,O=Example".parse()?,
///     Thumbprint::new([0x11; 20]),
/// );
/// scep.challenge = "one time password".into();
/// let operations = scep.operations(Write::Add)?;
///
/// let header = Header {
///     session_id: "1".into(),
///     msg_id: 1,
///     target: "urn:uuid:2c0a".into(),
///     source: "https://mdm.example/dm".into(),
/// };
/// let message = Document::message(&header, &[Operation::atomic(operations)])?;
/// assert!(devicecert_syncml::check(&message).iter().all(|finding| finding.rule == "WS024"));
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
///
/// What is not set is not written, and then has the default of the CSP.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScepInstall {
    /// Whose store the certificate goes to.
    pub scope: Scope,
    /// `{UniqueID}`: one name for each certificate; the same again replaces it.
    pub id: String,
    /// `ServerURL`: where the server is; the device adds `/pkiclient.exe`. More than one for a
    /// server with several addresses.
    pub server_urls: Vec<String>,
    /// `Challenge`: the password of the request, as the server knows it, not in base64.
    pub challenge: Secret,
    /// `SubjectName`.
    pub subject: SubjectName,
    /// `CAThumbprint`: which of the server's certificates is the CA.
    pub ca_thumbprint: Setting<Thumbprint>,
    /// `SubjectAlternativeNames`. None by default.
    pub alt_names: AltNames,
    /// `KeyUsage`. By default digitalSignature and keyEncipherment.
    pub key_usage: KeyUsage,
    /// `EKUMapping`: object identifiers. By default client authentication.
    pub purposes: Vec<String>,
    /// `KeyLength` in bits: 1024, 2048 (the default) or 4096.
    pub key_length: u32,
    /// `HashAlgorithm`.
    pub hash: Hash,
    /// `KeyProtection`, and what belongs to it.
    pub key_protection: Option<KeyProtection>,
    /// `RetryDelay`: how long to wait while the server has not decided. In minutes, rounded up, at
    /// least one.
    pub retry_delay: Option<Duration>,
    /// `RetryCount`: how often to ask again, up to 30.
    pub retry_count: Option<u32>,
    /// `TemplateName`, which most servers ignore.
    pub template_name: Option<String>,
    /// `ValidPeriod` and `ValidPeriodUnits`.
    pub valid_for: Option<ValidFor>,
    /// `AADKeyIdentifierList`: only on devices whose Entra key is among these.
    pub aad_key_identifiers: Vec<String>,
    /// `AttestPrivateKey`: 0 to 2. Only previews of Windows know the node.
    pub attest_private_key: Option<u32>,
}

impl ScepInstall {
    /// Id-kp-clientAuth.
    pub const CLIENT_AUTH: &'static str = "1.3.6.1.5.5.7.3.2";

    /// A request for client authentication with an RSA key of 2048 bits and without challenge.
    #[must_use]
    pub fn new(
        scope: Scope,
        id: impl Into<String>,
        server_url: impl Into<String>,
        subject: SubjectName,
        ca: impl Into<Setting<Thumbprint>>,
    ) -> Self {
        Self {
            scope,
            id: id.into(),
            server_urls: vec![server_url.into()],
            challenge: Secret::from(""),
            subject,
            ca_thumbprint: ca.into(),
            alt_names: AltNames::new(),
            key_usage: KeyUsage::SIGN_AND_ENCIPHER,
            purposes: vec![Self::CLIENT_AUTH.to_owned()],
            key_length: 2048,
            hash: Hash::default(),
            key_protection: None,
            retry_delay: None,
            retry_count: None,
            template_name: None,
            valid_for: None,
            aad_key_identifiers: Vec::new(),
            attest_private_key: None,
        }
    }

    /// The operations in the order the device needs: the node, its leaves, and Enroll at the end.
    ///
    /// All of them go into one Atomic.
    ///
    /// # Errors
    /// [`Misuse`] for a value that the device would refuse.
    pub fn operations(&self, write: Write) -> Result<Vec<Operation>, Error> {
        self.check()?;
        let challenge = text("Challenge", &self.challenge)?;
        let mut tree = Subtree::new(self.scope, &self.path(), write);
        tree.put(&[], Content::node())?;
        let mut put = |leaf: &str, content| tree.put(&["Install", leaf], content);
        put("ServerURL", Content::chr(self.server_urls.join(";")))?;
        put("Challenge", Content::chr(challenge))?;
        put("EKUMapping", Content::chr(self.purposes.join("+")))?;
        put("KeyUsage", Content::int(u32::from(self.key_usage.value())))?;
        put("SubjectName", Content::chr(self.subject.to_string()))?;
        put("KeyLength", Content::int(self.key_length))?;
        put("HashAlgorithm", Content::chr(self.hash.name()))?;
        put("CAThumbprint", Content::chr(self.ca_thumbprint.to_string()))?;
        self.put_optional(&mut tree)?;
        tree.exec(&["Install", "Enroll"])?;
        Ok(tree.operations)
    }

    fn put_optional(&self, tree: &mut Subtree) -> Result<(), Error> {
        let alt_names = (!self.alt_names.is_empty()).then(|| self.alt_names.to_string());
        let minutes = self.retry_delay.map(|delay| {
            let minutes = delay.as_secs().div_ceil(60).max(1);
            u32::try_from(minutes).unwrap_or(u32::MAX)
        });
        let identifiers = self.aad_key_identifiers.join(";");
        let (container, prompt) = match &self.key_protection {
            Some(KeyProtection::WindowsHello { container, prompt }) => {
                (Some(container), prompt.clone())
            }
            _ => (None, None),
        };
        let mut put = |leaf: &str, content| tree.put_some(&["Install", leaf], content);
        put("SubjectAlternativeNames", alt_names.map(Content::chr))?;
        let protection = self.key_protection.as_ref().map(KeyProtection::value);
        put("KeyProtection", protection.map(Content::int))?;
        put("ContainerName", container.map(Content::chr))?;
        put("CustomTextToShowInPrompt", prompt.map(Content::chr))?;
        put("RetryDelay", minutes.map(Content::int))?;
        put("RetryCount", self.retry_count.map(Content::int))?;
        put("TemplateName", self.template_name.clone().map(Content::chr))?;
        put("ValidPeriod", self.valid_for.map(|valid| Content::chr(valid.unit())))?;
        put("ValidPeriodUnits", self.valid_for.map(|valid| Content::int(valid.count())))?;
        put("AADKeyIdentifierList", (!identifiers.is_empty()).then(|| Content::chr(identifiers)))?;
        put("AttestPrivateKey", self.attest_private_key.map(Content::int))
    }

    /// Removes the certificate and its key.
    ///
    /// # Errors
    /// [`Misuse`] for an id that cannot be part of an address.
    pub fn removal(&self) -> Result<Operation, Error> {
        check_id("UniqueID", &self.id)?;
        Ok(Operation::delete(self.tree().uri(&[])?))
    }

    /// Asks how it went: `Status`, `ErrorCode` and `CertThumbprint`.
    ///
    /// The Status of the Exec itself only says that the device has begun.
    ///
    /// # Errors
    /// As [`removal`](Self::removal).
    pub fn query(&self) -> Result<Vec<Operation>, Error> {
        check_id("UniqueID", &self.id)?;
        let tree = self.tree();
        let leaves = ["Status", "ErrorCode", "CertThumbprint", "RespondentServerUrl"];
        leaves.iter().map(|leaf| Ok(Operation::get(tree.uri(&[leaf])?))).collect()
    }

    fn path(&self) -> [&str; 3] {
        ["ClientCertificateInstall", "SCEP", &self.id]
    }

    fn tree(&self) -> Subtree {
        Subtree::new(self.scope, &self.path(), Write::Add)
    }

    fn check(&self) -> Result<(), Misuse> {
        check_id("UniqueID", &self.id)?;
        let wrong = |node, expected| Err(Misuse::Value { node, expected });
        if self.server_urls.is_empty() || self.server_urls.iter().any(|url| url.contains(';')) {
            return wrong("ServerURL", "one or more URLs without ;");
        }
        if !self.key_usage.is_accepted() {
            return wrong("KeyUsage", "digitalSignature, keyEncipherment or both");
        }
        if self.purposes.is_empty() || !self.purposes.iter().all(|oid| is_oid(oid)) {
            return wrong("EKUMapping", "one or more object identifiers");
        }
        if !matches!(self.key_length, 1024 | 2048 | 4096) {
            return wrong("KeyLength", "1024, 2048 or 4096");
        }
        if self.retry_count.is_some_and(|count| count > 30) {
            return wrong("RetryCount", "0 to 30");
        }
        if self.attest_private_key.is_some_and(|value| value > 2) {
            return wrong("AttestPrivateKey", "0, 1 or 2");
        }
        let hello = matches!(self.key_protection, Some(KeyProtection::WindowsHello { .. }));
        if hello && (self.key_length != 2048 || self.hash != Hash::Sha256) {
            let rule = "Windows Hello for Business takes KeyLength 2048 and SHA256 only";
            return Err(Misuse::Combination { node: "KeyProtection", rule });
        }
        let challenge = text("Challenge", &self.challenge)?;
        if !placeholder::is_in(challenge) && first_unprintable(challenge).is_some() {
            return wrong("Challenge", "letters, digits, blanks and ' ( ) + , - . / : = ?");
        }
        Ok(())
    }
}

pub(super) fn text<'a>(node: &'static str, secret: &'a Secret) -> Result<&'a str, Misuse> {
    core::str::from_utf8(secret.expose()).map_err(|_| Misuse::Value { node, expected: "UTF-8" })
}
