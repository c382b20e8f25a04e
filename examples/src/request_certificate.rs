//! What `request-certificate` does: a certificate for a Linux device over Fleet's API, when there is
//! none in the folder or the one that is there ends soon.

mod call;
mod folder;
mod secrets;

pub use call::{Authentication, CallError, Caller};
pub use folder::{Folder, FolderKey, LockedFolder, Standing};
pub use secrets::{SecretError, read_secret};
