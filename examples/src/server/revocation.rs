//! Revoked certificates, and the CRLs that tell of them.
//!
//! ```text
//! revoked/SERIAL       since when, why, which CA's key, until when it would have been valid
//! crl.pem              in the folder of each CA: its last CRL, written before anybody gets it
//! ```
//!
//! `revoked/` is what counts, and only grows; a CRL is made of it when one is asked for and the last
//! one does not say the same, or is old. So a kill at any moment loses neither a revocation nor a
//! CRL number.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::Duration;

use devicecert::pki::{
    Certificate, Crl, CrlParams, CrlReason, Limits, RevokedCertificate, Time, from_pem, to_pem,
};

use super::Generation;
use super::store::{Store, StoreError, hex};
use crate::files::{self, FileError, Readers};

/// How long a CRL counts.
const LIFE: Duration = Duration::from_secs(7 * 86_400);
/// After how long another one is made, also where nothing was revoked.
const FRESH: Duration = Duration::from_secs(86_400);
/// Clocks differ by minutes; a CRL must not come from anybody's future.
const BACKDATED: Duration = Duration::from_secs(600);

/// What is on file about one revoked certificate.
struct Entry {
    revoked: RevokedCertificate,
    /// The issuer's key identifier, in hexadecimal digits.
    issuer: String,
    not_after: Time,
}

impl Store {
    /// Revokes the certificate with this serial number in hexadecimal digits. Revoked once is
    /// revoked: the first date and reason stay.
    ///
    /// # Errors
    /// [`StoreError::NotIssued`] if the CA has not issued such a certificate; names the file.
    pub fn revoke(
        &self,
        serial: &str,
        now: Time,
        reason: CrlReason,
    ) -> Result<Certificate, StoreError> {
        let serial = serial.replace(':', "").to_ascii_lowercase();
        let is_number = !serial.is_empty() && serial.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !is_number || !self.issued(&serial).is_file() {
            return Err(StoreError::NotIssued(serial));
        }
        let certificate = self.certificate(&serial)?;
        let line = format!(
            "{} {reason} {} {}\n",
            now.unix(),
            hex(certificate.extensions().authority_key_identifier().unwrap_or_default()),
            certificate.validity().not_after.unix()
        );
        match files::create(&self.revoked(&serial), Readers::All, |file| {
            file.write_all(line.as_bytes())
        }) {
            Err(error) if !error.is_taken() => Err(error.into()),
            _ => Ok(certificate),
        }
    }

    /// Whether a certificate was revoked. One that cannot be told of is an error, never a no.
    ///
    /// # Errors
    /// Names the file.
    pub fn is_revoked(&self, certificate: &Certificate) -> Result<bool, StoreError> {
        let path = self.revoked(&hex(certificate.serial()));
        Ok(path.try_exists().map_err(files::at(&path))?)
    }

    /// Everything that a CA has revoked and that has not expired for long, by serial number.
    fn revoked_by(
        &self,
        ca: &Certificate,
        now: Time,
    ) -> Result<Vec<RevokedCertificate>, StoreError> {
        let folder = self.folder().join("revoked");
        let entries: Result<Vec<PathBuf>, _> =
            fs::read_dir(&folder).and_then(|entries| entries.map(|one| Ok(one?.path())).collect());
        let mut paths = entries.map_err(files::at(&folder))?;
        paths.sort();
        let ours = hex(ca.extensions().subject_key_identifier().unwrap_or_default());
        let mut all = Vec::new();
        for path in paths {
            // Not yet a file: one in the making has a random name with a dot in front.
            if path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            let text = files::read_text(&path)?;
            let entry = parse(&path, &text).ok_or(StoreError::Revocation(path))?;
            // RFC 5280 §3.3: an entry stays until one CRL beyond the end of the certificate.
            if entry.issuer == ours && now < entry.not_after.after(LIFE) {
                all.push(entry.revoked);
            }
        }
        Ok(all)
    }

    fn revoked(&self, serial: &str) -> PathBuf {
        self.folder().join("revoked").join(serial)
    }
}

fn parse(path: &std::path::Path, text: &str) -> Option<Entry> {
    let name = path.file_name()?.to_str()?;
    let serial: Option<Vec<u8>> = (0..name.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(name.get(at..at.checked_add(2)?)?, 16).ok())
        .collect();
    let mut words = text.split_whitespace();
    let date = Time::from_unix(words.next()?.parse().ok()?);
    let reason: CrlReason = words.next()?.parse().ok()?;
    let issuer = words.next()?.to_owned();
    let not_after = Time::from_unix(words.next()?.parse().ok()?);
    let revoked = RevokedCertificate::new(serial?, date).because(reason);
    Some(Entry { revoked, issuer, not_after })
}

impl Generation {
    /// The CRL of this CA: the last one while it says what there is to say, or a new one.
    ///
    /// # Errors
    /// Names the file; if the CA's key cannot sign.
    pub fn crl(&self, store: &Store, now: Time) -> Result<Crl, StoreError> {
        let _one_at_a_time = self.making_crl.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.join("crl.pem");
        let last = read_crl(&path)?;
        let ca = self.authority.ca();
        let revoked = store.revoked_by(ca, now)?;
        let number = match last {
            Some(last) if says(&last, &revoked) && is_fresh(&last, now) => return Ok(last),
            Some(last) => last.number().unwrap_or(0),
            None => 0,
        };
        let this_update = now.before(BACKDATED);
        let mut params = CrlParams::new(ca, number.saturating_add(1), this_update, now.after(LIFE));
        params.revoked = revoked;
        let crl = params.unsigned(ca.public_key())?.sign(&self.ca_key)?;
        let pem = to_pem("X509 CRL", crl.as_der());
        files::replace(&path, Readers::All, |file| file.write_all(pem.as_bytes()))?;
        Ok(crl)
    }
}

/// What was read back: unspecified reasons are not written.
fn says(crl: &Crl, revoked: &[RevokedCertificate]) -> bool {
    let stated = |entry: &RevokedCertificate| {
        entry.reason.filter(|reason| *reason != CrlReason::Unspecified)
    };
    let listed = crl.unverified_entries();
    listed.len() == revoked.len()
        && listed.iter().zip(revoked).all(|(one, other)| {
            (&one.serial, one.date, stated(one)) == (&other.serial, other.date, stated(other))
        })
}

/// A clock that was set back makes every CRL stale, too.
fn is_fresh(crl: &Crl, now: Time) -> bool {
    crl.this_update() <= now && now < crl.this_update().after(FRESH)
}

fn read_crl(path: &std::path::Path) -> Result<Option<Crl>, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(files::at(path)(error).into()),
    };
    let pem = |source| FileError::Pem { path: path.to_owned(), source };
    let ders = from_pem("X509 CRL", &text).map_err(pem)?;
    // Our own file may be longer than what a stranger may send.
    let mut limits = Limits::default();
    limits.message_bytes = text.len().max(limits.message_bytes);
    let crl = ders.first().map(|der| Crl::parse(der, &limits)).transpose()?;
    Ok(crl)
}
