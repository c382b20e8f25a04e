//! A small CA that speaks SCEP: its state in a folder, its policy, and HTTP in front.

mod authority;
mod generations;
mod http;
mod lookup;
mod policy;
mod revocation;
mod store;
mod wanted;

pub use authority::{AuthorityFolder, Plan, Ra, Setup, SetupError};
pub use generations::{Generation, Generations, Line};
pub use http::{Log, serve};
pub use policy::{AnswerError, Approval, Ca, Policy};
pub use store::{Status, Store, StoreError, Verdict, Waiting};
pub use wanted::Wanted;
