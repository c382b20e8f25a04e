//! What the tests against foreign programs stand on: [child processes](process) that never outlive
//! their test, [network namespaces](netns), a [recording proxy](tap), a network
//! that [lets devices in](radius), the list of [peers](peer), the
//! [harness](suite) and the [table] of what was tried.
//!
//! The tests themselves are in `tests/`, a folder for each subject and a module for each peer. A peer
//! that is not installed makes its tests *ignored*, by name; with `DEVICECERT_REQUIRE_PEERS=1` it makes
//! them fail.
//!
//! Every wait is bounded: a peer that hangs fails its test, it does not hang the run.

pub mod lab;
pub mod netns;
pub mod ours;
pub mod peer;
pub mod postgres;
pub mod process;
pub mod radius;
pub mod scepserver;
pub mod suite;
pub mod table;
pub mod tap;

pub use lab::Lab;
pub use netns::Netns;
pub use ours::program;
pub use peer::Peer;
pub use postgres::Postgres;
pub use process::{Done, Running, Tool};

/// Why a test failed, in words: these errors are read by people and by nothing else.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What every step of a test returns.
pub type Outcome<T = ()> = Result<T, Failure>;
