//! Certificate extensions (RFC 5280 §4.2), and those of a request (RFC 2985 §5.4.2).

use core::ops::BitOr;

use const_oid::ObjectIdentifier;

use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, Found, LimitExceeded};
use crate::general_name::GeneralName;
use crate::limits::Limits;
use crate::oid;

mod pointers;

/// One extension, its value kept as it was encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Which extension.
    pub oid: ObjectIdentifier,
    /// Whether who does not know it must refuse the certificate.
    pub critical: bool,
    /// The encoding inside extnValue.
    pub value: Vec<u8>,
}

/// The extensions of a certificate or request, in their order.
///
/// Each accessor decodes on demand: an extension with garbage inside spoils only itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions(Vec<Extension>);

/// KeyUsage (RFC 5280 §4.2.1.3), a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyUsage(u16);

/// BasicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is a CA.
    pub ca: bool,
    /// How many intermediate certificates may follow.
    pub path_len: Option<u64>,
}

impl Extension {
    /// keyUsage, critical (RFC 5280 §4.2.1.3).
    #[must_use]
    pub fn key_usage(usage: KeyUsage) -> Self {
        Self { oid: oid::KEY_USAGE, critical: true, value: usage.to_der() }
    }

    /// extKeyUsage, not critical (RFC 5280 §4.2.1.12).
    #[must_use]
    pub fn extended_key_usage(purposes: &[ObjectIdentifier]) -> Self {
        let value = Writer::build(|w| {
            w.sequence(|w| purposes.iter().for_each(|purpose| w.oid(purpose)));
        });
        Self { oid: oid::EXTENDED_KEY_USAGE, critical: false, value }
    }

    /// subjectAltName; critical where the subject is empty (RFC 5280 §4.2.1.6).
    ///
    /// # Errors
    /// [`Misuse`](crate::error::Misuse) for a name that cannot be encoded.
    pub fn subject_alt_name(names: &[GeneralName], critical: bool) -> Result<Self, Error> {
        let mut written = Ok(());
        let value = Writer::build(|w| {
            w.sequence(|w| written = names.iter().try_for_each(|name| name.write(w)));
        });
        written?;
        Ok(Self { oid: oid::SUBJECT_ALT_NAME, critical, value })
    }

    /// Reads the next value of `reader` as one Extension.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut fields = reader.sequence("Extension")?;
        let oid = fields.oid("extnID")?;
        let critical = fields
            .optional(tag::BOOLEAN, "critical")?
            .is_some_and(|critical| critical.value.iter().any(|octet| *octet != 0));
        let value = fields.expect(tag::OCTET_STRING, "extnValue")?.value.to_vec();
        fields.finish("the end of Extension")?;
        Ok(Self { oid, critical, value })
    }

    /// Writes the SEQUENCE.
    pub fn write(&self, w: &mut Writer) {
        w.sequence(|w| {
            w.oid(&self.oid);
            if self.critical {
                w.value(tag::BOOLEAN, &[0xff]);
            }
            w.value(tag::OCTET_STRING, &self.value);
        });
    }
}

impl Extensions {
    /// The most alternative names, or purposes, that are read of one extension.
    pub const MAX_NAMES: usize = 256;

    /// Reads the next value of `reader` as an Extensions SEQUENCE.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none,
    /// [`LimitExceeded`](crate::error::LimitExceeded) for too many.
    pub fn read(reader: &mut Reader<'_>, limits: &Limits) -> Result<Self, Error> {
        let mut fields = reader.sequence("Extensions")?;
        let mut all = Vec::new();
        while !fields.is_empty() {
            LimitExceeded::check("extensions", limits.attributes, all.len().saturating_add(1))?;
            all.push(Extension::read(&mut fields)?);
        }
        Ok(Self(all))
    }

    /// Every extension, in its order.
    pub fn iter(&self) -> impl Iterator<Item = &Extension> {
        self.0.iter()
    }

    /// The first extension with this identifier.
    #[must_use]
    pub fn get(&self, oid: ObjectIdentifier) -> Option<&Extension> {
        self.0.iter().find(|extension| extension.oid == oid)
    }

    /// Whether an extension is there twice, which RFC 5280 §4.2 forbids.
    #[must_use]
    pub fn has_duplicates(&self) -> bool {
        let mut all: Vec<&[u8]> = self.0.iter().map(|one| one.oid.as_bytes()).collect();
        all.sort_unstable();
        all.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// keyUsage; `None` where it is absent or unreadable.
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        KeyUsage::from_der(&self.get(oid::KEY_USAGE)?.value).ok()
    }

