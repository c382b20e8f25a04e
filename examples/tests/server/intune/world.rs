//! A CA that asks Intune, a device, and the clock of both.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use clap::Parser;
use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{
    Certificate, Csr, CsrParams, Decryptor, KeyKind, Secret, Signer, Time, WithRandom,
};
use devicecert::scep::{self, Enrolment, Error, Operation, Step, Trust};
use devicecert_examples::keys::Backend;
use devicecert_examples::server::{
    AnswerError, Approval, Ca, Generations, IntuneOptions, Policy, Ra, Setup, Store, Verdict,
};
use http::{Request, Response};

use super::played::{APP, Microsoft, SECRET, TENANT};

const SUBJECT: &str = "CN=laptop-7";
static REPEATING: WithRandom = WithRandom::new(&RustCrypto, |out| {
    out.fill(0x42);
    Ok(())
});
const URL: &str = "http://ca.test/scep";
/// The challenge that the CA knows itself.
pub(crate) const OWN: &str = "known here";
/// As long as Intune's.
pub(crate) fn challenge() -> String {
    "MIAGCSqGSIb3DQEHA6CAMIACAQAxggFe".repeat(64)
}

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    intune: IntuneOptions,
}

pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) microsoft: Microsoft,
    pub(crate) ca: Ca,
    pub(crate) now: Time,
    pub(crate) log: Mutex<Vec<String>>,
}

impl World {
    pub(crate) fn new(approval: Approval) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Time::from(SystemTime::now());
        let microsoft = Microsoft::start(now, &folder.path().join("roots.pem"));
        std::fs::write(folder.path().join("app.secret"), format!("{SECRET}\n")).unwrap();
        let ca = open(folder.path(), &microsoft.url, approval);
        Self { folder, microsoft, ca, now, log: Mutex::default() }
    }

    /// As after a kill.
    pub(crate) fn restart(&mut self) {
        self.ca = open(self.folder.path(), &self.microsoft.url, self.ca.policy.approval);
    }

    pub(crate) fn after(&mut self, seconds: u64) {
        self.now = self.now.after(Duration::from_secs(seconds));
        self.microsoft.state().now = self.now;
    }

    pub(crate) fn trust(&self) -> Trust {
        let line = self.ca.generations.line(self.now).unwrap();
        Trust::Certificates(vec![line.current().authority.ca().clone()])
    }

    pub(crate) fn roll_over(&self) {
        let (folder, now) = (self.folder.path(), self.now);
        Generations::roll_over(folder, now, Duration::ZERO, Backend::Rust).unwrap();
    }

    pub(crate) fn decide(&self, device: &Device, verdict: Verdict) {
        let store = Store::open(self.folder.path()).unwrap();
        store.decide(device.enrolment.transaction_id().as_str(), verdict).unwrap();
    }

    pub(crate) fn issued(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(self.folder.path().join("issued")).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }

    /// The files that keep requests until their outcome was told.
    pub(crate) fn owed(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(self.folder.path().join("transactions")).unwrap();
        let files = folders.map(|folder| folder.unwrap().path().join("news"));
        files.filter(|file| file.exists()).collect()
    }

    fn answer(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, AnswerError> {
        let line = self.ca.generations.line(self.now)?;
        Ok(match Operation::parse(request, &scep::Tolerance::default())? {
            Operation::GetCaCaps { .. } => line.current().authority.ca_caps(),
            Operation::GetCaCert { .. } => line.current().authority.ca_cert(),
            Operation::GetNextCaCert { .. } => panic!("nobody asks"),
            Operation::PkiOperation(message) => {
                let log = |line: &str| self.log.lock().unwrap().push(line.to_owned());
                self.ca.answer(&message, self.now, &log)?.into_http()
            }
        })
    }
}

pub(crate) fn options(folder: &Path, url: &str, others: &[&str]) -> IntuneOptions {
    let secret = folder.join("app.secret");
    let secret = secret.to_str().unwrap();
    let mut words = vec!["scep-server", "--intune", TENANT, "--intune-app", APP];
    words.extend(["--intune-secret", secret, "--intune-login", url, "--intune-graph", url]);
    words.extend(others);
    parse(&words).unwrap()
}

/// The options of a command line.
pub(crate) fn parse(words: &[&str]) -> Result<IntuneOptions, clap::Error> {
    Program::try_parse_from(words).map(|program| program.intune)
}

