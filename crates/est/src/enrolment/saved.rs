//! An enrolment that waits for an approval, put aside.

use core::fmt;

use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::{Csr, Limits, Provider, Time};

use super::state::State;
use super::{Draft, Enrolment};
use crate::endpoint::Endpoint;
use crate::error::{Error, Misuse};
use crate::key_generation::KeyProtection;
use crate::operation::Operation;

/// Everything that is needed to ask again later, elsewhere, by another process.
///
/// It holds the request with its challengePassword, but no private key and no password for HTTP.
#[derive(Clone, PartialEq, Eq)]
pub struct Saved(Vec<u8>);

const VERSION: u64 = 1;

impl Saved {
    /// The octets to store. The format is this crate's own; another version may refuse it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// From stored octets, which [`Enrolment::resume`] checks.
    #[must_use]
    pub const fn from_bytes(octets: Vec<u8>) -> Self {
        Self(octets)
    }
}

impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Saved({} bytes)", self.0.len())
    }
}

impl Enrolment {
    /// The enrolment as octets while the server has not decided; `None` before and after, and for
    /// a key that is to be generated: the secret that would open it has no place in a file.
    #[must_use]
    pub fn save(&self) -> Option<Saved> {
        let State::Waiting { pause, since } = &self.state else { return None };
        let csr = self.draft.signed()?;
        if self.operation == Operation::ServerKeyGen {
            return None;
        }
        let since = since.unwrap_or(Time::from_unix(0)).unix();
        Some(Saved(Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(VERSION);
                w.value(tag::UTF8_STRING, self.endpoint.base_url().as_bytes());
                let label = self.endpoint.the_label().map(|label| label.as_str().as_bytes());
                w.value(tag::OCTET_STRING, label.unwrap_or_default());
                w.value(tag::UTF8_STRING, self.operation.segment().as_bytes());
                w.unsigned(u64::from(self.waits));
                w.unsigned(u64::try_from(since).unwrap_or(0));
                w.unsigned(pause.as_secs());
                w.raw(csr.as_der());
            });
        })))
    }

    /// Goes on with an enrolment that waits. Options are those of [`Enrolment::new`] and can be
    /// changed, as can tolerance, limits and the way of writing of [`Endpoint`]; a request that
    /// was linked has to be [linked](Self::link) to the new connection.
    ///
    /// # Errors
    /// [`Misuse::Saved`] if the octets are not what [`save`](Self::save) returned.
    pub fn resume(saved: &Saved, provider: &'static dyn Provider) -> Result<Self, Error> {
        read(&saved.0, provider).map_err(|_| Misuse::Saved.into())
    }

    /// The server, to change how it is talked to.
    pub const fn endpoint_mut(&mut self) -> &mut Endpoint {
        &mut self.endpoint
    }
}

fn read(octets: &[u8], provider: &'static dyn Provider) -> Result<Enrolment, Error> {
    let mut outer = Reader::new(octets);
    let mut fields = outer.sequence("a saved enrolment")?;
    outer.finish("the end of a saved enrolment")?;
    if fields.expect(tag::INTEGER, "the version")?.unsigned("the version")? != VERSION {
        return Err(Misuse::Saved.into());
    }
    let mut endpoint = Endpoint::at(&text(&mut fields, tag::UTF8_STRING)?)?;
    let label = text(&mut fields, tag::OCTET_STRING)?;
    if !label.is_empty() {
        endpoint = endpoint.label(label.parse()?);
    }
    let segment = text(&mut fields, tag::UTF8_STRING)?;
    let operation = [Operation::SimpleEnroll, Operation::SimpleReenroll]
        .into_iter()
        .find(|operation| operation.segment() == segment)
        .ok_or(Misuse::Saved)?;
    let waits = fields.expect(tag::INTEGER, "waits")?.unsigned("waits")?;
    let since = fields.expect(tag::INTEGER, "the time")?.unsigned("the time")?;
    let pause = fields.expect(tag::INTEGER, "the pause")?.unsigned("the pause")?;
    let csr = Csr::parse(fields.any("the request")?.raw, &Limits::default())?;
    fields.finish("the end of a saved enrolment")?;
    let draft = Draft::from(csr);
    let mut enrolment = Enrolment::start(endpoint, operation, draft, KeyProtection::Tls, provider);
    enrolment.waits = u32::try_from(waits).map_err(|_| Misuse::Saved)?;
    let since = Time::from_unix(i64::try_from(since).map_err(|_| Misuse::Saved)?);
    let pause = core::time::Duration::from_secs(pause);
    enrolment.state = State::Waiting { pause, since: Some(since) };
    Ok(enrolment)
}

fn text(fields: &mut Reader<'_>, wanted: u8) -> Result<String, Error> {
    let value = fields.expect(wanted, "a text")?;
    value.text().ok_or_else(|| Misuse::Saved.into())
}
