//! The `SubjectAlternativeNames` node: `11+tom@example.com;3+host.example.com`.

use core::fmt;
use core::ops::Range;

use crate::error::AltNameFault;
use crate::placeholder;

/// The type of an alternative name, by its number in CertEnroll's `AlternativeNameType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AltNameType(u8);

impl AltNameType {
    /// rfc822Name: a mailbox.
    pub const EMAIL: Self = Self(2);
    /// dNSName: a host.
    pub const DNS: Self = Self(3);
    /// directoryName.
    pub const DIRECTORY: Self = Self(5);
    /// uniformResourceIdentifier.
    pub const URI: Self = Self(7);
    /// iPAddress.
    pub const IP: Self = Self(8);
    /// registeredID.
    pub const REGISTERED_ID: Self = Self(9);
    /// The GUID of a domain controller.
    pub const GUID: Self = Self(10);
    /// The user principal name of Active Directory.
    pub const UPN: Self = Self(11);

    /// The type with this number.
    #[must_use]
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its name in RFC 5280 or CertEnroll; nothing for a number that is not given out.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "otherName",
            2 => "rfc822Name",
            3 => "dNSName",
            4 => "x400Address",
            5 => "directoryName",
            6 => "ediPartyName",
            7 => "uniformResourceIdentifier",
            8 => "iPAddress",
            9 => "registeredID",
            10 => "GUID",
            11 => "userPrincipalName",
            _ => return None,
        })
    }
}

/// One alternative name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AltName {
    /// Its type.
    pub kind: AltNameType,
    /// Its value, which is everything behind the first `+`.
    pub value: String,
}

/// The names of a certificate beside its subject, as the CSP writes them.
///
/// ```
/// use devicecert_syncml::{AltNameType, AltNames};
///
/// let names = AltNames::parse("11+tom@example.com;3+host.example.com")?;
/// assert_eq!(names.iter().next().unwrap().kind, AltNameType::UPN);
/// assert_eq!(names.to_string(), "11+tom@example.com;3+host.example.com");
/// # Ok::<(), devicecert_syncml::AltNameFault>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AltNames(Vec<AltName>);

impl AltNames {
    /// No names.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a name.
    ///
    /// # Errors
    /// [`AltNameFault`] for an unknown type, an empty value, or one with `;`, which the syntax
    /// cannot carry.
    pub fn with(
        mut self,
        kind: AltNameType,
        value: impl Into<String>,
    ) -> Result<Self, AltNameFault> {
        let name = AltName { kind, value: value.into() };
        match fault(&name) {
            Some((expected, found)) => Err(AltNameFault { offset: 0, expected, found }),
            None => {
                self.0.push(name);
                Ok(self)
            }
        }
    }

    /// Reads the text of the node; a `;` behind the last name is taken too.
    ///
    /// # Errors
    /// [`AltNameFault`] at the first entry that cannot be read.
    pub fn parse(text: &str) -> Result<Self, AltNameFault> {
        let mut names = Vec::new();
        for (span, name) in entries(text) {
            names.push(name.map_err(|(expected, found)| AltNameFault {
                offset: span.start,
                expected,
                found,
            })?);
        }
        Ok(Self(names))
    }

    /// The names in their order.
    pub fn iter(&self) -> impl Iterator<Item = &AltName> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for AltNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { ";" };
            write!(f, "{separator}{}+{}", name.kind.number(), name.value)?;
        }
        Ok(())
    }
}

/// What was expected, and what was found.
pub(crate) type Fault = (&'static str, &'static str);

/// Every entry of the text of the node, each read for itself.
pub(crate) fn entries(text: &str) -> impl Iterator<Item = (Range<usize>, Result<AltName, Fault>)> {
    let mut at = 0_usize;
    text.split(';').filter_map(move |entry| {
        let start = at;
        at = start.saturating_add(entry.len()).saturating_add(1);
        // At the very end, or the node is empty: there is no name then.
        if entry.trim().is_empty() && at > text.len() {
            return None;
        }
        Some((start..start.saturating_add(entry.len()), read(entry)))
    })
}

fn read(entry: &str) -> Result<AltName, Fault> {
    let (number, value) = entry
        .split_once('+')
        .ok_or(("a type number, + and a value, such as 3+host.example.com", "no +"))?;
    let number = number.trim().parse::<u8>();
    let kind =
        AltNameType(number.map_err(|_| ("the number of a type, 1 to 11", "something else"))?);
    let name = AltName { kind, value: value.to_owned() };
    match fault(&name) {
        Some(fault) => Err(fault),
        None => Ok(name),
    }
}

fn fault(name: &AltName) -> Option<Fault> {
    let value = name.value.trim();
    if name.kind.name().is_none() {
        return Some(("the number of a type, 1 to 11", "another number"));
    }
    if value.is_empty() {
        return Some(("a value behind the +", "none"));
    }
    if value.contains(';') {
        return Some(("a value without ;", "one with a ;, which cannot be escaped"));
    }
    if placeholder::is_in(value) {
        return None;
    }
    let upn = name.kind == AltNameType::UPN;
    if upn && value.to_ascii_uppercase().contains("CN=") {
        return Some(("a user principal name such as tom@example.com", "a distinguished name"));
    }
    None
}
