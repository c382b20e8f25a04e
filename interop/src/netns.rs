//! A network namespace of one's own, for a peer that insists on listening on every interface.

use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Outcome, Tool};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A network namespace with nothing in it but `lo`; deleted on drop.
#[derive(Debug)]
pub struct Netns {
    name: String,
}

impl Netns {
    /// Makes a namespace and brings its loopback interface up.
    ///
    /// # Errors
    /// When `ip` is not installed or may not (namespaces need root).
    pub fn new() -> Outcome<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("devicecert-{}-{number}", std::process::id());
        ip(&["netns", "add", &name])?;
        let namespace = Self { name };
        ip(&["-n", &namespace.name, "link", "set", "lo", "up"])?;
        Ok(namespace)
    }

    /// Whether this machine lets us make one; tried once.
    #[must_use]
    pub fn available() -> bool {
        static AVAILABLE: OnceLock<bool> = OnceLock::new();
        *AVAILABLE.get_or_init(|| Self::new().is_ok())
    }

    /// A program that runs in here.
    #[must_use]
    pub fn tool(&self, program: &str) -> Tool {
        // `ip netns exec` becomes the program, so its process id is the program's.
        Tool::new("ip").args(["netns", "exec", &self.name, program]).named(program)
    }
}

impl Drop for Netns {
    fn drop(&mut self) {
        // Nothing to do about a failure here; the name says whose it was.
        let _ = ip(&["netns", "del", &self.name]);
    }
}

fn ip(arguments: &[&str]) -> Outcome {
    let done = Command::new(crate::peer::find("ip").ok_or("ip is not installed")?)
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    if done.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&done.stderr);
    Err(format!("ip {}: {}", arguments.join(" "), reason.trim()).into())
}
