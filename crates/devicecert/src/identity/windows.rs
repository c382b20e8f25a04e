//! An identity as SyncML.

use core::time::Duration;

use devicecert_mobileconfig::payload::{Interface, Subject};
use devicecert_mobileconfig::plist::Scalar;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{Certificate, GeneralName, Provider};
use devicecert_syncml::{
    AltNameType, AltNames, AuthMode, Document, EapTls as WindowsEapTls, Exportable, Hash,
    KeyLocation, KeyProtection, KeyUsage, NotAThumbprint, Operation, PfxInstall, ScepInstall,
    Scope, Setting, Store, Thumbprint, TrustedCertificate, WifiProfile, WiredProfile, Write,
};

use super::consumer::{Consumer, EapTls, Ethernet, Wifi};
use super::loss::{Losses, Lost, Written};
use super::source::{Ca, Pkcs12, Retry, Scep, Source};
use super::{IdentityRequest, KeyStorage, KeyType, names};
use crate::error::{Error, Platform};

/// More retries count as so many (ClientCertificateInstall CSP, `RetryCount`).
const MOST_RETRIES: u32 = 30;

pub(super) fn write(
    request: &IdentityRequest,
    write: Write,
    provider: &dyn Provider,
) -> Result<Written<Document>, Error> {
    let operations = Vec::new();
    let mut writer = Writer { request, write, provider, operations, lost: Losses::default() };
    writer.trust()?;
    match &request.source {
        Source::Scep(source) => writer.scep(source)?,
        Source::Pkcs12(source) => writer.pkcs12(source)?,
        Source::Acme(_) => {
            let expected = "SCEP or PKCS #12";
            return Err(Error::impossible(Platform::Windows, "ACME", expected));
        }
    }
    for consumer in &request.consumers {
        writer.consumer(consumer)?;
    }
    writer.described();
    Ok(writer.lost.with(Document::fragment(&writer.operations)?))
}

struct Writer<'a> {
    request: &'a IdentityRequest,
    write: Write,
    provider: &'a dyn Provider,
    operations: Vec<Operation>,
    lost: Losses,
}

