//! Putting a profile together.
//!
//! Source: `TopLevel.yaml`, `CommonPayloadKeys.yaml`.

use super::Payload;
use super::fields::Put;
use super::handle::PayloadUuid;
use crate::plist::{Array, Dictionary, Document, Value};
use crate::profile::{Profile, Scope};

/// Collects payloads and gives the handles that they point at each other with.
///
/// The same identifier and names always give the same UUIDs: a device that gets the profile anew
/// keeps the keys and certificates it has as long as neither changes.
#[derive(Clone, Debug)]
pub struct ProfileBuilder {
    identifier: String,
    uuid: PayloadUuid,
    scope: Scope,
    other: Dictionary,
    payloads: Vec<(String, Dictionary)>,
}

impl ProfileBuilder {
    /// A profile without payloads. A device takes another profile with the same `identifier`, in
    /// reverse DNS style, as an update of this one.
    #[must_use]
    pub fn new(identifier: impl Into<String>, scope: Scope) -> Self {
        let identifier = identifier.into();
        let uuid = PayloadUuid::from(identifier.as_str()).derive("Configuration");
        Self { identifier, uuid, scope, other: Dictionary::new(), payloads: Vec::new() }
    }

    /// Sets `PayloadUUID`, from which those of the payloads are made. Comes before the payloads.
    #[must_use]
    pub fn uuid(mut self, uuid: PayloadUuid) -> Self {
        self.uuid = uuid;
        self
    }

    /// Sets `PayloadDisplayName`: what people see in the list of profiles.
    #[must_use]
    pub fn display_name(self, name: &str) -> Self {
        self.with("PayloadDisplayName", name)
    }

    /// Sets `PayloadDescription`.
    #[must_use]
    pub fn description(self, description: &str) -> Self {
        self.with("PayloadDescription", description)
    }

    /// Sets `PayloadOrganization`.
    #[must_use]
    pub fn organization(self, organization: &str) -> Self {
        self.with("PayloadOrganization", organization)
    }

    /// Sets any other key of the profile, such as `PayloadRemovalDisallowed`. It wins over what
    /// the builder writes.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.other.insert(key, value);
        self
    }

    /// Adds a payload. Its identifier is that of the profile, a full stop and `name`; a name that
    /// is taken gets a number.
    pub fn add<P: Payload>(&mut self, name: &str, payload: P) -> P::Handle {
        self.add_labelled(name, None, payload)
    }

    /// Adds a payload that people see under a name of its own (`PayloadDisplayName`).
    pub fn add_with_display_name<P: Payload>(
        &mut self,
        name: &str,
        display_name: &str,
        payload: P,
    ) -> P::Handle {
        self.add_labelled(name, Some(display_name), payload)
    }

    #[expect(clippy::needless_pass_by_value, reason = "a payload is in one profile only")]
    fn add_labelled<P: Payload>(
        &mut self,
        name: &str,
        display_name: Option<&str>,
        payload: P,
    ) -> P::Handle {
        let taken = |name: &str| self.payloads.iter().any(|(other, _)| other == name);
        let mut free = name.to_owned();
        for number in 2_usize.. {
            if !taken(&free) {
                break;
            }
            free = format!("{name}-{number}");
        }
        let uuid = self.uuid.derive(&free);
        let mut dictionary = Dictionary::new();
        dictionary.insert("PayloadIdentifier", format!("{}.{free}", self.identifier));
        dictionary.insert("PayloadUUID", uuid.as_str());
        dictionary.insert("PayloadVersion", 1);
        dictionary.put("PayloadDisplayName", display_name);
        dictionary.put_all(&payload.to_dictionary());
        self.payloads.push((free, dictionary));
        P::Handle::from(uuid)
    }

    /// The profile.
    #[must_use]
    pub fn build(&self) -> Profile {
        Profile::from(Document::new(self.to_dictionary()))
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut profile = Dictionary::new();
        let payloads = self.payloads.iter().map(|(_, payload)| payload.clone());
        profile.insert("PayloadContent", payloads.collect::<Array>());
        profile.insert("PayloadIdentifier", self.identifier.as_str());
        profile.insert("PayloadScope", self.scope.name());
        profile.insert("PayloadType", "Configuration");
        profile.insert("PayloadUUID", self.uuid.as_str());
        profile.insert("PayloadVersion", 1);
        profile.put_all(&self.other);
        profile
    }
}
