//! `/csrattrs`: what a server wants to see in a request (RFC 7030 §4.5, RFC 8951 §4, RFC 9908).

use const_oid::ObjectIdentifier;
use devicecert_pki::asn1::{Reader, Tlv, Writer, tag};
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Attribute, oid as pki_oid};
use http::{Response, StatusCode};

use crate::body;
use crate::endpoint::Endpoint;
use crate::error::{Error, InvalidBody, InvalidMessage, UnacceptableReply};
use crate::limits::Limits;
use crate::media_type::{self, CSR_ATTRS, MediaType};
use crate::oid;
use crate::refusal::Refusal;
use crate::tolerance::Tolerance;

mod build;
mod key_demand;
mod legacy;
mod plan;
mod template;

pub use key_demand::KeyDemand;
pub use plan::{Plan, Undecided};
pub use template::{ExtensionTemplate, SubjectAttribute, Template};

/// CsrAttrs (RFC 8951 §4): the elements in the order sent.
///
/// There are two ways to say what a request should have. RFC 7030 has a list of object identifiers
/// and attributes; RFC 9908 adds a [`Template`], and who understands that looks at nothing else.
/// [`plan`](Self::plan) reads either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsrAttrs(Vec<AttrOrOid>);

/// One element of CsrAttrs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttrOrOid {
    /// An object identifier: something that the client has to fill in.
    Oid(ObjectIdentifier),
    /// An attribute: something with a value.
    Attribute(Attribute),
    /// Either of the two with an object identifier that [`ObjectIdentifier`] cannot hold, as
    /// encoded: those with large numbers.
    Other(Vec<u8>),
}

impl CsrAttrs {
    /// Reads the answer to [`Endpoint::csr_attrs`]; `None` if the server has no wishes (§4.5.2).
    ///
    /// # Errors
    /// [`Error::Refused`] for an HTTP error but 404, and what [`parse`](Self::parse) finds.
    pub fn read(endpoint: &Endpoint, response: &Response<Vec<u8>>) -> Result<Option<Self>, Error> {
        let Endpoint { tolerance, limits, .. } = endpoint;
        match response.status() {
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => return Ok(None),
            StatusCode::OK => {}
            status if status.is_client_error() || status.is_server_error() => {
                return Err(Refusal::read(response, tolerance, limits).into());
            }
            status => return Err(UnacceptableReply::HttpStatus(status.as_u16()).into()),
        }
        let headers = response.headers();
        let is_due = MediaType::of(headers, limits).is_some_and(|found| found.is(CSR_ATTRS));
        if !is_due && !tolerance.other_content_type {
            return Err(media_type::unexpected(CSR_ATTRS, headers, limits).into());
        }
        let parsed = match body::decode(response.body(), tolerance, limits) {
            Err(Error::InvalidBody(InvalidBody::Empty)) if tolerance.empty_csr_attrs => {
                return Ok(None);
            }
            der => der.and_then(|der| Self::parse(&der, tolerance, limits)),
        };
        match parsed {
            Ok(found) => Ok((!found.0.is_empty()).then_some(found)),
            Err(error) if is_due => Err(error),
            Err(_) => Err(media_type::unexpected(CSR_ATTRS, headers, limits).into()),
        }
    }

    /// Reads the DER.
    ///
    /// # Errors
    /// [`Malformed`](devicecert_pki::error::Malformed) if it is no CsrAttrs,
    /// [`InvalidMessage::CsrAttrs`] if it breaks a rule of RFC 9908 so that two clients could read
    /// it in two ways, [`LimitExceeded`](devicecert_pki::error::LimitExceeded).
    pub fn parse(der: &[u8], tolerance: &Tolerance, limits: &Limits) -> Result<Self, Error> {
        let mut outer = Reader::new(der);
        let mut elements = outer.sequence("CsrAttrs")?;
        outer.finish("the end of CsrAttrs")?;
        let mut all = Vec::new();
        while !elements.is_empty() {
            let count = all.len().saturating_add(1);
            LimitExceeded::check("elements of CsrAttrs", limits.csr_attrs, count)?;
            all.push(AttrOrOid::read(&elements.any("AttrOrOID")?)?);
        }
        let attrs = Self(all);
        attrs.template(limits)?;
        legacy::extensions(&attrs, tolerance, limits)?;
        KeyDemand::of_attributes(attrs.attributes())?;
        Ok(attrs)
    }

    /// The encoding. Elements keep their order.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        Writer::build(|w| {
            w.sequence(|w| {
                for element in &self.0 {
                    match element {
                        AttrOrOid::Oid(oid) => w.oid(oid),
                        AttrOrOid::Attribute(attribute) => w.raw(&attribute.to_der()),
                        AttrOrOid::Other(encoding) => w.raw(encoding),
                    }
                }
            });
        })
    }

    /// The elements, in their order.
    #[must_use]
    pub fn elements(&self) -> &[AttrOrOid] {
        &self.0
    }

    /// The template of RFC 9908 §3.4; `None` where there is none.
    ///
    /// # Errors
    /// [`InvalidMessage::CsrAttrs`] if there are two, or the one there is breaks a rule.
    pub fn template(&self, limits: &Limits) -> Result<Option<Template>, Error> {
        let wanted = oid::CERTIFICATION_REQUEST_INFO_TEMPLATE;
        let mut found = self.attributes().filter(|one| one.oid == wanted);
        match (found.next().map(|one| one.values.as_slice()), found.next()) {
            (None, _) => Ok(None),
            (Some([value]), None) => Template::parse(value, limits).map(Some),
            _ => Err(InvalidMessage::CsrAttrs("have several templates, or an empty one").into()),
        }
    }

    /// Whether requests have to be linked to TLS: challengePassword or estIdentityLinking is
    /// listed (RFC 7030 §4.5.2, RFC 7894 §4).
    #[must_use]
    pub fn wants_linking(&self) -> bool {
        [pki_oid::CHALLENGE_PASSWORD, oid::EST_IDENTITY_LINKING]
            .into_iter()
            .any(|wanted| self.0.contains(&AttrOrOid::Oid(wanted)))
    }

    fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.0.iter().filter_map(|element| match element {
            AttrOrOid::Attribute(attribute) => Some(attribute),
            AttrOrOid::Oid(_) | AttrOrOid::Other(_) => None,
        })
    }

    fn oids(&self) -> impl Iterator<Item = ObjectIdentifier> {
        self.0.iter().filter_map(|element| match element {
            AttrOrOid::Oid(oid) => Some(*oid),
            AttrOrOid::Attribute(_) | AttrOrOid::Other(_) => None,
        })
    }
}

impl AttrOrOid {
    fn read(element: &Tlv<'_>) -> Result<Self, Error> {
        if element.tag == tag::OID {
            return Ok(match element.oid("AttrOrOID") {
                Ok(oid) => Self::Oid(oid),
                Err(_) => Self::Other(element.raw.to_vec()),
            });
        }
        match Attribute::read(&mut Reader::new(element.raw)) {
            Ok(attribute) => Ok(Self::Attribute(attribute)),
            Err(error) => {
                let mut fields = Reader::new(element.raw).sequence("AttrOrOID")?;
                let kind = fields.expect(tag::OID, "the type of an attribute")?;
                fields.expect(tag::SET, "the values of an attribute")?;
                match kind.oid("the type of an attribute") {
                    Err(_) if fields.is_empty() => Ok(Self::Other(element.raw.to_vec())),
                    _ => Err(error.into()),
                }
            }
        }
    }
}
