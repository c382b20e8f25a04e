//! Dictionaries and arrays: values in order.

use core::fmt;
use std::collections::HashMap;

use super::span::Spanned;
use super::value::Value;

/// A `<dict>`: keys in the order in which they were read or inserted, each one once.
///
/// `Debug` shows the keys and of what kind their values are, as any of them may be a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Dictionary {
    entries: Vec<Entry>,
}

/// A key of a [`Dictionary`] and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The key, and where its `<key>` element stands.
    pub key: Spanned<String>,
    /// The value, and where its element stands.
    pub value: Spanned<Value>,
}

impl Dictionary {
    /// A dictionary without keys.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// How many keys there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Keys and values in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Keys and values in order, without the places where they stand.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|entry| (entry.key.value.as_str(), &entry.value.value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.key.value.as_str())
    }

    /// The key, its value and where they stand. Takes time linear in the number of keys.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// The value of a key. Takes time linear in the number of keys.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value.value)
    }

    /// The value of a key, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let entry = self.entries.iter_mut().find(|entry| entry.key.value == key)?;
        Some(&mut entry.value.value)
    }

    /// Whether the key is there.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Puts a value under a key: in place of the value that is there, or at the end. Returns the
    /// value that was there.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        match self.entries.iter_mut().find(|entry| entry.key.value == key) {
            Some(entry) => Some(core::mem::replace(&mut entry.value, Spanned::from(value)).value),
            None => {
                self.push_unchecked(Spanned::from(key), Spanned::from(value));
                None
            }
        }
    }

    /// Takes a key and its value away; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.entries.iter().position(|entry| entry.key.value == key)?;
        Some(self.entries.remove(at).value.value)
    }

    /// Puts all of another dictionary here: in place of the values that are there, or at the end.
    pub(crate) fn insert_all(&mut self, other: &Self) {
        // The others are there once each, so none has to be looked for among them.
        let own = self.entries.len();
        for Entry { key, value } in &other.entries {
            let value = Spanned::from(value.value.clone());
            match self.entries.iter_mut().take(own).find(|entry| entry.key.value == key.value) {
                Some(entry) => entry.value = value,
                None => self.push_unchecked(Spanned::from(key.value.clone()), value),
            }
        }
    }

    /// Appends a key that the caller knows not to be there.
    pub(crate) fn push_unchecked(&mut self, key: Spanned<String>, value: Spanned<Value>) {
        self.entries.push(Entry { key, value });
    }
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Of two values for one key the last one stays, in the place of the first.
impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Dictionary {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut dictionary = Self::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (key, value) in entries {
            let (key, value) = (key.into(), Spanned::from(value.into()));
            let place = places.get(&key).copied();
            match place.and_then(|place| dictionary.entries.get_mut(place)) {
                Some(entry) => entry.value = value,
                None => {
                    places.insert(key.clone(), dictionary.entries.len());
                    dictionary.push_unchecked(Spanned::from(key), value);
                }
            }
        }
        dictionary
    }
}

/// An `<array>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Array {
    items: Vec<Spanned<Value>>,
}

impl Array {
    /// An array without items.
    #[must_use]
    pub const fn new() -> Self {
        Self { items: Vec::new() }
    }

    /// How many items there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no item.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items and where they stand.
    #[must_use]
    pub fn items(&self) -> &[Spanned<Value>] {
        &self.items
    }

    /// The items, without the places where they stand.
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.items.iter().map(|item| &item.value)
    }

    /// The item with this index, counted from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.items.get(index).map(|item| &item.value)
    }

    /// The item with this index, to be changed.
    #[must_use]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut Value> {
        self.items.get_mut(index).map(|item| &mut item.value)
    }

    /// Appends an item.
    pub fn push(&mut self, value: impl Into<Value>) {
        self.items.push(Spanned::from(value.into()));
    }

    /// Appends an item that was read.
    pub(crate) fn push_spanned(&mut self, value: Spanned<Value>) {
        self.items.push(value);
    }
}

impl<V: Into<Value>> FromIterator<V> for Array {
    fn from_iter<I: IntoIterator<Item = V>>(items: I) -> Self {
        Self { items: items.into_iter().map(|item| Spanned::from(item.into())).collect() }
    }
}
