//! What is asked of a CA.

use core::fmt;
use core::time::Duration;

use devicecert_ca::CaName;
use http::Request;

/// One request to a CA.
///
/// Its headers and its body may hold secrets; headers that do are marked as
/// [sensitive](http::HeaderValue::set_sensitive), and `Debug` shows no body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Fetch {
    /// What to send. Redirects are not followed.
    pub request: Request<Vec<u8>>,
    /// Whom it is for.
    pub ca: CaId,
    /// Where in the conversation with the CA this is.
    pub turn: Turn,
    /// How long Fleet waits for the answer.
    pub timeout: Duration,
}

/// A CA that something is fetched from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CaId {
    /// An account of DigiCert ONE.
    DigiCert(CaName),
    /// The one NDES.
    Ndes,
    /// A Smallstep authority.
    Smallstep(CaName),
}

/// Where in the conversation with a CA a [`Fetch`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The first request for a challenge or a certificate: here is where to wait if the CA has
    /// enough to do, or, as NDES, no room for another challenge.
    First,
    /// A further one, on any connection.
    Next,
    /// A further one, on the connection that the last response came from: NTLM authenticates a
    /// connection, and over HTTP/1.1 only.
    SameConnection,
}

/// `DigiCert CA WIFI`
impl fmt::Display for CaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DigiCert(name) => write!(f, "DigiCert CA {name}"),
            Self::Ndes => f.write_str("NDES"),
            Self::Smallstep(name) => write!(f, "Smallstep CA {name}"),
        }
    }
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch")
            .field("method", self.request.method())
            .field("uri", self.request.uri())
            .field("ca", &self.ca)
            .field("turn", &self.turn)
            .finish_non_exhaustive()
    }
}
