//! Challenges that say what they are for.

use devicecert_pki::{GeneralName, Name, Secret};

use crate::authorisation::Authorisation;
use crate::bounds::{Excess, asks_within};
use crate::request::Enrol;

/// A challengePassword together with what its holder may ask for.
///
/// RFC 8894 §2.4 lets a challenge prove who may ask, and nothing ties it to what is asked: whoever
/// holds one that was made for a laptop can ask for the name of a director (CERT VU#971035). A
/// server that makes a challenge for each device knows the names it will certify; a permit keeps
/// them together.
///
/// Which permit a request is to be held against is found by its challenge, or a digest of it. That
/// a challenge is used up is the caller's to remember, under the
/// [`TransactionKey`](crate::TransactionKey) of the request: the same request again is a retry.
///
/// ```no_run
/// use devicecert_pki::Secret;
/// use devicecert_scep::{Content, Permit, Request};
/// # fn decide(request: &Request, fresh: Secret) -> Result<(), Box<dyn std::error::Error>> {
///
/// let mut permit = Permit::new(fresh, "CN=laptop-7,O=Example".parse()?);
/// permit.alt_names.push(devicecert_pki::GeneralName::Dns("laptop-7.example".to_owned()));
///
/// if let Content::Enrol(enrol) = request.content() {
///     let authorisation = permit.authorise(enrol)?;
///     // issue, and request.grant(authorisation, certificate)
/// #   let _ = authorisation;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permit {
    challenge: Secret,
    subject: Name,
    /// The alternative names that may be asked for; a request may leave some out. None by default.
    pub alt_names: Vec<GeneralName>,
}

/// What a request goes too far in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotPermitted {
    /// The request has no challengePassword, or another one.
    #[error("the challenge is missing or wrong")]
    Challenge,
    /// The request is for another subject.
    #[error("the challenge is for another subject")]
    Subject,
    /// The request has an alternative name that was not permitted, or one that cannot be read.
    #[error("the challenge is for other alternative names")]
    Names,
}

impl Permit {
    /// Permits requests for `subject` with `challenge`.
    ///
    /// The subject of a request has to be the same character by character; the string types may
    /// differ. An empty challenge permits nothing.
    #[must_use]
    pub const fn new(challenge: Secret, subject: Name) -> Self {
        Self { challenge, subject, alt_names: Vec::new() }
    }

    /// The subject that may be asked for.
    #[must_use]
    pub const fn subject(&self) -> &Name {
        &self.subject
    }

    /// Whether this permits what is asked for; then the request may be granted.
    ///
    /// The challenge is compared first, in constant time: who does not know it learns nothing of
    /// the names. Tell a client of none of these reasons more than badRequest.
    ///
    /// # Errors
    /// [`NotPermitted`] says what goes too far.
    pub fn authorise(&self, enrol: &Enrol) -> Result<Authorisation, NotPermitted> {
        let authorisation =
            enrol.challenge_matches([&self.challenge]).ok_or(NotPermitted::Challenge)?;
        asks_within(enrol.csr(), &self.subject, &self.alt_names).map_err(
            |excess| match excess {
                Excess::Subject => NotPermitted::Subject,
                Excess::Names => NotPermitted::Names,
            },
        )?;
        Ok(authorisation)
    }
}
