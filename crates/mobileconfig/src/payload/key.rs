//! What Apple's schema says of one key, as data: the rules check against it.

use super::platform::{Availability, Platform};

/// One key of a payload, or one element of an array.
///
/// The tables are `const`, written with the constructors and modifiers of this type:
///
/// ```
/// use devicecert_mobileconfig::payload::{Key, Kind, Presence};
///
/// const SIZE: Key = Key::integer("Keysize").integers(&[1024, 2048, 4096]).default_integer(1024);
/// assert_eq!(SIZE.kind, Kind::Integer);
/// assert_eq!(SIZE.presence, Presence::Optional);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Key {
    /// The key as it is written in a profile; for the element of an array, Apple's name for it.
    pub name: &'static str,
    /// The type of the value.
    pub kind: Kind,
    /// Whether the device refuses a payload without it.
    pub presence: Presence,
    /// The values Apple takes.
    pub allowed: Allowed,
    /// What the device assumes when the key is absent.
    pub default: Assumed,
    /// How often the element must stand in its array, as the least and the most.
    pub times: Option<(usize, usize)>,
    /// Platforms where this key came later than its payload, or not at all.
    pub platforms: &'static [(Platform, Availability)],
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// `<string>`
    String,
    /// `<integer>`
    Integer,
    /// `<real>`
    Real,
    /// `<true/>` or `<false/>`
    Boolean,
    /// `<date>`
    Date,
    /// `<data>`
    Data,
    /// `<array>` of elements that all look like the one given.
    Array(&'static Key),
    /// `<dict>` with these keys.
    Dictionary(&'static [Key]),
    /// `<dict>` with these keys, and others that are not known beforehand.
    OpenDictionary(&'static [Key]),
    /// `<string>`, or `<array>` of strings.
    ///
    /// Apple's schema language has no word for it and says string; its errata say that the
    /// alternative names of a certificate may be either.
    StringOrStrings,
    /// Anything.
    Any,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The payload is refused without it.
    Required,
    /// The device has a default, or does without.
    Optional,
}

/// The values that Apple takes for a key.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Allowed {
    /// Every value of the type.
    All,
    /// One of these texts.
    Texts(&'static [&'static str]),
    /// One of these numbers.
    Integers(&'static [i64]),
    /// A number from the first to the second, both included.
    Range(i64, i64),
    /// The UUID of another payload of the profile.
    Uuid,
    /// A text that starts so.
    Prefix(&'static str),
}

/// What a device assumes when a key is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Assumed {
    /// Apple documents none.
    None,
    /// A boolean.
    Boolean(bool),
    /// A number.
    Integer(i64),
    /// A text.
    Text(&'static str),
}

impl Key {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            presence: Presence::Optional,
            allowed: Allowed::All,
            default: Assumed::None,
            times: None,
            platforms: &[],
        }
    }

    /// A text.
    #[must_use]
    pub const fn string(name: &'static str) -> Self {
        Self::new(name, Kind::String)
    }

    /// A whole number.
    #[must_use]
    pub const fn integer(name: &'static str) -> Self {
        Self::new(name, Kind::Integer)
    }

    /// A number that stands for no (0) or yes (1), with the value it has when absent.
    #[must_use]
    pub const fn flag(name: &'static str, default: i64) -> Self {
        Self::new(name, Kind::Integer).integers(&[0, 1]).default_integer(default)
    }

    /// A number with a fraction.
    #[must_use]
    pub const fn real(name: &'static str) -> Self {
        Self::new(name, Kind::Real)
    }

    /// True or false.
    #[must_use]
    pub const fn boolean(name: &'static str) -> Self {
        Self::new(name, Kind::Boolean)
    }

    /// A point in time.
    #[must_use]
    pub const fn date(name: &'static str) -> Self {
        Self::new(name, Kind::Date)
    }

    /// Bytes.
    #[must_use]
    pub const fn data(name: &'static str) -> Self {
        Self::new(name, Kind::Data)
    }

    /// A list of elements of one kind.
    #[must_use]
    pub const fn array(name: &'static str, element: &'static Key) -> Self {
        Self::new(name, Kind::Array(element))
    }

    /// A dictionary with these keys.
    #[must_use]
    pub const fn dictionary(name: &'static str, keys: &'static [Key]) -> Self {
        Self::new(name, Kind::Dictionary(keys))
    }

    /// A dictionary with these keys, and others that the schema does not name.
    #[must_use]
    pub const fn open_dictionary(name: &'static str, keys: &'static [Key]) -> Self {
        Self::new(name, Kind::OpenDictionary(keys))
    }

    /// A text or a list of texts.
    #[must_use]
    pub const fn string_or_strings(name: &'static str) -> Self {
        Self::new(name, Kind::StringOrStrings)
    }

    /// A value of any type.
    #[must_use]
    pub const fn any(name: &'static str) -> Self {
        Self::new(name, Kind::Any)
    }

    /// The same key, without which the payload is refused.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { presence: Presence::Required, ..self }
    }

    /// The same key with a closed list of texts.
    #[must_use]
    pub const fn texts(self, texts: &'static [&'static str]) -> Self {
        Self { allowed: Allowed::Texts(texts), ..self }
    }

    /// The same key with a closed list of numbers.
    #[must_use]
    pub const fn integers(self, numbers: &'static [i64]) -> Self {
        Self { allowed: Allowed::Integers(numbers), ..self }
    }

    /// The same key with a least and a greatest number.
    #[must_use]
    pub const fn range(self, least: i64, greatest: i64) -> Self {
        Self { allowed: Allowed::Range(least, greatest), ..self }
    }

    /// The same key, holding the UUID of a payload.
    #[must_use]
    pub const fn uuid(self) -> Self {
        Self { allowed: Allowed::Uuid, ..self }
    }

    /// The same key, whose text starts so.
    #[must_use]
    pub const fn prefix(self, prefix: &'static str) -> Self {
        Self { allowed: Allowed::Prefix(prefix), ..self }
    }

    /// The same element, which stands that often in its array.
    #[must_use]
    pub const fn times(self, least: usize, most: usize) -> Self {
        Self { times: Some((least, most)), ..self }
    }

    /// The same key with a boolean that the device assumes.
    #[must_use]
    pub const fn default_boolean(self, value: bool) -> Self {
        Self { default: Assumed::Boolean(value), ..self }
    }

    /// The same key with a number that the device assumes.
    #[must_use]
    pub const fn default_integer(self, value: i64) -> Self {
        Self { default: Assumed::Integer(value), ..self }
    }

    /// The same key with a text that the device assumes.
    #[must_use]
    pub const fn default_text(self, value: &'static str) -> Self {
        Self { default: Assumed::Text(value), ..self }
    }

    /// The same key, which these platforms got later than the payload, or never.
    #[must_use]
    pub const fn on(self, platforms: &'static [(Platform, Availability)]) -> Self {
        Self { platforms, ..self }
    }

    /// Where this key stands on a platform, if its payload says nothing about it.
    #[must_use]
    pub fn availability(&self, platform: Platform) -> Option<Availability> {
        self.platforms.iter().find(|(on, _)| *on == platform).map(|(_, availability)| *availability)
    }

    /// The keys below this one: those of a dictionary, or the element of an array.
    #[must_use]
    pub fn below(&self) -> &'static [Key] {
        match self.kind {
            Kind::Array(element) => core::slice::from_ref(element),
            Kind::Dictionary(keys) | Kind::OpenDictionary(keys) => keys,
            _ => &[],
        }
    }
}

/// The key of this name in a table.
#[must_use]
pub fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name)
}
