//! The whole of SCEP in one run: a CA, a device, a certificate, a renewal.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use clap::Parser;
use devicecert::pki::{Certificate, CsrParams, KeyKind, Secret, Time, Tolerance};
use devicecert::scep::{Enrolment, Fingerprint, Trust};
use devicecert_examples::client::{self, Outcome, Patience};
use devicecert_examples::files;
use devicecert_examples::keys::{Backend, Key, write_key};
use devicecert_examples::server::{Approval, Ca, Policy, Ra, Setup, serve};
use tokio::net::TcpListener;

/// Shows a device getting a certificate by SCEP: starts a CA on 127.0.0.1, enrols over HTTP,
/// checks the certificate, renews it once, and leaves the result in a folder.
#[derive(Debug, Parser)]
#[command(name = "enroll")]
struct Cli {
    /// The folder for device.pem, device.key and ca.pem
    #[arg(long, value_name = "DIR", default_value = "enrolled")]
    out: PathBuf,
    /// Who does the cryptography
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
}

const CHALLENGE: &str = "one-time-password";

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
    let backend = cli.provider;
    let state = tempfile::tempdir()?;

    let ca = make_ca(backend, state.path())?;
    let ca_certificate = ca.authority.ca().clone();
    let fingerprint = Fingerprint::of(&ca_certificate, backend.provider())?;
    steps.say(&format!("a CA was made: {}", ca_certificate.subject()));
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{}/scep", listener.local_addr()?);
    runtime.spawn(serve(listener, Arc::new(ca), Arc::new(|_: &str| {})));
    steps.say(&format!("it listens on {url}"));

    let key = backend.generate(KeyKind::Rsa { bits: 2048 })?;
    steps.say("the device made a key: RSA 2048");
    let device = Device { backend, url: &url, fingerprint: &fingerprint };
    let first = device.enrol(&*key, None, &steps)?;
    check(&first, &ca_certificate, &*key, backend)?;
    steps.say(&format!("issued: {}", describe(&first)));

    let new_key = backend.generate(KeyKind::Rsa { bits: 2048 })?;
    steps.say("time to renew: the device made a new key");
    let renewed = device.enrol(&*new_key, Some((&first, &*key)), &steps)?;
    check(&renewed, &ca_certificate, &*new_key, backend)?;
    steps.say(&format!("renewed: {}", describe(&renewed)));

    std::fs::create_dir_all(&cli.out)?;
    write_key(&cli.out.join("device.key"), &*new_key)?;
    files::write_certificates(&cli.out.join("ca.pem"), &[ca_certificate])?;
    files::write_certificates(&cli.out.join("device.pem"), &[renewed])?;
    let out = cli.out.display();
    steps.say(&format!("wrote {out}/device.pem, {out}/device.key and {out}/ca.pem"));
    println!("\nCheck it: openssl verify -CAfile {out}/ca.pem {out}/device.pem");
    Ok(())
}

fn make_ca(backend: Backend, folder: &std::path::Path) -> Result<Ca, Box<dyn Error>> {
    let setup = Setup { ca_key: KeyKind::Rsa { bits: 2048 }, ra: Ra::None, backend };
    let policy = Policy {
        challenges: vec![Secret::from(CHALLENGE)],
        one_time: true,
        approval: Approval::Auto,
        lifetime: Duration::from_secs(365 * 86_400),
    };
    Ok(Ca::open(folder, setup, policy)?)
}

struct Device<'a> {
    backend: Backend,
    url: &'a str,
    fingerprint: &'a Fingerprint,
}

impl Device<'_> {
    /// A first certificate with the challenge, or a new one signed with the old.
    fn enrol(
        &self,
        key: &dyn Key,
        old: Option<(&Certificate, &dyn Key)>,
        steps: &Steps,
    ) -> Result<Certificate, Box<dyn Error>> {
        let provider = self.backend.provider();
        let trust = Trust::Fingerprint(self.fingerprint.clone());
        let mut params = CsrParams::new("CN=laptop-7,O=Example".parse()?);
        if old.is_none() {
            params = params.challenge(CHALLENGE);
        }
        let csr = params.unsigned(key.public_key())?.sign(key)?;
        let mut enrolment = match old {
            None => Enrolment::new(self.url, csr, trust, provider)?,
            Some((certificate, _)) => {
                Enrolment::renew(self.url, certificate.clone(), csr, trust, provider)?
            }
        };
        let keys: Vec<&dyn Key> = [key].into_iter().chain(old.map(|(_, key)| key)).collect();
        let outcome = client::run(&mut enrolment, &keys, Patience::Wait, |line| steps.say(line))?;
        match outcome {
            Outcome::Issued(chain) => {
                chain.into_iter().next().ok_or_else(|| "no certificate".into())
            }
            Outcome::Pending => Err("still pending".into()),
        }
    }
}

/// What a relying party looks at: the CA's signature, the key, and the dates.
fn check(
    certificate: &Certificate,
    ca: &Certificate,
    key: &dyn Key,
    backend: Backend,
) -> Result<(), Box<dyn Error>> {
    certificate.is_signed_by(ca.public_key(), backend.provider(), &Tolerance::STRICT)?;
    if certificate.public_key() != key.public_key() {
        return Err("the certificate is for another key".into());
    }
    if !certificate.validity().contains(Time::from(SystemTime::now())) {
        return Err("the certificate is not valid now".into());
    }
    Ok(())
}

fn describe(certificate: &Certificate) -> String {
    let not_after = certificate.validity().not_after;
    format!("{}, signed by the CA, valid until {not_after}", certificate.subject())
}

/// Prints what happens, with the time since the start.
struct Steps(Instant);

impl Steps {
    fn say(&self, what: &str) {
        println!("{:>8.1} ms  {what}", self.0.elapsed().as_secs_f64() * 1000.0);
    }
}
