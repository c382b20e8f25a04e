//! One-time challenges that say what they are for, as files that a person can read.
//!
//! ```text
//! permits/DIGEST    subject, alternative names and the last second of one permit; DIGEST is of its
//!                   challenge, which is not kept
//! ```
//!
//! That a permit is used up is remembered with the other challenges, by [`Store`](super::Store).

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{Error as PkiError, GeneralName, Name, Provider, Secret, Time};
use devicecert::scep::Permit;

use super::store::hex;
use crate::files::{self, FileError, Readers};

/// The folder of permits.
#[derive(Clone, Debug)]
pub struct Permits {
    folder: PathBuf,
}

/// Why a permit cannot be made or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PermitError {
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// No random octets, or no digest.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// A file says something else than this program writes.
    #[error("{}: line {line}: expected subject, dns, email, upn or until, and a value", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// An alternative name of a kind that is not written.
    #[error("{0}: a permit is for DNS names, mail addresses and user principal names")]
    Kind(GeneralName),
}

impl Permits {
    /// Opens the folder below that of the CA, and makes it if it is missing.
    ///
    /// # Errors
    /// Names what could not be made.
    pub fn open(dir: &Path) -> Result<Self, PermitError> {
        let folder = dir.join("permits");
        files::create_folder(&folder)?;
        Ok(Self { folder })
    }

    /// Makes a challenge that lets one device in, for these names and until this second.
    ///
    /// # Errors
    /// [`PermitError`].
    pub fn make(
        &self,
        subject: &Name,
        alt_names: &[GeneralName],
        until: Time,
        provider: &dyn Provider,
    ) -> Result<Secret, PermitError> {
        let mut octets = [0; 16];
        provider.random(&mut octets).map_err(PkiError::from)?;
        // Letters and digits: some devices refuse anything else in a challenge.
        let challenge = Secret::from(hex(&octets).as_str());
        let mut text = format!("subject: {subject}\n");
        for name in alt_names {
            text += &match name {
                GeneralName::Dns(name) => format!("dns: {name}\n"),
                GeneralName::Email(name) => format!("email: {name}\n"),
                GeneralName::Upn(name) => format!("upn: {name}\n"),
                other => return Err(PermitError::Kind(other.clone())),
            };
        }
        text += &format!("until: {}\n", until.unix());
        let path = self.path(&challenge, provider)?;
        // What would be read as something else is not written.
        parse(&path, &text, &challenge)?;
        files::create(&path, Readers::Owner, |file| file.write_all(text.as_bytes()))?;
        Ok(challenge)
    }

    /// The permit with this challenge; `None` if there is none, or it has expired.
    ///
    /// # Errors
    /// [`PermitError`] for a file that cannot be read.
    pub fn find(
        &self,
        challenge: &Secret,
        now: Time,
        provider: &dyn Provider,
    ) -> Result<Option<Permit>, PermitError> {
        let path = self.path(challenge, provider)?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(files::at(&path)(error).into()),
        };
        let (permit, until) = parse(&path, &text, challenge)?;
        Ok((now <= until).then_some(permit))
    }

    fn path(&self, challenge: &Secret, provider: &dyn Provider) -> Result<PathBuf, PkiError> {
        let digest = provider.digest(DigestAlgorithm::Sha256, challenge.expose())?;
        Ok(self.folder.join(hex(&digest)))
    }
}

fn parse(path: &Path, text: &str, challenge: &Secret) -> Result<(Permit, Time), PermitError> {
    let wrong =
        |index: usize| PermitError::Line { path: path.to_owned(), line: index.saturating_add(1) };
    let (mut permit, mut until) = (None, None);
    let mut alt_names = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match line.split_once(": ").ok_or_else(|| wrong(index))? {
            ("subject", subject) if permit.is_none() => {
                let subject: Name = subject.parse().map_err(|_| wrong(index))?;
                permit = Some(Permit::new(challenge.clone(), subject));
            }
            ("dns", name) => alt_names.push(GeneralName::Dns(name.to_owned())),
            ("email", name) => alt_names.push(GeneralName::Email(name.to_owned())),
            ("upn", name) => alt_names.push(GeneralName::Upn(name.to_owned())),
            ("until", seconds) if until.is_none() => {
                until = Some(Time::from_unix(seconds.parse().map_err(|_| wrong(index))?));
            }
            _ => return Err(wrong(index)),
        }
    }
    match (permit, until) {
        (Some(mut permit), Some(until)) => {
            permit.alt_names = alt_names;
            Ok((permit, until))
        }
        // Cut short, or no permit at all.
        _ => Err(wrong(text.lines().count())),
    }
}
