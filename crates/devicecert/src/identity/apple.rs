//! An identity as a configuration profile.

use core::time::Duration;

use devicecert_mobileconfig::payload::{
    AcmeKey, AcmePayload, AlternativeNames, CertificateFormat, CertificateHandle,
    CertificatePayload, CertificateType, Curve, EapConfiguration, EnclaveCurve, Encryption,
    EthernetPayload, IdentityHandle, IdentityPreference, Ikev2, Ikev2Authentication, KeyUsage,
    Pkcs12Payload, ProfileBuilder, RsaKeySize, ScepPayload, Subject, VpnPayload, WifiPayload,
};
use devicecert_mobileconfig::plist::{Scalar, Value};
use devicecert_mobileconfig::{Profile, Scope as ProfileScope};
use devicecert_pki::{Certificate, GeneralName, Provider, Secret};
use devicecert_scep::Fingerprint;
use devicecert_syncml::{self as syncml, Broadcast, Connect, Scope, WifiSecurity};

use super::consumer::{Consumer, EapTls, Ethernet, Vpn, Wifi};
use super::loss::{Losses, Lost, Written};
use super::source::{Acme, Ca, Pkcs12, Scep, Source};
use super::{IdentityRequest, KeyStorage, KeyType, names};
use crate::error::{Error, Platform};

pub(super) fn write(
    request: &IdentityRequest,
    provider: &dyn Provider,
) -> Result<Written<Profile>, Error> {
    let scope = match request.scope {
        Scope::Device => ProfileScope::System,
        Scope::User => ProfileScope::User,
    };
    let mut builder = ProfileBuilder::new(&request.identifier, scope);
    if let Some(name) = &request.display_name {
        builder = builder.display_name(name);
    }
    if let Some(organization) = &request.organization {
        builder = builder.organization(organization);
    }
    let mut writer =
        Writer { request, provider, builder, anchors: Vec::new(), lost: Losses::default() };
    writer.anchors();
    let identity = writer.identity()?;
    for consumer in &request.consumers {
        writer.consumer(consumer, &identity)?;
    }
    let why = "no device renews what a profile brought; the server sends the profile again";
    writer.lost.add_if(request.renewal.before.is_some(), Lost::Renewal, why);
    Ok(writer.lost.with(writer.builder.build()))
}

struct Writer<'a> {
    request: &'a IdentityRequest,
    provider: &'a dyn Provider,
    builder: ProfileBuilder,
    anchors: Vec<(&'a Certificate, CertificateHandle)>,
    lost: Losses,
}

impl<'a> Writer<'a> {
    fn anchors(&mut self) {
        for certificate in self.request.certificates() {
            let (name, format) = match certificate.is_self_issued() {
                true => ("root", CertificateFormat::Root),
                false => ("intermediate", CertificateFormat::Pkcs1),
            };
            let payload = CertificatePayload::of(format, certificate);
            let handle = match certificate.subject().common_name() {
                Some(common) => self.builder.add_with_display_name(name, &common, payload),
                None => self.builder.add(name, payload),
            };
            self.anchors.push((certificate, handle));
        }
    }

    fn identity(&mut self) -> Result<IdentityHandle, Error> {
        match &self.request.source {
            Source::Scep(source) => {
                let payload = self.scep(source)?;
                Ok(self.builder.add("scep", payload))
            }
            Source::Acme(source) => {
                let payload = self.acme(source)?;
                Ok(self.builder.add("acme", payload))
            }
            Source::Pkcs12(source) => {
                let payload = self.pkcs12(source)?;
                Ok(self.builder.add("pkcs12", payload))
            }
        }
    }

