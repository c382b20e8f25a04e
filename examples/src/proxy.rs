//! Fleet's SCEP proxy: HTTP on both sides, and a store in memory or in PostgreSQL.

mod body;
mod cleanup;
mod config;
mod delivery;
mod http;
mod postgres;
mod roots;
mod upstream;

pub use cleanup::clean_up;
pub use config::{Config, ConfigFault, Database, SAMPLE};
pub use delivery::{Delivery, DeliveryFault, InvalidWanted, Wanted};
pub use http::{Server, serve};
pub use postgres::{
    ConnectError, PassfileError, Postgres, PostgresError, Tls, UrlFrom, connection,
};
pub use roots::{RootsError, tls_config};
pub use upstream::{Client, UpstreamError};

use std::error::Error;

/// An error and what caused it, in one line.
#[must_use]
pub fn in_full(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.ends_with(&words) {
            text = format!("{text}: {words}");
        }
        cause = error.source();
    }
    text
}
