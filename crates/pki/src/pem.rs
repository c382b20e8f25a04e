//! PEM armour (RFC 7468), the way files have it: among other text.

use der::pem::LineEnding;
use zeroize::Zeroizing;

/// Why a text has no PEM block of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PemError {
    /// There is no block with one of the wanted labels.
    #[error("expected a PEM block labelled {0}, found none")]
    Missing(&'static str),
    /// A block starts, and does not end or holds something that is no base64.
    #[error("the PEM block labelled {0} is damaged")]
    Damaged(&'static str),
}

/// All blocks of `text` with this label, in order. Text around the blocks is passed over.
///
/// # Errors
/// [`PemError`] if there is none or one is damaged.
pub fn from_pem(label: &'static str, text: &str) -> Result<Vec<Vec<u8>>, PemError> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let mut rest = text;
    // One of them may be a private key: what is not handed out is wiped.
    let mut blocks = Zeroizing::new(Vec::new());
    while let Some((_, after)) = rest.split_once(&begin) {
        let (body, after) = after.split_once(&end).ok_or(PemError::Damaged(label))?;
        // Line lengths and white space differ between programs; the decoder wants them regular.
        let characters = body.chars().filter(|c| !c.is_ascii_whitespace());
        // Room for all of it, with every line break: what grows leaves copies behind.
        let room = begin.len().saturating_add(body.len().saturating_mul(2));
        let room = room.saturating_add(end.len()).saturating_add(2);
        let mut armoured = Zeroizing::new(String::with_capacity(room));
        armoured.push_str(&begin);
        armoured.push('\n');
        for (place, character) in characters.enumerate() {
            if place > 0 && place % 64 == 0 {
                armoured.push('\n');
            }
            armoured.push(character);
        }
        if !armoured.ends_with('\n') {
            armoured.push('\n');
        }
        armoured.push_str(&end);
        let (_, der) =
            der::pem::decode_vec(armoured.as_bytes()).map_err(|_| PemError::Damaged(label))?;
        blocks.push(der);
        rest = after;
    }
    match blocks.is_empty() {
        true => Err(PemError::Missing(label)),
        false => Ok(core::mem::take(&mut *blocks)),
    }
}

/// One block in PEM armour, lines of 64 characters ended by LF.
#[must_use]
pub fn to_pem(label: &'static str, der: &[u8]) -> String {
    // The encoder fails only for a label that is no label.
    der::pem::encode_string(label, LineEnding::LF, der).unwrap_or_default()
}
