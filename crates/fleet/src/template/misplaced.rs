//! Variables that stand where nothing can be filled in.

use core::fmt;

use crate::place::Place;
use crate::variable::{Destination, Variable};

/// A variable that a template cannot be made with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misplaced {
    /// Which variable.
    pub variable: Variable,
    /// Where it stands.
    pub place: Place,
    /// What is wrong with that.
    pub why: WhyMisplaced,
}

/// What is wrong with the place of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyMisplaced {
    /// There is no such variable.
    Unknown,
    /// It may not stand in such a document.
    NotIn(Destination),
    /// It has to be all of the text of its element, and is not.
    Embedded,
    /// It stands in a tag, or between elements.
    Markup,
    /// It stands in an element that holds no text of the administrator.
    Element,
    /// It stands for a key of the subject, or for a whole attribute, or beside a quotation mark.
    Subject,
    /// It stands in JSON outside of a string, or behind a backslash.
    JsonString,
    /// It stands in a script where quoting cannot be told.
    Quoting,
    /// The script does not name a shell in its first line.
    Shell,
}

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, place, why } = self;
        // What Fleet says, and nothing around it.
        if *why == WhyMisplaced::Unknown {
            let name = variable.full_name();
            return write!(
                f,
                "Unknown Fleet variable ${name} found in profile. Please update or remove."
            );
        }
        write!(f, "at {place}: {variable} ")?;
        match why {
            WhyMisplaced::Unknown => Ok(()),
            WhyMisplaced::NotIn(destination) => {
                write!(f, "is not filled in here ({})", destination.title())
            }
            WhyMisplaced::Embedded => f.write_str("has to be all of the text of its element"),
            WhyMisplaced::Markup => f.write_str("stands outside of the text of an element"),
            WhyMisplaced::Element => f.write_str("stands in an element that takes no variables"),
            WhyMisplaced::Subject => {
                f.write_str("does not stand for the value of an attribute, as in CN=$…")
            }
            WhyMisplaced::JsonString => f.write_str("does not stand inside a string"),
            WhyMisplaced::Quoting => f.write_str("stands where its quoting cannot be told"),
            WhyMisplaced::Shell => f.write_str("needs a first line that names a shell, #!/bin/sh"),
        }
    }
}

impl core::error::Error for Misplaced {}
