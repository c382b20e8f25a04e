//! Fleet's call `request_certificate`: what is sent, in which order things are checked, and every
//! text that Fleet has, in both editions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod answers;
mod callers;
mod calls;
mod challenges;
mod host_binding;
mod identity;
mod introspection;
mod order;
mod output;
mod policy;
mod support;
