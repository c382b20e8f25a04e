//! Declarative device management: the declarations that bring certificates to a device.
//!
//! A configuration points at an asset, and the asset says where the credential is fetched:
//!
//! ```text
//! configuration security.identity ▸ asset credential.scep ▸ https://…/scep.json (a ScepCredential)
//! ```
//!
//! ```
//! use devicecert_mobileconfig::ddm::{
//!     Declaration, IdentityAsset, IdentitySource, Reference, SecurityIdentity,
//! };
//!
//! let reference = Reference::new("https://mdm.example/credentials/scep.json");
//! let asset = IdentityAsset::new(IdentitySource::Scep, reference);
//! let (asset, handle) = asset.declare("com.example.scep", "1");
//! let identity = Declaration::new("com.example.identity", "1", SecurityIdentity::new(handle));
//! println!("{}\n{}", asset.to_json(), identity.to_json());
//! # assert_eq!(Declaration::read(&asset.to_json()), Ok(asset));
//! # assert_eq!(Declaration::read(&identity.to_json()), Ok(identity));
//! ```
//!
//! Covered: `asset.credential.scep`, `.acme`, `.identity` and `.certificate` with their documents
//! `com.apple.credential.scep`, `.acme` and `.identity`; `configuration.security.identity` and
//! `.certificate`; `configuration.legacy` and `.legacy.interactive`. Any other declaration is kept
//! as it is.
//!
//! Not covered: activations, status reports, and the protocol that carries all of it.

mod asset;
mod configuration;
mod credential;
mod declaration;
mod json;

pub use asset::{
    Accessible, Authentication, CertificateAsset, CertificateAssetHandle, IdentityAsset,
    IdentityAssetHandle, IdentitySource, Reference,
};
pub use configuration::{
    InteractiveLegacyProfile, LegacyProfile, SecurityCertificate, SecurityIdentity,
};
pub use credential::{AcmeCredential, IdentityCredential, ScepCredential};
pub use declaration::{AnyDeclaration, Declaration, DeclarationPayload, OtherDeclaration};

use devicecert_pki::error::LimitExceeded;

use crate::payload::PayloadError;

/// A declaration or credential that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeclarationError {
    /// The text is no JSON.
    #[error("line {line}, column {column}: no JSON")]
    Json {
        /// The line, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// The JSON is no object, or has null in it, or numbers out of range.
    #[error("a declaration is an object without null and without numbers out of range")]
    Shape,
    /// The text exceeds the default [`Limits`](crate::Limits) of bytes or values.
    #[error(transparent)]
    LimitExceeded(#[from] LimitExceeded),
    /// A key is missing or has a value that is not possible.
    #[error(transparent)]
    Key(#[from] PayloadError),
}
