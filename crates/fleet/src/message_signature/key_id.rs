//! The `keyid` of a signature: which host identity certificate it is.

use core::fmt;

use devicecert_pki::Certificate;

use super::error::{Error, Rejected};

/// The serial number of a host identity certificate.
///
/// Fleet's server takes serial numbers of up to 64 bits, and its own CA makes no others.
///
/// ```
/// use devicecert_fleet::message_signature::KeyId;
///
/// let id: KeyId = "1F".parse()?;
/// assert_eq!(id, KeyId::from(31));
/// assert_eq!(id.to_string(), "1F");
/// # Ok::<(), devicecert_fleet::message_signature::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(u64);

impl KeyId {
    /// The serial number of this certificate.
    ///
    /// # Errors
    /// [`Rejected::KeyId`] if it is negative or has more than 64 bits.
    pub fn of(certificate: &Certificate) -> Result<Self, Error> {
        let octets = certificate.serial();
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        let digits = octets.get(zeros..).unwrap_or_default();
        let is_negative = octets.first().is_none_or(|first| *first >= 0x80);
        match is_negative || digits.len() > 8 {
            true => Err(Rejected::KeyId.into()),
            false => Ok(Self(digits.iter().fold(0, |id, octet| (id << 8) | u64::from(*octet)))),
        }
    }

    /// The number.
    #[must_use]
    pub const fn serial(self) -> u64 {
        self.0
    }
}

impl From<u64> for KeyId {
    fn from(serial: u64) -> Self {
        Self(serial)
    }
}

impl core::str::FromStr for KeyId {
    type Err = Error;

    /// Reads hexadecimal digits, of either case and with or without leading zeros, as Fleet does.
    ///
    /// # Errors
    /// [`Rejected::KeyId`] for anything else, and for more than 64 bits.
    fn from_str(text: &str) -> Result<Self, Error> {
        // The standard library would take a sign, too.
        let is_hex = text.bytes().all(|octet| octet.is_ascii_hexdigit());
        let serial = u64::from_str_radix(text, 16).ok().filter(|_| is_hex);
        serial.map(Self).ok_or_else(|| Rejected::KeyId.into())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}", self.0)
    }
}
