//! What GetCert and GetCRL name a certificate by (RFC 8894 §3.3.4).

use core::fmt;

use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::cms::SignerIdentifier;
use devicecert_pki::{Certificate, Limits, Name, Tolerance, ber};

use crate::error::{Error, InvalidMessage};

/// IssuerAndSerialNumber (RFC 5652 §10.2.4): which certificate is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IssuerAndSerialNumber {
    issuer: Name,
    serial: Vec<u8>,
}

impl IssuerAndSerialNumber {
    /// By the name of its issuer and the content octets of its serialNumber.
    ///
    /// # Errors
    /// [`InvalidMessage::Content`] for a serial number of no octets.
    pub fn new(issuer: Name, serial: Vec<u8>) -> Result<Self, Error> {
        match serial.is_empty() {
            true => Err(InvalidMessage::Content.into()),
            false => Ok(Self { issuer, serial }),
        }
    }

    /// The one that is at hand.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        let (issuer, serial) = (certificate.issuer().clone(), certificate.serial().to_vec());
        Self { issuer, serial }
    }

    /// The name of its issuer.
    #[must_use]
    pub const fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// The content octets of its serialNumber, as received.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// Whether this means `certificate`. Zeros in front of the number make no difference.
    #[must_use]
    pub fn names(&self, certificate: &Certificate, tolerance: &Tolerance) -> bool {
        let (issuer, serial) = (self.issuer.clone(), self.serial.clone());
        SignerIdentifier::IssuerAndSerialNumber { issuer, serial }.names(certificate, tolerance)
    }

    /// Whether its issuer has this name, in whatever spelling.
    pub(crate) fn is_issued_by(&self, issuer: &Name) -> bool {
        self.issuer == *issuer || self.issuer.matches(issuer)
    }

    pub(crate) fn parse(content: &[u8], limits: &Limits) -> Result<Self, Error> {
        let der = ber::normalise(content, limits)?;
        let mut outer = Reader::new(&der);
        let mut fields = outer.sequence("IssuerAndSerialNumber")?;
        outer.finish("the end of IssuerAndSerialNumber")?;
        let issuer = Name::parse(fields.any("issuer")?.raw)?;
        let serial = fields.expect(tag::INTEGER, "serialNumber")?.value.to_vec();
        fields.finish("the end of IssuerAndSerialNumber")?;
        Self::new(issuer, serial)
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                w.raw(self.issuer.as_der());
                w.value(tag::INTEGER, &self.serial);
            });
        })
    }
}

impl fmt::Display for IssuerAndSerialNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "serial number ")?;
        self.serial.iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
        write!(f, " of {}", self.issuer)
    }
}
