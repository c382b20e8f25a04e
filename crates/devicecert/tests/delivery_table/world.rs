//! The clock and the network, which a test has in its hands.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use devicecert::delivery::Authorities;
use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{Failure, Memory, Proxy};
use devicecert::fleet::request_certificate::Authority;
use devicecert::pki::{Certificate, Time};
use http::{Request, Response};

use crate::server::{Connection, Server};

/// Where devices find the MDM server, and with it the proxy.
pub(crate) const MDM: &str = "https://mdm.test";

/// When everything begins.
pub(crate) const START: Time = Time::from_unix(1_800_000_000);

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const DAY: Duration = Duration::from_secs(86_400);
pub(crate) const SECOND: Duration = Duration::from_secs(1);

pub(crate) struct World {
    pub(crate) rules: Rules,
    now: Cell<Time>,
    servers: BTreeMap<&'static str, Rc<dyn Server>>,
    outage: RefCell<Option<Outage>>,
    connections: Cell<u32>,
    /// How many keys the MDM server has made for devices.
    pub(crate) keys_made: Cell<usize>,
    pub(crate) store: Memory,
    pub(crate) proxy: Proxy,
    pub(crate) authorities: RefCell<Authorities>,
    /// The CA for devices without profiles.
    pub(crate) est_ca: RefCell<Option<Authority>>,
    /// The certificates that the host had when it was looked at last.
    pub(crate) inventory: RefCell<Vec<Certificate>>,
}

/// What becomes of requests that a server never sees.
#[derive(Clone)]
pub(crate) struct Outage {
    /// What stands in the URLs that it is about.
    pub(crate) of: &'static str,
    pub(crate) how: Down,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Down {
    /// There is no answer.
    Fails(Failure),
    /// Something in front of the server answers with this status.
    Status(u16),
}

/// Why there was no answer, as an HTTP client says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoAnswer(pub(crate) Failure);

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Failure::Timeout => "context deadline exceeded",
            Failure::ConnectionRefused => "connection refused",
            Failure::Dns => "no such host",
            _ => "unexpected EOF",
        })
    }
}

impl std::error::Error for NoAnswer {}

impl World {
    pub(crate) fn new(rules: Rules) -> Self {
        Self {
            rules,
            now: Cell::new(START),
            servers: BTreeMap::new(),
            outage: RefCell::default(),
            connections: Cell::new(0),
            keys_made: Cell::new(0),
            store: Memory::new(),
            proxy: Proxy::new(rules),
            authorities: RefCell::new(Authorities::new(MDM.parse().unwrap())),
            est_ca: RefCell::default(),
            inventory: RefCell::default(),
        }
    }

    pub(crate) fn now(&self) -> Time {
        self.now.get()
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.now.set(self.now().after(time));
    }

    /// To a time that has not come yet.
    pub(crate) fn wait_until(&self, time: Time) {
        assert!(self.now() < time, "{time} is past");
        self.now.set(time);
    }

    /// Puts a server on the network.
    pub(crate) fn serve(&mut self, host: &'static str, server: Rc<dyn Server>) {
        self.servers.insert(host, server);
    }

    /// What an administrator enters for the CAs, in the place of what he entered before.
    pub(crate) fn configure(&self, enter: impl FnOnce(&mut Authorities)) {
        let mut authorities = Authorities::new(MDM.parse().unwrap());
        enter(&mut authorities);
        *self.authorities.borrow_mut() = authorities;
    }

    /// Requests with this in their URL get no further.
    pub(crate) fn down(&self, of: &'static str, how: Down) {
        *self.outage.borrow_mut() = Some(Outage { of, how });
    }

    pub(crate) fn up(&self) {
        *self.outage.borrow_mut() = None;
    }

    pub(crate) fn connect(&self) -> Connection {
        self.connections.set(self.connections.get() + 1);
        Connection(self.connections.get())
    }

    /// Sends a request to the server of a CA.
    pub(crate) fn send(
        &self,
        request: &Request<Vec<u8>>,
        on: Connection,
    ) -> Result<Response<Vec<u8>>, Failure> {
        if let Some(Outage { of, how }) = self.outage.borrow().clone()
            && request.uri().to_string().contains(of)
        {
            return match how {
                Down::Fails(failure) => Err(failure),
                Down::Status(status) => {
                    let page = "<html>Service Unavailable</html>";
                    Ok(Response::builder().status(status).body(page.into()).unwrap())
                }
            };
        }
        let host = request.uri().host().unwrap();
        let server = self.servers.get(host).unwrap_or_else(|| panic!("who is {host}?"));
        Ok(server.answer(request, on, self.now()))
    }
}
