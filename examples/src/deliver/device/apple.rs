//! An Apple device: a configuration profile.

use std::path::{Component, Path, PathBuf};

use devicecert::mobileconfig::payload::{AnyPayload, Pkcs12Payload, ScepPayload};
use devicecert::mobileconfig::plist::{Dictionary, Scalar, Value};
use devicecert::mobileconfig::{Limits, Profile};
use devicecert::pki::pkcs12::Pkcs12;
use devicecert::pki::{Limits as PkiLimits, Name, Secret};
use devicecert::scep::Fingerprint;

use super::{Device, DeviceError, Installed, Wanted};

impl Device {
    /// Installs a configuration profile, of which the certificate payloads count: each in a folder
    /// called by its PayloadIdentifier, within one that is called `name`.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn install_profile(
        &self,
        profile: &str,
        name: &str,
        say: &mut dyn FnMut(&str),
    ) -> Result<Vec<Installed>, DeviceError> {
        let profile = Profile::read(profile.as_bytes(), &Limits::default())?;
        // All are looked at before the first enrols: an enrolment cannot be taken back.
        let mut wanted: Vec<(PathBuf, AnyPayload)> = Vec::new();
        for payload in profile.payloads() {
            let Some(payload) = payload.value().as_dictionary() else { continue };
            let any = AnyPayload::read(payload);
            if !matches!(any, AnyPayload::Scep(_) | AnyPayload::Pkcs12(_)) {
                continue;
            }
            let folder = Path::new(name).join(folder_of(payload)?);
            if wanted.iter().any(|(other, _)| *other == folder) {
                return Err(DeviceError::Profile("a PayloadIdentifier for each payload"));
            }
            wanted.push((folder, any));
        }
        let mut installed = Vec::new();
        for (folder, payload) in &wanted {
            match payload {
                AnyPayload::Scep(scep) => {
                    say(&format!("the profile says: SCEP at {}", host_of(&scep.url)));
                    let (key, chain) = self.enrol(&self.wanted(scep)?, say)?;
                    installed.push(self.install(folder, &key.to_file()?, &chain)?);
                }
                AnyPayload::Pkcs12(file) => {
                    say("the profile says: a key and its certificate, in PKCS #12");
                    let opened = self.open(folder, file)?;
                    let key = opened.key().ok_or(DeviceError::Profile("a private key"))?;
                    installed.push(self.install_pkcs8(folder, key, opened.certificates())?);
                }
                _ => {}
            }
        }
        match installed.is_empty() {
            true => Err(DeviceError::Profile("a SCEP or PKCS #12 payload")),
            false => Ok(installed),
        }
    }

    fn wanted(&self, scep: &ScepPayload) -> Result<Wanted, DeviceError> {
        // macOS fills its own variables in.
        let rdns: Vec<Vec<(String, String)>> = scep
            .subject
            .rdns()
            .iter()
            .map(|rdn| {
                let own = |value: &str| value.replace("%SerialNumber%", &self.serial);
                rdn.iter().map(|one| (one.kind.clone(), own(&one.value))).collect()
            })
            .collect();
        let pairs = rdns.iter().map(|rdn| rdn.iter().map(|(kind, value)| (&**kind, &**value)));
        Ok(Wanted {
            url: scep.url.clone(),
            subject: Name::from_rdns(pairs)?,
            challenge: scep.challenge.clone(),
            bits: usize::try_from(scep.key_size.bits()).unwrap_or(0),
            ca: scep.ca_fingerprint.as_deref().map(fingerprint).transpose()?,
        })
    }

    fn open(&self, folder: &Path, file: &Pkcs12Payload) -> Result<Pkcs12, DeviceError> {
        let Scalar::Value(content) = &file.content else {
            return Err(DeviceError::Profile("a file in place of the variable"));
        };
        let password = file.password.clone().unwrap_or_else(|| Secret::from(""));
        let provider = self.backend.provider();
        let opened = Pkcs12::open(content, &password, provider, &PkiLimits::default())?;
        self.keep(folder, content, &password)?;
        Ok(opened)
    }
}

/// What a payload is told apart by, if it can be the name of a folder and leads nowhere else.
fn folder_of(payload: &Dictionary) -> Result<&str, DeviceError> {
    let identifier = payload.get("PayloadIdentifier").and_then(Value::as_str).unwrap_or_default();
    let mut parts = Path::new(identifier).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(only)), None) if only == identifier => Ok(identifier),
        _ => Err(DeviceError::Profile("a PayloadIdentifier that can be the name of a folder")),
    }
}

/// `CAFingerprint` is SHA-1 or SHA-256, by its length.
fn fingerprint(octets: &[u8]) -> Result<Fingerprint, DeviceError> {
    match (octets.try_into(), octets.try_into()) {
        (Ok(sha1), _) => Ok(Fingerprint::sha1(sha1)),
        (_, Ok(sha256)) => Ok(Fingerprint::sha256(sha256)),
        _ => Err(DeviceError::Profile("a fingerprint of 20 or 32 octets")),
    }
}

/// The address without its path, which has a passcode in it.
pub(super) fn host_of(url: &str) -> &str {
    let end = url.match_indices('/').nth(2).map_or(url.len(), |(at, _)| at);
    url.get(..end).unwrap_or_default()
}
