//! A property list, as far as the rules look into it.

use std::borrow::Cow;

use crate::xml::{Element, Tree};

/// A value of a property list.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) text: &'a str,
    pub(super) element: &'a Element,
}

impl<'a> Value<'a> {
    /// The root of a property list.
    pub(super) fn root(tree: &'a Tree, text: &'a str) -> Option<Self> {
        let root = tree.roots.first()?;
        let element = match root.local_name(text) {
            "plist" => root.elements().next()?,
            _ => root,
        };
        Some(Self { text, element })
    }

    fn is(self, name: &str) -> bool {
        self.element.local_name(self.text) == name
    }

    /// The value of a key; of several the first.
    pub(super) fn get(self, wanted: &str) -> Option<Self> {
        self.pairs().find(|(key, _)| key == wanted).map(|(_, value)| value)
    }

    fn pairs(self) -> impl Iterator<Item = (Cow<'a, str>, Self)> {
        let mut elements = self.element.elements();
        let text = self.text;
        let dictionary = self.is("dict");
        core::iter::from_fn(move || {
            let key = elements.next().filter(|_| dictionary)?;
            let element = elements.next()?;
            Some((key.value(text), Self { text, element }))
        })
    }

    /// The values of an array; none if it is none.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        let text = self.text;
        let elements = self.element.elements().filter(move |_| self.is("array"));
        elements.map(move |element| Self { text, element })
    }

    /// What a string says.
    pub(super) fn string(self) -> Option<Cow<'a, str>> {
        self.is("string").then(|| self.element.value(self.text))
    }

    /// The characters of data, without white space around them.
    pub(super) fn data(self) -> Option<String> {
        self.is("data").then(|| self.element.value(self.text).trim().to_owned())
    }

    /// The dictionaries in `PayloadContent` of this one with a type.
    pub(super) fn payloads(self, kind: &'a str) -> impl Iterator<Item = Self> {
        let content = self.get("PayloadContent");
        content.into_iter().flat_map(Self::items).filter(move |payload| {
            payload.get("PayloadType").and_then(Self::string).as_deref() == Some(kind)
        })
    }
}

/// The way to the innermost value around some bytes: `PayloadContent[0].URL`.
pub(super) fn path(tree: &Tree, text: &str, span: &core::ops::Range<usize>) -> Option<String> {
    let root = tree.roots.first()?;
    let way = root.way_to(span);
    let mut path = String::new();
    for pair in way.windows(2) {
        let [outer, inner] = pair else { continue };
        let before = || outer.elements().take_while(|other| other.span.start < inner.span.start);
        match outer.local_name(text) {
            "dict" => {
                let key = match inner.local_name(text) {
                    "key" => Some(*inner),
                    _ => before().last(),
                };
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&key?.value(text));
            }
            "array" => path.push_str(&format!("[{}]", before().count())),
            _ => {}
        }
    }
    (!path.is_empty()).then_some(path)
}
