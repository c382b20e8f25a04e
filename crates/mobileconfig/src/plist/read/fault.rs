//! What a fault in XML is called, and where it is.

use quick_xml::errors::{Error as XmlError, IllFormedError, SyntaxError};

use super::xml::{Frame, Parser};
use crate::error::{Error, Found, Malformed};
use crate::plist::span::{KeyPath, Position};

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

    pub(super) fn illegal(&self, offset: usize, c: char) -> Error {
        self.malformed(offset, "a character that XML has", Found::Character(c))
    }

    /// The way to the value that is being read.
    fn key_path(&self) -> KeyPath {
        self.frames.iter().fold(KeyPath::root(), |path, frame| match frame {
            Frame::Plist | Frame::Dict { key: None, .. } => path,
            Frame::Dict { key: Some(key), .. } => path.key(key.value.clone()),
            Frame::Array { array, .. } => path.index(array.len()),
        })
    }

    /// A fault that the tokenizer found.
    pub(super) fn ill_formed(&self, offset: usize, error: &XmlError) -> Error {
        let (expected, found) = match error {
            XmlError::IllFormed(IllFormedError::MismatchedEndTag { found, .. }) => {
                let found = Found::EndTag(found.chars().take(64).collect());
                ("the end of the element that is open", found)
            }
            XmlError::IllFormed(IllFormedError::UnmatchedEndTag(found)) => {
                let found = Found::EndTag(found.chars().take(64).collect());
                (self.expected(), found)
            }
            XmlError::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                ("a comment", Found::Value("two hyphens in it"))
            }
            XmlError::IllFormed(IllFormedError::UnclosedReference) => {
                ("a reference such as &amp;", Found::Value("an & that begins none"))
            }
            XmlError::IllFormed(_) => ("well-formed XML", Found::Value("something else")),
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) => {
                ("a comment, a CDATA section or a DOCTYPE", Found::Value("something else"))
            }
            XmlError::Syntax(syntax) => {
                let open = match syntax {
                    SyntaxError::UnclosedPI => "the end of a processing instruction",
                    SyntaxError::UnclosedXmlDecl => "the end of the XML declaration",
                    SyntaxError::UnclosedComment => "the end of a comment",
                    SyntaxError::UnclosedDoctype => "the end of the DOCTYPE",
                    SyntaxError::UnclosedCData => "the end of a CDATA section",
                    _ => "the end of a tag",
                };
                (open, Found::End)
            }
            _ => ("well-formed XML", Found::Value("something else")),
        };
        self.malformed(offset, expected, found)
    }
}
