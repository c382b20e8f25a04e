//! The programs under test: the examples of this project.

use std::path::{Path, PathBuf};

use crate::Outcome;

/// Finds an example program of this project that cargo has built, for the test that runs.
///
/// # Errors
/// When it is not built, saying how to.
pub fn program(name: &str) -> Outcome<PathBuf> {
    let folder = match std::env::var_os("DEVICECERT_EXAMPLES_DIR") {
        Some(folder) => PathBuf::from(folder),
        // target/<profile>/deps/TEST-<hash>, beside target/<profile>/examples
        None => {
            let executable = std::env::current_exe()?;
            let profile = executable.ancestors().nth(2).unwrap_or(Path::new("."));
            profile.join("examples")
        }
    };
    let path = folder.join(name);
    if path.is_file() {
        return Ok(path);
    }
    let path = path.display();
    Err(format!("{path} is not built: run `cargo test --workspace` or `cargo build --examples`")
        .into())
}
