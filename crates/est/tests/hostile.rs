//! Peers that mean harm: damage, floods, sizes. Whatever they send, there is an error or a value,
//! within the limits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "common/mod.rs"]
mod common;
#[path = "hostile/damage.rs"]
mod damage;
#[path = "hostile/floods.rs"]
mod floods;
