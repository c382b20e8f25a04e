//! One profile for one host, from the template to the certificate and its renewal.

use std::path::Path;
use std::sync::Arc;

use devicecert::ca::Uuid;
use devicecert::delivery::{EstCa, EstKind};
use devicecert::est::ExplicitTrustAnchors;
use devicecert::fleet::proxy::Store;
use devicecert::fleet::{self, Delivery as Commands, Destination, MissingStatus, State};
use devicecert::pki::error::KeyError;
use devicecert::pki::{Certificate, CsrParams, Error as PkiError, KeyKind, Name};
use tokio::runtime::Runtime;

use super::device::{Device, DeviceError, Installed};
use super::mdm::{Mdm, MdmError};
use super::profiles::Sample;
use crate::client::Patience;
use crate::est::client::{self as est, EstError, Linking};
use crate::est::{Session, SessionError, TlsVersions, Trust};
use crate::keys::Backend;
use crate::proxy::Client;

/// What the MDM server knows of a host.
#[derive(Clone, Debug)]
pub struct Host {
    /// The hardware UUID.
    pub uuid: String,
    /// The serial number.
    pub serial: String,
    /// The user, at the identity provider.
    pub user: fleet::User,
}

/// Server and devices, ready to play.
pub struct Story<S> {
    /// The server.
    pub mdm: Mdm<S>,
    /// Where it runs.
    pub runtime: Arc<Runtime>,
    /// The devices' way to it.
    pub client: Client,
    /// Who does the cryptography of both.
    pub backend: Backend,
    /// Told what happens, in order.
    pub say: Box<dyn Fn(&str)>,
}