    fn scep(&mut self, source: &Scep) -> Result<ScepPayload, Error> {
        let request = self.request;
        let mut urls = source.server_urls.iter();
        let url = urls.next().ok_or(Error::missing(Platform::Apple, "the URL of the server"))?;
        for further in urls {
            self.lost.add(Lost::ServerUrl(further.clone()), "devices know one server");
        }
        let mut scep = ScepPayload::new(url, self.subject()?);
        scep.name.clone_from(&source.ca_identifier);
        scep.alternative_names = self.alternative_names();
        scep.challenge = source.challenge.as_ref().map(written).transpose()?;
        scep.key_size = match request.key.kind {
            KeyType::Rsa(1024) => RsaKeySize::Bits1024,
            KeyType::Rsa(2048) => RsaKeySize::Bits2048,
            KeyType::Rsa(4096) => RsaKeySize::Bits4096,
            KeyType::Rsa(_) | KeyType::Ec(_) => {
                let expected = "RSA of 1024, 2048 or 4096 bits with SCEP";
                return Err(Error::impossible(Platform::Apple, "such a key", expected));
            }
        };
        scep.key_usage = self.key_usage()?;
        match &source.ca {
            Some(Ca::Placeholder(text)) => {
                let template = Value::Data(Scalar::Template(text.clone()));
                scep.other_content.insert("CAFingerprint", template);
            }
            Some(Ca::Fingerprint(fingerprint)) => {
                scep.ca_fingerprint = Some(fingerprint.as_bytes().to_vec());
            }
            Some(Ca::Certificate(certificate)) => {
                let fingerprint = Fingerprint::of(certificate, self.provider)?;
                scep.ca_fingerprint = Some(fingerprint.as_bytes().to_vec());
            }
            None => {}
        }
        if let Some(retry) = source.retry {
            scep.retries = retry.count;
            scep.retry_delay = self.whole_seconds(retry.delay);
        }
        scep.key_is_extractable = request.key.extractable;
        scep.allow_all_apps_access = request.key.all_apps_access;
        if let Some(days) = request.renewal.notice_days {
            scep.other_content.insert("CertificateRenewalTimeInterval", days);
        }
        self.software_only();
        self.lost.add_if(source.template.is_some(), Lost::Template, "the CA decides");
        let decides = "the CA decides; a SCEP payload has no key for it";
        self.lost.add_if(!request.purposes.is_empty(), Lost::Purposes, decides);
        self.enrolment();
        Ok(scep)
    }

    fn acme(&mut self, source: &Acme) -> Result<AcmePayload, Error> {
        let request = self.request;
        let key = self.acme_key()?;
        let subject = self.subject()?;
        let mut acme =
            AcmePayload::new(&source.directory_url, &source.client_identifier, key, subject);
        acme.alternative_names = self.alternative_names();
        acme.usage = Some(self.key_usage()?);
        acme.extended_key_usage = request.purposes.iter().map(ToString::to_string).collect();
        acme.key_is_extractable = request.key.extractable;
        acme.allow_all_apps_access = request.key.all_apps_access;
        self.enrolment();
        self.notice();
        Ok(acme)
    }

    fn acme_key(&mut self) -> Result<AcmeKey, Error> {
        let key = &self.request.key;
        let wrong = |expected| Err(Error::impossible(Platform::Apple, "such a key", expected));
        match (key.kind, &key.storage) {
            (KeyType::Ec(Curve::P256), KeyStorage::SecureEnclave(attestation)) => {
                Ok(AcmeKey::SecureEnclave(EnclaveCurve::P256, *attestation))
            }
            (KeyType::Ec(Curve::P384), KeyStorage::SecureEnclave(attestation)) => {
                Ok(AcmeKey::SecureEnclave(EnclaveCurve::P384, *attestation))
            }
            (_, KeyStorage::SecureEnclave(_)) => wrong("P-256 or P-384 in the Secure Enclave"),
            (KeyType::Ec(curve), _) => {
                self.software_only();
                Ok(AcmeKey::Ec(curve))
            }
            (KeyType::Rsa(bits), _) if (1024..=4096).contains(&bits) && bits % 8 == 0 => {
                self.software_only();
                Ok(AcmeKey::Rsa(bits))
            }
            (KeyType::Rsa(_), _) => wrong("RSA of a multiple of 8 from 1024 to 4096 bits"),
        }
    }

