//! PKIResponse: what a server answers (RFC 5272 §4.2).

use devicecert_pki::asn1::{Reader, Writer, tag};
use devicecert_pki::cms::SignedDataParams;
use devicecert_pki::{Certificate, Provider, Unsigned, oid as pki_oid};

use super::control::{self, Control};
use super::pki_data::{encoding, read_all};
use super::{PkiData, StatusInfo};
use crate::error::{Error, UnacceptableReply};
use crate::limits::Limits;
use crate::oid;

/// PKIResponse: controls, and whatever else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PkiResponse {
    controls: Vec<Control>,
    cms: Vec<Vec<u8>>,
    other: Vec<Vec<u8>>,
}

impl PkiResponse {
    /// A response that belongs to no Full PKI Request, as in the body of an HTTP error.
    #[must_use]
    pub fn new(statuses: &[StatusInfo]) -> Self {
        let numbered = statuses.iter().zip(1..);
        let controls = numbered.map(|(status, number)| status.to_control(number)).collect();
        Self { controls, ..Self::default() }
    }

    /// The response to `request`: its transactionId, and its senderNonce as recipientNonce
    /// (RFC 5272 §6.6).
    ///
    /// # Errors
    /// [`InvalidMessage::Cmc`](crate::error::InvalidMessage::Cmc) if the request has several of
    /// either.
    pub fn to(request: &PkiData, statuses: &[StatusInfo]) -> Result<Self, Error> {
        let mut response = Self::new(statuses);
        let mut number = u32::try_from(statuses.len()).unwrap_or(u32::MAX);
        let mut push = |oid, value| {
            number = number.saturating_add(1);
            response.controls.push(Control::new(number, oid, value));
        };
        if let Some(transaction_id) = request.transaction_id()? {
            let value = Writer::build(|w| w.value(tag::INTEGER, transaction_id));
            push(oid::CMC_TRANSACTION_ID, value);
        }
        if let Some(nonce) = request.sender_nonce()? {
            let value = Writer::build(|w| w.value(tag::OCTET_STRING, nonce));
            push(oid::CMC_RECIPIENT_NONCE, value);
        }
        Ok(response)
    }

    /// Reads the content of a Full PKI Response.
    ///
    /// # Errors
    /// [`Malformed`](devicecert_pki::error::Malformed) if it is none,
    /// [`LimitExceeded`](devicecert_pki::error::LimitExceeded).
    pub fn parse(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut outer = Reader::new(der);
        let mut fields = outer.sequence("PKIResponse")?;
        outer.finish("the end of PKIResponse")?;
        let mut count = 0;
        let controls =
            read_all(fields.sequence("controlSequence")?, &mut count, limits, Control::read)?;
        let cms = read_all(fields.sequence("cmsSequence")?, &mut count, limits, encoding)?;
        let other = read_all(fields.sequence("otherMsgSequence")?, &mut count, limits, encoding)?;
        fields.finish("the end of PKIResponse")?;
        Ok(Self { controls, cms, other })
    }

    /// The encoding.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                w.sequence(|w| self.controls.iter().for_each(|control| control.write(w)));
                w.sequence(|w| self.cms.iter().for_each(|cms| w.raw(cms)));
                w.sequence(|w| self.other.iter().for_each(|other| w.raw(other)));
            });
        })
    }

    /// Wraps it up as a Full PKI Response with `certificates`; what is missing is the signature
    /// of the key of `signer`, the CA's or RA's certificate.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) for a key that cannot sign.
    pub fn unsigned(
        &self,
        signer: &Certificate,
        certificates: &[Certificate],
        provider: &dyn Provider,
    ) -> Result<Unsigned<Vec<u8>>, Error> {
        let mut params = SignedDataParams::new(signer.clone(), self.to_der());
        params.content_type = oid::PKI_RESPONSE;
        params.certificates = certificates.to_vec();
        if !params.certificates.contains(signer) {
            params.certificates.push(signer.clone());
        }
        Ok(params.unsigned(provider)?)
    }

    /// Wraps it up without a signature, for the body of an HTTP error (RFC 7030 §4.2.3).
    #[must_use]
    pub fn to_unsigned_cms(&self) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                w.oid(&pki_oid::SIGNED_DATA);
                w.nested(tag::constructed(0), |w| {
                    w.sequence(|w| {
                        w.unsigned(3);
                        w.value(tag::SET, &[]);
                        w.sequence(|w| {
                            w.oid(&oid::PKI_RESPONSE);
                            w.nested(tag::constructed(0), |w| {
                                w.value(tag::OCTET_STRING, &self.to_der());
                            });
                        });
                        w.value(tag::SET, &[]);
                    });
                });
            });
        })
    }

    /// The controls, in their order.
    #[must_use]
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// What the server says about the parts of the request, in CMCStatusInfoV2 and CMCStatusInfo.
    ///
    /// # Errors
    /// [`Malformed`](devicecert_pki::error::Malformed) if one cannot be read.
    pub fn statuses(&self, limits: &Limits) -> Result<Vec<StatusInfo>, Error> {
        StatusInfo::read_all(&self.controls, limits)
    }

    /// Checks that this answers `request`: same transactionId, recipientNonce its senderNonce.
    ///
    /// # Errors
    /// [`UnacceptableReply::Nonce`] if it does not.
    pub fn answers(&self, request: &PkiData) -> Result<(), Error> {
        if control::transaction_id(&self.controls)? != request.transaction_id()? {
            return Err(UnacceptableReply::Nonce("transactionId").into());
        }
        let nonce = control::nonce(&self.controls, oid::CMC_RECIPIENT_NONCE)?;
        match nonce == request.sender_nonce()? {
            true => Ok(()),
            false => Err(UnacceptableReply::Nonce("recipientNonce").into()),
        }
    }
}
