//! Bounds on what a parser takes, so that nobody can make it work or remember without end.

/// The bounds that every parser of this crate keeps to. [`Limits::default`] fits SCEP and EST.
///
/// ```
/// use devicecert_pki::Limits;
///
/// let mut limits = Limits::default();
/// limits.message_bytes = 1 << 20; // a CA that sends long chains and CRLs
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of one message. Default 262 144: SCEP messages are 1 to 8 KiB, a CRL may ride along.
    pub message_bytes: usize,
    /// Nesting of constructed values. Default 32: a pkiMessage needs 12.
    pub depth: usize,
    /// Values in one BER message that has to be rewritten. Default 65 536.
    pub values: usize,
    /// Certificates in one message. Default 16.
    pub certificates: usize,
    /// CRLs in one message. Default 4.
    pub crls: usize,
    /// RecipientInfos in one EnvelopedData. Default 16: one client sends one for every CA certificate.
    pub recipients: usize,
    /// Iterations of the key derivation of one password recipient (RFC 5652 §6.2.4). Default
    /// 250 000, about a tenth of a second for each password that is tried: OpenSSL asks for 2 048,
    /// and what strangers can make a server do has to be bounded.
    pub recipient_iterations: usize,
    /// Attributes in one SignerInfo or certification request, extensions in one certificate.
    /// Default 64.
    pub attributes: usize,
    /// Bits of an RSA modulus. Default 8192.
    pub rsa_modulus_bits: usize,
    /// Iterations of all key derivations of one password-protected file together, as the file
    /// announces them. Default 6 000 000, up to about three seconds of work: devices' files ask
    /// for 2 048 in each of three places, NSS for 600 000, GnuTLS for that and once more for each
    /// certificate. A server that strangers send files to wants less.
    pub kdf_iterations: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 262_144,
            depth: 32,
            values: 65_536,
            certificates: 16,
            crls: 4,
            recipients: 16,
            recipient_iterations: 250_000,
            attributes: 64,
            rsa_modulus_bits: 8192,
            kdf_iterations: 6_000_000,
        }
    }
}
