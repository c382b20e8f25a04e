//! The SCEP proxy, in this process.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use devicecert::fleet::proxy::{Limits, Memory, Proxy};
use rustls::ClientConfig;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::clock::Clock;
use crate::listen::Log;
use crate::proxy::{Client, Server, serve};

/// The address of the proxy, which is known before its CAs are.
#[derive(Debug)]
pub struct Door {
    listener: TcpListener,
    address: SocketAddr,
}

impl Door {
    /// A free port on 127.0.0.1.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(runtime: &Runtime) -> std::io::Result<Self> {
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where devices reach the server.
    #[must_use]
    pub fn server_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves, with everything that is in the store.
    pub fn serve(
        self,
        runtime: &Runtime,
        proxy: Proxy,
        store: Arc<Memory>,
        clock: Clock,
        tls: Arc<ClientConfig>,
        log: Log,
    ) {
        let limits = Limits::default();
        let (client, body_limit) = (Client::new(tls, limits.reply_bytes), limits.body_bytes);
        let proxy = proxy.limits(limits);
        let server = Arc::new(Server { proxy, store, client, log, body_limit, clock });
        runtime.spawn(serve(self.listener, server, pending(), Duration::ZERO));
    }
}
