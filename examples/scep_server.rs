//! A SCEP server: a small CA in a folder, with HTTP in front.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clap::{Args, CommandFactory, Parser, Subcommand};
use devicecert::pki::{CrlReason, KeyKind, Name, Secret, Time};
use devicecert::scep::{Fingerprint, Tolerance};
use devicecert_examples::alt_names::AltNames;
use devicecert_examples::keys::{Backend, parse_key_kind};
use devicecert_examples::server::{
    Approval, Ca, Generations, IntuneOptions, Permits, Policy, Ra, Setup, Store, Verdict, Webhook,
    desk, serve,
};
use http::Uri;
use tokio::net::TcpListener;

const TEACHING: &str = "\
Examples:
  A CA whose devices share one challenge:
      scep-server --listen 127.0.0.1:8080 --dir ca --challenge secret
  A CA that asks a person; then look and approve from another terminal:
      scep-server --listen 127.0.0.1:8080 --dir ca --approve manual
      scep-server list --dir ca
      scep-server approve --dir ca 3F2504E04F8911D39A0C0305E82C3301
  A device was stolen: its certificate is on the next CRL, and not renewed any more:
      scep-server revoke --dir ca 5CC0F34E... --reason keyCompromise
  The CA gets old: make its successor, which devices may learn of and which takes over in 30 days:
      scep-server rollover --dir ca --in 30
  A challenge for one device, good once and for an hour, from another terminal:
      scep-server permit --dir ca --subject CN=laptop-7 --dns laptop-7.example
  Intune says which devices it sent, and learns what they got; the app's client secret is in a file:
      scep-server --listen 127.0.0.1:8080 --dir ca --intune example.onmicrosoft.com \
          --intune-app 11111111-2222-3333-4444-555555555555 --intune-secret app.secret

The folder holds everything: ca.pem and ca.key, ra.pem and ra.key with --ra (a key file may also say
where in a token the key is: pkcs11:token=LABEL;object=LABEL?module-path=FILE&pin-source=FILE), every issued
certificate under issued/, every request under transactions/, the CA that takes over under
rollover-1/. All of this may be done while the server runs, and the server may be killed at any
moment and started again. Any URL path will do, http://HOST:PORT/scep as well as /pkiclient.exe.
CRLs are at http://HOST:PORT/crl-0.crl, and crl-1.crl for the CA that took over.
It speaks HTTP, as SCEP does; requests are encrypted inside. Give clients the fingerprint of ca.pem.

A challenge given by --challenge says who may ask, not for what: whoever has it can ask for any
subject and names. Where that matters, make a permit for each device, ask a web hook or Intune, or
approve by hand. Without any --challenge only these let a device in. Intune is asked about renewals,
too; where it cannot be reached nothing is issued, and the device has to come again.";

