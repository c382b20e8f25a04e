//! A SCEP client: gets one certificate, or renews one.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is its user interface")]

use std::error::Error;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, Parser};
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm};
use devicecert::pki::{Certificate, CertificateParams, Csr, CsrParams, KeyKind, Name, Validity};
use devicecert::scep::error::Misuse;
use devicecert::scep::{
    Enrolment, EnvelopeTo, Error as ScepError, Fingerprint, MessageFormat, MessageType, Saved,
    Succession, Trust,
};
use devicecert_examples::alt_names::AltNames;
use devicecert_examples::client::{self, ClientError, IdentityFiles, Outcome, Patience};
use devicecert_examples::files::{self, Readers};
use devicecert_examples::keys::{Backend, Key, parse_key_kind, write_key};
use devicecert_examples::token::{TokenKey, TokenUri};
use indicatif::ProgressBar;

const TEACHING: &str = "\
Examples:
  First certificate; the fingerprint of the CA comes from whoever runs it:
      scep-client --url http://ca.example/scep --challenge secret --subject CN=laptop-7 \\
                  --fingerprint sha256:9F86D0... --out laptop-7
  Renewal with a new key, signed with the old one:
      scep-client --url http://ca.example/scep --subject CN=laptop-7 \\
                  --renew laptop-7/device.pem laptop-7/device.key --out laptop-7.new
  A CA that will be replaced: a certificate of the next one, to be kept beside the one in use:
      scep-client --url http://ca.example/scep --subject CN=laptop-7 --ca laptop-7/ca.pem \
                  --rollover laptop-7/device.pem laptop-7/device.key --out laptop-7
  A CA that asks a person: give up after two polls, and ask again tomorrow:
      scep-client --url ... --max-polls 2 --save pending.scep --out laptop-7
      scep-client --resume pending.scep --out laptop-7

Writes device.key, device.pem and ca.pem into the folder given by --out. Until the certificate is
there the new key is called device.key.new. With --rollover they are next.key, next.pem and next-ca.pem,
and the date is printed on which the device has to change over to them.
Exit status: 0 issued, 2 usage, 3 refused by the server, 4 still pending, 1 anything else.";

