//! A small CA that speaks SCEP: its state in a folder, its policy, and HTTP in front.

mod authority;
mod ca;
pub mod desk;
mod generations;
mod http;
mod judge;
mod lookup;
mod password;
mod permits;
mod policy;
mod revocation;
mod store;
mod wanted;

pub use authority::{AuthorityFolder, Plan, Ra, Setup, SetupError};
pub(crate) use authority::{is_missing, make_ca, own_certificate, own_key};
pub use ca::{AnswerError, Ca};
pub use generations::{Generation, Generations, Line};
pub use http::serve;
pub use judge::{Case, Judge, JudgeError, Webhook};
pub use permits::{PermitError, Permits};
pub use policy::{Approval, Policy};
pub(crate) use store::hex;
pub use store::{Status, Store, StoreError, Verdict, Waiting};
pub use wanted::Wanted;
