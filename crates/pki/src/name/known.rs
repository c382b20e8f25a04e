//! The attribute types that have a name here, and how their values are written.

use const_oid::ObjectIdentifier;

use super::dotted;
use crate::asn1::{Writer, tag};

/// id-at-commonName (RFC 5280 A.1).
pub(super) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// An attribute type with a name.
#[derive(Debug)]
pub(super) struct Known {
    oid: ObjectIdentifier,
    /// As it is written: RFC 4514 §3 and RFC 4519 where they name it, OpenSSL otherwise.
    pub(super) name: &'static str,
    aliases: &'static [&'static str],
    pub(super) syntax: Syntax,
}

/// The string type that values of an attribute are written in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Syntax {
    Printable,
    Ia5,
    Utf8,
}

use Syntax::{Ia5, Printable, Utf8};

const fn known(
    oid: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
    syntax: Syntax,
) -> Known {
    Known { oid: ObjectIdentifier::new_unwrap(oid), name, aliases, syntax }
}

/// RFC 5280 A.1, RFC 4519 §2, RFC 2985 §5, and the EV guidelines of the CA/Browser Forum. The
/// aliases are the long names, and the letters of Windows (`S`, `G`, `I`, `E`, `T`).
///
/// `SN` is the surname, there as in RFC 4519; the serial number of a device is `serialNumber`.
static KNOWN: &[Known] = &[
    known("2.5.4.3", "CN", &["commonName"], Utf8),
    known("2.5.4.4", "SN", &["surname"], Utf8),
    known("2.5.4.5", "serialNumber", &[], Printable),
    known("2.5.4.6", "C", &["countryName"], Printable),
    known("2.5.4.7", "L", &["localityName"], Utf8),
    known("2.5.4.8", "ST", &["S", "stateOrProvinceName"], Utf8),
    known("2.5.4.9", "STREET", &["streetAddress"], Utf8),
    known("2.5.4.10", "O", &["organizationName"], Utf8),
    known("2.5.4.11", "OU", &["organizationalUnitName"], Utf8),
    known("2.5.4.12", "title", &["T"], Utf8),
    known("2.5.4.13", "description", &[], Utf8),
    known("2.5.4.15", "businessCategory", &[], Utf8),
    known("2.5.4.17", "postalCode", &[], Utf8),
    known("2.5.4.41", "name", &[], Utf8),
    known("2.5.4.42", "givenName", &["GN", "G"], Utf8),
    known("2.5.4.43", "initials", &["I"], Utf8),
    known("2.5.4.44", "generationQualifier", &[], Utf8),
    known("2.5.4.46", "dnQualifier", &[], Printable),
    known("2.5.4.65", "pseudonym", &[], Utf8),
    known("2.5.4.97", "organizationIdentifier", &[], Utf8),
    known("0.9.2342.19200300.100.1.1", "UID", &["userId"], Utf8),
    known("0.9.2342.19200300.100.1.25", "DC", &["domainComponent"], Ia5),
    known("1.2.840.113549.1.9.1", "emailAddress", &["E", "Email"], Ia5),
    known("1.2.840.113549.1.9.2", "unstructuredName", &[], Utf8),
    known("1.2.840.113549.1.9.8", "unstructuredAddress", &[], Utf8),
    known("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL", &["jurisdictionLocalityName"], Utf8),
    known("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST", &["jurisdictionStateOrProvinceName"], Utf8),
    known("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC", &["jurisdictionCountryName"], Printable),
];

/// What is known of the type with these content octets.
pub(super) fn find(oid: &[u8]) -> Option<&'static Known> {
    KNOWN.iter().find(|kind| kind.oid.as_bytes() == oid)
}

/// An attribute type as named in a text.
#[derive(Debug)]
pub(super) struct AttributeType {
    /// Content octets of the object identifier.
    pub(super) oid: Vec<u8>,
    syntax: Syntax,
}

impl AttributeType {
    /// Finds a type by any of its names or by its object identifier, with or without `OID.`.
    pub(super) fn lookup(text: &str) -> Option<Self> {
        let named = KNOWN.iter().find(|kind| {
            let mut names = core::iter::once(&kind.name).chain(kind.aliases);
            names.any(|name| name.eq_ignore_ascii_case(text))
        });
        if let Some(kind) = named {
            return Some(Self { oid: kind.oid.as_bytes().to_vec(), syntax: kind.syntax });
        }
        let digits = match text.split_at_checked(4) {
            Some((prefix, digits)) if prefix.eq_ignore_ascii_case("OID.") => digits,
            _ => text,
        };
        let oid = dotted::from_text(digits)?;
        let syntax = find(&oid).map_or(Utf8, |kind| kind.syntax);
        Some(Self { oid, syntax })
    }

    /// Encodes a value, or says what could be encoded instead.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u8>, &'static str> {
        if !self.syntax.allows(text) {
            return Err(self.syntax.expected());
        }
        Ok(Writer::build(|w| w.value(self.syntax.tag(), text.as_bytes())))
    }
}

impl Syntax {
    /// Whether a text fits.
    pub(super) fn allows(self, text: &str) -> bool {
        match self {
            Self::Printable => text
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&octet)),
            Self::Ia5 => text.is_ascii(),
            Self::Utf8 => true,
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Printable => "nothing but letters, digits, blanks and ' ( ) + , - . / : = ?",
            Self::Ia5 => "nothing but ASCII characters",
            Self::Utf8 => "text",
        }
    }

    const fn tag(self) -> u8 {
        match self {
            Self::Printable => tag::PRINTABLE_STRING,
            Self::Ia5 => tag::IA5_STRING,
            Self::Utf8 => tag::UTF8_STRING,
        }
    }
}
