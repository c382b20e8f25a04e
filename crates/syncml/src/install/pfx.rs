//! `ClientCertificateInstall/PFXCertInstall/{UniqueID}`: a key and its certificates as PKCS #12.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::Secret;

use super::{Setting, Subtree, Write, check_id, scep::text};
use crate::error::Error;
use crate::loc_uri::Scope;
use crate::operation::{Content, Operation};

/// Where the imported key is kept: `KeyLocation`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyLocation {
    /// In the TPM; without one the import fails.
    Tpm,
    /// In the TPM if there is one, else in software.
    TpmIfPresent,
    /// In software, the only place a key may leave again: `PFXKeyExportable`.
    Software {
        /// Whether it may.
        exportable: Exportable,
    },
    /// In the container of Windows Hello for Business of this name: `ContainerName`.
    WindowsHello {
        /// The name.
        container: String,
    },
}

/// Whether a key can be taken out of the store again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Exportable {
    /// It stays.
    #[default]
    No,
    /// It may be exported.
    Yes,
}

/// How the password is protected on its way: `PFXCertPasswordEncryptionType`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordEncryption {
    /// It is not, beyond TLS.
    #[default]
    None,
    /// Encrypted to the device's MDM certificate: CMS EnvelopedData in base64.
    MdmCertificate,
    /// The same to a certificate in this store: `PFXCertPasswordEncryptionStore`.
    Store(String),
}

/// An import of a key with its certificates.
///
/// ```
/// use devicecert_syncml::{Document, PfxInstall, Scope, Write};
///
/// # let pkcs12 = vec![0x30, 0x03, 0x02, 0x01, 0x03];
/// let mut pfx = PfxInstall::new(Scope::User, "mail-1", pkcs12);
/// pfx.password = "secret".into();
/// let fragment = Document::fragment(&pfx.operations(Write::Add)?)?;
/// let last = fragment.commands().last().and_then(|add| add.items().next()).expect("there is one");
/// assert!(last.target().unwrap().text.ends_with("/PFXCertBlob"));
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PfxInstall {
    /// Whose store the key goes to.
    pub scope: Scope,
    /// `{UniqueID}`: one name for each certificate.
    pub id: String,
    /// `PFXCertBlob`: PKCS #12 in DER.
    pub pkcs12: Setting<Secret>,
    /// `PFXCertPassword`, in clear or encrypted as `password_encryption` says.
    pub password: Secret,
    /// How it is encrypted. By default not.
    pub password_encryption: PasswordEncryption,
    /// `KeyLocation`. By default software, not exportable.
    pub key_location: KeyLocation,
}

impl PfxInstall {
    /// An import into software, not exportable, without password.
    #[must_use]
    pub fn new(scope: Scope, id: impl Into<String>, pkcs12: Vec<u8>) -> Self {
        Self::from_setting(scope, id, Setting::Value(Secret::new(pkcs12)))
    }

    /// The same from a value or a placeholder.
    #[must_use]
    pub fn from_setting(scope: Scope, id: impl Into<String>, pkcs12: Setting<Secret>) -> Self {
        let key_location = KeyLocation::Software { exportable: Exportable::No };
        Self {
            scope,
            id: id.into(),
            pkcs12,
            password: Secret::from(""),
            password_encryption: PasswordEncryption::None,
            key_location,
        }
    }

    /// The operations in the order the device needs: PFXCertBlob last, as writing it imports.
    ///
    /// # Errors
    /// [`Misuse`](crate::Misuse) for an id or password that cannot be written.
    pub fn operations(&self, write: Write) -> Result<Vec<Operation>, Error> {
        check_id("UniqueID", &self.id)?;
        let password = text("PFXCertPassword", &self.password)?;
        let (location, container, exportable) = match &self.key_location {
            KeyLocation::Tpm => (1, None, Exportable::No),
            KeyLocation::TpmIfPresent => (2, None, Exportable::No),
            KeyLocation::Software { exportable } => (3, None, *exportable),
            KeyLocation::WindowsHello { container } => (4, Some(container), Exportable::No),
        };
        let (kind, store) = match &self.password_encryption {
            PasswordEncryption::None => (0, None),
            PasswordEncryption::MdmCertificate => (1, None),
            PasswordEncryption::Store(store) => (2, Some(store)),
        };
        let mut tree = Subtree::new(self.scope, &self.path(), write);
        tree.put(&[], Content::node())?;
        tree.put(&["KeyLocation"], Content::int(location))?;
        tree.put_some(&["ContainerName"], container.map(Content::chr))?;
        if !password.is_empty() {
            tree.put(&["PFXCertPassword"], Content::chr(password))?;
            tree.put(&["PFXCertPasswordEncryptionType"], Content::int(kind))?;
            tree.put_some(&["PFXCertPasswordEncryptionStore"], store.map(Content::chr))?;
        }
        // The default of the CSP is true, and then fails for a key that is not in software.
        tree.put(&["PFXKeyExportable"], Content::bool(exportable == Exportable::Yes))?;
        // Devices want text here, whatever the format in the description.
        let blob = match &self.pkcs12 {
            Setting::Value(pkcs12) => STANDARD.encode(pkcs12.expose()),
            Setting::Placeholder(placeholder) => placeholder.as_str().to_owned(),
        };
        tree.put(&["PFXCertBlob"], Content::chr(blob))?;
        Ok(tree.operations)
    }

    /// Removes the certificates and the key.
    ///
    /// # Errors
    /// [`Misuse`](crate::Misuse) for an id that cannot be part of an address.
    pub fn removal(&self) -> Result<Operation, Error> {
        check_id("UniqueID", &self.id)?;
        Ok(Operation::delete(self.tree().uri(&[])?))
    }

    /// Asks how it went: `Status` and `Thumbprint`.
    ///
    /// # Errors
    /// As [`removal`](Self::removal).
    pub fn query(&self) -> Result<Vec<Operation>, Error> {
        check_id("UniqueID", &self.id)?;
        let tree = self.tree();
        ["Status", "Thumbprint"].iter().map(|leaf| Ok(Operation::get(tree.uri(&[leaf])?))).collect()
    }

    fn path(&self) -> [&str; 3] {
        ["ClientCertificateInstall", "PFXCertInstall", &self.id]
    }

    fn tree(&self) -> Subtree {
        Subtree::new(self.scope, &self.path(), Write::Add)
    }
}
