//! Profiles that break a rule, and the same ones mended.

use crate::payload::Platform;

/// What breaks a rule, and how to mend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example {
    /// What the texts are a part of.
    pub frame: Frame,
    /// The devices that the profile is for, if that matters.
    pub platform: Option<Platform>,
    /// The text that breaks the rule.
    pub broken: &'static str,
    /// The text that does not.
    pub mended: &'static str,
}

/// What a text of an [`Example`] is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The keys of the only payload, without those that every payload has.
    Payload,
    /// The payloads: whole dictionaries.
    Payloads,
    /// The keys of the profile.
    Profile,
    /// The whole file.
    File,
}

impl Example {
    pub(super) const fn new(frame: Frame, broken: &'static str, mended: &'static str) -> Self {
        Self { frame, platform: None, broken, mended }
    }

    pub(super) const fn on(self, platform: Platform) -> Self {
        Self { platform: Some(platform), ..self }
    }

    /// The file that breaks the rule.
    #[must_use]
    pub fn broken_profile(&self) -> String {
        self.frame.around(self.broken)
    }

    /// The file that does not.
    #[must_use]
    pub fn mended_profile(&self) -> String {
        self.frame.around(self.mended)
    }
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
"#;

const TAIL: &str = "\n</dict>\n</plist>\n";

const PROFILE: &str = "
<key>PayloadIdentifier</key><string>com.example.profile</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC</string>
<key>PayloadVersion</key><integer>1</integer>";

const PAYLOAD: &str = "
<key>PayloadIdentifier</key><string>com.example.profile.payload</string>
<key>PayloadUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
<key>PayloadVersion</key><integer>1</integer>";

impl Frame {
    fn around(self, text: &str) -> String {
        let content = |payloads: &str| {
            format!("<key>PayloadContent</key>\n<array>\n{payloads}\n</array>{PROFILE}")
        };
        let keys = match self {
            Self::File => return text.to_owned(),
            Self::Profile => text.to_owned(),
            Self::Payloads => content(text),
            Self::Payload => content(&format!("<dict>\n{text}{PAYLOAD}\n</dict>")),
        };
        format!("{HEAD}{keys}{TAIL}")
    }
}