/// A SCEP server (RFC 8894): a small CA in a folder.
#[derive(Parser)]
#[command(name = "scep-server", after_help = TEACHING, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Args)]
struct Serve {
    /// Where to listen, such as 127.0.0.1:8080; port 0 takes a free one
    #[arg(long, value_name = "ADDR", required = true)]
    listen: Option<SocketAddr>,
    /// The CA's folder; a CA is made there if it is empty
    #[arg(long, required = true)]
    dir: Option<PathBuf>,
    /// A challenge that lets a device in; may be given several times. Others cannot see it in the
    /// process list if it comes in the environment
    #[arg(long, value_name = "TEXT", env = "SCEP_CHALLENGE", hide_env_values = true)]
    challenge: Vec<String>,
    /// Each challenge is good for one device only
    #[arg(long, requires = "challenge")]
    one_time: bool,
    /// Where to ask about devices without a challenge that is known here: one POST for each request,
    /// answered with {"allow": true} or {"allow": false}
    #[arg(long, value_name = "URL", requires = "webhook_secret", conflicts_with = "intune_tenant")]
    webhook: Option<Uri>,
    /// The secret whose HMAC-SHA256 over the body proves to the web hook who asks
    #[arg(long, value_name = "TEXT", env = "SCEP_WEBHOOK_SECRET", hide_env_values = true)]
    webhook_secret: Option<String>,
    #[command(flatten)]
    intune: IntuneOptions,
    /// Receive requests and sign replies with an RA certificate instead of the CA's
    #[arg(long)]
    ra: bool,
    /// Whether requests with the right challenge are granted at once
    #[arg(long, value_enum, default_value_t)]
    approve: Approval,
    /// How long certificates last
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    validity: u32,
    /// The CA's key, where one is made: rsa:2048, rsa:3072, rsa:4096, p256 or p384. Few clients can
    /// envelope a request to one that is not RSA; with --ra they do not have to
    #[arg(long, value_name = "KIND", default_value = "rsa:2048", value_parser = parse_key_kind)]
    ca_key: KeyKind,
    /// Who does the cryptography
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
    /// Read requests with single DES or MD5, which are broken
    #[arg(long)]
    allow_legacy: bool,
    /// Where devices reach this server, such as http://ca.example: certificates say that CRLs are
    /// there. By default where it listens, unless that is every address
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Approve a pending request; the device gets its certificate when it polls next
    Approve(Decide),
    /// Reject a pending request
    Reject(Decide),
    /// Revoke a certificate
    Revoke {
        /// The CA's folder
        #[arg(long)]
        dir: PathBuf,
        /// The serial number in hexadecimal digits, as in issued/
        serial: String,
        /// Why, in the words of RFC 5280: keyCompromise, cessationOfOperation, superseded ...
        #[arg(long, default_value = "unspecified")]
        reason: CrlReason,
    },
    /// Make the CA that takes over from this one
    Rollover {
        /// The CA's folder
        #[arg(long)]
        dir: PathBuf,
        /// When it takes over: so many days from now
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=3_650))]
        r#in: u32,
        /// Who does the cryptography
        #[arg(long, value_enum, default_value_t)]
        provider: Backend,
    },
    /// Make a challenge that lets one device in, once, for just these names; prints it
    Permit(Permit),
    /// Show the requests that wait
    List {
        /// The CA's folder
        #[arg(long)]
        dir: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Permit {
    /// The CA's folder
    #[arg(long)]
    dir: PathBuf,
    /// The subject that may be asked for, such as "CN=laptop-7,O=Example"
    #[arg(long, value_name = "DN")]
    subject: Name,
    #[command(flatten)]
    alt_names: AltNames,
    /// How long the challenge is good for
    #[arg(long, default_value_t = 60)]
    minutes: u32,
}

#[derive(Debug, Args)]
struct Decide {
    /// The CA's folder
    #[arg(long)]
    dir: PathBuf,
    /// The transactionID, as the server printed it
    transaction: String,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Some(Command::Approve(decide)) => {
            desk::decide(&decide.dir, &decide.transaction, Verdict::Approved)
        }
        Some(Command::Reject(decide)) => {
            desk::decide(&decide.dir, &decide.transaction, Verdict::Rejected)
        }
        Some(Command::Permit(wanted)) => permit(wanted),
        Some(Command::List { dir }) => desk::list(dir),
        Some(Command::Revoke { dir, serial, reason }) => revoke(dir, serial, *reason),
        Some(Command::Rollover { dir, r#in, provider }) => roll_over(dir, *r#in, *provider),
        None => run(&cli.serve),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scep-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn now() -> Time {
    SystemTime::now().into()
}

fn revoke(dir: &Path, serial: &str, reason: CrlReason) -> Result<(), Box<dyn Error>> {
    let certificate = Store::open(dir)?.revoke(serial, now(), reason)?;
    println!("revoked: {}, {reason}; it is on the next CRL", certificate.subject());
    Ok(())
}

fn roll_over(dir: &Path, days: u32, backend: Backend) -> Result<(), Box<dyn Error>> {
    let pause = Duration::from_secs(u64::from(days).saturating_mul(86_400));
    let next = Generations::roll_over(dir, now(), pause, backend)?;
    let ca = next.authority.ca();
    println!("{} takes over on {}", ca.subject(), ca.validity().not_before);
    println!("fingerprint {}", Fingerprint::of(ca, backend.provider())?);
    println!("folder: {}", next.folder.display());
    Ok(())
}

/// The challenge alone goes to standard output, for a script to take.
fn permit(wanted: &Permit) -> Result<(), Box<dyn Error>> {
    let lifetime = Duration::from_secs(u64::from(wanted.minutes).saturating_mul(60));
    let until = now().after(lifetime);
    let names = wanted.alt_names.to_general_names();
    let provider = Backend::default().provider();
    let challenge = Permits::open(&wanted.dir)?.make(&wanted.subject, &names, until, provider)?;
    println!("{}", String::from_utf8_lossy(challenge.expose()));
    Ok(())
}

#[tokio::main]
async fn run(options: &Serve) -> Result<(), Box<dyn Error>> {
    let (Some(listen), Some(dir)) = (options.listen, &options.dir) else {
        return Err("--listen and --dir are required".into());
    };
    check(options);
    let mut tolerance = Tolerance::default();
    tolerance.cms.legacy_algorithms = options.allow_legacy;
    let setup = Setup {
        ca_key: options.ca_key,
        ra: if options.ra { Ra::Separate } else { Ra::None },
        backend: options.provider,
        tolerance,
    };
    let policy = Policy {
        challenges: options.challenge.iter().map(|text| Secret::from(text.as_str())).collect(),
        one_time: options.one_time,
        approval: options.approve,
        lifetime: Duration::from_secs(u64::from(options.validity).saturating_mul(86_400)),
    };
    let mut ca = Ca::open(dir, setup, policy)?;
    if let Some(url) = &options.webhook {
        let secret = Secret::from(options.webhook_secret.as_deref().unwrap_or_default());
        ca.judge = Some(Box::new(Webhook::new(url.clone(), secret, options.provider.provider())));
    }
    if let Some(intune) = options.intune.judge(options.provider.provider())? {
        ca.judge = Some(Box::new(intune));
    }
    let line = ca.generations.line(SystemTime::now().into())?;
    let recipient = line.current().authority.recipient().public_key();
    if !matches!(recipient.kind(), KeyKind::Rsa { .. }) {
        eprintln!(
            "no RSA key: only clients that know password recipients or key agreement can ask"
        );
    }
    if options.challenge.is_empty() && options.approve == Approval::Auto && ca.judge.is_none() {
        eprintln!("no --challenge: only those made by `scep-server permit` let a device in");
    }
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let own_url = (!address.ip().is_unspecified()).then(|| format!("http://{address}"));
    let public_url = options.public_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
    ca.crl_folder = public_url.or(own_url);
    println!("listening on http://{address}/scep");
    tokio::select! {
        () = serve(listener, Arc::new(ca), Arc::new(|line: &str| eprintln!("{line}"))) => {}
        _ = tokio::signal::ctrl_c() => eprintln!("stopped"),
    }
    Ok(())
}

/// Combinations that would not do what they look like. Ends the program with status 2.
fn check(options: &Serve) {
    let problem = match options {
        Serve { challenge, .. } if challenge.iter().any(String::is_empty) => {
            "--challenge must not be empty"
        }
        _ => return,
    };
    Cli::command().error(clap::error::ErrorKind::ArgumentConflict, problem).exit()
}
