//! What is what among CA certificates, told by keys and signatures.
//!
//! Names do not tell: in RFC 7030's own example the four certificates of a rollover have four
//! subjects.

use devicecert_pki::{Certificate, Provider, Time};

use super::{
    CaCertificates, PathError, PathFinder, Role, UnverifiedCaCertificates, is_self_signed,
};

impl UnverifiedCaCertificates {
    /// Whether a certificate can be a root: self-signed, and a CA's, or of a version that cannot
    /// say so.
    pub(super) fn is_root(&self, certificate: &Certificate, provider: &dyn Provider) -> bool {
        let may_sign = certificate.is_ca() || certificate.extensions().is_empty();
        may_sign && is_self_signed(certificate, provider, &self.tolerance.cms)
    }

    fn is_signed_by(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        provider: &dyn Provider,
    ) -> bool {
        let key = issuer.public_key();
        certificate.is_signed_by(key, provider, &self.tolerance.cms).is_ok()
    }

    /// The root that replaced `old`: valid longer, and its key is signed with the key of `old`, or
    /// is that key.
    pub(super) fn successor(
        &self,
        old: &Certificate,
        now: Time,
        provider: &dyn Provider,
    ) -> Option<&Certificate> {
        let renews = |root: &Certificate| {
            root.public_key() == old.public_key()
                && root.subject().matches(old.subject())
                && root.validity().contains(now)
        };
        let is_vouched_for = |root: &Certificate| {
            root.public_key() != old.public_key()
                && self.certificates.iter().any(|one| {
                    one.public_key() == root.public_key()
                        && one.is_ca()
                        && one.validity().contains(now)
                        && self.is_signed_by(one, old, provider)
                })
        };
        self.certificates
            .iter()
            .filter(|root| root.validity().not_after > old.validity().not_after)
            .filter(|root| self.is_root(root, provider))
            .filter(|root| renews(root) || is_vouched_for(root))
            .max_by_key(|root| root.validity().not_after)
    }

    /// Everything but the anchor, with its role.
    pub(super) fn below(
        self,
        anchor: Certificate,
        now: Time,
        provider: &dyn Provider,
    ) -> CaCertificates {
        let new = anchor.public_key();
        let certificates: Vec<_> = self.certificates.iter().filter(|one| **one != anchor).collect();
        let was_renewed = |one: &Certificate| {
            one.public_key() == new
                && one.subject().matches(anchor.subject())
                && one.validity().not_after <= anchor.validity().not_after
                && self.is_root(one, provider)
        };
        let roots: Vec<_> = certificates
            .iter()
            .copied()
            .filter(|one| one.public_key() != new && self.is_root(one, provider))
            .collect();
        let bound = |old: &Certificate| {
            certificates.iter().any(|one| {
                let new_with_old = one.public_key() == new && self.is_signed_by(one, old, provider);
                let old_with_new = one.public_key() == old.public_key()
                    && self.is_signed_by(one, &anchor, provider);
                new_with_old || old_with_new
            })
        };
        let old = roots
            .iter()
            .copied()
            .filter(|root| bound(root))
            .max_by_key(|root| root.validity().not_after);

        let anchors: Vec<_> = [&anchor].into_iter().chain(old).cloned().collect();
        let finder = PathFinder {
            anchors: &anchors,
            pool: &self.certificates,
            now,
            provider,
            tolerance: &self.tolerance.cms,
        };
        let role = |one: &Certificate| {
            let valid = match one.validity().contains(now) {
                true => Ok(()),
                false => Err(PathError::NotValid),
            };
            let cross = |role| valid.map_or_else(Role::Unusable, |()| role);
            let key = one.public_key();
            let old_key = old.map(Certificate::public_key);
            let is_old = |old: &Certificate| {
                one == old || (key == old.public_key() && self.is_root(one, provider))
            };
            if was_renewed(one) || old.is_some_and(is_old) {
                Role::OldWithOld
            } else if Some(key) == old_key && self.is_signed_by(one, &anchor, provider) {
                cross(Role::OldWithNew)
            } else if key == new && old.is_some_and(|old| self.is_signed_by(one, old, provider)) {
                cross(Role::NewWithOld)
            } else if roots.contains(&one) {
                Role::OtherRoot
            } else {
                match valid.and_then(|()| finder.find(one)) {
                    Ok(_) if one.is_ca() => Role::Intermediate,
                    Ok(_) => Role::Unusable(PathError::NotACa),
                    Err(error) => Role::Unusable(error),
                }
            }
        };
        let others = certificates.iter().map(|one| ((*one).clone(), role(one))).collect();
        CaCertificates { anchor, others }
    }
}