/// What came of a profile.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The host as the profile was rendered for it.
    pub host: fleet::Host,
    /// What the device has now.
    pub installed: Installed,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoryError {
    /// Fleet would not take the profile.
    #[error("Fleet refuses the profile: {0}")]
    Refused(String),
    /// The server.
    #[error(transparent)]
    Mdm(#[from] MdmError),
    /// The device.
    #[error("the device: {0}")]
    Device(#[from] DeviceError),
    /// The EST CA.
    #[error("the EST CA: {0}")]
    Est(#[from] EstError),
    /// A Windows device left out what it had to say.
    #[error("the device: {0}")]
    Status(#[from] MissingStatus),
    /// A Windows device refused the profile.
    #[error("the device refused the profile: {0}")]
    RefusedByDevice(String),
}

impl From<devicecert::Error> for StoryError {
    fn from(error: devicecert::Error) -> Self {
        MdmError::from(error).into()
    }
}

impl From<KeyError> for StoryError {
    fn from(error: KeyError) -> Self {
        MdmError::from(error).into()
    }
}

impl From<PkiError> for StoryError {
    fn from(error: PkiError) -> Self {
        MdmError::from(error).into()
    }
}

impl From<SessionError> for StoryError {
    fn from(error: SessionError) -> Self {
        EstError::from(error).into()
    }
}

impl<S: Store> Story<S> {
    /// Uploads a profile, and has it rendered, sent, and obeyed.
    ///
    /// # Errors
    /// [`StoryError`].
    pub fn begin(
        &self,
        sample: &Sample,
        host: &Host,
        folder: &Path,
    ) -> Result<Outcome, StoryError> {
        if let Some(finding) = sample.refused(&self.mdm.authorities, self.mdm.rules).first() {
            return Err(StoryError::Refused(finding.to_string()));
        }
        let (letter, platform) = match sample.destination {
            Destination::WindowsProfile => ("w", "windows"),
            _ => ("a", "darwin"),
        };
        let profile_uuid = format!("{letter}{}", self.uuid()?);
        let host = fleet::Host::new(&host.uuid, &profile_uuid)
            .serial(&host.serial)
            .platform(platform)
            .user(host.user.clone());
        let installed = self.deliver(sample, &host, folder)?;
        Ok(Outcome { host, installed })
    }

    /// Looks at the clock, and renews what is due: the profile is rendered anew, with everything
    /// that is good for one time only, and sent again.
    ///
    /// # Errors
    /// [`StoryError`].
    pub fn renew(
        &self,
        sample: &Sample,
        before: &Outcome,
        folder: &Path,
    ) -> Result<Option<Installed>, StoryError> {
        let host = &before.host;
        if !self.runtime.block_on(self.mdm.is_due(host, &sample.ca))? {
            return Ok(None);
        }
        let until = before.installed.certificate.validity().not_after;
        (self.say)(&format!(
            "{}: due, as it ends on {until}; the profile goes out again",
            sample.name
        ));
        self.deliver(sample, host, folder).map(Some)
    }

    fn deliver(
        &self,
        sample: &Sample,
        host: &fleet::Host,
        folder: &Path,
    ) -> Result<Installed, StoryError> {
        let template = sample.template()?;
        let names: Vec<_> = template.variables().iter().map(ToString::to_string).collect();
        (self.say)(&format!("{}: {}", sample.name, names.join(" ")));
        let sent = self.runtime.block_on(self.mdm.deliver(&template, host))?;
        let bytes = sent.profile.as_str().len();
        (self.say)(&format!("filled for this host, {bytes} bytes; filed and sent"));
        let device = self.device(host.value(&serial()).unwrap_or_default(), folder);
        let mut say = |line: &str| (self.say)(line);
        let installed = match sample.destination {
            Destination::WindowsProfile => {
                self.obey(&device, &sent.profile, &sample.name, &mut say)?
            }
            _ => {
                let all = device.install_profile(sent.profile.as_str(), &sample.name, &mut say)?;
                let first = all.into_iter().next();
                first.ok_or(DeviceError::Profile("a certificate"))?
            }
        };
        // The challenge of NDES is used: somebody else may have its place.
        drop(sent.room);
        let seen = std::slice::from_ref(&installed.certificate);
        self.runtime.block_on(self.mdm.inventory(host, &sample.ca, seen))?;
        let (subject, until) =
            (installed.certificate.subject(), installed.certificate.validity().not_after);
        let folder = installed.folder.display();
        (self.say)(&format!("installed in {folder}: {subject}, until {until}"));
        Ok(installed)
    }

    /// Windows: the profile in one Atomic, with an id for every command.
    fn obey(
        &self,
        device: &Device,
        profile: &fleet::Filled,
        name: &str,
        say: &mut dyn FnMut(&str),
    ) -> Result<Installed, StoryError> {
        let root = self.uuid()?.to_string();
        let mut ids = Vec::new();
        let mut next = || {
            let id = format!("{root}-{}", ids.len());
            ids.push(id.clone());
            id
        };
        let commands = Commands::new(profile, &root, &mut next).map_err(devicecert::Error::from)?;
        let text = commands.profile().as_str();
        let (installed, statuses) = device.run_commands(text, name, say)?;
        let status = |id: &str| statuses.iter().find(|(of, _)| of == id).map(|(_, it)| *it);
        match commands.state(status)? {
            State::Failed { detail } => Err(StoryError::RefusedByDevice(detail)),
            state => {
                say(&format!("Windows acknowledged {} commands: {state}", statuses.len()));
                Ok(installed)
            }
        }
    }

    /// A Linux host, which has no profiles: it makes a key, and the server passes its request on
    /// to an EST CA. `anchors` are those of the CA's TLS.
    ///
    /// # Errors
    /// [`StoryError`].
    pub fn linux(
        &self,
        ca: &EstCa,
        anchors: Vec<Certificate>,
        host: &Host,
        folder: &Path,
    ) -> Result<Installed, StoryError> {
        let key = self.backend.generate(KeyKind::P256)?;
        let subject = Name::from_rdns([[("CN", host.serial.as_str())]])?;
        (self.say)(&format!("{}: the host made a key (P-256) and asks as {subject}", ca.name()));
        let csr = CsrParams::new(subject).unsigned(key.public_key())?.sign(&*key)?;
        let trust = Trust::Explicit(ExplicitTrustAnchors::new(anchors));
        let mut session = Session::new(&trust, None, TlsVersions::Both)?;
        let mut enrolment = ca.enrolment(csr, self.backend.provider());
        let say = |line: &str| (self.say)(line);
        let keys = [&*key];
        let (linking, patience) = (Linking::Off, Patience::Leave);
        let outcome = est::run(&mut enrolment, &mut session, &keys, linking, patience, say)?;
        let est::Outcome::Issued(issued) = outcome else { return Err(DeviceError::Pending.into()) };
        let device = self.device(&host.serial, folder);
        let chain = [vec![issued.certificate], issued.chain].concat();
        // CAs of two kinds may have one name.
        let kind = match ca.kind() {
            EstKind::Hydrant => "hydrant",
            EstKind::Custom => "custom-est",
            _ => "est",
        };
        let name = format!("{kind}-{}", ca.name());
        let installed = device.install(Path::new(&name), &key.to_file()?, &chain)?;
        let until = installed.certificate.validity().not_after;
        (self.say)(&format!("installed in {}, until {until}", installed.folder.display()));
        Ok(installed)
    }

    fn device(&self, serial: &str, folder: &Path) -> Device {
        Device {
            serial: serial.to_owned(),
            folder: folder.to_owned(),
            backend: self.backend,
            client: self.client.clone(),
            runtime: self.runtime.handle().clone(),
        }
    }

    fn uuid(&self) -> Result<Uuid, StoryError> {
        let mut octets = [0; 16];
        self.backend.provider().random(&mut octets)?;
        Ok(Uuid::from_random(octets))
    }
}

fn serial() -> fleet::Variable {
    fleet::Variable::Fixed(fleet::Fixed::HostHardwareSerial)
}

impl<S> std::fmt::Debug for Story<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Story").field("mdm", &self.mdm).finish_non_exhaustive()
    }
}
