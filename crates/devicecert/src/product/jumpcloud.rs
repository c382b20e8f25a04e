//! JumpCloud: the policies that install certificates by SCEP, on Apple's devices and on Windows.

use core::time::Duration;

use devicecert_pki::{GeneralName, Secret};
use devicecert_scep::Fingerprint;
use devicecert_syncml::{SubjectName, Thumbprint};

use super::{RsaKeySize, Usage, certificate};
use crate::error::Error;
use crate::identity::{IdentityRequest, KeyType, RenewBefore, Scep, subject_from_windows};

const PRODUCT: &str = "JumpCloud";

/// The policy for macOS and iOS.
///
/// It has no field for `Key Type`, `AllowAllAppsAccess` and `PayloadScope`, which are RSA, no and
/// System.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AppleScep {
    /// The identifier of the profile, which the product chooses by itself.
    pub identifier: String,
    /// *Fingerprint*: the SHA-1 or SHA-256 digest of the CA certificate. The form wants base64 of
    /// its octets; hexadecimal in any spelling is taken too. None by default.
    pub fingerprint: Option<String>,
    /// *Challenge*: a static password.
    pub challenge: Option<Secret>,
    /// *Key Size*: 1024 by default, which CAs refuse.
    pub key_size: RsaKeySize,
    /// *Subject*: one text such as `/C=US/O=ABCEnterprise/CN=foo/1.2.5.3=bar`.
    pub subject: String,
    /// *Retries*: 3 by default.
    pub retries: u32,
    /// *Retry Delay*, in seconds: 10 by default.
    pub retry_delay_seconds: u32,
    /// *Extractable Key*: off by default.
    pub extractable_key: bool,
    /// *Key Usage*.
    pub key_usage: Usage,
    /// *URL*.
    pub url: String,
    /// *Name*: what tells one CA of the server from another.
    pub name: Option<String>,
    /// *Include Root Certificate*: a `.cer` or `.crt` file in DER or PEM. Off by default.
    pub root_certificate: Option<Vec<u8>>,
    /// *Set Subject Alternative Name*, *DNS Name*.
    pub dns_name: Option<String>,
    /// *Set Subject Alternative Name*, *Principal*.
    pub principal: Option<String>,
    /// *Set Subject Alternative Name*, *RFC 822*.
    pub rfc822: Option<String>,
    /// *Set Subject Alternative Name*, *URI*.
    pub uri: Option<String>,
}

/// The policy for Windows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WindowsScep {
    /// The name of the certificate's node, which the product chooses by itself.
    pub identifier: String,
    /// *CA ThumbPrint*: the SHA-1 digest of the CA certificate. The label says base64 and the note
    /// hexadecimal; both are taken, in any spelling.
    pub ca_thumbprint: String,
    /// *Challenge*: a static password of letters, digits, blanks and `' ( ) + , - . / : = ?`, as in
    /// base64. (The form warns of some other characters only.)
    pub challenge: Secret,
    /// *Key Length*: 1024 by default, which CAs refuse.
    pub key_length: RsaKeySize,
    /// *Subject Name*, as Windows reads it: `CN="Doe, Jane",O=Example`. The slash form of the
    /// policy for Apple's devices would become one value, and is refused.
    pub subject_name: String,
    /// *Retry Count*: 3 by default.
    pub retry_count: u32,
    /// *Retry Delay*, which the form counts in seconds: 3 by default. Windows counts minutes: it
    /// is rounded up, and the loss is reported.
    pub retry_delay_seconds: u32,
    /// *Server URL*.
    pub server_url: String,
    /// *Name*: the name of the template.
    pub name: Option<String>,
    /// *Set Subject Alternative Name*.
    pub alternative_names: Vec<GeneralName>,
    /// *Include Root Certificate*: a file in DER or PEM. Off by default.
    pub root_certificate: Option<Vec<u8>>,
    /// *Renew Period*, in days: when the server has the certificate enrolled again.
    pub renew_period_days: u32,
}

