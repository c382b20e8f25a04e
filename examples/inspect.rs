//! Prints a SCEP message, certificate, request or key for a person.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use clap::Parser;
use devicecert::crypto_rust::PrivateKey;
use devicecert::pki::{Decryptor, Time};
use devicecert_examples::inspect::{MAX_BYTES, Options, look};

const EXAMPLES: &str = "\
Examples:
  inspect request.der                     what did the device send?
  inspect --key ca.key request.der        ... and what is inside the envelope?
  inspect --key device.key reply.der      the certificate in a CertRep
  curl -s 'https://ca.example/scep?operation=GetCACert' | inspect -
  openssl s_client -connect ca.example:443 -showcerts </dev/null | inspect -
  inspect chain.pem                       every block of a PEM file

Reads pkiMessages (SCEP, RFC 8894), any SignedData or EnvelopedData (CMS, RFC 5652),
certs-only messages, certification requests (PKCS #10), certificates and private keys,
in DER, BER, PEM, or base64 with or without line breaks (as in a GET query, too).
A challengePassword and a private key are never printed.

The last section lists what is unusual, and what that means with other programs.
Exit status: 0 all was read, 1 something was not (one line says at which byte and why),
2 wrong usage or a file that cannot be opened.";

/// Print a SCEP message, certificate, request or key for a person
#[derive(Debug, Parser)]
#[command(name = "inspect", version, after_help = EXAMPLES)]
struct Arguments {
    /// The file to look into; - is standard input
    file: PathBuf,
    /// A private key (PEM, not encrypted) to open envelopes with, to see what is inside
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let key = match arguments.key.as_deref().map(read_key).transpose() {
        Ok(key) => key,
        Err(message) => return usage_error(&message),
    };
    let input = match read(&arguments.file) {
        Ok(input) => input,
        Err(error) => {
            return usage_error(&format!("{}: {error}", arguments.file.display()));
        }
    };
    let options = Options {
        key: key.as_ref().map(|key| key as &dyn Decryptor),
        now: Some(Time::from(SystemTime::now())),
    };
    let report = look(&input, options);
    // Whoever reads may have seen enough and gone.
    let _ = io::stdout().lock().write_all(report.text.as_bytes());
    match report.damage {
        None => ExitCode::SUCCESS,
        Some(damage) => {
            eprintln!("inspect: {}: {damage}", arguments.file.display());
            ExitCode::FAILURE
        }
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut input = Vec::new();
    let most = (MAX_BYTES as u64).saturating_add(1);
    if file == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut input)?;
    } else {
        File::open(file)?.take(most).read_to_end(&mut input)?;
    }
    Ok(input)
}

fn read_key(file: &Path) -> Result<PrivateKey, String> {
    let bytes =
        std::fs::read(file).map_err(|error| format!("--key {}: {error}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    PrivateKey::from_pem(&text).map_err(|error| {
        let hint = match text.contains("ENCRYPTED") {
            true => "; it is encrypted: `openssl pkey -in FILE` writes it without a passphrase",
            false => "",
        };
        format!("--key {}: {error}{hint}", file.display())
    })
}

fn usage_error(message: &str) -> ExitCode {
    eprintln!("inspect: {message}");
    ExitCode::from(2)
}
