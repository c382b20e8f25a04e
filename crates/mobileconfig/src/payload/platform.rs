//! Apple's platforms, and what each of them takes.

use core::fmt;

/// An operating system of Apple's that installs profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Platform {
    /// iOS and iPadOS.
    Ios,
    /// macOS.
    MacOs,
    /// tvOS.
    TvOs,
    /// visionOS.
    VisionOs,
    /// watchOS.
    WatchOs,
}

/// When a platform took a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Availability {
    /// From this version on.
    Since(&'static str),
    /// Up to this version.
    Until(&'static str),
    /// Still taken, but deprecated from this version on.
    Deprecated(&'static str),
    /// Never.
    Never,
}

/// What one platform does with a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Support {
    /// The platform.
    pub platform: Platform,
    /// The first version that takes the payload.
    pub introduced: &'static str,
    /// How many of them one device takes.
    pub count: Count,
    /// By which channels it may come.
    pub channels: Channels,
    /// Which enrolments take it.
    pub enrollment: Enrollment,
}

/// How many payloads of a type one device takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Any number.
    Multiple,
    /// One only.
    Single,
}

/// The channels of an MDM enrolment by which a payload may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// For the device and for a user.
    Both,
    /// For the device only.
    Device,
    /// For a user only.
    User,
}

/// The kinds of enrolment that take a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enrollment {
    /// All.
    Any,
    /// All but User Enrollment, where the device belongs to its user.
    NotUser,
    /// Supervised devices only.
    Supervised,
}

impl Platform {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Ios, Self::MacOs, Self::TvOs, Self::VisionOs, Self::WatchOs];

    /// The name that Apple's schema uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ios => "iOS",
            Self::MacOs => "macOS",
            Self::TvOs => "tvOS",
            Self::VisionOs => "visionOS",
            Self::WatchOs => "watchOS",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Support {
    pub(crate) const fn new(platform: Platform, introduced: &'static str) -> Self {
        Self {
            platform,
            introduced,
            count: Count::Multiple,
            channels: Channels::Both,
            enrollment: Enrollment::Any,
        }
    }

    pub(crate) const fn single(self) -> Self {
        Self { count: Count::Single, ..self }
    }

    pub(crate) const fn user_channel_only(self) -> Self {
        Self { channels: Channels::User, ..self }
    }

    pub(crate) const fn device_channel_only(self) -> Self {
        Self { channels: Channels::Device, ..self }
    }

    pub(crate) const fn no_user_enrollment(self) -> Self {
        Self { enrollment: Enrollment::NotUser, ..self }
    }

    pub(crate) const fn supervised_only(self) -> Self {
        Self { enrollment: Enrollment::Supervised, ..self }
    }
}

pub(crate) const fn since(platform: Platform, version: &'static str) -> (Platform, Availability) {
    (platform, Availability::Since(version))
}

pub(crate) const fn until(platform: Platform, version: &'static str) -> (Platform, Availability) {
    (platform, Availability::Until(version))
}

pub(crate) const fn deprecated(
    platform: Platform,
    version: &'static str,
) -> (Platform, Availability) {
    (platform, Availability::Deprecated(version))
}

pub(crate) const fn never(platform: Platform) -> (Platform, Availability) {
    (platform, Availability::Never)
}
