//! Whole documents: messages with envelope, and lists of commands without.

mod message;
mod number;

use core::fmt;
use core::ops::Range;

use devicecert_pki::error::LimitExceeded;
use devicecert_xml::{Fault, Found};

use crate::command::Command;
use crate::error::{Error, Malformed, Misuse};
use crate::limits::Limits;
use crate::operation::{Header, Operation};
use crate::place::{Lines, Place, raw_offset};
use crate::value::Value;
use crate::xml::{Element, Forest, Node, read, write};

pub use number::CmdIds;

/// The two forms of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A `SyncML` element with header and body: what goes to a device.
    Message,
    /// Commands side by side without a root: what servers such as Fleet take as a profile.
    Fragment,
}

/// A document as it was read: everything that stood in it, with its place.
///
/// Reading keeps what is not known; it refuses only what is not well-formed XML, and what
/// [`Limits`] forbid. What a device would not like is told by [`check`](crate::check()).
///
/// ```
/// use devicecert_syncml::{Document, Form, Limits, Verb};
///
/// let text = "<Get><Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item></Get>";
/// let document = Document::read(text, &Limits::default())?;
/// assert_eq!(document.form(), Form::Fragment);
/// let get = document.commands().next().expect("there is one");
/// assert_eq!(get.verb(), Verb::Get);
/// assert_eq!(get.items().next().and_then(|item| item.target()).unwrap().text, "./DevInfo/DevId");
/// assert_eq!(document.to_xml(), text);
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone)]
pub struct Document {
    text: String,
    lines: Lines,
    forest: Forest,
    form: Form,
}

impl Document {
    /// Reads a document in either form.
    ///
    /// # Errors
    /// [`Error::Malformed`] at the first place that is not well-formed XML, for a DTD, processing
    /// instructions, and more than one root beside a `SyncML` element;
    /// [`Error::LimitExceeded`] for what `limits` forbid.
    pub fn read(text: &str, limits: &Limits) -> Result<Self, Error> {
        let forest = read(text, limits)?;
        let lines = Lines::of(text);
        let form = match form(&forest) {
            Ok(form) => form,
            Err(Fault { span, expected, found }) => {
                let place = lines.place(text, span);
                return Err(Malformed { place, expected, found }.into());
            }
        };
        Ok(Self { text: text.to_owned(), lines, forest, form })
    }

