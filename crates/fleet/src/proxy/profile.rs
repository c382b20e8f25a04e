//! The profile that asks for a certificate: whose it is, and how far its delivery has come.

use core::fmt;
use core::str::FromStr;

/// Which devices a profile is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// A configuration profile of macOS, iOS or iPadOS.
    Apple,
    /// A profile of Windows.
    Windows,
    /// A certificate template of Android, by its number.
    Android(u32),
}

/// The UUID of a profile, as Fleet's rows have it: a letter for the platform and a UUID, or `g` and
/// the number of a template.
///
/// ```
/// use devicecert_fleet::proxy::{Platform, ProfileUuid};
///
/// let profile: ProfileUuid = "w4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC".parse()?;
/// assert_eq!(profile.platform(), Platform::Windows);
/// assert_eq!("g17".parse::<ProfileUuid>()?.platform(), Platform::Android(17));
/// # Ok::<(), devicecert_fleet::proxy::InvalidProfileUuid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileUuid {
    text: String,
    platform: Platform,
}

impl ProfileUuid {
    /// Which devices it is for.
    #[must_use]
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// The text, with the letter.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for ProfileUuid {
    type Err = InvalidProfileUuid;

    /// Reads it by its first letter. What follows it need not be a UUID: if it is none, there is no
    /// profile of that name.
    fn from_str(text: &str) -> Result<Self, InvalidProfileUuid> {
        let platform = match (text.get(..1), text.get(1..)) {
            (Some("a"), _) => Platform::Apple,
            (Some("w"), _) => Platform::Windows,
            (Some("g"), Some(number)) => Platform::Android(
                // One spelling for one template: Rust would take "+7" and "007" for 7.
                number
                    .parse::<u32>()
                    .ok()
                    .filter(|parsed| parsed.to_string() == number)
                    .ok_or(InvalidProfileUuid::Template)?,
            ),
            _ => return Err(InvalidProfileUuid::Platform),
        };
        Ok(Self { text: text.to_owned(), platform })
    }
}

impl fmt::Display for ProfileUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What is no UUID of a profile that the proxy serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidProfileUuid {
    /// The first letter is that of no platform with SCEP through the proxy.
    #[error("expected the UUID of a profile, with a, w or g before it")]
    Platform,
    /// The number of an Android template is none.
    #[error("expected g and the number of a certificate template, below 4294967296")]
    Template,
}

/// How far the delivery of a profile to a host has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProfileStatus {
    /// NULL in Fleet's rows: it is to be sent, or sent again.
    #[default]
    Null,
    /// It was sent, and the device is at it.
    Pending,
    /// Of a template of Android: the device is fetching it.
    Delivering,
    /// Of a template of Android: the device has it.
    Delivered,
    /// The device has acknowledged it.
    Verifying,
    /// It was seen to be in force.
    Verified,
    /// The device, or the proxy, could not do it.
    Failed,
}

impl ProfileStatus {
    /// The status by the text in Fleet's rows, where [`Null`](Self::Null) is no text; `None` if it
    /// is another text.
    #[must_use]
    pub fn from_text(text: Option<&str>) -> Option<Self> {
        Some(match text {
            None => Self::Null,
            Some("pending") => Self::Pending,
            Some("delivering") => Self::Delivering,
            Some("delivered") => Self::Delivered,
            Some("verifying") => Self::Verifying,
            Some("verified") => Self::Verified,
            Some("failed") => Self::Failed,
            Some(_) => return None,
        })
    }

    /// The text in Fleet's rows; `None` for [`Null`](Self::Null).
    #[must_use]
    pub const fn text(self) -> Option<&'static str> {
        Some(match self {
            Self::Null => return None,
            Self::Pending => "pending",
            Self::Delivering => "delivering",
            Self::Delivered => "delivered",
            Self::Verifying => "verifying",
            Self::Verified => "verified",
            Self::Failed => "failed",
        })
    }
}

/// `pending`, or `null`
impl fmt::Display for ProfileStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().unwrap_or("null"))
    }
}

/// What is being done with a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProfileOperation {
    /// It is being installed, or is installed.
    #[default]
    Install,
    /// It is being removed.
    Remove,
}

impl ProfileOperation {
    /// The operation by the text in Fleet's rows.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "install" => Some(Self::Install),
            "remove" => Some(Self::Remove),
            _ => None,
        }
    }

    /// The text in Fleet's rows.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::Remove => "remove",
        }
    }
}

/// A profile on one host: what is being done, and how far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// How far.
    pub status: ProfileStatus,
    /// What is being done.
    pub operation: ProfileOperation,
    /// Why it failed, in words for the administrator; empty if it did not.
    pub detail: String,
    /// How often it was sent again because it had failed.
    pub retries: u32,
}

impl Profile {
    /// A profile that is being installed.
    #[must_use]
    pub fn new(status: ProfileStatus) -> Self {
        Self { status, ..Self::default() }
    }

    /// Sets what is being done.
    #[must_use]
    pub const fn operation(mut self, operation: ProfileOperation) -> Self {
        self.operation = operation;
        self
    }
}
