//! Certs-only messages: SignedData that nobody signed (RFC 5652 §5.1, RFC 8894 §3.4).

use super::{SignedData, write_content_info};
use crate::asn1::tag;
use crate::certificate::Certificate;
use crate::crl::Crl;
use crate::error::Error;
use crate::limits::Limits;
use crate::oid;

/// Certificates and CRLs in a degenerate SignedData.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
}

impl Bundle {
    /// A bundle of these certificates, the leaf first.
    ///
    /// The order is kept on the wire. A SET has none, and DER would sort it; but there are clients
    /// that take the first certificate for theirs, and none that minds.
    #[must_use]
    pub fn new<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Self {
        let certificates =
            certificates.into_iter().map(|certificate| certificate.as_der().to_vec()).collect();
        Self { certificates, crls: Vec::new() }
    }

    /// A bundle of these CRLs and no certificate.
    #[must_use]
    pub fn of_crls<'a>(crls: impl IntoIterator<Item = &'a Crl>) -> Self {
        let crls = crls.into_iter().map(|crl| crl.as_der().to_vec()).collect();
        Self { certificates: Vec::new(), crls }
    }

    /// Reads a ContentInfo that holds SignedData, in DER or BER. Signatures, if there are any, and
    /// content are not looked at.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none,
    /// [`LimitExceeded`](crate::error::LimitExceeded).
    pub fn parse(input: &[u8], limits: &Limits) -> Result<Self, Error> {
        let signed = SignedData::parse(input, limits)?;
        Ok(Self {
            certificates: signed.certificates().map(<[u8]>::to_vec).collect(),
            crls: signed.crls().map(<[u8]>::to_vec).collect(),
        })
    }

    /// The encodings of the certificates, in their order.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.certificates.iter().map(Vec::as_slice)
    }

    /// Each certificate decoded, or why it cannot be, in their order.
    pub fn decoded(&self, limits: &Limits) -> impl Iterator<Item = Result<Certificate, Error>> {
        self.certificates.iter().map(|der| Certificate::parse(der, limits))
    }

    /// The encodings of the CRLs, in their order.
    pub fn crls(&self) -> impl Iterator<Item = &[u8]> {
        self.crls.iter().map(Vec::as_slice)
    }

    /// Each CRL decoded, or why it cannot be, in their order.
    pub fn decoded_crls(&self, limits: &Limits) -> impl Iterator<Item = Result<Crl, Error>> {
        self.crls.iter().map(|der| Crl::parse(der, limits))
    }

    /// Writes the ContentInfo: no content, no digest algorithm, no signer.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        write_content_info(&oid::SIGNED_DATA, |w| {
            w.unsigned(1);
            w.value(tag::SET, &[]);
            w.sequence(|w| w.oid(&oid::DATA));
            if !self.certificates.is_empty() {
                w.value(tag::constructed(0), &self.certificates.concat());
            }
            if !self.crls.is_empty() {
                w.value(tag::constructed(1), &self.crls.concat());
            }
            w.value(tag::SET, &[]);
        })
    }
}
