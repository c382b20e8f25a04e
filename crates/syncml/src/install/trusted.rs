//! `RootCATrustedCertificates` and `CertificateStore`: certificates without a key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::Provider;

use super::{Subtree, Write};
use crate::error::{Error, Misuse};
use crate::loc_uri::Scope;
use crate::operation::{Content, Operation};
use crate::thumbprint::Thumbprint;

/// A store that certificates are put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Store {
    /// `RootCATrustedCertificates/Root`: self-signed roots; of the computer only.
    Root,
    /// `RootCATrustedCertificates/CA`: intermediates.
    Intermediate,
    /// `RootCATrustedCertificates/TrustedPublisher`: who may sign programs.
    TrustedPublisher,
    /// `RootCATrustedCertificates/TrustedPeople`: certificates trusted by themselves.
    TrustedPeople,
    /// `RootCATrustedCertificates/UntrustedCertificates`: what is not trusted, whoever issued it.
    Untrusted,
    /// `CertificateStore/ROOT`: roots, the older way; of the computer only.
    LegacyRoot,
    /// `CertificateStore/CA`: intermediates, the older way; of the computer only.
    LegacyIntermediate,
}

impl Store {
    const fn path(self) -> [&'static str; 2] {
        match self {
            Self::Root => ["RootCATrustedCertificates", "Root"],
            Self::Intermediate => ["RootCATrustedCertificates", "CA"],
            Self::TrustedPublisher => ["RootCATrustedCertificates", "TrustedPublisher"],
            Self::TrustedPeople => ["RootCATrustedCertificates", "TrustedPeople"],
            Self::Untrusted => ["RootCATrustedCertificates", "UntrustedCertificates"],
            Self::LegacyRoot => ["CertificateStore", "ROOT"],
            Self::LegacyIntermediate => ["CertificateStore", "CA"],
        }
    }

    const fn is_for_users(self) -> bool {
        !matches!(self, Self::Root | Self::LegacyRoot | Self::LegacyIntermediate)
    }
}

/// A certificate to be put into a store.
///
/// ```
/// use devicecert_crypto_rust::RustCrypto;
/// use devicecert_syncml::{Scope, Store, TrustedCertificate, Write};
///
/// # let der = [0x30, 0x00];
/// let root = TrustedCertificate::new(Scope::Device, Store::Root, &der, &RustCrypto)?;
/// let operation = root.operation(Write::Replace)?;
/// let node = operation.node().expect("one node").to_string();
/// assert!(node.ends_with(&format!("/Root/{}/EncodedCertificate", root.thumbprint())));
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrustedCertificate {
    scope: Scope,
    store: Store,
    thumbprint: Thumbprint,
    base64: String,
}

impl TrustedCertificate {
    /// A certificate in DER; its thumbprint becomes its name.
    ///
    /// # Errors
    /// [`Misuse::Combination`] for a store that users do not have; an error of the backend.
    pub fn new(
        scope: Scope,
        store: Store,
        der: &[u8],
        provider: &dyn Provider,
    ) -> Result<Self, Error> {
        if scope == Scope::User && !store.is_for_users() {
            let rule = "this store is the computer's only";
            return Err(Misuse::Combination { node: "{CertHash}", rule }.into());
        }
        let thumbprint = Thumbprint::of(der, provider)?;
        Ok(Self { scope, store, thumbprint, base64: STANDARD.encode(der) })
    }

    /// Its name in the store.
    #[must_use]
    pub const fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }

    /// Puts it into the store. The node above makes itself.
    ///
    /// # Errors
    /// None in practice: the address is always one.
    pub fn operation(&self, write: Write) -> Result<Operation, Error> {
        let node = self.tree().uri(&["EncodedCertificate"])?;
        Ok(write.operation(node, Content::b64(self.base64.as_str())))
    }

    /// Takes it out of the store.
    ///
    /// # Errors
    /// As [`operation`](Self::operation).
    pub fn removal(&self) -> Result<Operation, Error> {
        Ok(Operation::delete(self.tree().uri(&[])?))
    }

    fn tree(&self) -> Subtree {
        let [csp, store] = self.store.path();
        Subtree::new(self.scope, &[csp, store, &self.thumbprint.to_string()], Write::Add)
    }
}
