//! Fleet's SCEP proxy: devices ask it, and it asks the CA, once for each passcode.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::io::BufRead as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;
use std::time::SystemTime;

use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use devicecert::fleet::proxy::{Limits, Memory, PATH, Store};
use devicecert::pki::Secret;
use devicecert_examples::clock::Clock;
use devicecert_examples::listen::Log;
use devicecert_examples::proxy::{
    Admission, Client, Config, Database, Postgres, SAMPLE, Server, Tls, UrlFrom, Wanted, clean_up,
    connection, in_full, serve, tls_config,
};
use tokio::net::TcpListener;

const TEACHING: &str = "\
Examples:
  A proxy for one device, which forgets everything when it ends; it prints the URL for the profile:
      scep-proxy sample > scep-proxy.toml
      scep-proxy --listen 127.0.0.1:8080 --config scep-proxy.toml --device 6C3E1A,a4CD1BD65,WIFI
  Any number of proxies in front of one PostgreSQL, and a device that is to enrol:
      export SCEP_PROXY_STORE=postgres://proxy@db.example/fleet
      export PGPASSFILE=/etc/scep-proxy/pgpass
      scep-proxy init
      scep-proxy --listen 127.0.0.1:8080 --config scep-proxy.toml
      scep-proxy add --config scep-proxy.toml 6C3E1A,a4CD1BD65,WIFI
  Without a network, through the socket of a PostgreSQL on this machine:
      scep-proxy init --store 'postgres:///fleet?host=/run/postgresql'

The password of the database is looked for where psql looks: PGPASSWORD, PGPASSFILE, ~/.pgpass. It
may also be in a URL in SCEP_PROXY_STORE; on the command line everybody on the machine could read
it. A database on another machine must have TLS: sslmode=prefer, which is the default, means require
there. SIGTERM and Ctrl-C let the requests end that are under way.";

/// Fleet's SCEP proxy: devices ask it, and it asks the CA, once for each passcode.
#[derive(Debug, Parser)]
#[command(name = "scep-proxy", after_help = TEACHING)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where the CAs are, and more: see `scep-proxy sample`
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// What is known of hosts and profiles: memory, or a database postgres://USER@HOST/DATABASE
    #[arg(
        long,
        value_name = "STORE",
        global = true,
        default_value = "memory",
        env = "SCEP_PROXY_STORE",
        hide_env_values = true
    )]
    store: Where,
    /// A device that is to enrol, which is filed before the proxy listens; may be given several
    /// times. Prints the URLs
    #[arg(long, value_name = "HOST,PROFILE,CA")]
    device: Vec<Wanted>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the tables in the database, unless they are there
    Init,
    /// File devices that are to enrol; prints the URL for the profile of each
    Add {
        /// The host, the profile and the CA; `-` reads them from standard input, one a line
        #[arg(required = true, value_name = "HOST,PROFILE,CA")]
        devices: Vec<Line>,
    },
    /// Print a configuration file to begin with
    Sample,
}

/// The store.
#[derive(Clone)]
enum Where {
    Memory,
    Postgres(Secret),
}

impl FromStr for Where {
    type Err = Infallible;

    /// What is neither is found out later: an error here would repeat it, with its password.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "memory" => Self::Memory,
            _ => Self::Postgres(Secret::from(text)),
        })
    }
}

impl std::fmt::Debug for Where {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Memory => "Memory",
            Self::Postgres(_) => "Postgres",
        })
    }
}

/// A device on the command line, or that they come from elsewhere.
#[derive(Clone, Debug)]
enum Line {
    Device(Wanted),
    StandardInput,
}

