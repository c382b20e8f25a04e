//! Certificate revocation lists (RFC 5280 §5), read without being judged.

use core::fmt;
use core::ops::Range;

use const_oid::ObjectIdentifier;

use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Reader, Tlv, tag};
use crate::certificate::range;
use crate::error::{Error, Found, LimitExceeded};
use crate::extension::{Extension, Extensions};
use crate::limits::Limits;
use crate::name::Name;
use crate::oid;
use crate::time::Time;

mod params;
mod revoked;
mod verify;

pub use params::CrlParams;
pub use revoked::{CrlReason, RevokedCertificate};
pub use verify::VerifiedCrl;

/// A CRL: the bytes as received, and a view of them.
///
/// Reading says nothing about trust. Whether a certificate was revoked is asked of what
/// [`verify`](Self::verify) returns, which is the only thing that knows.
#[derive(Clone)]
pub struct Crl {
    der: Vec<u8>,
    tbs: Range<usize>,
    /// The signature algorithm inside what is signed.
    signed_algorithm: AlgorithmIdentifier,
    signature_algorithm: AlgorithmIdentifier,
    issuer: Name,
    this_update: Time,
    next_update: Option<Time>,
    revoked: Vec<RevokedCertificate>,
    extensions: Extensions,
    /// A critical extension that this crate does not know, of the list or of an entry.
    not_understood: Option<ObjectIdentifier>,
    signature: Range<usize>,
}

impl Crl {
    /// Reads one DER CertificateList, of version 1 or 2.
    ///
    /// # Errors
    /// [`Malformed`](crate::error::Malformed) if it is none, or
    /// [`LimitExceeded`](crate::error::LimitExceeded).
    pub fn parse(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        LimitExceeded::check("the CRL (bytes)", limits.message_bytes, der.len())?;
        let outer = Tlv::parse(der, "CertificateList")?;
        if outer.tag != tag::SEQUENCE {
            return Err(outer.unexpected("CertificateList", Found::Tag(outer.tag)));
        }
        let mut fields = outer.reader();
        let tbs = fields.expect(tag::SEQUENCE, "TBSCertList")?;
        let signature_algorithm = AlgorithmIdentifier::read(&mut fields, "signatureAlgorithm")?;
        let signature = fields.expect(tag::BIT_STRING, "signatureValue")?;
        let signature_octets = signature.bit_string_octets("signatureValue")?;
        fields.finish("the end of CertificateList")?;

        let mut fields = tbs.reader();
        fields.optional(tag::INTEGER, "version")?;
        let signed_algorithm = AlgorithmIdentifier::read(&mut fields, "signature")?;
        let issuer = Name::read(&mut fields, "issuer")?;
        let this_update = Time::read(&fields.any("thisUpdate")?)?;
        let next_update = match fields.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => {
                Some(Time::read(&fields.any("nextUpdate")?)?)
            }
            _ => None,
        };
        let list = fields.optional(tag::SEQUENCE, "revokedCertificates")?;
        let (revoked, odd_entry) = match list {
            Some(list) => read_entries(list.reader(), limits)?,
            None => (Vec::new(), None),
        };
        let extensions = match fields.optional(tag::constructed(0), "crlExtensions")? {
            Some(extensions) => Extensions::read(&mut extensions.reader(), limits)?,
            None => Extensions::default(),
        };
        fields.finish("the end of TBSCertList")?;

        // Neither changes what the list says of a certificate, critical or not.
        let known = [oid::CRL_NUMBER, oid::AUTHORITY_KEY_IDENTIFIER];
        let odd = extensions.iter().find(|one| one.critical && !known.contains(&one.oid));
        let not_understood = odd.map(|extension: &Extension| extension.oid).or(odd_entry);
        Ok(Self {
            tbs: range(&tbs, tbs.raw),
            signature: range(&signature, signature_octets),
            der: der.to_vec(),
            signed_algorithm,
            signature_algorithm,
            issuer,
            this_update,
            next_update,
            revoked,
            extensions,
            not_understood,
        })
    }

    /// The CRL as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The name of the CA whose certificates it lists.
    #[must_use]
    pub const fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// When it was issued.
    #[must_use]
    pub const fn this_update(&self) -> Time {
        self.this_update
    }

    /// When the next one is issued at the latest; old CAs do not say.
    #[must_use]
    pub const fn next_update(&self) -> Option<Time> {
        self.next_update
    }

    /// What it lists, before anybody checked the signature.
    #[must_use]
    pub fn unverified_entries(&self) -> &[RevokedCertificate] {
        &self.revoked
    }

    /// The extensions of the list; none in version 1.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// cRLNumber (§5.2.3): of two CRLs of one CA the one with the larger number is newer. `None`
    /// where it is absent, unreadable or of more than 64 bits.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        let value = &self.extensions.get(oid::CRL_NUMBER)?.value;
        let mut reader = Reader::new(value);
        reader.expect(tag::INTEGER, "cRLNumber").ok()?.unsigned("cRLNumber").ok()
    }

    /// How it is signed, as received.
    #[must_use]
    pub const fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.signature_algorithm
    }
}

/// The entries, and the first critical extension among them that is not understood.
fn read_entries(
    mut list: Reader<'_>,
    limits: &Limits,
) -> Result<(Vec<RevokedCertificate>, Option<ObjectIdentifier>), Error> {
    let (mut all, mut odd) = (Vec::new(), None);
    while !list.is_empty() {
        let (entry, not_understood) = RevokedCertificate::read(&mut list, limits)?;
        all.push(entry);
        odd = odd.or(not_understood);
    }
    Ok((all, odd))
}

impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Crl {}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crl")
            .field("issuer", &self.issuer)
            .field("this_update", &self.this_update)
            .field("next_update", &self.next_update)
            .field("revoked", &self.revoked.len())
            .finish_non_exhaustive()
    }
}
