//! Proof of possession linked to TLS (RFC 7030 §3.5, RFC 7894, RFC 9266).

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::{Attribute, Csr, CsrParams, Secret};

use crate::error::{Error, InvalidMessage, InvalidRequest, Misuse};
use crate::oid;

/// What tells one TLS connection from every other.
///
/// RFC 7030 §3.5 says `tls-unique` (RFC 5929), which TLS 1.3 does not have. There, and in TLS 1.2
/// with a TLS library that offers nothing else, client and server take `tls-exporter` (RFC 9266),
/// which over TLS 1.2 is sound only with the extended master secret (RFC 7627).
#[derive(Clone, PartialEq, Eq)]
pub struct ChannelBinding(Secret);

/// Where a client puts the link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LinkingAttribute {
    /// challengePassword, as RFC 7030 §3.5 has it.
    #[default]
    ChallengePassword,
    /// estIdentityLinking (RFC 7894 §3.3), where the server's CSR attributes ask for it.
    EstIdentityLinking,
}

/// What a server does about linking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LinkingPolicy {
    /// A link that is there must be right (§3.5). The default.
    #[default]
    IfPresent,
    /// There must be one, and it must be right. CSR attributes have to say so.
    Required,
    /// challengePassword is a password of this server's own, as EJBCA has it, and no link. A link
    /// in estIdentityLinking must be right all the same.
    Password,
}

/// What was found out about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Linking {
    /// It is linked to this TLS connection: whoever authenticated there has the key.
    Linked,
    /// It is not linked to any.
    NotLinked,
    /// It was not looked at, because the client is a registration authority whose own TLS
    /// connection this is, not that of whoever made the request (§3.7).
    Vouched,
}

/// Octets of `verify_data` in TLS 1.2 with every cipher suite that is in use.
const TLS_UNIQUE_LEN: usize = 12;

impl ChannelBinding {
    /// The label to ask the exporter of a TLS library with (RFC 9266 §2); the context is empty.
    pub const EXPORTER_LABEL: &'static [u8] = b"EXPORTER-Channel-Binding";
    /// Octets to ask the exporter for.
    pub const EXPORTER_LEN: usize = 32;

    /// What the exporter returned.
    #[must_use]
    pub fn tls_exporter(octets: [u8; Self::EXPORTER_LEN]) -> Self {
        Self(Secret::new(octets.to_vec()))
    }

    /// The first Finished message of the latest handshake (RFC 5929 §3.1).
    ///
    /// # Errors
    /// [`Misuse::ChannelBinding`] if it has another length than 12 octets.
    pub fn tls_unique(octets: &[u8]) -> Result<Self, Error> {
        match octets.len() {
            TLS_UNIQUE_LEN => Ok(Self(Secret::new(octets.to_vec()))),
            _ => Err(Misuse::ChannelBinding.into()),
        }
    }

    /// The text that goes into the request: base64 in one line.
    fn text(&self) -> Secret {
        Secret::from(STANDARD.encode(self.0.expose()))
    }

    /// Puts the link into a request to be, in place of one that was there.
    pub(crate) fn put(&self, params: &mut CsrParams, attribute: LinkingAttribute) {
        match attribute {
            LinkingAttribute::ChallengePassword => params.challenge_password = Some(self.text()),
            LinkingAttribute::EstIdentityLinking => {
                params.attributes.retain(|one| one.oid != oid::EST_IDENTITY_LINKING);
                let text = self.text();
                let value = Writer::build(|w| w.value(tag::PRINTABLE_STRING, text.expose()));
                params.attributes.push(Attribute::new(oid::EST_IDENTITY_LINKING, value));
            }
        }
    }

    /// Whether `text` is this binding. Constant time once the text is base64.
    fn is(&self, text: &Secret) -> bool {
        STANDARD.decode(text.expose()).is_ok_and(|found| Secret::new(found) == self.0)
    }
}

impl fmt::Debug for ChannelBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelBinding([redacted])")
    }
}

/// Checks the links of a request. Each that is there has to be right (RFC 7894 §4).
pub(crate) fn check(
    csr: &Csr,
    binding: Option<&ChannelBinding>,
    policy: LinkingPolicy,
) -> Result<Linking, Error> {
    let password = match policy {
        LinkingPolicy::IfPresent | LinkingPolicy::Required => csr.challenge_password().cloned(),
        LinkingPolicy::Password => None,
    };
    let identity = identity_linking(csr)?;
    let links: Vec<Secret> = password.into_iter().chain(identity).collect();
    // A server that cannot tell the connection must refuse, not pass over.
    let fits = |link| binding.is_some_and(|binding| binding.is(link));
    match (links.is_empty(), policy) {
        (true, LinkingPolicy::Required) => Err(InvalidRequest::NotLinked.into()),
        (true, LinkingPolicy::IfPresent | LinkingPolicy::Password) => Ok(Linking::NotLinked),
        (false, _) if links.iter().all(fits) => Ok(Linking::Linked),
        (false, _) => Err(InvalidRequest::LinkedElsewhere.into()),
    }
}

fn identity_linking(csr: &Csr) -> Result<Option<Secret>, Error> {
    const DAMAGED: InvalidMessage = InvalidMessage::Attribute("estIdentityLinking");
    let mut found = csr.attributes().iter().filter(|one| one.oid == oid::EST_IDENTITY_LINKING);
    match (found.next().map(|one| one.values.as_slice()), found.next()) {
        (None, _) => Ok(None),
        (Some([value]), None) => {
            let text = Tlv::parse(value, "estIdentityLinking")?.text().ok_or(DAMAGED)?;
            Ok(Some(Secret::from(text)))
        }
        _ => Err(DAMAGED.into()),
    }
}
