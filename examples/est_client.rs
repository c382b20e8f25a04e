//! An EST client: CA certificates, and certificates for devices.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::{CommandFactory, Parser, Subcommand};
use devicecert::est::{
    Credentials, Draft, Endpoint, Enrolment, Error as EstLibraryError, KeyProtection, Label,
    NameMatch, Saved,
};
use devicecert::pki::KeyKind;
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert_examples::client::Patience;
use devicecert_examples::est::client::{self, EstError, Linking, Outcome};
use devicecert_examples::est::{
    BodyLines, Connection, DeviceFolder, Kek, Renewable, Session, Trust, Wanted,
};
use devicecert_examples::files::{self, Readers};
use devicecert_examples::keys::{Backend, Key, parse_key_kind};

type Done<T> = Result<T, Box<dyn Error>>;

const TEACHING: &str = "\
Examples:
  The CA's certificate, known by its fingerprint; from then on nothing else is believed:
      est-client --url https://est.example --fingerprint 9F86D0... --out laptop-7 cacerts
  A first certificate, with user and password, linked to the TLS connection:
      est-client --url https://est.example --explicit-ta laptop-7/ca.pem --user u --password p \\
                 --pop --out laptop-7 enroll --subject CN=laptop-7
  Its renewal with a new key; TLS authenticates with the old one:
      est-client --url https://est.example --explicit-ta laptop-7/ca.pem \\
                 --cert laptop-7/device.pem --key laptop-7/device.key --out laptop-7.new reenroll

  A CA that asks a person: do not wait, and ask again tomorrow:
      est-client --url ... --no-wait --save pending.est --out laptop-7 enroll --subject CN=laptop-7
      est-client --resume pending.est --explicit-ta laptop-7/ca.pem --out laptop-7

Writes into the folder given by --out: cacerts the trust anchors into ca.pem and the CAs below them
into intermediates.pem; everything else device.key, device.pem and, into chain.pem, the certificates
above it. Until the certificate is there the new key is called device.key.new.
Exit status: 0 done, 2 usage, 3 refused by the server, 4 still pending, 1 anything else.";

