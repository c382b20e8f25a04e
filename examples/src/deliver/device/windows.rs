//! A Windows device: commands for ClientCertificateInstall.

use std::collections::BTreeMap;
use std::path::Path;

use devicecert::pki::{Name, Secret};
use devicecert::scep::Fingerprint;
use devicecert::syncml::{Command, Document, Limits, SubjectName, Verb};

use super::apple::host_of;
use super::{Device, DeviceError, Installed, Wanted};

/// What came of the commands: a status for each, by its CmdID.
pub type Statuses = Vec<(String, &'static str)>;

impl Device {
    /// Runs the commands of a profile. Windows acknowledges them and enrols afterwards.
    ///
    /// # Errors
    /// [`DeviceError`].
    pub fn run_commands(
        &self,
        profile: &str,
        name: &str,
        say: &mut dyn FnMut(&str),
    ) -> Result<(Installed, Statuses), DeviceError> {
        let document = Document::read(profile, &Limits::default())?;
        let mut nodes = BTreeMap::new();
        let mut statuses = Statuses::new();
        for command in document.commands() {
            run(command, &mut nodes, &mut statuses);
        }
        let wanted = wanted(&nodes)?;
        say(&format!("the profile says: SCEP at {}", host_of(&wanted.url)));
        let (key, chain) = self.enrol(&wanted, say)?;
        Ok((self.install(Path::new(name), &key.to_file()?, &chain)?, statuses))
    }
}

/// Writes the nodes of a command, and of those in it.
fn run(command: Command<'_>, nodes: &mut BTreeMap<String, String>, statuses: &mut Statuses) {
    if let Some(id) = command.cmd_id() {
        statuses.push((id.trimmed().to_owned(), "200"));
    }
    for inner in command.commands() {
        run(inner, nodes, statuses);
    }
    for item in command.items() {
        let Some(target) = item.target() else { continue };
        let Some((_, leaf)) = target.trimmed().split_once("/ClientCertificateInstall/SCEP/") else {
            continue;
        };
        // Behind the name of the node, which is the same for all.
        let leaf = leaf.split_once('/').map_or("", |(_, leaf)| leaf).to_owned();
        let data = item.data().map(|data| data.as_ref().to_owned()).unwrap_or_default();
        if matches!(command.verb(), Verb::Add | Verb::Replace | Verb::Exec) {
            nodes.insert(leaf, data);
        }
    }
}

fn wanted(nodes: &BTreeMap<String, String>) -> Result<Wanted, DeviceError> {
    let node = |leaf: &str| nodes.get(&format!("Install/{leaf}")).map(String::as_str);
    if node("Enroll").is_none() {
        return Err(DeviceError::Profile("an Exec of Install/Enroll"));
    }
    let url = node("ServerURL").ok_or(DeviceError::Profile("Install/ServerURL"))?;
    let subject = node("SubjectName").ok_or(DeviceError::Profile("Install/SubjectName"))?;
    let subject: SubjectName = subject.parse().map_err(devicecert::syncml::Error::from)?;
    let pairs = subject.rdns().map(|rdn| rdn.iter().map(|(key, value)| (&**key, &**value)));
    let thumbprint = node("CAThumbprint").ok_or(DeviceError::Profile("Install/CAThumbprint"))?;
    Ok(Wanted {
        // Windows adds this to whatever it is told.
        url: format!("{url}/pkiclient.exe"),
        subject: Name::from_rdns(pairs)?,
        challenge: node("Challenge").map(Secret::from),
        bits: node("KeyLength").and_then(|bits| bits.parse().ok()).unwrap_or(2048),
        ca: Some(thumbprint.parse::<Fingerprint>()?),
    })
}
