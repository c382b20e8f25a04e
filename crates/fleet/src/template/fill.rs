//! Filling: every value asked for once, measured, written. One pass, one allocation.

use core::fmt;

use devicecert_pki::Secret;

use super::context::{Context, Count, Unfit, is_plain};
use super::{Part, Template};
use crate::place::Place;
use crate::unavailable::Unavailable;
use crate::variable::{Destination, Variable};

/// A value for a variable, lent for as long as the filling takes.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A challenge, a password, a private key; its bytes are UTF-8.
    Secret(&'a Secret),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Secret> for Value<'a> {
    fn from(secret: &'a Secret) -> Self {
        Self::Secret(secret)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A profile for one host, with everything filled in.
///
/// It may have secrets in it, so it is not shown by `Debug`;
/// [`into_secret`](Self::into_secret) makes a value of it that is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Filled(String);

impl Filled {
    pub(crate) const fn of(text: String) -> Self {
        Self(text)
    }

    /// The text. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// The text as a secret.
    #[must_use]
    pub fn into_secret(self) -> Secret {
        Secret::from(self.0)
    }
}

impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filled({} bytes)", self.0.len())
    }
}

/// A host that a profile cannot be made for.
///
/// Where Fleet has a text for the reason, [`Display`](fmt::Display) is that text and nothing else.
/// No value is ever told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfilled {
    /// Which variable.
    pub variable: Variable,
    /// Where it first stands.
    pub place: Box<Place>,
    /// Where the profile goes.
    pub destination: Destination,
    /// What is wrong.
    pub why: WhyUnfilled,
}

/// Why a variable has no value that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyUnfilled {
    /// There is none.
    Unavailable(Unavailable),
    /// It cannot stand there.
    Unfit {
        /// What could.
        expected: &'static str,
        /// The byte of the value at which it goes wrong.
        at: usize,
    },
}

impl fmt::Display for Unfilled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, place, destination, why } = self;
        match why {
            WhyUnfilled::Unavailable(why) => f.write_str(&why.message(variable, *destination)),
            WhyUnfilled::Unfit { expected, at } => write!(
                f,
                "at {place}: the value of {variable} cannot stand here: expected {expected}, \
                 found something else at its byte {at}"
            ),
        }
    }
}

impl core::error::Error for Unfilled {}

/// Different variables of one template for which nothing is allocated but the result.
const INLINE: usize = 16;

/// A value, and what is known of it.
#[derive(Clone, Copy)]
struct Asked<'v> {
    text: &'v str,
    /// Whether it is written as it is in most contexts.
    plain: bool,
}

impl Template {
    /// Fills in the values of one host.
    ///
    /// `value` is asked once for every variable of [`variables`](Self::variables), in that order.
    /// The result is allocated once, at its size; a template with more than 16 different variables
    /// costs one more allocation. Nothing else is kept, whatever the number of hosts.
    ///
    /// # Errors
    /// [`Unfilled`] with what `value` said, or if a value cannot stand where its variable does:
    /// characters that XML cannot carry, no base64 in `<data>`, a line break in a subject.
    pub fn fill<'v, F>(&self, mut value: F) -> Result<Filled, Unfilled>
    where
        F: FnMut(&Variable) -> Result<Value<'v>, Unavailable>,
    {
        let mut inline = [Asked { text: "", plain: true }; INLINE];
        let mut spilled = Vec::new();
        let asked = match inline.get_mut(..self.variables.len()) {
            Some(asked) => asked,
            None => {
                spilled.resize(self.variables.len(), Asked { text: "", plain: true });
                spilled.as_mut_slice()
            }
        };
        for (slot, (asked, variable)) in asked.iter_mut().zip(&self.variables).enumerate() {
            let unavailable = |why| self.unfilled(slot, WhyUnfilled::Unavailable(why));
            let text = match value(variable).map_err(unavailable)? {
                Value::Text(text) => text,
                Value::Secret(secret) => {
                    core::str::from_utf8(secret.expose()).map_err(|fault| {
                        let (expected, at) = ("text in UTF-8", fault.valid_up_to());
                        self.unfilled(slot, WhyUnfilled::Unfit { expected, at })
                    })?
                }
            };
            if text.is_empty() {
                return Err(unavailable(Unavailable::NoValue));
            }
            *asked = Asked { text, plain: is_plain(text) };
        }

        let asked: &[Asked<'_>] = asked;
        let mut bytes = self.literals.len();
        for part in &self.parts {
            let length = part.length(asked).map_err(|Unfit { expected, at }| {
                self.unfilled(part.slot, WhyUnfilled::Unfit { expected, at })
            })?;
            bytes = bytes.saturating_add(length);
        }
        let mut out = String::with_capacity(bytes);
        let mut done = 0_usize;
        for part in &self.parts {
            out.push_str(self.literals.get(done..part.literal_end).unwrap_or_default());
            done = part.literal_end;
            part.write(asked, &mut out);
        }
        out.push_str(self.literals.get(done..).unwrap_or_default());
        Ok(Filled(out))
    }

    #[cold]
    fn unfilled(&self, slot: usize, why: WhyUnfilled) -> Unfilled {
        let first = self.parts.iter().position(|part| part.slot == slot).unwrap_or(0);
        Unfilled {
            variable: self.variables.get(slot).cloned().unwrap_or(Variable::Unknown(String::new())),
            place: Box::new(self.places.get(first).cloned().unwrap_or_default()),
            destination: self.destination,
            why,
        }
    }
}

impl Part {
    /// The value that goes here, if it can be written as it is.
    fn as_it_is<'v>(&self, asked: &[Asked<'v>]) -> (&'v str, bool) {
        match asked.get(self.slot) {
            Some(asked) => (asked.text, asked.plain && self.context.takes_plain()),
            None => ("", true),
        }
    }

    fn length(&self, asked: &[Asked<'_>]) -> Result<usize, Unfit> {
        let (text, plain) = self.as_it_is(asked);
        if plain {
            return Ok(text.len());
        }
        let mut count = Count(0);
        self.context.write(text, &mut count)?;
        Ok(count.0)
    }

    fn write(&self, asked: &[Asked<'_>], out: &mut String) {
        let (text, plain) = self.as_it_is(asked);
        if plain {
            out.push_str(text);
            return;
        }
        // It has been measured, so it fits.
        let _: Result<(), Unfit> = Context::write(self.context, text, out);
    }
}
