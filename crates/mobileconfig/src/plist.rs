//! Property lists, as profiles are written in: a model that keeps what it reads.
//!
//! Apple has one syntax for them, and management servers have made templates of it: a variable may
//! stand where only base64 or a number may. [`Value`] therefore is what is written, with
//! [placeholders](placeholder) where they are, and knows where it was read.

#[cfg(feature = "plist")]
mod convert;
mod date;
mod dictionary;
mod document;
mod node;
pub mod placeholder;
mod read;
mod scalar;
mod span;
mod value;
mod write;

#[cfg(feature = "plist")]
pub use convert::{Inexpressible, UnknownKind};
pub use devicecert_xml::{LineIndex, Position};
pub use dictionary::{Array, Dictionary, Entry};
pub use document::{Document, Encoding, Oddity, OddityKind};
pub use node::Node;
pub use placeholder::{Dialect, Part, Parts, Placeholder, parts};
pub use scalar::{Integer, Real, Scalar, Text};
pub use span::{KeyPath, Span, Spanned, Step};
pub use value::{Kind, Value};
