//! The key of an identity.

use devicecert_mobileconfig::payload::{Attestation, Curve};

/// What kind of key there is to be, where it is kept and who may have it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// Its type and length. RSA of 2048 bits in a new request.
    pub kind: KeyType,
    /// Where it is made and kept. In software in a new request.
    pub storage: KeyStorage,
    /// Whether it can be taken off the device. Not in a new request, although Apple's devices
    /// assume that it can.
    pub extractable: bool,
    /// Whether every app of a Mac may use it without asking. Not in a new request; some VPN clients
    /// need it.
    pub all_apps_access: bool,
}

/// The type of a key and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// RSA with so many bits: with SCEP 1024, 2048 or 4096.
    Rsa(u32),
    /// On an elliptic curve: with ACME only.
    Ec(Curve),
}

/// Where a key is made and kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyStorage {
    /// In software.
    #[default]
    Software,
    /// In the TPM of a Windows computer; without one the enrolment fails.
    Tpm,
    /// In the TPM of a Windows computer if it has one, else in software.
    TpmIfPresent,
    /// In a container of Windows Hello for Business; RSA of 2048 bits only.
    WindowsHello {
        /// The name of the container.
        container: String,
        /// What the user reads while asked for the PIN.
        prompt: Option<String>,
    },
    /// In the Secure Enclave of an Apple device, with ACME only; P-256 or P-384.
    SecureEnclave(Attestation),
}

impl Default for Key {
    fn default() -> Self {
        Self {
            kind: KeyType::Rsa(2048),
            storage: KeyStorage::default(),
            extractable: false,
            all_apps_access: false,
        }
    }
}
