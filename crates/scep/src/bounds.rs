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
    if !is_same_subject(csr.subject(), subject) {
        return Err(Excess::Subject);
    }
    let wanted = csr.subject_alt_name().map_err(|_| Excess::Names)?;
    match wanted.iter().all(|name| alt_names.contains(name)) {
        true => Ok(()),
        false => Err(Excess::Names),
    }
}

/// Whether two names say the same, character by character; only the string types may differ,
/// which clients choose anew each time. Nothing looser will do: `CN=Admin` is not `CN=admin`.
fn is_same_subject(one: &Name, other: &Name) -> bool {
    let said = |name: &Name| {
        let mut all: Vec<_> = name
            .attributes()
            .iter()
            .map(|attribute| {
                let text = attribute.text().ok_or_else(|| attribute.value_der().to_vec());
                (attribute.rdn(), attribute.type_name().into_owned(), text)
            })
            .collect();
        // The attributes of one RDN are a set.
        all.sort();
        all
    };
    said(one) == said(other)
}
