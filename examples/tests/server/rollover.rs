//! A CA in a folder that is replaced by its successor, with the clock in the test's hand.

use std::path::Path;
use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{
    Certificate, CrlReason, CsrParams, Decryptor, KeyKind, Limits, Secret, Signer, Time, Tolerance,
};
use devicecert::scep::{
    self, Enrolment, Error, IssuerAndSerialNumber, Operation, Query, Step, Succession, Trust,
};
use devicecert_examples::keys::Backend;
use devicecert_examples::server::{
    Approval, Ca, Generations, Policy, Ra, Setup, SetupError, Store, StoreError,
};
use http::{Request, Response, StatusCode};

const DAY: Duration = Duration::from_secs(86_400);
const URL: &str = "http://ca.test/scep";

/// What a folder holds, and its clock.
struct World {
    folder: tempfile::TempDir,
    ca: Ca,
    now: Time,
}

fn open(folder: &Path, ra: Ra) -> Ca {
    let setup = Setup {
        ca_key: KeyKind::Rsa { bits: 2048 },
        ra,
        backend: Backend::Rust,
        tolerance: scep::Tolerance::default(),
    };
    let policy = Policy {
        challenges: vec![Secret::from("secret")],
        one_time: false,
        approval: Approval::Auto,
        lifetime: DAY * 365,
    };
    Ca::open(folder, setup, policy).unwrap()
}

impl World {
    fn new(ra: Ra) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut ca = open(folder.path(), ra);
        ca.crl_folder = Some("http://ca.test".into());
        Self { folder, ca, now: Time::from(std::time::SystemTime::now()) }
    }

    fn after(&mut self, days: u32) {
        self.now = self.now.after(DAY * days);
    }

    fn roll_over(&self, days: u32) {
        Generations::roll_over(self.folder.path(), self.now, DAY * days, Backend::Rust).unwrap();
    }

    fn current(&self) -> Certificate {
        self.ca.generations.line(self.now).unwrap().current().authority.ca().clone()
    }

    fn answer(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let line = self.ca.generations.line(self.now).unwrap();
        match Operation::parse(request, &scep::Tolerance::default()).unwrap() {
            Operation::GetCaCaps { .. } => line.current().authority.ca_caps(),
            Operation::GetCaCert { .. } => line.current().authority.ca_cert(),
            Operation::GetNextCaCert { .. } => {
                self.ca.next_ca_cert(self.now).unwrap().unwrap_or_else(|| {
                    Response::builder().status(StatusCode::NOT_FOUND).body(Vec::new()).unwrap()
                })
            }
            Operation::PkiOperation(message) => {
                self.ca.answer(&message, self.now, &|_| {}).unwrap().into_http()
            }
        }
    }

    fn drive(
        &self,
        mut enrolment: Enrolment,
        keys: &[&PrivateKey],
    ) -> Result<Vec<Certificate>, Error> {
        loop {
            match enrolment.step(self.now)? {
                Step::Send(request) => enrolment.received(&self.answer(&request))?,
                Step::Sign(ask) => {
                    let key = keys.iter().find(|key| *key.public_key() == ask.key).unwrap();
                    enrolment.signed(&key.sign(&ask).unwrap())?;
                }
                Step::Decrypt(ask) => enrolment.decrypted(keys[0].decrypt(&ask))?,
                Step::Wait(_) => panic!("nothing to wait for"),
                Step::Done(chain) => return Ok(chain),
            }
        }
    }

    fn trust(&self) -> Trust {
        Trust::Certificates(vec![self.current()])
    }

    fn enrol(&self, key: &PrivateKey) -> Result<Vec<Certificate>, Error> {
        let csr = csr(key, Some("secret"));
        let enrolment = Enrolment::new(URL, csr, self.trust(), &RustCrypto).unwrap();
        self.drive(enrolment, &[key])
    }

    fn renew(
        &self,
        old: (&Certificate, &PrivateKey),
        new: &PrivateKey,
    ) -> Result<Vec<Certificate>, Error> {
        let (csr, trust) = (csr(new, None), self.trust());
        let renewal = Enrolment::renew(URL, old.0.clone(), csr, trust, &RustCrypto).unwrap();
        self.drive(renewal, &[old.1, new])
    }

    fn rollover(
        &self,
        old: (&Certificate, &PrivateKey),
        new: &PrivateKey,
    ) -> Result<Vec<Certificate>, Error> {
        let (csr, trust) = (csr(new, None), self.trust());
        let rollover = Enrolment::rollover(URL, old.0.clone(), csr, trust, &RustCrypto).unwrap();
        self.drive(rollover, &[old.1, new])
    }

    /// What a peer of the device checks: dates, signatures, and the CRL of the CA.
    fn is_vouched_for(&self, chain: &[Certificate]) -> bool {
        let [leaf, ca] = chain else { panic!("{chain:?}") };
        let number = leaf.extensions().crl_distribution_points()[0]
            .strip_prefix("http://ca.test/crl-")
            .and_then(|rest| rest.strip_suffix(".crl"))
            .unwrap()
            .parse()
            .unwrap();
        let crl = self.ca.crl(number, self.now).unwrap().unwrap();
        let tolerance = Tolerance::default();
        let verified = crl.verify(ca, self.now, &RustCrypto, &tolerance).unwrap();
        chain.iter().all(|one| one.validity().contains(self.now))
            && leaf.is_signed_by(ca.public_key(), &RustCrypto, &Tolerance::STRICT).is_ok()
            && verified.revocation(leaf).unwrap().is_none()
    }
}

