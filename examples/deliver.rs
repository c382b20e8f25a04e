//! From template to certificate: what Fleet, a device and its CA do, one after the other.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use devicecert::delivery::Authorities;

use devicecert::fleet::proxy::Memory;
use devicecert::fleet::{Rules, User};
use devicecert::pki::Certificate;
use devicecert::scep::Fingerprint;
use devicecert_examples::clock::Clock;
use devicecert_examples::deliver::{
    Config, Door, Embedded, Host, Mdm, SAMPLE, Sample, Story, of_file, samples,
};
use devicecert_examples::keys::Backend;
use devicecert_examples::listen::Log;
use devicecert_examples::proxy::{Client, tls_config};
use tokio::runtime::Runtime;

const TEACHING: &str = "\
Examples:
  Everything, with CAs that are in this program:
      deliver --out delivered
  With CAs of your own:
      deliver sample > cas.toml        (then write yours into it)
      deliver --config cas.toml --out delivered
  A profile of your own:
      deliver --config cas.toml --profile wifi.mobileconfig --out delivered

What happens to each profile: it is checked as Fleet does; the CAs are asked for what its variables
stand for; it is filled for one host; a device reads it, makes a key, enrols through the SCEP proxy
in this program, and installs device.pem, device.key and chain.pem in DIR/<serial>/<profile>, on
Apple's devices in a folder for each payload there. With the CAs in this program that is done 340
days ago, and again today, when renewal is due.

Exit status: 0 every profile became a certificate; 1 one did not; 2 usage, or a file that cannot be
read.";

/// Take profiles from template to certificate: render, enrol through the SCEP proxy, install, renew
#[derive(Debug, Parser)]
#[command(name = "deliver", version, after_help = TEACHING)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// The folder that devices install into
    #[arg(long, value_name = "DIR", default_value = "delivered")]
    out: PathBuf,
    /// The CAs; without it, CAs that are in this program
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A profile with variables; may be given several times. Without it: those of Fleet's guide
    #[arg(long, value_name = "FILE")]
    profile: Vec<PathBuf>,
    /// Whose rules: Fleet of late 2025, as its guide says, or of today
    #[arg(long, value_enum, default_value_t)]
    rules: Edition,
    /// The UUID of the host
    #[arg(long, value_name = "UUID", default_value = "6C3E1A22-0C5B-4D0F-8F5B-2F9E1C0A7D11")]
    uuid: String,
    /// The serial number of the host
    #[arg(long, value_name = "SERIAL", default_value = "C02XK1ZZJGH5")]
    serial: String,
    /// The user of the host at the identity provider, who has this e-mail address
    #[arg(long, value_name = "EMAIL", default_value = "ada@example.com")]
    user: String,
    /// Say what goes over the network as well
    #[arg(long, short)]
    verbose: bool,
    /// Who does the cryptography
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print a file to begin with
    Sample,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Edition {
    Guide,
    #[default]
    Current,
}

impl From<Edition> for Rules {
    fn from(edition: Edition) -> Self {
        match edition {
            Edition::Guide => Self::Guide,
            Edition::Current => Self::Current,
        }
    }
}

/// The CAs, wherever they are.
struct Cas {
    authorities: Authorities,
    /// What the EST CAs' TLS leads to.
    anchors: Vec<Certificate>,
    scep_ca: Option<Fingerprint>,
    /// Holds those that are in this program.
    _embedded: Option<Embedded>,
}

/// The most octets that a device reads of an answer.
const REPLY_BYTES: usize = 1 << 20;

