//! From the bytes of a file to values: DER or BER as they are, PEM blocks, base64.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::page::bytes;
use super::{Damage, Look, Place, names};

/// A PEM boundary (RFC 7468 §3).
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
/// Octets of a label and the dashes behind it.
const LONGEST_LABEL: usize = 72;
/// Blocks of one file that are looked at; a bundle of all public CAs has a hundred and a half.
const MAX_BLOCKS: usize = 512;

const LOOSE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn look(look: &mut Look<'_>, input: &[u8]) {
    if input.len() > super::MAX_BYTES {
        let expected = format!("at most {} bytes", super::MAX_BYTES);
        look.damaged(damage(super::MAX_BYTES, &expected, "more"));
        return;
    }
    let blanks = input.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
    let bom = input.starts_with(b"\xef\xbb\xbf");
    let start = if bom { 3 } else { blanks };
    if let Some(at) = find(input, BEGIN, 0) {
        pem(look, input, at);
        return;
    }
    match input.get(start).copied() {
        None => {
            let expected = "a message, certificate, request or key in DER, PEM or base64";
            look.damaged(damage(start, expected, "the end of the input"));
        }
        // Base64 of a SEQUENCE starts with M, so that a 0 is the tag of one.
        Some(0x30) => {
            let value = input.get(start..).unwrap_or_default();
            look.page.line(&format!("{}, binary", bytes(value.len())));
            look.value(value, &Place::default().plus(start));
        }
        Some(_) if is_text(input.get(start..).unwrap_or_default()) => {
            let text = input.get(start..).unwrap_or_default();
            match decode(text, start, false) {
                Ok(value) => {
                    look.page.line(&format!("base64 of {}", bytes(value.len())));
                    look.value(&value, &Place::named("what the base64 decodes to"));
                }
                Err(damage) => look.damaged(damage),
            }
        }
        Some(other) => {
            let expected = "a SEQUENCE (tag 0x30), PEM, or base64 that starts with M";
            let found = match other.is_ascii_graphic() {
                true => format!("'{}'", char::from(other)),
                false => format!("{} (0x{other:02x})", names::tag(other)),
            };
            look.damaged(damage(start, expected, &found));
        }
    }
}

/// Every block, whatever stands between them.
fn pem(look: &mut Look<'_>, input: &[u8], first: usize) {
    let count =
        std::iter::successors(Some(first), |at| find(input, BEGIN, at.saturating_add(BEGIN.len())))
            .count();
    let mut next = Some(first);
    let mut number = 0_usize;
    while let Some(at) = next {
        number = number.saturating_add(1);
        if number > MAX_BLOCKS {
            let more = count.saturating_sub(MAX_BLOCKS);
            look.page.heading(&format!("{more} more PEM blocks, not shown"));
            return;
        }
        match block(input, at) {
            Ok(block) => {
                let name = match count {
                    1 => format!("the PEM block {}", block.label),
                    _ => format!("PEM block {number}, {}", block.label),
                };
                let title = match count {
                    1 => format!("PEM, {}, {}", block.label, bytes(block.body.len())),
                    _ => format!(
                        "PEM block {number} of {count}: {}, {}",
                        block.label,
                        bytes(block.body.len())
                    ),
                };
                look.page.heading(&title);
                match block.encryption {
                    Some(encryption) => encrypted(look, &encryption),
                    None => look.value(&block.body, &Place::named(&name)),
                }
                next = find(input, BEGIN, block.end);
            }
            Err(damage) => {
                look.damaged(damage);
                next = find(input, BEGIN, at.saturating_add(BEGIN.len()));
            }
        }
    }
}

fn encrypted(look: &mut Look<'_>, encryption: &str) {
    look.page.row("private key", &format!("encrypted with a passphrase ({encryption})"));
    look.unusual(
        "a private key in the encryption of old OpenSSL versions (RFC 1421 headers)",
        "Its key derivation is one round of MD5. `openssl pkcs8 -topk8 -in OLD -out NEW` writes it \
         in the present form, with -nocrypt without encryption.",
    );
}

struct Block {
    label: String,
    body: Vec<u8>,
    encryption: Option<String>,
    end: usize,
}

