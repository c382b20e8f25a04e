//! Bounds on what a reader takes, so that nobody can make it work or remember without end.

use devicecert_pki as pki;

/// The deepest nesting that any limit can allow: values are dropped and written recursively.
pub(crate) const DEEPEST: usize = 512;

/// The bounds that every reader of this crate keeps to.
///
/// ```
/// use devicecert_mobileconfig::Limits;
///
/// let mut limits = Limits::default();
/// limits.bytes = 1 << 20; // what an upload form takes
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a profile, signature included; and of all strings and data of a binary property
    /// list together, which may use one of them many times. Default 16 777 216.
    pub bytes: usize,
    /// Nesting of arrays and dictionaries. Default 64, and 512 at most: profiles need 8.
    pub depth: usize,
    /// Values and keys. Default 500 000.
    pub values: usize,
    /// What holds for the CMS messages around and inside profiles. Default as in
    /// [`devicecert_pki::Limits`], with 16 777 216 bytes and 65 536 values.
    pub cms: pki::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        const BYTES: usize = 16_777_216;
        let mut cms = pki::Limits::default();
        cms.message_bytes = BYTES;
        Self { bytes: BYTES, depth: 64, values: 500_000, cms }
    }
}

impl Limits {
    pub(crate) fn depth(&self) -> usize {
        self.depth.min(DEEPEST)
    }
}
