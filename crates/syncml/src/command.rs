//! Commands and items (OMA SyncML Representation Protocol 1.2 §6), as views of a document.

use core::ops::Range;

use crate::value::Value;
use crate::verb::{Format, Verb};
use crate::xml::Element;

/// A command of a document: Add, Replace, Exec, Get, Delete, Atomic and the others of [`Verb`].
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    verb: Verb,
    element: &'a Element,
}

/// An item of a [`Command`]: one node, and what is to be done with it.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Meta of the command, which is that of items without.
    shared: Option<&'a Element>,
    element: &'a Element,
}

impl<'a> Command<'a> {
    pub(crate) fn of(element: &'a Element) -> Option<Self> {
        Some(Self { verb: Verb::from_name(element.local_name())?, element })
    }

    /// Which command it is.
    #[must_use]
    pub const fn verb(self) -> Verb {
        self.verb
    }

    /// The element itself, with all that is not modelled.
    #[must_use]
    pub const fn element(self) -> &'a Element {
        self.element
    }

    /// Where it stands, from start tag to end tag.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        self.element.span.clone()
    }

    /// Its CmdID.
    #[must_use]
    pub fn cmd_id(self) -> Option<Value<'a>> {
        self.element.first("CmdID").map(Value::of)
    }

    /// Its items.
    pub fn items(self) -> impl Iterator<Item = Item<'a>> {
        let shared = self.element.first("Meta");
        let items = self.element.elements().filter(|element| element.local_name() == "Item");
        items.map(move |element| Item { shared, element })
    }

    /// The commands inside of an Atomic, a Sequence or a Sync.
    pub fn commands(self) -> impl Iterator<Item = Command<'a>> {
        self.element.elements().filter_map(Command::of)
    }
}

impl<'a> Item<'a> {
    /// The element itself, with all that is not modelled.
    #[must_use]
    pub const fn element(self) -> &'a Element {
        self.element
    }

    /// The node that is meant: Target/LocURI.
    #[must_use]
    pub fn target(self) -> Option<Value<'a>> {
        self.element.descend(&["Target", "LocURI"]).map(Value::of)
    }

    /// The node that a result is of: Source/LocURI.
    #[must_use]
    pub fn source(self) -> Option<Value<'a>> {
        self.element.descend(&["Source", "LocURI"]).map(Value::of)
    }

    /// The text of Meta/Format, of the item or else of its command.
    #[must_use]
    pub fn format_text(self) -> Option<Value<'a>> {
        self.meta("Format")
    }

    /// Meta/Format, if it is one of the standard's.
    #[must_use]
    pub fn format(self) -> Option<Format> {
        Format::from_name(self.format_text()?.trimmed())
    }

    /// The text of Meta/Type, of the item or else of its command.
    #[must_use]
    pub fn mime_type(self) -> Option<Value<'a>> {
        self.meta("Type")
    }

    /// The value: Data.
    #[must_use]
    pub fn data(self) -> Option<Value<'a>> {
        self.element.first("Data").map(Value::of)
    }

    fn meta(self, name: &str) -> Option<Value<'a>> {
        let found = self.element.descend(&["Meta", name]);
        found.or_else(|| self.shared?.first(name)).map(Value::of)
    }
}