/// The block that starts at `at`.
fn block(input: &[u8], at: usize) -> Result<Block, Damage> {
    let label_at = at.saturating_add(BEGIN.len());
    let longest = label_at.saturating_add(LONGEST_LABEL).min(input.len());
    let label_end = find(input.get(..longest).unwrap_or_default(), DASHES, label_at)
        .ok_or_else(|| damage(at, "-----BEGIN LABEL-----", "no five dashes behind the label"))?;
    let label = String::from_utf8_lossy(input.get(label_at..label_end).unwrap_or_default());
    let body_at = label_end.saturating_add(DASHES.len());
    let next = find(input, BEGIN, body_at);
    let here = input.get(..next.unwrap_or(input.len())).unwrap_or_default();
    let end = find(here, END, body_at).ok_or_else(|| {
        let found =
            if next.is_some() { "the start of another block" } else { "the end of the input" };
        damage(here.len(), &format!("-----END {label}-----"), found)
    })?;
    let ending = format!("-----END {label}-----");
    if !input.get(end..).unwrap_or_default().starts_with(ending.as_bytes()) {
        return Err(damage(end, &ending, "the end of a block with another label"));
    }
    let body = input.get(body_at..end).unwrap_or_default();
    let headers = headers_end(body);
    let encryption = headers.and_then(|headers| encryption(body.get(..headers)?));
    let start = headers.unwrap_or(0);
    let base64 = body.get(start..).unwrap_or_default();
    Ok(Block {
        label: label.into_owned(),
        body: decode(base64, body_at.saturating_add(start), true)?,
        encryption,
        end: end.saturating_add(ending.len()),
    })
}

/// Where the headers of RFC 1421 end: behind the last line with a colon.
fn headers_end(body: &[u8]) -> Option<usize> {
    let last_colon = body.iter().rposition(|octet| *octet == b':')?;
    let rest = body.get(last_colon..)?;
    let line = rest.iter().position(|octet| *octet == b'\n')?;
    last_colon.checked_add(line)
}

fn encryption(headers: &[u8]) -> Option<String> {
    let headers = String::from_utf8_lossy(headers);
    let info = headers.lines().find_map(|line| line.strip_prefix("DEK-Info:"))?;
    Some(info.split(',').next().unwrap_or_default().trim().to_owned())
}

/// Decodes base64 with or without line breaks and padding, in either alphabet, percent-encoded or
/// not, as it stands in PEM, in a query or in a log.
fn decode(text: &[u8], offset: usize, in_pem: bool) -> Result<Vec<u8>, Damage> {
    let mut characters = Vec::new();
    let mut places = Vec::new();
    let mut rest = text.iter().copied().enumerate();
    while let Some((at, octet)) = rest.next() {
        let octet = match octet {
            b'%' if !in_pem => {
                let mut digit =
                    || rest.next().and_then(|(_, digit)| char::from(digit).to_digit(16));
                let octet = digit().zip(digit()).and_then(|(high, low)| {
                    u8::try_from(high.checked_mul(16)?.checked_add(low)?).ok()
                });
                octet.ok_or_else(|| {
                    damage(
                        offset.saturating_add(at),
                        "% and two hexadecimal digits",
                        "something else",
                    )
                })?
            }
            other => other,
        };
        let octet = match octet {
            b'-' if !in_pem => b'+',
            b'_' if !in_pem => b'/',
            other => other,
        };
        if octet.is_ascii_whitespace() {
            continue;
        }
        let at = offset.saturating_add(at);
        if !is_base64(octet) && octet != b'=' {
            let found = format!("'{}'", char::from(octet).escape_default());
            return Err(damage(at, "base64", &found));
        }
        characters.push(octet);
        places.push(at);
    }
    let end = offset.saturating_add(text.len());
    LOOSE.decode(&characters).map_err(|error| {
        let (index, found) = match error {
            base64::DecodeError::InvalidByte(index, _) => {
                (index, "a character that cannot stand here")
            }
            base64::DecodeError::InvalidLastSymbol { offset, .. } => {
                (offset, "a last character with other bits")
            }
            _ => (characters.len(), "a character too few"),
        };
        damage(places.get(index).copied().unwrap_or(end), "base64", found)
    })
}

/// Whether this starts like base64 of a SEQUENCE, also percent-encoded, and not like an error
/// message that a server sent in place of one.
fn is_text(input: &[u8]) -> bool {
    matches!(input, [b'M' | b'%', ..])
        && input.iter().take(4).all(|octet| {
            is_base64(*octet) || octet.is_ascii_whitespace() || matches!(octet, b'=' | b'%')
        })
}

const fn is_base64(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'-' | b'_')
}

fn find(input: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = input.get(from..)?;
    let at = rest.windows(wanted.len()).position(|window| window == wanted)?;
    from.checked_add(at)
}

fn damage(at: usize, expected: &str, found: &str) -> Damage {
    Damage { at, of: String::new(), expected: expected.to_owned(), found: found.to_owned() }
}
