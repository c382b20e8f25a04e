//! GetNextCACert (RFC 8894 §4.7): the CA that comes after this one, on both sides.

use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::{Bundle, Content, SignedData, SignedDataParams, Verified};
use devicecert_pki::{Certificate, Limits, Provider, Unsigned, oid};
use http::Response;

use crate::authority::{Authority, response};
use crate::ca_certificates::{CaCertificates, Trust, find_ca, is_issued_by, may_issue, trusted};
use crate::error::{Error, InvalidMessage, UnacceptableReply};
use crate::text;
use crate::tolerance::Tolerance;

impl Authority {
    /// The reply to GetNextCACert: the certificates of `next` in a certs-only message that this CA
    /// signs. What is missing is the signature of the key of [`ca`](Self::ca), also where there is
    /// an RA. It answers no particular request and may be kept and sent to everybody.
    ///
    /// The certificates are outside of what is signed once more, for widespread clients that look
    /// for them nowhere else.
    ///
    /// # Errors
    /// [`Unsupported`](devicecert_pki::error::Unsupported) if the CA's key cannot sign, or the
    /// backend lacks the digest.
    pub fn next_ca_cert(
        &self,
        next: &Self,
        provider: &dyn Provider,
    ) -> Result<Unsigned<Response<Vec<u8>>>, Error> {
        let bundle = Bundle::new(next.certificates()).to_der();
        let mut params = SignedDataParams::new(self.ca().clone(), bundle);
        params.certificates = next.certificates().cloned().collect();
        let unsigned = params.unsigned(provider)?;
        Ok(unsigned.map(|der| Ok(response("application/x-x509-next-ca-cert", der))))
    }
}

impl CaCertificates {
    /// Reads the body of a GetNextCACert reply: the certificates of the CA, and its RAs, that will
    /// take the place of `current`.
    ///
    /// The current CA must have signed the message. Its content is a certs-only message of the type
    /// id-data or id-signedData, with or without a ContentInfo around it. Where it is anything else,
    /// as some servers send it, the certificates beside the signature count, which it does not
    /// cover: those that the current CA has itself issued, and others only where
    /// [`Tolerance::unsigned_next_ca`] says so.
    ///
    /// # Errors
    /// [`UnacceptableReply`] if somebody else signed it, or there is no CA in it but the current
    /// one; [`Rejected`](devicecert_pki::error::Rejected) if the signature is wrong.
    pub fn parse_next(
        body: &[u8],
        current: &Self,
        provider: &dyn Provider,
        tolerance: &Tolerance,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let body = text::octets_of_body(body, tolerance)?;
        if body.is_empty() {
            return Err(UnacceptableReply::Empty.into());
        }
        let signed = SignedData::parse(&body, limits)?;
        let verified = verify(&signed, current, provider, tolerance)?;
        let mut sent = read_content(&signed, &verified, limits)?;
        sent.retain(|certificate| !current.all().contains(certificate));
        if sent.is_empty() {
            sent = beside_the_signature(&signed, current, provider, tolerance, limits);
        }
        let ca = find_ca(&sent, &Trust::OnFirstUse, provider, tolerance)
            .ok()
            .filter(may_issue)
            .ok_or(UnacceptableReply::NoNextCa)?;
        let all = trusted(&sent, &ca, provider, tolerance);
        Self::from_trusted(ca, all)
    }
}

/// The signature must be that of the current CA, or of a CA below it that was authenticated with
/// it.
fn verify(
    signed: &SignedData,
    current: &CaCertificates,
    provider: &dyn Provider,
    tolerance: &Tolerance,
) -> Result<Verified, Error> {
    let sid = signed.signer().map_err(devicecert_pki::Error::from)?.identifier();
    let may_sign = |certificate: &Certificate| {
        certificate == current.ca() || may_issue(certificate) || tolerance.ra_signed_next_ca
    };
    let signer = current
        .all()
        .iter()
        .find(|certificate| may_sign(certificate) && sid.names(certificate, &tolerance.cms))
        .ok_or(UnacceptableReply::Signer)?;
    Ok(signed.verify(signer, provider, &tolerance.cms)?)
}

/// The certificates that the signature covers; none if the content is no certs-only message.
fn read_content(
    signed: &SignedData,
    verified: &Verified,
    limits: &Limits,
) -> Result<Vec<Certificate>, Error> {
    if signed.content_type() != oid::DATA && signed.content_type() != oid::SIGNED_DATA {
        return Err(InvalidMessage::Content.into());
    }
    let content = match signed.unverified_content() {
        // PKCS #7 has the SignedData stand there as it is.
        Content::Other(encoding) => encoding.as_slice(),
        _ => verified.content().unwrap_or_default(),
    };
    let bundle = Bundle::parse(content, limits).or_else(|_| {
        // RFC 5652 §5.2 has it stand in an OCTET STRING without its ContentInfo.
        let info = Writer::build(|w| {
            w.sequence(|w| {
                w.oid(&oid::SIGNED_DATA);
                w.nested(tag::constructed(0), |w| w.raw(content));
            });
        });
        Bundle::parse(&info, limits)
    });
    match bundle {
        Ok(bundle) => Ok(bundle.decoded(limits).filter_map(Result::ok).collect()),
        Err(_) => Ok(Vec::new()),
    }
}

fn beside_the_signature(
    signed: &SignedData,
    current: &CaCertificates,
    provider: &dyn Provider,
    tolerance: &Tolerance,
    limits: &Limits,
) -> Vec<Certificate> {
    let is_vouched_for = |certificate: &Certificate| {
        current.all().iter().any(|issuer| {
            (issuer == current.ca() || may_issue(issuer))
                && is_issued_by(certificate, issuer, provider, tolerance)
        })
    };
    let mut sent: Vec<Certificate> = signed
        .certificates()
        .filter_map(|der| Certificate::parse(der, limits).ok())
        .filter(|certificate| !current.all().contains(certificate))
        .collect();
    if !tolerance.unsigned_next_ca {
        // RAs of a CA that is vouched for are found to lead to it.
        let cas: Vec<Certificate> =
            sent.iter().filter(|one| is_vouched_for(one)).cloned().collect();
        sent.retain(|certificate| {
            cas.contains(certificate)
                || cas
                    .iter()
                    .any(|ca| may_issue(ca) && is_issued_by(certificate, ca, provider, tolerance))
        });
    }
    sent
}
