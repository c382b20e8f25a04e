//! Distinguished names (RFC 5280 §4.1.2.4).

mod attribute;
mod build;
mod compare;
mod display;
mod dotted;
mod known;
mod parse;
mod slash;

use core::fmt;
use core::str::FromStr;

use crate::asn1::{Reader, tag};
use crate::error::{Error, Found, LimitExceeded, Misuse};

pub use attribute::NameAttribute;
pub(crate) use display::turns_or_breaks;

/// Attributes that one name may have, and so RDNs too: none is empty.
const MAX_ATTRIBUTES: usize = 64;

/// A distinguished name (RFC 5280 §4.1.2.4), kept as it was encoded.
///
/// Written and read as text in the form of RFC 4514, where the most specific part comes first:
///
/// ```
/// use devicecert_pki::Name;
///
/// # fn main() -> Result<(), devicecert_pki::Error> {
/// let name: Name = r"CN=Acme\, Inc. laptop 7,O=Acme\, Inc.,C=CH".parse()?;
/// assert_eq!(name.common_name().as_deref(), Some("Acme, Inc. laptop 7"));
/// assert_eq!(name, Name::from_slash_form("/C=CH/O=Acme, Inc./CN=Acme, Inc. laptop 7")?);
/// assert_eq!(name, Name::parse(name.as_der())?);
/// # Ok(())
/// # }
/// ```
///
/// `==` compares the encodings octet by octet, as issuer and serial number are compared when
/// somebody looks for a certificate; [`Name::matches`] compares what they mean, and
/// [`Name::says_the_same`] what they say.
///
/// What is made from text is encoded as RFC 5280 §4.1.2.4 asks: C, serialNumber and dnQualifier
/// as PrintableString, DC and emailAddress as IA5String, all others as UTF8String.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    der: Vec<u8>,
}

impl Name {
    /// Takes a name in DER.
    ///
    /// Only the framing is checked, so that a certificate whose CA had its own idea of a name can
    /// still be read: values of any type are carried, and so is a multi-valued RDN out of order.
    ///
    /// # Errors
    /// [`Error::Malformed`] if this is no SEQUENCE OF SET OF type and value, and
    /// [`Error::LimitExceeded`] if it has more than 64 attributes.
    pub fn parse(der: &[u8]) -> Result<Self, Error> {
        read(der)?;
        Ok(Self { der: der.to_vec() })
    }

    /// Takes the next value of `reader`, which `expected` names for the error.
    pub(crate) fn read(reader: &mut Reader<'_>, expected: &'static str) -> Result<Self, Error> {
        let name = reader.expect(tag::SEQUENCE, expected)?;
        Self::parse(name.raw).map_err(|error| error.within(name.offset))
    }

    /// The name without any attribute, as in a certificate that has only a subjectAltName.
    #[must_use]
    pub fn empty() -> Self {
        build::Builder::default().finish()
    }

