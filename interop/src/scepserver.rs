//! micromdm's `scepserver`, with a CA and a network of its own: it listens on all interfaces.

use std::path::PathBuf;

use crate::{Lab, Netns, Outcome, Running, Tool};

/// A running `scepserver`.
#[derive(Debug)]
pub struct Scepserver {
    // In this order: the server is killed before its network goes.
    _running: Running,
    /// The network in which it can be reached.
    pub netns: Netns,
    /// The certificate of its CA.
    pub ca: PathBuf,
}

impl Scepserver {
    /// Where it is within its network.
    pub const URL: &str = "http://127.0.0.1:8080/scep";

    /// Starts one that wants this challenge.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(lab: &Lab, challenge: &str) -> Outcome<Self> {
        Tool::new("scepserver")
            .args(["ca", "-init", "-keySize", "2048", "-depot", "depot"])
            .args(["-organization", "Lab CA", "-country", "US"])
            .dir(lab.root())
            .run(lab)?
            .ok()?;
        let netns = Netns::new()?;
        let mut running = netns
            .tool("scepserver")
            .args(["-depot", "depot", "-port", "8080", "-challenge", challenge])
            // 0: a device may renew as early as it likes.
            .args(["-allowrenew", "0", "-debug"])
            .dir(lab.root())
            .start(lab)?;
        running.until(30, |_| {
            let sockets = netns.tool("ss").args(["-l", "-t", "-n"]).run(lab).ok()?;
            sockets.text().contains(":8080").then_some(())
        })?;
        Ok(Self { _running: running, netns, ca: lab.path("depot/ca.pem") })
    }
}
