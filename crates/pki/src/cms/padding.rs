//! PKCS #7 padding (RFC 5652 §6.3).

use subtle::{Choice, ConstantTimeEq, ConstantTimeLess};

/// Appends the padding.
pub(crate) fn pad(content: &mut Vec<u8>, block_len: usize) {
    let used = content.len().checked_rem(block_len).unwrap_or(0);
    let missing = block_len.saturating_sub(used);
    let octet = u8::try_from(missing).unwrap_or(0);
    content.resize(content.len().saturating_add(missing), octet);
}

/// How many octets are left without the padding; `None` if the padding is wrong.
///
/// Every octet of the last block is looked at whatever it holds, so that the time this takes does
/// not tell which one was wrong.
pub(super) fn unpadded_len(padded: &[u8], block_len: usize) -> Option<usize> {
    let block = padded.get(padded.len().checked_sub(block_len)?..)?;
    let octet = *block.last()?;
    let mut right = !octet.ct_eq(&0) & !u8::try_from(block_len).ok()?.ct_lt(&octet);
    for (from_end, found) in (0_u8..).zip(block.iter().rev()) {
        let in_padding: Choice = from_end.ct_lt(&octet);
        right &= !in_padding | found.ct_eq(&octet);
    }
    match bool::from(right) {
        true => padded.len().checked_sub(usize::from(octet)),
        false => None,
    }
}
