//! PKIData: what a client asks (RFC 5272 §3.2.1).

use std::collections::HashSet;

use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::cms::SignedDataParams;
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Certificate, Csr, Provider, Unsigned};

use super::control::{self, Control};
use crate::error::{Error, InvalidMessage, Misuse};
use crate::limits::Limits;
use crate::oid;

/// PKIData: controls, and requests for certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PkiData {
    controls: Vec<Control>,
    requests: Vec<TaggedRequest>,
    /// The encodings of cmsSequence and otherMsgSequence, which nothing here looks into.
    cms: Vec<Vec<u8>>,
    other: Vec<Vec<u8>>,
}

/// TaggedRequest (RFC 5272 §3.2.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaggedRequest {
    /// tcr: a PKCS #10 request.
    Csr {
        /// Its number in the message.
        body_part: u32,
        /// The request.
        csr: Box<Csr>,
    },
    /// crm (a CRMF request) or orm (any other): its tag and encoding.
    Other {
        /// The identifier octet that tells which.
        tag: u8,
        /// The encoding, as it came.
        encoding: Vec<u8>,
    },
}

impl PkiData {
    /// One request for a certificate, as part 1, with a transactionId and a senderNonce.
    ///
    /// # Errors
    /// [`KeyError::Random`](devicecert_pki::error::KeyError::Random) if there is no nonce to be had.
    pub fn new(csr: Csr, provider: &dyn Provider) -> Result<Self, Error> {
        let mut nonce = [0; 16];
        provider.random(&mut nonce).map_err(devicecert_pki::Error::from)?;
        let mut transaction_id = [0; 8];
        provider.random(&mut transaction_id).map_err(devicecert_pki::Error::from)?;
        let integer = Writer::build(|w| w.unsigned(u64::from_be_bytes(transaction_id) >> 1));
        let nonce = Writer::build(|w| w.value(tag::OCTET_STRING, &nonce));
        Ok(Self {
            controls: vec![
                Control::new(2, oid::CMC_TRANSACTION_ID, integer),
                Control::new(3, oid::CMC_SENDER_NONCE, nonce),
            ],
            requests: vec![TaggedRequest::Csr { body_part: 1, csr: Box::new(csr) }],
            cms: Vec::new(),
            other: Vec::new(),
        })
    }

    /// Adds a control.
    ///
    /// # Errors
    /// [`Misuse::BodyPart`] if its number is 0, which is the whole message, or taken.
    pub fn control(mut self, control: Control) -> Result<Self, Error> {
        if control.body_part == 0 || self.body_parts().contains(&control.body_part) {
            return Err(Misuse::BodyPart.into());
        }
        self.controls.push(control);
        Ok(self)
    }

    /// Reads the content of a Full PKI Request.
    ///
    /// # Errors
    /// [`Malformed`](devicecert_pki::error::Malformed) if it is none; [`InvalidMessage::Cmc`] if a
    /// number occurs twice; [`LimitExceeded`](devicecert_pki::error::LimitExceeded).
    pub fn parse(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut outer = Reader::new(der);
        let mut fields = outer.sequence("PKIData")?;
        outer.finish("the end of PKIData")?;
        let mut count = 0;
        let controls =
            read_all(fields.sequence("controlSequence")?, &mut count, limits, Control::read)?;
        let requests = read_all(fields.sequence("reqSequence")?, &mut count, limits, |reader| {
            TaggedRequest::read(reader, limits)
        })?;
        let cms = read_all(fields.sequence("cmsSequence")?, &mut count, limits, encoding)?;
        let other = read_all(fields.sequence("otherMsgSequence")?, &mut count, limits, encoding)?;
        fields.finish("the end of PKIData")?;
        let data = Self { controls, requests, cms, other };
        let parts = data.body_parts();
        let mut seen = HashSet::new();
        match parts.iter().all(|part| *part != 0 && seen.insert(*part)) {
            true => Ok(data),
            false => Err(InvalidMessage::Cmc("has a bodyPartID twice, or 0").into()),
        }
    }

