//! Who calls.

use http::Method;

use super::authority_id::AuthorityId;
use super::refusal::Refusal;
use crate::message_signature::SignedDevice;
use crate::rules::Rules;

/// The role of a user of Fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Global admin.
    GlobalAdmin,
    /// Global maintainer.
    GlobalMaintainer,
    /// Global observer.
    GlobalObserver,
    /// Global observer+.
    GlobalObserverPlus,
    /// Global technician.
    GlobalTechnician,
    /// Global GitOps.
    GlobalGitOps,
    /// Any role, admin included, that counts for one team (fleet) only.
    OfATeam,
}

impl Role {
    /// Whether it may have certificates and challenges.
    #[must_use]
    pub const fn may_request(self) -> bool {
        match self {
            Self::GlobalAdmin | Self::GlobalMaintainer => true,
            Self::GlobalObserver
            | Self::GlobalObserverPlus
            | Self::GlobalTechnician
            | Self::GlobalGitOps
            | Self::OfATeam => false,
        }
    }
}

/// Who calls, as far as that was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller<'r> {
    /// Nobody knows: there is no token and no signature.
    Nobody,
    /// A user, by an API token.
    User(Role),
    /// A device, by its signature; and the host that the certificate belongs to, `None` if that is
    /// not enrolled.
    Device(SignedDevice<'r>, Option<EnrolledHost>),
}

/// What Fleet knows of the host of a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnrolledHost {
    /// Its end user's name at the identity provider; an empty one counts as none.
    pub idp_username: Option<String>,
}

impl Caller<'_> {
    /// Whether a device has signed this call. A user signs nothing.
    pub(super) fn covers(&self, ca: AuthorityId, body: &[u8]) -> bool {
        let Self::Device(device, _) = self else { return true };
        let path = core::str::from_utf8(device.path()).ok();
        device.method() == Method::POST
            && path.and_then(AuthorityId::from_path) == Some(ca)
            && device.body() == body
    }

    /// The host that names are bound to; `None` for a user, who may ask for any.
    pub(super) fn authorise(&self, rules: Rules) -> Result<Option<&EnrolledHost>, Refusal> {
        match self {
            Self::Nobody => Err(Refusal::Unauthenticated),
            Self::User(role) if role.may_request() => Ok(None),
            Self::User(_) => Err(Refusal::Forbidden),
            Self::Device(_, host) => match rules {
                Rules::Guide => Ok(None),
                Rules::Current => host.as_ref().map(Some).ok_or(Refusal::HostNotEnrolled),
            },
        }
    }
}
