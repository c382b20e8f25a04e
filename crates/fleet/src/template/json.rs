//! Variables in JSON: they stand inside of strings, and nowhere else.

use super::spots::Spots;
use super::{Context, WhyMisplaced};

pub(super) fn place(spots: &mut Spots<'_>) {
    let (mut string, mut escaped, mut at) = (false, false, 0_usize);
    for found in spots.found {
        for byte in spots.text.get(at..found.span.start).unwrap_or_default().bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if string => escaped = true,
                b'"' => string = !string,
                _ => {}
            }
        }
        at = found.span.end;
        if string && !escaped {
            spots.fill(found, Context::Json);
        } else {
            spots.refuse(found, WhyMisplaced::JsonString);
        }
    }
}
