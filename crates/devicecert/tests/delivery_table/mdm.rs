//! The MDM server: it delivers, hears what became of it, renews, and answers devices.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use devicecert::crypto_rust::RustCrypto;
use devicecert::delivery::{Step, Turn, Undelivered};
use devicecert::fleet::proxy::{
    CaType, Identifier, ManagedCertificate, Passcode, Platform, Profile, ProfileStatus,
    ProfileUuid, Record, Slot, Store,
};
use devicecert::fleet::request_certificate::AuthorityId;
use devicecert::fleet::{
    self, Destination, Filled, Host, RenewalId, Schedule, Severity, Template, Variable, check,
    supersedes,
};
use devicecert::pki::{Certificate, Provider, Secret, Signer, Time};
use devicecert::{Delivery, Error};
use http::{Request, Response};

use crate::world::{MDM, NoAnswer, World};
use crate::{keys, watch};

pub(crate) mod api;
mod proxy;

/// The host of every test.
pub(crate) const HOST: &str = "6C3E1A2B-0000-4000-8000-000000000001";
pub(crate) const SERIAL: &str = "C02XK1";
pub(crate) const EMAIL: &str = "fleetie@example.com";

/// A profile that was uploaded, for a host.
pub(crate) struct Upload {
    pub(crate) text: String,
    template: Template,
    host: Host,
    pub(crate) slot: Slot,
}

/// What goes to the device.
pub(crate) enum Sent {
    /// A configuration profile.
    Profile(Filled),
    /// A command for Windows, and what its answer is about.
    Command(fleet::Delivery),
    /// What Fleet's agent on Android asks for.
    Template { subject: Filled, url: Secret, challenge: Secret },
}

impl Sent {
    /// The profile as it is sent.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Profile(profile) => profile.as_str(),
            Self::Command(command) => command.profile().as_str(),
            Self::Template { subject, .. } => subject.as_str(),
        }
    }
}

/// A future that is ready at once, as those of the store in memory are.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for something"),
    }
}

impl Upload {
    /// Takes a profile as Fleet does, which has to have nothing to say against it.
    pub(crate) fn new(world: &World, profile: &str, ca: &str, text: String) -> Self {
        let slot = Slot::new(HOST, profile, ca).unwrap();
        let destination = match slot.profile().platform() {
            Platform::Apple => Destination::AppleProfile,
            Platform::Windows => Destination::WindowsProfile,
            Platform::Android(_) => Destination::AndroidSubject,
        };
        let server = world.authorities.borrow().to_server();
        let findings = check(text.as_bytes(), destination, &server, world.rules);
        let errors: Vec<_> =
            findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let user = fleet::User {
            username: EMAIL.to_owned(),
            email: EMAIL.to_owned(),
            ..fleet::User::default()
        };
        Self {
            template: Template::compile(&text, destination).unwrap(),
            text,
            host: Host::new(HOST, profile).serial(SERIAL).user(user),
            slot,
        }
    }

    fn platform(&self) -> Platform {
        self.slot.profile().platform()
    }

    fn profile(&self) -> &ProfileUuid {
        self.slot.profile()
    }
}

fn command(filled: &Filled) -> fleet::Delivery {
    let mut made = 0;
    let command = fleet::Delivery::new(filled, "command", || {
        made += 1;
        format!("command-{made}")
    });
    let command = command.unwrap();
    watch::debug(&command);
    command
}

impl World {
    /// Fills the profile for the host, and gets it ready to be sent: or says what is shown beside
    /// it in the list.
    pub(crate) fn deliver(&self, upload: &Upload) -> Result<Sent, String> {
        let sent = match upload.platform() {
            Platform::Apple => self.fill(upload).map(Sent::Profile),
            Platform::Windows => self.fill(upload).map(|filled| Sent::Command(command(&filled))),
            Platform::Android(template) => Ok(self.fill_android(upload, template)),
        };
        match sent {
            Ok(sent) => {
                self.set_profile(upload, Profile::new(ProfileStatus::Pending));
                Ok(sent)
            }
            Err(why) => {
                let mut failed = Profile::new(ProfileStatus::Failed);
                failed.detail = why.detail(self.rules);
                self.set_profile(upload, failed.clone());
                Err(failed.detail)
            }
        }
    }

    fn fill(&self, upload: &Upload) -> Result<Filled, Undelivered> {
        let authorities = self.authorities.borrow();
        watch::debug(&authorities);
        let mut delivery = Delivery::new(&upload.template, &upload.host, &authorities, &RustCrypto);
        let mut connection = self.connect();
        let failed = loop {
            watch::debug(&delivery);
            watch::debug(&delivery.save());
            let step = delivery.step(self.now());
            watch::debug(&step);
            let answered = match step {
                Ok(Step::Fetch(fetch)) => {
                    if fetch.turn != Turn::SameConnection {
                        connection = self.connect();
                    }
                    match self.send(&fetch.request, connection) {
                        Ok(response) => delivery.received(&response),
                        Err(failure) => delivery.unreachable(&NoAnswer(failure)),
                    }
                }
                Ok(Step::GenerateKey(kind)) => {
                    let key = keys::made(self.keys_made.replace(self.keys_made.get() + 1));
                    assert_eq!(key.public_key().kind(), kind);
                    delivery.generated(key, key.to_pkcs8_der().unwrap())
                }
                Ok(Step::Store(records)) => {
                    records.into_iter().for_each(|record| self.record(record));
                    delivery.stored()
                }
                Ok(Step::Done(filled)) => return Ok(filled),
                Err(error) => break error,
            };
            if let Err(error) = answered {
                break error;
            }
        };
        watch::error(&failed);
        match failed {
            Error::Undelivered(why) => {
                why.findings().iter().for_each(watch::error);
                Err(why)
            }
            other => panic!("{other}"),
        }
    }