fn open(folder: &Path, url: &str, approval: Approval) -> Ca {
    let setup = Setup {
        ca_key: KeyKind::Rsa { bits: 2048 },
        ra: Ra::None,
        backend: Backend::Rust,
        tolerance: scep::Tolerance::default(),
    };
    let policy = Policy {
        challenges: vec![Secret::from(OWN)],
        one_time: false,
        approval,
        lifetime: Duration::from_secs(86_400 * 365),
    };
    let mut ca = Ca::open(folder, setup, policy).unwrap();
    let roots = folder.join("roots.pem");
    let options = options(folder, url, &["--intune-tls-ca", roots.to_str().unwrap()]);
    ca.judge = Some(Box::new(options.judge(&RustCrypto).unwrap().unwrap()));
    ca
}

/// A device with an enrolment, which repeats what got no answer.
pub(crate) struct Device {
    pub(crate) csr: Csr,
    pub(crate) enrolment: Enrolment,
    keys: Vec<PrivateKey>,
    unanswered: Option<Request<Vec<u8>>>,
    /// What was sent last.
    sent: Option<Request<Vec<u8>>>,
}

/// What a device has in place of a certificate.
#[derive(Debug)]
pub(crate) enum Nothing {
    NotAnswered(AnswerError),
    Refused(scep::Refusal),
    Pending,
}

pub(crate) fn key() -> PrivateKey {
    PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap()
}

fn csr(key: &PrivateKey, subject: &str, challenge: &str) -> Csr {
    let mut params = CsrParams::new(subject.parse().unwrap());
    params.challenge_password = Some(Secret::from(challenge));
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

impl Device {
    pub(crate) fn new(world: &World) -> Self {
        Self::with(world, key(), &challenge())
    }

    pub(crate) fn with(world: &World, key: PrivateKey, challenge: &str) -> Self {
        let csr = csr(&key, SUBJECT, challenge);
        let enrolment = Enrolment::new(URL, csr.clone(), world.trust(), &RustCrypto).unwrap();
        Self { csr, enrolment, keys: vec![key], unanswered: None, sent: None }
    }

    /// A device whose transaction has the same transactionID as any other from here.
    pub(crate) fn in_one_transaction(world: &World, key: PrivateKey, subject: &str) -> Self {
        let csr = csr(&key, subject, &challenge());
        let enrolment = Enrolment::new(URL, csr.clone(), world.trust(), &REPEATING).unwrap();
        Self { csr, enrolment, keys: vec![key], unanswered: None, sent: None }
    }

    pub(crate) fn into_key(mut self) -> PrivateKey {
        self.keys.remove(0)
    }

    /// The device, renewing its certificate with a new key and a new challenge.
    pub(crate) fn renewing(self, world: &World, certificate: &Certificate) -> Self {
        let new = key();
        let csr = csr(&new, SUBJECT, &challenge());
        let old = certificate.clone();
        let enrolment = Enrolment::renew(URL, old, csr.clone(), world.trust(), &RustCrypto);
        let keys = self.keys.into_iter().chain([new]).collect();
        Self { csr, enrolment: enrolment.unwrap(), keys, unanswered: None, sent: None }
    }

    /// Asks, or asks again, until there is an answer or none.
    pub(crate) fn ask(&mut self, world: &World) -> Result<Vec<Certificate>, Nothing> {
        loop {
            let request = match self.unanswered.take() {
                Some(request) => request,
                None => match self.step(world)? {
                    Ok(request) => request,
                    Err(chain) => return Ok(chain),
                },
            };
            self.sent = Some(request.clone());
            match world.answer(&request) {
                Ok(response) => self.enrolment.received(&response).map_err(nothing)?,
                Err(error) => {
                    self.unanswered = Some(request);
                    return Err(Nothing::NotAnswered(error));
                }
            }
        }
    }

    /// Sends the last message again, as if its answer had been lost, and has what the CA logs.
    pub(crate) fn repeats(&self, world: &World) -> String {
        world.answer(self.sent.as_ref().unwrap()).unwrap();
        world.log.lock().unwrap().last().unwrap().clone()
    }

    /// The next request to send, or the certificate and those above it.
    fn step(
        &mut self,
        world: &World,
    ) -> Result<Result<Request<Vec<u8>>, Vec<Certificate>>, Nothing> {
        loop {
            match self.enrolment.step(world.now).map_err(nothing)? {
                Step::Send(request) => return Ok(Ok(request)),
                Step::Sign(ask) => {
                    let key = self.keys.iter().find(|key| *key.public_key() == ask.key).unwrap();
                    self.enrolment.signed(&key.sign(&ask).unwrap()).map_err(nothing)?;
                }
                Step::Decrypt(ask) => {
                    self.enrolment.decrypted(self.keys[0].decrypt(&ask)).map_err(nothing)?;
                }
                Step::Wait(_) => return Err(Nothing::Pending),
                Step::Done(chain) => return Ok(Err(chain)),
            }
        }
    }
}

fn nothing(error: Error) -> Nothing {
    match error {
        Error::Refused(refusal) => Nothing::Refused(refusal),
        other => panic!("{other}"),
    }
}
