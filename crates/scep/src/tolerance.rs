//! What is accepted although RFC 8894 says otherwise.

use devicecert_pki as pki;

/// Deviations from RFC 8894 that exist in the field, each a switch of its own.
///
/// `docs/tolerance.md` says for every field who does that and why taking it is safe.
/// [`Tolerance::default`] takes what cannot hurt; [`Tolerance::STRICT`] takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tolerance {
    /// Deviations of the CMS messages, certificates and requests inside.
    pub cms: pki::Tolerance,
    /// `operation` names are taken in any case. Default `true`.
    pub operation_case: bool,
    /// A POST without `operation` is a PKIOperation. Default `true`.
    pub post_without_operation: bool,
    /// The base64 of a GET may have the URL alphabet, spaces for `+`, line breaks, no padding, or
    /// be percent-encoded twice. Default `true`.
    pub loose_base64: bool,
    /// A POST body or a reply may be base64 or PEM text instead of octets. Default `true`.
    pub text_body: bool,
    /// A request may lack the senderNonce. Default `true`.
    pub missing_sender_nonce: bool,
    /// A client accepts a reply without recipientNonce; a wrong one is never accepted.
    /// Default `false`: the nonce is what tells a reply from the replay of an older one.
    pub missing_recipient_nonce: bool,
    /// A client takes any certificate that the CA issued for an RA's, also one whose extKeyUsage
    /// names other purposes only. Default `false`: a device could pose as the RA with its own.
    pub any_ra_purpose: bool,
    /// A client believes a GetNextCACert reply that an RA of the current CA signed. Default `false`:
    /// an RA could put a CA of its own in place of the one that it serves.
    pub ra_signed_next_ca: bool,
    /// A client takes the next CA's certificate from where no signature covers it. Default `false`:
    /// anybody on the way could put another one there.
    pub unsigned_next_ca: bool,
}

impl Tolerance {
    /// Nothing but what the RFC says.
    pub const STRICT: Self = Self {
        cms: pki::Tolerance::STRICT,
        operation_case: false,
        post_without_operation: false,
        loose_base64: false,
        text_body: false,
        missing_sender_nonce: false,
        missing_recipient_nonce: false,
        any_ra_purpose: false,
        ra_signed_next_ca: false,
        unsigned_next_ca: false,
    };
}

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            cms: pki::Tolerance::default(),
            operation_case: true,
            post_without_operation: true,
            loose_base64: true,
            text_body: true,
            missing_sender_nonce: true,
            missing_recipient_nonce: false,
            any_ra_purpose: false,
            ra_signed_next_ca: false,
            unsigned_next_ca: false,
        }
    }
}
