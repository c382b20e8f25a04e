//! The whole story in one run: a template, its profile for one device, the device, the SCEP proxy, a
//! CA, a certificate, and its renewal; for an Apple device and one with Windows.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use clap::Parser;
use devicecert::fleet::proxy::Memory;
use devicecert::fleet::{Destination, Rules, User};
use devicecert::pki::{Certificate, Time, Tolerance};
use devicecert_examples::clock::Clock;
use devicecert_examples::deliver::{Door, Embedded, Host, Installed, Mdm, Sample, Story, samples};
use devicecert_examples::files::{self, Readers};
use devicecert_examples::keys::Backend;
use devicecert_examples::listen::Log;
use devicecert_examples::proxy::{Client, tls_config};
use tokio::runtime::Runtime;

/// Shows devices getting certificates: fills profiles, lets an Apple and a Windows device enrol
/// through a SCEP proxy at a CA on 127.0.0.1, checks the certificates, renews them, and leaves the
/// result in a folder.
#[derive(Debug, Parser)]
#[command(name = "enroll")]
struct Cli {
    /// The folder for ca.pem, device.pem and device.key, and for what each device has installed
    #[arg(long, value_name = "DIR", default_value = "enrolled")]
    out: PathBuf,
    /// Who does the cryptography
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
}

/// The first certificates are made so long ago. They are valid for a year, so today they are due.
const AGO: Duration = Duration::from_secs(340 * 86_400);

/// Fleet as it is today.
const RULES: Rules = Rules::Current;

/// The most octets that a device reads of an answer.
const REPLY_BYTES: usize = 1 << 20;

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("enroll: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), Box<dyn Error>> {
    let steps = Steps(Instant::now());
    let (backend, clock) = (cli.provider, Clock::behind(AGO));
    let runtime = Arc::new(Runtime::new()?);
    let log: Log = Arc::new(|_: &str| {});

    let door = Door::open(&runtime)?;
    let server_url = door.server_url();
    let cas = Embedded::start(&runtime, server_url.parse()?, backend, &clock, &log)?;
    let (store, tls) = (Arc::new(Memory::new()), tls_config(None)?);
    let (authorities, shared) = (cas.authorities.clone(), Arc::clone(&store));
    let (time, tls_too, log_too) = (clock.clone(), Arc::clone(&tls), Arc::clone(&log));
    door.serve(&runtime, authorities.to_proxy(RULES)?, shared, time, tls_too, log_too);
    steps.say(&format!("a CA was made: {}", cas.scep_ca.subject()));
    steps.say(&format!("a SCEP proxy stands in front of it: {server_url}/mdm/scep/proxy/"));

    let profiles = samples(&authorities, Some(&cas.thumbprint(backend)?), backend)?;
    let client = Client::new(Arc::clone(&tls), REPLY_BYTES);
    let mdm = Mdm::new(RULES, authorities, store, clock.clone(), backend, tls, log);
    let say = Box::new(move |line: &str| steps.say(line));
    let story = Story { mdm, runtime, client, backend, say };
    let devices = [
        Device::new("C02XK1ZZJGH5", "6C3E1A22-0C5B-4D0F-8F5B-2F9E1C0A7D11", "an Apple device"),
        Device::new("PF3X9Q2L", "0B6D2F7A-51C4-4E0B-9E43-7B1D8A9C2E66", "a Windows device"),
    ];
    let templates = [Destination::AppleProfile, Destination::WindowsProfile]
        .map(|destination| profiles.iter().find(|one| is_scep(one, destination)));

    let mut enrolled = Vec::new();
    for (device, template) in devices.iter().zip(templates) {
        let template = template.ok_or("there is no profile for it")?;
        (story.say)(&format!("{}, on {}:", device.what, clock.now()));
        let folder = cli.out.join(&device.host.serial);
        let outcome = story.begin(template, &device.host, &folder)?;
        check(&outcome.installed, &cas.scep_ca, clock.now(), backend)?;
        enrolled.push((template, outcome, folder));
    }
    clock.catch_up();
    (story.say)(&format!("the server looks for what is due, on {}", clock.now()));
    let mut renewed = Vec::new();
    for (template, outcome, folder) in &enrolled {
        let installed = story.renew(template, outcome, folder)?.ok_or("nothing was due")?;
        check(&installed, &cas.scep_ca, Time::from(SystemTime::now()), backend)?;
        renewed.push(installed);
    }

    let first = renewed.first().ok_or("nothing was renewed")?;
    let key = std::fs::read(first.folder.join("device.key"))?;
    files::replace(&cli.out.join("device.key"), Readers::Owner, |file| file.write_all(&key))?;
    files::write_certificates(
        &cli.out.join("device.pem"),
        std::slice::from_ref(&first.certificate),
    )?;
    files::write_certificates(&cli.out.join("ca.pem"), std::slice::from_ref(&cas.scep_ca))?;
    let out = cli.out.display();
    (story.say)(&format!("wrote {out}/device.pem, {out}/device.key and {out}/ca.pem"));
    println!("\nCheck it: openssl verify -CAfile {out}/ca.pem {out}/device.pem");
    Ok(())
}

/// A device, as the server knows it.
struct Device {
    host: Host,
    what: &'static str,
}

impl Device {
    fn new(serial: &str, uuid: &str, what: &'static str) -> Self {
        let username = "ada@example.com".to_owned();
        let user = User { email: username.clone(), username, ..User::default() };
        Self { host: Host { uuid: uuid.to_owned(), serial: serial.to_owned(), user }, what }
    }
}

/// The profile for a SCEP CA with a challenge that is always the same.
fn is_scep(sample: &Sample, destination: Destination) -> bool {
    sample.destination == destination && sample.ca == "WIFI"
}

/// What a relying party looks at: the CA's signature and the dates; and whether the key fits.
fn check(
    installed: &Installed,
    ca: &Certificate,
    now: Time,
    backend: Backend,
) -> Result<(), Box<dyn Error>> {
    let certificate = &installed.certificate;
    certificate.is_signed_by(ca.public_key(), backend.provider(), &Tolerance::STRICT)?;
    let key = backend.load_file(&installed.folder.join("device.key"))?;
    if certificate.public_key() != key.public_key() {
        return Err("the certificate is for another key".into());
    }
    match certificate.validity().contains(now) {
        true => Ok(()),
        false => Err("the certificate is not valid now".into()),
    }
}

/// Prints what happens, with the time since the start.
#[derive(Clone, Copy)]
struct Steps(Instant);

impl Steps {
    fn say(self, what: &str) {
        println!("{:>8.1} ms  {what}", self.0.elapsed().as_secs_f64() * 1000.0);
    }
}