/// A SCEP client (RFC 8894): gets one certificate, or renews one.
#[derive(Parser)]
#[command(name = "scep-client", after_help = TEACHING)]
struct Cli {
    /// The server's SCEP URL; with --resume, where it has moved to
    #[arg(long, required_unless_present = "resume")]
    url: Option<String>,
    /// The challenge that the CA gave you; others cannot see it in the process list if it comes
    /// in the environment
    #[arg(long, value_name = "TEXT", env = "SCEP_CHALLENGE", hide_env_values = true)]
    challenge: Option<String>,
    /// The subject, such as "CN=laptop-7,O=Example" or /O=Example/CN=laptop-7
    #[arg(long, value_name = "DN", required_unless_present = "resume")]
    subject: Option<Name>,
    #[command(flatten)]
    alt_names: AltNames,
    /// The device's key: rsa:2048, rsa:3072, rsa:4096, p256 or p384
    #[arg(long, value_name = "KIND", default_value = "rsa:2048", value_parser = parse_key_kind)]
    key: KeyKind,
    /// Where the key is: pkcs11:token=LABEL;object=LABEL?module-path=FILE&pin-source=FILE. It is made
    /// there if there is none of that name, and the key file says no more than this
    #[arg(long, value_name = "URI")]
    token: Option<TokenUri>,
    /// The fingerprint of the CA certificate: sha256:HEX or sha1:HEX. Without it and without --ca,
    /// whatever certificate the server sends is believed, and its fingerprint shown
    #[arg(long)]
    fingerprint: Option<Fingerprint>,
    /// A file with the CA certificate, such as the ca.pem of an earlier run
    #[arg(long, value_name = "FILE", conflicts_with = "fingerprint")]
    ca: Option<PathBuf>,
    /// Make an RSA key beside it that signs the messages and opens the reply: for servers that
    /// cannot envelope to a p256 or p384 key, which most cannot
    #[arg(long, conflicts_with = "renew")]
    transport_key: bool,
    /// Whom messages are enveloped to: the server's key, the challenge, or, as RFC 8894 says, the
    /// challenge where the server has no RSA key
    #[arg(long, value_name = "WHOM", value_parser = envelope_to_parser())]
    envelope_to: Option<EnvelopeTo>,
    /// Renew this certificate, with its key; with --resume, the same two again
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"])]
    renew: Option<Vec<PathBuf>>,
    /// Ask the CA that comes after this one for a certificate, signed with this one and its key; with
    /// --resume, the same two again
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"], conflicts_with = "renew")]
    rollover: Option<Vec<PathBuf>>,
    /// Seconds between two polls of a pending request
    #[arg(long, value_name = "SECS", default_value_t = 60)]
    poll_interval: u64,
    /// Polls before giving up with exit status 4
    #[arg(long, value_name = "N")]
    max_polls: Option<u32>,
    /// Where to save a request that is still pending
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Go on with a request that was saved
    #[arg(long, value_name = "FILE", conflicts_with = "subject")]
    resume: Option<PathBuf>,
    /// Who does the cryptography
    #[arg(long, value_enum, default_value_t)]
    provider: Backend,
    /// Read replies with single DES or MD5, which are broken
    #[arg(long)]
    allow_legacy: bool,
    /// The digest of our messages, whatever the server announces
    #[arg(long, value_parser = digest_parser())]
    digest: Option<DigestAlgorithm>,
    /// The cipher of our messages, whatever the server announces
    #[arg(long, value_parser = cipher_parser())]
    cipher: Option<ContentCipher>,
    /// The messageType of a renewal, whatever the server announces
    #[arg(long, value_name = "TYPE", requires = "renew", value_parser = message_type_parser())]
    message_type: Option<MessageType>,
    /// Send messages by GET, whatever the server announces
    #[arg(long)]
    get: bool,
    /// The folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Reads one of a few words.
fn words<T: Clone + Send + Sync + 'static>(
    all: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|(word, _)| *word)).try_map(move |word| {
        let found = all.iter().find(|(known, _)| *known == word);
        found.map(|(_, value)| value.clone()).ok_or("unknown word")
    })
}

fn digest_parser() -> impl TypedValueParser<Value = DigestAlgorithm> {
    words(&[
        ("sha1", DigestAlgorithm::Sha1),
        ("sha256", DigestAlgorithm::Sha256),
        ("sha384", DigestAlgorithm::Sha384),
        ("sha512", DigestAlgorithm::Sha512),
    ])
}

fn cipher_parser() -> impl TypedValueParser<Value = ContentCipher> {
    words(&[
        ("aes128", ContentCipher::Aes128Cbc),
        ("aes192", ContentCipher::Aes192Cbc),
        ("aes256", ContentCipher::Aes256Cbc),
        ("3des", ContentCipher::DesEde3Cbc),
    ])
}

fn envelope_to_parser() -> impl TypedValueParser<Value = EnvelopeTo> {
    words(&[("key", EnvelopeTo::Key), ("challenge", EnvelopeTo::Password)])
}

