//! Passwords beside a private key.

use core::fmt;

use super::{Decryptor, Provider, ToBeDecrypted};
use crate::error::KeyError;
use crate::secret::Secret;

/// A private key and passwords, of which the one or the other opens an envelope.
///
/// For a server whose clients may envelope their requests with a challengePassword
/// (RFC 8894 §3.1). Nothing in such a request says which password it was, so each is tried, and
/// each try costs a key derivation that the sender chose, within
/// [`Limits::recipient_iterations`](crate::Limits::recipient_iterations): hand in the few that may
/// be meant, not every challenge that was ever given out.
///
/// ```
/// use devicecert_pki::{Decryptor, Locked, Provider, Secret, WithPasswords};
///
/// fn open<T: 'static>(
///     locked: Locked<T>,
///     key: &dyn Decryptor,
///     challenges: &[Secret],
///     provider: &dyn Provider,
/// ) -> Result<T, devicecert_pki::Error> {
///     locked.unlock(&WithPasswords::new(key, challenges, provider))
/// }
/// ```
#[derive(Clone, Copy)]
pub struct WithPasswords<'a> {
    key: &'a dyn Decryptor,
    passwords: &'a [Secret],
    provider: &'a dyn Provider,
}

impl<'a> WithPasswords<'a> {
    /// `key` answers what takes a private key, `passwords` the rest.
    #[must_use]
    pub const fn new(
        key: &'a dyn Decryptor,
        passwords: &'a [Secret],
        provider: &'a dyn Provider,
    ) -> Self {
        Self { key, passwords, provider }
    }
}

impl Decryptor for WithPasswords<'_> {
    fn decrypt(&self, ask: &ToBeDecrypted) -> Result<Secret, KeyError> {
        let ToBeDecrypted::Password(recipient) = ask else {
            return self.key.decrypt(ask);
        };
        // All of them whichever fits, so that the time does not tell which it was.
        let open = |password| recipient.open(password, self.provider);
        self.passwords.iter().map(open).fold(Err(KeyError::Failed), Result::or)
    }
}

impl fmt::Debug for WithPasswords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithPasswords")
            .field("key", &self.key)
            .field("passwords", &self.passwords.len())
            .finish_non_exhaustive()
    }
}
