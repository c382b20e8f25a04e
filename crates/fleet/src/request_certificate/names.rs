//! The names in a request that say who it is for.

use devicecert_pki::asn1::{Reader, Tlv, tag};
use devicecert_pki::{Csr, Error as PkiError, GeneralName, oid};

use crate::rules::Rules;

/// The number in a context-specific tag.
const NUMBER: u8 = 0x1f;
// The kinds of GeneralName (RFC 5280 §4.2.1.6).
const OTHER_NAME: u8 = 0;
const DNS_NAME: u8 = 2;
const X400_ADDRESS: u8 = 3;
const DIRECTORY_NAME: u8 = 4;
const EDI_PARTY_NAME: u8 = 5;
const URI: u8 = 6;
const IP_ADDRESS: u8 = 7;
const REGISTERED_ID: u8 = 8;

/// What is wrong with a certification request. The caller of the API is told none of it: these are
/// for the log, in Fleet's words where it has some.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsrFault {
    /// There is not exactly one request in PEM armour.
    #[error("invalid CSR format")]
    Format,
    /// It is no request.
    #[error("failed to parse CSR: {0}")]
    Malformed(PkiError),
    /// A name cannot be read, so that nobody can say whom it names.
    #[error("CSR contains a name that cannot be read")]
    Unreadable,
    /// There is no mail address.
    #[error("CSR does not contain an email address")]
    NoEmail,
    /// There are several mail addresses.
    #[error("CSR contains {0} email addresses, only 1 is supported")]
    Emails(usize),
    /// There is no user principal name.
    #[error("CSR does not contain a UPN")]
    NoUpn,
    /// There are several user principal names.
    #[error("CSR contains {0} UPNs, only 1 is supported")]
    Upns(usize),
    /// The user principal name is empty.
    #[error("CSR contains an empty UPN")]
    EmptyUpn,
    /// The user principal name names somebody else than the mail address.
    #[error("the UPN of the CSR does not match its email address")]
    OtherUpn,
    /// It says who it is for in a place that nobody compares with anything.
    #[error("CSR says in {0} who it is for")]
    FurtherIdentity(&'static str),
    /// Fleet does not tell its callers.
    #[error("the server did not say")]
    Untold,
}

/// The mail address and the user principal name of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) email: String,
    upn: String,
}

impl Names {
    pub(super) fn of(csr: &Csr, rules: Rules) -> Result<Self, CsrFault> {
        let names = csr.subject_alt_name().map_err(|_| CsrFault::Unreadable)?;
        let (mut emails, mut upns) = (Vec::new(), Vec::new());
        for name in names {
            match name {
                GeneralName::Email(email) => emails.push(email),
                GeneralName::Upn(upn) => upns.push(upn),
                GeneralName::Other(der) => match Hidden::of(&der)? {
                    Hidden::Upn(upn) => upns.push(upn),
                    Hidden::None => {}
                },
                _ => {}
            }
        }
        let email = match (emails.pop(), emails.len()) {
            (Some(email), 0) => email,
            (None, _) => return Err(CsrFault::NoEmail),
            (Some(_), more) => return Err(CsrFault::Emails(more.saturating_add(1))),
        };
        let upn = match (rules, upns.len()) {
            (_, 0) => return Err(CsrFault::NoUpn),
            // Fleet of late 2025 looks at the first only.
            (Rules::Guide, _) => upns.swap_remove(0),
            (Rules::Current, 1) => upns.swap_remove(0),
            (Rules::Current, count) => return Err(CsrFault::Upns(count)),
        };
        match rules == Rules::Current && upn.is_empty() {
            true => Err(CsrFault::EmptyUpn),
            false => Ok(Self { email, upn }),
        }
    }

    /// Whether both name the same user. Fleet of late 2025 takes any beginning of the address, of
    /// 2026 the address or its local part, whatever the case.
    pub(super) fn agree(&self, rules: Rules) -> bool {
        match rules {
            Rules::Guide => self.email.starts_with(&self.upn),
            Rules::Current => {
                let local = self.email.split('@').next().unwrap_or_default();
                let is = |name: &str| self.upn.eq_ignore_ascii_case(name);
                !self.upn.is_empty() && (is(&self.email) || is(local))
            }
        }
    }

    /// Whether it is the address of this user, whatever the case.
    pub(super) fn belong_to(&self, username: &str) -> bool {
        !username.is_empty() && self.email.eq_ignore_ascii_case(username)
    }
}

/// What a name is that has not the form that everybody writes.
enum Hidden {
    /// A user principal name of another string type.
    Upn(String),
    /// Neither that nor a mail address.
    None,
}

impl Hidden {
    /// A CA that reads names more generously must not find one here that nobody checked: the kind
    /// of a name is its number, whether the tag says primitive or constructed.
    fn of(der: &[u8]) -> Result<Self, CsrFault> {
        let name = Tlv::parse(der, "a GeneralName").map_err(|_| CsrFault::Unreadable)?;
        match name.tag & NUMBER {
            OTHER_NAME if name.tag == tag::constructed(OTHER_NAME) => Self::other_name(&name),
            DNS_NAME | X400_ADDRESS | DIRECTORY_NAME | EDI_PARTY_NAME | URI | IP_ADDRESS
            | REGISTERED_ID => Ok(Self::None),
            // Among them rfc822Name: one that can be read is no `GeneralName::Other`.
            _ => Err(CsrFault::Unreadable),
        }
    }

    fn other_name(name: &Tlv<'_>) -> Result<Self, CsrFault> {
        let mut fields = name.reader();
        let kind = fields.oid("the type of an otherName").map_err(|_| CsrFault::Unreadable)?;
        if kind != oid::NT_PRINCIPAL_NAME {
            return Ok(Self::None);
        }
        let text = explicit(&mut fields).map_err(|_| CsrFault::Unreadable)?;
        let text = core::str::from_utf8(text.value).map_err(|_| CsrFault::Unreadable)?;
        Ok(Self::Upn(text.to_owned()))
    }
}

/// Whether it is a user principal name of another string type, which [`Names`] has looked at.
pub(super) fn is_user_principal_name(der: &[u8]) -> Result<bool, CsrFault> {
    Hidden::of(der).map(|name| matches!(name, Hidden::Upn(_)))
}

/// The one value of an otherName, and nothing behind it.
fn explicit<'a>(fields: &mut Reader<'a>) -> Result<Tlv<'a>, PkiError> {
    let explicit = fields.expect(tag::constructed(0), "the value of an otherName")?;
    fields.finish("the end of an otherName")?;
    let mut value = explicit.reader();
    let text = value.any("a user principal name")?;
    value.finish("the end of a user principal name")?;
    Ok(text)
}
