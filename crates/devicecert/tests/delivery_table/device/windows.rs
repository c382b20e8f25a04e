//! A PC with Windows: it reads SyncML, answers at once, and enrols afterwards.

use std::collections::BTreeMap;

use devicecert::fleet::State;
use devicecert::pki::Secret;
use devicecert::scep::{Fingerprint, Trust};
use devicecert::syncml::{Command, Document, Limits, SubjectName, Thumbprint, Verb};

use super::{Device, Keychain, Trouble, csr, enrol_by_scep};
use crate::keys;
use crate::mdm::{Sent, Upload};
use crate::world::World;

const BASE: &str = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/";

#[derive(Default)]
pub(crate) struct Pc {
    keychain: Keychain,
}

/// The nodes of an enrolment.
struct Nodes {
    id: String,
    leaves: BTreeMap<String, String>,
    /// What every command is answered with.
    statuses: BTreeMap<String, &'static str>,
}

impl Nodes {
    fn read(text: &str) -> Self {
        let document = Document::read(text, &Limits::default()).unwrap();
        let all: Vec<Command<'_>> = document.commands().collect();
        let [atomic] = all.as_slice() else { panic!("one command") };
        assert_eq!(atomic.verb(), Verb::Atomic);
        let mut nodes =
            Self { id: String::new(), leaves: BTreeMap::new(), statuses: BTreeMap::new() };
        let mut answer = |command: &Command<'_>| {
            nodes.statuses.insert(command.cmd_id().unwrap().trimmed().to_owned(), "200");
        };
        answer(atomic);
        let mut is_started = false;
        for command in atomic.commands() {
            answer(&command);
            for item in command.items() {
                let target = item.target().unwrap();
                let node = target.trimmed().strip_prefix(BASE).unwrap();
                let (id, leaf) = node.split_once("/Install/").unwrap_or((node, ""));
                assert!(nodes.id.is_empty() || nodes.id == id, "one enrolment");
                id.clone_into(&mut nodes.id);
                match command.verb() {
                    Verb::Exec => {
                        assert_eq!(leaf, "Enroll");
                        is_started = true;
                    }
                    _ => {
                        let data = item.data().map(|data| data.text.into_owned());
                        nodes.leaves.insert(leaf.to_owned(), data.unwrap_or_default());
                    }
                }
            }
        }
        assert!(is_started, "nobody starts the enrolment");
        nodes
    }
}

impl Pc {
    /// Enrols, which nobody but the proxy sees.
    pub(crate) fn enrol(&self, world: &World, sent: &Sent) -> Result<(), Trouble> {
        let Nodes { leaves, .. } = Nodes::read(sent.text());
        let subject: SubjectName = leaves["SubjectName"].parse().unwrap();
        let pairs: Vec<String> =
            subject.rdns().flatten().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(leaves["KeyLength"], "2048");
        let key = keys::made(self.keychain.len());
        let challenge = Secret::from(leaves["Challenge"].as_str());
        let csr = csr(&pairs.join(","), Some(&challenge), key);
        let thumbprint: Thumbprint = leaves["CAThumbprint"].parse().unwrap();
        let trust = Trust::Fingerprint(Fingerprint::sha1(*thumbprint.as_bytes()));
        // Whatever the URL is.
        let url = format!("{}/pkiclient.exe", leaves["ServerURL"]);
        let certificate = enrol_by_scep(world, &url, csr, key, trust)?;
        self.keychain.add(certificate, key);
        Ok(())
    }

    /// Answers the command.
    pub(crate) fn acknowledge(&self, world: &World, upload: &Upload, sent: &Sent) {
        let Nodes { id, statuses, .. } = Nodes::read(sent.text());
        assert_eq!(id, upload.slot.profile().as_str());
        let Sent::Command(command) = sent else { panic!("no command") };
        let state = command.state(|id| statuses.get(id).copied()).unwrap();
        assert_eq!(state, State::Verifying);
        world.reported::<Trouble>(upload, Ok(()));
    }
}

impl Device for Pc {
    fn install(&self, world: &World, upload: &Upload, sent: &Sent) -> Result<(), Trouble> {
        self.acknowledge(world, upload, sent);
        let outcome = self.enrol(world, sent);
        world.seen(upload, &self.keychain.certificates());
        outcome
    }

    fn keychain(&self) -> &Keychain {
        &self.keychain
    }
}
