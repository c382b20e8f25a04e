//! The keys of the file.

use std::path::PathBuf;

use devicecert::identity::{
    Consumer, EapTls, Ethernet, IdentityRequest, Key, KeyStorage, KeyType, KeyUsage,
    ObjectIdentifier, Scope, Wifi,
};
use devicecert::mobileconfig::payload::{Attestation, Curve};
use devicecert::pki::GeneralName;
use devicecert::syncml::{Broadcast, Connect, ValidFor, WifiSecurity};
use serde::Deserialize;

use super::source::{AcmeTable, Pkcs12Table, ScepTable, source};
use super::{IdentityFault, ReadFile, certificates, wrong};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Identity {
    identifier: String,
    name: Option<String>,
    organization: Option<String>,
    #[serde(default)]
    scope: ScopeWord,
    subject: String,
    #[serde(default)]
    alternative_names: Vec<String>,
    usage: Option<Vec<UsageWord>>,
    #[serde(default)]
    purposes: Vec<String>,
    validity_days: Option<u32>,
    #[serde(default)]
    trust: Vec<PathBuf>,
    pub(super) scep: Option<ScepTable>,
    pub(super) acme: Option<AcmeTable>,
    pub(super) pkcs12: Option<Pkcs12Table>,
    #[serde(default)]
    key: KeyTable,
    #[serde(default)]
    wifi: Vec<WifiTable>,
    #[serde(default)]
    ethernet: Vec<EthernetTable>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ScopeWord {
    #[default]
    Device,
    User,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum UsageWord {
    Sign,
    Encrypt,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct KeyTable {
    r#type: KeyWord,
    storage: StorageWord,
    extractable: bool,
    all_apps_access: bool,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum KeyWord {
    #[default]
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    #[serde(rename = "rsa-4096")]
    Rsa4096,
    #[serde(rename = "p256")]
    P256,
    #[serde(rename = "p384")]
    P384,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StorageWord {
    #[default]
    Software,
    Tpm,
    TpmIfPresent,
    SecureEnclave,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WifiTable {
    ssid: String,
    #[serde(default)]
    security: SecurityWord,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    join: JoinWord,
    #[serde(default)]
    roots: Vec<PathBuf>,
    #[serde(default)]
    servers: Vec<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum SecurityWord {
    #[default]
    #[serde(rename = "wpa2")]
    Wpa2,
    #[serde(rename = "wpa3")]
    Wpa3,
    #[serde(rename = "wpa3-192")]
    Wpa3Suite192,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum JoinWord {
    #[default]
    Automatically,
    Manually,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct EthernetTable {
    #[serde(default)]
    roots: Vec<PathBuf>,
    #[serde(default)]
    servers: Vec<String>,
}

impl Identity {
    pub(super) fn request(mut self, read: ReadFile<'_>) -> Result<IdentityRequest, IdentityFault> {
        let source = source(&mut self, read)?;
        let subject = self.subject.parse();
        let subject =
            subject.map_err(|_| wrong("subject", &self.subject, "CN=laptop-7,O=Example"))?;
        let mut request = IdentityRequest::new(self.identifier, source).subject(subject);
        request.display_name = self.name;
        request.organization = self.organization;
        request.scope = match self.scope {
            ScopeWord::Device => Scope::Device,
            ScopeWord::User => Scope::User,
        };
        for text in &self.alternative_names {
            request = request.alternative_name(alternative_name(text)?);
        }
        if let Some(usage) = &self.usage {
            request.usage = usage_of(usage)?;
        }
        for text in &self.purposes {
            let purpose: Result<ObjectIdentifier, _> = text.parse();
            let purpose = purpose.map_err(|_| wrong("purposes", text, "1.3.6.1.5.5.7.3.2"))?;
            request.purposes.push(purpose);
        }
        request.validity = self.validity_days.map(ValidFor::Days);
        request.trust = certificates(&self.trust, read)?;
        request.key = self.key.key();
        for table in self.wifi {
            request.consumers.push(table.consumer(read)?);
        }
        for table in self.ethernet {
            let eap = EapTls::new(certificates(&table.roots, read)?, table.servers);
            request.consumers.push(Ethernet::new(eap).into());
        }
        Ok(request)
    }
}

fn alternative_name(text: &str) -> Result<GeneralName, IdentityFault> {
    let expected = "email:, dns:, uri: or upn: and the name";
    let (kind, name) =
        text.split_once(':').ok_or_else(|| wrong("alternative-names", text, expected))?;
    let name = name.to_owned();
    match kind {
        "email" => Ok(GeneralName::Email(name)),
        "dns" => Ok(GeneralName::Dns(name)),
        "uri" => Ok(GeneralName::Uri(name)),
        "upn" => Ok(GeneralName::Upn(name)),
        _ => Err(wrong("alternative-names", text, expected)),
    }
}

fn usage_of(words: &[UsageWord]) -> Result<KeyUsage, IdentityFault> {
    let sign = words.iter().any(|word| matches!(word, UsageWord::Sign));
    let encrypt = words.iter().any(|word| matches!(word, UsageWord::Encrypt));
    match (sign, encrypt) {
        (true, true) => Ok(KeyUsage::SIGN_AND_ENCIPHER),
        (true, false) => Ok(KeyUsage::DIGITAL_SIGNATURE),
        (false, true) => Ok(KeyUsage::KEY_ENCIPHERMENT),
        (false, false) => Err(wrong("usage", "", "\"sign\", \"encrypt\" or both")),
    }
}

impl KeyTable {
    fn key(&self) -> Key {
        let mut key = Key::default();
        key.kind = match self.r#type {
            KeyWord::Rsa2048 => KeyType::Rsa(2048),
            KeyWord::Rsa4096 => KeyType::Rsa(4096),
            KeyWord::P256 => KeyType::Ec(Curve::P256),
            KeyWord::P384 => KeyType::Ec(Curve::P384),
        };
        key.storage = match self.storage {
            StorageWord::Software => KeyStorage::Software,
            StorageWord::Tpm => KeyStorage::Tpm,
            StorageWord::TpmIfPresent => KeyStorage::TpmIfPresent,
            StorageWord::SecureEnclave => KeyStorage::SecureEnclave(Attestation::Required),
        };
        key.extractable = self.extractable;
        key.all_apps_access = self.all_apps_access;
        key
    }
}

impl WifiTable {
    fn consumer(self, read: ReadFile<'_>) -> Result<Consumer, IdentityFault> {
        let eap = EapTls::new(certificates(&self.roots, read)?, self.servers);
        let mut wifi = Wifi::new(self.ssid, eap);
        wifi.security = match self.security {
            SecurityWord::Wpa2 => WifiSecurity::Wpa2Enterprise,
            SecurityWord::Wpa3 => WifiSecurity::Wpa3Enterprise,
            SecurityWord::Wpa3Suite192 => WifiSecurity::Wpa3Enterprise192,
        };
        wifi.broadcast = if self.hidden { Broadcast::Hidden } else { Broadcast::Visible };
        wifi.connect = match self.join {
            JoinWord::Automatically => Connect::Automatically,
            JoinWord::Manually => Connect::Manually,
        };
        Ok(wifi.into())
    }
}
