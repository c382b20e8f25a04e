//! Builders: what is to be on the device, as the operations that bring it there.

mod pfx;
mod scep;
mod scep_options;
mod trusted;

use core::fmt;

use crate::error::{Error, Misuse};
use crate::loc_uri::{LocUri, Scope};
use crate::operation::{Content, Operation};
use crate::placeholder;

pub use pfx::{Exportable, KeyLocation, PasswordEncryption, PfxInstall};
pub use scep::ScepInstall;
pub use scep_options::{Hash, KeyProtection, ValidFor};
pub use trusted::{Store, TrustedCertificate};

/// How nodes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Write {
    /// Add: for what is not there yet. On a device that has it, status 418.
    #[default]
    Add,
    /// Replace: for what may be there already.
    Replace,
}

impl Write {
    pub(crate) const fn operation(self, node: LocUri, content: Content) -> Operation {
        match self {
            Self::Add => Operation::add(node, content),
            Self::Replace => Operation::replace(node, content),
        }
    }
}

/// A value, or the variable that a server will put in its place.
///
/// ```
/// use devicecert_syncml::{Setting, Thumbprint};
///
/// let later: Setting<Thumbprint> = Setting::placeholder("$FLEET_SECRET_CA_SHA1")?;
/// let now = Setting::from(Thumbprint::new([7; 20]));
/// assert_ne!(later, now);
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting<T> {
    /// The value.
    Value(T),
    /// A text with a variable.
    Placeholder(Placeheld),
}

/// A text that holds a variable; made by [`Setting::placeholder`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeheld(String);

impl<T> Setting<T> {
    /// A text with a variable in any of the known spellings.
    ///
    /// # Errors
    /// [`Misuse::Value`] if there is none in it.
    pub fn placeholder(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        if placeholder::is_in(&text) {
            return Ok(Self::Placeholder(Placeheld(text)));
        }
        Err(Misuse::Value { node: "a placeholder", expected: "a variable such as $FLEET_VAR_…" }
            .into())
    }
}

impl<T> From<T> for Setting<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: fmt::Display> fmt::Display for Setting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Placeholder(Placeheld(text)) => f.write_str(text),
        }
    }
}

impl Placeheld {
    fn as_str(&self) -> &str {
        &self.0
    }
}

/// A subtree that is written leaf by leaf.
struct Subtree {
    scope: Scope,
    path: Vec<String>,
    write: Write,
    operations: Vec<Operation>,
}

impl Subtree {
    fn new(scope: Scope, path: &[&str], write: Write) -> Self {
        let path = path.iter().map(|segment| (*segment).to_owned()).collect();
        Self { scope, path, write, operations: Vec::new() }
    }

    fn uri(&self, leaf: &[&str]) -> Result<LocUri, Error> {
        let path = self.path.iter().map(String::as_str);
        LocUri::vendor(self.scope, path.chain(leaf.iter().copied()))
    }

    fn put(&mut self, leaf: &[&str], content: Content) -> Result<(), Error> {
        let operation = self.write.operation(self.uri(leaf)?, content);
        self.operations.push(operation);
        Ok(())
    }

    /// Only what was set: what is not has the CSP's default.
    fn put_some(&mut self, leaf: &[&str], content: Option<Content>) -> Result<(), Error> {
        content.map_or(Ok(()), |content| self.put(leaf, content))
    }

    fn exec(&mut self, leaf: &[&str]) -> Result<(), Error> {
        let operation = Operation::exec(self.uri(leaf)?);
        self.operations.push(operation);
        Ok(())
    }
}

/// Refuses a name that could not be one segment of an address.
fn check_id(node: &'static str, id: &str) -> Result<(), Misuse> {
    if id.is_empty() || id.contains('/') {
        return Err(Misuse::Value { node, expected: "a name without /, and not empty" });
    }
    Ok(())
}
