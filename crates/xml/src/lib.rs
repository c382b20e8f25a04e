//! XML 1.0 of configuration profiles and MDM messages: tokens with their places, or what is not
//! well-formed and where.
//!
//! `quick-xml` cuts a text into tags and texts and checks that they nest. What XML demands beyond
//! is checked here: legal characters (§2.2), names (§2.3, with the colons of Namespaces §4),
//! comments (§2.5), CDATA (§2.7), attributes (§3.1, §3.3.3), references (§4.1), an end tag for every
//! element, and text only inside of one. Nothing is resolved that a document declares itself, nothing
//! recurses, and every byte is looked at a fixed number of times.
//!
//! Not decided here, because property lists and SyncML differ in it: how many roots there may be, and
//! whether a declaration, a DOCTYPE or a processing instruction may stand there. Limits are those of
//! whoever reads: a [`Reader`] holds the names of the elements that are open, and no more.
//!
//! ```
//! use devicecert_xml::{LineIndex, Reader, TokenKind};
//!
//! let text = "<dict>\n  <key>PayloadType</key>\n</dict>";
//! let mut reader = Reader::new(text);
//! let mut names = Vec::new();
//! while let Some(token) = reader.read()? {
//!     if let TokenKind::Start(tag) = token.kind {
//!         let place = LineIndex::new(text).position(text, tag.name_span.start);
//!         names.push((tag.name, place.line, place.column));
//!     }
//! }
//! assert_eq!(names, [("dict", 1, 2), ("key", 2, 4)]);
//!
//! let fault = Reader::new("R&D").read().unwrap_err();
//! assert_eq!(fault.to_string(), "expected an element, found the text \"R\"");
//! # Ok::<(), devicecert_xml::Fault>(())
//! ```

mod attribute;
mod character;
mod fault;
mod position;
mod reader;
mod token;

pub use character::{first_illegal, is_blank, is_legal, line_ends, resolve};
pub use fault::{Fault, Found};
pub use position::{LineIndex, Position};
pub use reader::Reader;
pub use token::{Attribute, Declaration, Tag, Token, TokenKind};
