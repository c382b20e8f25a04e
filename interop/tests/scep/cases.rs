//! A test with a peer: what it is called, what it shows.

use devicecert_interop::{Lab, Outcome, Peer};

/// One test, one row of the table.
pub(crate) struct Case {
    pub(crate) peer: &'static Peer,
    pub(crate) name: String,
    pub(crate) what: String,
    pub(crate) run: Box<dyn FnOnce(&Lab) -> Outcome + Send>,
}

/// Makes a [`Case`].
pub(crate) fn case(
    peer: &'static Peer,
    name: impl Into<String>,
    what: impl Into<String>,
    run: impl FnOnce(&Lab) -> Outcome + Send + 'static,
) -> Case {
    Case { peer, name: name.into(), what: what.into(), run: Box::new(run) }
}
