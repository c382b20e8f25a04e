//! Explicit and implicit trust anchors, and whether a server may act for the CA (RFC 7030 §3.6).

use devicecert_pki::{Certificate, oid};

/// Trust anchors for EST servers and the certificates they issue, and for nothing else: the
/// "Explicit TA database" of RFC 7030 §1.1.
///
/// They come from `/cacerts` ([`CaCertificates::explicit_trust`]) or from whoever set the device
/// up.
///
/// [`CaCertificates::explicit_trust`]: crate::CaCertificates::explicit_trust
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplicitTrustAnchors(Vec<Certificate>);

/// Trust anchors that the device has for servers of any kind: the "Implicit TA database" of RFC
/// 7030 §1.1. It serves to reach an EST server that nothing better is known about, and for key
/// generation it does not serve at all (§4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImplicitTrustAnchors(Vec<Certificate>);

/// Whether the server's certificate has the name that the client was configured with, or was
/// redirected to, as RFC 9525 compares it. TLS libraries tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// It has.
    Matches,
    /// It has not.
    Differs,
}

/// The proof that a server may speak for the CA.
///
/// There are two ways to it, one for each kind of trust anchor, and neither is open to a server
/// whose certificate does not lead to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct ServerAuthorisation(());

/// Why a server must not be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAuthorised {
    /// The certificate has another name, and is no registration authority's.
    #[error(
        "the server's certificate has another name and not the purpose id-kp-cmcRA (RFC 7030 section 3.6.1)"
    )]
    NameNorPurpose,
    /// The certificate has another name.
    #[error("the server's certificate has another name (RFC 7030 section 3.6.2)")]
    Name,
}

impl ExplicitTrustAnchors {
    /// These certificates.
    #[must_use]
    pub const fn new(certificates: Vec<Certificate>) -> Self {
        Self(certificates)
    }

    /// The certificates.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.0
    }

    /// Whether a server may speak for the CA whose certificate led TLS to one of these anchors:
    /// its name is right, or its certificate has the purpose id-kp-cmcRA (§3.6.1).
    ///
    /// # Errors
    /// [`NotAuthorised::NameNorPurpose`].
    pub fn authorise(
        &self,
        server: &Certificate,
        name: NameMatch,
    ) -> Result<ServerAuthorisation, NotAuthorised> {
        let purposes = server.extensions().extended_key_usage().unwrap_or_default();
        match name {
            NameMatch::Matches => Ok(ServerAuthorisation(())),
            NameMatch::Differs if purposes.contains(&oid::CMC_RA) => Ok(ServerAuthorisation(())),
            NameMatch::Differs => Err(NotAuthorised::NameNorPurpose),
        }
    }
}

impl ImplicitTrustAnchors {
    /// These certificates.
    #[must_use]
    pub const fn new(certificates: Vec<Certificate>) -> Self {
        Self(certificates)
    }

    /// The certificates.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.0
    }

    /// Whether a server may speak for the CA whose certificate led TLS to one of these anchors:
    /// its name is right, at the URL configured and at each that it redirected to (§3.6.2). The
    /// purpose id-kp-cmcRA does not help here: any CA of the world could give it away.
    ///
    /// # Errors
    /// [`NotAuthorised::Name`].
    pub fn authorise(&self, name: NameMatch) -> Result<ServerAuthorisation, NotAuthorised> {
        match name {
            NameMatch::Matches => Ok(ServerAuthorisation(())),
            NameMatch::Differs => Err(NotAuthorised::Name),
        }
    }
}
