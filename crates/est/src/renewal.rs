//! The names of a re-enrolment (RFC 7030 §4.2.2).

use devicecert_pki::{
    Certificate, CsrParams, Extension, Extensions, GeneralName, Name, oid as pki_oid,
};

use crate::error::Error;

/// Whether a request asks for the names of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SameNames {
    Same,
    OtherSubject,
    OtherAltNames,
}

/// Compares the names of a request with those of a certificate.
///
/// Subjects are compared by what they say, character by character: clients choose string types
/// anew each time. Alternative names are a set, and whether they are critical does not count. A
/// request without any is taken to leave them as they are.
pub(crate) fn compare(subject: &Name, extensions: &Extensions, old: &Certificate) -> SameNames {
    if !subject.says_the_same(old.subject()) {
        return SameNames::OtherSubject;
    }
    let wanted = extensions.get(pki_oid::SUBJECT_ALT_NAME);
    let had = old.extensions().get(pki_oid::SUBJECT_ALT_NAME);
    let same = match (wanted, had) {
        (None, _) => true,
        (Some(wanted), Some(had)) if wanted.value == had.value => true,
        (Some(_), _) => {
            matches!((extensions.subject_alt_name(), old.extensions().subject_alt_name()),
                (Ok(wanted), Ok(had)) if is_same_set(&wanted, &had))
        }
    };
    match same {
        true => SameNames::Same,
        false => SameNames::OtherAltNames,
    }
}

/// As [`compare`], for a request that is not written yet.
pub(crate) fn compare_params(params: &CsrParams, old: &Certificate) -> Result<SameNames, Error> {
    let names = match params.subject_alt_name.is_empty() {
        true => None,
        false => Some(Extension::subject_alt_name(&params.subject_alt_name, false)?),
    };
    let extensions = params.extensions.iter().cloned().chain(names).collect();
    Ok(compare(&params.subject, &extensions, old))
}

fn is_same_set(one: &[GeneralName], other: &[GeneralName]) -> bool {
    one.iter().all(|name| other.contains(name)) && other.iter().all(|name| one.contains(name))
}
