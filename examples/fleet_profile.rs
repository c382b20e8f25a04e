//! Checks a profile for Fleet before it is uploaded, and shows what a host would get.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use devicecert::fleet::{
    BAD_CHALLENGE, Check, Destination, Finding, Rules, Severity, Template, Variable,
    first_unprintable,
};
use devicecert_examples::files::{self, Readers};
use devicecert_examples::fleet_profile::{Values, server, to_json};
use devicecert_examples::profile::{self, Style, draw};

const TEACHING: &str = "\
Examples:
  Would Fleet take it?
      fleet-profile check wifi.mobileconfig --cas cas.json
      fleet-profile check wifi.xml --cas cas.json --rules guide --json
  What would a host get?
      fleet-profile render wifi.mobileconfig --cas cas.json --host host.json --out filled.mobileconfig

cas.json says what is configured on the server:
  {\"digicert\": [\"CA_NAME\"], \"custom_scep\": [], \"smallstep\": [], \"ndes\": true}
host.json has the values of a host, by the names of the variables without FLEET_VAR_; the renewal
id and the id of a certificate on Windows come from the UUID of the profile:
  {\"HOST_UUID\": \"6C3E…\", \"NDES_SCEP_CHALLENGE\": \"8CE3…\", \"profile_uuid\": \"a4CD1BD65-…\"}
Secrets have their full names, \"FLEET_SECRET_PSK\".

Every rule is explained in docs/rules-fleet.md, every variable in docs/fleet-variables.md.
Exit status: 0 nothing is wrong, or there are warnings only; 1 the profile was refused; 2 usage, or
a file that cannot be read.";

/// Check a profile for Fleet, or fill it for one host
#[derive(Debug, Parser)]
#[command(name = "fleet-profile", version, after_help = TEACHING)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what Fleet would refuse a profile for, and what a device would
    Check {
        #[command(flatten)]
        profile: Profile,
        /// Print a list of {rule, severity, message, line, column, path}
        #[arg(long)]
        json: bool,
    },
    /// Write what one host would get
    Render {
        #[command(flatten)]
        profile: Profile,
        /// The values of the host
        #[arg(long, value_name = "FILE")]
        host: PathBuf,
        /// Where the filled profile goes; only its owner may read it, as there are secrets in it
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Profile {
    /// The profile, as it is uploaded
    file: PathBuf,
    /// What is configured on the server
    #[arg(long, value_name = "FILE")]
    cas: PathBuf,
    /// Whose rules: Fleet of late 2025, as its guide says, or of today
    #[arg(long, value_enum, default_value_t = Edition::Current)]
    rules: Edition,
    /// What it is for; without it the profile says so itself
    #[arg(long, value_enum)]
    platform: Option<Platform>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Edition {
    Guide,
    Current,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Platform {
    Apple,
    Windows,
}

/// A profile that was read and checked.
struct Checked {
    text: Vec<u8>,
    destination: Destination,
    findings: Vec<Finding>,
}

impl Profile {
    fn check(&self) -> Result<Checked, Box<dyn Error>> {
        let text = std::fs::read(&self.file).map_err(files::at(&self.file))?;
        let server = named(&self.cas, server(&files::read_text(&self.cas)?))?;
        let destination = match self.platform {
            Some(Platform::Apple) => Destination::AppleProfile,
            Some(Platform::Windows) => Destination::WindowsProfile,
            None => guess(&self.file, &text),
        };
        let rules = match self.rules {
            Edition::Guide => Rules::Guide,
            Edition::Current => Rules::Current,
        };
        let name = self.file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let findings = Check::new(&server, rules).name(name).run(&text, destination);
        Ok(Checked { text, destination, findings })
    }
}

impl Checked {
    fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    fn print(&self, file: &Path) {
        let text = String::from_utf8_lossy(&self.text);
        let name = file.display().to_string();
        for finding in &self.findings {
            let finding = profile::Finding::of_fleet(&name, finding);
            match std::io::stderr().is_terminal() {
                true => eprintln!("{}\n", draw(&finding, Some(&text), Style::of_environment())),
                false => eprintln!("{finding}"),
            }
        }
    }
}

/// Apple's profiles are property lists, whatever the file is called.
fn guess(file: &Path, text: &[u8]) -> Destination {
    let is_plist = text.windows(6).take(4096).any(|window| window == b"<plist");
    match file.extension().and_then(|extension| extension.to_str()) {
        _ if is_plist => Destination::AppleProfile,
        Some("mobileconfig") => Destination::AppleProfile,
        _ => Destination::WindowsProfile,
    }
}

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("fleet-profile: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command) -> Result<ExitCode, Box<dyn Error>> {
    match command {
        Command::Check { profile, json } => {
            let checked = profile.check()?;
            if *json {
                println!("{}", to_json(&checked.findings));
            } else {
                checked.print(&profile.file);
                println!("{}: {}", profile.file.display(), summary(&checked.findings));
            }
            Ok(ExitCode::from(u8::from(checked.is_refused())))
        }
        Command::Render { profile, host, out } => {
            let checked = profile.check()?;
            checked.print(&profile.file);
            if checked.is_refused() {
                println!("{}: {}", profile.file.display(), summary(&checked.findings));
                return Ok(ExitCode::FAILURE);
            }
            let values = named(host, Values::parse(&files::read_text(host)?))?;
            render(&checked, &values, &profile.file, out)
        }
    }
}

fn render(
    checked: &Checked,
    values: &Values,
    file: &Path,
    out: &Path,
) -> Result<ExitCode, Box<dyn Error>> {
    let text = String::from_utf8_lossy(&checked.text);
    let filled = Template::compile(&text, checked.destination).and_then(|template| {
        warn_of_challenges(&template, values);
        Ok(template.fill(|variable| values.get(variable))?)
    });
    match filled {
        Ok(filled) => {
            files::replace(out, Readers::Owner, |file| file.write_all(filled.as_str().as_bytes()))?;
            println!("{}: {} bytes", out.display(), filled.as_str().len());
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{}: {error}", file.display());
            Ok(ExitCode::FAILURE)
        }
    }
}

/// What Windows cannot send is known only when it is filled in.
fn warn_of_challenges(template: &Template, values: &Values) {
    if template.destination() != Destination::WindowsProfile {
        return;
    }
    for variable in template.variables() {
        let is_challenge = matches!(variable, Variable::Fixed(_) | Variable::OfCa(..))
            && variable.full_name().contains("_CHALLENGE");
        let odd = values.text(variable).and_then(first_unprintable);
        if let Some((at, _)) = odd.filter(|_| is_challenge) {
            eprintln!("warning: {variable}, character at byte {at}: {BAD_CHALLENGE}");
        }
    }
}

fn named<T>(file: &Path, result: Result<T, String>) -> Result<T, Box<dyn Error>> {
    result.map_err(|message| format!("{}: {message}", file.display()).into())
}

fn summary(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => "nothing is wrong".to_owned(),
        (errors, warnings) => {
            let some = |number: usize, what| match number {
                1 => format!("1 {what}"),
                number => format!("{number} {what}s"),
            };
            format!("{}, {}", some(errors, "error"), some(warnings, "warning"))
        }
    }
}
