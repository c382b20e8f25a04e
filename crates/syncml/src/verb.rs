//! The commands of the SyncML representation protocol, and the formats of values.

use core::fmt;

/// A command, or an answer to one, by the name of its element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// Makes a node, with its value.
    Add,
    /// Changes the value of a node.
    Replace,
    /// Runs a node.
    Exec,
    /// Asks for the value of a node, or the names below it.
    Get,
    /// Removes a node and what is below it.
    Delete,
    /// Commands that succeed together or not at all.
    Atomic,
    /// Commands in this order.
    Sequence,
    /// Something that happened.
    Alert,
    /// How a command of the other side went.
    Status,
    /// What a Get found.
    Results,
    /// Not for device management on Windows.
    Copy,
    /// Not for device management on Windows.
    Map,
    /// Not for device management on Windows.
    Move,
    /// Not for device management on Windows.
    Put,
    /// Not for device management on Windows.
    Search,
    /// Not for device management on Windows.
    Sync,
}

impl Verb {
    /// Every command, in the order of the standard's list for this crate.
    pub const ALL: [Self; 16] = [
        Self::Add,
        Self::Replace,
        Self::Exec,
        Self::Get,
        Self::Delete,
        Self::Atomic,
        Self::Sequence,
        Self::Alert,
        Self::Status,
        Self::Results,
        Self::Copy,
        Self::Map,
        Self::Move,
        Self::Put,
        Self::Search,
        Self::Sync,
    ];

    /// The name of its element.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Replace => "Replace",
            Self::Exec => "Exec",
            Self::Get => "Get",
            Self::Delete => "Delete",
            Self::Atomic => "Atomic",
            Self::Sequence => "Sequence",
            Self::Alert => "Alert",
            Self::Status => "Status",
            Self::Results => "Results",
            Self::Copy => "Copy",
            Self::Map => "Map",
            Self::Move => "Move",
            Self::Put => "Put",
            Self::Search => "Search",
            Self::Sync => "Sync",
        }
    }

    /// The command whose element has this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }

    /// Whether it holds commands rather than items.
    #[must_use]
    pub const fn is_group(self) -> bool {
        matches!(self, Self::Atomic | Self::Sequence)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The format of a value: `Format` in the meta information, `DFFormat` in a DDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Base64.
    B64,
    /// Octets; in XML they too are base64.
    Bin,
    /// `true` or `false`.
    Bool,
    /// Characters: what a value is that says nothing of its format.
    Chr,
    /// A number in decimal digits.
    Int,
    /// An interior node, which has no value.
    Node,
    /// Nothing: a node that is only run.
    Null,
    /// An XML document as text.
    Xml,
    /// A date of ISO 8601.
    Date,
    /// A time of ISO 8601.
    Time,
    /// A number with a fraction.
    Float,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 11] = [
        Self::B64,
        Self::Bin,
        Self::Bool,
        Self::Chr,
        Self::Int,
        Self::Node,
        Self::Null,
        Self::Xml,
        Self::Date,
        Self::Time,
        Self::Float,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::B64 => "b64",
            Self::Bin => "bin",
            Self::Bool => "bool",
            Self::Chr => "chr",
            Self::Int => "int",
            Self::Node => "node",
            Self::Null => "null",
            Self::Xml => "xml",
            Self::Date => "date",
            Self::Time => "time",
            Self::Float => "float",
        }
    }

    /// The format with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
