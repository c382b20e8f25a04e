//! Extensions that point at the issuer: its key (RFC 5280 §4.2.1.1) and its CRLs (§4.2.1.13).

use super::{Extension, Extensions};
use crate::asn1::{Reader, Writer, tag};
use crate::certificate::Certificate;
use crate::error::{Error, Misuse};
use crate::general_name::GeneralName;
use crate::oid;

impl Extension {
    /// authorityKeyIdentifier with the key identifier of `issuer`, which goes into everything that
    /// it signs; `None` if it has no subjectKeyIdentifier.
    #[must_use]
    pub fn authority_key_identifier(issuer: &Certificate) -> Option<Self> {
        let identifier = issuer.extensions().subject_key_identifier()?;
        let value = Writer::build(|w| w.sequence(|w| w.value(tag::primitive(0), identifier)));
        Some(Self { oid: oid::AUTHORITY_KEY_IDENTIFIER, critical: false, value })
    }

    /// cRLDistributionPoints, not critical: one point with this URL of the complete CRL.
    ///
    /// # Errors
    /// [`Misuse`] for a URL that is empty or not printable ASCII.
    pub fn crl_distribution_point(url: &str) -> Result<Self, Error> {
        if url.is_empty() {
            return Err(Misuse::Value("the URL of a CRL is empty").into());
        }
        let mut written = Ok(());
        let value = Writer::build(|w| {
            w.sequence(|w| {
                w.sequence(|w| {
                    // distributionPoint, fullName
                    w.nested(tag::constructed(0), |w| {
                        w.nested(tag::constructed(0), |w| {
                            written = GeneralName::Uri(url.to_owned()).write(w);
                        });
                    });
                });
            });
        });
        written?;
        Ok(Self { oid: oid::CRL_DISTRIBUTION_POINTS, critical: false, value })
    }
}

impl Extensions {
    /// The key identifier in authorityKeyIdentifier; `None` where it is absent or unreadable.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        let value = &self.get(oid::AUTHORITY_KEY_IDENTIFIER)?.value;
        let mut fields = Reader::new(value).sequence("authorityKeyIdentifier").ok()?;
        Some(fields.optional(tag::primitive(0), "keyIdentifier").ok()??.value)
    }

    /// Where cRLDistributionPoints says that complete CRLs of the issuer are: every URL, in its
    /// order. Points for some reasons only, or of another CRL issuer, are passed over.
    #[must_use]
    pub fn crl_distribution_points(&self) -> Vec<String> {
        let value = self.get(oid::CRL_DISTRIBUTION_POINTS).map(|extension| &extension.value);
        let mut urls = Vec::new();
        let Some(Ok(mut points)) =
            value.map(|value| Reader::new(value).sequence("CRLDistributionPoints"))
        else {
            return urls;
        };
        while !points.is_empty() && urls.len() < Self::MAX_NAMES {
            let Ok(mut point) = points.sequence("DistributionPoint") else { break };
            read_point(&mut point, &mut urls);
        }
        urls
    }
}

/// Adds the URLs of one DistributionPoint.
fn read_point(point: &mut Reader<'_>, urls: &mut Vec<String>) {
    let Ok(Some(name)) = point.optional(tag::constructed(0), "distributionPoint") else { return };
    if !point.is_empty() {
        return;
    }
    let Ok(Some(names)) = name.reader().optional(tag::constructed(0), "fullName") else { return };
    let mut names = names.reader();
    while !names.is_empty() && urls.len() < Extensions::MAX_NAMES {
        match GeneralName::read(&mut names) {
            Ok(GeneralName::Uri(url)) => urls.push(url),
            Ok(_) => {}
            Err(_) => return,
        }
    }
}