/// An EST client (RFC 7030): CA certificates, and certificates for devices.
#[derive(Parser)]
#[command(name = "est-client", after_help = TEACHING)]
struct Cli {
    /// The server's https URL; without a path, /.well-known/est; with --resume, where it has moved
    /// to
    #[arg(long, value_name = "BASE", required_unless_present = "resume")]
    url: Option<String>,
    /// Which of the server's CAs
    #[arg(long, requires = "url")]
    label: Option<Label>,
    /// The user that the server knows
    #[arg(long, requires = "password")]
    user: Option<String>,
    /// The user's password; others cannot see it in the process list if it comes in the environment
    #[arg(long, env = "EST_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    #[command(flatten)]
    connection: Connection,
    /// The SHA-256 fingerprint of the CA's certificate, for cacerts when nothing is known yet
    #[arg(long, value_name = "HEX", conflicts_with_all = ["ca", "explicit_ta"])]
    fingerprint: Option<String>,
    /// Link requests to the TLS connection (RFC 7030 section 3.5)
    #[arg(long)]
    pop: bool,
    /// How the base64 of requests is broken into lines
    #[arg(long, value_enum, default_value_t)]
    lines: BodyLines,
    /// Leave with status 4 if the server wants to wait
    #[arg(long)]
    no_wait: bool,
    /// Seconds between two polls of a pending request, if the server wants less
    #[arg(long, value_name = "SECS", default_value_t = 5)]
    poll_interval: u64,
    /// Where to save an enroll or reenroll that is still pending, instead of waiting
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Go on with a request that was saved, in the same folder and with the same options, but
    /// without a command
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Who does the cryptography of requests and certificates
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Get the CA's certificates, into ca.pem and intermediates.pem
    Cacerts,
    /// Show what the server wants to see in a request
    Csrattrs,
    /// Get a certificate
    Enroll(Wanted),
    /// Renew the certificate given by --cert
    Reenroll {
        /// Keep the key, instead of making a new one
        #[arg(long)]
        same_key: bool,
        /// The kind of the new key
        #[arg(long, value_name = "KIND", default_value = "p256", value_parser = parse_key_kind)]
        new_key: KeyKind,
    },
    /// Get a certificate and its key, which the server makes
    Serverkeygen {
        #[command(flatten)]
        wanted: Wanted,
        /// An AES key that the server knows, and its name, to encrypt the new key with
        #[arg(long, value_name = "NAME:HEX", env = "EST_KEK", hide_env_values = true, value_parser = Kek::parse)]
        kek: Option<Kek>,
        /// Have the new key encrypted to the key of --cert
        #[arg(long, conflicts_with = "kek")]
        to_cert: bool,
    },
    /// Get a certificate with a Full PKI Request
    Fullcmc(Wanted),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(Some(line)) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Ok(None) => {
            println!("still pending");
            ExitCode::from(4)
        }
        Err(error) => {
            eprintln!("est-client: {error}");
            match error.downcast_ref() {
                Some(EstError::Est(EstLibraryError::Refused(refusal))) => {
                    if refusal.status == 400 && cli.lines == BodyLines::Wrapped {
                        eprintln!("some servers cannot read a wrapped request: try --lines bare");
                    }
                    ExitCode::from(3)
                }
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// What was done, in a line; `None` if it has to wait.
fn run(cli: &Cli) -> Done<Option<String>> {
    let folder = DeviceFolder::open(&cli.out)?;
    let command = match (&cli.command, &cli.resume) {
        (Some(command), None) => command,
        (None, Some(file)) => return resume(cli, &folder, file),
        (None, None) => usage("a command is missing, or --resume"),
        (Some(_), Some(_)) => usage("--resume goes on with what was asked, without a command"),
    };
    if cli.save.is_some() && !matches!(command, Command::Enroll(_) | Command::Reenroll { .. }) {
        usage("--save is for enroll and reenroll");
    }
    let endpoint = endpoint(cli)?;
    match command {
        Command::Cacerts => ca_certs(cli, &folder, &endpoint).map(Some),
        Command::Csrattrs => csr_attrs(cli, &endpoint).map(Some),
        Command::Enroll(wanted) => {
            let key = new_key(cli, &folder, wanted.new_key)?;
            let attrs = client::csr_attrs(&mut session(cli)?, &endpoint)?;
            let linking = linking(cli);
            let params = wanted.satisfying(attrs.as_ref(), &endpoint, key.public_key(), linking)?;
            let draft = Draft::new(params, key.public_key().clone());
            let enrolment = Enrolment::new(endpoint, draft, cli.provider.provider());
            enrol(cli, &folder, enrolment, &[key])
        }
        Command::Reenroll { same_key, new_key: kind } => {
            let Renewable { certificate: old, key: old_key } = old(cli)?;
            let key = match same_key {
                true => {
                    folder.keep_new_key(&*old_key)?;
                    old_key
                }
                false => new_key(cli, &folder, *kind)?,
            };
            let draft = Draft::renewal_of(&old, key.public_key().clone());
            let enrolment = Enrolment::renew(endpoint, &old, draft, cli.provider.provider())?;
            enrol(cli, &folder, enrolment, &[key])
        }
        Command::Serverkeygen { wanted, kek, to_cert } => {
            generate(cli, &folder, endpoint, wanted, kek.as_ref(), *to_cert)
        }
        Command::Fullcmc(wanted) => full_cmc(cli, &folder, &endpoint, wanted).map(Some),
    }
}

/// Ends the program with status 2.
fn usage(problem: &str) -> ! {
    Cli::command().error(clap::error::ErrorKind::ValueValidation, problem).exit()
}

fn endpoint(cli: &Cli) -> Done<Endpoint> {
    let mut endpoint = Endpoint::new(cli.url.as_deref().ok_or("--url is required")?)?;
    endpoint.emission = cli.lines.into();
    Ok(match &cli.label {
        Some(label) => endpoint.label(label.clone()),
        None => endpoint,
    })
}

const fn linking(cli: &Cli) -> Linking {
    if cli.pop { Linking::On } else { Linking::Off }
}

fn resume(cli: &Cli, folder: &DeviceFolder, file: &Path) -> Done<Option<String>> {
    let saved = Saved::from_bytes(std::fs::read(file).map_err(files::at(file))?);
    let mut enrolment = Enrolment::resume(&saved, cli.provider.provider())?;
    match &cli.url {
        Some(_) => *enrolment.endpoint_mut() = endpoint(cli)?,
        None => enrolment.endpoint_mut().emission = cli.lines.into(),
    }
    enrol(cli, folder, enrolment, &[folder.new_key(cli.provider)?])
}

fn new_key(cli: &Cli, folder: &DeviceFolder, kind: KeyKind) -> Done<Box<dyn Key>> {
    let key = cli.provider.generate(kind)?;
    folder.keep_new_key(&*key)?;
    Ok(key)
}

fn old(cli: &Cli) -> Done<Renewable> {
    let old = cli.connection.renewable(cli.provider)?;
    old.ok_or_else(|| "--cert and --key are required for this".into())
}

fn trust(cli: &Cli) -> Done<Trust> {
    match (cli.connection.trust()?, &cli.fingerprint, &cli.command) {
        (Some(trust), _, _) => Ok(trust),
        (None, Some(_), Some(Command::Cacerts)) => Ok(Trust::Nobody),
        _ => Err("--explicit-ta or --ca is required; for cacerts --fingerprint will do".into()),
    }
}

fn session(cli: &Cli) -> Done<Session> {
    Ok(cli.connection.session(&trust(cli)?, cli.provider)?)
}

fn credentials(cli: &Cli) -> Result<Option<Credentials>, EstLibraryError> {
    let both = cli.user.as_ref().zip(cli.password.as_deref());
    both.map(|(user, password)| Credentials::new(user, password)).transpose()
}

fn ca_certs(cli: &Cli, folder: &DeviceFolder, endpoint: &Endpoint) -> Done<String> {
    let mut session = session(cli)?;
    let unverified = client::ca_certs(&mut session, endpoint)?;
    let now = SystemTime::now().into();
    let provider = cli.provider.provider();
    let found = match (trust(cli)?, &cli.fingerprint) {
        (Trust::Nobody, Some(hex)) => {
            let pin = devicecert_examples::est::parse_hex(hex)?;
            unverified.pinned(DigestAlgorithm::Sha256, &pin, now, provider)?
        }
        // TLS has checked the certificate, and that name or purpose are right.
        (Trust::Explicit(anchors), _) => match anchors.certificates().first() {
            Some(server) => {
                let authorised = anchors.authorise(server, NameMatch::Matches)?;
                unverified.from_server(authorised, now, provider)?
            }
            None => return Err("--explicit-ta: no certificate".into()),
        },
        (Trust::Implicit(anchors), _) => {
            unverified.from_server(anchors.authorise(NameMatch::Matches)?, now, provider)?
        }
        (Trust::Nobody, None) => return Err("--fingerprint is required".into()),
    };
    folder.write_ca(&found, now)?;
    for (certificate, role) in found.others() {
        println!("{}: {role}", certificate.subject());
    }
    let file = folder.anchors();
    Ok(format!("the CA is {}, in {}", found.anchor().subject(), file.display()))
}

fn csr_attrs(cli: &Cli, endpoint: &Endpoint) -> Done<String> {
    let Some(attrs) = client::csr_attrs(&mut session(cli)?, endpoint)? else {
        return Ok("the server has no wishes".to_owned());
    };
    let plan = attrs.plan(&endpoint.tolerance, &endpoint.limits)?;
    if let Some(key) = plan.key {
        println!("key: {key}");
    }
    if plan.linking.is_some() {
        println!("requests have to be linked to TLS (--pop)");
    }
    for oid in &plan.ignored {
        println!("not understood: {oid}");
    }
    Ok(format!("{} elements", attrs.elements().len()))
}

/// Runs an enrolment to its end, and writes what came of it.
fn enrol(
    cli: &Cli,
    folder: &DeviceFolder,
    mut enrolment: Enrolment,
    keys: &[Box<dyn Key>],
) -> Done<Option<String>> {
    let options = enrolment.options();
    options.credentials = credentials(cli)?;
    options.least_pause = Duration::from_secs(cli.poll_interval);
    if let Trust::Explicit(anchors) = trust(cli)? {
        options.anchors = Some(anchors);
        options.intermediates = cli.connection.intermediates()?;
    }
    let will_leave = cli.no_wait || cli.save.is_some();
    let patience = if will_leave { Patience::Leave } else { Patience::Wait };
    let keys: Vec<&dyn Key> = keys.iter().map(|key| &**key).collect();
    let mut session = session(cli)?;
    let say = |line: &str| eprintln!("{line}");
    match client::run(&mut enrolment, &mut session, &keys, linking(cli), patience, say)? {
        Outcome::Pending => {
            if let Some(file) = &cli.save {
                let saved = enrolment.save().ok_or("this request cannot be saved")?;
                files::replace(file, Readers::Owner, |file| file.write_all(saved.as_bytes()))?;
                say(&format!("saved in {}", file.display()));
            }
            Ok(None)
        }
        Outcome::Issued(issued) => {
            folder.write_issued(&issued)?;
            let (subject, file) = (issued.certificate.subject(), folder.certificate());
            Ok(Some(format!("issued: {subject}, in {}", file.display())))
        }
    }
}

fn generate(
    cli: &Cli,
    folder: &DeviceFolder,
    endpoint: Endpoint,
    wanted: &Wanted,
    kek: Option<&Kek>,
    to_cert: bool,
) -> Done<Option<String>> {
    // It signs the request, and is forgotten (RFC 7030 section 4.4.1).
    let mut keys = vec![cli.provider.generate(KeyKind::P256)?];
    let throw_away = keys.first().map(|key| key.public_key().clone()).ok_or("no key")?;
    let protection = match (kek, to_cert) {
        (Some(kek), _) => {
            KeyProtection::SymmetricKey { identifier: kek.name.clone(), key: kek.key.clone() }
        }
        (None, true) => {
            let Renewable { certificate, key } = old(cli)?;
            keys.push(key);
            KeyProtection::Certificate(Box::new(certificate))
        }
        (None, false) => KeyProtection::Tls,
    };
    let (params, provider) = (wanted.params(), cli.provider.provider());
    let enrolment = Enrolment::generate_key(endpoint, params, throw_away, protection, provider)?;
    enrol(cli, folder, enrolment, &keys)
}

fn full_cmc(
    cli: &Cli,
    folder: &DeviceFolder,
    endpoint: &Endpoint,
    wanted: &Wanted,
) -> Done<String> {
    let Trust::Explicit(anchors) = trust(cli)? else {
        return Err("fullcmc needs --explicit-ta: the CA signs its answer".into());
    };
    let ca = anchors.certificates().first().ok_or("--explicit-ta: no certificate")?;
    let key = new_key(cli, folder, wanted.new_key)?;
    let provider = cli.provider.provider();
    let (data, message) = client::full_request(&wanted.params(), &*key, provider)?;
    let credentials = credentials(cli)?;
    let mut session = session(cli)?;
    let (content, response) = client::full_cmc(
        &mut session,
        endpoint,
        &data,
        &message,
        credentials.as_ref(),
        ca,
        provider,
    )?;
    for status in content.statuses(&endpoint.limits)? {
        println!("{status}");
    }
    let certificate = response.certificate_for(key.public_key())?;
    folder.write_certificate(certificate)?;
    Ok(format!("issued: {}", certificate.subject()))
}
