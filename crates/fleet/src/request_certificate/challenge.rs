//! The challenge of an NDES, for those who may have a certificate of it.

use super::authority::Authority;
use super::refusal::Refusal;

/// A call by somebody who may have a challenge: [`Service::challenge`](super::Service::challenge).
///
/// Path and body of this call of Fleet's are not known, so both are up to the server. What is known
/// is who may ask, of which CA, and what is said if there is no challenge:
///
/// ```
/// use devicecert_fleet::request_certificate::{Authority, Caller, Refusal, Role, Service};
///
/// let service = Service::default();
/// let ndes = Authority::Ndes {
///     scep_url: Some("https://ndes.example/certsrv/mscep/mscep.dll".into()),
///     admin_url: Some("https://ndes.example/certsrv/mscep_admin/".into()),
/// };
/// let issuer = service.challenge(&Caller::User(Role::GlobalAdmin))?.of(Some(ndes))?;
/// assert_eq!(issuer.admin_url, "https://ndes.example/certsrv/mscep_admin/");
/// // The challenge from there is the answer; if there is none, `Refusal::Challenge` is.
///
/// let observer = service.challenge(&Caller::User(Role::GlobalObserver));
/// assert_eq!(observer.err(), Some(Refusal::Forbidden));
/// # Ok::<(), Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ChallengeCall(pub(super) ());

/// Where a challenge is to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChallengeIssuer {
    /// The admin page of NDES. Its user and password are those of the CA.
    pub admin_url: String,
}

impl ChallengeCall {
    /// The CA that the call is about, `None` if there is none of that number.
    ///
    /// # Errors
    /// The [`Refusal`] for a CA without challenges.
    pub fn of(self, authority: Option<Authority>) -> Result<ChallengeIssuer, Refusal> {
        match authority {
            None => Err(Refusal::NoSuchAuthority),
            Some(Authority::Ndes { admin_url: Some(admin_url), .. }) => {
                Ok(ChallengeIssuer { admin_url })
            }
            Some(Authority::Ndes { admin_url: None, .. }) => Err(Refusal::NoAdminUrl),
            Some(Authority::Hydrant { .. } | Authority::Est { .. } | Authority::Other) => {
                Err(Refusal::NoChallenges)
            }
        }
    }
}
