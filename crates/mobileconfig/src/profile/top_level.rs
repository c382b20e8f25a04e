//! The keys of a profile itself (`TopLevel.yaml` of Apple's device-management schemas).
//!
//! Every accessor answers for a value of the right type only: what is there instead is for the
//! checks to see. Texts come as they are written, placeholders included.

use devicecert_pki::Time;

use super::Profile;
use crate::plist::{Dictionary, Node, Value};

/// Which users of a Mac a profile is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// All: certificates go to the System keychain.
    System,
    /// One: certificates go to the login keychain.
    User,
}

impl Scope {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::User => "User",
        }
    }
}

impl From<Scope> for Value {
    fn from(scope: Scope) -> Self {
        Self::from(scope.name())
    }
}

impl Profile {
    /// The root, if it is a dictionary.
    #[must_use]
    pub const fn root(&self) -> Option<&Dictionary> {
        self.document.root().as_dictionary()
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.root()?.get(key)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_boolean()
    }

    /// PayloadType: `Configuration` for every profile.
    #[must_use]
    pub fn payload_type(&self) -> Option<&str> {
        self.text("PayloadType")
    }

    /// PayloadIdentifier: a profile replaces the one that has the same.
    #[must_use]
    pub fn identifier(&self) -> Option<&str> {
        self.text("PayloadIdentifier")
    }

    /// PayloadUUID.
    #[must_use]
    pub fn uuid(&self) -> Option<&str> {
        self.text("PayloadUUID")
    }

    /// PayloadVersion: 1, the version of the format.
    #[must_use]
    pub fn version(&self) -> Option<i64> {
        self.get("PayloadVersion")?.as_integer()
    }

    /// PayloadDisplayName.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.text("PayloadDisplayName")
    }

    /// PayloadDescription.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.text("PayloadDescription")
    }

    /// PayloadOrganization.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.text("PayloadOrganization")
    }

    /// PayloadScope, on a Mac; `None` also for a word that is neither.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        let word = self.text("PayloadScope")?;
        [Scope::System, Scope::User].into_iter().find(|scope| scope.name() == word)
    }

    /// PayloadRemovalDisallowed; absent means `false`.
    #[must_use]
    pub fn removal_disallowed(&self) -> Option<bool> {
        self.flag("PayloadRemovalDisallowed")
    }

    /// HasRemovalPasscode; absent means `false`.
    #[must_use]
    pub fn has_removal_passcode(&self) -> Option<bool> {
        self.flag("HasRemovalPasscode")
    }

    /// IsEncrypted; absent means `false`.
    #[must_use]
    pub fn is_encrypted(&self) -> Option<bool> {
        self.flag("IsEncrypted")
    }

    /// RemovalDate: when the device removes the profile.
    #[must_use]
    pub fn removal_date(&self) -> Option<Time> {
        self.get("RemovalDate")?.as_date()
    }

    /// DurationUntilRemoval, in seconds; the earlier of this and the date counts.
    #[must_use]
    pub fn duration_until_removal(&self) -> Option<f64> {
        self.get("DurationUntilRemoval")?.as_real()
    }

    /// PayloadExpirationDate: when the device offers to update the profile.
    #[must_use]
    pub fn expiration_date(&self) -> Option<Time> {
        self.get("PayloadExpirationDate")?.as_date()
    }

    /// TargetDeviceType: 0 any, 1 iPhone and iPad, 2 Watch, 3 HomePod, 4 TV, 5 Mac, 6 Vision.
    #[must_use]
    pub fn target_device_type(&self) -> Option<i64> {
        self.get("TargetDeviceType")?.as_integer()
    }

    /// ConsentText: language tags, or `default`, and what has to be agreed to.
    #[must_use]
    pub fn consent_text(&self) -> Option<&Dictionary> {
        self.get("ConsentText")?.as_dictionary()
    }

    /// EncryptedPayloadContent: an enveloped message (DER).
    #[must_use]
    pub fn encrypted_content(&self) -> Option<&[u8]> {
        self.get("EncryptedPayloadContent")?.as_data()
    }

    /// The items of PayloadContent, each knowing its span and key path.
    pub fn payloads(&self) -> impl Iterator<Item = Node<'_>> {
        let content = self.document.node().get("PayloadContent");
        content.map(|content| content.items().collect::<Vec<_>>()).unwrap_or_default().into_iter()
    }
}
