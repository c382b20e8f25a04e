//! What a key is for, as a number.

/// The bits of `Key Usage` in SCEP and of `UsageFlags` in ACME payloads.
///
/// The bits are those of X.509 counted from the other end: 1 is digitalSignature, 4 is
/// keyEncipherment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyUsage(pub u32);

impl KeyUsage {
    /// The request names no usage; the CA decides. This is what a device does when the key is
    /// absent.
    pub const UNSPECIFIED: Self = Self(0);
    /// For signatures, which is all that EAP-TLS with current TLS versions needs.
    pub const SIGNING: Self = Self(1);
    /// For encryption to the device.
    pub const ENCRYPTION: Self = Self(4);
    /// For both. Some CAs, such as those of Windows, issue certificates for either only.
    pub const SIGNING_AND_ENCRYPTION: Self = Self(5);

    /// Whether signatures are among it.
    #[must_use]
    pub const fn signs(self) -> bool {
        self.0 & 1 != 0
    }

    /// Whether encryption is among it.
    #[must_use]
    pub const fn encrypts(self) -> bool {
        self.0 & 4 != 0
    }
}
