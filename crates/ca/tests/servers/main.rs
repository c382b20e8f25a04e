//! Whole conversations over TCP, with servers that know every octet they are to receive.

#[path = "../common/mod.rs"]
mod common;

mod digicert;
mod ejbca;
mod intune;
mod ndes;
mod smallstep;
mod wire;
