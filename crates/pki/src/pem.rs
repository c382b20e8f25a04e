//! PEM armour (RFC 7468), the way files have it: among other text.

use der::pem::LineEnding;

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
    let mut blocks = Vec::new();
    while let Some((_, after)) = rest.split_once(&begin) {
        let (body, after) = after.split_once(&end).ok_or(PemError::Damaged(label))?;
        // Line lengths and white space differ between programs; the decoder wants them regular.
        let mut armoured = format!("{begin}\n");
        let body: Vec<char> = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        for line in body.chunks(64) {
            armoured.extend(line);
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
        false => Ok(blocks),
    }
}

/// One block in PEM armour, lines of 64 characters ended by LF.
#[must_use]
pub fn to_pem(label: &'static str, der: &[u8]) -> String {
    // The encoder fails only for a label that is no label.
    der::pem::encode_string(label, LineEnding::LF, der).unwrap_or_default()
}