    fn pkcs12(&mut self, source: &Pkcs12) -> Result<Pkcs12Payload, Error> {
        let request = self.request;
        let content = match &source.content {
            Scalar::Value(der) => Scalar::Value(der.expose().to_vec()),
            Scalar::Template(text) => Scalar::Template(text.clone()),
        };
        let mut pkcs12 = Pkcs12Payload::new(content, written(&source.password)?);
        pkcs12.key_is_extractable = request.key.extractable;
        pkcs12.allow_all_apps_access = request.key.all_apps_access;
        self.software_only();
        self.notice();
        self.lost.in_the_file(request);
        Ok(pkcs12)
    }

    fn consumer(&mut self, consumer: &Consumer, identity: &IdentityHandle) -> Result<(), Error> {
        match consumer {
            Consumer::Wifi(wifi) => {
                let payload = self.wifi(wifi, identity);
                self.builder.add_with_display_name("wifi", &wifi.ssid, payload);
            }
            Consumer::Ethernet(Ethernet { interface, eap }) => {
                let payload = EthernetPayload::new(*interface, self.eap(eap), identity.clone());
                self.builder.add("ethernet", payload);
            }
            Consumer::Vpn(vpn) => {
                let payload = self.vpn(vpn, identity)?;
                self.builder.add_with_display_name("vpn", &vpn.name, payload);
            }
            Consumer::Preference(_) if self.request.scope == Scope::Device => {
                self.lost.add(Lost::Preference, "only users have preferences");
            }
            Consumer::Preference(name) => {
                self.builder.add("preference", IdentityPreference::new(name, identity.clone()));
            }
        }
        Ok(())
    }

    fn vpn(&self, vpn: &Vpn, identity: &IdentityHandle) -> Result<VpnPayload, Error> {
        let kind = self.certificate_type()?;
        if kind.is_some() && vpn.server_certificate_issuer.is_none() {
            let what = "the issuer of the gateway's certificate, to say that a key is on a curve";
            return Err(Error::missing(Platform::Apple, what));
        }
        let authentication = Ikev2Authentication::Certificate(identity.clone(), kind);
        let mut ikev2 = Ikev2::new(&vpn.remote_address, &vpn.local_identifier, authentication);
        ikev2.server_certificate_issuer.clone_from(&vpn.server_certificate_issuer);
        Ok(VpnPayload::new(&vpn.name, ikev2))
    }

    /// The kind of key to name in a VPN: devices take any for RSA if none is named.
    fn certificate_type(&self) -> Result<Option<CertificateType>, Error> {
        match self.request.key.kind {
            KeyType::Rsa(_) => Ok(None),
            KeyType::Ec(Curve::P256) => Ok(Some(CertificateType::Ecdsa256)),
            KeyType::Ec(Curve::P384) => Ok(Some(CertificateType::Ecdsa384)),
            KeyType::Ec(Curve::P521) => Ok(Some(CertificateType::Ecdsa521)),
            KeyType::Ec(Curve::P192) => {
                let expected = "RSA, P-256, P-384 or P-521 in a VPN";
                Err(Error::impossible(Platform::Apple, "such a key", expected))
            }
        }
    }

    fn wifi(&mut self, wifi: &Wifi, identity: &IdentityHandle) -> WifiPayload {
        let encryption = match wifi.security {
            WifiSecurity::Wpa2Enterprise => Encryption::Wpa2,
            WifiSecurity::Wpa3Enterprise => Encryption::Wpa3,
            _ => {
                self.lost.add(Lost::WifiSecurity, "WPA3 is asked for, the network decides how");
                Encryption::Wpa3
            }
        };
        let eap = self.eap(&wifi.eap);
        let mut payload = WifiPayload::enterprise(&wifi.ssid, encryption, eap, identity.clone());
        payload.hidden = wifi.broadcast == Broadcast::Hidden;
        payload.auto_join = wifi.connect == Connect::Automatically;
        payload.disable_mac_randomization = wifi.disable_mac_randomization;
        payload
    }

