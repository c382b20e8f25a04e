//! How an enrolment begins.

use devicecert_pki::{Certificate, CsrParams, Provider, PublicKey};

use super::state::State;
use super::{Draft, Enrolment, EnrolmentOptions};
use crate::endpoint::Endpoint;
use crate::error::{Error, Misuse};
use crate::key_generation::KeyProtection;
use crate::operation::Operation;
use crate::renewal::SameNames;

impl Enrolment {
    /// Asks for a certificate (`/simpleenroll`, §4.2.1).
    #[must_use]
    pub fn new(
        endpoint: Endpoint,
        draft: impl Into<Draft>,
        provider: &'static dyn Provider,
    ) -> Self {
        let (operation, draft) = (Operation::SimpleEnroll, draft.into());
        Self::start(endpoint, operation, draft, KeyProtection::Tls, provider)
    }

    /// Asks for a renewal of `certificate` (`/simplereenroll`, §4.2.2), with which the TLS client
    /// has to authenticate if it can be used for that. Who wants other names adds a
    /// [`ChangeSubjectName`](crate::ChangeSubjectName) to the attributes of the request, and
    /// leaves its subject as it is.
    ///
    /// # Errors
    /// [`Misuse::OtherNames`] if the request has another subject or other alternative names.
    pub fn renew(
        endpoint: Endpoint,
        certificate: &Certificate,
        draft: impl Into<Draft>,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        let draft = draft.into();
        if draft.compare_names(certificate)? != SameNames::Same {
            return Err(Misuse::OtherNames.into());
        }
        let operation = Operation::SimpleReenroll;
        Ok(Self::start(endpoint, operation, draft, KeyProtection::Tls, provider))
    }

    /// Asks for a certificate and its private key (`/serverkeygen`, §4.4).
    ///
    /// The key given here signs the request and is then of no use. With
    /// [`KeyProtection::Certificate`] the certificate must have a subjectKeyIdentifier.
    ///
    /// # Errors
    /// [`Misuse::KeyProtection`] for a symmetric key that is no AES key, or a certificate that
    /// cannot be named or not be enveloped to.
    pub fn generate_key(
        endpoint: Endpoint,
        params: CsrParams,
        key: PublicKey,
        protection: KeyProtection,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        let fits = match &protection {
            KeyProtection::Tls => true,
            KeyProtection::SymmetricKey { key, .. } => matches!(key.len(), 16 | 24 | 32),
            KeyProtection::Certificate(certificate) => {
                certificate.extensions().subject_key_identifier().is_some()
                    && certificate.public_key().can_receive()
            }
        };
        if !fits {
            return Err(Misuse::KeyProtection.into());
        }
        let mut params = params;
        protection.ask(&mut params);
        let draft = Draft::new(params, key);
        Ok(Self::start(endpoint, Operation::ServerKeyGen, draft, protection, provider))
    }

    pub(super) fn start(
        endpoint: Endpoint,
        operation: Operation,
        draft: Draft,
        protection: KeyProtection,
        provider: &'static dyn Provider,
    ) -> Self {
        Self {
            endpoint,
            provider,
            options: EnrolmentOptions::default(),
            operation,
            draft,
            protection,
            binding: None,
            signed_for: None,
            answering: None,
            waits: 0,
            redirects: 0,
            state: State::Sign(None),
        }
    }
}
