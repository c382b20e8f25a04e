//! ChangeSubjectName (RFC 6402 §2.8): other names than those of the certificate that vouches.

use devicecert_pki::asn1::{Reader, Tlv, Writer, tag};
use devicecert_pki::{Attribute, Csr, GeneralName, Name};

use crate::error::{Error, InvalidMessage, Misuse};
use crate::oid;

/// The names that a re-enrolment asks for in place of those of the old certificate
/// (RFC 7030 §4.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSubjectName {
    subject: Option<Name>,
    subject_alt: Vec<GeneralName>,
}

const WHAT: &str = "ChangeSubjectName";

impl ChangeSubjectName {
    /// These names; one of the two has to be there.
    ///
    /// # Errors
    /// [`Misuse::NoName`] if neither is.
    pub fn new(subject: Option<Name>, subject_alt: Vec<GeneralName>) -> Result<Self, Error> {
        match subject.is_none() && subject_alt.is_empty() {
            true => Err(Misuse::NoName.into()),
            false => Ok(Self { subject, subject_alt }),
        }
    }

    /// The new subject, if it is to change.
    #[must_use]
    pub const fn subject(&self) -> Option<&Name> {
        self.subject.as_ref()
    }

    /// The new alternative names; none if they are not to change.
    #[must_use]
    pub fn subject_alt(&self) -> &[GeneralName] {
        &self.subject_alt
    }

    /// The attribute, for [`CsrParams::attributes`](devicecert_pki::CsrParams::attributes).
    ///
    /// # Errors
    /// [`Misuse`](devicecert_pki::error::Misuse) for a name that cannot be encoded.
    pub fn to_attribute(&self) -> Result<Attribute, Error> {
        let mut written = Ok(());
        let value = Writer::build(|w| {
            w.sequence(|w| {
                if let Some(subject) = &self.subject {
                    w.raw(subject.as_der());
                }
                if !self.subject_alt.is_empty() {
                    w.sequence(|w| {
                        written = self.subject_alt.iter().try_for_each(|name| name.write(w));
                    });
                }
            });
        });
        written?;
        Ok(Attribute::new(oid::CHANGE_SUBJECT_NAME, value))
    }

    /// The attribute of a request; `None` if there is none.
    ///
    /// # Errors
    /// [`InvalidMessage::Attribute`] if it is there twice, has no or several values, or no name.
    pub fn of(csr: &Csr) -> Result<Option<Self>, Error> {
        let mut found = csr.attributes().iter().filter(|one| one.oid == oid::CHANGE_SUBJECT_NAME);
        match (found.next().map(|one| one.values.as_slice()), found.next()) {
            (None, _) => Ok(None),
            (Some([value]), None) => Self::read(value).map(Some),
            _ => Err(InvalidMessage::Attribute(WHAT).into()),
        }
    }

    /// Neither of the two fields has a tag: a Name is a SEQUENCE of SETs, GeneralNames one of
    /// context-specific values, and only a Name may be empty.
    fn read(value: &[u8]) -> Result<Self, Error> {
        let mut fields = Reader::new(value).sequence(WHAT)?;
        let is_name = |field: &Tlv<'_>| {
            matches!(field.reader().peek(), None | Some(tag::SET)) && field.tag == tag::SEQUENCE
        };
        let mut next = match fields.is_empty() {
            true => None,
            false => Some(fields.any(WHAT)?),
        };
        let subject = match next {
            Some(field) if is_name(&field) => {
                next = match fields.is_empty() {
                    true => None,
                    false => Some(fields.any(WHAT)?),
                };
                Some(Name::parse(field.raw)?)
            }
            _ => None,
        };
        let mut subject_alt = Vec::new();
        if let Some(field) = next {
            let mut names = Reader::new(field.raw).sequence(WHAT)?;
            while !names.is_empty() && subject_alt.len() < devicecert_pki::Extensions::MAX_NAMES {
                subject_alt.push(GeneralName::read(&mut names)?);
            }
            names.finish(WHAT)?;
        }
        fields.finish(WHAT)?;
        Self::new(subject, subject_alt).map_err(|_| InvalidMessage::Attribute(WHAT).into())
    }
}