    /// Whether there is no attribute at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes().is_empty()
    }

    /// The encoding, as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Reads the slash form of OpenSSL's `-subj` and of many admin tools: `/C=CH/O=Acme/CN=x`,
    /// most specific last.
    ///
    /// As there, `/` starts an RDN and `+` a further attribute of the same one unless a `\` stands
    /// before them, blanks count, and an attribute without a value is left out.
    ///
    /// # Errors
    /// [`Misuse::Name`] at the place that cannot be read. Unlike OpenSSL this also refuses unknown
    /// attribute types, rather than leave them out.
    pub fn from_slash_form(text: &str) -> Result<Self, Error> {
        slash::parse(text)
    }

    /// Makes a name of RDNs, outermost first, each of one or more types and values.
    ///
    /// This is the shape of the `Subject` arrays in Apple's profiles. A type is a short name in
    /// any case (`CN`, `ou`) or an object identifier in dotted form; a value is taken literally.
    ///
    /// # Errors
    /// [`Misuse::Value`] for an unknown type, a value that its type cannot carry or an RDN without
    /// attributes; [`Error::LimitExceeded`] for more than 64 attributes.
    pub fn from_rdns<'a>(
        rdns: impl IntoIterator<Item = impl IntoIterator<Item = (&'a str, &'a str)>>,
    ) -> Result<Self, Error> {
        let mut builder = build::Builder::default();
        for rdn in rdns {
            let mut joined = false;
            for (key, text) in rdn {
                let kind = known::AttributeType::lookup(key)
                    .ok_or(Misuse::Value("the attribute type is not known, nor is it an OID"))?;
                let value = kind.encode(text).map_err(Misuse::Value)?;
                builder.push(joined, &kind.oid, &value)?;
                joined = true;
            }
            if !joined {
                return Err(Misuse::Value("an RDN needs at least one attribute").into());
            }
        }
        Ok(builder.finish())
    }

    /// Every attribute in the order of the encoding: outermost RDN first.
    #[must_use]
    pub fn attributes(&self) -> Vec<NameAttribute<'_>> {
        // Nothing becomes a `Name` that was not read, or written, by this module.
        read(&self.der).unwrap_or_default()
    }

    /// The commonName; of several the last, which is the most specific one.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        let attributes = self.attributes();
        attributes.iter().rev().find(|attribute| attribute.is(known::COMMON_NAME))?.text()
    }

    /// Whether both names mean the same, in the spirit of RFC 5280 §7.1.
    ///
    /// The RDNs must be equal in number and order, the attributes of one RDN in any order. Texts
    /// are equal whatever string type they are in, in upper or lower case and with any blanks
    /// between the words and around them; other values must be equal octet by octet. Unicode
    /// normalisation (RFC 4518 §2.3) is not done.
    ///
    /// A match alone must not decide on trust: it says who is meant, not who signed.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self == other || compare::canonical(self) == compare::canonical(other)
    }

    /// Whether both names say the same, character by character: the same attributes in the same
    /// RDNs, in texts that differ in nothing but their string type, which clients choose anew each
    /// time.
    ///
    /// This is the comparison for what somebody may have. [`matches`](Self::matches) is too loose
    /// for that: `CN=Admin` is not `CN=admin`.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self == other || compare::said(self) == compare::said(other)
    }
}

/// Reads the RFC 4514 form.
///
/// Also taken is what its predecessors allowed and people still write: blanks around `,` `+` `=`
/// (RFC 2253 §4), values in quotation marks, in which `""` stands for one, `;` between RDNs and
/// `OID.` before an object identifier (RFC 1779). A text that starts with `/` is read by
/// [`Name::from_slash_form`]; an empty one is the empty name.
///
/// # Errors
/// [`Misuse::Name`] at the place that cannot be read, [`Error::LimitExceeded`] for more than 64
/// attributes.
impl FromStr for Name {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.starts_with('/') { slash::parse(text) } else { parse::parse(text) }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

fn read(der: &[u8]) -> Result<Vec<NameAttribute<'_>>, Error> {
    let mut outer = Reader::new(der);
    let mut rdns = outer.sequence("a distinguished name")?;
    outer.finish("the end of the distinguished name")?;

    let mut attributes = Vec::new();
    let mut rdn = 0_usize;
    while !rdns.is_empty() {
        let set = rdns.expect(tag::SET, "a RelativeDistinguishedName")?;
        let mut members = set.reader();
        if members.is_empty() {
            let found = Found::Value("an empty RelativeDistinguishedName");
            return Err(set.unexpected("an attribute", found));
        }
        while !members.is_empty() {
            attributes.push(NameAttribute::read(rdn, &mut members)?);
            check_count(attributes.len())?;
        }
        rdn = rdn.saturating_add(1);
    }
    Ok(attributes)
}

fn check_count(attributes: usize) -> Result<(), LimitExceeded> {
    LimitExceeded::check("attributes of a distinguished name", MAX_ATTRIBUTES, attributes)
}
