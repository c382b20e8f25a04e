//! What Fleet knows of a host, and what its variables resolve to.

use crate::renewal::RenewalId;
use crate::unavailable::Unavailable;
use crate::variable::{Fixed, Variable};

/// A host, with everything that the fixed variables resolve to.
///
/// ```
/// use devicecert_fleet::{Host, User, Variable};
///
/// let user = User { username: "ada@example.com".into(), ..User::default() };
/// let host = Host::new("6C3E…", "a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC").platform("darwin").user(user);
/// let part = Variable::from_name("HOST_END_USER_IDP_USERNAME_LOCAL_PART");
/// assert_eq!(host.value(&part), Ok("ada"));
/// assert_eq!(host.value(&Variable::from_name("HOST_PLATFORM")), Ok("macos"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    uuid: String,
    serial: String,
    platform: String,
    profile_uuid: String,
    renewal_id: String,
    user: User,
    local_part: String,
    groups: String,
    full_name: String,
}

/// The user of a host at the identity provider. Of several records Fleet takes the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// userName. A record without one counts as none.
    pub username: String,
    /// The first e-mail address.
    pub email: String,
    /// The names of the groups, in their order.
    pub groups: Vec<String>,
    /// The department.
    pub department: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
}

impl Host {
    /// A host by its UUID, for which a profile is filled.
    #[must_use]
    pub fn new(uuid: &str, profile_uuid: &str) -> Self {
        Self {
            uuid: uuid.to_owned(),
            profile_uuid: profile_uuid.to_owned(),
            renewal_id: RenewalId::of(profile_uuid).to_string(),
            ..Self::default()
        }
    }

    /// Sets the serial number. Blank ones count as none.
    #[must_use]
    pub fn serial(mut self, serial: &str) -> Self {
        self.serial = if serial.trim().is_empty() { String::new() } else { serial.to_owned() };
        self
    }

    /// Sets the platform; osquery's `darwin` becomes `macos`.
    #[must_use]
    pub fn platform(mut self, platform: &str) -> Self {
        self.platform = match platform {
            "darwin" => "macos".to_owned(),
            other => other.to_owned(),
        };
        self
    }

    /// Sets the user.
    #[must_use]
    pub fn user(mut self, user: User) -> Self {
        self.local_part = user.username.split('@').next().unwrap_or_default().to_owned();
        self.groups = user.groups.join(",");
        let full_name = format!("{} {}", user.given_name, user.family_name);
        full_name.trim().clone_into(&mut self.full_name);
        self.user = user;
        self
    }

    /// What a variable resolves to.
    ///
    /// # Errors
    /// [`Unavailable::NoValue`] if the host has no such thing, or if it is for somebody else to
    /// say: a CA, a secret, a vital.
    pub fn value(&self, variable: &Variable) -> Result<&str, Unavailable> {
        let Variable::Fixed(fixed) = variable else {
            return Err(match variable {
                Variable::Unknown(_) => Unavailable::Unknown,
                _ => Unavailable::NoValue,
            });
        };
        let user = |value| if self.user.username.is_empty() { "" } else { value };
        let value = match fixed {
            Fixed::HostUuid => &self.uuid,
            Fixed::HostHardwareSerial => &self.serial,
            Fixed::HostPlatform => &self.platform,
            Fixed::HostEndUserEmailIdp => self.user.email.as_str(),
            Fixed::HostEndUserIdpUsername => &self.user.username,
            Fixed::HostEndUserIdpUsernameLocalPart => &self.local_part,
            Fixed::HostEndUserIdpGroups => user(&self.groups),
            Fixed::HostEndUserIdpDepartment => user(&self.user.department),
            Fixed::HostEndUserIdpFullName => user(&self.full_name),
            Fixed::ScepRenewalId | Fixed::CertificateRenewalId => &self.renewal_id,
            Fixed::ScepWindowsCertificateId => &self.profile_uuid,
            Fixed::NdesScepChallenge | Fixed::NdesScepProxyUrl => "",
        };
        if value.is_empty() { Err(Unavailable::NoValue) } else { Ok(value) }
    }
}