impl Writer<'_> {
    fn trust(&mut self) -> Result<(), Error> {
        let mut shared = false;
        for certificate in self.request.certificates() {
            let (scope, store) = match certificate.is_self_issued() {
                true => (Scope::Device, Store::Root),
                false => (self.request.scope, Store::Intermediate),
            };
            shared |= scope != self.request.scope;
            let der = certificate.as_der();
            let trusted = TrustedCertificate::new(scope, store, der, self.provider)?;
            self.operations.push(trusted.operation(self.write)?);
        }
        let why = "roots are the computer's, and all its users trust them";
        self.lost.add_if(shared, Lost::TrustScope, why);
        Ok(())
    }

    fn scep(&mut self, source: &Scep) -> Result<(), Error> {
        let request = self.request;
        let mut urls = source.server_urls.iter();
        let url = urls.next().ok_or(Error::missing(Platform::Windows, "the URL of the server"))?;
        let subject = self.subject()?;
        let subject = names::windows_name(&subject)?;
        let ca = self.ca(source.ca.as_ref())?;
        let mut scep = ScepInstall::new(request.scope, &request.unique_id, url, subject, ca);
        scep.server_urls.extend(urls.cloned());
        if let Some(challenge) = &source.challenge {
            scep.challenge = challenge.clone();
        }
        scep.alt_names = self.alternative_names()?;
        scep.key_usage = self.key_usage();
        if !request.purposes.is_empty() {
            scep.purposes = request.purposes.iter().map(ToString::to_string).collect();
        }
        scep.key_length = match request.key.kind {
            KeyType::Rsa(bits) => bits,
            KeyType::Ec(_) => {
                let expected = "RSA of 1024, 2048 or 4096 bits";
                return Err(Error::impossible(Platform::Windows, "such a key", expected));
            }
        };
        scep.key_protection = self.key_protection();
        scep.hash = match (request.hash, &request.key.storage) {
            (Some(hash), _) => hash,
            (None, KeyStorage::WindowsHello { .. }) => Hash::Sha256,
            (None, _) => Hash::default(),
        };
        if let Some(retry) = source.retry {
            scep.retry_count = Some(self.retry_count(retry));
            scep.retry_delay = Some(self.whole_minutes(retry));
        }
        scep.template_name.clone_from(&source.template);
        scep.valid_for = request.validity;
        self.operations.extend(scep.operations(self.write)?);
        let why = "the computer asks every server for the CA called default";
        self.lost.add_if(source.ca_identifier.is_some(), Lost::CaIdentifier, why);
        let why = "keys made by SCEP stay where they are";
        self.lost.add_if(request.key.extractable, Lost::KeyExport, why);
        Ok(())
    }

    fn pkcs12(&mut self, source: &Pkcs12) -> Result<(), Error> {
        let request = self.request;
        let content = match &source.content {
            Scalar::Value(der) => Setting::Value(der.clone()),
            Scalar::Template(text) => Setting::placeholder(text.as_str())?,
        };
        let mut pfx = PfxInstall::from_setting(request.scope, &request.unique_id, content);
        pfx.password = source.password.clone();
        let exportable = match request.key.extractable {
            true => Exportable::Yes,
            false => Exportable::No,
        };
        pfx.key_location = match &request.key.storage {
            KeyStorage::Software => KeyLocation::Software { exportable },
            KeyStorage::Tpm => KeyLocation::Tpm,
            KeyStorage::TpmIfPresent => KeyLocation::TpmIfPresent,
            KeyStorage::WindowsHello { container, prompt } => {
                let why = "Windows shows its own text; only keys made by SCEP have one";
                self.lost.add_if(prompt.is_some(), Lost::PinPrompt, why);
                KeyLocation::WindowsHello { container: container.clone() }
            }
            KeyStorage::SecureEnclave(_) => {
                self.no_enclave();
                KeyLocation::Software { exportable }
            }
        };
        let kept = !matches!(pfx.key_location, KeyLocation::Software { .. });
        let why = "only a key in software can be exported";
        self.lost.add_if(kept && request.key.extractable, Lost::KeyExport, why);
        self.operations.extend(pfx.operations(self.write)?);
        self.lost.in_the_file(request);
        Ok(())
    }

    fn consumer(&mut self, consumer: &Consumer) -> Result<(), Error> {
        match consumer {
            Consumer::Wifi(wifi) => self.wifi(wifi),
            Consumer::Ethernet(Ethernet { interface, eap }) => {
                let wired = WiredProfile::new(self.request.scope, self.eap(eap)?);
                self.operations.extend(wired.operations(self.write)?);
                let why = "the profile is for every socket";
                self.lost.add_if(*interface != Interface::Global, Lost::Interface, why);
                Ok(())
            }
            Consumer::Vpn(_) => {
                self.lost.add(Lost::Vpn, "profiles of such networks are not written for Windows");
                Ok(())
            }
            Consumer::Preference(_) => {
                self.lost.add(Lost::Preference, "Windows chooses by itself, or asks");
                Ok(())
            }
        }
    }

    fn wifi(&mut self, wifi: &Wifi) -> Result<(), Error> {
        let mut profile = WifiProfile::new(self.request.scope, &wifi.ssid, self.eap(&wifi.eap)?);
        profile.security = wifi.security;
        profile.broadcast = wifi.broadcast;
        profile.connect = wifi.connect;
        self.operations.push(profile.operation(self.write)?);
        let why = "the profile does not say which address the computer has";
        self.lost.add_if(wifi.disable_mac_randomization.is_some(), Lost::MacRandomization, why);
        Ok(())
    }

    fn eap(&self, eap: &EapTls) -> Result<WindowsEapTls, Error> {
        let thumbprint = |root: &Certificate| Thumbprint::of(root.as_der(), self.provider);
        let roots = eap.roots.iter().map(thumbprint).collect::<Result<Vec<_>, _>>()?;
        let mode = match self.request.scope {
            Scope::Device => AuthMode::Machine,
            Scope::User => AuthMode::User,
        };
        if eap.server_names.iter().any(|name| name.contains(';')) {
            let expected = "a name without ;, which stands between two names";
            return Err(Error::impossible(Platform::Windows, "such a server name", expected));
        }
        let configuration = WindowsEapTls::new(roots).mode(mode);
        Ok(eap.server_names.iter().fold(configuration, WindowsEapTls::server_name))
    }

    fn subject(&self) -> Result<Subject, Error> {
        let subject = names::subject(self.request, Platform::Windows)?;
        if subject.is_empty() {
            return Err(Error::missing(Platform::Windows, "a subject"));
        }
        Ok(subject)
    }

    fn ca(&self, ca: Option<&Ca>) -> Result<Setting<Thumbprint>, Error> {
        let what = "the CA: its certificate or SHA-1 thumbprint";
        match ca.ok_or(Error::missing(Platform::Windows, what))? {
            Ca::Certificate(certificate) => {
                Ok(Thumbprint::of(certificate.as_der(), self.provider)?.into())
            }
            Ca::Placeholder(text) => Ok(Setting::placeholder(text.as_str())?),
            Ca::Fingerprint(fingerprint) => {
                let octets = fingerprint.as_bytes();
                match (fingerprint.digest(), <[u8; 20]>::try_from(octets)) {
                    (DigestAlgorithm::Sha1, Ok(octets)) => Ok(Thumbprint::new(octets).into()),
                    (other, _) => {
                        let (name, octets) = (other.name(), octets.len());
                        Err(NotAThumbprint::OtherDigest { name, octets }.into())
                    }
                }
            }
        }
    }

    fn alternative_names(&mut self) -> Result<AltNames, Error> {
        self.request.alternative_names.iter().try_fold(AltNames::new(), |names, name| {
            let (kind, value) = match name {
                GeneralName::Email(mailbox) => (AltNameType::EMAIL, mailbox),
                GeneralName::Dns(host) => (AltNameType::DNS, host),
                GeneralName::Uri(uri) => (AltNameType::URI, uri),
                GeneralName::Upn(upn) => (AltNameType::UPN, upn),
                _ => {
                    let why = "how Windows wants such a name is not documented";
                    self.lost.add(Lost::AlternativeName(name.clone()), why);
                    return Ok(names);
                }
            };
            Ok(names.with(kind, value)?)
        })
    }

    fn key_usage(&mut self) -> KeyUsage {
        let second = self.request.usage.names().find(|bit| *bit == "decipherOnly");
        if let Some(bit) = second {
            self.lost.add(Lost::KeyUsage(bit), "the node has the first eight bits only");
        }
        KeyUsage::from(self.request.usage)
    }

    fn key_protection(&mut self) -> Option<KeyProtection> {
        match &self.request.key.storage {
            KeyStorage::Software => Some(KeyProtection::Software),
            KeyStorage::Tpm => Some(KeyProtection::Tpm),
            KeyStorage::TpmIfPresent => Some(KeyProtection::TpmIfPresent),
            KeyStorage::WindowsHello { container, prompt } => Some(KeyProtection::WindowsHello {
                container: container.clone(),
                prompt: prompt.clone(),
            }),
            KeyStorage::SecureEnclave(_) => {
                self.no_enclave();
                Some(KeyProtection::Software)
            }
        }
    }

    fn no_enclave(&mut self) {
        let why = "there is no Secure Enclave; the key is kept in software";
        self.lost.add(Lost::KeyStorage, why);
    }

    fn retry_count(&mut self, retry: Retry) -> u32 {
        let lost = retry.count > MOST_RETRIES;
        self.lost.add_if(lost, Lost::RetryCount(retry.count), "Windows asks up to 30 times");
        retry.count.min(MOST_RETRIES)
    }

    fn whole_minutes(&mut self, Retry { delay, .. }: Retry) -> Duration {
        let up = u64::from(delay.subsec_nanos() > 0);
        let minutes = delay.as_secs().saturating_add(up).div_ceil(60).max(1);
        let minutes = minutes.min(u64::from(u32::MAX));
        let written = Duration::from_secs(minutes.saturating_mul(60));
        let why = "Windows counts whole minutes, and waits one at least";
        self.lost.add_if(written != delay, Lost::RetryDelay(delay), why);
        written
    }

    /// What is for people, or for the server that sends this.
    fn described(&mut self) {
        let request = self.request;
        let why = "people do not see it";
        self.lost.add_if(request.display_name.is_some(), Lost::DisplayName, why);
        self.lost.add_if(request.organization.is_some(), Lost::Organization, why);
        let why = "Windows knows no such right";
        self.lost.add_if(request.key.all_apps_access, Lost::AllAppsAccess, why);
        let why = "the server has it enrolled again";
        self.lost.add_if(request.renewal.before.is_some(), Lost::Renewal, why);
        let why = "Windows does not tell its user";
        self.lost.add_if(request.renewal.notice_days.is_some(), Lost::ExpiryNotice, why);
    }
}
