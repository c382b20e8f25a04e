//! The choices of a SCEP request that the CSP has numbers or words for.

/// Where the key is made and kept: `KeyProtection`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyProtection {
    /// In the TPM; without one enrolment fails.
    Tpm,
    /// In the TPM if there is one, else in software.
    TpmIfPresent,
    /// In software, the default of the CSP.
    #[default]
    Software,
    /// In a container of Windows Hello for Business.
    WindowsHello {
        /// The name of the container: `ContainerName`.
        container: String,
        /// What the user reads while asked for the PIN: `CustomTextToShowInPrompt`.
        prompt: Option<String>,
    },
}

impl KeyProtection {
    pub(super) const fn value(&self) -> u32 {
        match self {
            Self::Tpm => 1,
            Self::TpmIfPresent => 2,
            Self::Software => 3,
            Self::WindowsHello { .. } => 4,
        }
    }
}

/// The digests a request may be signed with: `HashAlgorithm`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hash {
    /// SHA-1, for servers that know nothing else.
    Sha1,
    /// The SHA-2 family; the device chooses from what the server has.
    #[default]
    Sha2,
    /// SHA-1 or the SHA-2 family, whichever the server has.
    Sha1OrSha2,
    /// SHA-256 and no other: what Windows Hello for Business asks for.
    Sha256,
}

impl Hash {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha2 => "SHA-2",
            Self::Sha1OrSha2 => "SHA-1+SHA-2",
            Self::Sha256 => "SHA256",
        }
    }
}

/// How long the certificate should last: `ValidPeriod`, the unit, and `ValidPeriodUnits`, the
/// number. Most servers decide by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValidFor {
    /// So many days.
    Days(u32),
    /// So many months.
    Months(u32),
    /// So many years.
    Years(u32),
}

impl ValidFor {
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::Days(_) => "Days",
            Self::Months(_) => "Months",
            Self::Years(_) => "Years",
        }
    }

    pub(super) const fn count(self) -> u32 {
        match self {
            Self::Days(count) | Self::Months(count) | Self::Years(count) => count,
        }
    }
}
