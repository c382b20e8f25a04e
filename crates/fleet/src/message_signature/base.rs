//! The signature base (RFC 9421 §2.5): the octets that are signed.

use http::Request;
use http::header::{HOST, HeaderName};
use percent_encoding::percent_decode_str;

use super::error::Rejected;
use super::fields::{Bare, Parameter, write_parameters};
use crate::limits::Limits;
use crate::peer_text::PeerText;

/// What a signature covers and says of itself: the value of `@signature-params` and of the member of
/// `Signature-Input`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SignatureParams {
    pub(super) components: Vec<String>,
    pub(super) parameters: Vec<Parameter>,
}

impl SignatureParams {
    pub(super) fn to_field(&self) -> String {
        let components: Vec<_> = self.components.iter().map(|name| quoted(name)).collect();
        let mut out = format!("({})", components.join(" "));
        write_parameters(&self.parameters, &mut out);
        out
    }

    /// The octets to sign.
    pub(super) fn base(
        &self,
        request: &Request<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Vec<u8>, Rejected> {
        let mut base = Vec::new();
        for name in &self.components {
            base.extend_from_slice(quoted(name).as_bytes());
            base.extend_from_slice(b": ");
            base.extend(component(name, request, limits)?);
            base.push(b'\n');
        }
        base.extend_from_slice(b"\"@signature-params\": ");
        base.extend_from_slice(self.to_field().as_bytes());
        Ok(base)
    }
}

fn quoted(name: &str) -> String {
    Bare::String(name.to_owned()).to_string()
}

/// The value of a component, derived as Fleet's library does it.
fn component(name: &str, request: &Request<Vec<u8>>, limits: &Limits) -> Result<Vec<u8>, Rejected> {
    match name {
        "@method" => Ok(request.method().as_str().as_bytes().to_vec()),
        "@authority" => authority(request).map(String::into_bytes),
        "@path" => path(request),
        "@query" => Ok(format!("?{}", request.uri().query().unwrap_or_default()).into_bytes()),
        _ => {
            let unknown = || Rejected::Component(PeerText::new(name, &[], limits));
            // A name in capitals is another component (RFC 9421 §2.1), and cannot be there.
            let is_lower_case = !name.bytes().any(|octet| octet.is_ascii_uppercase());
            let field = HeaderName::try_from(name).ok().filter(|_| is_lower_case);
            let field = field.ok_or_else(unknown)?;
            Ok(lines(request, &field, limits)?.ok_or_else(unknown)?.into_bytes())
        }
    }
}

/// Host as it was sent, in whatever case and with whatever port.
pub(super) fn authority(request: &Request<Vec<u8>>) -> Result<String, Rejected> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let text = match (hosts.next(), hosts.count()) {
        (Some(host), 0) => host.to_str().map_err(|_| Rejected::ControlCharacter("Host"))?,
        (Some(_), more) => {
            return Err(Rejected::FieldCount { field: "Host", found: more.saturating_add(1) });
        }
        (None, _) => match request.uri().authority() {
            // Without the user, who is no part of Host.
            Some(authority) => authority.as_str().rsplit('@').next().unwrap_or_default(),
            None => return Err(Rejected::NoHost),
        },
    };
    match text {
        "" => Err(Rejected::NoHost),
        text if text.bytes().any(|octet| octet.is_ascii_control()) => {
            Err(Rejected::ControlCharacter("Host"))
        }
        text => Ok(text.to_owned()),
    }
}

/// The path decoded. A line feed in it would write lines of the base, so there must be none.
fn path(request: &Request<Vec<u8>>) -> Result<Vec<u8>, Rejected> {
    let decoded: Vec<u8> = percent_decode_str(request.uri().path()).collect();
    match decoded.iter().any(u8::is_ascii_control) {
        true => Err(Rejected::ControlCharacter("the path")),
        false => Ok(decoded),
    }
}

/// A field as one value (RFC 9421 §2.1): its lines, each without white space around it, joined.
pub(super) fn lines(
    request: &Request<Vec<u8>>,
    field: &HeaderName,
    limits: &Limits,
) -> Result<Option<String>, Rejected> {
    let mut value: Option<String> = None;
    for line in request.headers().get_all(field) {
        let line = line.to_str().map_err(|_| Rejected::ControlCharacter("a header field"))?;
        let line = line.trim_matches([' ', '\t']);
        let joined = match value {
            Some(before) => format!("{before}, {line}"),
            None => line.to_owned(),
        };
        Limits::check("a header field (bytes)", limits.header_bytes, joined.len())?;
        value = Some(joined);
    }
    Ok(value)
}