fn csr(key: &PrivateKey, challenge: Option<&str>) -> devicecert::pki::Csr {
    let mut params = CsrParams::new("CN=laptop-7".parse().unwrap());
    params.challenge_password = challenge.map(Secret::from);
    params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
}

fn key() -> PrivateKey {
    PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap()
}

fn serial(certificate: &Certificate) -> String {
    certificate.serial().iter().map(|octet| format!("{octet:02x}")).collect()
}

fn every_device_has_a_certificate(ra: Ra) {
    let mut world = World::new(ra);
    let (first, second, third, late) = (key(), key(), key(), key());
    let old_ca = world.current();
    let current = world.enrol(&first).unwrap();
    let sleeper = world.enrol(&late).unwrap();
    // Nobody has said who comes next.
    assert!(world.rollover((&current[0], &first), &second).is_err());
    world.roll_over(30);

    // Before: the old CA answers, and vouches for the next one to who asks.
    assert_eq!(world.current(), old_ca);
    let next = world.rollover((&current[0], &first), &second).unwrap();
    let succession = Succession::new(current.clone(), next.clone());
    assert_ne!(next[1], old_ca);
    assert_eq!(next[0].validity().not_before, next[1].validity().not_before);
    assert_eq!(succession.changes_over(), world.now.after(DAY * 30));
    assert_eq!(succession.chain(world.now), current);
    assert!(world.is_vouched_for(succession.chain(world.now)));
    world.after(29);
    assert!(world.is_vouched_for(succession.chain(world.now)));
    assert!(!world.is_vouched_for(&next));

    // On the day: the next CA is the one that answers, a restart makes no difference.
    world.after(1);
    world.ca = open(world.folder.path(), ra);
    world.ca.crl_folder = Some("http://ca.test".into());
    assert_eq!(world.current(), next[1]);
    assert_eq!(succession.chain(world.now), next);
    assert!(world.is_vouched_for(succession.chain(world.now)));
    // Who slept is still vouched for, and follows with the old certificate.
    assert!(world.is_vouched_for(&sleeper));
    let followed = world.renew((&sleeper[0], &late), &third).unwrap();
    assert_eq!(followed[1], next[1]);
    assert!(world.is_vouched_for(&followed));

    // After: everything goes on with the next CA.
    world.after(200);
    assert!(world.is_vouched_for(succession.chain(world.now)));
    let renewed = world.renew((&next[0], &second), &third).unwrap();
    assert_eq!(renewed[1], next[1]);
    world.after(300);
    assert!(world.is_vouched_for(&renewed));
    assert!(!world.is_vouched_for(&next) && !world.is_vouched_for(&sleeper));
    // And may itself be replaced one day.
    world.roll_over(10);
    let after_next = world.rollover((&renewed[0], &third), &first).unwrap();
    world.after(10);
    assert!(world.is_vouched_for(&after_next));
    assert_eq!(world.current(), after_next[1]);
}

