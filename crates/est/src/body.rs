//! The transfer encoding of every EST body: base64 (RFC 8951 §3).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Secret, ber};

use crate::error::{Error, InvalidBody};
use crate::limits::Limits;
use crate::tolerance::Tolerance;

/// The identifier octet that every EST message in DER starts with. Base64 of such a message starts
/// with `M`, so that the two cannot be confused.
const SEQUENCE: u8 = 0x30;
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The octets that a body stands for.
///
/// White space may stand anywhere (RFC 8951 §3.1); Content-Transfer-Encoding is not looked at
/// (§3). What else is taken is up to [`Tolerance`].
pub(crate) fn decode(
    body: &[u8],
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<Vec<u8>, Error> {
    LimitExceeded::check("the body (bytes)", limits.body_bytes, body.len())?;
    if body.first() == Some(&SEQUENCE) {
        return match tolerance.binary_body {
            true => Ok(body.to_vec()),
            false => Err(InvalidBody::Binary.into()),
        };
    }
    let (text, start) = match find(body, BEGIN) {
        None => (body, 0),
        Some(_) if !tolerance.pem_body => return Err(InvalidBody::Pem.into()),
        Some(begin) => armoured(body, begin)?,
    };
    let text = match text.strip_suffix(&[0]) {
        Some(shorter) if tolerance.trailing_nul => shorter,
        _ => text,
    };
    // The text may be that of a private key.
    let dense: Vec<u8> = text.iter().copied().filter(|octet| !is_white_space(*octet)).collect();
    let dense = Secret::new(dense);
    if dense.is_empty() {
        return Err(InvalidBody::Empty.into());
    }
    STANDARD.decode(dense.expose()).map_err(|error| {
        let at = match error {
            base64::DecodeError::InvalidByte(at, _)
            | base64::DecodeError::InvalidLastSymbol { offset: at, .. } => at,
            _ => return InvalidBody::Padding.into(),
        };
        let mut places = text.iter().enumerate().filter(|(_, octet)| !is_white_space(**octet));
        let place = places.nth(at).map_or(text.len(), |(place, _)| place);
        InvalidBody::Base64 { at: place.saturating_add(start) }.into()
    })
}

/// The octets that a body with a CMS message stands for; DER, or BER where that is taken.
pub(crate) fn decode_cms(
    body: &[u8],
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<Vec<u8>, Error> {
    let octets = decode(body, tolerance, limits)?;
    let der = ber::normalise(&octets, &limits.pki)?;
    match der {
        std::borrow::Cow::Owned(_) if !tolerance.ber => Err(InvalidBody::Ber.into()),
        der => Ok(der.into_owned()),
    }
}

/// The white space of RFC 8951 §3.1.
const fn is_white_space(octet: u8) -> bool {
    matches!(octet, b'\r' | b'\n' | b' ' | b'\t')
}

/// What stands inside the only PEM armour of `body`, and where.
fn armoured(body: &[u8], begin: usize) -> Result<(&[u8], usize), InvalidBody> {
    let label = begin.saturating_add(BEGIN.len());
    let after = |from: usize, wanted: &[u8]| {
        let rest = body.get(from..).unwrap_or_default();
        find(rest, wanted).map(|at| at.saturating_add(from)).ok_or(InvalidBody::Armour)
    };
    let start = after(label, DASHES)?.saturating_add(DASHES.len());
    let end = after(start, END)?;
    let rest = body.get(end..).unwrap_or_default();
    match find(rest, BEGIN) {
        None => Ok((body.get(start..end).unwrap_or_default(), start)),
        Some(_) => Err(InvalidBody::Armour),
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
