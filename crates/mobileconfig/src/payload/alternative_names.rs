//! The dictionary `SubjectAltName` of SCEP and ACME payloads.

use super::fields::{Fields, Put};
use crate::plist::Dictionary;

/// Further names of a certificate. Apple has keys for these four kinds and no other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlternativeNames {
    /// `rfc822Name`: mailboxes.
    pub emails: Vec<String>,
    /// `dNSName`: host names.
    pub dns_names: Vec<String>,
    /// `uniformResourceIdentifier`
    pub uris: Vec<String>,
    /// `ntPrincipalName`: the user principal name of Windows. Only one: a list is refused.
    pub nt_principal_name: Option<String>,
    /// Keys that have no field here.
    pub other: Dictionary,
}

impl AlternativeNames {
    /// No further names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn read(mut fields: Fields) -> Self {
        Self {
            emails: fields.text_or_texts("rfc822Name"),
            dns_names: fields.text_or_texts("dNSName"),
            uris: fields.text_or_texts("uniformResourceIdentifier"),
            nt_principal_name: fields.text("ntPrincipalName"),
            other: fields.finish(),
        }
    }

    /// The dictionary; nothing if it would be empty.
    pub(crate) fn to_dictionary(&self) -> Option<Dictionary> {
        let mut names = Dictionary::new();
        names.put_text_or_texts("rfc822Name", &self.emails);
        names.put_text_or_texts("dNSName", &self.dns_names);
        names.put_text_or_texts("uniformResourceIdentifier", &self.uris);
        names.put("ntPrincipalName", self.nt_principal_name.as_deref());
        names.put_all(&self.other);
        (!names.is_empty()).then_some(names)
    }
}
