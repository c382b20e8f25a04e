//! Variables in texts that are encoded by whoever uses them.

use super::Context;
use super::spots::Spots;

pub(super) fn place(spots: &mut Spots<'_>, context: Context) {
    for found in spots.found {
        spots.fill(found, context);
    }
}