    /// basicConstraints; `None` where it is absent or unreadable.
    #[must_use]
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        BasicConstraints::from_der(&self.get(oid::BASIC_CONSTRAINTS)?.value).ok()
    }

    /// The purposes of extKeyUsage; `None` where it is absent or unreadable.
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<Vec<ObjectIdentifier>> {
        let value = &self.get(oid::EXTENDED_KEY_USAGE)?.value;
        let mut fields = Reader::new(value).sequence("extKeyUsage").ok()?;
        let mut purposes = Vec::new();
        while !fields.is_empty() && purposes.len() < Self::MAX_NAMES {
            purposes.push(fields.oid("KeyPurposeId").ok()?);
        }
        Some(purposes)
    }

    /// The names of subjectAltName; none where it is absent.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) where it is unreadable: a CA must not issue for
    /// names it cannot see. [`LimitExceeded`](crate::error::LimitExceeded) for more than
    /// [`MAX_NAMES`](Self::MAX_NAMES).
    pub fn subject_alt_name(&self) -> Result<Vec<GeneralName>, Error> {
        let Some(extension) = self.get(oid::SUBJECT_ALT_NAME) else {
            return Ok(Vec::new());
        };
        let mut value = Reader::new(&extension.value);
        let mut fields = value.sequence("GeneralNames")?;
        value.finish("the end of subjectAltName")?;
        let mut names = Vec::new();
        while !fields.is_empty() {
            let count = names.len().saturating_add(1);
            LimitExceeded::check("alternative names", Self::MAX_NAMES, count)?;
            names.push(GeneralName::read(&mut fields)?);
        }
        Ok(names)
    }

    /// The octets of subjectKeyIdentifier; `None` where it is absent or unreadable.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        let value = &self.get(oid::SUBJECT_KEY_IDENTIFIER)?.value;
        let tlv = Tlv::parse(value, "subjectKeyIdentifier").ok()?;
        (tlv.tag == tag::OCTET_STRING).then_some(tlv.value)
    }
}

impl FromIterator<Extension> for Extensions {
    fn from_iter<I: IntoIterator<Item = Extension>>(extensions: I) -> Self {
        Self(extensions.into_iter().collect())
    }
}

impl KeyUsage {
    /// digitalSignature, bit 0.
    pub const DIGITAL_SIGNATURE: Self = Self(0x8000);
    /// keyEncipherment, bit 2.
    pub const KEY_ENCIPHERMENT: Self = Self(0x2000);
    /// keyAgreement, bit 4.
    pub const KEY_AGREEMENT: Self = Self(0x0800);
    /// keyCertSign, bit 5.
    pub const KEY_CERT_SIGN: Self = Self(0x0400);
    /// cRLSign, bit 6.
    pub const CRL_SIGN: Self = Self(0x0200);

    /// digitalSignature and keyEncipherment: what RFC 8894 asks of who takes part in SCEP.
    pub const SIGN_AND_ENCIPHER: Self = Self(0xa000);
    /// digitalSignature and keyAgreement: the same with an EC key (RFC 5480 §3).
    pub const SIGN_AND_AGREE: Self = Self(0x8800);

    const NAMES: [&'static str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    /// Whether every bit of `other` is set here.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names of the bits that are set, in the standard's words.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES
            .into_iter()
            .enumerate()
            .filter(move |(bit, _)| {
                (self.0.wrapping_shl(u32::try_from(*bit).unwrap_or(15))) & 0x8000 != 0
            })
            .map(|(_, name)| name)
    }

    fn from_der(der: &[u8]) -> Result<Self, Error> {
        let tlv = Reader::new(der).expect(tag::BIT_STRING, "KeyUsage")?;
        let mut bits = tlv.value.iter().copied().skip(1);
        let first = bits.next().unwrap_or(0);
        let second = bits.next().unwrap_or(0);
        Ok(Self(u16::from_be_bytes([first, second])))
    }

    fn to_der(self) -> Vec<u8> {
        let [first, second] = self.0.to_be_bytes();
        let unused = u8::try_from(self.0.trailing_zeros().min(15) & 7).unwrap_or(0);
        Writer::build(|w| match second {
            0 => w.value(tag::BIT_STRING, &[unused, first]),
            second => w.value(tag::BIT_STRING, &[unused, first, second]),
        })
    }
}

impl BitOr for KeyUsage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BasicConstraints {
    fn from_der(der: &[u8]) -> Result<Self, Error> {
        let outer = Tlv::parse(der, "BasicConstraints")?;
        if outer.tag != tag::SEQUENCE {
            return Err(outer.unexpected("BasicConstraints", Found::Tag(outer.tag)));
        }
        let mut fields = outer.reader();
        let ca = fields
            .optional(tag::BOOLEAN, "cA")?
            .is_some_and(|ca| ca.value.iter().any(|octet| *octet != 0));
        let path_len = fields
            .optional(tag::INTEGER, "pathLenConstraint")?
            .map(|length| length.unsigned("pathLenConstraint"))
            .transpose()?;
        Ok(Self { ca, path_len })
    }
}
