//! What payloads point at each other with.

use core::fmt;

/// The `PayloadUUID` of a profile or payload.
///
/// Any text, as devices take any, where [`Uuid`](crate::Uuid) is one in the form of RFC 9562. Two
/// are equal whatever the case of their letters, because Apple's tools write upper case and others
/// do not.
///
/// ```
/// use devicecert_mobileconfig::payload::PayloadUuid;
///
/// let profile = PayloadUuid::from("4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC");
/// assert_eq!(profile, PayloadUuid::from("4cd1bd65-1d2c-4e9e-9e18-9bcd400cdedc"));
/// assert_eq!(profile.derive("wifi"), profile.derive("wifi"));
/// ```
#[derive(Clone, Debug)]
pub struct PayloadUuid(String);

/// A payload that holds, or gets, a private key with its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityHandle(PayloadUuid);

/// A payload that holds a certificate to trust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateHandle(PayloadUuid);

/// A payload that no other points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayloadHandle(PayloadUuid);

impl PayloadUuid {
    /// The text, as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has the form that Apple's schema asks of references: five groups of 8, 4, 4, 4
    /// and 12 ASCII letters and digits.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let groups = self.0.split('-').map(|group| {
            group.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(group.len())
        });
        groups.eq([8, 4, 4, 4, 12].map(Some))
    }

    /// Another UUID, always the same one for the same `name`.
    ///
    /// A device keeps the key and certificate of a payload as long as its identifier and UUID stay
    /// what they were; so they must not change each time a profile is built.
    #[must_use]
    pub fn derive(&self, name: &str) -> Self {
        // FNV-1a over 128 bits, in a UUID of version 8 (RFC 9562 §5.8). It has to be stable and
        // spread well; nothing rests on nobody finding two names with the same result.
        let upper = self.0.to_ascii_uppercase();
        let octets = upper.bytes().chain([0]).chain(name.bytes());
        let hash = octets.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, octet| {
            (hash ^ u128::from(octet)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
        let version = 0x8_u128 << 76;
        let variant = 0b10_u128 << 62;
        let value = hash & !(0xf << 76) & !(0b11 << 62) | version | variant;
        Self(format!(
            "{:08X}-{:04X}-{:04X}-{:04X}-{:012X}",
            value >> 96,
            (value >> 80) & 0xffff,
            (value >> 64) & 0xffff,
            (value >> 48) & 0xffff,
            value & 0xffff_ffff_ffff,
        ))
    }
}

impl From<&str> for PayloadUuid {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for PayloadUuid {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<crate::Uuid> for PayloadUuid {
    fn from(uuid: crate::Uuid) -> Self {
        Self(uuid.to_string())
    }
}

impl PartialEq for PayloadUuid {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for PayloadUuid {}

impl fmt::Display for PayloadUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! handle {
    ($name:ident) => {
        impl $name {
            /// The UUID of the payload.
            #[must_use]
            pub const fn uuid(&self) -> &PayloadUuid {
                &self.0
            }
        }

        /// For a payload that is already in a profile; one made here gets its handle from
        /// [`ProfileBuilder::add`](super::ProfileBuilder::add).
        impl From<PayloadUuid> for $name {
            fn from(uuid: PayloadUuid) -> Self {
                Self(uuid)
            }
        }
    };
}

handle!(IdentityHandle);
handle!(CertificateHandle);
handle!(PayloadHandle);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_uuids_have_version_and_variant() {
        let profile = PayloadUuid::from("4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC");
        for name in ["scep", "root", ""] {
            let text = profile.derive(name).to_string();
            assert_eq!(text.len(), 36);
            assert_eq!(text.as_bytes()[14], b'8', "{text}");
            assert!(b"89AB".contains(&text.as_bytes()[19]), "{text}");
        }
        assert_ne!(profile.derive("scep"), profile.derive("root"));
        assert_ne!(profile.derive("scep"), PayloadUuid::from("other").derive("scep"));
    }
}