#[test]
fn before_during_and_after_a_rollover_every_device_has_a_certificate_of_its_ca() {
    every_device_has_a_certificate(Ra::None);
}

#[test]
fn the_same_with_an_ra_in_front() {
    every_device_has_a_certificate(Ra::Separate);
}

#[test]
fn there_is_one_rollover_at_a_time_and_a_kill_leaves_none_or_a_whole_one() {
    let world = World::new(Ra::None);
    let make = || Generations::roll_over(world.folder.path(), world.now, DAY * 9, Backend::Rust);
    let place = world.folder.path().join("rollover-1");
    // Killed with the key on disk, and with the certificate on disk, but before it has its name.
    let making = place.with_extension("new");
    std::fs::create_dir(&making).unwrap();
    std::fs::copy(world.folder.path().join("ca.key"), making.join("ca.key")).unwrap();
    assert!(world.ca.next_ca_cert(world.now).unwrap().is_none());
    make().unwrap();
    assert!(place.join("ca.pem").is_file() && !making.exists());
    assert!(world.ca.next_ca_cert(world.now).unwrap().is_some());
    assert!(
        matches!(make().unwrap_err(), SetupError::UnderWay(date) if date == world.now.after(DAY * 9))
    );
    let nowhere = tempfile::tempdir().unwrap();
    let error = Generations::roll_over(nowhere.path(), world.now, DAY, Backend::Rust).unwrap_err();
    assert!(matches!(error, SetupError::NoCa(_)));
}

#[test]
fn a_revoked_device_is_on_the_crl_and_renews_nothing() {
    let mut world = World::new(Ra::None);
    let (good, stolen, new) = (key(), key(), key());
    let (kept, lost) = (world.enrol(&good).unwrap(), world.enrol(&stolen).unwrap());
    assert!(world.is_vouched_for(&kept) && world.is_vouched_for(&lost));
    let before = world.ca.crl(0, world.now).unwrap().unwrap();
    assert_eq!(before.number(), Some(1));
    assert_eq!(world.ca.crl(0, world.now).unwrap().unwrap(), before, "nothing new to say");

    let store = Store::open(world.folder.path()).unwrap();
    let number = serial(&lost[0]);
    store.revoke(&number.to_uppercase(), world.now, CrlReason::KeyCompromise).unwrap();
    // The first date and reason stay.
    world.after(1);
    store.revoke(&number, world.now, CrlReason::Superseded).unwrap();
    assert!(world.is_vouched_for(&kept) && !world.is_vouched_for(&lost));
    let crl = world.ca.crl(0, world.now).unwrap().unwrap();
    assert_eq!(crl.number(), Some(2));
    assert_eq!(crl.unverified_entries()[0].reason, Some(CrlReason::KeyCompromise));

    assert!(matches!(world.renew((&lost[0], &stolen), &new), Err(Error::Refused(_))));
    assert!(world.renew((&kept[0], &good), &new).is_ok());
    world.roll_over(1);
    assert!(matches!(world.rollover((&lost[0], &stolen), &new), Err(Error::Refused(_))));
    // Another CA's list does not have it.
    assert!(world.ca.crl(1, world.now).unwrap().unwrap().unverified_entries().is_empty());
    assert!(world.ca.crl(2, world.now).unwrap().is_none());
    for unknown in ["00", "", "../ca", "zz"] {
        let error = store.revoke(unknown, world.now, CrlReason::Unspecified).unwrap_err();
        assert!(matches!(error, StoreError::NotIssued(_)), "{unknown:?}");
    }
}

