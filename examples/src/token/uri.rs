//! Which key in which token: the URI of RFC 7512.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use cryptoki::types::AuthPin;
use percent_encoding::percent_decode_str;

use crate::files::{self, FileError};

/// `pkcs11:token=…;object=…?module-path=…&pin-source=…` (RFC 7512 §2.3).
///
/// `token` and `object` are labels. The PIN is better kept in a file, `pin-source`, than in
/// `pin-value`, where everybody on the machine can see it. Other attributes are refused: a key must
/// not be found by less than what was said.
#[derive(Clone)]
pub struct TokenUri {
    text: String,
    module: PathBuf,
    token: String,
    object: String,
    pin: Option<Pin>,
}

#[derive(Clone)]
enum Pin {
    Value(String),
    File(PathBuf),
}

/// Why a text is no such URI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UriError {
    /// It is another kind of URI.
    #[error("expected pkcs11:token=LABEL;object=LABEL?module-path=FILE")]
    Scheme,
    /// An attribute is missing.
    #[error("the attribute {0} is missing")]
    Missing(&'static str),
    /// An attribute is there twice.
    #[error("the attribute {0} is there twice")]
    Twice(String),
    /// An attribute that decides nothing here.
    #[error("expected token, object, module-path, pin-value or pin-source, found {0}")]
    Unknown(String),
    /// A value is no UTF-8 once it is unescaped.
    #[error("the attribute {0} is not UTF-8")]
    Encoding(String),
}

impl TokenUri {
    /// As it was written; with the PIN, if that was in it.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn module(&self) -> &Path {
        &self.module
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    pub(super) fn object(&self) -> &str {
        &self.object
    }

    /// The PIN; `None` for tokens with a pad of their own.
    pub(super) fn pin(&self) -> Result<Option<AuthPin>, FileError> {
        Ok(match &self.pin {
            None => None,
            Some(Pin::Value(pin)) => Some(AuthPin::new(pin.as_str().into())),
            Some(Pin::File(path)) => {
                let text = files::read_text(path)?;
                Some(AuthPin::new(text.trim_end_matches(['\r', '\n']).into()))
            }
        })
    }
}

impl FromStr for TokenUri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        let rest = text.strip_prefix("pkcs11:").ok_or(UriError::Scheme)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let attributes = path.split(';').chain(query.split('&')).filter(|one| !one.is_empty());
        let (mut token, mut object, mut module) = (None, None, None);
        let (mut value, mut source) = (None, None);
        for attribute in attributes {
            let (name, escaped) = attribute.split_once('=').ok_or(UriError::Scheme)?;
            let slot = match name {
                "token" => &mut token,
                "object" => &mut object,
                "module-path" => &mut module,
                "pin-value" => &mut value,
                "pin-source" => &mut source,
                other => return Err(UriError::Unknown(other.to_owned())),
            };
            let decoded = percent_decode_str(escaped).decode_utf8();
            let decoded = decoded.map_err(|_| UriError::Encoding(name.to_owned()))?;
            if slot.replace(decoded.into_owned()).is_some() {
                return Err(UriError::Twice(name.to_owned()));
            }
        }
        let file = |source: String| {
            let path = source.strip_prefix("file:").unwrap_or(&source);
            Pin::File(path.strip_prefix("//").unwrap_or(path).into())
        };
        Ok(Self {
            text: text.to_owned(),
            module: module.ok_or(UriError::Missing("module-path"))?.into(),
            token: token.ok_or(UriError::Missing("token"))?,
            object: object.ok_or(UriError::Missing("object"))?,
            pin: value.map(Pin::Value).or_else(|| source.map(file)),
        })
    }
}

impl fmt::Debug for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenUri")
            .field("module", &self.module)
            .field("token", &self.token)
            .field("object", &self.object)
            .finish_non_exhaustive()
    }
}
