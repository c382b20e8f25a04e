//! Replies that are enveloped to a challenge (RFC 8894 §3.1).
//!
//! ```text
//! transactions/KEY/password    which challenge a pending request was enveloped to, by its digest
//! ```

use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::scep::{Decision, Enrol};

use super::ca::Asked;
use super::store::hex;
use super::{AnswerError, Ca};

impl Ca {
    /// Notes which challenge a request that has to wait was enveloped to: the polls do not say.
    pub(super) fn remember_password(
        &self,
        asked: &Asked<'_>,
        enrol: &Enrol,
    ) -> Result<(), AnswerError> {
        let challenge = enrol.csr().challenge_password();
        let challenge =
            challenge.filter(|_| asked.request.transaction().is_enveloped_to_password());
        let digest = challenge
            .map(|challenge| self.provider.digest(DigestAlgorithm::Sha256, challenge.expose()))
            .transpose()?;
        Ok(self.store.set_password(asked.key.as_str(), digest.as_deref().map(hex).as_deref())?)
    }

    /// Answers a poll that is enveloped to a password with the challenge of the request that it is
    /// about. Which password the poll itself was enveloped to is not looked at.
    pub(super) fn to_password(
        &self,
        asked: &Asked<'_>,
        decision: Decision,
    ) -> Result<Decision, AnswerError> {
        let Decision::Grant(grant) = decision else {
            return Ok(decision);
        };
        let by_password = asked.request.transaction().is_enveloped_to_password();
        let remembered = self.store.password(asked.key.as_str())?.filter(|_| by_password);
        for challenge in &self.policy.challenges {
            let digest = self.provider.digest(DigestAlgorithm::Sha256, challenge.expose())?;
            if remembered.as_deref() == Some(hex(&digest).as_str()) {
                return Ok(Decision::Grant(grant.with_password(challenge.clone())));
            }
        }
        Ok(Decision::Grant(grant))
    }
}
