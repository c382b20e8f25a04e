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
    /// Whether a device gets a certificate for its own user only
    /// (`certificates_disable_host_end_user_binding`).
    pub host_binding: HostBinding,
    /// Whether any of this counts (`server.allow_request_certificate_any_idp`).
    pub identity_providers: IdentityProviders,
}

/// Whether a device gets a certificate for its own user only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HostBinding {
    /// For its own user only.
    #[default]
    Required,
    /// For anybody.
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

    pub(super) fn binds_hosts(&self) -> bool {
        self.host_binding == HostBinding::Required
            && self.identity_providers == IdentityProviders::Listed
    }
}
