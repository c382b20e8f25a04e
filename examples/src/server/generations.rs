//! The CAs of a folder: the one that was made first, and one for each time that it was replaced.
//!
//! ```text
//! ca.pem ca.key ra.pem ra.key     the first
//! rollover-1/ca.pem ...           the one after it, and so on
//! rollover-2.new/                 one in the making: it is there when its folder has its name
//! ```
//!
//! Which of them is the current one is a matter of the date alone: the last whose certificate is
//! valid already. So there is nothing to do, and nothing to go wrong, on the day of the change.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use devicecert::pki::{Name, Provider, Time};
use devicecert::scep::{Authority, Error, Tolerance};
use http::Response;

use super::authority::{Plan, is_missing};
use super::{AuthorityFolder, Ra, Setup, SetupError};
use crate::files;
use crate::keys::{Backend, Key};

/// One CA with its keys.
#[derive(Debug)]
pub struct Generation {
    /// Which one, counted from 0.
    pub number: usize,
    /// The certificates, and how strictly requests are read.
    pub authority: Authority,
    /// The key that issues.
    pub ca_key: Arc<dyn Key>,
    /// The key that opens requests and signs replies: the RA's, or the CA's.
    pub ra_key: Arc<dyn Key>,
    /// Where its files are.
    pub folder: PathBuf,
    /// One CRL is made at a time, so that no number is given twice.
    pub(super) making_crl: Mutex<()>,
    next_ca_cert: OnceLock<Response<Vec<u8>>>,
}

/// Every CA of a folder.
#[derive(Debug)]
pub struct Generations {
    folder: PathBuf,
    setup: Setup,
    first: Arc<Generation>,
    later: RwLock<Vec<Arc<Generation>>>,
}

/// The CAs at one moment.
#[derive(Clone, Debug)]
pub struct Line {
    all: Vec<Arc<Generation>>,
    current: Arc<Generation>,
}

impl Generations {
    /// Opens every CA in `folder`, and makes the first where there is none.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn open(folder: &Path, setup: Setup) -> Result<Self, SetupError> {
        let first = AuthorityFolder::open(folder, setup)?;
        let first = Arc::new(Generation::new(0, folder.to_owned(), first, &[]));
        let folder = folder.to_owned();
        let generations = Self { folder, setup, first, later: RwLock::default() };
        generations.load_more()?;
        Ok(generations)
    }

    /// The CAs as they stand now, those included that somebody has made meanwhile.
    ///
    /// # Errors
    /// [`SetupError`] if one of these cannot be read.
    pub fn line(&self, now: Time) -> Result<Line, SetupError> {
        self.load_more()?;
        let all = self.all(&self.later.read().unwrap_or_else(PoisonError::into_inner));
        let has_begun = |one: &&Arc<Generation>| one.authority.ca().validity().not_before <= now;
        let current = Arc::clone(all.iter().rfind(has_begun).unwrap_or(&self.first));
        Ok(Line { all, current })
    }

    fn all(&self, later: &[Arc<Generation>]) -> Vec<Arc<Generation>> {
        [&self.first].into_iter().chain(later).cloned().collect()
    }

    fn load_more(&self) -> Result<(), SetupError> {
        let count = self.later.read().unwrap_or_else(PoisonError::into_inner).len();
        if is_missing(&folder_of(&self.folder, count.saturating_add(1)))? {
            return Ok(());
        }
        let mut later = self.later.write().unwrap_or_else(PoisonError::into_inner);
        loop {
            let before = self.all(&later);
            let number = before.len();
            let folder = folder_of(&self.folder, number);
            if is_missing(&folder)? {
                return Ok(());
            }
            let opened = AuthorityFolder::open(&folder, self.setup)?;
            later.push(Arc::new(Generation::new(number, folder, opened, &before)));
        }
    }

    /// Makes the CA that takes over after `pause`, with a key of the same kind. A server that runs
    /// notices.
    ///
    /// A kill at any moment leaves no such CA, or a whole one: its folder gets its name at last. What
    /// was in the making is gone on with, as it was planned then.
    ///
    /// # Errors
    /// [`SetupError::NoCa`] if there is none to be replaced, [`SetupError::UnderWay`] if the last
    /// one has not taken over yet.
    pub fn roll_over(
        folder: &Path,
        now: Time,
        pause: Duration,
        backend: Backend,
    ) -> Result<Generation, SetupError> {
        if is_missing(&folder.join("ca.pem"))? {
            return Err(SetupError::NoCa(folder.to_owned()));
        }
        let ra = match is_missing(&folder.join("ra.pem"))? {
            true => Ra::None,
            false => Ra::Separate,
        };
        let ca_key = files::read_certificate(&folder.join("ca.pem"))?.public_key().kind();
        let setup = Setup { ca_key, ra, backend, tolerance: Tolerance::default() };
        let line = Self::open(folder, setup)?.line(now)?;
        if let Some(next) = line.next() {
            return Err(SetupError::UnderWay(next.authority.ca().validity().not_before));
        }
        let number = line.all.len();
        let named = |what: &str| {
            let number = number.saturating_add(1);
            format!("CN=devicecert example {what} {number},O=devicecert").parse::<Name>()
        };
        let plan = Plan { ca: named("CA")?, ra: named("RA")?, not_before: now.after(pause) };
        let place = folder_of(folder, number);
        let making = place.with_extension("new");
        let made = AuthorityFolder::open_or_make(&making, setup, &plan)?;
        files::rename(&making, &place)?;
        Ok(Generation::new(number, place, made, &line.all))
    }
}

