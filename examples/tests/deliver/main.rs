//! From template to certificate with everything in one process: what comes out, and what is never
//! seen on the way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod folders;
mod mdm;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use devicecert::delivery::EstKind;
use devicecert::fleet::proxy::Memory;
use devicecert::fleet::{Destination, Host, RenewalId, Rules, User};
use devicecert::mobileconfig::payload::AnyPayload;
use devicecert::mobileconfig::plist::Scalar;
use devicecert::mobileconfig::{self, Profile};
use devicecert::pki::Tolerance;
use devicecert_examples::clock::Clock;
use devicecert_examples::deliver::{
    self, Device, Door, Embedded, Installed, Mdm, SECRETS, Sample, Story, samples,
};
use devicecert_examples::keys::Backend;
use devicecert_examples::listen::Log;
use devicecert_examples::proxy::{Client, tls_config};
use tokio::runtime::Runtime;

const BACKEND: Backend = Backend::AwsLc;
const AGO: Duration = Duration::from_secs(340 * 86_400);
const SERIAL: &str = "C02XK1ZZJGH5";

/// Everything that our programs and the libraries below them log, at every level.
static LOGGED: Mutex<String> = Mutex::new(String::new());

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        note(&format!("{} {}: {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

fn note(line: &str) {
    let mut logged = LOGGED.lock().unwrap();
    logged.push_str(line);
    logged.push('\n');
}

struct World {
    cas: Embedded,
    mdm: Mdm<Memory>,
    samples: Vec<Sample>,
    clock: Clock,
    runtime: Arc<Runtime>,
}

fn world() -> World {
    let runtime = Arc::new(Runtime::new().unwrap());
    let clock = Clock::behind(AGO);
    let log: Log = Arc::new(note);
    let door = Door::open(&runtime).unwrap();
    let url = door.server_url().parse().unwrap();
    let cas = Embedded::start(&runtime, url, BACKEND, &clock, &log).unwrap();
    let (store, tls) = (Arc::new(Memory::new()), tls_config(None).unwrap());
    let authorities = cas.authorities.clone();
    let shared = Arc::clone(&store);
    let (tls_too, log_too) = (Arc::clone(&tls), Arc::clone(&log));
    let time = clock.clone();
    let proxy = authorities.to_proxy(Rules::Current).unwrap();
    door.serve(&runtime, proxy, shared, time, tls_too, log_too);
    let samples = samples(&authorities, Some(&cas.thumbprint(BACKEND).unwrap()), BACKEND).unwrap();
    let mdm = Mdm::new(Rules::Current, authorities, store, clock.clone(), BACKEND, tls, log);
    World { cas, mdm, samples, clock, runtime }
}

fn client() -> Client {
    Client::new(tls_config(None).unwrap(), 1 << 20)
}

fn story(mdm: Mdm<Memory>, runtime: Arc<Runtime>) -> Story<Memory> {
    Story { mdm, runtime, client: client(), backend: BACKEND, say: Box::new(note) }
}

fn device(folder: &Path, runtime: &Runtime) -> Device {
    Device {
        serial: SERIAL.to_owned(),
        folder: folder.to_owned(),
        backend: BACKEND,
        client: client(),
        runtime: runtime.handle().clone(),
    }
}

fn sample<'s>(samples: &'s [Sample], name: &str) -> &'s Sample {
    samples.iter().find(|sample| sample.name == name).unwrap()
}

