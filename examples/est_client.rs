//! An EST client: CA certificates, and certificates for devices.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Parser, Subcommand};
use devicecert::est::{
    CaCertificates, Credentials, Draft, Endpoint, Enrolment, Error as EstLibraryError,
    ExplicitTrustAnchors, ImplicitTrustAnchors, Issued, KeyProtection, Label, NameMatch,
};
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Certificate, KeyKind, Time, to_pem};
use devicecert_examples::client::Patience;
use devicecert_examples::est::client::{self, EstError, Linking, Outcome};
use devicecert_examples::est::{
    BodyLines, Identity, Kek, Session, TlsVersions, Trust, Wanted, pkcs8,
};
use devicecert_examples::files::{self, Readers};
use devicecert_examples::keys::{Backend, Key, parse_key_kind, write_key};

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

Writes device.key, device.pem and ca.pem into the folder given by --out. Until the certificate is
there the new key is called device.key.new.
Exit status: 0 done, 2 usage, 3 refused by the server, 4 still pending, 1 anything else.";

/// An EST client (RFC 7030): CA certificates, and certificates for devices.
#[derive(Parser)]
#[command(name = "est-client", after_help = TEACHING)]
struct Cli {
    /// The server's https URL; without a path, /.well-known/est
    #[arg(long, value_name = "BASE")]
    url: String,
    /// Which of the server's CAs
    #[arg(long)]
    label: Option<Label>,
    /// The user that the server knows
    #[arg(long, requires = "password")]
    user: Option<String>,
    /// The user's password; others cannot see it in the process list if it comes in the environment
    #[arg(long, env = "EST_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// The certificate to authenticate with in TLS, and to renew
    #[arg(long, requires = "key")]
    cert: Option<PathBuf>,
    /// The key of --cert
    #[arg(long, requires = "cert")]
    key: Option<PathBuf>,
    /// A file with certificates of CAs that vouch for servers of any kind
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// A file with certificates of the CA itself, such as the ca.pem of an earlier run
    #[arg(long, value_name = "FILE", conflicts_with = "ca")]
    explicit_ta: Option<PathBuf>,
    /// The SHA-256 fingerprint of the CA's certificate, for cacerts when nothing is known yet
    #[arg(long, value_name = "HEX", conflicts_with_all = ["ca", "explicit_ta"])]
    fingerprint: Option<String>,
    /// Link requests to the TLS connection (RFC 7030 section 3.5)
    #[arg(long)]
    pop: bool,
    /// The versions of TLS that are offered
    #[arg(long, value_enum, default_value_t)]
    tls: TlsVersions,
    /// How the base64 of requests is broken into lines
    #[arg(long, value_enum, default_value_t)]
    lines: BodyLines,
    /// Leave with status 4 if the server wants to wait
    #[arg(long)]
    no_wait: bool,
    /// Who does the cryptography of requests and certificates
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Get the CA's certificates, into ca.pem
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
fn run(cli: &Cli) -> Result<Option<String>, Box<dyn Error>> {
    files::create_folder(&cli.out)?;
    let mut endpoint = Endpoint::new(&cli.url)?;
    endpoint.emission = cli.lines.into();
    if let Some(label) = &cli.label {
        endpoint = endpoint.label(label.clone());
    }
    match &cli.command {
        Command::Cacerts => ca_certs(cli, &endpoint).map(Some),
        Command::Csrattrs => csr_attrs(cli, &endpoint).map(Some),
        Command::Enroll(wanted) => {
            let linking = if cli.pop { Linking::On } else { Linking::Off };
            let key = new_key(cli, wanted.new_key)?;
            let attrs = client::csr_attrs(&mut session(cli)?, &endpoint)?;
            let params = wanted.satisfying(attrs.as_ref(), &endpoint, key.public_key(), linking)?;
            let draft = Draft::new(params, key.public_key().clone());
            let enrolment = Enrolment::new(endpoint, draft, cli.provider.provider());
            enrol(cli, enrolment, &[key])
        }
        Command::Reenroll { same_key, new_key: kind } => {
            let (old, old_key) = old(cli)?;
            let key = match same_key {
                true => {
                    write_key(&cli.out.join(NEW_KEY), &*old_key)?;
                    old_key
                }
                false => new_key(cli, *kind)?,
            };
            let draft = Draft::renewal_of(&old, key.public_key().clone());
            let enrolment = Enrolment::renew(endpoint, &old, draft, cli.provider.provider())?;
            enrol(cli, enrolment, &[key])
        }
        Command::Serverkeygen { wanted, kek, to_cert } => {
            generate(cli, endpoint, wanted, kek.as_ref(), *to_cert)
        }
        Command::Fullcmc(wanted) => full_cmc(cli, &endpoint, wanted).map(Some),
    }
}

/// Where a new key is until its certificate is there. The old key stays usable all the while.
const NEW_KEY: &str = "device.key.new";

/// A key, on disk before anything is sent, so that no certificate can come back for a key that is
/// lost.
fn new_key(cli: &Cli, kind: KeyKind) -> Result<Box<dyn Key>, Box<dyn Error>> {
    let key = cli.provider.generate(kind)?;
    write_key(&cli.out.join(NEW_KEY), &*key)?;
    Ok(key)
}

fn old(cli: &Cli) -> Result<(Certificate, Box<dyn Key>), Box<dyn Error>> {
    match (&cli.cert, &cli.key) {
        (Some(cert), Some(key)) => {
            Ok((files::read_certificate(cert)?, cli.provider.load_file(key)?))
        }
        _ => Err("--cert and --key are required for this".into()),
    }
}

fn trust(cli: &Cli) -> Result<Trust, Box<dyn Error>> {
    match (&cli.ca, &cli.explicit_ta, &cli.fingerprint, &cli.command) {
        (_, Some(file), _, _) => {
            Ok(Trust::Explicit(ExplicitTrustAnchors::new(files::read_certificates(file)?)))
        }
        (Some(file), None, _, _) => {
            Ok(Trust::Implicit(ImplicitTrustAnchors::new(files::read_certificates(file)?)))
        }
        (None, None, Some(_), Command::Cacerts) => Ok(Trust::Nobody),
        _ => Err("--explicit-ta or --ca is required; for cacerts --fingerprint will do".into()),
    }
}

fn session(cli: &Cli) -> Result<Session, Box<dyn Error>> {
    let identity = match (&cli.cert, &cli.key) {
        (Some(cert), Some(key)) => {
            let chain = files::read_certificates(cert)?;
            Some(Identity { chain, key: pkcs8(&*cli.provider.load_file(key)?)? })
        }
        _ => None,
    };
    Ok(Session::new(&trust(cli)?, identity, cli.tls)?)
}

fn ca_certs(cli: &Cli, endpoint: &Endpoint) -> Result<String, Box<dyn Error>> {
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
    write_anchors(cli, &found, now)?;
    for (certificate, role) in found.others() {
        println!("{}: {role}", certificate.subject());
    }
    let file = cli.out.join("ca.pem");
    Ok(format!("the CA is {}, in {}", found.anchor().subject(), file.display()))
}

fn write_anchors(cli: &Cli, found: &CaCertificates, now: Time) -> Result<(), Box<dyn Error>> {
    let anchors = found.explicit_trust(now);
    let all: Vec<_> = anchors.certificates().iter().chain(found.intermediates()).cloned().collect();
    Ok(files::write_certificates(&cli.out.join("ca.pem"), &all)?)
}

fn csr_attrs(cli: &Cli, endpoint: &Endpoint) -> Result<String, Box<dyn Error>> {
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
    mut enrolment: Enrolment,
    keys: &[Box<dyn Key>],
) -> Result<Option<String>, Box<dyn Error>> {
    let options = enrolment.options();
    if let (Some(user), Some(password)) = (&cli.user, &cli.password) {
        options.credentials = Some(Credentials::new(user, password.as_str())?);
    }
    if let Trust::Explicit(anchors) = trust(cli)? {
        options.anchors = Some(anchors);
    }
    let linking = if cli.pop { Linking::On } else { Linking::Off };
    let patience = if cli.no_wait { Patience::Leave } else { Patience::Wait };
    let keys: Vec<&dyn Key> = keys.iter().map(|key| &**key).collect();
    let mut session = session(cli)?;
    let say = |line: &str| eprintln!("{line}");
    match client::run(&mut enrolment, &mut session, &keys, linking, patience, say)? {
        Outcome::Pending => Ok(None),
        Outcome::Issued(issued) => write_out(&cli.out, &issued).map(Some),
    }
}

fn write_out(out: &Path, issued: &Issued) -> Result<String, Box<dyn Error>> {
    let certificate = &issued.certificate;
    if !issued.chain.is_empty() {
        files::write_certificates(&out.join("ca.pem"), &issued.chain)?;
    }
    files::write_certificates(&out.join("device.pem"), std::slice::from_ref(certificate))?;
    let key_file = out.join("device.key");
    match &issued.key {
        Some(generated) => {
            let pkcs8 = generated.to_pkcs8(certificate.public_key())?;
            let pkcs8 = pkcs8.ok_or("the key came under a password")?;
            let pem = to_pem("PRIVATE KEY", pkcs8.expose());
            files::replace(&key_file, Readers::Owner, |file| file.write_all(pem.as_bytes()))?;
        }
        None => {
            let new = out.join(NEW_KEY);
            std::fs::rename(&new, &key_file).map_err(files::at(&new))?;
        }
    }
    let file = out.join("device.pem");
    Ok(format!("issued: {}, in {}", certificate.subject(), file.display()))
}

fn generate(
    cli: &Cli,
    endpoint: Endpoint,
    wanted: &Wanted,
    kek: Option<&Kek>,
    to_cert: bool,
) -> Result<Option<String>, Box<dyn Error>> {
    // It signs the request, and is forgotten (RFC 7030 section 4.4.1).
    let mut keys = vec![cli.provider.generate(KeyKind::P256)?];
    let throw_away = keys.first().map(|key| key.public_key().clone()).ok_or("no key")?;
    let protection = match (kek, to_cert) {
        (Some(kek), _) => {
            KeyProtection::SymmetricKey { identifier: kek.name.clone(), key: kek.key.clone() }
        }
        (None, true) => {
            let (certificate, key) = old(cli)?;
            keys.push(key);
            KeyProtection::Certificate(Box::new(certificate))
        }
        (None, false) => KeyProtection::Tls,
    };
    let (params, provider) = (wanted.params(), cli.provider.provider());
    let enrolment = Enrolment::generate_key(endpoint, params, throw_away, protection, provider)?;
    enrol(cli, enrolment, &keys)
}

fn full_cmc(cli: &Cli, endpoint: &Endpoint, wanted: &Wanted) -> Result<String, Box<dyn Error>> {
    let Trust::Explicit(anchors) = trust(cli)? else {
        return Err("fullcmc needs --explicit-ta: the CA signs its answer".into());
    };
    let ca = anchors.certificates().first().ok_or("--explicit-ta: no certificate")?;
    let key = new_key(cli, wanted.new_key)?;
    let provider = cli.provider.provider();
    let (data, message) = client::full_request(&wanted.params(), &*key, provider)?;
    let credentials = match (&cli.user, &cli.password) {
        (Some(user), Some(password)) => Some(Credentials::new(user, password.as_str())?),
        _ => None,
    };
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
    files::write_certificates(&cli.out.join("device.pem"), std::slice::from_ref(certificate))?;
    let new = cli.out.join(NEW_KEY);
    std::fs::rename(&new, cli.out.join("device.key")).map_err(files::at(&new))?;
    Ok(format!("issued: {}", certificate.subject()))
}
