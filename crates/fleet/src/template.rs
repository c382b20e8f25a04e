//! A profile that is compiled once, and filled for one host after the other.

mod assemble;
mod context;
mod fill;
mod json;
mod misplaced;
mod plain;
mod plist;
mod shell;
mod spots;
mod subject_name;
mod syncml;

use core::fmt;
use core::ops::Range;

pub(crate) use assemble::find;
pub use context::Context;
pub use fill::{Filled, Unfilled, Value, WhyUnfilled};
pub use misplaced::{Misplaced, WhyMisplaced};
pub(crate) use subject_name::{Quotes, attributes};

use crate::error::Error;
use crate::limits::Limits;
use crate::variable::{Destination, Occurrence, Variable};

/// A profile with its variables found, and checked to stand where something can be filled in.
///
/// ```
/// use devicecert_fleet::{Destination, Fixed, Template, Unavailable, Value, Variable};
///
/// let profile = r#"<plist version="1.0"><dict>
///     <key>PayloadDisplayName</key><string>Wi-Fi of $FLEET_VAR_HOST_END_USER_IDP_FULL_NAME</string>
/// </dict></plist>"#;
/// let template = Template::compile(profile, Destination::AppleProfile)?; // once
/// let filled = template.fill(|variable| match variable {                // for each host
///     Variable::Fixed(Fixed::HostEndUserIdpFullName) => Ok(Value::from("Tom & <Jerry>")),
///     _ => Err(Unavailable::NoValue),
/// })?;
/// assert!(filled.as_str().contains("<string>Wi-Fi of Tom &amp; &lt;Jerry&gt;</string>"));
/// # Ok::<(), devicecert_fleet::Error>(())
/// ```
///
/// A value is written so that it stays what it is: in XML as text, in a subject of Windows as one
/// attribute, in JSON as part of its string. It is never looked at for variables again.
///
/// What a variable of a CA stands for is all of the text of its element, without white space
/// around it. In comments nothing is filled in.
#[derive(Clone)]
pub struct Template {
    destination: Destination,
    /// What stands between the values, one behind the other.
    literals: String,
    parts: Vec<Part>,
    variables: Vec<Variable>,
    /// The places of the parts, for errors.
    places: Vec<crate::place::Place>,
}

/// A place for a value.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Where the literal before it ends in `literals`.
    literal_end: usize,
    /// Which variable.
    slot: usize,
    context: Context,
}

impl Template {
    /// Compiles a profile with the default [`Limits`].
    ///
    /// # Errors
    /// As [`compile_within`](Self::compile_within).
    pub fn compile(text: &str, destination: Destination) -> Result<Self, Error> {
        Self::compile_within(text, destination, &Limits::default())
    }

    /// Compiles a profile.
    ///
    /// # Errors
    /// [`Error::Malformed`] if it is no XML where it has to be, [`Error::LimitExceeded`],
    /// [`Error::Misplaced`] for the first variable that Fleet does not know there, or that stands
    /// where nothing can be filled in.
    pub fn compile_within(
        text: &str,
        destination: Destination,
        limits: &Limits,
    ) -> Result<Self, Error> {
        assemble::assemble(text, destination, limits)
    }

    /// Every variable that stands where nothing can be filled in.
    pub(crate) fn misplaced(
        text: &str,
        found: &[Occurrence],
        destination: Destination,
        limits: &Limits,
    ) -> Vec<(Occurrence, WhyMisplaced)> {
        assemble::misplaced(text, found, destination, limits)
    }

    /// Where the profile goes.
    #[must_use]
    pub const fn destination(&self) -> Destination {
        self.destination
    }

    /// The variables that are asked for, each once, in the order in which they first stand there.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Where a variable first stands; `None` for one that is not asked for.
    #[must_use]
    pub fn place(&self, variable: &Variable) -> Option<&crate::place::Place> {
        let slot = self.variables.iter().position(|asked| asked == variable)?;
        self.places.get(self.parts.iter().position(|part| part.slot == slot)?)
    }

    /// How a value is written in each place, in the order of the profile.
    pub fn contexts(&self) -> impl Iterator<Item = (&Variable, Context)> {
        self.parts.iter().filter_map(|part| Some((self.variables.get(part.slot)?, part.context)))
    }
}

/// Does not show the text: an administrator may have written a secret into it.
impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("destination", &self.destination)
            .field("bytes", &self.literals.len())
            .field("variables", &self.variables)
            .finish_non_exhaustive()
    }
}

/// A change on the way from the profile to the template.
#[derive(Clone, Debug)]
struct Edit {
    /// The bytes of the profile that it stands for.
    span: Range<usize>,
    what: Change,
}

#[derive(Clone, Debug)]
enum Change {
    /// A value goes there.
    Fill(Variable, Context),
    /// This text goes there.
    Literal(&'static str),
}

impl Edit {
    const fn fill(span: Range<usize>, variable: Variable, context: Context) -> Self {
        Self { span, what: Change::Fill(variable, context) }
    }

    const fn literal(span: Range<usize>, text: &'static str) -> Self {
        Self { span, what: Change::Literal(text) }
    }
}