    /// Reads the bytes of a file or request: UTF-8, with or without a byte order mark.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`Error::Malformed`] for another encoding.
    pub fn read_bytes(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        LimitExceeded::check("the document (bytes)", limits.bytes, bytes.len())?;
        match core::str::from_utf8(bytes) {
            Ok(text) => Self::read(text, limits),
            Err(error) => {
                let at = error.valid_up_to();
                let before = bytes.get(..at).and_then(|before| core::str::from_utf8(before).ok());
                let before = before.unwrap_or_default();
                let place = Lines::of(before).place(before, at..at.saturating_add(1));
                let found = match bytes {
                    [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Found::Other("UTF-16"),
                    _ => Found::Other("bytes that are none"),
                };
                Err(Malformed { place, expected: "text in UTF-8", found }.into())
            }
        }
    }

    /// Commands side by side, without CmdIDs and without a root: a profile for Fleet.
    ///
    /// # Errors
    /// [`Misuse::Character`] for values that XML cannot carry.
    pub fn fragment(operations: &[Operation]) -> Result<Self, Error> {
        let elements = operations.iter().map(Operation::to_element).collect();
        Self::written(&number::laid_out(elements))
    }

    /// A message with these commands, their CmdIDs counted from 1, and Final.
    ///
    /// Wrap what belongs together in [`Operation::atomic`].
    ///
    /// # Errors
    /// [`Misuse::Character`] for values that XML cannot carry, [`Misuse::Form`] for no operation.
    pub fn message(header: &Header, operations: &[Operation]) -> Result<Self, Error> {
        if operations.is_empty() {
            return Err(Misuse::Form { expected: "at least one command in a message" }.into());
        }
        let mut elements: Vec<Element> = operations.iter().map(Operation::to_element).collect();
        number::number(elements.iter_mut(), CmdIds::All);
        Self::written(&number::laid_out(vec![header.envelope(elements)]))
    }

    /// The message that a fragment becomes: each Add, Replace, Exec and Delete of it in one Atomic,
    /// other commands before and behind that as they are, with CmdIDs.
    ///
    /// # Errors
    /// [`Misuse::Form`] if this is a message already, holds no command, or something that is none,
    /// or has another command, such as Get or Atomic, between two that belong into the Atomic.
    pub fn into_message(self, header: &Header) -> Result<Self, Error> {
        if self.form == Form::Message {
            return Err(Misuse::Form { expected: "a fragment, not a message" }.into());
        }
        let mut elements = message::atomic(message::commands(self.forest.nodes)?)?;
        if elements.is_empty() {
            return Err(Misuse::Form { expected: "at least one command in a message" }.into());
        }
        number::number(elements.iter_mut(), CmdIds::All);
        Self::written(&[Node::Element(header.envelope(elements))])
    }

    /// The same document with a CmdID in every command.
    #[must_use]
    pub fn with_cmd_ids(&self, which: CmdIds) -> Self {
        let mut numbered = self.clone();
        let elements = numbered.forest.nodes.iter_mut().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Comment(_) => None,
        });
        number::number(elements, which);
        // As well-formed as before, and hardly longer.
        Self::read_written(&numbered.to_xml()).unwrap_or(numbered)
    }

    fn written(nodes: &[Node]) -> Result<Self, Error> {
        Self::read_written(&write(nodes)?)
    }

    /// Reads back what was written: all that is handed out has passed the gate and has places.
    fn read_written(text: &str) -> Result<Self, Error> {
        let any = usize::MAX;
        Self::read(text, &Limits { bytes: any, depth: any, attributes: any, nodes: any })
    }

    /// Which of the two forms it has.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The text that was read, byte for byte.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Writes the document: everything that was read, with CDATA sections as escaped text.
    #[must_use]
    pub fn to_xml(&self) -> String {
        // What was read can be written: the reader takes no other characters.
        let body = write(&self.forest.nodes).unwrap_or_else(|_| self.text.clone());
        match self.forest.declaration {
            Some(_) => format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}"),
            None => body,
        }
    }

    /// Where the XML declaration stands, if there is one.
    #[must_use]
    pub fn declaration(&self) -> Option<Range<usize>> {
        self.forest.declaration.clone()
    }

    /// The outermost elements: one in a message, any number in a fragment.
    pub fn roots(&self) -> impl Iterator<Item = &Element> {
        self.forest.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Comment(_) => None,
        })
    }

    /// The `SyncHdr` of a message.
    #[must_use]
    pub fn header(&self) -> Option<&Element> {
        self.roots().next().filter(|_| self.form == Form::Message)?.first("SyncHdr")
    }

    /// The commands that are in no other command.
    pub fn commands(&self) -> impl Iterator<Item = Command<'_>> {
        let inside = self.roots().flat_map(|root| match (self.form, root.local_name()) {
            (Form::Message, _) => root.first("SyncBody"),
            (Form::Fragment, "SyncBody") => Some(root),
            (Form::Fragment, _) => None,
        });
        let beside = self.roots().filter(|_| self.form == Form::Fragment);
        beside.chain(inside.flat_map(Element::elements)).filter_map(Command::of)
    }

    /// Names the place of some bytes of [`text`](Self::text).
    #[must_use]
    pub fn place(&self, span: Range<usize>) -> Place {
        self.lines.place(&self.text, span)
    }

    /// Which bytes of [`text`](Self::text) a part of a value is written with.
    #[must_use]
    pub fn part(&self, value: &Value<'_>, part: Range<usize>) -> Range<usize> {
        let raw = self.text.get(value.span.clone()).unwrap_or_default();
        let at = |offset| value.span.start.saturating_add(raw_offset(raw, offset));
        if raw.len() == value.text.len() {
            // Nothing is escaped.
            return value.span.start.saturating_add(part.start)
                ..value.span.start.saturating_add(part.end);
        }
        // Texts with comments between them are not looked into.
        if raw.contains("<!--") || part.end > value.text.len() {
            return value.span.clone();
        }
        at(part.start)..at(part.end)
    }
}

fn form(forest: &Forest) -> Result<Form, Fault> {
    let mut roots = forest.nodes.iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) | Node::Comment(_) => None,
    });
    let Some(first) = roots.next() else {
        return Err(Fault::new(0..0, "an element", Found::End));
    };
    let is_message = |element: &Element| element.local_name() == "SyncML";
    match roots.find(|other| is_message(first) || is_message(other)) {
        Some(second) => {
            let found = Found::named("a second root:", &second.name);
            let expected = "one SyncML element, or commands only";
            Err(Fault::new(second.name_span.clone(), expected, found))
        }
        None if is_message(first) => Ok(Form::Message),
        None => Ok(Form::Fragment),
    }
}

/// Two documents are equal if they say the same in the same form.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form && self.forest.nodes == other.forest.nodes
    }
}

/// Challenges and passwords may be in it, so only its size is shown.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.text.len();
        f.debug_struct("Document").field("form", &self.form).field("bytes", &bytes).finish()
    }
}
