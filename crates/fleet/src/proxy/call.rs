//! What a device asks the proxy for.

use core::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::{Method, Request};
use percent_encoding::percent_decode_str;

use super::identifier::{Identifier, PATH};
use super::refusal::{Refusal, shown};
use super::settings::Proxy;

/// What Windows appends to the URL of a SCEP server, whatever it is.
const WINDOWS_SUFFIX: &str = "pkiclient.exe";

/// Standard base64 with padding, as Go reads it: bits behind the end do not count.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// The operations of SCEP that the proxy passes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// GetCACaps (RFC 8894 §3.5.1).
    GetCaCaps,
    /// GetCACert (RFC 8894 §4.2).
    GetCaCert,
    /// PKIOperation (RFC 8894 §4.3), the one that costs a passcode.
    PkiOperation,
}

impl Operation {
    /// The name in the query.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GetCaCaps => "GetCACaps",
            Self::GetCaCert => "GetCACert",
            Self::PkiOperation => "PKIOperation",
        }
    }
}

/// A request to the proxy that is well-formed, which says nothing about whether it is allowed.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    pub(super) identifier: Identifier,
    pub(super) operation: Operation,
    pub(super) message: Vec<u8>,
}

impl Proxy {
    /// Reads a request. Its path is one of
    ///
    /// * `/mdm/scep/proxy/{identifier}`
    /// * `/mdm/scep/proxy/{identifier}/pkiclient.exe`, which Windows asks for
    ///
    /// A pkiMessage in the query is percent-decoded once, and a literal `+` kept. Nothing but the
    /// request line and the body is looked at.
    ///
    /// # Errors
    /// [`Refusal`], in Fleet's order: path and method, operation, message, identifier.
    /// [`Refusal::NotFound`] says that the path is somebody else's.
    pub fn route<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Call, Refusal> {
        let segment = segment(request.uri().path()).ok_or(Refusal::NotFound)?;
        let query = request.uri().query().unwrap_or_default();
        let name = form_value(query, "operation");
        let is_post = match *request.method() {
            Method::GET => false,
            Method::POST => true,
            _ => return Err(Refusal::MethodNotAllowed),
        };
        let body = request.body().as_ref();
        let message = match (is_post, name.as_slice()) {
            (true, _) => body.get(..self.limits.body_bytes).unwrap_or(body).to_vec(),
            (false, b"PKIOperation") => message_in(query)?,
            (false, _) => form_value(query, "message"),
        };
        let operation = match name.as_slice() {
            b"" => return Err(Refusal::MissingOperation),
            b"GetCACaps" => Operation::GetCaCaps,
            b"GetCACert" => Operation::GetCaCert,
            b"PKIOperation" => Operation::PkiOperation,
            _ => return Err(Refusal::UnknownOperation),
        };
        if operation == Operation::PkiOperation && message.is_empty() {
            return Err(Refusal::MissingMessage);
        }
        let is_bounded = operation == Operation::PkiOperation
            || message.len() <= self.limits.ca_identifier_bytes;
        if !is_bounded {
            return Err(Refusal::MessageTooLong);
        }
        Ok(Call { identifier: Identifier::parse(segment)?, operation, message })
    }
}

impl Call {
    /// What it is for.
    #[must_use]
    pub const fn identifier(&self) -> &Identifier {
        &self.identifier
    }

    /// What is asked for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }
}

/// Without the message, which is long and says nothing.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("identifier", &self.identifier)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// The segment with the identifier, escaped as it is.
fn segment(path: &str) -> Option<&str> {
    let mut segments = path.strip_prefix(PATH)?.split('/');
    let identifier = segments.next().filter(|identifier| !identifier.is_empty())?;
    match (segments.next(), segments.next()) {
        (None, _) | (Some(WINDOWS_SUFFIX), None) => Some(identifier),
        _ => None,
    }
}

/// The first value of a parameter as Go reads a form: `+` is a space. Empty if there is none.
fn form_value(query: &str, wanted: &str) -> Vec<u8> {
    let value = raw_value(query, wanted).unwrap_or_default().replace('+', " ");
    percent_decode_str(&value).collect()
}

fn raw_value<'q>(query: &'q str, wanted: &str) -> Option<&'q str> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// The pkiMessage of a GET.
fn message_in(query: &str) -> Result<Vec<u8>, Refusal> {
    let raw = raw_value(query, "message").filter(|raw| !raw.is_empty());
    let raw = raw.ok_or(Refusal::MissingMessage)?;
    if !is_percent_encoded(raw) {
        return Err(Refusal::InvalidMessage(shown(raw)));
    }
    let octets: Vec<u8> = percent_decode_str(raw).collect();
    let base64: Vec<u8> = octets.iter().copied().filter(|octet| !is_line_break(*octet)).collect();
    BASE64.decode(base64).map_err(|_| Refusal::NotBase64 {
        offset: corrupt_at(&octets),
        text: shown(&String::from_utf8_lossy(&octets)),
    })
}

/// Whether every percent sign has two hexadecimal digits behind it.
fn is_percent_encoded(text: &str) -> bool {
    text.split('%').skip(1).all(|behind| {
        behind.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Go passes over them.
const fn is_line_break(octet: u8) -> bool {
    matches!(octet, b'\r' | b'\n')
}

/// Where Go says that it is no base64, of octets that are none.
///
/// That is the first octet that cannot stand there; where padding is missing, as many octets before
/// the end as there are too many, or the end itself if there is one `=` of two.
fn corrupt_at(octets: &[u8]) -> usize {
    let mut place = 0_usize;
    let mut significant =
        octets.iter().copied().enumerate().filter(|&(_, octet)| !is_line_break(octet));
    while let Some((at, octet)) = significant.next() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {
                place = place.saturating_add(1) % 4;
            }
            b'=' if place >= 2 => {
                if place == 2 {
                    match significant.next() {
                        Some((_, b'=')) => {}
                        Some((next, _)) => return next.saturating_sub(1),
                        None => return octets.len(),
                    }
                }
                return significant.next().map_or(octets.len(), |(at, _)| at);
            }
            _ => return at,
        }
    }
    octets.len().saturating_sub(place)
}
