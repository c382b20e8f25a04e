//! Writing DER.

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::tag;

/// Builds one DER encoding from front to back.
///
/// ```
/// use devicecert_pki::asn1::{Writer, tag};
///
/// let der = Writer::build(|w| {
///     w.nested(tag::SEQUENCE, |w| {
///         w.unsigned(5);
///         w.value(tag::OCTET_STRING, b"ab");
///     });
/// });
/// assert_eq!(der, [0x30, 7, 0x02, 1, 5, 0x04, 2, b'a', b'b']);
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// Runs `write` on an empty writer and returns what it wrote.
    #[must_use]
    pub fn build(write: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut writer = Self::default();
        write(&mut writer);
        writer.out
    }

    /// Writes a value with this identifier octet and content.
    pub fn value(&mut self, tag: u8, content: &[u8]) {
        self.out.push(tag);
        self.length(content.len());
        self.out.extend_from_slice(content);
    }

    /// Writes a value with this identifier octet whose content `write` writes.
    pub fn nested(&mut self, tag: u8, write: impl FnOnce(&mut Self)) {
        // A request is written level by level, and holds the challengePassword at the innermost.
        let inner = Zeroizing::new(Self::build(write));
        self.value(tag, &inner);
    }

    /// Writes a SEQUENCE.
    pub fn sequence(&mut self, write: impl FnOnce(&mut Self)) {
        self.nested(tag::SEQUENCE, write);
    }

    /// Writes octets that are an encoding already.
    pub fn raw(&mut self, encoding: &[u8]) {
        self.out.extend_from_slice(encoding);
    }

    /// Writes an OBJECT IDENTIFIER.
    pub fn oid(&mut self, oid: &ObjectIdentifier) {
        self.value(tag::OID, oid.as_bytes());
    }

    /// Writes an INTEGER that is not negative.
    pub fn unsigned(&mut self, value: u64) {
        self.unsigned_octets(&value.to_be_bytes());
    }

    /// Writes an INTEGER that is not negative from its big-endian octets, leading zeros or not.
    pub fn unsigned_octets(&mut self, octets: &[u8]) {
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        let digits = octets.get(zeros..).unwrap_or_default();
        match digits.first() {
            None => self.value(tag::INTEGER, &[0]),
            Some(first) if *first >= 0x80 => {
                self.out.push(tag::INTEGER);
                self.length(digits.len().saturating_add(1));
                self.out.push(0);
                self.out.extend_from_slice(digits);
            }
            Some(_) => self.value(tag::INTEGER, digits),
        }
    }

    /// Writes NULL.
    pub fn null(&mut self) {
        self.value(tag::NULL, &[]);
    }

    /// Writes a BIT STRING of whole octets.
    pub fn bit_string(&mut self, octets: &[u8]) {
        self.out.push(tag::BIT_STRING);
        self.length(octets.len().saturating_add(1));
        self.out.push(0);
        self.out.extend_from_slice(octets);
    }

    /// Writes a SET OF in DER's order: by encoding (X.690 §11.6).
    pub fn set_of(&mut self, tag: u8, elements: Vec<Vec<u8>>) {
        let mut elements = Zeroizing::new(elements);
        elements.sort();
        self.value(tag, &Zeroizing::new(elements.concat()));
    }

    fn length(&mut self, length: usize) {
        match u8::try_from(length) {
            Ok(short) if short < 0x80 => self.out.push(short),
            _ => {
                let octets = (length as u64).to_be_bytes();
                let zeros = octets.iter().take_while(|octet| **octet == 0).count();
                let digits = octets.get(zeros..).unwrap_or_default();
                // At most eight digits, so the count always fits beside the flag bit.
                self.out.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
                self.out.extend_from_slice(digits);
            }
        }
    }
}
