//! HRESULTs: what Windows says went wrong.

use core::fmt;
use core::str::FromStr;

use crate::error::{Error, Misuse};

/// An error of Windows. The `ErrorCode` node has it as a signed number in decimal digits.
///
/// ```
/// use devicecert_syncml::results::HResult;
///
/// let error: HResult = "-2145844748".parse()?;
/// assert_eq!(error.code(), 0x801901F4);
/// assert_eq!(error.http_status(), Some(500));
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HResult(u32);

/// Code, symbol, and what to look at.
static KNOWN: &[(u32, &str, &str)] = &[
    (0, "S_OK", "no error"),
    (0x02ab_0003, "DM_S_ACCEPTED_FOR_PROCESSING", "no error: the enrolment has begun"),
    (0x8000_4005, "E_FAIL", "failed without a reason; the device's event log may know more"),
    (0x8000_ffff, "E_UNEXPECTED", "failed without a reason; the device's event log may know more"),
    (0x8007_0002, "ERROR_FILE_NOT_FOUND", "a node or key is missing"),
    (0x8007_0005, "E_ACCESSDENIED", "the MDM client may not do that"),
    (0x8007_000d, "ERROR_INVALID_DATA", "a value cannot be read: subject, alternative names, EKU"),
    (0x8007_0057, "E_INVALIDARG", "a value is not allowed: subject, alternative names, key length"),
    (0x8007_0490, "ERROR_NOT_FOUND", "a node or key is missing"),
    (0x8007_2ee2, "ERROR_INTERNET_TIMEOUT", "the server did not answer in time"),
    (0x8007_2ee7, "ERROR_INTERNET_NAME_NOT_RESOLVED", "the name in ServerURL is not known here"),
    (0x8007_2efd, "ERROR_INTERNET_CANNOT_CONNECT", "nothing listens at ServerURL"),
    (
        0x8007_2f78,
        "ERROR_INTERNET_INVALID_SERVER_RESPONSE",
        "the server does not answer as SCEP: does it take /pkiclient.exe behind its path?",
    ),
    (
        0x8007_2f8f,
        "ERROR_INTERNET_SECURE_FAILURE",
        "the TLS certificate of the server is not trusted: deliver its root first",
    ),
    (0x8009_000f, "NTE_EXISTS", "a key of this name is there already"),
    (0x8009_0016, "NTE_BAD_KEYSET", "the key is missing"),
    (0x8009_0029, "NTE_NOT_SUPPORTED", "the TPM cannot make such a key"),
    (0x8009_0030, "NTE_DEVICE_NOT_READY", "the TPM is not ready"),
    (
        0x8009_1006,
        "CRYPT_E_AUTH_ATTR_MISSING",
        "the CertRep lacks an attribute such as transactionID or a nonce: the server's fault",
    ),
    (
        0x8009_2004,
        "CRYPT_E_NOT_FOUND",
        "the certificate is not there: removed since, or CAThumbprint fits none of the server's",
    ),
    (0x8009_2013, "CRYPT_E_REVOCATION_OFFLINE", "the revocation list cannot be fetched"),
    (
        0x8009_2021,
        "CRYPT_E_INVALID_PRINTABLE_STRING",
        "the challenge has a character beyond PrintableString",
    ),
    (0x8009_2023, "CRYPT_E_INVALID_X500_STRING", "the subject cannot be read"),
    (0x800b_0101, "CERT_E_EXPIRED", "a certificate is not valid now: look at the clocks"),
    (0x800b_0109, "CERT_E_UNTRUSTEDROOT", "the root is not trusted: deliver it first"),
    (
        0x8600_0031,
        "resource owned by another channel",
        "the setting belongs to declared configuration",
    ),
    (
        0x87d1_fde8,
        "remediation failed",
        "Intune could not confirm the setting; often wrong for Wi-Fi",
    ),
];

impl HResult {
    /// The error with this code.
    #[must_use]
    pub const fn new(code: u32) -> Self {
        Self(code)
    }

    /// The code as it is written in hexadecimal.
    #[must_use]
    pub const fn code(self) -> u32 {
        self.0
    }

    /// Whether it says that nothing went wrong.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 & 0x8000_0000 == 0
    }

    /// The HTTP status that the server answered with, if that is the error.
    #[must_use]
    pub const fn http_status(self) -> Option<u16> {
        // FACILITY_HTTP: the status is the code.
        if self.0 & 0xffff_0000 == 0x8019_0000 {
            let [.., high, low] = self.0.to_be_bytes();
            return Some(u16::from_be_bytes([high, low]));
        }
        None
    }

    /// Its symbol in the headers of Windows, for the errors seen with certificates.
    #[must_use]
    pub fn symbol(self) -> Option<&'static str> {
        self.known().map(|(_, symbol, _)| *symbol)
    }

    /// What it means for who delivers certificates.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        match self.http_status() {
            Some(401 | 403) => Some("the server refused the device, or its challenge"),
            Some(404) => Some("the server knows no such path: look at ServerURL"),
            Some(500..=599) => Some("the server failed, or refused the challenge in its way"),
            Some(_) => Some("the server answered with an HTTP error"),
            None => self.known().map(|(_, _, meaning)| *meaning),
        }
    }

    fn known(self) -> Option<&'static (u32, &'static str, &'static str)> {
        KNOWN.iter().find(|(code, ..)| *code == self.0)
    }
}

/// A signed or unsigned decimal number, or `0x` and hexadecimal digits.
impl FromStr for HResult {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let code = match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => text.parse::<i32>().ok().map(i32::cast_unsigned).or(text.parse().ok()),
        };
        code.map(Self).ok_or(Misuse::Value { node: "ErrorCode", expected: "a number" }.into())
    }
}

impl fmt::Display for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:08X}", self.0)?;
        if let Some(symbol) = self.symbol() {
            write!(f, " {symbol}")?;
        }
        if let Some(status) = self.http_status() {
            write!(f, " HTTP {status}")?;
        }
        match self.meaning() {
            Some(meaning) => write!(f, ": {meaning}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HResult(0x{:08X})", self.0)
    }
}
