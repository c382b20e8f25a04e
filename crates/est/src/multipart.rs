//! multipart/mixed (RFC 2046 §5.1), the answer to `/serverkeygen`.

use devicecert_pki::error::LimitExceeded;

use crate::error::{Error, InvalidMessage};
use crate::limits::Limits;
use crate::media_type::MediaType;
use crate::tolerance::Tolerance;

/// What is written between the parts. Base64 has no hyphen, so no part can contain it.
pub(crate) const BOUNDARY: &str = "estServerKeyGenBoundary";

/// The longest boundary (RFC 2046 §5.1.1).
const MAX_BOUNDARY: usize = 70;

/// One part: what its header says of its content, and the content.
#[derive(Debug)]
pub(crate) struct Part<'a> {
    pub(crate) content_type: Option<MediaType>,
    pub(crate) body: &'a [u8],
}

/// Where in a body the reading stands.
enum Place {
    Preamble,
    Header { start: usize },
    Body { start: usize },
    Epilogue,
}

/// Reads the parts of a body. Preamble and epilogue are passed over.
pub(crate) fn parse<'a>(
    content_type: &MediaType,
    body: &'a [u8],
    tolerance: &Tolerance,
    limits: &Limits,
) -> Result<Vec<Part<'a>>, Error> {
    LimitExceeded::check("the body (bytes)", limits.body_bytes, body.len())?;
    let boundary = content_type.parameter("boundary").unwrap_or_default();
    if boundary.is_empty() || boundary.len() > MAX_BOUNDARY || !boundary.is_ascii() {
        return Err(InvalidMessage::Boundary.into());
    }
    let delimiter = format!("--{boundary}");
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut place = Place::Preamble;
    let mut at = 0;
    // The end of the line before, without its line end: where a part ends that a delimiter ends.
    let mut line_before = 0;
    while at < body.len() {
        let line = Line::at(body, at);
        let ends = line.delimiter(delimiter.as_bytes());
        if line.has_bare_line_feed && !tolerance.bare_line_feed && !matches!(place, Place::Epilogue)
        {
            return Err(InvalidMessage::Multipart("has a line that ends in LF alone").into());
        }
        match (&place, ends) {
            (Place::Epilogue, _) => break,
            (Place::Header { .. }, Some(_)) => {
                return Err(InvalidMessage::Multipart("has a part without content").into());
            }
            (Place::Preamble | Place::Body { .. }, Some(closes)) => {
                if let (Place::Body { start }, Some(part)) = (&place, parts.last_mut()) {
                    part.body = body.get(*start..line_before.max(*start)).unwrap_or_default();
                }
                place = if closes {
                    Place::Epilogue
                } else {
                    LimitExceeded::check(
                        "parts of a body",
                        limits.parts,
                        parts.len().saturating_add(1),
                    )?;
                    parts.push(Part { content_type: None, body: &[] });
                    Place::Header { start: line.next }
                };
            }
            (Place::Header { start }, None) => {
                let length = line.next.saturating_sub(*start);
                LimitExceeded::check(
                    "the header of a part (bytes)",
                    limits.part_header_bytes,
                    length,
                )?;
                if line.text.is_empty() {
                    let header = body.get(*start..at).unwrap_or_default();
                    if let Some(part) = parts.last_mut() {
                        part.content_type = content_type_of(header);
                    }
                    place = Place::Body { start: line.next };
                }
            }
            (Place::Preamble | Place::Body { .. }, None) => {}
        }
        line_before = at.saturating_add(line.text.len());
        at = line.next;
    }
    match place {
        Place::Epilogue => Ok(parts),
        Place::Body { start } if tolerance.unclosed_multipart => {
            if let Some(part) = parts.last_mut() {
                part.body = body.get(start..).unwrap_or_default();
            }
            Ok(parts)
        }
        Place::Preamble => Err(InvalidMessage::Multipart("has no part").into()),
        Place::Header { .. } | Place::Body { .. } => {
            Err(InvalidMessage::Multipart("does not end").into())
        }
    }
}

/// One line of a body.
struct Line<'a> {
    text: &'a [u8],
    has_bare_line_feed: bool,
    /// Where the next one starts.
    next: usize,
}

impl<'a> Line<'a> {
    fn at(body: &'a [u8], at: usize) -> Self {
        let rest = body.get(at..).unwrap_or_default();
        let (line, has_end) = match rest.iter().position(|octet| *octet == b'\n') {
            Some(end) => (rest.get(..end).unwrap_or_default(), true),
            None => (rest, false),
        };
        let next = at.saturating_add(line.len()).saturating_add(usize::from(has_end));
        match line.strip_suffix(b"\r") {
            Some(text) if has_end => Self { text, has_bare_line_feed: false, next },
            _ => Self { text: line, has_bare_line_feed: has_end, next },
        }
    }

    /// Whether this is a delimiter, and then whether it is the closing one. Blanks may follow it.
    fn delimiter(&self, delimiter: &[u8]) -> Option<bool> {
        let rest = self.text.strip_prefix(delimiter)?;
        let (rest, closes) = rest.strip_prefix(b"--").map_or((rest, false), |rest| (rest, true));
        rest.iter().all(|octet| matches!(octet, b' ' | b'\t')).then_some(closes)
    }
}

/// The Content-Type in the header of a part. A line that starts with a blank goes on with the
/// line before.
fn content_type_of(header: &[u8]) -> Option<MediaType> {
    let text = String::from_utf8_lossy(header).replace("\r\n", "\n");
    let unfolded = text.replace("\n ", " ").replace("\n\t", " ");
    unfolded
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| MediaType::parse(value))
}

/// Writes a body of parts that are base64 already, each with its Content-Type.
pub(crate) fn write<'a>(
    parts: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    content_transfer_encoding: bool,
) -> Vec<u8> {
    let mut body = Vec::new();
    for (content_type, content) in parts {
        body.extend_from_slice(format!("--{BOUNDARY}\r\n").as_bytes());
        body.extend_from_slice(format!("Content-Type: {content_type}\r\n").as_bytes());
        if content_transfer_encoding {
            body.extend_from_slice(b"Content-Transfer-Encoding: base64\r\n");
        }
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}
