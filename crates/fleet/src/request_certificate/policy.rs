//! What the administrator of a Fleet server of 2026 has decided.

use super::ask::IdpToken;
use super::refusal::Refusal;

/// Who may vouch for names, and whether devices are bound to their users.
///
/// It counts for [`Rules::Current`](crate::Rules::Current); Fleet of late 2025 had none.
///
/// ```
/// use devicecert_fleet::request_certificate::Policy;
///
/// let mut policy = Policy::default(); // no identity provider; devices are bound to their users
/// policy.introspection_urls = vec!["https://example.okta.com/oauth2/v1/introspect".into()];
/// policy.client_ids = vec!["0oa1b2c3".into()];
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The introspection endpoints that may vouch, compared octet by octet
    /// (`certificates_idp_introspection_urls`). Without any, nobody may; with one, somebody must.
    pub introspection_urls: Vec<String>,
    /// The clients whose tokens count, compared octet by octet (`certificates_idp_client_ids`).
    /// Without any, those of every client do.
    pub client_ids: Vec<String>,
    /// How far the names in the request of a device must be those of its own user
    /// (`certificates_disable_host_end_user_binding`).
    pub host_binding: HostBinding,
    /// Whether any of this counts (`server.allow_request_certificate_any_idp`).
    pub identity_providers: IdentityProviders,
}

/// How far the names in the request of a device must be those of its own user.
///
/// A common name, a DNS name and an IP address can be anything with each of them: what they are worth
/// is the CA's to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HostBinding {
    /// Mail address and user principal name are the user's, and so is every `emailAddress` of the
    /// subject. Nothing else says whose certificate it is: no security identifier, no directoryName
    /// or otherName, and no extension or attribute that is not known to say something else. A CA
    /// might believe it. Fleet is not as strict.
    #[default]
    Required,
    /// Mail address and user principal name are the user's; nothing else is looked at. This is what
    /// Fleet has: a device that asks for somebody else's security identifier gets as far as the CA.
    MailAddressAndUpn,
    /// They are anybody's.
    Disabled,
}

/// Which identity providers may vouch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum IdentityProviders {
    /// Those that are listed.
    #[default]
    Listed,
    /// Whichever the caller names, as of old, so that he may vouch for himself; and devices are
    /// bound to nobody.
    Any,
}

impl Policy {
    /// Whether these credentials, or none, may be used. Without a provider no endpoint is asked.
    pub(super) fn permits(&self, idp: Option<&IdpToken>) -> Result<(), Refusal> {
        if self.identity_providers == IdentityProviders::Any {
            return Ok(());
        }
        match idp {
            None if self.introspection_urls.is_empty() => Ok(()),
            None => Err(Refusal::IdpRequired),
            Some(idp) if !self.introspection_urls.contains(&idp.url) => {
                Err(Refusal::EndpointNotPermitted)
            }
            Some(idp)
                if !self.client_ids.is_empty() && !self.client_ids.contains(&idp.client_id) =>
            {
                Err(Refusal::ClientNotPermitted)
            }
            Some(_) => Ok(()),
        }
    }

    /// How far the names of devices are looked at.
    pub(super) const fn effective_binding(&self) -> HostBinding {
        match self.identity_providers {
            IdentityProviders::Listed => self.host_binding,
            IdentityProviders::Any => HostBinding::Disabled,
        }
    }
}
