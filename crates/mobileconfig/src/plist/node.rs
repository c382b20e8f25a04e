//! Walking through a property list, always knowing the way that led here.

use super::dictionary::Entry;
use super::span::{KeyPath, Span, Spanned, Step};
use super::value::{Kind, Value};

/// A value together with where it stands: span, key and key path.
///
/// The path is made while walking, so that values can be moved and changed without care for it.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    value: &'a Spanned<Value>,
    key: Option<&'a Spanned<String>>,
    path: Vec<BorrowedStep<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum BorrowedStep<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Node<'a> {
    /// The root of a property list.
    #[must_use]
    pub const fn root(value: &'a Spanned<Value>) -> Self {
        Self { value, key: None, path: Vec::new() }
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &'a Value {
        &self.value.value
    }

    /// What kind of value it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.value.value.kind()
    }

    /// Where the element of the value stands.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.value.span
    }

    /// The key of this value, if it stands in a dictionary, and where its `<key>` element stands.
    #[must_use]
    pub const fn key(&self) -> Option<&'a Spanned<String>> {
        self.key
    }

    /// The way from the root to this value.
    #[must_use]
    pub fn key_path(&self) -> KeyPath {
        let steps = self.path.iter().map(|step| match step {
            BorrowedStep::Key(key) => Step::Key((*key).to_owned()),
            BorrowedStep::Index(index) => Step::Index(*index),
        });
        steps.collect()
    }

    /// The value of a key, if this is a dictionary that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        self.value().as_dictionary()?.entry(key).map(|entry| self.enter(entry))
    }

    /// The values of this dictionary, each with its key, in order; none if it is no dictionary.
    pub fn entries(&self) -> impl Iterator<Item = Node<'a>> + '_ {
        let dictionary = self.value().as_dictionary();
        let entries = dictionary.map(super::Dictionary::entries).unwrap_or_default();
        entries.iter().map(|entry| self.enter(entry))
    }

    /// The items of this array, in order; none if it is no array.
    pub fn items(&self) -> impl Iterator<Item = Node<'a>> + '_ {
        let items = self.value().as_array().map(super::Array::items).unwrap_or_default();
        items.iter().enumerate().map(|(index, value)| Node {
            value,
            key: None,
            path: self.path_and(BorrowedStep::Index(index)),
        })
    }

    /// Values and items of this value, whichever it has.
    pub fn children(&self) -> impl Iterator<Item = Node<'a>> + '_ {
        self.entries().chain(self.items())
    }

    /// This value and everything in it, in the order in which it is written.
    pub fn walk(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let mut waiting = vec![self.clone()];
        core::iter::from_fn(move || {
            let node = waiting.pop()?;
            let from = waiting.len();
            waiting.extend(node.children());
            if let Some(children) = waiting.get_mut(from..) {
                children.reverse();
            }
            Some(node)
        })
    }

    fn enter(&self, entry: &'a Entry) -> Node<'a> {
        Node {
            value: &entry.value,
            key: Some(&entry.key),
            path: self.path_and(BorrowedStep::Key(&entry.key.value)),
        }
    }

    fn path_and(&self, step: BorrowedStep<'a>) -> Vec<BorrowedStep<'a>> {
        let mut path = Vec::with_capacity(self.path.len().saturating_add(1));
        path.extend_from_slice(&self.path);
        path.push(step);
        path
    }
}
