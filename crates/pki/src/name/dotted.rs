//! Object identifiers as text (X.690 §8.19, RFC 4512 §1.4).
//!
//! `const_oid` has no arc above 32 bits and no second arc above 39, and drops the upper bits of an
//! arc of 33 to 35. Names are where others turn up: 2.25 and a UUID of 128 bits (X.667).

/// The dotted form of the content of an OBJECT IDENTIFIER.
pub(super) fn to_text(octets: &[u8]) -> Option<String> {
    let mut text = String::new();
    let mut rest = octets;
    while !rest.is_empty() {
        let (arc, after) = next_arc(rest)?;
        rest = after;
        if text.is_empty() {
            let root = (arc / 40).min(2);
            let second = arc.checked_sub(root.checked_mul(40)?)?;
            text = format!("{root}.{second}");
        } else {
            text.push('.');
            text.push_str(&arc.to_string());
        }
    }
    if text.is_empty() { None } else { Some(text) }
}

/// The content of an OBJECT IDENTIFIER from its dotted form.
pub(super) fn from_text(text: &str) -> Option<Vec<u8>> {
    let mut arcs = text.split('.').map(|arc| {
        let digits = arc.bytes().all(|octet| octet.is_ascii_digit());
        if digits { arc.parse::<u128>().ok() } else { None }
    });
    let root = arcs.next()??;
    let second = arcs.next()??;
    if root > 2 || (root < 2 && second > 39) {
        return None;
    }
    let mut octets = Vec::new();
    push_arc(&mut octets, root.checked_mul(40)?.checked_add(second)?);
    for arc in arcs {
        push_arc(&mut octets, arc?);
    }
    Some(octets)
}

fn next_arc(octets: &[u8]) -> Option<(u128, &[u8])> {
    // A leading 0x80 adds nothing, which X.690 §8.19.2 forbids: each identifier has one encoding.
    if octets.first() == Some(&0x80) {
        return None;
    }
    let mut arc: u128 = 0;
    let mut rest = octets;
    while let Some((octet, after)) = rest.split_first() {
        rest = after;
        arc = arc.checked_mul(0x80)? | u128::from(octet & 0x7f);
        if *octet < 0x80 {
            return Some((arc, rest));
        }
    }
    None
}

fn push_arc(octets: &mut Vec<u8>, arc: u128) {
    let groups = (128_u32.saturating_sub(arc.leading_zeros())).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let digit = arc.checked_shr(group.saturating_mul(7)).unwrap_or(0) & 0x7f;
        let more = if group == 0 { 0 } else { 0x80 };
        octets.push(u8::try_from(digit).unwrap_or(0) | more);
    }
}
