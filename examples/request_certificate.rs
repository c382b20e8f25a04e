//! A certificate for a Linux device over Fleet's API.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Parser;
use devicecert::fleet::message_signature::HostIdentity;
use devicecert::fleet::request_certificate::{
    Api, Ask, AuthorityId, Error as FleetError, IdpToken, Output,
};
use devicecert::pki::{
    Csr, CsrParams, KeyKind, Limits, Name, PemError, PublicKey, Secret, Time, Validity, from_pem,
};
use devicecert_examples::alt_names::AltNames;
use devicecert_examples::files::{self, FileError};
use devicecert_examples::keys::{Backend, parse_key_kind};
use devicecert_examples::request_certificate::{
    Authentication, CallError, Caller, Folder, FolderKey, LockedFolder, Standing, read_secret,
};

const TEACHING: &str = "\
Examples:
  With the API token of a global admin or maintainer, which comes from a file or the environment:
      FLEET_API_TOKEN=... request-certificate --url https://fleet.example --ca-id 3 \\
          --subject CN=ada@example.com --email ada@example.com --upn ada@example.com \\
          --out /opt/company
  Signed with the key of the host identity certificate, in a file or a token (pkcs11:...):
      request-certificate --url https://fleet.example --ca-id 3 --subject CN=ada@example.com \\
          --email ada@example.com --upn ada@example.com \\
          --host-certificate host.pem --host-key host.key --out /opt/company
  The policy that tells Fleet when to run this again:
      request-certificate --print-policy --out /opt/company

Does nothing while the certificate is valid for longer than --renew-below says. Otherwise writes
device.key, device.pem and, if Fleet sends more, ca.pem into the folder given by --out; until the
certificate is there, the new key is called device.key.new, and the old one stays in use.
Environment: FLEET_API_TOKEN, FLEET_IDP_TOKEN, FLEET_CHALLENGE.
Exit status: 0 there is a certificate, 2 usage, 3 refused by Fleet, 4 to be tried again later (Fleet
is not there, or too busy, or the folder is in use), 1 anything else.";