    /// The encoding.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                w.sequence(|w| self.controls.iter().for_each(|control| control.write(w)));
                w.sequence(|w| self.requests.iter().for_each(|request| request.write(w)));
                w.sequence(|w| self.cms.iter().for_each(|cms| w.raw(cms)));
                w.sequence(|w| self.other.iter().for_each(|other| w.raw(other)));
            });
        })
    }

    /// Wraps it up as a Full PKI Request; what is missing is the signature of the key of `signer`,
    /// which is the certificate that is being renewed, an RA's, or a self-signed one for the
    /// key of the request.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) for a key that cannot sign.
    pub fn unsigned(
        &self,
        signer: &Certificate,
        provider: &dyn Provider,
    ) -> Result<Unsigned<Vec<u8>>, Error> {
        let mut params = SignedDataParams::new(signer.clone(), self.to_der());
        params.content_type = oid::PKI_DATA;
        params.certificates = vec![signer.clone()];
        Ok(params.unsigned(provider)?)
    }

    /// The controls, in their order.
    #[must_use]
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// The requests, in their order.
    #[must_use]
    pub fn requests(&self) -> &[TaggedRequest] {
        &self.requests
    }

    /// The PKCS #10 requests with their numbers.
    pub fn csrs(&self) -> impl Iterator<Item = (u32, &Csr)> {
        self.requests.iter().filter_map(|request| match request {
            TaggedRequest::Csr { body_part, csr } => Some((*body_part, &**csr)),
            TaggedRequest::Other { .. } => None,
        })
    }

    /// The content octets of the transactionId.
    ///
    /// # Errors
    /// [`InvalidMessage::Cmc`] if there are several.
    pub fn transaction_id(&self) -> Result<Option<&[u8]>, Error> {
        control::transaction_id(&self.controls)
    }

    /// The senderNonce.
    ///
    /// # Errors
    /// [`InvalidMessage::Cmc`] if there are several.
    pub fn sender_nonce(&self) -> Result<Option<&[u8]>, Error> {
        control::nonce(&self.controls, oid::CMC_SENDER_NONCE)
    }

    fn body_parts(&self) -> Vec<u32> {
        let controls = self.controls.iter().map(|control| control.body_part);
        controls.chain(self.csrs().map(|(body_part, _)| body_part)).collect()
    }
}

impl TaggedRequest {
    fn read(reader: &mut Reader<'_>, limits: &Limits) -> Result<Self, Error> {
        let request = reader.any("TaggedRequest")?;
        if request.tag != tag::constructed(0) {
            return Ok(Self::Other { tag: request.tag, encoding: request.raw.to_vec() });
        }
        let mut fields = request.reader();
        let body_part = control::read_body_part(&mut fields)?;
        let csr = fields.expect(tag::SEQUENCE, "certificationRequest")?;
        fields.finish("the end of TaggedCertificationRequest")?;
        Ok(Self::Csr { body_part, csr: Box::new(Csr::parse(csr.raw, &limits.pki)?) })
    }

    fn write(&self, w: &mut Writer) {
        match self {
            Self::Csr { body_part, csr } => w.nested(tag::constructed(0), |w| {
                w.unsigned(u64::from(*body_part));
                w.raw(csr.as_der());
            }),
            Self::Other { encoding, .. } => w.raw(encoding),
        }
    }
}

/// Reads a SEQUENCE OF to its end; `count` is what the whole message has so far.
pub(super) fn read_all<T>(
    mut elements: Reader<'_>,
    count: &mut usize,
    limits: &Limits,
    read: impl Fn(&mut Reader<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    while !elements.is_empty() {
        *count = count.saturating_add(1);
        LimitExceeded::check("elements of a CMC message", limits.cmc_elements, *count)?;
        all.push(read(&mut elements)?);
    }
    Ok(all)
}

pub(super) fn encoding(reader: &mut Reader<'_>) -> Result<Vec<u8>, Error> {
    Ok(reader.any("an element of a CMC message")?.raw.to_vec())
}
