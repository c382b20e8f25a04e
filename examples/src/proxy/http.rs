//! HTTP to the devices.

use std::sync::Arc;
use std::time::Duration;

use devicecert::fleet::proxy::{
    Answer, Denied, Failure, Proxy, Refusal, Relay, Report, Step, Store,
};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use tokio::net::TcpListener;

use super::body::{End, read};
use super::in_full;
use super::upstream::Client;
use crate::clock::Clock;
use crate::listen::{self, Log, PATIENCE};

/// Everything that an answer needs.
pub struct Server<S> {
    /// The CAs and the rules.
    pub proxy: Proxy,
    /// What is known of hosts and profiles.
    pub store: Arc<S>,
    /// The way to the CAs.
    pub client: Client,
    /// Told of every request for a certificate, and of everything that went wrong; never a passcode.
    pub log: Log,
    /// Bytes of a request's body that are passed on.
    pub body_limit: usize,
    /// The time.
    pub clock: Clock,
}

/// Serves devices until `stop`. The requests that are under way then have `grace` to end.
pub async fn serve<S: Store + 'static>(
    listener: TcpListener,
    server: Arc<Server<S>>,
    stop: impl Future<Output = ()>,
    grace: Duration,
) {
    let log = Arc::clone(&server.log);
    listen::serve(listener, &log, stop, grace, |stream, place| {
        let server = Arc::clone(&server);
        listen::connection(stream, place, move |request| Arc::clone(&server).answer(request))
    })
    .await;
}

impl<S: Store + 'static> Server<S> {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, mut body) = request.into_parts();
        let Ok(Ok(body)) = tokio::time::timeout(PATIENCE, self.read(&mut body)).await else {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::BAD_REQUEST;
            return response;
        };
        let answer = self.relay(Request::from_parts(head, body)).await;
        answer.map(|body| Full::new(Bytes::from(body)))
    }

    /// Reads what is passed on of a body, and as much again, so that a client that is still
    /// writing reads the answer.
    async fn read(&self, body: &mut Incoming) -> Result<Vec<u8>, hyper::Error> {
        let found = read(body, self.body_limit).await?;
        if found.end == End::Cut {
            read(body, self.body_limit).await?;
        }
        Ok(found.bytes)
    }

    async fn relay(self: Arc<Self>, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let call = match self.proxy.route(&request) {
            Ok(call) => call,
            // Not logged: the path may have a passcode in it, at whatever place.
            Err(refusal) => return refusal.to_response(),
        };
        let what = format!("{} {}", call.operation().name(), call.identifier());
        let now = self.clock.now();
        let mut relay = match self.proxy.check(call, &*self.store, now).await {
            Ok(relay) => relay,
            Err(denied) => {
                match &denied {
                    // What stands there in place of a CA may be a passcode.
                    Denied::Refused(refusal @ Refusal::UnknownIdentifier) => {
                        (self.log)(&refusal.to_string());
                    }
                    Denied::Refused(refusal) => (self.log)(&format!("{what}: {refusal}")),
                    Denied::Store(error) => (self.log)(&format!("{what}: {}", in_full(error))),
                }
                return denied.to_response();
            }
        };
        let answer = self.ask(&mut relay, &what).await;
        (self.log)(&format!("{what}: {}", answer.response.status().as_u16()));
        if let Some(report) = answer.report {
            // In a task of its own: it is done even if the device hangs up.
            let filed = tokio::spawn(async move { self.file(&report, &what).await });
            let _ = filed.await;
        }
        answer.response
    }

    async fn ask(&self, relay: &mut Relay, what: &str) -> Answer {
        loop {
            match relay.step() {
                Step::Send(request) => match self.client.send(request, relay.timeout()).await {
                    Ok(response) => relay.received(response),
                    Err(error) => {
                        (self.log)(&format!("{what}: the CA: {}", in_full(&error)));
                        relay.failed(Failure::from(&error));
                    }
                },
                Step::Done(answer) => return answer,
            }
        }
    }

    async fn file(&self, report: &Report, what: &str) {
        match tokio::time::timeout(Proxy::REPORT_TIMEOUT, report.file(&*self.store)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => (self.log)(&format!("{what}: not reported: {}", in_full(&error))),
            Err(_) => (self.log)(&format!("{what}: not reported in time")),
        }
    }
}

impl<S> std::fmt::Debug for Server<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("proxy", &self.proxy).finish_non_exhaustive()
    }
}