    fn eap(&self, eap: &EapTls) -> EapConfiguration {
        let handle = |root| self.anchors.iter().find(|(known, _)| *known == root);
        let anchors = eap.roots.iter().filter_map(handle).map(|(_, handle)| handle.clone());
        EapConfiguration::tls(anchors.collect(), eap.server_names.clone())
    }

    fn subject(&self) -> Result<Subject, Error> {
        names::subject(self.request, Platform::Apple)
    }

    fn alternative_names(&mut self) -> AlternativeNames {
        let mut names = AlternativeNames::new();
        for name in &self.request.alternative_names {
            match name {
                GeneralName::Email(mailbox) => names.emails.push(mailbox.clone()),
                GeneralName::Dns(host) => names.dns_names.push(host.clone()),
                GeneralName::Uri(uri) => names.uris.push(uri.clone()),
                GeneralName::Upn(upn) if names.nt_principal_name.is_none() => {
                    names.nt_principal_name = Some(upn.clone());
                }
                GeneralName::Upn(_) => {
                    let why = "devices take one principal name";
                    self.lost.add(Lost::AlternativeName(name.clone()), why);
                }
                _ => {
                    let why = "devices know mailboxes, hosts, URIs and principal names only";
                    self.lost.add(Lost::AlternativeName(name.clone()), why);
                }
            }
        }
        names
    }

    /// The bits for signatures and encryption, counted from Apple's end.
    fn key_usage(&mut self) -> Result<KeyUsage, Error> {
        let usage = self.request.usage;
        for bit in usage.names() {
            let known = matches!(bit, "digitalSignature" | "keyEncipherment");
            let why = "devices ask for signatures and encryption only";
            self.lost.add_if(!known, Lost::KeyUsage(bit), why);
        }
        let mask = u32::from(syncml::KeyUsage::from(usage).to_apple());
        match KeyUsage(mask & KeyUsage::SIGNING_AND_ENCRYPTION.0) {
            KeyUsage::UNSPECIFIED => {
                let expected = "digitalSignature, keyEncipherment or both";
                Err(Error::impossible(Platform::Apple, "such a key usage", expected))
            }
            usage => Ok(usage),
        }
    }

    fn whole_seconds(&mut self, delay: Duration) -> Duration {
        let up = u64::from(delay.subsec_nanos() > 0);
        let seconds = delay.as_secs().saturating_add(up).min(u64::from(u32::MAX));
        let written = Duration::from_secs(seconds);
        let why = "devices count whole seconds, up to 4294967295";
        self.lost.add_if(written != delay, Lost::RetryDelay(delay), why);
        written
    }

    fn software_only(&mut self) {
        let why = "the key is kept in software; only ACME makes keys in the Secure Enclave";
        let lost = self.request.key.storage != KeyStorage::Software;
        self.lost.add_if(lost, Lost::KeyStorage, why);
    }

    fn notice(&mut self) {
        let why = "there is such a key for SCEP only";
        self.lost.add_if(self.request.renewal.notice_days.is_some(), Lost::ExpiryNotice, why);
    }

    fn enrolment(&mut self) {
        let request = self.request;
        self.lost.add_if(request.hash.is_some(), Lost::Hash, "the device chooses");
        self.lost.add_if(request.validity.is_some(), Lost::Validity, "the CA decides");
    }
}

/// A secret that a string of a profile can be.
fn written(secret: &Secret) -> Result<Secret, Error> {
    match core::str::from_utf8(secret.expose()) {
        Ok(_) => Ok(secret.clone()),
        Err(_) => Err(Error::impossible(Platform::Apple, "such a secret", "text in UTF-8")),
    }
}
