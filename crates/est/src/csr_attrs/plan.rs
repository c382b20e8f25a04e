//! From CSR attributes to a request (RFC 9908 §3, §4).

use core::fmt;

use const_oid::ObjectIdentifier;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{
    Attribute, CsrParams, Extension, Name, NameAttribute, PublicKey, oid as pki_oid,
};

use super::legacy::{self, is_extension, is_name_attribute};
use super::{CsrAttrs, ExtensionTemplate, KeyDemand, SubjectAttribute};
use crate::error::Error;
use crate::limits::Limits;
use crate::linking::LinkingAttribute;
use crate::oid;
use crate::tolerance::Tolerance;

/// What a request has to look like, and what of it the device has to decide.
///
/// ```
/// use devicecert_est::{CsrAttrs, KeyDemand, Limits, Tolerance, Undecided};
/// use devicecert_pki::{KeyKind, Signer, oid};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // A server that wants an EC key on P-256, and to be told the device's names.
/// let wishes = CsrAttrs::default()
///     .key(KeyDemand::Ec { curve: Some(oid::SECP256R1) })
///     .oid(oid::SUBJECT_ALT_NAME);
/// let mut plan = wishes.plan(&Tolerance::default(), &Limits::default())?;
/// let key = devicecert_crypto_rust::PrivateKey::generate(KeyKind::P256)?;
///
/// plan.subject(&"CN=laptop-7".parse()?);
/// let open = plan.clone().finish(key.public_key()).unwrap_err();
/// assert_eq!(open, [Undecided::Extension { oid: oid::SUBJECT_ALT_NAME, critical: false }]);
///
/// plan.params.subject_alt_name.push(devicecert_pki::GeneralName::Dns("laptop-7.example".into()));
/// let csr = plan.finish(key.public_key()).unwrap().unsigned(key.public_key())?.sign(&key)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// What is settled. It may be added to.
    pub params: CsrParams,
    /// The key that the server wants; `None` if it does not mind.
    pub key: Option<KeyDemand>,
    /// Where the link to TLS has to go; `None` if the server does not insist on one.
    pub linking: Option<LinkingAttribute>,
    /// What nobody here knows the meaning of, and clients have to ignore (RFC 7030 §4.5.2).
    pub ignored: Vec<ObjectIdentifier>,
    subject: SubjectPlan,
    extensions: Vec<ExtensionTemplate>,
    attributes: Vec<ObjectIdentifier>,
}

/// What is known about the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
enum SubjectPlan {
    /// The device's own, in which attributes of these types have to be.
    Own(Vec<ObjectIdentifier>),
    /// The template's, RDN by RDN.
    Template(Vec<Vec<SubjectAttribute>>),
}

/// Something that the device has to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Undecided {
    /// The value of an attribute of the subject.
    SubjectAttribute(ObjectIdentifier),
    /// The value of an extension.
    Extension {
        /// Which.
        oid: ObjectIdentifier,
        /// Whether it is to be critical.
        critical: bool,
    },
    /// The value of another attribute of the request.
    Attribute(ObjectIdentifier),
    /// The key is not of the kind that is wanted.
    Key(KeyDemand),
}

impl CsrAttrs {
    /// What a request has to look like to satisfy this.
    ///
    /// # Errors
    /// [`InvalidMessage::CsrAttrs`](crate::error::InvalidMessage::CsrAttrs) for wishes that
    /// contradict each other, or a key that nobody should make.
    pub fn plan(&self, tolerance: &Tolerance, limits: &Limits) -> Result<Plan, Error> {
        match self.template(limits)? {
            // RFC 9908 §4: who understands the template ignores the list.
            Some(template) => {
                let mut plan = Plan::new(match template.subject {
                    Some(subject) => SubjectPlan::Template(subject),
                    None => SubjectPlan::Own(Vec::new()),
                });
                plan.key = template.key.map(|key| key.check(limits)).transpose()?;
                plan.extensions = template.extensions;
                for attribute in template.attributes {
                    plan.add_attribute(attribute);
                }
                if self.wants_linking() {
                    plan.link(self);
                }
                plan.fill_subject(None);
                plan.settle_extensions();
                Ok(plan)
            }
            None => self.plan_of_list(tolerance, limits),
        }
    }

