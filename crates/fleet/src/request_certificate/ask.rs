//! What a caller asks for.

use core::fmt;

use devicecert_pki::{Csr, Secret, to_pem};
use serde::Serialize;

use super::json;

/// A certification request, and who vouches for its names.
#[derive(Clone, Debug)]
pub struct Ask {
    pub(super) csr: Csr,
    pub(super) idp: Option<IdpToken>,
    output: Output,
}

/// The form that the certificate comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Output {
    /// PKCS #7 in PEM armour, as the CA sent it; with Fleet before 2026-03 labelled CERTIFICATE.
    #[default]
    Pkcs7,
    /// An X.509 certificate in PEM armour. Fleet knows this since 2026-05, and before that answers as
    /// if it had not been asked.
    Certificate,
}

/// A token that an identity provider gave a user, and where to ask what it is worth (RFC 7662).
#[derive(Clone, PartialEq, Eq)]
pub struct IdpToken {
    /// The introspection endpoint.
    pub url: String,
    /// The token.
    pub token: Secret,
    /// The client that the token was issued to.
    pub client_id: String,
}

impl fmt::Debug for IdpToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdpToken")
            .field("url", &self.url)
            .field("token", &self.token)
            .field("client_id", &self.client_id)
            .finish()
    }
}

#[derive(Serialize)]
struct Body<'a> {
    csr: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    idp_oauth_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idp_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idp_client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_pem_certificate: Option<bool>,
}

impl Ask {
    /// Asks for a certificate. With an identity provider, and for devices, the request has exactly
    /// one mail address and one user principal name.
    #[must_use]
    pub const fn new(csr: Csr) -> Self {
        Self { csr, idp: None, output: Output::Pkcs7 }
    }

    /// Has an identity provider vouch for the mail address.
    #[must_use]
    pub fn idp(mut self, token: IdpToken) -> Self {
        self.idp = Some(token);
        self
    }

    /// Sets the form of the certificate. All of them can be read.
    #[must_use]
    pub const fn output(mut self, output: Output) -> Self {
        self.output = output;
        self
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        let idp = self.idp.as_ref();
        json::write(&Body {
            csr: &to_pem("CERTIFICATE REQUEST", self.csr.as_der()),
            idp_oauth_url: idp.map(|idp| idp.url.as_str()),
            // A token is ASCII (RFC 6749 A.12); one that is not is none that anybody knows.
            idp_token: idp.map(|idp| core::str::from_utf8(idp.token.expose()).unwrap_or_default()),
            idp_client_id: idp.map(|idp| idp.client_id.as_str()),
            return_pem_certificate: (self.output == Output::Certificate).then_some(true),
        })
    }
}
