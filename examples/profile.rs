//! Checks, shows, builds and signs profiles that bring certificates to devices.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Args, Parser, Subcommand};
use devicecert::crypto_rust::RustCrypto;
use devicecert::identity::Loss;
use devicecert::mobileconfig;
use devicecert::pki::{Certificate, Limits, Time};
use devicecert::syncml::Write as Writing;
use devicecert_examples::files::{self, Readers};
use devicecert_examples::keys::{Backend, Key};
use devicecert_examples::profile::{
    Finding, Opener, SAMPLE, Severity, Spelling, Style, System, check, draw, fingerprint, open,
    read_identity, show, sign,
};

const TEACHING: &str = "\
Examples:
  profile check wifi.mobileconfig                    what would a device not like about it?
  profile check --for ios *.mobileconfig             ... and an iPhone in particular?
  profile check scep-windows.xml                     SyncML is told from Apple's by itself
  profile check --json wifi.mobileconfig | jq '.[].rule'
  profile show wifi.mobileconfig                     what is in it, and what points at what
  profile fingerprint ca.pem                         how the two platforms name that CA
  profile fingerprint --windows ca.pem               ... only that, for a script
  profile build --sample > identity.toml             one identity, to be edited ...
  profile build --from identity.toml --apple wifi.mobileconfig --windows wifi.xml
  profile sign wifi.mobileconfig --cert mdm.pem --key mdm.key --out signed.mobileconfig

Reads Apple configuration profiles (XML and binary property lists, signed, encrypted) and Windows
SyncML (messages and the bare commands that Fleet and others take). Variables such as
$FLEET_VAR_NDES_SCEP_CHALLENGE, {{DeviceName}} or %SerialNumber% may stand for any value.

Every finding names its rule; docs/rules.md says what each rule asks for, why, and how to mend it.
Exit status: 0 nothing that a device refuses, 1 something that one refuses, 2 wrong usage or a file
that cannot be opened.";

/// Check, show, build and sign profiles that bring certificates to Apple and Windows devices
#[derive(Debug, Parser)]
#[command(name = "profile", version, after_help = TEACHING)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what a device would not like about profiles, and why
    Check(Check),
    /// Tell what is in a profile
    Show {
        /// The profile; - is standard input
        file: PathBuf,
        #[command(flatten)]
        identity: Identity,
    },
    /// Write one identity as a profile for Apple's devices and as SyncML for Windows
    Build(Build),
    /// Sign an Apple profile
    Sign(Sign),
    /// Print how profiles name a CA certificate
    Fingerprint {
        /// The certificate, in PEM or DER; of several in one file, each
        certificate: PathBuf,
        /// Only CAFingerprint of Apple's SCEP payload: base64 of SHA-256
        #[arg(long, conflicts_with = "windows")]
        apple: bool,
        /// Only CAThumbprint of Windows: SHA-1 in hexadecimal
        #[arg(long)]
        windows: bool,
    },
}

#[derive(Debug, Args)]
struct Check {
    /// The profiles; - is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The system they are for; what only that one refuses is told, too
    #[arg(long = "for", value_name = "SYSTEM", value_enum)]
    system: Option<System>,
    /// Print a list of objects
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    identity: Identity,
}

/// Who opens encrypted payloads.
#[derive(Debug, Args)]
struct Identity {
    /// The certificate (PEM or DER) that the payloads of an Apple profile are encrypted to
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// The private key of that certificate (PEM, not encrypted)
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Build {
    /// The identity, in TOML; files that it names are looked for beside it
    #[arg(long, value_name = "FILE", required_unless_present = "sample")]
    from: Option<PathBuf>,
    /// Where the configuration profile goes
    #[arg(long, value_name = "OUT", required_unless_present_any = ["windows", "sample"])]
    apple: Option<PathBuf>,
    /// Where the SyncML goes: commands without envelope, as Fleet and others take them
    #[arg(long, value_name = "OUT")]
    windows: Option<PathBuf>,
    /// Print an identity to begin with
    #[arg(long, conflicts_with_all = ["from", "apple", "windows"])]
    sample: bool,
}

#[derive(Debug, Args)]
struct Sign {
    /// The profile; its bytes are signed as they are
    file: PathBuf,
    /// The signer's certificate (PEM or DER); in PEM the certificates of its issuers may follow,
    /// which devices need to show the profile as verified
    #[arg(long, value_name = "FILE")]
    cert: PathBuf,
    /// The signer's private key (PEM, not encrypted)
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where the signed profile goes
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Check(options) => run_check(&options),
        Command::Show { file, identity } => run_show(&file, &identity),
        Command::Build(options) => run_build(&options),
        Command::Sign(options) => run_sign(&options),
        Command::Fingerprint { certificate, apple, windows } => {
            let apple = apple.then_some(Spelling::Apple);
            run_fingerprint(&certificate, apple.or(windows.then_some(Spelling::Windows)))
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("profile: {error}");
        ExitCode::from(2)
    })
}

type Outcome = Result<ExitCode, Box<dyn Error>>;

