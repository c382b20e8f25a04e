//! The readers of property lists.

mod binary;
mod element;
mod fault;
mod loose;
mod object;
mod prolog;
mod xml;

pub(super) use binary::read_binary;
pub(super) use xml::read_xml;

use std::collections::HashMap;

use super::dictionary::Dictionary;
use super::span::{Span, Spanned};
use super::value::Value;
use crate::error::Found;

/// From this many keys on a dictionary is searched by hash.
const SMALL: usize = 16;

/// A dictionary that is being read: finds keys that come twice in linear time.
#[derive(Default)]
struct Keys {
    dictionary: Dictionary,
    /// Filled once the dictionary is no longer small.
    seen: HashMap<String, Span>,
}

impl Keys {
    /// Refuses a key that is there.
    fn check(&self, key: &Spanned<String>) -> Result<(), Found> {
        let first = if self.seen.is_empty() {
            self.dictionary.entry(&key.value).map(|entry| entry.key.span)
        } else {
            self.seen.get(&key.value).copied()
        };
        match first {
            Some(first) => Err(Found::DuplicateKey { first, second: key.span }),
            None => Ok(()),
        }
    }

    /// Appends a key that [`check`](Self::check) let pass.
    fn push(&mut self, key: Spanned<String>, value: Spanned<Value>) {
        if !self.seen.is_empty() {
            self.seen.insert(key.value.clone(), key.span);
        }
        self.dictionary.push_unchecked(key, value);
        if self.seen.is_empty() && self.dictionary.len() >= SMALL {
            let keys = self.dictionary.entries().iter();
            self.seen.extend(keys.map(|entry| (entry.key.value.clone(), entry.key.span)));
        }
    }
}
