//! Whether a request stays within what somebody may have.

use devicecert_pki::{Csr, GeneralName, Name};

/// What a request goes too far in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    Subject,
    /// Alternative names, also those that cannot be read.
    Names,
}

/// Whether a request is for this subject, and for no other alternative names than these.
pub(crate) fn asks_within(
    csr: &Csr,
    subject: &Name,
    alt_names: &[GeneralName],
) -> Result<(), Excess> {
    if !csr.subject().says_the_same(subject) {
        return Err(Excess::Subject);
    }
    let wanted = csr.subject_alt_name().map_err(|_| Excess::Names)?;
    match wanted.iter().all(|name| alt_names.contains(name)) {
        true => Ok(()),
        false => Err(Excess::Names),
    }
}
