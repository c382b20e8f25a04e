//! The subject of a request, as every platform wants it.

use devicecert_mobileconfig::payload::{Attribute, SHORT_NAMES, Subject};
use devicecert_pki::Name;
use devicecert_syncml::{NameFault, SubjectName};

use super::IdentityRequest;
use crate::error::{Error, Platform};

/// The subject with the marker of the renewal, every type by the name that Apple has for it or as
/// object identifier: what all platforms can read.
pub(super) fn subject(request: &IdentityRequest, platform: Platform) -> Result<Subject, Error> {
    let marker = request.renewal.marker.as_ref().map(|marker| vec![marker.clone()]);
    let rdns = request.subject.rdns().iter().cloned().chain(marker);
    rdns.map(|rdn| part(rdn, platform)).try_fold(Subject::new(), |subject, rdn| {
        let rdn = rdn?;
        Ok(subject.with_rdn(rdn))
    })
}

fn part(rdn: Vec<Attribute>, platform: Platform) -> Result<Vec<Attribute>, Error> {
    let known = |kind: &str| {
        SHORT_NAMES.contains(&kind)
            || (kind.contains('.') && Name::from_rdns([[(kind, "x")]]).is_ok())
    };
    let rdn: Vec<Attribute> =
        rdn.into_iter().map(|one| Attribute::new(&one.kind, one.value)).collect();
    if rdn.is_empty() || !rdn.iter().all(|attribute| known(&attribute.kind)) {
        let expected = "parts of one attribute or more, each CN, OU, O, L, ST, C, another type with \
                        a well-known name, or an object identifier";
        return Err(Error::impossible(platform, "such a subject", expected));
    }
    Ok(rdn)
}

/// The subject in the dialect of Windows, most specific part first.
pub(super) fn windows_name(subject: &Subject) -> Result<SubjectName, Error> {
    let pair = |attribute: &Attribute| (attribute.kind.clone(), attribute.value.clone());
    let name = subject
        .rdns()
        .iter()
        .rev()
        .try_fold(SubjectName::new(), |name, rdn| name.with_rdn(rdn.iter().map(pair)))?;
    // Marks of two values can make up a variable that reaches from one to the other, and whoever
    // fills it in would take what is between them for its name.
    if name.to_string().parse().as_ref() != Ok(&name) {
        let expected = "values that do not begin and end a placeholder together";
        return Err(Error::impossible(Platform::Windows, "such a subject", expected));
    }
    Ok(name)
}

/// The subject as it is encoded.
pub(super) fn encoded(subject: &Subject) -> Result<Name, Error> {
    let rdns = subject.rdns().iter();
    Ok(Name::from_rdns(rdns.map(|rdn| {
        rdn.iter().map(|attribute| (attribute.kind.as_str(), attribute.value.as_str()))
    }))?)
}

/// A subject that Windows would read, outermost part first.
///
/// # Errors
/// [`Error::Windows`] if Windows cannot read it, or a variable stands for a whole attribute.
pub(crate) fn from_windows(name: &SubjectName) -> Result<Subject, Error> {
    let rdns: Vec<&[(String, String)]> = name.rdns().collect();
    rdns.into_iter().rev().try_fold(Subject::new(), |subject, rdn| {
        let attribute = |(key, value): &(String, String)| {
            let bare = match key.split_at_checked(4) {
                Some((prefix, digits)) if prefix.eq_ignore_ascii_case("OID.") => digits,
                _ => key,
            };
            if bare.is_empty() {
                let expected = "a key, = and a value";
                return Err(NameFault { offset: 0, expected, found: "a variable alone" });
            }
            Ok(Attribute::new(bare, value.clone()))
        };
        Ok(subject.with_rdn(rdn.iter().map(attribute).collect::<Result<_, _>>()?))
    })
}