    /// What the agent on Android is told.
    fn fill_android(&self, upload: &Upload, template: u32) -> Sent {
        let mut octets = [0; Passcode::RANDOM_BYTES];
        RustCrypto.random(&mut octets).unwrap();
        let passcode = Passcode::from_random(octets);
        let ca = upload.slot.ca();
        let identifier = Identifier::android(HOST, template, ca, Some(passcode.clone())).unwrap();
        watch::debug(&identifier);
        let row = ManagedCertificate::new(&upload.slot, CaType::CustomScep);
        self.record(Record::Certificate(row));
        self.record(Record::Passcode { slot: upload.slot.clone(), passcode, made_at: self.now() });
        let values = |variable: &Variable| upload.host.value(variable).map(Into::into);
        let authorities = self.authorities.borrow();
        Sent::Template {
            subject: upload.template.fill(values).unwrap(),
            url: identifier.to_url(MDM).unwrap(),
            challenge: authorities.custom_scep_named(ca).unwrap().challenge().clone(),
        }
    }

    fn record(&self, record: Record) {
        watch::debug(&record);
        if let Record::Passcode { passcode, .. } = &record {
            watch::secret(passcode.expose());
        }
        now(self.store.record(record)).unwrap();
        watch::debug(&self.store);
    }

    fn set_profile(&self, upload: &Upload, profile: Profile) {
        now(self.store.set_profile(HOST, upload.profile(), profile)).unwrap();
    }

    /// What the list of profiles shows.
    pub(crate) fn profile(&self, upload: &Upload) -> Profile {
        now(self.store.profile(HOST, upload.profile())).unwrap().expect("a profile")
    }

    pub(crate) fn status(&self, upload: &Upload) -> ProfileStatus {
        self.profile(upload).status
    }

    /// The row of the certificate.
    pub(crate) fn row(&self, upload: &Upload) -> Option<ManagedCertificate> {
        now(self.store.managed_certificate(&upload.slot)).unwrap()
    }

    /// Hears that the device has done what the profile says, or has not.
    pub(crate) fn reported<E: std::fmt::Debug>(&self, upload: &Upload, outcome: Result<(), E>) {
        match (outcome, self.status(upload)) {
            // Of a command that was withdrawn nobody wants to hear.
            (_, ProfileStatus::Null) => {}
            (Ok(()), _) => self.set_profile(upload, Profile::new(ProfileStatus::Verifying)),
            (Err(why), _) => {
                let mut failed = Profile::new(ProfileStatus::Failed);
                failed.detail = format!("{why:?}");
                self.set_profile(upload, failed);
            }
        }
    }

    /// Sees the certificates that a host has, of which those count that were not there before: a
    /// profile that was sent again is not in force because of what the first one brought. On Android
    /// the agent names the one that it got.
    pub(crate) fn seen(&self, upload: &Upload, certificates: &[Certificate]) {
        let mut inventory = self.inventory.borrow_mut();
        let new: Vec<&Certificate> =
            certificates.iter().filter(|one| !inventory.contains(one)).collect();
        let found = match upload.platform() {
            Platform::Android(_) => new.last().copied(),
            Platform::Apple | Platform::Windows => {
                let marker = RenewalId::of(upload.profile().as_str());
                marker.latest(new, self.now())
            }
        };
        if let (Some(found), Some(row)) = (found, self.row(upload))
            && supersedes(&found.validity(), row.validity.as_ref())
        {
            let serial: String = found.serial().iter().map(|x| format!("{x:02X}")).collect();
            self.record(Record::Certificate(row.issued(found.validity(), &serial)));
            self.set_profile(upload, Profile::new(ProfileStatus::Verified));
        }
        *inventory = certificates.to_vec();
    }

    /// When the certificate is to be renewed.
    pub(crate) fn due_at(&self, upload: &Upload) -> Time {
        let validity = self.row(upload).unwrap().validity.expect("a certificate");
        Schedule::default().due_at(&validity, HOST).expect("more than two days")
    }

    /// Looks once for certificates that are to be renewed, and has their profiles sent again.
    pub(crate) fn renew(&self, upload: &Upload) {
        let validity = self.row(upload).unwrap().validity;
        if validity.is_some_and(|known| Schedule::default().is_due(&known, HOST, self.now())) {
            let again = fleet::proxy::Resend::Full;
            now(self.store.resend(HOST, upload.profile(), again, self.now())).unwrap();
        }
    }

    /// Whether a passcode is in the store. Afterwards it is not.
    pub(crate) fn takes_passcode(&self, upload: &Upload, passcode: &str) -> bool {
        let passcode = Passcode::new(passcode).unwrap();
        let claim = fleet::proxy::Claim::Presented(&passcode);
        now(self.store.consume_passcode(&upload.slot, claim)).unwrap().is_some()
    }

    /// What the MDM server answers to a device.
    pub(crate) fn answer(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        assert!(request.uri().to_string().starts_with(MDM), "{}", request.uri());
        match AuthorityId::from_path(request.uri().path()) {
            Some(ca) => self.answer_call(ca, request),
            None => self.answer_scep(request),
        }
    }
}
