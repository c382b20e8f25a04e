//! Challenges that were handed out and not used: what NDES calls its password cache.

use std::sync::{Arc, Mutex, PoisonError};

use devicecert::pki::error::KeyError;
use devicecert::pki::{Provider, Secret};
use devicecert::scep::Authorisation;

use crate::server::{Case, Judge, JudgeError, Judgement, No, hex};

/// The challenges of one CA. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Outstanding(Arc<Mutex<Vec<Secret>>>);

impl Outstanding {
    /// A new challenge of `N` random octets; `None` if so many are out already.
    pub(super) fn hand_out<const N: usize>(
        &self,
        most: usize,
        provider: &dyn Provider,
    ) -> Result<Option<String>, KeyError> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= most {
            return Ok(None);
        }
        let mut octets = [0; N];
        provider.random(&mut octets)?;
        let challenge = hex(&octets).to_uppercase();
        all.push(Secret::from(challenge.as_str()));
        Ok(Some(challenge))
    }

    fn use_up(&self, challenge: &Secret) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().position(|one| one == challenge);
        found.map(|at| all.swap_remove(at)).is_some()
    }
}

/// Lets in whoever has a challenge that was handed out, once.
impl Judge for Outstanding {
    fn judge(&self, case: Case<'_>) -> Result<Judgement, JudgeError> {
        let challenge = case.csr.challenge_password();
        Ok(match challenge.is_some_and(|challenge| self.use_up(challenge)) {
            true => Judgement::Allow(Authorisation::by_administrator()),
            false => Judgement::Refuse(No::Challenge),
        })
    }
}