fn ask<T: scep::Queried>(world: &World, mut query: Query<T>, key: &PrivateKey) -> Result<T, Error> {
    loop {
        match query.step(world.now)? {
            Step::Send(request) => query.received(&world.answer(&request))?,
            Step::Sign(ask) => query.signed(&key.sign(&ask).unwrap())?,
            Step::Decrypt(ask) => query.decrypted(key.decrypt(&ask))?,
            Step::Wait(_) => panic!("nothing to wait for"),
            Step::Done(answer) => return Ok(answer),
        }
    }
}

#[test]
fn certificates_are_shown_to_good_devices_and_crls_to_everybody() {
    let world = World::new(Ra::None);
    let (one, other, stranger) = (key(), key(), key());
    let (mine, theirs) = (world.enrol(&one).unwrap(), world.enrol(&other).unwrap());
    let wanted = IssuerAndSerialNumber::of(&theirs[0]);
    let get = |signer: &Certificate, key: &PrivateKey| {
        let (signer, wanted, trust) = (signer.clone(), wanted.clone(), world.trust());
        ask(
            &world,
            Query::<Certificate>::new(URL, signer, wanted, trust, &RustCrypto).unwrap(),
            key,
        )
    };
    let self_signed = |key: &PrivateKey| {
        let validity = mine[0].validity();
        let (name, public) = ("CN=laptop-7".parse().unwrap(), key.public_key().clone());
        devicecert::pki::CertificateParams::self_signed(name, public, validity, &RustCrypto)
            .unwrap()
            .unsigned(key.public_key())
            .unwrap()
            .sign(key)
            .unwrap()
    };
    assert_eq!(get(&mine[0], &one).unwrap(), theirs[0]);
    // Who lost the certificate and kept the key gets it back.
    assert_eq!(get(&self_signed(&other), &other).unwrap(), theirs[0]);
    assert!(matches!(get(&self_signed(&stranger), &stranger), Err(Error::Refused(_))));
    let store = Store::open(world.folder.path()).unwrap();
    store.revoke(&serial(&mine[0]), world.now, CrlReason::Unspecified).unwrap();
    assert!(matches!(get(&mine[0], &one), Err(Error::Refused(_))));

    let trust = world.trust();
    let signer = self_signed(&stranger);
    let query = Query::<devicecert::pki::Crl>::new(URL, signer, wanted.clone(), trust, &RustCrypto);
    let crl = ask(&world, query.unwrap(), &stranger).unwrap();
    assert_eq!(crl, world.ca.crl(0, world.now).unwrap().unwrap());
    assert_eq!(crl.unverified_entries()[0].serial, mine[0].serial());
}

#[test]
fn a_crl_is_made_anew_before_it_is_old_and_numbers_only_grow() {
    let mut world = World::new(Ra::None);
    let first = world.ca.crl(0, world.now).unwrap().unwrap();
    world.after(1);
    let second = world.ca.crl(0, world.now).unwrap().unwrap();
    assert_eq!((first.number(), second.number()), (Some(1), Some(2)));
    assert!(second.next_update().unwrap() > world.now.after(DAY * 6));
    // A kill after it was written, and a clock that was set back.
    world.ca = open(world.folder.path(), Ra::None);
    world.now = world.now.before(DAY * 3);
    let third = world.ca.crl(0, world.now).unwrap().unwrap();
    assert_eq!(third.number(), Some(3));
    let pem = std::fs::read_to_string(world.folder.path().join("crl.pem")).unwrap();
    let der = devicecert::pki::from_pem("X509 CRL", &pem).unwrap();
    assert_eq!(devicecert::pki::Crl::parse(&der[0], &Limits::default()).unwrap(), third);
}