    fn plan_of_list(&self, tolerance: &Tolerance, limits: &Limits) -> Result<Plan, Error> {
        let mut plan = Plan::new(SubjectPlan::Own(Vec::new()));
        plan.extensions = legacy::extensions(self, tolerance, limits)?;
        plan.key = KeyDemand::of_attributes(self.attributes())?;
        if self.wants_linking() {
            plan.link(self);
        }
        let mut types = Vec::new();
        for found in self.oids() {
            let demand = KeyDemand::of_oid(found);
            if found == pki_oid::CHALLENGE_PASSWORD || found == oid::EST_IDENTITY_LINKING {
                continue;
            } else if is_extension(found) {
                if !plan.extensions.iter().any(|one| one.oid == found) {
                    let critical = false;
                    plan.extensions.push(ExtensionTemplate { oid: found, critical, value: None });
                }
            } else if is_name_attribute(found) {
                types.push(found);
            } else if let Some(digest) = legacy::digest(found) {
                // Several may be listed; the strongest that is not broken is taken.
                plan.params.digest = stronger(plan.params.digest, digest);
            } else if demand.is_some() {
                plan.key = match (plan.key, demand) {
                    // The more precise one counts.
                    (None | Some(KeyDemand::Ec { curve: None }), demand) => demand,
                    (key, _) => key,
                };
            } else {
                plan.ignored.push(found);
            }
        }
        plan.subject = SubjectPlan::Own(types);
        plan.key = plan.key.map(|key| key.check(limits)).transpose()?;
        for attribute in self.attributes() {
            match attribute.oid {
                pki_oid::EXTENSION_REQUEST | pki_oid::RSA_ENCRYPTION | pki_oid::EC_PUBLIC_KEY => {}
                // A key algorithm without parameters (RFC 9908 §3.2), or nothing known.
                other => plan.ignored.push(other),
            }
        }
        plan.settle_extensions();
        Ok(plan)
    }
}

impl Plan {
    fn new(subject: SubjectPlan) -> Self {
        Self {
            params: CsrParams::new(Name::empty()),
            key: None,
            linking: None,
            ignored: Vec::new(),
            subject,
            extensions: Vec::new(),
            attributes: Vec::new(),
        }
    }

    fn link(&mut self, attrs: &CsrAttrs) {
        let identity = attrs.oids().any(|found| found == oid::EST_IDENTITY_LINKING);
        self.linking = Some(match identity {
            true => LinkingAttribute::EstIdentityLinking,
            false => LinkingAttribute::ChallengePassword,
        });
    }

    /// An attribute of the template: with a value it is taken over, without one it has to be filled.
    fn add_attribute(&mut self, attribute: Attribute) {
        match attribute.oid {
            pki_oid::CHALLENGE_PASSWORD => {
                self.linking = Some(LinkingAttribute::ChallengePassword);
            }
            oid::EST_IDENTITY_LINKING => self.linking = Some(LinkingAttribute::EstIdentityLinking),
            other if attribute.values.is_empty() => self.attributes.push(other),
            _ => self.params.attributes.push(attribute),
        }
    }

    /// Extensions with a value are settled.
    fn settle_extensions(&mut self) {
        for template in core::mem::take(&mut self.extensions) {
            match template {
                ExtensionTemplate { oid, critical, value: Some(value) } => {
                    self.params.extensions.push(Extension { oid, critical, value });
                }
                open => self.extensions.push(open),
            }
        }
    }

    /// Gives the device's own name. Where the server has a template, what is open there is taken
    /// from it, type by type, and the rest of it left out.
    pub fn subject(&mut self, name: &Name) -> &mut Self {
        match self.subject {
            SubjectPlan::Own(_) => self.params.subject = name.clone(),
            SubjectPlan::Template(_) => self.fill_subject(Some(name)),
        }
        self
    }

