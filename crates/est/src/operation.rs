//! Operations, and the paths that name them (RFC 7030 §3.2.2).

use core::fmt;
use core::str::FromStr;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::{Error, InvalidRequest, Misuse};
use crate::tolerance::Tolerance;

/// What a client can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `/cacerts`: the CA certificates (§4.1).
    CaCerts,
    /// `/simpleenroll`: a certificate (§4.2.1).
    SimpleEnroll,
    /// `/simplereenroll`: a renewal, with the same key or another (§4.2.2).
    SimpleReenroll,
    /// `/fullcmc`: a Full PKI Request (§4.3).
    FullCmc,
    /// `/serverkeygen`: a certificate for a key that the server makes (§4.4).
    ServerKeyGen,
    /// `/csrattrs`: what the server wants to see in a request (§4.5).
    CsrAttrs,
}

/// Names of RFC 8295's operations: not implemented, but no label either.
const RESERVED: [&str; 7] =
    ["pal", "eecerts", "crls", "symmetrickeys", "firmware", "tamp", "return"];

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 6] = [
        Self::CaCerts,
        Self::SimpleEnroll,
        Self::SimpleReenroll,
        Self::FullCmc,
        Self::ServerKeyGen,
        Self::CsrAttrs,
    ];

    /// The last segment of its path.
    #[must_use]
    pub const fn segment(self) -> &'static str {
        match self {
            Self::CaCerts => "cacerts",
            Self::SimpleEnroll => "simpleenroll",
            Self::SimpleReenroll => "simplereenroll",
            Self::FullCmc => "fullcmc",
            Self::ServerKeyGen => "serverkeygen",
            Self::CsrAttrs => "csrattrs",
        }
    }

    /// GET where nothing is sent, POST otherwise.
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Self::CaCerts | Self::CsrAttrs => Method::GET,
            Self::SimpleEnroll | Self::SimpleReenroll | Self::FullCmc | Self::ServerKeyGen => {
                Method::POST
            }
        }
    }

    fn from_segment(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.segment() == segment)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.segment())
    }
}

/// The optional path segment that tells the CAs of one server apart (§3.2.2).
///
/// ```
/// use devicecert_est::Label;
///
/// assert_eq!("vpn devices".parse::<Label>()?.as_str(), "vpn devices");
/// assert!("cacerts".parse::<Label>().is_err());
/// assert!("..".parse::<Label>().is_err());
/// # Ok::<(), devicecert_est::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label(String);

/// What may stand in a path segment as it is (RFC 3986 §3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

impl Label {
    /// The longest label, in octets.
    pub const MAX_LEN: usize = 128;

    /// The label, not percent-encoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The label as a path segment.
    pub(crate) fn to_segment(&self) -> String {
        utf8_percent_encode(&self.0, SEGMENT).to_string()
    }

    fn is_valid(text: &str) -> bool {
        let reserved = Operation::from_segment(text).is_some() || RESERVED.contains(&text);
        let dots = matches!(text, "." | "..");
        let length = (1..=Self::MAX_LEN).contains(&text.len());
        length && !reserved && !dots && !text.chars().any(|c| c == '/' || c.is_control())
    }

    fn from_segment(segment: &str) -> Result<Self, InvalidRequest> {
        let text = percent_decode_str(segment).decode_utf8().map_err(|_| InvalidRequest::Label)?;
        match Self::is_valid(&text) {
            true => Ok(Self(text.into_owned())),
            false => Err(InvalidRequest::Label),
        }
    }
}

impl FromStr for Label {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match Self::is_valid(text) {
            true => Ok(Self(text.to_owned())),
            false => Err(Misuse::Label.into()),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The path under which RFC 7030 §3.2.2 puts EST.
pub(crate) const WELL_KNOWN: &str = "/.well-known/est";

/// Splits a path below `base` into label and operation.
pub(crate) fn parse_path(
    path: &str,
    base: &str,
    tolerance: &Tolerance,
) -> Result<(Option<Label>, Operation), InvalidRequest> {
    let below = path
        .strip_prefix(base)
        .and_then(|rest| rest.strip_prefix('/'))
        .ok_or(InvalidRequest::Path)?;
    let below = match below.strip_suffix('/') {
        Some(shorter) if tolerance.trailing_slash => shorter,
        _ => below,
    };
    let operation = |segment| Operation::from_segment(segment).ok_or(InvalidRequest::Path);
    match below.split_once('/') {
        None => Ok((None, operation(below)?)),
        Some((label, rest)) => {
            let operation = operation(rest)?;
            Ok((Some(Label::from_segment(label)?), operation))
        }
    }
}
