//! A delivery that waits for a CA, put aside.

use core::fmt;

use devicecert_ca::CaName;
use devicecert_fleet::proxy::Passcode;
use devicecert_fleet::{Fixed, Host, Template, Variable};
use devicecert_pki as pki;
use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::{Provider, Secret, Time, Validity};

use super::had::Had;
use super::plan;
use super::{Authorities, Delivery};
use crate::error::{Error, Misuse};

/// Everything that a delivery has had so far, for another process to go on with.
///
/// It is a secret, as it holds secrets: challenges, passcodes, and of DigiCert private keys with the
/// passwords that open them. Encrypt it, or keep it where only the server reads.
#[derive(Clone, PartialEq, Eq)]
pub struct Saved(Secret);

const VERSION: u64 = 1;

/// Code points of what was had.
mod kind {
    pub(super) const DIGICERT: u64 = 1;
    pub(super) const CUSTOM_SCEP: u64 = 2;
    pub(super) const NDES: u64 = 3;
    pub(super) const SMALLSTEP: u64 = 4;
}

impl Saved {
    /// The octets to store. The format is this crate's own; another version may refuse it.
    #[must_use]
    pub const fn as_secret(&self) -> &Secret {
        &self.0
    }

    /// From stored octets, which [`Delivery::resume`] checks.
    #[must_use]
    pub const fn from_secret(octets: Secret) -> Self {
        Self(octets)
    }
}

impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Saved({} bytes)", self.0.len())
    }
}

impl<'a> Delivery<'a> {
    /// The delivery as octets. What is under way starts anew: a key is made again, and the request
    /// that it was made for is sent again.
    #[must_use]
    pub fn save(&self) -> Saved {
        let own = |variable| self.host.value(&Variable::Fixed(variable)).unwrap_or_default();
        Saved(Secret::new(Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(VERSION);
                w.value(tag::UTF8_STRING, own(Fixed::HostUuid).as_bytes());
                w.value(tag::UTF8_STRING, own(Fixed::ScepWindowsCertificateId).as_bytes());
                w.unsigned(u64::from(self.is_stored));
                w.sequence(|w| self.had.iter().for_each(|had| write(had, w)));
            });
        })))
    }

    /// Goes on with a delivery of this profile to this host. Secrets, vitals and limits are to be
    /// set again. Challenges and passcodes that have become too old are had anew.
    ///
    /// # Errors
    /// [`Misuse::Saved`] if it is not what [`save`](Self::save) returned, or was of another host or
    /// profile, or the CAs that it asked are no longer there.
    pub fn resume(
        saved: &Saved,
        template: &'a Template,
        host: &'a Host,
        authorities: &'a Authorities,
        provider: &'static dyn Provider,
    ) -> Result<Self, Error> {
        let mut delivery = Self::new(template, host, authorities, provider);
        let (had, is_stored) = read(saved.0.expose(), host).map_err(|_| Misuse::Saved)?;
        let jobs = plan::jobs(template, authorities);
        let fits = had.len() <= jobs.len()
            && had.iter().zip(&jobs).all(|(had, job)| had.job() == *job)
            && (!is_stored || had.len() == jobs.len());
        if !fits {
            return Err(Misuse::Saved.into());
        }
        delivery.had = had;
        delivery.is_stored = is_stored;
        Ok(delivery)
    }
}

