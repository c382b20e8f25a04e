//! Walking through a property list, always knowing the way that led here.

use std::sync::Arc;

use super::dictionary::Entry;
use super::span::{KeyPath, Span, Spanned, Step};
use super::value::{Kind, Value};

/// A value together with where it stands: span, key and key path.
///
/// The path is made while walking, so that values can be moved and changed without care for it.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    value: &'a Spanned<Value>,
    /// The step that led here, and the node from which; none at the root. All that stand in one
    /// value share it.
    from: Option<(BorrowedStep<'a>, Arc<Node<'a>>)>,
}

#[derive(Clone, Copy, Debug)]
enum BorrowedStep<'a> {
    Key(&'a Spanned<String>),
    Index(usize),
}

impl<'a> Node<'a> {
    /// The root of a property list.
    #[must_use]
    pub const fn root(value: &'a Spanned<Value>) -> Self {
        Self { value, from: None }
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
        match &self.from {
            Some((BorrowedStep::Key(key), _)) => Some(key),
            _ => None,
        }
    }

    /// The way from the root to this value.
    #[must_use]
    pub fn key_path(&self) -> KeyPath {
        let back = core::iter::successors(self.from.as_ref(), |(_, around)| around.from.as_ref());
        let mut steps: Vec<Step> = back
            .map(|(step, _)| match step {
                BorrowedStep::Key(key) => Step::Key(key.value.clone()),
                BorrowedStep::Index(index) => Step::Index(*index),
            })
            .collect();
        steps.reverse();
        steps.into_iter().collect()
    }

    /// The value of a key, if this is a dictionary that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let entry = self.value().as_dictionary()?.entry(key)?;
        Some(entered(entry, Arc::new(self.clone())))
    }

    /// The values of this dictionary, each with its key, in order; none if it is no dictionary.
    pub fn entries(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let dictionary = self.value().as_dictionary();
        let entries = dictionary.map(super::Dictionary::entries).unwrap_or_default();
        let around = self.around(entries.is_empty());
        entries.iter().zip(around).map(|(entry, around)| entered(entry, around))
    }

    /// The items of this array, in order; none if it is no array.
    pub fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let items = self.value().as_array().map(super::Array::items).unwrap_or_default();
        let around = self.around(items.is_empty());
        items.iter().enumerate().zip(around).map(|((index, value), around)| Node {
            value,
            from: Some((BorrowedStep::Index(index), around)),
        })
    }

    /// Values and items of this value, whichever it has.
    pub fn children(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
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

    /// This node for each of the values in it; for none of them if it is empty.
    fn around(&self, is_empty: bool) -> impl Iterator<Item = Arc<Node<'a>>> + use<'a> {
        let shared = (!is_empty).then(|| Arc::new(self.clone()));
        shared.into_iter().flat_map(core::iter::repeat)
    }
}

fn entered<'a>(entry: &'a Entry, around: Arc<Node<'a>>) -> Node<'a> {
    Node { value: &entry.value, from: Some((BorrowedStep::Key(&entry.key), around)) }
}