/// Certificates of a year are due by then.
const AGO: Duration = Duration::from_secs(340 * 86_400);

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(Command::Sample) = cli.command {
        print!("{SAMPLE}");
        return ExitCode::SUCCESS;
    }
    match run(&cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("deliver: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, Box<dyn Error>> {
    let runtime = Arc::new(Runtime::new()?);
    let log: Log = match cli.verbose {
        true => Arc::new(|line: &str| eprintln!("    {line}")),
        false => Arc::new(|_: &str| {}),
    };
    let door = Door::open(&runtime)?;
    let clock = match &cli.config {
        Some(_) => Clock::default(),
        None => Clock::behind(AGO),
    };
    let (cas, roots) = cas(cli, &runtime, &door, &clock, &log)?;
    let tls = tls_config(roots.as_deref())?;
    let store = Arc::new(Memory::new());
    door.serve(
        &runtime,
        cas.authorities.to_proxy(cli.rules.into())?,
        Arc::clone(&store),
        clock.clone(),
        Arc::clone(&tls),
        Arc::clone(&log),
    );
    let samples = match cli.profile.is_empty() {
        true => samples(&cas.authorities, cas.scep_ca.as_ref(), cli.provider)?,
        false => cli.profile.iter().map(|file| of_file(file)).collect::<Result<_, _>>()?,
    };
    let client = Client::new(Arc::clone(&tls), REPLY_BYTES);
    let authorities = cas.authorities.clone();
    let mdm = Mdm::new(cli.rules.into(), authorities, store, clock.clone(), cli.provider, tls, log);
    let say = Box::new(|line: &str| println!("  {line}"));
    let story = Story { mdm, runtime, client, backend: cli.provider, say };
    let host = Host {
        uuid: cli.uuid.clone(),
        serial: cli.serial.clone(),
        user: User { username: cli.user.clone(), email: cli.user.clone(), ..User::default() },
    };
    let folder = cli.out.join(&cli.serial);
    Ok(play(&story, &samples, &cas, &host, &folder, &clock))
}

fn cas(
    cli: &Cli,
    runtime: &Runtime,
    door: &Door,
    clock: &Clock,
    log: &Log,
) -> Result<(Cas, Option<PathBuf>), Box<dyn Error>> {
    let server_url = door.server_url().parse()?;
    if let Some(file) = &cli.config {
        let config = Config::read(file, server_url)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let anchors = config.anchors()?;
        let Config { authorities, scep_ca, roots, .. } = config;
        return Ok((Cas { authorities, anchors, scep_ca, _embedded: None }, roots));
    }
    let embedded = Embedded::start(runtime, server_url, cli.provider, clock, log)?;
    embedded.write_certificates(&cli.out.join("cas"))?;
    let cas = Cas {
        authorities: embedded.authorities.clone(),
        anchors: vec![embedded.est_ca.clone()],
        // Windows knows a CA by SHA-1.
        scep_ca: Some(embedded.thumbprint(cli.provider)?),
        _embedded: Some(embedded),
    };
    Ok((cas, None))
}

/// Every profile, then the clock, then what is due.
fn play(
    story: &Story<Memory>,
    samples: &[Sample],
    cas: &Cas,
    host: &Host,
    folder: &Path,
    clock: &Clock,
) -> ExitCode {
    let mut failed = false;
    let mut tell = |what: &str, error: &dyn Error| {
        println!("  {what}: not delivered: {error}");
        failed = true;
    };
    println!("{}: the profiles of host {}", clock.now(), host.serial);
    let mut outcomes = Vec::new();
    for sample in samples {
        match story.begin(sample, host, folder) {
            Ok(outcome) => outcomes.push((sample, outcome)),
            Err(error) => tell(&sample.name, &error),
        }
        println!();
    }
    for ca in cas.authorities.est_cas() {
        if let Err(error) = story.linux(ca, cas.anchors.clone(), host, folder) {
            tell(ca.name().as_str(), &error);
        }
        println!();
    }
    clock.catch_up();
    println!("{}: what is due?", clock.now());
    for (sample, outcome) in &outcomes {
        match story.renew(sample, outcome, folder) {
            Ok(Some(_)) => println!(),
            Ok(None) => println!("  {}: not due", sample.name),
            Err(error) => tell(&sample.name, &error),
        }
    }
    ExitCode::from(u8::from(failed))
}
