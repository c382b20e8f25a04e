//! A password in the two spellings that key derivations take.

use zeroize::Zeroizing;

use crate::error::{Error, Misuse};
use crate::secret::Secret;

/// A password as RFC 8018 §3 and as RFC 7292 B.1 want it.
pub(super) struct Password {
    /// UTF-8, for PBKDF2.
    pub(super) utf8: Secret,
    /// A BMPString with a zero behind it, for the derivation of PKCS #12 itself.
    pub(super) bmp: Secret,
}

impl Password {
    /// # Errors
    /// [`Misuse`] if it is no UTF-8.
    pub(super) fn new(password: &Secret) -> Result<Self, Error> {
        let text = core::str::from_utf8(password.expose())
            .map_err(|_| Misuse::Value("the password of a PKCS #12 file must be UTF-8"))?;
        let mut bmp = Zeroizing::new(Vec::with_capacity(text.len().saturating_add(1) << 1));
        push_bmp(text, &mut bmp);
        bmp.extend([0, 0]);
        Ok(Self { utf8: password.clone(), bmp: Secret::new(core::mem::take(&mut *bmp)) })
    }

    /// What a reader has to try: a program that was given no password derives from nothing at
    /// all, which is not the same as from the zero behind an empty password.
    pub(super) fn spellings(password: &Secret) -> Result<Vec<Self>, Error> {
        let mut all = vec![Self::new(password)?];
        if password.is_empty() {
            all.push(Self { utf8: Secret::new(Vec::new()), bmp: Secret::new(Vec::new()) });
        }
        Ok(all)
    }
}

/// Appends the octets of a BMPString. Characters beyond its repertoire become surrogate pairs,
/// as in every program that has met one.
pub(super) fn push_bmp(text: &str, out: &mut Vec<u8>) {
    out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
}
