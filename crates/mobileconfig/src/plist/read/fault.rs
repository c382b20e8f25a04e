//! What a fault in XML is called, and where it is.

use devicecert_xml::{Fault, Found as XmlFound, Position};

use super::element::{Element, OTHER_TEXT};
use super::xml::{Frame, Parser};
use crate::error::{Error, Found, Malformed};
use crate::plist::span::KeyPath;

impl Parser<'_> {
    /// What could stand where the reader is, between elements.
    pub(super) fn expected(&self) -> &'static str {
        match self.frames.last() {
            None if self.prolog.ended || self.root.is_some() => "the end of the input",
            None => "<plist>",
            Some(Frame::Plist) if self.root.is_some() => "</plist>",
            Some(Frame::Plist) => "a value",
            Some(Frame::Array { .. }) => "a value or </array>",
            Some(Frame::Dict { key: None, .. }) => "<key> or </dict>",
            Some(Frame::Dict { key: Some(_), .. }) => "the value of the key before",
        }
    }

    pub(super) fn malformed(&self, offset: usize, expected: &'static str, found: Found) -> Error {
        let position = Some(Position::of(self.text, offset));
        Box::new(Malformed { offset, position, key_path: self.key_path(), expected, found }).into()
    }

    /// The way to the value that is being read.
    fn key_path(&self) -> KeyPath {
        self.frames.iter().fold(KeyPath::root(), |path, frame| match frame {
            Frame::Plist | Frame::Dict { key: None, .. } => path,
            Frame::Dict { key: Some(key), .. } => path.key(key.value.clone()),
            Frame::Array { array, .. } => path.index(array.len()),
        })
    }

    /// A text that is not well-formed.
    pub(super) fn ill_formed(&self, fault: Fault) -> Error {
        // Of elements more is known here than in XML.
        let expected = match fault.found {
            XmlFound::Text(_) | XmlFound::EndTag(_) if self.scalar.is_none() => self.expected(),
            _ => fault.expected,
        };
        self.malformed(fault.span.start, expected, self.shown(fault.found.into()))
    }

    /// What may be shown of it: where a value should stand, nothing that can be a part of a secret.
    pub(super) fn shown(&self, found: Found) -> Found {
        let in_value = match &self.scalar {
            Some(scalar) => scalar.element != Element::Key,
            None => self.loose.is_some(),
        };
        let wants_value = self.scalar.is_none() && !self.frames.is_empty();
        match found {
            Found::Text(_) if in_value || wants_value => Found::Value(OTHER_TEXT),
            Found::Entity(_) if in_value || wants_value => {
                Found::Value("a reference that stands for nothing")
            }
            // A bare < and what is behind it look like a tag, and as often as not somebody forgot
            // the end of the element that is open.
            Found::Element(name) if in_value && Element::named(&name).is_none() => {
                Found::Value("the start of an unknown element")
            }
            Found::EndTag(name) if in_value && Element::named(&name).is_none() => {
                Found::Value("the end of an unknown element")
            }
            Found::Named { name, .. } if in_value && Element::named(&name).is_none() => {
                Found::Value("something else")
            }
            Found::Character(character) if in_value && character.is_alphanumeric() => {
                Found::Value("another character")
            }
            found => found,
        }
    }
}
