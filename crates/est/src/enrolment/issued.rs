//! What a server sent, checked.

use devicecert_pki::{Certificate, PublicKey, Secret, Time};

use super::state::State;
use super::{Enrolment, Issued};
use crate::endpoint::Endpoint;
use crate::error::{Error, UnacceptableReply};
use crate::key_generation::{self, GeneratedKey, KeyPart, KeyProtection};
use crate::path::{PathFinder, is_self_signed};

/// The certificate with this key, whatever its place among the others.
pub(super) fn find(
    certificates: &[Certificate],
    key: &PublicKey,
) -> Result<Certificate, UnacceptableReply> {
    let issued = certificates.iter().find(|one| one.public_key() == key && !one.is_ca());
    let issued = issued.or_else(|| certificates.iter().find(|one| one.public_key() == key));
    issued.cloned().ok_or(UnacceptableReply::NoCertificateForKey)
}

/// The certificate for a key that only the server knows: the only one, or the only one that no
/// other was issued by.
pub(super) fn leaf(certificates: &[Certificate]) -> Result<Certificate, UnacceptableReply> {
    let mut leaves = certificates.iter().filter(|one| certificates.len() == 1 || !one.is_ca());
    match (leaves.next(), leaves.next()) {
        (Some(leaf), None) => Ok(leaf.clone()),
        _ => Err(UnacceptableReply::NoCertificateForKey),
    }
}

impl Enrolment {
    /// The certificate with what leads from it to an anchor, or upwards as far as it goes.
    pub(super) fn complete(
        &self,
        certificate: Certificate,
        all: &[Certificate],
        key: Option<GeneratedKey>,
        now: Time,
    ) -> Result<Issued, Error> {
        let Endpoint { tolerance, .. } = &self.endpoint;
        if all.len() > 1 && !tolerance.further_certificates {
            return Err(UnacceptableReply::FurtherCertificates(all.len()).into());
        }
        let tolerance = &tolerance.cms;
        let chain = match &self.options.anchors {
            Some(anchors) => {
                let anchors = anchors.certificates();
                let pool = [all, &self.options.intermediates, anchors].concat();
                let (pool, provider) = (&pool, self.provider);
                let finder = PathFinder { anchors, pool, now, provider, tolerance };
                finder.find(&certificate).map_err(UnacceptableReply::from)?
            }
            None => self.climb(&certificate, all),
        };
        Ok(Issued { certificate, chain, key })
    }

    /// The CA certificates that came along, from the one that issued upwards; no root.
    fn climb(&self, certificate: &Certificate, all: &[Certificate]) -> Vec<Certificate> {
        let tolerance = &self.endpoint.tolerance.cms;
        let mut chain: Vec<Certificate> = Vec::new();
        // Each certificate can stand in a chain once.
        for _ in all {
            let below = chain.last().unwrap_or(certificate);
            let issuer = all.iter().find(|one| {
                one.is_ca()
                    && one.subject().matches(below.issuer())
                    && !chain.contains(one)
                    && *one != certificate
                    && below.is_signed_by(one.public_key(), self.provider, tolerance).is_ok()
                    && !is_self_signed(one, self.provider, tolerance)
            });
            match issuer {
                Some(issuer) => chain.push(issuer.clone()),
                None => break,
            }
        }
        chain
    }

    /// What to do with a generated key. A key that was to be encrypted and is not was seen by
    /// whoever ended TLS on the way: it must not be used.
    pub(super) fn with_key(&self, part: KeyPart, issued: Issued) -> Result<State, Error> {
        let tolerance = &self.endpoint.tolerance.cms;
        match (part, &self.protection) {
            (KeyPart::Clear(key), protection) if protection.is_tls() => {
                key.check(&issued.certificate)?;
                Ok(State::Done(Box::new(Issued { key: Some(*key), ..issued })))
            }
            (KeyPart::Enveloped(envelope), KeyProtection::SymmetricKey { identifier, key }) => {
                let provider = self.provider;
                let content = envelope.open_with_kek(identifier, key, provider, tolerance)?;
                Ok(State::Done(Box::new(self.opened(&content, issued)?)))
            }
            (KeyPart::Enveloped(envelope), KeyProtection::Certificate(recipient)) => {
                let locked = envelope.lock(recipient, self.provider, tolerance)?;
                Ok(State::Open(locked, Box::new(issued)))
            }
            _ => Err(UnacceptableReply::KeyProtection.into()),
        }
    }

    pub(super) fn opened(&self, content: &Secret, issued: Issued) -> Result<Issued, Error> {
        let Endpoint { tolerance, limits, .. } = &self.endpoint;
        let key = key_generation::open(content, self.provider, tolerance, limits)?;
        key.check(&issued.certificate)?;
        Ok(Issued { key: Some(key), ..issued })
    }
}