/// Where the files of a generation are.
fn folder_of(folder: &Path, number: usize) -> PathBuf {
    match number {
        0 => folder.to_owned(),
        number => folder.join(format!("rollover-{number}")),
    }
}

impl Generation {
    fn new(number: usize, folder: PathBuf, opened: AuthorityFolder, before: &[Arc<Self>]) -> Self {
        let AuthorityFolder { mut authority, ca_key, ra_key } = opened;
        authority.predecessors = before.iter().map(|one| one.authority.ca().clone()).collect();
        let ca_key = Arc::from(ca_key);
        Self {
            number,
            authority,
            ra_key: ra_key.map_or_else(|| Arc::clone(&ca_key), Arc::from),
            ca_key,
            folder,
            making_crl: Mutex::default(),
            next_ca_cert: OnceLock::new(),
        }
    }

    /// The reply to GetNextCACert, signed once.
    fn next_ca_cert(
        &self,
        next: &Self,
        provider: &dyn Provider,
    ) -> Result<Response<Vec<u8>>, Error> {
        if let Some(made) = self.next_ca_cert.get() {
            return Ok(made.clone());
        }
        let unsigned = self.authority.next_ca_cert(&next.authority, provider)?;
        let made = unsigned.sign(&self.ca_key)?;
        Ok(self.next_ca_cert.get_or_init(|| made).clone())
    }
}

impl Line {
    /// The CA that answers GetCACert.
    #[must_use]
    pub fn current(&self) -> &Generation {
        &self.current
    }

    /// The CA that is to take over.
    #[must_use]
    pub fn next(&self) -> Option<&Generation> {
        self.get(self.current.number.saturating_add(1))
    }

    /// Every CA, the current one first: most messages are for it.
    pub fn all(&self) -> impl Iterator<Item = &Generation> {
        let others = self.all.iter().filter(|one| one.number != self.current.number);
        [&self.current].into_iter().chain(others).map(|one| &**one)
    }

    /// The CA with this number.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&Generation> {
        self.all.get(number).map(|one| &**one)
    }

    /// The reply to GetNextCACert; `None` where nobody is to take over.
    ///
    /// # Errors
    /// If the current CA's key cannot sign.
    pub fn next_ca_cert(
        &self,
        provider: &dyn Provider,
    ) -> Result<Option<Response<Vec<u8>>>, Error> {
        let next = self.next();
        next.map(|next| self.current().next_ca_cert(next, provider)).transpose()
    }
}