/// Gets a certificate over Fleet's request_certificate, if there is none or it ends soon
#[derive(Parser)]
#[command(name = "request-certificate", after_help = TEACHING)]
struct Cli {
    /// Fleet's URL
    #[arg(long, required_unless_present = "print_policy")]
    url: Option<String>,
    /// The number of the CA in Fleet
    #[arg(long, value_name = "N", required_unless_present = "print_policy")]
    ca_id: Option<u64>,
    /// A file with the API token
    #[arg(long, value_name = "FILE", conflicts_with = "host_certificate")]
    token_file: Option<PathBuf>,
    /// Sign with the key of this host identity certificate instead
    #[arg(long, value_name = "FILE", requires = "host_key")]
    host_certificate: Option<PathBuf>,
    /// The key of --host-certificate: PEM, or a file with the pkcs11: URI of a key in a token
    #[arg(long, value_name = "FILE", requires = "host_certificate")]
    host_key: Option<PathBuf>,
    /// The subject, such as "CN=ada@example.com"
    #[arg(long, value_name = "DN", required_unless_present_any = ["csr", "print_policy"])]
    subject: Option<Name>,
    #[command(flatten)]
    alt_names: AltNames,
    /// A file with the challenge of an NDES; the environment has it as FLEET_CHALLENGE
    #[arg(long, value_name = "FILE", conflicts_with = "csr")]
    challenge_file: Option<PathBuf>,
    /// Send this request, made elsewhere; no key is made or looked at
    #[arg(long, value_name = "FILE", conflicts_with_all = ["subject", "dns", "email", "upn"])]
    csr: Option<PathBuf>,
    /// The kind of a new key: rsa:2048, rsa:3072, rsa:4096, p256 or p384
    #[arg(long, value_name = "KIND", default_value = "p256", value_parser = parse_key_kind)]
    new_key: KeyKind,
    /// Keep the key that is in the folder
    #[arg(long, conflicts_with_all = ["key", "csr"])]
    same_key: bool,
    /// Use this key: PEM, or a file with the pkcs11: URI of a key in a token
    #[arg(long, value_name = "FILE", conflicts_with = "csr")]
    key: Option<PathBuf>,
    /// The introspection endpoint of the identity provider that vouches for the user
    #[arg(long, value_name = "URL", requires = "idp_client_id")]
    idp_url: Option<String>,
    /// The client that the user's token was issued to
    #[arg(long, value_name = "ID", requires = "idp_url")]
    idp_client_id: Option<String>,
    /// A file with the user's token; the environment has it as FLEET_IDP_TOKEN
    #[arg(long, value_name = "FILE", requires = "idp_url")]
    idp_token_file: Option<PathBuf>,
    /// Renew a certificate that is valid for this many days or less
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    renew_below: u32,
    /// Ask for what the CA sent, with its chain, in place of a single certificate
    #[arg(long)]
    chain: bool,
    /// A file with the certificates that vouch for Fleet's, in place of those of the public CAs
    #[arg(long, value_name = "FILE")]
    roots: Option<PathBuf>,
    /// Print the policy of osquery that passes while nothing is to be done, and do nothing
    #[arg(long)]
    print_policy: bool,
    /// Who does the cryptography
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("request-certificate: {error}");
            match (error.downcast_ref(), error.downcast_ref()) {
                (Some(error), _) if CallError::is_temporary(error) => ExitCode::from(4),
                (Some(CallError::Fleet(FleetError::Refused { .. })), _) => ExitCode::from(3),
                (_, Some(FileError::Locked(_))) => ExitCode::from(4),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// What was done, in a line.
fn run(cli: &Cli) -> Result<String, Box<dyn Error>> {
    let folder = Folder::at(&cli.out)?;
    let margin = Duration::from_secs(u64::from(cli.renew_below).saturating_mul(86_400));
    if cli.print_policy {
        return Ok(folder.policy(margin));
    }
    let file = folder.certificate();
    let key_file = match (&cli.csr, &cli.key) {
        (Some(_), _) => None,
        (None, Some(key)) => Some(key.clone()),
        (None, None) => Some(folder.key()),
    };
    let now = Time::from(SystemTime::now());
    let standing = || folder.standing(key_file.as_deref(), cli.provider, margin, now);
    let nothing_to_do = |validity: Validity| {
        let (file, until) = (file.display(), validity.not_after);
        Ok(format!("nothing to do: {file} is valid until {until}"))
    };
    if let Standing::Good(validity) = standing() {
        return nothing_to_do(validity);
    }
    let locked = folder.lock()?;
    // Another run may just have done it.
    let why = match standing() {
        Standing::Good(validity) => return nothing_to_do(validity),
        Standing::Missing => "there is no certificate yet".to_owned(),
        Standing::Unreadable(why) => format!("the certificate cannot be read: {why}"),
        Standing::OtherKey => "the certificate is for another key".to_owned(),
        Standing::Due(validity) => format!("the certificate is valid until {}", validity.not_after),
    };
    eprintln!("{why}; asking Fleet for one");
    let (csr, key) = request(cli, &locked)?;
    let mut ask = Ask::new(csr);
    if !cli.chain {
        ask = ask.output(Output::Certificate);
    }
    if let Some(token) = idp(cli)? {
        ask = ask.idp(token);
    }
    let (Some(url), Some(ca)) = (&cli.url, cli.ca_id) else {
        return Err("--url and --ca-id are required".into());
    };
    let api = Api::new(url)?;
    let caller =
        Caller::new(api, authentication(cli)?, cli.roots.as_deref(), cli.provider.provider())?;
    let answer = caller.call(AuthorityId::from(ca), &ask, Time::from(SystemTime::now()))?;
    locked.keep(&answer, key.as_ref(), cli.provider)?;
    let certificate = &answer.certificate;
    let (subject, until) = (certificate.subject(), certificate.validity().not_after);
    Ok(format!("issued: {subject}, valid until {until}, in {}", file.display()))
}

/// The request, and the key in it if that is one of the folder.
fn request(
    cli: &Cli,
    folder: &LockedFolder<'_>,
) -> Result<(Csr, Option<PublicKey>), Box<dyn Error>> {
    if let Some(path) = &cli.csr {
        return Ok((read_csr(path)?, None));
    }
    let source = match &cli.key {
        Some(path) => FolderKey::File(path.clone()),
        None if cli.same_key => FolderKey::Same(cli.new_key),
        None => FolderKey::New(cli.new_key),
    };
    let key = folder.load_key(&source, cli.provider)?;
    let subject = cli.subject.clone().ok_or("--subject is required")?;
    let mut params = CsrParams::new(subject);
    params.subject_alt_name = cli.alt_names.to_general_names();
    if let Some(challenge) = secret(cli.challenge_file.as_ref(), "FLEET_CHALLENGE")? {
        params = params.challenge(challenge);
    }
    let csr = params.unsigned(key.public_key())?.sign(&*key)?;
    let own = cli.key.is_none().then(|| key.public_key().clone());
    Ok((csr, own))
}

fn read_csr(path: &std::path::Path) -> Result<Csr, FileError> {
    let text = files::read_text(path)?;
    let pem = |source| FileError::Pem { path: path.to_owned(), source };
    let ders = from_pem("CERTIFICATE REQUEST", &text).map_err(pem)?;
    let der = ders.first().ok_or(PemError::Missing("CERTIFICATE REQUEST")).map_err(pem)?;
    Csr::parse(der, &Limits::default())
        .map_err(|source| FileError::Content { path: path.to_owned(), source })
}

fn secret(
    file: Option<&PathBuf>,
    variable: &'static str,
) -> Result<Option<Secret>, Box<dyn Error>> {
    let value: Option<OsString> = std::env::var_os(variable);
    Ok(read_secret(file.map(PathBuf::as_path), variable, value)?)
}

fn authentication(cli: &Cli) -> Result<Authentication, Box<dyn Error>> {
    if let (Some(certificate), Some(key)) = (&cli.host_certificate, &cli.host_key) {
        let certificate = files::read_certificate(certificate)?;
        let key = cli.provider.load_file(key)?;
        if key.public_key() != certificate.public_key() {
            return Err("--host-key is not the key of --host-certificate".into());
        }
        return Ok(Authentication::Device { identity: HostIdentity::of(&certificate)?, key });
    }
    match secret(cli.token_file.as_ref(), "FLEET_API_TOKEN")? {
        Some(token) => Ok(Authentication::Token(token)),
        None => Err("--token-file, FLEET_API_TOKEN or --host-certificate is required".into()),
    }
}

fn idp(cli: &Cli) -> Result<Option<IdpToken>, Box<dyn Error>> {
    let (Some(url), Some(client_id)) = (&cli.idp_url, &cli.idp_client_id) else { return Ok(None) };
    let token = secret(cli.idp_token_file.as_ref(), "FLEET_IDP_TOKEN")?;
    let token = token.ok_or("--idp-token-file or FLEET_IDP_TOKEN is required")?;
    Ok(Some(IdpToken { url: url.clone(), token, client_id: client_id.clone() }))
}
