//! Texts of a document, with their place.

use core::ops::Range;
use std::borrow::Cow;

use crate::xml::Element;

/// A text of a document and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// The text, references resolved and CDATA unwrapped.
    pub text: Cow<'a, str>,
    /// Its bytes in the document, escapes and CDATA marks included.
    pub span: Range<usize>,
}

impl<'a> Value<'a> {
    /// The text directly inside an element; empty if there is none.
    pub(crate) fn of(element: &'a Element) -> Self {
        let mut texts = element.texts();
        let text = match (texts.next(), texts.next()) {
            (None, _) => Cow::Borrowed(""),
            (Some(only), None) => Cow::Borrowed(only.value.as_str()),
            (Some(_), Some(_)) => Cow::Owned(element.content()),
        };
        Self { text, span: element.content_span() }
    }

    /// The text without white space around it.
    #[must_use]
    pub fn trimmed(&self) -> &str {
        self.text.trim()
    }
}

impl AsRef<str> for Value<'_> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}
