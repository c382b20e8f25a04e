//! Fleet, as far as this call goes.

use super::authority_id::AuthorityId;
use super::caller::Caller;
use super::challenge::ChallengeCall;
use super::handling::Handling;
use super::policy::Policy;
use super::refusal::Refusal;
use crate::limits::Limits;
use crate::rules::{License, Rules};

/// A Fleet server that issues certificates.
///
/// ```
/// use devicecert_fleet::Rules;
/// use devicecert_fleet::request_certificate::Service;
///
/// let mut service = Service::new(Rules::Current);
/// service.policy.introspection_urls = vec!["https://idp.example/introspect".into()];
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Service {
    /// Whose rules.
    pub rules: Rules,
    /// What the administrator has decided; for [`Rules::Current`].
    pub policy: Policy,
    /// The licence.
    pub license: License,
    /// Bounds on what is read.
    pub limits: Limits,
}

impl Service {
    /// A server with these rules, closed to identity providers.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Begins with one call. `ca` is from its path, see [`AuthorityId::from_path`]; Fleet does not look at
    /// the Content-Type. A device must have signed a call with this path and body.
    ///
    /// # Errors
    /// The [`Refusal`] of those who may not ask, and of what cannot be read.
    pub fn handle(
        &self,
        caller: &Caller<'_>,
        ca: AuthorityId,
        body: &[u8],
    ) -> Result<Handling, Refusal> {
        self.admit(caller)?;
        if !caller.covers(ca, body) {
            return Err(Refusal::OtherRequest);
        }
        let host = caller.authorise(self.rules)?;
        Handling::begin(self, ca, host.cloned(), body)
    }

    /// Begins with one call for the challenge of an NDES, which Fleet has since 2026-09. Its path is
    /// not known here: compare the one that a device has signed
    /// ([`SignedDevice::path`](crate::message_signature::SignedDevice::path)) with the server's.
    ///
    /// # Errors
    /// The [`Refusal`] of those who may not ask.
    pub fn challenge(&self, caller: &Caller<'_>) -> Result<ChallengeCall, Refusal> {
        self.admit(caller)?;
        caller.authorise(Rules::Current)?;
        Ok(ChallengeCall(()))
    }

    fn admit(&self, caller: &Caller<'_>) -> Result<(), Refusal> {
        match (caller, self.license) {
            (Caller::Nobody, _) => Err(Refusal::Unauthenticated),
            (_, License::Free) => Err(Refusal::NoLicense),
            (_, License::Premium) => Ok(()),
        }
    }
}
