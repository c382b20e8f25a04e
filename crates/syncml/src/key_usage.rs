//! The `KeyUsage` node: the first octet of the extension, as a decimal number.

use core::ops::BitOr;

use devicecert_pki as pki;

/// What the key of a request may be used for, as the CSP counts: digitalSignature is 128.
///
/// Apple counts the other way round (digitalSignature is 1), so its masks are reversed:
///
/// ```
/// use devicecert_syncml::KeyUsage;
///
/// let usage = KeyUsage::from_apple(5);
/// assert_eq!(usage, KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT);
/// assert_eq!((usage.value(), usage.to_apple()), (160, 5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyUsage(u8);

impl KeyUsage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: Self = Self(0x80);
    /// keyEncipherment.
    pub const KEY_ENCIPHERMENT: Self = Self(0x20);
    /// Both, which is what most servers issue for.
    pub const SIGN_AND_ENCIPHER: Self = Self(0xa0);

    const NAMES: [&'static str; 8] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
    ];

    /// The usage with this value of the node.
    #[must_use]
    pub const fn new(value: u8) -> Self {
        Self(value)
    }

    /// The value of the node.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.0
    }

    /// The usage that Apple's `Key Usage` or `UsageFlags` means.
    #[must_use]
    pub const fn from_apple(mask: u8) -> Self {
        Self(mask.reverse_bits())
    }

    /// What Apple's `Key Usage` or `UsageFlags` would be.
    #[must_use]
    pub const fn to_apple(self) -> u8 {
        self.0.reverse_bits()
    }

    /// Whether the CSP takes it: a key must sign or encipher keys.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        self.0 & Self::SIGN_AND_ENCIPHER.0 != 0
    }

    /// The names of the bits that are set, in the words of RFC 5280.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let bit = |at: usize| 0x80_u8.checked_shr(u32::try_from(at).unwrap_or(8)).unwrap_or(0);
        let names = Self::NAMES.into_iter().enumerate();
        names.filter(move |(at, _)| self.0 & bit(*at) != 0).map(|(_, name)| name)
    }
}

/// decipherOnly, in the second octet, cannot be said and is lost.
impl From<pki::KeyUsage> for KeyUsage {
    fn from(usage: pki::KeyUsage) -> Self {
        let set =
            usage.names().filter_map(|name| Self::NAMES.iter().position(|known| *known == name));
        let bits = set.map(|at| 0x80_u8.checked_shr(u32::try_from(at).unwrap_or(8)).unwrap_or(0));
        Self(bits.fold(0, |all, bit| all | bit))
    }
}

impl BitOr for KeyUsage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
