//! A request that is signed, or will be.

use core::fmt;

use devicecert_pki::{Certificate, Csr, CsrParams, PublicKey, Unsigned, oid};

use crate::error::Error;
use crate::linking::{ChannelBinding, LinkingAttribute};
use crate::renewal::{self, SameNames};

/// What an enrolment asks for: a request that is signed, or parameters and a key that
/// [`Step::Sign`](super::Step::Sign) will ask to sign it.
///
/// A request that is to be linked to TLS is signed once the connection is there; one that was
/// signed before is signed again then.
#[derive(Clone)]
pub struct Draft {
    params: CsrParams,
    key: PublicKey,
    csr: Option<Csr>,
}

impl Draft {
    /// A request with these parameters for this key.
    #[must_use]
    pub const fn new(params: CsrParams, key: PublicKey) -> Self {
        Self { params, key, csr: None }
    }

    /// A request for the names of `certificate` and this key, its own or a new one
    /// (RFC 7030 §4.2.2): subject and subjectAltName are copied byte for byte.
    #[must_use]
    pub fn renewal_of(certificate: &Certificate, key: PublicKey) -> Self {
        let mut params = CsrParams::new(certificate.subject().clone());
        params.extensions.extend(certificate.extensions().get(oid::SUBJECT_ALT_NAME).cloned());
        Self::new(params, key)
    }

    /// What it says. A signature that was there is no longer used.
    pub fn params(&mut self) -> &mut CsrParams {
        self.csr = None;
        &mut self.params
    }

    pub(crate) const fn public_key(&self) -> &PublicKey {
        &self.key
    }

    pub(super) const fn signed(&self) -> Option<&Csr> {
        self.csr.as_ref()
    }

    pub(super) fn compare_names(&self, old: &Certificate) -> Result<SameNames, Error> {
        renewal::compare_params(&self.params, old)
    }

    pub(super) fn attach(&mut self, csr: Csr) {
        self.csr = Some(csr);
    }

    pub(super) fn forget_signature(&mut self) {
        self.csr = None;
    }

    pub(super) fn unsigned(
        &self,
        link: Option<(&ChannelBinding, LinkingAttribute)>,
    ) -> Result<Unsigned<Csr>, Error> {
        let mut params = self.params.clone();
        if let Some((binding, attribute)) = link {
            binding.put(&mut params, attribute);
        }
        Ok(params.unsigned(&self.key)?)
    }
}

impl From<Csr> for Draft {
    fn from(csr: Csr) -> Self {
        let mut params = CsrParams::new(csr.subject().clone());
        params.challenge_password = csr.challenge_password().cloned();
        params.extensions = csr.extensions().iter().cloned().collect();
        params.attributes = csr.attributes().to_vec();
        Self { params, key: csr.public_key().clone(), csr: Some(csr) }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("params", &self.params)
            .field("key", &self.key)
            .field("is_signed", &self.csr.is_some())
            .finish()
    }
}