fn write(had: &Had, w: &mut Writer) {
    w.sequence(|w| match had {
        Had::DigiCert { ca, data, password, validity, serial } => {
            w.unsigned(kind::DIGICERT);
            w.value(tag::UTF8_STRING, ca.as_str().as_bytes());
            w.value(tag::OCTET_STRING, data.expose());
            w.value(tag::OCTET_STRING, password.expose());
            validity.not_before.write(w);
            validity.not_after.write(w);
            w.value(tag::UTF8_STRING, serial.as_bytes());
        }
        Had::CustomScep { ca, passcode, made_at } => {
            w.unsigned(kind::CUSTOM_SCEP);
            w.value(tag::UTF8_STRING, ca.as_str().as_bytes());
            w.value(tag::OCTET_STRING, passcode.expose().as_bytes());
            made_at.write(w);
        }
        Had::Ndes { challenge, retrieved_at } => {
            w.unsigned(kind::NDES);
            w.value(tag::OCTET_STRING, challenge.expose());
            retrieved_at.write(w);
        }
        Had::Smallstep { ca, challenge, retrieved_at } => {
            w.unsigned(kind::SMALLSTEP);
            w.value(tag::UTF8_STRING, ca.as_str().as_bytes());
            w.value(tag::OCTET_STRING, challenge.expose());
            retrieved_at.write(w);
        }
    });
}

fn read(octets: &[u8], host: &Host) -> Result<(Vec<Had>, bool), Error> {
    let mut outer = Reader::new(octets);
    let mut fields = outer.sequence("a saved delivery")?;
    outer.finish("the end of a saved delivery")?;
    if number(&mut fields)? != VERSION {
        return Err(Misuse::Saved.into());
    }
    for variable in [Fixed::HostUuid, Fixed::ScepWindowsCertificateId] {
        if text(&mut fields)? != host.value(&Variable::Fixed(variable)).unwrap_or_default() {
            return Err(Misuse::Saved.into());
        }
    }
    let is_stored = match number(&mut fields)? {
        0 => false,
        1 => true,
        _ => return Err(Misuse::Saved.into()),
    };
    let mut all = fields.sequence("what was had")?;
    fields.finish("the end of a saved delivery")?;
    let mut had = Vec::new();
    while !all.is_empty() {
        let mut fields = all.sequence("what was had")?;
        had.push(read_one(&mut fields)?);
        fields.finish("the end of what was had")?;
    }
    Ok((had, is_stored))
}

fn read_one(fields: &mut Reader<'_>) -> Result<Had, Error> {
    Ok(match number(fields)? {
        kind::DIGICERT => Had::DigiCert {
            ca: name(fields)?,
            data: secret(fields)?,
            password: secret(fields)?,
            validity: Validity { not_before: time(fields)?, not_after: time(fields)? },
            serial: text(fields)?,
        },
        kind::CUSTOM_SCEP => Had::CustomScep {
            ca: name(fields)?,
            passcode: passcode(fields)?,
            made_at: time(fields)?,
        },
        kind::NDES => Had::Ndes { challenge: secret(fields)?, retrieved_at: time(fields)? },
        kind::SMALLSTEP => Had::Smallstep {
            ca: name(fields)?,
            challenge: secret(fields)?,
            retrieved_at: time(fields)?,
        },
        _ => return Err(Misuse::Saved.into()),
    })
}

fn number(fields: &mut Reader<'_>) -> Result<u64, pki::Error> {
    fields.expect(tag::INTEGER, "a number")?.unsigned("a number")
}

fn text(fields: &mut Reader<'_>) -> Result<String, Error> {
    let value = fields.expect(tag::UTF8_STRING, "a text")?;
    value.text().ok_or_else(|| Misuse::Saved.into())
}

fn name(fields: &mut Reader<'_>) -> Result<CaName, Error> {
    Ok(text(fields)?.parse()?)
}

fn secret(fields: &mut Reader<'_>) -> Result<Secret, pki::Error> {
    Ok(Secret::new(fields.expect(tag::OCTET_STRING, "a secret")?.value.to_vec()))
}

fn passcode(fields: &mut Reader<'_>) -> Result<Passcode, Error> {
    let octets = secret(fields)?;
    let text = core::str::from_utf8(octets.expose()).map_err(|_| Misuse::Saved)?;
    Passcode::new(text).ok_or_else(|| Misuse::Saved.into())
}

fn time(fields: &mut Reader<'_>) -> Result<Time, pki::Error> {
    Time::read(&fields.any("a time")?)
}