impl FromStr for Line {
    type Err = <Wanted as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "-" => Ok(Self::StandardInput),
            _ => text.parse().map(Self::Device),
        }
    }
}

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let from = match matches.value_source("store") {
        Some(ValueSource::EnvVariable) => UrlFrom::Environment,
        _ => UrlFrom::CommandLine,
    };
    match run(&cli, from) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scep-proxy: {}", in_full(&*error));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(cli: &Cli, from: UrlFrom) -> Result<(), Box<dyn Error>> {
    match &cli.command {
        Some(Command::Sample) => {
            print!("{SAMPLE}");
            Ok(())
        }
        Some(Command::Init) => {
            let database = match &cli.config {
                Some(path) => read(path)?.database,
                None => Database::default(),
            };
            match &cli.store {
                Where::Memory => Err("memory needs no tables: name a database with --store".into()),
                Where::Postgres(url) => {
                    open(url, &database, from)?.make_tables().await?;
                    println!("the tables are there, in the schema scep_proxy");
                    Ok(())
                }
            }
        }
        Some(Command::Add { devices }) => {
            let config = configuration(cli)?;
            match &cli.store {
                Where::Memory => {
                    Err("memory is that of one process: use --device, or a database".into())
                }
                Where::Postgres(url) => {
                    let store = open(url, &config.database, from)?;
                    store.check_tables().await?;
                    add(&wanted(devices)?, &config, &Arc::new(store)).await
                }
            }
        }
        None => {
            let config = configuration(cli)?;
            match &cli.store {
                Where::Memory if cli.device.is_empty() => {
                    Err("a proxy with its store in memory knows nobody but those of --device"
                        .into())
                }
                Where::Memory => listen(cli, &config, Memory::new()).await,
                Where::Postgres(url) => {
                    let store = open(url, &config.database, from)?;
                    store.check_tables().await?;
                    listen(cli, &config, store).await
                }
            }
        }
    }
}

fn configuration(cli: &Cli) -> Result<Config, Box<dyn Error>> {
    match &cli.config {
        Some(path) => read(path),
        None => Err("--config is missing; `scep-proxy sample` prints one".into()),
    }
}

fn read(path: &Path) -> Result<Config, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Config::read(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn open(url: &Secret, database: &Database, from: UrlFrom) -> Result<Postgres, Box<dyn Error>> {
    let url = str::from_utf8(url.expose())?;
    let config = connection(url, from, |name| std::env::var_os(name))?;
    let tls = Tls::new(tls_config(database.roots.as_deref())?);
    Ok(Postgres::new(config, tls, database.connections())?)
}

fn wanted(devices: &[Line]) -> Result<Vec<Wanted>, Box<dyn Error>> {
    let mut wanted = Vec::new();
    for device in devices {
        match device {
            Line::Device(device) => wanted.push(device.clone()),
            Line::StandardInput => {
                for (number, line) in (1_usize..).zip(std::io::stdin().lock().lines()) {
                    let device = line?.parse();
                    wanted.push(device.map_err(|error| format!("line {number}: {error}"))?);
                }
            }
        }
    }
    Ok(wanted)
}

/// The URLs go to standard output, for a script to take, in the order of the devices.
async fn add<S: Store + 'static>(
    devices: &[Wanted],
    config: &Config,
    store: &Arc<S>,
) -> Result<(), Box<dyn Error>> {
    // Several at a time: the database writes them to its disk together.
    for some in devices.chunks(64) {
        let mut filed = Vec::new();
        for device in some {
            let admission = Admission::new(device, config, SystemTime::now().into())?;
            let store = Arc::clone(store);
            filed.push(tokio::spawn(async move { admission.file(&*store).await }));
        }
        for url in filed {
            println!("{}", String::from_utf8_lossy(url.await??.expose()));
        }
    }
    Ok(())
}

async fn listen<S: Store + 'static>(
    cli: &Cli,
    config: &Config,
    store: S,
) -> Result<(), Box<dyn Error>> {
    let Some(address) = cli.listen else { return Err("--listen is missing".into()) };
    let limits = Limits::default();
    let client = Client::new(tls_config(config.ca_roots.as_deref())?, limits.reply_bytes);
    let store = Arc::new(store);
    add(&cli.device, config, &store).await?;
    let log: Log = Arc::new(|line: &str| eprintln!("{line}"));
    let body_limit = limits.body_bytes;
    let proxy = config.proxy().limits(limits);
    let server =
        Arc::new(Server { proxy, store, client, log, body_limit, clock: Clock::default() });
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}{PATH}", listener.local_addr()?);
    // A request for a certificate asks the CA twice.
    let grace = config.upstream_timeout().saturating_mul(2);
    let stop = stop()?;
    tokio::select! {
        () = serve(listener, Arc::clone(&server), stop, grace) => eprintln!("stopped"),
        () = clean_up(&*server.store, &server.proxy, &server.log) => {}
    }
    Ok(())
}

/// Ends when somebody wants the program to.
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = term.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