impl AppleScep {
    /// The form as it is shown, with the URL filled in.
    #[must_use]
    pub fn new(identifier: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            identifier: identifier.into(),
            fingerprint: None,
            challenge: None,
            key_size: RsaKeySize::Bits1024,
            subject: String::new(),
            retries: 3,
            retry_delay_seconds: 10,
            extractable_key: false,
            key_usage: Usage::default(),
            url: url.into(),
            name: None,
            root_certificate: None,
            dns_name: None,
            principal: None,
            rfc822: None,
            uri: None,
        }
    }

    /// What the policy asks for.
    ///
    /// # Errors
    /// [`Error`] for a subject, fingerprint or certificate that cannot be read.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let delay = Duration::from_secs(self.retry_delay_seconds.into());
        let mut server = Scep::new(&self.url).retry(self.retries, delay);
        server.ca_identifier.clone_from(&self.name);
        server.challenge.clone_from(&self.challenge);
        if let Some(fingerprint) = &self.fingerprint {
            server = server.ca(fingerprint.parse::<Fingerprint>()?);
        }
        let mut identity = IdentityRequest::new(&self.identifier, server);
        if !self.subject.is_empty() {
            identity.subject = self.subject.parse()?;
        }
        identity.key.kind = KeyType::Rsa(self.key_size.bits());
        identity.key.extractable = self.extractable_key;
        identity.usage = self.key_usage.into();
        let names = [
            self.dns_name.clone().map(GeneralName::Dns),
            self.principal.clone().map(GeneralName::Upn),
            self.rfc822.clone().map(GeneralName::Email),
            self.uri.clone().map(GeneralName::Uri),
        ];
        identity.alternative_names = names.into_iter().flatten().collect();
        if let Some(file) = &self.root_certificate {
            identity.trust.push(certificate(PRODUCT, "Include Root Certificate", file)?);
        }
        Ok(identity)
    }
}

impl WindowsScep {
    /// The form with the fields that must be filled in.
    #[must_use]
    pub fn new(
        identifier: impl Into<String>,
        server_url: impl Into<String>,
        ca_thumbprint: impl Into<String>,
        subject_name: impl Into<String>,
        renew_period_days: u32,
    ) -> Self {
        Self {
            identifier: identifier.into(),
            ca_thumbprint: ca_thumbprint.into(),
            challenge: Secret::from(""),
            key_length: RsaKeySize::Bits1024,
            subject_name: subject_name.into(),
            retry_count: 3,
            retry_delay_seconds: 3,
            server_url: server_url.into(),
            name: None,
            alternative_names: Vec::new(),
            root_certificate: None,
            renew_period_days,
        }
    }

    /// What the policy asks for. The nodes that it has no field for are those of a new request:
    /// client authentication, signatures and key encipherment, SHA-2, a key in software.
    ///
    /// # Errors
    /// [`Error`] for a subject, thumbprint or certificate that cannot be read.
    pub fn identity(&self) -> Result<IdentityRequest, Error> {
        let thumbprint: Thumbprint = self.ca_thumbprint.parse()?;
        let delay = Duration::from_secs(self.retry_delay_seconds.into());
        let mut server = Scep::new(&self.server_url)
            .challenge(self.challenge.clone())
            .ca(Fingerprint::sha1(*thumbprint.as_bytes()))
            .retry(self.retry_count, delay);
        server.template.clone_from(&self.name);
        let mut identity = IdentityRequest::new(&self.identifier, server);
        let subject: SubjectName = self.subject_name.parse()?;
        let slashes = subject.value("CN").is_some_and(|name| name.starts_with('/'));
        if slashes && subject.rdns().count() == 1 {
            let expected = "names as Windows reads them, CN=x,O=y, not /O=y/CN=x";
            return Err(Error::option(PRODUCT, "Subject Name", expected));
        }
        identity.subject = subject_from_windows(&subject)?;
        identity.key.kind = KeyType::Rsa(self.key_length.bits());
        identity.alternative_names.clone_from(&self.alternative_names);
        identity.renewal.before = Some(RenewBefore::Days(self.renew_period_days));
        if let Some(file) = &self.root_certificate {
            identity.trust.push(certificate(PRODUCT, "Include Root Certificate", file)?);
        }
        Ok(identity)
    }
}
