//! A small DER reader and writer.
//!
//! The reader lends: every value it returns is a slice of the input with the place it came from,
//! so a signature can be checked over the very bytes that were sent. It takes any definite length
//! (also one that DER would write shorter) and any single-octet tag, because certificates with
//! both exist. Indefinite lengths and constructed strings are the business of [`crate::ber`].

mod reader;
mod writer;

pub use reader::{Reader, Tlv};
pub use writer::Writer;

/// Identifier octets of the types that this workspace meets (X.690 §8.1.2).
pub mod tag {
    /// BOOLEAN.
    pub const BOOLEAN: u8 = 0x01;
    /// INTEGER.
    pub const INTEGER: u8 = 0x02;
    /// BIT STRING.
    pub const BIT_STRING: u8 = 0x03;
    /// OCTET STRING.
    pub const OCTET_STRING: u8 = 0x04;
    /// NULL.
    pub const NULL: u8 = 0x05;
    /// OBJECT IDENTIFIER.
    pub const OID: u8 = 0x06;
    /// ENUMERATED.
    pub const ENUMERATED: u8 = 0x0a;
    /// UTF8String.
    pub const UTF8_STRING: u8 = 0x0c;
    /// NumericString.
    pub const NUMERIC_STRING: u8 = 0x12;
    /// PrintableString.
    pub const PRINTABLE_STRING: u8 = 0x13;
    /// TeletexString, also called T61String.
    pub const TELETEX_STRING: u8 = 0x14;
    /// IA5String.
    pub const IA5_STRING: u8 = 0x16;
    /// UTCTime.
    pub const UTC_TIME: u8 = 0x17;
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// VisibleString.
    pub const VISIBLE_STRING: u8 = 0x1a;
    /// UniversalString.
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    /// BMPString.
    pub const BMP_STRING: u8 = 0x1e;
    /// SEQUENCE and SEQUENCE OF.
    pub const SEQUENCE: u8 = 0x30;
    /// SET and SET OF.
    pub const SET: u8 = 0x31;

    /// Context-specific `[number]`, constructed. `number` is taken modulo 31.
    #[must_use]
    pub const fn constructed(number: u8) -> u8 {
        0xa0 | (number & 0x1f)
    }

    /// Context-specific `[number]`, primitive. `number` is taken modulo 31.
    #[must_use]
    pub const fn primitive(number: u8) -> u8 {
        0x80 | (number & 0x1f)
    }
}
