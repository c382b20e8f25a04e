//! What a client needs next.

use core::fmt;
use core::time::Duration;

use devicecert_pki::{Certificate, ToBeDecrypted, ToBeSigned};
use http::Request;

/// What an enrolment needs next.
///
/// `Debug` shows of a request whom it goes to, and not its URL: that of a proxy may let in whoever
/// knows it.
#[derive(Clone)]
pub enum Step<T = Vec<Certificate>> {
    /// Send this, and hand the response to
    /// [`Enrolment::received`](crate::Enrolment::received). Redirects are not followed.
    Send(Request<Vec<u8>>),
    /// Sign this with the key it names, and hand the signature to
    /// [`Enrolment::signed`](crate::Enrolment::signed): the device's new key, or, in a renewal, the
    /// key of the certificate that is being renewed.
    Sign(ToBeSigned),
    /// Decrypt this with the key that signed, and hand the outcome, good or bad, to
    /// [`Enrolment::decrypted`](crate::Enrolment::decrypted). What is enveloped to the
    /// challengePassword opens without being asked for, unless the enrolment was resumed and has
    /// none: then it is asked for here, too ([`WithPasswords`](devicecert_pki::WithPasswords)).
    Decrypt(ToBeDecrypted),
    /// The server has not decided. Come back after this pause; meanwhile the enrolment may be
    /// [saved](crate::Enrolment::save).
    Wait(Duration),
    /// The issued certificate, and the CA certificates above it as far as the server sent them; or
    /// what a [`Query`](crate::Query) asked for.
    Done(T),
}

impl<T: fmt::Debug> fmt::Debug for Step<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => f
                .debug_struct("Send")
                .field("method", request.method())
                .field("to", &request.uri().authority())
                .finish_non_exhaustive(),
            Self::Sign(ask) => f.debug_tuple("Sign").field(ask).finish(),
            Self::Decrypt(ask) => f.debug_tuple("Decrypt").field(ask).finish(),
            Self::Wait(pause) => f.debug_tuple("Wait").field(pause).finish(),
            Self::Done(answer) => f.debug_tuple("Done").field(answer).finish(),
        }
    }
}
