//! What a fault in XML is called, and where it is.

use devicecert_xml::{Fault, Found as XmlFound, Position};

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
        self.malformed(fault.span.start, expected, fault.found.into())
    }
}