fn message_type_parser() -> impl TypedValueParser<Value = MessageType> {
    words(&[("17", MessageType::RenewalReq), ("19", MessageType::PkcsReq)])
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let progress = Progress::new();
    let outcome = run(&cli, &progress);
    progress.finish();
    match outcome {
        Ok(Outcome::Issued(chain)) => {
            let leaf = chain.first().map(|leaf| leaf.subject().to_string()).unwrap_or_default();
            let path = cli.identity_files().certificate;
            println!("issued: {leaf}, in {}", path.display());
            ExitCode::SUCCESS
        }
        Ok(Outcome::Pending) => {
            println!("still pending");
            ExitCode::from(4)
        }
        Err(error) => {
            eprintln!("scep-client: {error}");
            match error.downcast_ref() {
                Some(ClientError::Scep(ScepError::Refused(_))) => ExitCode::from(3),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn run(cli: &Cli, progress: &Progress) -> Result<Outcome, Box<dyn Error>> {
    std::fs::create_dir_all(&cli.out).map_err(files::at(&cli.out))?;
    if cli.resume.is_none() {
        // What is resumed needs the new key where it is, and puts it in place itself.
        cli.identity_files().finish(cli.provider)?;
    }
    let old_key = match cli.renew.as_deref().or(cli.rollover.as_deref()) {
        Some([_, key]) => Some(cli.provider.load_file(key)?),
        _ => None,
    };
    let mut keys: Vec<Box<dyn Key>> = old_key.into_iter().collect();
    let mut enrolment = match &cli.resume {
        Some(file) => resume(cli, file, &mut keys)?,
        None => start(cli, &mut keys)?,
    };
    let options = enrolment.options();
    options.tolerance.cms.legacy_algorithms = cli.allow_legacy;
    options.poll_interval = Duration::from_secs(cli.poll_interval);
    options.max_polls = cli.max_polls;
    options.digest = cli.digest;
    options.weakest_digest = cli.provider.weakest_digest();
    options.cipher = cli.cipher;
    options.renewal_message_type = cli.message_type;
    options.envelope_to = cli.envelope_to.unwrap_or_default();
    if cli.get {
        options.message_format = MessageFormat::Get;
    }
    progress.say(&format!("transactionID {}", enrolment.transaction_id()));

    let keys: Vec<&dyn Key> = keys.iter().map(|key| &**key).collect();
    // With --save and no limit there is nothing to wait for: saving is the point.
    let patience = match (&cli.save, cli.max_polls) {
        (Some(_), None) => Patience::Leave,
        _ => Patience::Wait,
    };
    let outcome = client::run(&mut enrolment, &keys, patience, |line| progress.say(line))?;
    if let (None, None, None, Some(ca)) = (&cli.fingerprint, &cli.ca, &cli.resume, enrolment.ca()) {
        let fingerprint = Fingerprint::of(ca, cli.provider.provider())?;
        eprintln!("not verified: whoever answered is the CA with fingerprint {fingerprint}");
    }
    match &outcome {
        Outcome::Issued(chain) => {
            write_out(cli, chain)?;
            if let Some([current, _]) = cli.rollover.as_deref() {
                let current = files::read_certificates(current)?;
                let date = Succession::new(current, chain.clone()).changes_over();
                progress.say(&format!("the device changes over on {date}"));
            }
        }
        Outcome::Pending => {
            if let (Some(file), Some(saved)) = (&cli.save, enrolment.save()) {
                files::replace(file, Readers::Owner, |file| file.write_all(saved.as_bytes()))?;
                progress.say(&format!("saved in {}", file.display()));
            }
        }
    }
    Ok(outcome)
}

impl Cli {
    fn identity_files(&self) -> IdentityFiles {
        let name = if self.rollover.is_some() { "next" } else { "device" };
        IdentityFiles::named(&self.out, name)
    }

    fn ca_file(&self) -> PathBuf {
        self.out.join(if self.rollover.is_some() { "next-ca.pem" } else { "ca.pem" })
    }
}

/// Makes key and request, and the enrolment around them. The key is on disk before anything is
/// sent, so that no certificate can come back for a key that is lost.
fn start(cli: &Cli, keys: &mut Vec<Box<dyn Key>>) -> Result<Enrolment, Box<dyn Error>> {
    let (Some(url), Some(subject)) = (&cli.url, &cli.subject) else {
        return Err("--url and --subject are required".into());
    };
    let provider = cli.provider.provider();
    let trust = match (&cli.fingerprint, &cli.ca) {
        (Some(fingerprint), _) => Trust::Fingerprint(fingerprint.clone()),
        (None, Some(file)) => Trust::Certificates(files::read_certificates(file)?),
        (None, None) => Trust::OnFirstUse,
    };
    let key: Box<dyn Key> = match &cli.token {
        Some(uri) => Box::new(TokenKey::open_or_make(uri, cli.key, provider)?),
        None => cli.provider.generate(cli.key)?,
    };
    write_key(&cli.identity_files().new_key, &*key)?;
    let csr = make_request(cli, subject, &*key)?;
    keys.push(key);
    let started = match (cli.renew.as_deref(), cli.rollover.as_deref()) {
        (Some([certificate, _]), _) => {
            Enrolment::renew(url, files::read_certificate(certificate)?, csr, trust, provider)
        }
        (_, Some([certificate, _])) => {
            Enrolment::rollover(url, files::read_certificate(certificate)?, csr, trust, provider)
        }
        _ if !cli.transport_key => Enrolment::new(url, csr, trust, provider),
        _ => {
            let (transport, transport_key) = make_transport(cli, subject)?;
            keys.push(transport_key);
            Enrolment::with_transport_key(url, transport, csr, trust, provider)
        }
    };
    started.map_err(|error| match error {
        ScepError::Misuse(Misuse::Url) => usage(&format!("--url: {error}")),
        ScepError::Misuse(Misuse::KeyCannotReceive) => {
            usage(&format!("--renew or --rollover: {error}"))
        }
        other => other.into(),
    })
}

/// Ends the program with status 2.
fn usage(problem: &str) -> ! {
    Cli::command().error(clap::error::ErrorKind::ValueValidation, problem).exit()
}

fn make_request(cli: &Cli, subject: &Name, key: &dyn Key) -> Result<Csr, Box<dyn Error>> {
    let mut params = CsrParams::new(subject.clone());
    params.challenge_password = cli.challenge.as_deref().map(Into::into);
    params.subject_alt_name = cli.alt_names.to_general_names();
    Ok(params.unsigned(key.public_key())?.sign(key)?)
}

/// An RSA key to receive the reply with, for a device whose own key cannot.
fn make_transport(
    cli: &Cli,
    subject: &Name,
) -> Result<(Certificate, Box<dyn Key>), Box<dyn Error>> {
    let key = cli.provider.generate(KeyKind::Rsa { bits: 2048 })?;
    write_key(&cli.out.join("transport.key"), &*key)?;
    let day = Duration::from_secs(86_400);
    let now = devicecert::pki::Time::from(SystemTime::now());
    let validity = Validity::lasting(now.before(day), day.saturating_mul(366));
    let public_key = key.public_key().clone();
    let provider = cli.provider.provider();
    let certificate =
        CertificateParams::self_signed(subject.clone(), public_key, validity, provider)?
            .unsigned(key.public_key())?
            .sign(&*key)?;
    Ok((certificate, key))
}

fn resume(
    cli: &Cli,
    file: &Path,
    keys: &mut Vec<Box<dyn Key>>,
) -> Result<Enrolment, Box<dyn Error>> {
    for path in [cli.identity_files().new_key, cli.out.join("transport.key")] {
        if path.exists() {
            keys.push(cli.provider.load_file(&path)?);
        }
    }
    let saved = Saved::from_bytes(std::fs::read(file).map_err(files::at(file))?);
    let mut enrolment = Enrolment::resume(&saved, cli.provider.provider())?;
    if let Some(url) = &cli.url {
        enrolment.move_to(url)?;
    }
    Ok(enrolment)
}

fn write_out(cli: &Cli, chain: &[Certificate]) -> Result<(), files::FileError> {
    let (leaf, above) = chain.split_at(chain.len().min(1));
    files::write_certificates(&cli.ca_file(), above)?;
    cli.identity_files().put(leaf)
}

/// A spinner on a terminal, plain lines elsewhere.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn new() -> Self {
        let spinner = std::io::stderr().is_terminal().then(ProgressBar::new_spinner);
        if let Some(spinner) = &spinner {
            spinner.enable_steady_tick(Duration::from_millis(100));
        }
        Self(spinner)
    }

    fn say(&self, line: &str) {
        match &self.0 {
            Some(spinner) => spinner.set_message(line.to_owned()),
            None => eprintln!("{line}"),
        }
    }

    fn finish(&self) {
        if let Some(spinner) = &self.0 {
            spinner.finish_and_clear();
        }
    }
}
