//! The tables that say where the certificate comes from.

use std::path::PathBuf;
use std::time::Duration;

use devicecert::identity::{Acme, Ca, Pkcs12, Retry, Scep, Source};
use devicecert::mobileconfig::plist::Text;
use devicecert::pki::Secret;
use devicecert::scep::Fingerprint;
use serde::Deserialize;

use super::table::Identity;
use super::{IdentityFault, ReadFile, certificates, wrong};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ScepTable {
    url: String,
    challenge: Option<String>,
    ca: Option<PathBuf>,
    fingerprint: Option<String>,
    ca_identifier: Option<String>,
    template: Option<String>,
    retries: Option<u32>,
    retry_delay_seconds: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AcmeTable {
    directory: String,
    client: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Pkcs12Table {
    content: Option<String>,
    file: Option<PathBuf>,
    password: String,
}

/// The one table that is there.
pub(super) fn source(identity: &mut Identity, read: ReadFile<'_>) -> Result<Source, IdentityFault> {
    match (identity.scep.take(), identity.acme.take(), identity.pkcs12.take()) {
        (Some(scep), None, None) => scep.source(read),
        (None, Some(AcmeTable { directory, client }), None) => {
            Ok(Acme::new(directory, client).into())
        }
        (None, None, Some(pkcs12)) => pkcs12.source(read),
        (None, None, None) => Err(IdentityFault::Sources(0)),
        (scep, acme, pkcs12) => {
            let there = [scep.is_some(), acme.is_some(), pkcs12.is_some()];
            Err(IdentityFault::Sources(there.into_iter().filter(|there| *there).count()))
        }
    }
}

impl ScepTable {
    fn source(self, read: ReadFile<'_>) -> Result<Source, IdentityFault> {
        let ca = self.certificate_authority(read)?;
        let mut scep = Scep::new(self.url);
        scep.ca = ca;
        scep.challenge = self.challenge.map(|text| Secret::from(text.as_str()));
        scep.ca_identifier = self.ca_identifier;
        scep.template = self.template;
        if self.retries.is_some() || self.retry_delay_seconds.is_some() {
            // What is not said is as Apple has it.
            let delay = Duration::from_secs(self.retry_delay_seconds.unwrap_or(10));
            scep.retry = Some(Retry { count: self.retries.unwrap_or(3), delay });
        }
        Ok(scep.into())
    }

    fn certificate_authority(&self, read: ReadFile<'_>) -> Result<Option<Ca>, IdentityFault> {
        match (&self.ca, &self.fingerprint) {
            (None, None) => Ok(None),
            (Some(path), None) => {
                let found = certificates(std::slice::from_ref(path), read)?.into_iter().next();
                let name = path.display().to_string();
                found.map(Ca::from).map(Some).ok_or_else(|| wrong("ca", &name, "a certificate"))
            }
            (None, Some(text)) => {
                let placeholder = Text::from(text.as_str());
                if placeholder.has_placeholder() {
                    return Ok(Some(Ca::from(placeholder)));
                }
                let fingerprint: Result<Fingerprint, _> = text.parse();
                let expected =
                    "the SHA-1 or SHA-256 digest of a certificate, hexadecimal or base64";
                fingerprint
                    .map(|fingerprint| Some(Ca::from(fingerprint)))
                    .map_err(|_| wrong("fingerprint", text, expected))
            }
            (Some(_), Some(text)) => Err(wrong("fingerprint", text, "no fingerprint beside ca")),
        }
    }
}

impl Pkcs12Table {
    fn source(self, read: ReadFile<'_>) -> Result<Source, IdentityFault> {
        let password = Secret::from(self.password.as_str());
        match (self.content, self.file) {
            (Some(text), None) => {
                let content = Text::from(text.as_str());
                if !content.is_placeholder() {
                    return Err(wrong("content", &text, "a variable and nothing else"));
                }
                Ok(Pkcs12::placeholder(content, password).into())
            }
            (None, Some(path)) => Ok(Pkcs12::new(Secret::new(read(&path)?), password).into()),
            (Some(text), Some(_)) => Err(wrong("content", &text, "no content beside file")),
            (None, None) => Err(wrong("content", "", "a variable, or file")),
        }
    }
}