    fn fill_subject(&mut self, name: Option<&Name>) {
        let SubjectPlan::Template(rdns) = &mut self.subject else { return };
        let own = name.map(Name::attributes).unwrap_or_default();
        let mut used = Vec::new();
        for attribute in rdns.iter_mut().flatten().filter(|one| one.value.is_none()) {
            let found = own
                .iter()
                .enumerate()
                .find(|(place, found)| found.oid() == Some(attribute.oid) && !used.contains(place));
            if let Some((place, found)) = found {
                used.push(place);
                attribute.value = Some(found.value_der().to_vec());
            }
        }
        let der = Writer::build(|w| {
            w.sequence(|w| {
                for rdn in rdns.iter() {
                    let filled = rdn.iter().filter_map(|one| Some((one.oid, one.value.as_ref()?)));
                    let filled = filled.map(|(oid, value)| {
                        Writer::build(|w| {
                            w.sequence(|w| {
                                w.oid(&oid);
                                w.raw(value);
                            });
                        })
                    });
                    w.set_of(tag::SET, filled.collect());
                }
            });
        });
        // While a whole RDN is open this is no name yet; it becomes one when that is filled.
        if let Ok(name) = Name::parse(&der) {
            self.params.subject = name;
        }
    }

    /// The parameters of a request for `key` that satisfies the server.
    ///
    /// # Errors
    /// What the device still has to decide: fill [`params`](Self::params) or call
    /// [`subject`](Self::subject), and try again.
    pub fn finish(self, key: &PublicKey) -> Result<CsrParams, Vec<Undecided>> {
        let open = self.undecided(key);
        match open.is_empty() {
            true => Ok(self.params),
            false => Err(open),
        }
    }

    /// What is still to be decided.
    #[must_use]
    pub fn undecided(&self, key: &PublicKey) -> Vec<Undecided> {
        let params = &self.params;
        let subject: Vec<_> = match &self.subject {
            SubjectPlan::Own(types) => {
                let found: Vec<_> =
                    params.subject.attributes().iter().map(NameAttribute::oid).collect();
                types.iter().copied().filter(|wanted| !found.contains(&Some(*wanted))).collect()
            }
            SubjectPlan::Template(rdns) => {
                rdns.iter().flatten().filter(|one| one.value.is_none()).map(|one| one.oid).collect()
            }
        };
        let has_extension = |wanted: ObjectIdentifier| {
            params.extensions.iter().any(|one| one.oid == wanted)
                || (wanted == pki_oid::SUBJECT_ALT_NAME && !params.subject_alt_name.is_empty())
                || (wanted == pki_oid::KEY_USAGE && params.key_usage.is_some())
                || (wanted == pki_oid::EXTENDED_KEY_USAGE && !params.extended_key_usage.is_empty())
        };
        let extensions = self
            .extensions
            .iter()
            .filter(|one| !has_extension(one.oid))
            .map(|one| Undecided::Extension { oid: one.oid, critical: one.critical });
        let attributes = self
            .attributes
            .iter()
            .copied()
            .filter(|wanted| !params.attributes.iter().any(|one| one.oid == *wanted));
        let key = self.key.filter(|demand| !demand.is_met_by(key));
        subject
            .into_iter()
            .map(Undecided::SubjectAttribute)
            .chain(extensions)
            .chain(attributes.map(Undecided::Attribute))
            .chain(key.map(Undecided::Key))
            .collect()
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SubjectAttribute(oid) => write!(f, "the subject needs an attribute {oid}"),
            Self::Extension { oid, .. } => write!(f, "the request needs an extension {oid}"),
            Self::Attribute(oid) => write!(f, "the request needs an attribute {oid}"),
            Self::Key(demand) => write!(f, "the server wants {demand}"),
        }
    }
}

fn stronger(one: DigestAlgorithm, other: DigestAlgorithm) -> DigestAlgorithm {
    match other.output_len() > one.output_len() {
        true => other,
        false => one,
    }
}
