//! How requests are written: on the command line, and in files.

use devicecert::est::EmissionProfile;
use serde::Deserialize;

/// How the base64 of a request is broken into lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyLines {
    /// Lines of 64 characters, which most servers read
    #[default]
    Wrapped,
    /// One line and nothing behind it, as RFC 8951 has it: for servers that call a wrapped request
    /// no request (status 400)
    Bare,
}

impl From<BodyLines> for EmissionProfile {
    fn from(lines: BodyLines) -> Self {
        match lines {
            BodyLines::Wrapped => Self::COMPATIBLE,
            BodyLines::Bare => Self::RFC8951,
        }
    }
}
