//! Answers of CAs that mean harm, and of things that are no CA: each is an error, in bounded time and
//! space.

#[path = "../common/mod.rs"]
mod common;

mod header;
mod json;
mod page;
mod text;
