//! What Fleet says to those who get no certificate, byte for byte.

use devicecert_pki::PeerText;
use http::header::{HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use serde::Serialize;

use super::introspection::IdpFault;
use super::issue::{EnvelopeFault, PkiStatus};
use super::json;
use super::names::CsrFault;
use crate::rules::{NO_LICENSE, Rules};

/// Seconds after which a CA that was not to be reached may be tried again.
const RETRY_SECONDS: u16 = 30;

/// Why somebody gets no certificate, or no challenge. `Display` is what Fleet says: with 401, 413,
/// "forbidden" and "json decoder error" what it says to every call.
///
/// What is in [`InvalidCsr`](Self::InvalidCsr) and [`InvalidIdpToken`](Self::InvalidIdpToken) is for
/// the log: the caller is not told how far he got.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// 401: neither token nor signature.
    #[error("Authentication required")]
    Unauthenticated,
    /// 401: the device has signed another request than this one.
    #[error("Authentication required")]
    OtherRequest,
    /// 402: the licence does not include it.
    #[error("{NO_LICENSE}")]
    NoLicense,
    /// 403: the role may not.
    #[error("forbidden")]
    Forbidden,
    /// 403: a signed request came without a certificate that could be looked at. A
    /// [`SignedDevice`](crate::message_signature::SignedDevice) cannot lack one; this is for servers
    /// that find signatures out elsewhere.
    #[error("Missing host identity certificate for signed certificate request.")]
    NoHostCertificate,
    /// 403: the certificate that signed is no enrolled host's.
    #[error("Host identity certificate is not associated with an enrolled host.")]
    HostNotEnrolled,
    /// 403: the names are not those of the host's user.
    #[error("Certificate subject does not match the end user identity recorded for this host.")]
    HostMismatch,
    /// 400: the body is no JSON of this call.
    #[error("json decoder error")]
    Body,
    /// 413: the body is too long.
    #[error("Request exceeds the max size limit")]
    BodyTooLong,
    /// 400: the certification request is damaged, or names nobody or several.
    #[error("Invalid CSR")]
    InvalidCsr(CsrFault),
    /// 404: there is no such CA.
    #[error("certificate authority was not found in the datastore")]
    NoSuchAuthority,
    /// 400: the CA is of a kind that does not issue here.
    #[error(
        "This API currently only supports {} Certificate Authorities.",
        match .0 {
            Rules::Guide => "Hydrant and EST",
            Rules::Current => "Hydrant, EST, and NDES",
        }
    )]
    UnsupportedAuthority(Rules),
    /// 400: the CA has no user.
    #[error("Certificate authority does not have a username configured.")]
    NoUsername,
    /// 400: the CA has no password.
    #[error("Certificate authority does not have a password configured.")]
    NoPassword,
    /// 400: Hydrant has no client secret.
    #[error("Certificate authority does not have a client secret configured.")]
    NoClientSecret,
    /// 400: NDES has no URL for SCEP.
    #[error("Certificate authority does not have a SCEP URL configured.")]
    NoScepUrl,
    /// 400: one or two of the three fields about an identity provider.
    #[error(
        "IDP Client ID, Token, and OAuth URL all must be provided, if any are provided when requesting a certificate."
    )]
    PartialIdp,
    /// 403: the introspection endpoint is not listed.
    #[error("IdP introspection endpoint is not permitted.")]
    EndpointNotPermitted,
    /// 403: the client is not listed.
    #[error("IdP client ID is not permitted.")]
    ClientNotPermitted,
    /// 400: an identity provider has to vouch, and none was named.
    #[error("IdP verification is required by this Fleet server.")]
    IdpRequired,
    /// 403: the identity provider does not vouch for the mail address.
    #[error("Invalid IDP token")]
    InvalidIdpToken(IdpFault),
    /// 400: the EST server, whatever its fault: Hydrant answers a bad request with 5xx, too.
    #[error("EST certificate request failed: {0}")]
    Est(PeerText),
    /// 503, to be tried again after 30 seconds: the SCEP server is not to be reached.
    #[error("getting CA certificates from SCEP URL: {0}")]
    ScepUnreachable(PeerText),
    /// 400: the SCEP server said no, or later.
    #[error("SCEP certificate request failed: SCEP server rejected the request: {0}")]
    ScepRejected(PkiStatus),
    /// 400: anything else that went wrong with the SCEP server.
    #[error("SCEP certificate request failed: {0}")]
    Scep(PeerText),
    /// 500: what the CA sent is no PKCS #7 message with one certificate, as a certificate was asked
    /// for.
    #[error("converting PKCS7 envelope to PEM certificate: {0}")]
    Envelope(EnvelopeFault),
    /// 400: the CA has no challenges.
    #[error("This certificate authority does not issue challenges.")]
    NoChallenges,
    /// 400: NDES has no admin page.
    #[error("Certificate authority does not have an admin URL configured.")]
    NoAdminUrl,
    /// 400: NDES gave no challenge.
    #[error("NDES challenge request failed: {0}")]
    Challenge(PeerText),
}

#[derive(Serialize)]
struct Body {
    errors: [Item; 1],
}

#[derive(Serialize)]
struct Item {
    reason: String,
}

impl Refusal {
    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated | Self::OtherRequest => StatusCode::UNAUTHORIZED,
            Self::NoLicense => StatusCode::PAYMENT_REQUIRED,
            Self::Forbidden
            | Self::NoHostCertificate
            | Self::HostNotEnrolled
            | Self::HostMismatch
            | Self::EndpointNotPermitted
            | Self::ClientNotPermitted
            | Self::InvalidIdpToken(_) => StatusCode::FORBIDDEN,
            Self::NoSuchAuthority => StatusCode::NOT_FOUND,
            Self::BodyTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ScepUnreachable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Envelope(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Body
            | Self::InvalidCsr(_)
            | Self::UnsupportedAuthority(_)
            | Self::NoUsername
            | Self::NoPassword
            | Self::NoClientSecret
            | Self::NoScepUrl
            | Self::PartialIdp
            | Self::IdpRequired
            | Self::Est(_)
            | Self::ScepRejected(_)
            | Self::Scep(_)
            | Self::NoChallenges
            | Self::NoAdminUrl
            | Self::Challenge(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// The response.
    #[must_use]
    pub fn to_http(&self) -> Response<Vec<u8>> {
        let body = Body { errors: [Item { reason: self.to_string() }] };
        let mut response = json::response(self.status(), &body);
        if let Self::ScepUnreachable(_) = self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
        }
        response
    }

    /// The refusal with this text, of those that say always the same and keep nothing to themselves.
    pub(super) fn of(text: &str) -> Option<Self> {
        [
            Self::Unauthenticated,
            Self::NoLicense,
            Self::Forbidden,
            Self::NoHostCertificate,
            Self::HostNotEnrolled,
            Self::HostMismatch,
            Self::Body,
            Self::BodyTooLong,
            Self::InvalidCsr(CsrFault::Untold),
            Self::NoSuchAuthority,
            Self::UnsupportedAuthority(Rules::Guide),
            Self::UnsupportedAuthority(Rules::Current),
            Self::NoUsername,
            Self::NoPassword,
            Self::NoClientSecret,
            Self::NoScepUrl,
            Self::PartialIdp,
            Self::EndpointNotPermitted,
            Self::ClientNotPermitted,
            Self::IdpRequired,
            Self::InvalidIdpToken(IdpFault::Untold),
            Self::NoChallenges,
            Self::NoAdminUrl,
        ]
        .into_iter()
        .find(|refusal| refusal.to_string() == text)
    }
}