fn user() -> User {
    let username = "ada@example.com".to_owned();
    User { email: username.clone(), username, ..User::default() }
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn every_profile_of_the_guide_becomes_a_certificate_and_is_renewed_when_it_is_due() {
    let World { cas, mdm, samples, clock, runtime } = world();
    let folder = tempfile::tempdir().unwrap();
    let story = story(mdm, runtime);
    let host =
        deliver::Host { uuid: "6C3E1A22".to_owned(), serial: SERIAL.to_owned(), user: user() };
    let names: Vec<_> = samples.iter().map(|sample| sample.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "digicert-CORP.mobileconfig",
            "ndes.mobileconfig",
            "smallstep-STEP.mobileconfig",
            "custom-scep-WIFI.mobileconfig",
            "custom-scep-WIFI.xml",
            "ndes.xml"
        ]
    );
    let ca_of = |sample: &Sample| match sample.ca.as_str() {
        "CORP" => cas.digicert_ca.clone(),
        _ => cas.scep_ca.clone(),
    };
    let good = |sample: &Sample, installed: &Installed| {
        let (ca, certificate) = (ca_of(sample), &installed.certificate);
        let provider = BACKEND.provider();
        certificate.is_signed_by(ca.public_key(), provider, &Tolerance::STRICT).unwrap();
        assert!(certificate.validity().contains(clock.now()));
        assert!(installed.folder.starts_with(folder.path().join(&sample.name)));
        let key = BACKEND.load_file(&installed.folder.join("device.key")).unwrap();
        assert_eq!(key.public_key(), certificate.public_key(), "{}", sample.name);
        assert!(read(&installed.folder.join("device.pem")).contains("BEGIN CERTIFICATE"));
    };
    let mut outcomes = Vec::new();
    for sample in &samples {
        let outcome = story.begin(sample, &host, folder.path()).unwrap();
        let certificate = &outcome.installed.certificate;
        good(sample, &outcome.installed);
        let profile = devicecert::fleet::Variable::from_name("SCEP_WINDOWS_CERTIFICATE_ID");
        let mark = RenewalId::of(outcome.host.value(&profile).unwrap());
        // DigiCert's is known by what DigiCert said when it was issued.
        assert_eq!(mark.is_in(certificate.subject()), sample.ca != "CORP", "{}", sample.name);
        if sample.destination == Destination::AppleProfile {
            assert!(certificate.subject().to_string().contains(SERIAL));
        }
        assert!(story.renew(sample, &outcome, folder.path()).unwrap().is_none(), "not yet due");
        outcomes.push(outcome);
    }
    clock.catch_up();
    for (sample, outcome) in samples.iter().zip(&outcomes) {
        let renewed = story.renew(sample, outcome, folder.path()).unwrap().expect("due");
        good(sample, &renewed);
        assert_ne!(renewed.certificate, outcome.installed.certificate);
        assert_ne!(renewed.certificate.public_key(), outcome.installed.certificate.public_key());
        assert!(story.renew(sample, outcome, folder.path()).unwrap().is_none(), "renewed once");
    }
}

#[test]
fn a_linux_host_is_certified_over_est() {
    let World { cas, mdm, runtime, .. } = world();
    let folder = tempfile::tempdir().unwrap();
    let story = story(mdm, runtime);
    let host = deliver::Host { uuid: "6C3E".to_owned(), serial: SERIAL.to_owned(), user: user() };
    let ca = cas.authorities.est_named(EstKind::Hydrant, "LINUX").unwrap();
    let installed = story.linux(ca, vec![cas.est_ca.clone()], &host, folder.path()).unwrap();
    let (certificate, provider) = (&installed.certificate, BACKEND.provider());
    certificate.is_signed_by(cas.est_ca.public_key(), provider, &Tolerance::STRICT).unwrap();
    assert_eq!(certificate.subject().to_string(), format!("CN={SERIAL}"));
    assert_eq!(installed.folder, folder.path().join("hydrant-LINUX"), "by kind and name of the CA");
}

