//! Fleet's SCEP proxy: what is passed on, what is refused with which text, what is remembered.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod proxy {
    pub(crate) mod challenges;
    pub(crate) mod common;
    pub(crate) mod identifiers;
    pub(crate) mod order_of_checks;
    pub(crate) mod passcodes;
    pub(crate) mod properties;
    pub(crate) mod relaying;
    pub(crate) mod routes;
    pub(crate) mod secrecy;
    pub(crate) mod stores;
    pub(crate) mod windows_failures;
}
