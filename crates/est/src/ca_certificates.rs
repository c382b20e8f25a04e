//! `/cacerts`: the certificates of the CA (RFC 7030 §4.1).

use core::fmt;

use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{Certificate, Provider, Secret, Time};
use http::{Response, StatusCode};

use crate::certs_only;
use crate::endpoint::Endpoint;
use crate::error::{Error, UnacceptableReply};
use crate::path::{PathError, PathFinder, is_self_signed};
use crate::refusal::Refusal;
use crate::tolerance::Tolerance;
use crate::trust::{ExplicitTrustAnchors, ServerAuthorisation};

mod classify;

/// The answer to `/cacerts` before anybody vouched for it.
///
/// Whoever sits between device and server can have written it, as long as TLS did not find out
/// whom it talks to. There is no way to a certificate in it but through one of the three proofs.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct UnverifiedCaCertificates {
    certificates: Vec<Certificate>,
    tolerance: Tolerance,
}

/// The certificates of a CA whose current root is trusted, and what each of the others is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaCertificates {
    anchor: Certificate,
    others: Vec<(Certificate, Role)>,
}

/// What a certificate in the answer to `/cacerts` is (RFC 7030 §4.1.3, RFC 4210 §4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// The previous root, signed by itself: with a key of its own, or that of the current root,
    /// which renewed it.
    OldWithOld,
    /// The previous root's key, signed with the current one: for those who know the current root
    /// and meet a certificate from before.
    OldWithNew,
    /// The current root's key, signed with the previous one: for those who still know the previous
    /// root only.
    NewWithOld,
    /// A CA below one of the roots, the path to which was checked.
    Intermediate,
    /// A self-signed certificate that has nothing to do with the trusted root. It is not trusted.
    OtherRoot,
    /// It leads to none of the roots, and must not be used.
    Unusable(PathError),
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OldWithOld => f.write_str("the previous root (OldWithOld)"),
            Self::OldWithNew => {
                f.write_str("the previous root's key, signed with the current one (OldWithNew)")
            }
            Self::NewWithOld => {
                f.write_str("the current root's key, signed with the previous one (NewWithOld)")
            }
            Self::Intermediate => f.write_str("an intermediate CA"),
            Self::OtherRoot => f.write_str("another root, which is not trusted"),
            Self::Unusable(error) => write!(f, "not to be used: {error}"),
        }
    }
}

impl CaCertificates {
    /// Reads the answer to [`Endpoint::ca_certs`].
    ///
    /// # Errors
    /// [`Error::Refused`] for any other status than 200 (§4.1.3); whatever is wrong with the body.
    pub fn read(
        endpoint: &Endpoint,
        response: &Response<Vec<u8>>,
    ) -> Result<UnverifiedCaCertificates, Error> {
        let Endpoint { tolerance, limits, .. } = endpoint;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::CREATED if tolerance.created => {}
            status if status.is_client_error() || status.is_server_error() => {
                return Err(Refusal::read(response, tolerance, limits).into());
            }
            status => return Err(UnacceptableReply::HttpStatus(status.as_u16()).into()),
        }
        let certificates =
            certs_only::read(response.headers(), response.body(), tolerance, limits)?;
        Ok(UnverifiedCaCertificates { certificates, tolerance: *tolerance })
    }

    /// The current root, the trust anchor (NewWithNew).
    #[must_use]
    pub const fn anchor(&self) -> &Certificate {
        &self.anchor
    }

    /// The other certificates, in the order sent, and what they are.
    pub fn others(&self) -> impl Iterator<Item = (&Certificate, Role)> {
        self.others.iter().map(|(certificate, role)| (certificate, *role))
    }

    /// The CA certificates below the root that may stand between it and a device's certificate.
    pub fn intermediates(&self) -> impl Iterator<Item = &Certificate> {
        self.with_role(Role::Intermediate)
    }

    /// What a client trusts from now on (§4.1.3): the current root, and the previous one while it
    /// is valid and the current one vouches for it. Whoever was reached by way of an implicit
    /// trust anchor should not rely on that again for this server.
    #[must_use]
    pub fn explicit_trust(&self, now: Time) -> ExplicitTrustAnchors {
        let vouched = self.with_role(Role::OldWithNew).next().is_some();
        let old = self
            .with_role(Role::OldWithOld)
            .filter(|root| vouched && root.validity().contains(now))
            .cloned();
        ExplicitTrustAnchors::new([self.anchor.clone()].into_iter().chain(old).collect())
    }

    fn with_role(&self, wanted: Role) -> impl Iterator<Item = &Certificate> {
        self.others
            .iter()
            .filter(move |(_, role)| *role == wanted)
            .map(|(certificate, _)| certificate)
    }
}

