//! An enrolment that waits for an approval, put aside.

use core::fmt;

use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::{Certificate, Limits, Name, Provider, PublicKey};

use super::outgoing::Url;
use super::state::{Asks, Identity, Server, State};
use super::{Enrolment, EnrolmentOptions};
use crate::attribute::TransactionId;
use crate::ca_certificates::{CaCertificates, Trust};
use crate::capabilities::Capabilities;
use crate::error::{Error, Misuse};

/// Everything that is needed to poll for a pending request later, elsewhere, by another process.
///
/// It holds no private key and no challenge, but whoever can change it can change which CA is
/// believed: keep it where the key is.
#[derive(Clone, PartialEq, Eq)]
pub struct Saved(Vec<u8>);

const VERSION: u64 = 2;

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
    /// The enrolment as octets, from when the server says PENDING until it decides; `None` before
    /// and after.
    #[must_use]
    pub fn save(&self) -> Option<Saved> {
        let server = match &self.state {
            State::Pending(server, _) | State::SignMessage(server, _) | State::Send(server, _)
                if self.identity.is_submitted =>
            {
                server
            }
            _ => return None,
        };
        let signer = self.identity.signer.as_ref()?;
        Some(Saved(Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(VERSION);
                w.value(tag::UTF8_STRING, self.url.as_str().as_bytes());
                w.value(tag::UTF8_STRING, self.identity.transaction_id.as_str().as_bytes());
                w.raw(self.identity.subject.as_der());
                w.raw(self.identity.public_key.as_der());
                w.raw(signer.as_der());
                w.unsigned(u64::from(self.identity.renewing));
                w.value(tag::UTF8_STRING, server.capabilities.to_string().as_bytes());
                w.raw(server.certificates.ca().as_der());
                write_all(w, server.certificates.all());
                // In a rollover the CA that is to be replaced, and all that leads to it.
                if let Some(predecessor) = &server.predecessor {
                    w.raw(predecessor.ca().as_der());
                    write_all(w, predecessor.all());
                }
            });
        })))
    }

    /// Goes on with a pending enrolment. Polling is due at once; options are those of
    /// [`Enrolment::new`] and can be changed.
    ///
    /// # Errors
    /// [`Misuse::Saved`] if the octets are not what [`save`](Self::save) returned.
    pub fn resume(saved: &Saved, provider: &'static dyn Provider) -> Result<Self, Error> {
        let limits = Limits::default();
        read(&saved.0, &limits, provider).map_err(|_| Misuse::Saved.into())
    }
}

fn read(
    octets: &[u8],
    limits: &Limits,
    provider: &'static dyn Provider,
) -> Result<Enrolment, Error> {
    let mut outer = Reader::new(octets);
    let mut fields = outer.sequence("a saved enrolment")?;
    outer.finish("the end of a saved enrolment")?;
    if fields.expect(tag::INTEGER, "the version")?.unsigned("the version")? != VERSION {
        return Err(Misuse::Saved.into());
    }
    let url = Url::parse(&text(&mut fields)?)?;
    let transaction_id = TransactionId::from_saved(text(&mut fields)?);
    let subject = Name::parse(fields.any("the subject")?.raw)?;
    let public_key = PublicKey::parse(fields.any("the key")?.raw, limits)?;
    let signer = Certificate::parse(fields.any("the signer")?.raw, limits)?;
    let renewing = fields.expect(tag::INTEGER, "renewing")?.unsigned("renewing")? != 0;
    let capabilities = Capabilities::parse(&text(&mut fields)?);
    let ca = Certificate::parse(fields.any("the CA")?.raw, limits)?;
    let all = read_all(&mut fields, limits)?;
    let predecessor = match fields.is_empty() {
        true => None,
        false => {
            let ca = Certificate::parse(fields.any("the current CA")?.raw, limits)?;
            Some(CaCertificates::from_trusted(ca, read_all(&mut fields, limits)?)?)
        }
    };
    fields.finish("the end of a saved enrolment")?;
    let trust = Trust::Certificates(vec![ca.clone()]);
    let identity = Identity {
        asks: match predecessor {
            Some(_) => Asks::CertificateOfNextCa,
            None => Asks::Certificate,
        },
        subject,
        public_key,
        csr: None,
        transaction_id,
        signer: Some(signer),
        renewing,
        is_submitted: true,
        polls: 0,
    };
    let certificates = CaCertificates::from_trusted(ca, all)?;
    Ok(Enrolment {
        url,
        provider,
        options: EnrolmentOptions::new(trust),
        state: State::Pending(
            Server { capabilities, certificates, predecessor },
            Some(devicecert_pki::Time::from_unix(0)),
        ),
        identity,
    })
}

fn write_all(w: &mut Writer, certificates: &[Certificate]) {
    w.sequence(|w| certificates.iter().for_each(|one| w.raw(one.as_der())));
}

fn read_all(fields: &mut Reader<'_>, limits: &Limits) -> Result<Vec<Certificate>, Error> {
    let mut certificates = fields.sequence("the certificates")?;
    let mut all = Vec::new();
    while !certificates.is_empty() {
        all.push(Certificate::parse(certificates.any("a certificate")?.raw, limits)?);
    }
    Ok(all)
}

fn text(fields: &mut Reader<'_>) -> Result<String, Error> {
    let value = fields.expect(tag::UTF8_STRING, "a text")?;
    value.text().ok_or_else(|| Misuse::Saved.into())
}
