//! What an attacker can send: damaged messages to a server and to a client, and messages that are
//! signed properly and damaged underneath.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod backends;
mod certrep;
mod damage;
mod envelope;
mod one_answer;
mod one_answer_ec;
mod pkcsreq;
mod server;
mod signed_damage;
mod silence;
