//! A small CA that speaks SCEP: its state in a folder, its policy, and HTTP in front.

mod authority;
mod ca;
mod http;
mod judge;
mod permits;
mod policy;
mod store;
mod wanted;

pub use authority::{AuthorityFolder, Ra, Setup, SetupError};
pub use ca::{AnswerError, Ca};
pub use http::{Log, serve};
pub use judge::{Case, Judge, JudgeError, Webhook};
pub use permits::{PermitError, Permits};
pub use policy::{Approval, Policy};
pub use store::{Status, Store, StoreError, Verdict, Waiting};
pub use wanted::Wanted;
