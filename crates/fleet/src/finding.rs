//! What a check has found.

use core::fmt;
use std::borrow::Cow;

use crate::place::Place;

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Fleet takes it; it may not work, or not as meant.
    Warning,
    /// Fleet refuses it, or the device or its CA will.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing that a check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The id of the rule, to be looked up in [`rule`](crate::rule).
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Fleet's own text, byte for byte, where Fleet has the rule; ours otherwise.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// What comes of it.
    pub why: &'static str,
    /// What to write in its place, where there is one answer.
    pub instead: Option<String>,
    /// What Fleet's service makes of the message.
    pub(crate) service: Service,
}

impl Finding {
    /// The message as Fleet's API returns it: what is wrong with the structure of a Windows
    /// profile gets `Couldn't add. ` before it, and hints for the command line are left out.
    #[must_use]
    pub fn api_message(&self) -> Cow<'_, str> {
        match self.service {
            Service::Same => Cow::Borrowed(&self.message),
            Service::Prefixed => {
                let hint = self.message.find("To control these settings,");
                let message = self.message.get(..hint.unwrap_or(self.message.len()));
                Cow::Owned(format!("Couldn't add. {}", message.unwrap_or_default().trim_end()))
            }
            Service::Continued(more) => Cow::Owned(format!("{} {more}", self.message)),
        }
    }
}

/// What Fleet's service makes of a message that its checks give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// It is returned as it is.
    Same,
    /// `Couldn't add. ` goes before it, and a hint for the command line is cut off.
    Prefixed,
    /// This sentence goes behind it.
    Continued(&'static str),
}

/// `12:7 (PayloadContent[0].URL): error FL028: …`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, severity, message, place, why, instead, .. } = self;
        write!(f, "{place}: {severity} {rule}: {message} ({why})")?;
        match instead {
            Some(instead) => write!(f, "; write {instead}"),
            None => Ok(()),
        }
    }
}
