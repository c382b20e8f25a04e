//! What a proxy is compared with: a program that copies octets.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use devicecert_interop::{Lab, Outcome, Running, Tool};

/// Makes this test program a relay to the address that it holds.
const VARIABLE: &str = "DEVICECERT_RELAY_TO";

/// A relay in a process of its own, as the proxy is.
pub(crate) struct Relay {
    _running: Running,
    pub(crate) address: String,
}

impl Relay {
    pub(crate) fn to(lab: &Lab, upstream: &str) -> Outcome<Self> {
        let tool = Tool::new(std::env::current_exe()?).env(VARIABLE, upstream).named("relay");
        let mut running = tool.start(lab)?;
        let address = running.until(60, |log| {
            log.lines().find_map(|line| line.strip_prefix("listening on ")).map(str::to_owned)
        })?;
        Ok(Self { _running: running, address })
    }
}

/// Is a relay, for ever, if this process was started as one.
pub(crate) fn be_one_if_asked() -> Outcome {
    let Ok(upstream) = std::env::var(VARIABLE) else { return Ok(()) };
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (client, _) = listener.accept()?;
        let server = TcpStream::connect(&upstream)?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        for (from, to) in [(client.try_clone()?, server.try_clone()?), (server, client)] {
            thread::spawn(move || {
                let _ = io::copy(&mut &from, &mut &to);
                let _ = to.shutdown(Shutdown::Write);
            });
        }
    }
}
