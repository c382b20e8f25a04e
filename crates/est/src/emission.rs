//! How bodies are written.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::USER_AGENT;

/// How the base64 of a body is broken into lines. A line end is LF; the last line has one, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lines {
    /// One line, and nothing behind it: RFC 8951 §3.1 to the letter.
    Bare,
    /// One line and a line end.
    One,
    /// Lines of 64 characters.
    Wrapped,
    /// Lines of 64 characters, and nothing behind the last.
    WrappedBare,
    /// One line as long as it has no more than 1000 characters, lines of 64 otherwise.
    OneIfShort,
}

/// How bodies are written. All of it is allowed by RFC 8951; not all of it is read by everybody.
///
/// * strongSwan up to 5.9.10 reads one line only.
/// * libest, as client and as server, wants a line end within the first 1024 octets.
/// * BouncyCastle decodes base64 only where Content-Transfer-Encoding says so, and wants no
///   second line end.
/// * est-ca 0.2, as server, reads one line without an end only, and calls anything else no request
///   (400).
///
/// No spelling suits all of them once the base64 is longer than 1000 characters, so a server looks
/// at who asks: [`for_client`](Self::for_client).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EmissionProfile {
    /// The lines of what a client sends.
    pub request_lines: Lines,
    /// The lines of what a server sends.
    pub response_lines: Lines,
    /// Whether `Content-Transfer-Encoding: base64` is sent along, which RFC 8951 §3 makes
    /// meaningless.
    pub content_transfer_encoding: bool,
}

impl EmissionProfile {
    /// What most peers read: wrapped requests, responses in one line while they are short, and
    /// Content-Transfer-Encoding. The default.
    pub const COMPATIBLE: Self = Self {
        request_lines: Lines::Wrapped,
        response_lines: Lines::OneIfShort,
        content_transfer_encoding: true,
    };

    /// RFC 8951 and nothing more.
    pub const RFC8951: Self = Self {
        request_lines: Lines::Bare,
        response_lines: Lines::Bare,
        content_transfer_encoding: false,
    };

    /// For peers that are strongSwan up to 5.9.10: one line, whatever its length.
    pub const ONE_LINE: Self = Self {
        request_lines: Lines::One,
        response_lines: Lines::One,
        content_transfer_encoding: true,
    };

    /// For peers that are libest: wrapped, whatever its length.
    pub const WRAPPED: Self = Self {
        request_lines: Lines::Wrapped,
        response_lines: Lines::Wrapped,
        content_transfer_encoding: true,
    };

    /// The profile with which a server that uses this one answers a client.
    ///
    /// [`Lines::OneIfShort`] becomes [`Lines::One`] for a client without User-Agent: those are
    /// strongSwan, which cannot read several lines, and BouncyCastle, which can read both.
    #[must_use]
    pub fn for_client(self, headers: &HeaderMap) -> Self {
        match self.response_lines {
            Lines::OneIfShort if !headers.contains_key(USER_AGENT) => {
                Self { response_lines: Lines::One, ..self }
            }
            Lines::Bare | Lines::One | Lines::Wrapped | Lines::WrappedBare | Lines::OneIfShort => {
                self
            }
        }
    }
}

impl Default for EmissionProfile {
    fn default() -> Self {
        Self::COMPATIBLE
    }
}

impl Lines {
    /// Characters of a line that every known peer takes in one piece.
    const SHORT: usize = 1000;
    /// Octets that make up a line of 64 characters.
    const LINE: usize = 48;

    /// Writes octets as the body of a message.
    pub(crate) fn encode(self, octets: &[u8]) -> Vec<u8> {
        let is_short = octets.len().div_ceil(3).saturating_mul(4) <= Self::SHORT;
        let mut body = match self {
            Self::Wrapped => wrapped(octets),
            Self::OneIfShort if !is_short => wrapped(octets),
            Self::Bare => return STANDARD.encode(octets).into_bytes(),
            Self::WrappedBare => return wrapped(octets).into_bytes(),
            Self::One | Self::OneIfShort => STANDARD.encode(octets),
        };
        body.push('\n');
        body.into_bytes()
    }
}

fn wrapped(octets: &[u8]) -> String {
    let lines: Vec<String> = octets.chunks(Lines::LINE).map(|line| STANDARD.encode(line)).collect();
    lines.join("\n")
}
