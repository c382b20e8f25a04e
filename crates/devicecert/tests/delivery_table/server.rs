//! The servers of the CAs. Each knows what it must be sent, octet for octet, and panics at anything
//! else; what it then answers is up to it.

use http::{Request, Response};

use devicecert::pki::Time;

pub(crate) mod ca;
pub(crate) mod digicert;
pub(crate) mod est;
pub(crate) mod ndes;
pub(crate) mod ntlm;
pub(crate) mod okta;
pub(crate) mod scep;
pub(crate) mod smallstep;

/// One connection of a client, for servers that authenticate connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Connection(pub(crate) u32);

pub(crate) trait Server {
    fn answer(&self, request: &Request<Vec<u8>>, on: Connection, now: Time) -> Response<Vec<u8>>;
}

/// A password, token or secret that servers take. Whatever comes must be this or [`WRONG`].
pub(crate) const RIGHT: &str = "ri9ht-Pa55w0rd";

/// What an administrator has mistyped.
pub(crate) const WRONG: &str = "wr0ng-Pa55w0rd";

pub(crate) fn response(
    status: u16,
    media_type: &str,
    body: impl Into<Vec<u8>>,
) -> Response<Vec<u8>> {
    Response::builder().status(status).header("Content-Type", media_type).body(body.into()).unwrap()
}

/// Whether a request is the one with [`RIGHT`] in it.
///
/// # Panics
/// If it is neither that nor the one with [`WRONG`].
pub(crate) fn is_right(request: &str, expected: impl Fn(&str) -> String) -> bool {
    if request == expected(WRONG) {
        return false;
    }
    assert_eq!(request, expected(RIGHT));
    true
}
