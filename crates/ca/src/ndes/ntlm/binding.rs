//! Channel bindings (RFC 5056): the answer counts on this TLS connection only.

use core::fmt;

use devicecert_pki::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use devicecert_pki::{Certificate, Error, Provider};
use md5::{Digest, Md5};

/// The channel binding `tls-server-end-point` (RFC 5929 §4) of one server's certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct ChannelBinding(Vec<u8>);

impl ChannelBinding {
    /// The binding to a TLS server that showed this certificate.
    ///
    /// The digest is the one that the certificate is signed with, but SHA-256 in the place of MD5
    /// and SHA-1, and where it is signed without one of its own.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the backend lacks the digest.
    pub fn to_server(certificate: &Certificate, provider: &dyn Provider) -> Result<Self, Error> {
        let algorithm = SignatureAlgorithm::try_from(certificate.signature_algorithm());
        let digest = match algorithm.map(SignatureAlgorithm::digest) {
            Ok(DigestAlgorithm::Sha384) => DigestAlgorithm::Sha384,
            Ok(DigestAlgorithm::Sha512) => DigestAlgorithm::Sha512,
            _ => DigestAlgorithm::Sha256,
        };
        Ok(Self::from_digest(&certificate.fingerprint(digest, provider)?))
    }

    /// The binding to a TLS server whose certificate has this digest, as RFC 5929 §4.1 makes it.
    #[must_use]
    pub fn from_digest(digest: &[u8]) -> Self {
        Self([b"tls-server-end-point:".as_slice(), digest].concat())
    }

    /// The MD5 of gss_channel_bindings_struct (RFC 4121 §4.1.1.2) with neither addresses nor their
    /// types.
    pub(super) fn hash(&self) -> [u8; 16] {
        let mut hash = Md5::new();
        hash.update([0; 16]);
        // It has some dozens of octets.
        hash.update(u32::try_from(self.0.len()).unwrap_or(u32::MAX).to_le_bytes());
        hash.update(&self.0);
        hash.finalize().into()
    }
}

impl fmt::Debug for ChannelBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelBinding(tls-server-end-point)")
    }
}
