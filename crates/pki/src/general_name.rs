//! The names in a subjectAltName (RFC 5280 §4.2.1.6).

use core::fmt::{self, Write};
use core::net::IpAddr;

use const_oid::ObjectIdentifier;

use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, Found, Misuse};
use crate::name::{Name, turns_or_breaks};
use crate::oid;

const OTHER_NAME: u8 = tag::constructed(0);
const RFC822_NAME: u8 = tag::primitive(1);
const DNS_NAME: u8 = tag::primitive(2);
const DIRECTORY_NAME: u8 = tag::constructed(4);
const URI: u8 = tag::primitive(6);
const IP_ADDRESS: u8 = tag::primitive(7);
const REGISTERED_ID: u8 = tag::primitive(8);

/// One name of a subjectAltName (RFC 5280 §4.2.1.6).
///
/// ```
/// use devicecert_pki::GeneralName;
/// use devicecert_pki::asn1::Reader;
///
/// # fn main() -> Result<(), devicecert_pki::Error> {
/// let name = GeneralName::read(&mut Reader::new(b"\x82\x0fmdm.example.com"))?;
/// assert_eq!(name, GeneralName::Dns("mdm.example.com".into()));
/// assert_eq!(name.to_string(), "DNS:mdm.example.com");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GeneralName {
    /// rfc822Name: a mailbox.
    Email(String),
    /// dNSName.
    Dns(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// iPAddress.
    Ip(IpAddr),
    /// directoryName.
    Directory(Name),
    /// The user principal name of Windows: an otherName of type szOID_NT_PRINCIPAL_NAME.
    Upn(String),
    /// registeredID.
    RegisteredId(ObjectIdentifier),
    /// Any other, as encoded: an otherName of another type, x400Address, ediPartyName, and values
    /// that would not be written as they were read.
    Other(Vec<u8>),
}

impl GeneralName {
    /// Reads the next value as a GeneralName.
    ///
    /// Only what [`write`](Self::write) turns into the same octets becomes a variant with a type.
    /// So [`Dns`](Self::Dns), [`Email`](Self::Email) and [`Uri`](Self::Uri) are never empty and
    /// never hold a NUL, a line break or anything else that is not a printable ASCII character.
    ///
    /// # Errors
    /// [`Error::Malformed`] if there is no value, or it has no context-specific tag.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let tlv = reader.any("a GeneralName")?;
        if !is_context_specific(tlv.tag) {
            return Err(tlv.unexpected("a GeneralName", Found::Tag(tlv.tag)));
        }
        let typed = Self::decode(&tlv).filter(|name| {
            let mut written = Ok(());
            let der = Writer::build(|w| written = name.write(w));
            written.is_ok() && der == tlv.raw
        });
        Ok(typed.unwrap_or_else(|| Self::Other(tlv.raw.to_vec())))
    }

    /// Writes the name.
    ///
    /// # Errors
    /// [`Misuse::Value`] if a mailbox, DNS name or URI is empty or has other than printable ASCII
    /// characters (an internationalised one must be converted first, RFC 5280 §7), if a user
    /// principal name is empty, or if [`Other`](Self::Other) is no GeneralName.
    pub fn write(&self, w: &mut Writer) -> Result<(), Error> {
        match self {
            Self::Email(text) => w.value(RFC822_NAME, printable(text)?),
            Self::Dns(text) => w.value(DNS_NAME, printable(text)?),
            Self::Uri(text) => w.value(URI, printable(text)?),
            Self::Ip(IpAddr::V4(address)) => w.value(IP_ADDRESS, &address.octets()),
            Self::Ip(IpAddr::V6(address)) => w.value(IP_ADDRESS, &address.octets()),
            Self::Directory(name) => w.value(DIRECTORY_NAME, name.as_der()),
            Self::RegisteredId(oid) => w.value(REGISTERED_ID, oid.as_bytes()),
            Self::Upn(text) if text.is_empty() => {
                return Err(Misuse::Value("the user principal name is empty").into());
            }
            Self::Upn(text) => w.nested(OTHER_NAME, |w| {
                w.oid(&oid::NT_PRINCIPAL_NAME);
                w.nested(tag::constructed(0), |w| w.value(tag::UTF8_STRING, text.as_bytes()));
            }),
            Self::Other(der) => {
                let valid =
                    Tlv::parse(der, "a GeneralName").is_ok_and(|tlv| is_context_specific(tlv.tag));
                if !valid {
                    return Err(Misuse::Value("the octets are not those of a GeneralName").into());
                }
                w.raw(der);
            }
        }
        Ok(())
    }

    fn decode(tlv: &Tlv<'_>) -> Option<Self> {
        let text = || String::from_utf8(tlv.value.to_vec()).ok();
        match tlv.tag {
            RFC822_NAME => text().map(Self::Email),
            DNS_NAME => text().map(Self::Dns),
            URI => text().map(Self::Uri),
            IP_ADDRESS => ip_address(tlv.value).map(Self::Ip),
            DIRECTORY_NAME => Name::parse(tlv.value).ok().map(Self::Directory),
            REGISTERED_ID => tlv.oid("a registeredID").ok().map(Self::RegisteredId),
            OTHER_NAME => user_principal_name(tlv).map(Self::Upn),
            _ => None,
        }
    }
}

/// Writes the name for people to read, after the kind of name: `DNS:x`, `email:x`, `URI:x`.
///
/// Do not take this apart again: a name may hold whatever stands between two names in a list.
impl fmt::Display for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(text) => labelled(f, "email:", text),
            Self::Dns(text) => labelled(f, "DNS:", text),
            Self::Uri(text) => labelled(f, "URI:", text),
            Self::Ip(address) => write!(f, "IP:{address}"),
            Self::Directory(name) => write!(f, "dirName:{name}"),
            Self::Upn(text) => labelled(f, "UPN:", text),
            Self::RegisteredId(oid) => write!(f, "RID:{oid}"),
            Self::Other(der) => {
                f.write_str("other:#")?;
                der.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
            }
        }
    }
}

fn labelled(f: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    f.write_str(label)?;
    for character in text.chars() {
        // What a stranger wrote must not start a line in a log, nor turn one.
        if character.is_control() || turns_or_breaks(character) {
            write!(f, "{}", character.escape_unicode())?;
        } else {
            f.write_char(character)?;
        }
    }
    Ok(())
}

const fn is_context_specific(tag: u8) -> bool {
    tag & 0xc0 == 0x80
}

fn printable(text: &str) -> Result<&[u8], Misuse> {
    let printable = text.bytes().all(|octet| (b' '..=b'~').contains(&octet));
    if printable && !text.is_empty() {
        return Ok(text.as_bytes());
    }
    Err(Misuse::Value("a DNS name, mailbox or URI must be printable ASCII and not empty"))
}

fn ip_address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).ok()
}

fn user_principal_name(other_name: &Tlv<'_>) -> Option<String> {
    let mut fields = other_name.reader();
    if fields.oid("the type of an otherName").ok()? != oid::NT_PRINCIPAL_NAME {
        return None;
    }
    let explicit = fields.expect(tag::constructed(0), "the value of an otherName").ok()?;
    let value = explicit.reader().expect(tag::UTF8_STRING, "a user principal name").ok()?;
    String::from_utf8(value.value.to_vec()).ok()
}