fn run_check(options: &Check) -> Outcome {
    let now = Time::from(SystemTime::now());
    let identity = options.identity.load()?;
    let mut out = io::stdout().lock();
    let drawn = out.is_terminal() && !options.json;
    let style = Style::of_environment();
    let mut findings: Vec<Finding> = Vec::new();
    let mut unopened = false;
    for path in &options.files {
        let name = path.display().to_string();
        let checked = read(path).map_err(|error| error.to_string()).and_then(|bytes| {
            let opener = identity.as_ref().map(LoadedIdentity::opener);
            check(&name, &bytes, options.system, opener, now)
                .map_err(|error| format!("{name}: {error}"))
        });
        let checked = match checked {
            Ok(checked) => checked,
            Err(message) => {
                eprintln!("profile: {message}");
                unopened = true;
                continue;
            }
        };
        // Whoever reads may have seen enough and gone.
        for finding in &checked.findings {
            let _ = match (options.json, drawn) {
                (true, _) => Ok(()),
                (false, true) => {
                    writeln!(out, "{}\n", draw(finding, checked.text.as_deref(), style))
                }
                (false, false) => writeln!(out, "{finding}"),
            };
        }
        findings.extend(checked.findings);
    }
    if options.json {
        let _ = writeln!(out, "{}", serde_json::to_string_pretty(&findings)?);
    }
    if drawn {
        let _ = writeln!(out, "{}", summary(&findings));
    }
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(match (unopened, refused) {
        (true, _) => ExitCode::from(2),
        (false, true) => ExitCode::FAILURE,
        (false, false) => ExitCode::SUCCESS,
    })
}

fn summary(findings: &[Finding]) -> String {
    let count = |wanted| findings.iter().filter(|finding| finding.severity == wanted).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match errors {
        0 if findings.is_empty() => "nothing found".to_owned(),
        0 => format!("no errors; warnings: {warnings}, advice: {}", count(Severity::Advice)),
        _ => format!(
            "errors: {errors}, warnings: {warnings}, advice: {}; docs/rules.md explains each rule",
            count(Severity::Advice),
        ),
    }
}

fn run_show(file: &Path, identity: &Identity) -> Outcome {
    let identity = identity.load()?;
    let bytes = read(file)?;
    match open(&bytes, None, identity.as_ref().map(LoadedIdentity::opener)) {
        Ok(profile) => {
            let _ = io::stdout().lock().write_all(show(&profile).as_bytes());
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("profile: {}: {error}", file.display());
            Ok(ExitCode::FAILURE)
        }
    }
}

fn run_build(options: &Build) -> Outcome {
    let Some(from) = options.from.as_deref().filter(|_| !options.sample) else {
        let _ = io::stdout().lock().write_all(SAMPLE.as_bytes());
        return Ok(ExitCode::SUCCESS);
    };
    let beside = |file: &Path| read(&from.parent().unwrap_or(Path::new("")).join(file));
    let request = read_identity(&files::read_text(from)?, &beside)
        .map_err(|error| format!("{}: {error}", from.display()))?;
    let mut refused = false;
    if let Some(out) = &options.apple {
        let written = request.to_mobileconfig(&RustCrypto)?;
        refused |= written_to(out, &written.output.to_xml()?, &written.lost)?;
    }
    if let Some(out) = &options.windows {
        let written = request.to_syncml(Writing::Add, &RustCrypto)?;
        refused |= written_to(out, &written.output.to_xml(), &written.lost)?;
    }
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Writes a profile, and tells what is missing in it and what a device would not like.
fn written_to(out: &Path, text: &str, lost: &[Loss]) -> Result<bool, Box<dyn Error>> {
    // There may be a challenge in it.
    files::replace(out, Readers::Owner, |file| file.write_all(text.as_bytes()))?;
    let name = out.display().to_string();
    for loss in lost {
        eprintln!("{name}: left out: {loss}");
    }
    let now = Time::from(SystemTime::now());
    let findings = check(&name, text.as_bytes(), None, None, now)?.findings;
    for finding in &findings {
        eprintln!("{finding}");
    }
    Ok(findings.iter().any(|finding| finding.severity == Severity::Error))
}

fn run_sign(options: &Sign) -> Outcome {
    let certificates = certificates(&options.cert)?;
    let key = load_key(&options.key)?;
    let signed = sign(read(&options.file)?, &certificates, &*key)
        .map_err(|error| format!("{}: {error}", options.file.display()))?;
    files::replace(&options.out, Readers::All, |file| file.write_all(&signed.bytes))?;
    if !signed.placeholders.is_empty() {
        eprintln!(
            "profile: nobody can put a value in any more for {}: sign what comes out of the server",
            signed.placeholders.join(", "),
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn run_fingerprint(file: &Path, spelling: Option<Spelling>) -> Outcome {
    let text = fingerprint(&certificates(file)?, spelling)?;
    let _ = io::stdout().lock().write_all(text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

/// An identity that was read.
struct LoadedIdentity {
    certificate: Certificate,
    key: Box<dyn Key>,
}

impl LoadedIdentity {
    fn opener(&self) -> Opener<'_> {
        Opener { certificate: &self.certificate, key: &*self.key }
    }
}

impl Identity {
    fn load(&self) -> Result<Option<LoadedIdentity>, Box<dyn Error>> {
        let (Some(cert), Some(key)) = (&self.cert, &self.key) else { return Ok(None) };
        let certificate = certificates(cert)?.into_iter().next().ok_or("no certificate")?;
        Ok(Some(LoadedIdentity { certificate, key: load_key(key)? }))
    }
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Box<dyn Error>> {
    let bytes = read(file)?;
    devicecert::certificates(&bytes, &Limits::default())
        .map_err(|error| format!("{}: {error}", file.display()).into())
}

fn load_key(file: &Path) -> Result<Box<dyn Key>, files::FileError> {
    Backend::Rust.load_file(file)
}

/// Reads a file, and no more of it than the libraries take.
fn read(file: &Path) -> Result<Vec<u8>, files::FileError> {
    let most = (mobileconfig::Limits::default().bytes as u64).saturating_add(1);
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(files::at(file))?;
    } else {
        let opened = File::open(file).map_err(files::at(file))?;
        opened.take(most).read_to_end(&mut bytes).map_err(files::at(file))?;
    }
    Ok(bytes)
}
