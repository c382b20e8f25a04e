//! Making CSR attributes.

use const_oid::ObjectIdentifier;
use devicecert_pki::asn1::Writer;
use devicecert_pki::{Attribute, Extension, oid as pki_oid};

use super::{AttrOrOid, CsrAttrs, KeyDemand, Template};

/// Each of these adds an element at the end.
impl CsrAttrs {
    /// An object identifier: an extension, an attribute of the subject, a signature algorithm.
    #[must_use]
    pub fn oid(mut self, oid: ObjectIdentifier) -> Self {
        self.0.push(AttrOrOid::Oid(oid));
        self
    }

    /// An attribute.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.0.push(AttrOrOid::Attribute(attribute));
        self
    }

    /// Requests have to be linked to TLS, in challengePassword (RFC 7030 §4.5.2).
    #[must_use]
    pub fn require_linking(self) -> Self {
        self.oid(pki_oid::CHALLENGE_PASSWORD)
    }

    /// The kind of key (RFC 9908 §3.2).
    #[must_use]
    pub fn key(self, demand: KeyDemand) -> Self {
        self.attribute(demand.to_attribute())
    }

    /// Extensions with their values (RFC 9908 §3.2). To be called once.
    #[must_use]
    pub fn extensions(self, extensions: &[Extension]) -> Self {
        let value = Writer::build(|w| {
            w.sequence(|w| extensions.iter().for_each(|extension| extension.write(w)));
        });
        self.attribute(Attribute::new(pki_oid::EXTENSION_REQUEST, value))
    }

    /// A template (RFC 9908 §3.4). To be called once; other elements may stand beside it for
    /// clients that do not know templates.
    #[must_use]
    pub fn with_template(self, template: &Template) -> Self {
        self.attribute(template.to_attribute())
    }
}