#[test]
fn the_sample_of_a_configuration_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cas.toml");
    std::fs::write(&file, deliver::SAMPLE).unwrap();
    let read = || deliver::Config::read(&file, "https://mdm.example.com".parse().unwrap());
    let missing = read().unwrap_err().to_string();
    assert!(missing.contains("secrets/ndes"), "{missing}");
    std::fs::create_dir(folder.path().join("secrets")).unwrap();
    for name in ["ndes", "smallstep", "wifi", "digicert", "hydrant", "est"] {
        std::fs::write(folder.path().join("secrets").join(name), format!("the-{name}\n")).unwrap();
    }
    let config = read().unwrap();
    let server = config.authorities.to_server();
    assert_eq!((server.custom_scep, server.smallstep), (vec!["WIFI".into()], vec!["STEP".into()]));
    assert_eq!((server.digicert, server.ndes), (vec!["CORP".into()], true));
    assert_eq!(config.authorities.est_cas().count(), 2);
    let wifi = config.authorities.custom_scep_named("WIFI").unwrap();
    assert_eq!(wifi.challenge().expose(), b"the-wifi", "without the line break");
    assert!(!format!("{config:?}").contains("the-"), "{config:?}");
    // What nobody knows is told with its place.
    std::fs::write(&file, "[ndes]\nadmin = 1\n").unwrap();
    assert!(read().unwrap_err().to_string().contains("admin"));
}

/// The secrets of an Apple profile.
fn secrets_of(profile: &str) -> Vec<String> {
    let read = Profile::read(profile.as_bytes(), &mobileconfig::Limits::default()).unwrap();
    let mut secrets = Vec::new();
    let text = |octets: &[u8]| String::from_utf8(octets.to_vec()).unwrap();
    for payload in read.payloads() {
        match AnyPayload::read(payload.value().as_dictionary().unwrap()) {
            AnyPayload::Scep(scep) => {
                secrets.push(text(scep.challenge.unwrap().expose()));
                // The passcode is the fourth part.
                secrets.extend(scep.url.split("%2C").nth(3).map(str::to_owned));
            }
            AnyPayload::Pkcs12(file) => {
                secrets.push(text(file.password.unwrap().expose()));
                let Scalar::Value(content) = file.content else { panic!("not filled") };
                use base64::Engine;
                let base64 = base64::engine::general_purpose::STANDARD.encode(content);
                secrets.push(base64[..64].to_owned());
            }
            _ => {}
        }
    }
    secrets
}

#[test]
fn no_secret_is_in_any_log() {
    let _ = log::set_logger(&Logger);
    log::set_max_level(log::LevelFilter::Trace);
    let World { cas: _cas, mdm, samples, runtime, .. } = world();
    let folder = tempfile::tempdir().unwrap();
    let device = device(folder.path(), &runtime);
    let mut secrets: Vec<String> = SECRETS.iter().map(|&secret| secret.to_owned()).collect();
    for sample in &samples {
        let letter = if sample.destination == Destination::AppleProfile { "a" } else { "w" };
        let host = Host::new("6C3E1A22", &format!("{letter}4CD1BD65")).serial(SERIAL).user(user());
        let sent = runtime.block_on(mdm.deliver(&sample.template().unwrap(), &host)).unwrap();
        note(&format!("{sent:?} {mdm:?} {device:?}"));
        let (text, mut say) = (sent.profile.as_str(), |line: &str| note(line));
        let installed = if sample.destination == Destination::AppleProfile {
            secrets.extend(secrets_of(text));
            device.install_profile(text, &sample.name, &mut say).unwrap().remove(0)
        } else {
            let until_tag = |rest: &str| rest.split('<').next().map(str::to_owned);
            // The passcode, if there is one, and the challenge.
            secrets.extend(text.split("%2C").nth(3).and_then(until_tag));
            let challenge = text.split("/Install/Challenge").nth(1).unwrap();
            secrets.extend(challenge.split("<Data>").nth(1).and_then(until_tag));
            device.run_commands(text, &sample.name, &mut say).unwrap().0
        };
        note(&format!("{installed:?}"));
        let key = read(&installed.folder.join("device.key"));
        secrets.push(key.lines().nth(1).unwrap().to_owned());
    }
    // Of the settings, of each profile one or two, of each device its key.
    assert_eq!(secrets.len(), SECRETS.len() + 9 + samples.len());
    let logged = LOGGED.lock().unwrap();
    assert!(logged.contains("PKIOperation"), "something was logged");
    for secret in &secrets {
        assert!(!secret.is_empty());
        let at = logged.lines().find(|line| line.contains(secret.as_str()));
        assert!(at.is_none(), "{secret:?} is in {at:?}");
    }
}
