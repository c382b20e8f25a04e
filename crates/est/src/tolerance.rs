//! What is accepted although RFC 7030, RFC 8951 or RFC 9908 say otherwise.

use devicecert_pki as pki;

/// Deviations that exist in the field, each a switch of its own.
///
/// `docs/tolerance.md` says for every field who does that and why taking it is safe.
/// [`Tolerance::default`] takes what cannot hurt; [`Tolerance::STRICT`] takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tolerance {
    /// Deviations of the CMS messages, certificates and requests inside.
    pub cms: pki::Tolerance,
    /// A body may be the octets themselves instead of base64. Default `true`.
    pub binary_body: bool,
    /// A body may be in PEM armour, whatever its label says. Default `true`.
    pub pem_body: bool,
    /// One NUL may follow the base64. Default `true`.
    pub trailing_nul: bool,
    /// CMS may be BER. Default `true`.
    pub ber: bool,
    /// Content-Type may be missing or another than the one for the operation. Default `true`.
    pub other_content_type: bool,
    /// Certificates may come as one bare certificate instead of a certs-only message.
    /// Default `true`.
    pub bare_certificate: bool,
    /// A certs-only message may have a content or signers, which are not looked at. Default `true`.
    pub certs_only_content: bool,
    /// The answer to an enrolment may hold more certificates than the issued one. Default `true`.
    pub further_certificates: bool,
    /// 201 is taken for 200. Default `true`.
    pub created: bool,
    /// 202 may lack Retry-After; [`EnrolmentOptions::default_pause`] stands in. Default `true`.
    ///
    /// [`EnrolmentOptions::default_pause`]: crate::EnrolmentOptions::default_pause
    pub missing_retry_after: bool,
    /// A path may end in one `/` behind the operation. Default `true`.
    pub trailing_slash: bool,
    /// A multipart body may end without its closing delimiter. Default `true`.
    pub unclosed_multipart: bool,
    /// Lines of a multipart body may end in LF alone. Default `true`.
    pub bare_line_feed: bool,
    /// A generated key may come as RSAPrivateKey or ECPrivateKey instead of PKCS #8.
    /// Default `true`.
    pub bare_private_key: bool,
    /// 200 with an empty body says that there are no CSR attributes. Default `true`.
    pub empty_csr_attrs: bool,
    /// extensionRequest in CSR attributes may hold bare object identifiers, as in the example of
    /// RFC 7030 §4.5.2. Default `true`.
    pub extension_request_oids: bool,
}

impl Tolerance {
    /// Nothing but what the RFCs say.
    pub const STRICT: Self = Self {
        cms: pki::Tolerance::STRICT,
        binary_body: false,
        pem_body: false,
        trailing_nul: false,
        ber: false,
        other_content_type: false,
        bare_certificate: false,
        certs_only_content: false,
        further_certificates: false,
        created: false,
        missing_retry_after: false,
        trailing_slash: false,
        unclosed_multipart: false,
        bare_line_feed: false,
        bare_private_key: false,
        empty_csr_attrs: false,
        extension_request_oids: false,
    };
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            cms: pki::Tolerance::default(),
            binary_body: true,
            pem_body: true,
            trailing_nul: true,
            ber: true,
            other_content_type: true,
            bare_certificate: true,
            certs_only_content: true,
            further_certificates: true,
            created: true,
            missing_retry_after: true,
            trailing_slash: true,
            unclosed_multipart: true,
            bare_line_feed: true,
            bare_private_key: true,
            empty_csr_attrs: true,
            extension_request_oids: true,
        }
    }
}
