//! An EST server: a small CA in a folder, with HTTPS in front.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand};
use devicecert::est::{Credentials, CsrAttrs, KeyDemand, LinkingPolicy, Service};
use devicecert::pki::{KeyKind, Secret, oid};
use devicecert_examples::est::{
    ClientCertificates, EstCa, EstFolder, EstPolicy, Kek, TlsVersions, serve, tls_config,
};
use devicecert_examples::keys::{Backend, parse_key_kind};
use devicecert_examples::server::{Approval, Store, Verdict, desk};
use tokio::net::TcpListener;

const TEACHING: &str = "\
Examples:
  A CA whose devices have a user and a password:
      est-server --listen 127.0.0.1:8443 --dir est --user device:secret
  With curl, and OpenSSL to make a request and read the answer:
      curl --cacert est/ca.pem -u device:secret -H 'Content-Type: application/pkcs10' \\
          --data-binary @request.b64 https://localhost:8443/.well-known/est/simpleenroll
  A CA that asks a person; then look and approve from another terminal:
      est-server --listen 127.0.0.1:8443 --dir est --manual
      est-server list --dir est
      est-server approve --dir est 7B49...

The folder holds everything: ca.pem and ca.key, tls.pem and tls.key, every issued certificate under
issued/, every request under transactions/. If ca.pem and ca.key are those of a CA below another, the
certificates above it follow in ca.pem. A server that was killed goes on where it stopped.";

/// An EST server (RFC 7030): a small CA in a folder, with HTTPS in front.
#[derive(Debug, Parser)]
#[command(name = "est-server", after_help = TEACHING, subcommand_negates_reqs = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Args)]
struct Serve {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", required = true)]
    listen: Option<SocketAddr>,
    /// The CA's folder; a CA is made there if it is empty
    #[arg(long, required = true)]
    dir: Option<PathBuf>,
    /// A user that may enrol; may be given several times. Others cannot see it in the process list
    /// if it comes in the environment
    #[arg(long, value_name = "USER:PASSWORD", env = "EST_USER", hide_env_values = true)]
    user: Vec<User>,
    /// Only clients with a certificate of this CA may connect at all
    #[arg(long)]
    require_client_cert: bool,
    /// Requests wait until somebody approves them
    #[arg(long)]
    manual: bool,
    /// Requests must be linked to TLS (RFC 7030 section 3.5)
    #[arg(long)]
    require_pop: bool,
    /// The kind of key that devices are told to make: rsa:2048, rsa:3072, rsa:4096 or p256
    #[arg(long, value_name = "KIND", value_parser = parse_key_kind)]
    want_key: Option<KeyKind>,
    /// An AES key that generated keys can be encrypted with, and its name; may be given several
    /// times
    #[arg(long, value_name = "NAME:HEX", env = "EST_KEK", hide_env_values = true)]
    kek: Vec<NamedKey>,
    /// How long certificates last
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    validity: u32,
    /// How long a client waits between two looks at a pending request
    #[arg(long, value_name = "SECS", default_value_t = 60)]
    retry_after: u64,
    /// The versions of TLS that are offered
    #[arg(long, value_enum, default_value_t)]
    tls: TlsVersions,
    /// Who does the cryptography of requests and certificates
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
}

/// `USER:PASSWORD`.
#[derive(Clone, Debug)]
struct User(Credentials);

impl FromStr for User {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (user, password) = text.split_once(':').ok_or("expected USER:PASSWORD")?;
        Credentials::new(user, password).map(Self).map_err(|error| error.to_string())
    }
}

/// `NAME:HEX`.
#[derive(Clone, Debug)]
struct NamedKey(Kek);

impl FromStr for NamedKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Kek::parse(text).map(Self)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Approve a pending request; the device gets its certificate when it asks next
    Approve(Decide),
    /// Reject a pending request
    Reject(Decide),
    /// Show the requests that wait
    List {
        /// The CA's folder
        #[arg(long)]
        dir: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Decide {
    /// The CA's folder
    #[arg(long)]
    dir: PathBuf,
    /// The request, as the listing names it
    request: String,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.command {
        Some(Command::Approve(decide)) => {
            desk::decide(&decide.dir, &decide.request, Verdict::Approved)
        }
        Some(Command::Reject(decide)) => {
            desk::decide(&decide.dir, &decide.request, Verdict::Rejected)
        }
        Some(Command::List { dir }) => desk::list(dir),
        None => run(&cli.serve),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("est-server: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(options: &Serve) -> Result<(), Box<dyn Error>> {
    let (Some(listen), Some(dir)) = (options.listen, &options.dir) else {
        return Err("--listen and --dir are required".into());
    };
    check(options);
    let folder = EstFolder::open(dir, listen.ip(), options.provider)?;
    let linking = match options.require_pop {
        true => LinkingPolicy::Required,
        false => LinkingPolicy::IfPresent,
    };
    let clients = match options.require_client_cert {
        true => ClientCertificates::Required,
        false => ClientCertificates::Optional,
    };
    let config = Arc::new(tls_config(&folder, clients, options.tls, linking)?);
    let mut service = Service::default();
    service.linking = linking;
    let ca = EstCa {
        service,
        ca: folder.ca,
        above: folder.above,
        ca_key: Arc::from(folder.ca_key),
        policy: EstPolicy {
            users: options.user.iter().map(|user| user.0.clone()).collect(),
            approval: if options.manual { Approval::Manual } else { Approval::Auto },
            lifetime: Duration::from_secs(u64::from(options.validity).saturating_mul(86_400)),
            attrs: wishes(options),
            keks: options.kek.iter().map(|kek| kek.0.clone()).collect(),
            pause: Duration::from_secs(options.retry_after),
        },
        store: Store::open(dir)?,
        backend: options.provider,
        busy: std::sync::Mutex::default(),
    };
    let listener = TcpListener::bind(listen).await?;
    println!("listening on https://{}/.well-known/est", listener.local_addr()?);
    tokio::select! {
        () = serve(listener, config, Arc::new(ca), Arc::new(|line: &str| eprintln!("{line}"))) => {}
        _ = tokio::signal::ctrl_c() => eprintln!("stopped"),
    }
    Ok(())
}

/// What `/csrattrs` says.
fn wishes(options: &Serve) -> Option<CsrAttrs> {
    let mut wishes = CsrAttrs::default();
    if options.require_pop {
        wishes = wishes.require_linking();
    }
    match options.want_key {
        Some(KeyKind::P256) => wishes = wishes.key(KeyDemand::Ec { curve: Some(oid::SECP256R1) }),
        Some(KeyKind::Rsa { bits }) => wishes = wishes.key(KeyDemand::Rsa { bits: Some(bits) }),
        _ => {}
    }
    (!wishes.elements().is_empty()).then_some(wishes)
}

/// Combinations that would not do what they look like. Ends the program with status 2.
fn check(options: &Serve) {
    let problem = match options {
        Serve { user, require_client_cert: false, manual: false, .. } if user.is_empty() => {
            "--user is missing: without one, and without --manual, nobody could enrol"
        }
        Serve { user, .. } if user.iter().any(|user| user.0.password() == &Secret::from("")) => {
            "--user needs a password"
        }
        _ => return,
    };
    Cli::command().error(clap::error::ErrorKind::ArgumentConflict, problem).exit()
}
