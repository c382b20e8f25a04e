//! User names and passwords.

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::Secret;
use http::HeaderValue;
use zeroize::Zeroizing;

use crate::error::Misuse;
use crate::message::sensitive;

/// A user name and its password.
///
/// For NDES the user is `DOMAIN\user` or `user@domain.example`.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    username: String,
    password: Secret,
}

impl Credentials {
    /// This user with this password.
    #[must_use]
    pub fn new(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { username: username.into(), password: password.into() }
    }

    /// Who it is.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The password.
    #[must_use]
    pub const fn password(&self) -> &Secret {
        &self.password
    }

    /// `Authorization: Basic …` in UTF-8 (RFC 7617).
    pub(crate) fn basic(&self) -> Result<HeaderValue, Misuse> {
        if self.username.contains(':') {
            return Err(Misuse::ColonInUsername);
        }
        let pair = [self.username.as_bytes(), b":", self.password.expose()].concat();
        let pair = Zeroizing::new(pair);
        sensitive("the password", &Secret::from(format!("Basic {}", STANDARD.encode(&*pair))))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .field("password", &self.password)
            .finish()
    }
}
