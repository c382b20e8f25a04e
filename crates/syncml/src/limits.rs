//! Bounds on what is read, so that nobody can make a reader work or remember without end.

/// The bounds that every reader of this crate keeps to.
///
/// ```
/// use devicecert_syncml::Limits;
///
/// let mut limits = Limits::default();
/// limits.bytes = 64 << 10; // an upload form that takes profiles only
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one text. Default 16 777 216: a message with a few hundred certificates.
    pub bytes: usize,
    /// Elements within elements. Default 32: a message needs 9.
    pub depth: usize,
    /// Attributes of one element. Default 64: SyncML has none but `xmlns`.
    pub attributes: usize,
    /// Elements, attributes and texts in one document. Default 2 097 152.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, depth: 32, attributes: 64, nodes: 2 << 20 }
    }
}
