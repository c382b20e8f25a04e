//! An Apple device: a configuration profile.

use devicecert::mobileconfig::payload::{AnyPayload, Pkcs12Payload, ScepPayload};
use devicecert::mobileconfig::plist::Scalar;
use devicecert::mobileconfig::{Limits, Profile};
use devicecert::pki::pkcs12::Pkcs12;
use devicecert::pki::{Limits as PkiLimits, Name, Secret};
use devicecert::scep::Fingerprint;

use super::{Device, DeviceError, Installed, Wanted};

impl Device {
    /// Installs a configuration profile, of which the certificate payloads count.
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
        let mut installed = Vec::new();
        for payload in profile.payloads() {
            let Some(payload) = payload.value().as_dictionary() else { continue };
            match AnyPayload::read(payload) {
                AnyPayload::Scep(scep) => {
                    say(&format!("the profile says: SCEP at {}", host_of(&scep.url)));
                    let (key, chain) = self.enrol(&self.wanted(&scep)?, say)?;
                    installed.push(self.install(name, &key.to_file()?, &chain)?);
                }
                AnyPayload::Pkcs12(file) => {
                    say("the profile says: a key and its certificate, in PKCS #12");
                    let opened = self.open(name, &file)?;
                    let key = opened.key().ok_or(DeviceError::Profile("a private key"))?;
                    installed.push(self.install_pkcs8(name, key, opened.certificates())?);
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

    fn open(&self, name: &str, file: &Pkcs12Payload) -> Result<Pkcs12, DeviceError> {
        let Scalar::Value(content) = &file.content else {
            return Err(DeviceError::Profile("a file in place of the variable"));
        };
        let password = file.password.clone().unwrap_or_else(|| Secret::from(""));
        let provider = self.backend.provider();
        let opened = Pkcs12::open(content, &password, provider, &PkiLimits::default())?;
        self.keep(name, content, &password)?;
        Ok(opened)
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