impl UnverifiedCaCertificates {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Whether there is none, which [`CaCertificates::read`] does not return.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// What a person has to compare before anything is trusted (§4.1.1): the fingerprint of each
    /// self-signed certificate.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the backend lacks the digest.
    pub fn fingerprints(
        &self,
        digest: DigestAlgorithm,
        provider: &dyn Provider,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let roots = self.certificates.iter().filter(|one| self.is_root(one, provider));
        roots.map(|root| Ok(root.fingerprint(digest, provider)?)).collect()
    }

    /// Believes them because they came over TLS from a server that may speak for the CA. The
    /// trust anchor is the self-signed certificate that is valid longest (§4.1.3).
    ///
    /// # Errors
    /// [`UnacceptableReply::NotAnAnchor`] if none is self-signed.
    pub fn from_server(
        self,
        authorisation: ServerAuthorisation,
        now: Time,
        provider: &dyn Provider,
    ) -> Result<CaCertificates, Error> {
        let ServerAuthorisation { .. } = authorisation;
        let newest = self
            .certificates
            .iter()
            .filter(|one| self.is_root(one, provider))
            .max_by_key(|root| root.validity().not_after)
            .ok_or(UnacceptableReply::NotAnAnchor)?
            .clone();
        Ok(self.below(newest, now, provider))
    }

    /// Believes them because a person compared a fingerprint (§4.1.1): the digest of a whole
    /// certificate. MD5 and SHA-1 are not taken.
    ///
    /// The fingerprint may be that of the previous root: then the current one is believed if the
    /// previous one signed its key (NewWithOld), or has its name and key.
    ///
    /// # Errors
    /// [`UnacceptableReply::UntrustedCa`] if none fits, [`UnacceptableReply::NotAnAnchor`] if the
    /// one that fits is not self-signed.
    pub fn pinned(
        self,
        digest: DigestAlgorithm,
        fingerprint: &[u8],
        now: Time,
        provider: &dyn Provider,
    ) -> Result<CaCertificates, Error> {
        let untrusted = UnacceptableReply::UntrustedCa(self.certificates.len());
        if matches!(digest, DigestAlgorithm::Md5 | DigestAlgorithm::Sha1) {
            return Err(untrusted.into());
        }
        let wanted = Secret::new(fingerprint.to_vec());
        let fits = |one: &&Certificate| {
            one.fingerprint(digest, provider).is_ok_and(|found| Secret::new(found) == wanted)
        };
        let pinned = self.certificates.iter().find(fits).ok_or(untrusted)?.clone();
        self.known(&pinned, now, provider)
    }

    /// Believes them because one of them is a root that the caller has already, or replaces it as
    /// [`pinned`](Self::pinned) says.
    ///
    /// # Errors
    /// As [`pinned`](Self::pinned).
    pub fn known(
        self,
        root: &Certificate,
        now: Time,
        provider: &dyn Provider,
    ) -> Result<CaCertificates, Error> {
        let is_there = self.certificates.contains(root);
        let untrusted = UnacceptableReply::UntrustedCa(self.certificates.len());
        let anchor = match self.is_root(root, provider) {
            true => self.successor(root, now, provider).or(is_there.then_some(root)),
            false if is_there => return Err(UnacceptableReply::NotAnAnchor.into()),
            false => None,
        };
        let anchor = anchor.ok_or(untrusted)?.clone();
        Ok(self.below(anchor, now, provider))
    }
}

impl fmt::Debug for UnverifiedCaCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnverifiedCaCertificates({})", self.certificates.len())
    }
}
