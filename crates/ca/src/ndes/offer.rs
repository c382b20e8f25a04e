//! Which ways of HTTP authentication a server offers (RFC 9110 §11.6.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::error::LimitExceeded;
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

use super::Error;
use super::ntlm;
use crate::limits::Limits;

/// A way of HTTP authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scheme {
    /// NTLM under its own name.
    Ntlm,
    /// NTLM under the name of Negotiate, which Windows takes without the frame of SPNEGO.
    Negotiate,
    /// User name and password in the clear (RFC 7617).
    Basic,
}

impl Scheme {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ntlm => "NTLM",
            Self::Negotiate => "Negotiate",
            Self::Basic => "Basic",
        }
    }

    /// The best that is offered, and that the connection allows.
    pub(super) fn choose(headers: &HeaderMap, is_https: bool) -> Result<Self, Error> {
        let offered: Vec<_> = challenges(headers).map(|(scheme, _)| scheme).collect();
        let offers =
            |scheme: &Self| offered.iter().any(|name| name.eq_ignore_ascii_case(scheme.name()));
        let usable: &[Self] = match is_https {
            true => &[Self::Ntlm, Self::Negotiate, Self::Basic],
            // Whoever listens can ask for Basic, and then reads the password.
            false => &[Self::Ntlm, Self::Negotiate],
        };
        usable.iter().copied().find(offers).ok_or(Error::NoScheme)
    }

    /// The message that the server sent for this scheme; `None` if it sent no more than the name.
    pub(super) fn token(
        self,
        headers: &HeaderMap,
        limits: &Limits,
    ) -> Result<Option<Vec<u8>>, Error> {
        let mut offered = challenges(headers);
        let token = offered.find_map(|(name, token)| {
            (name.eq_ignore_ascii_case(self.name()) && !token.is_empty()).then_some(token)
        });
        let Some(token) = token else { return Ok(None) };
        LimitExceeded::check(
            "the NTLM message (characters)",
            limits.ntlm_bytes.saturating_mul(2),
            token.len(),
        )?;
        STANDARD.decode(token).map(Some).map_err(|_| ntlm::Error::Base64.into())
    }
}

/// The challenges of all headers: scheme, and what follows it up to the next comma.
///
/// A part with `=` before any space belongs to the challenge before it (`realm="…"`), and is passed
/// over together with every comma in its quotes. A base64 message ends in `=` and has no space, but
/// stands behind its scheme.
fn challenges(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(WWW_AUTHENTICATE).iter();
    values.filter_map(|value| value.to_str().ok()).flat_map(split_unquoted).filter_map(|part| {
        let part = part.trim();
        let (scheme, rest) = part.split_once(' ').unwrap_or((part, ""));
        (!scheme.is_empty() && !scheme.contains('=')).then_some((scheme, rest.trim()))
    })
}

fn split_unquoted(list: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    list.split(move |c: char| {
        let was_escaped = core::mem::replace(&mut is_escaped, false);
        match c {
            '\\' if is_quoted && !was_escaped => is_escaped = true,
            '"' if !was_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        c == ',' && !is_quoted
    })
}
