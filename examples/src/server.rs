//! A small CA that speaks SCEP: its state in a folder, its policy, and HTTP in front.

mod authority;
mod http;
mod policy;
mod store;
mod wanted;

pub use authority::{AuthorityFolder, Ra, Setup, SetupError};
pub(crate) use authority::{is_missing, make_ca, own_certificate, own_key};
pub use http::{Log, serve};
pub use policy::{AnswerError, Approval, Ca, Policy};
pub(crate) use store::hex;
pub use store::{Status, Store, StoreError, Verdict, Waiting};
pub use wanted::Wanted;
