//! What a profile is meant for.

use devicecert::mobileconfig::payload::Platform;

/// A system that takes profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum System {
    /// iOS and iPadOS
    Ios,
    /// macOS
    Macos,
    /// tvOS
    Tvos,
    /// visionOS
    Visionos,
    /// watchOS
    Watchos,
    /// Windows
    Windows,
}

impl System {
    /// The platform, if it is one of Apple's.
    #[must_use]
    pub const fn platform(self) -> Option<Platform> {
        match self {
            Self::Ios => Some(Platform::Ios),
            Self::Macos => Some(Platform::MacOs),
            Self::Tvos => Some(Platform::TvOs),
            Self::Visionos => Some(Platform::VisionOs),
            Self::Watchos => Some(Platform::WatchOs),
            Self::Windows => None,
        }
    }

    /// Its name, as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.platform() {
            Some(platform) => platform.name(),
            None => "Windows",
        }
    }
}
