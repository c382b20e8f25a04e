//! Verifying a request (RFC 9421 §3.2).

use core::fmt;
use core::time::Duration;

use devicecert_pki::error::Rejected as PkiRejected;
use devicecert_pki::{Error as PkiError, Provider, Time};
use http::{HeaderName, Method, Request};
use percent_encoding::percent_decode_str;

use super::base::{SignatureParams, authority, lines, path};
use super::error::{Error, Rejected};
use super::fields::{Bare, Member, Reader, Value};
use super::identity::HostIdentity;
use super::key_id::KeyId;
use super::{COVERED, LABEL, digest};
use crate::limits::Limits;

const SIGNATURE_INPUT: &str = "Signature-Input";
const SIGNATURE: &str = "Signature";

/// How old a signature may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The most since it was created. Default 5 minutes, as Fleet has it.
    pub age: Duration,
    /// The most that the device's clock may be ahead. Default 1 minute, as Fleet has it.
    pub ahead: Duration,
}

impl Default for Window {
    fn default() -> Self {
        Self { age: Duration::from_secs(300), ahead: Duration::from_secs(60) }
    }
}

/// A request with a signature that nobody has checked yet.
#[derive(Clone)]
pub struct SignedRequest<'r> {
    request: &'r Request<Vec<u8>>,
    params: SignatureParams,
    signature: Vec<u8>,
    key_id: KeyId,
    created: Time,
    expires: Option<Time>,
    nonce: String,
    limits: Limits,
}

/// A device that has proved, by its signature, which host identity certificate it has, and that it
/// wants this very request.
///
/// Only [`SignedRequest::verify`] makes one. It proves nothing about another request: who acts on it
/// acts on the [`method`](Self::method), [`path`](Self::path) and [`body`](Self::body) that are here.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedDevice<'r> {
    key_id: KeyId,
    created: Time,
    nonce: String,
    authority: String,
    path: Vec<u8>,
    method: &'r Method,
    body: &'r [u8],
}

impl<'r> SignedDevice<'r> {
    /// The serial number of the certificate.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// When the device says that it signed.
    #[must_use]
    pub const fn created(&self) -> Time {
        self.created
    }

    /// The nonce, for servers that refuse one that they have seen within the [`Window`].
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The method that was signed.
    #[must_use]
    pub const fn method(&self) -> &'r Method {
        self.method
    }

    /// The authority that was signed: Host as it was sent.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The path that was signed, decoded; it need not be text.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// The body whose digest was signed.
    #[must_use]
    pub const fn body(&self) -> &'r [u8] {
        self.body
    }
}

/// The request may hold secrets.
impl fmt::Debug for SignedDevice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedDevice")
            .field("key_id", &self.key_id)
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

impl<'r> SignedRequest<'r> {
    /// Reads the signature of a request; `None` if it has none, which proves nothing about who sent
    /// it.
    ///
    /// One of the two fields without the other counts as none, as it does for Fleet.
    ///
    /// # Errors
    /// [`Rejected`] for fields that cannot be read, and for a signature that does not cover what it
    /// must, or lacks a parameter.
    pub fn read(request: &'r Request<Vec<u8>>, limits: &Limits) -> Result<Option<Self>, Error> {
        let field = |name: &'static str| -> Result<Option<String>, Rejected> {
            let text = lines(request, &HeaderName::from_static(name), limits)?;
            Ok(text.filter(|text| !text.is_empty()))
        };
        let (Some(input), Some(signature)) = (field("signature-input")?, field("signature")?)
        else {
            return Ok(None);
        };
        let params = match member(SIGNATURE_INPUT, &input)? {
            Member { value: Value::InnerList(items), parameters, .. } => {
                SignatureParams { components: components(items, limits)?, parameters }
            }
            _ => return Err(unexpected(SIGNATURE_INPUT, "a list of components").into()),
        };
        let Value::Item(Bare::Bytes(signature)) = member(SIGNATURE, &signature)?.value else {
            return Err(unexpected(SIGNATURE, "octets").into());
        };
        let known = Parameters::read(&params, limits)?;
        Ok(Some(Self {
            request,
            params,
            signature,
            key_id: known.key_id.ok_or(Rejected::NoParameter("keyid"))?,
            created: known.created.ok_or(Rejected::NoParameter("created"))?,
            expires: known.expires,
            nonce: known.nonce.ok_or(Rejected::NoParameter("nonce"))?,
            limits: limits.clone(),
        }))
    }

    /// Reads the signature of a request that must have one.
    ///
    /// # Errors
    /// [`Error::Missing`] if it has none; otherwise as [`read`](Self::read).
    pub fn required(request: &'r Request<Vec<u8>>, limits: &Limits) -> Result<Self, Error> {
        Self::read(request, limits)?.ok_or_else(|| {
            let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
            Error::Missing { path: limits.shown(&path) }
        })
    }

    /// The certificate that the signature names, to look it up. It proves nothing yet.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Checks the signature with the key of the certificate that it names.
    ///
    /// `hosts` are those that this server answers to, as devices write them in Host: with the port
    /// where that is not the one of the scheme; upper and lower case are the same. Without them a
    /// request that was signed for another server, such as the one for tests, would be good here.
    ///
    /// # Errors
    /// [`Rejected`], whatever is wrong: another certificate, one that is not valid, another host, a
    /// time outside the window, another body, a wrong signature. [`Error::Pki`] if the provider
    /// cannot tell.
    pub fn verify(
        &self,
        identity: &HostIdentity,
        hosts: &[&str],
        now: Time,
        window: Window,
        provider: &dyn Provider,
    ) -> Result<SignedDevice<'r>, Error> {
        if identity.key_id() != self.key_id {
            return Err(Rejected::UnknownKey.into());
        }
        identity.check_validity(now)?;
        let authority = authority(self.request)?;
        if !hosts.iter().any(|host| host.eq_ignore_ascii_case(&authority)) {
            return Err(Rejected::OtherHost(self.limits.shown(&authority)).into());
        }
        self.check_time(now, window)?;
        let field = lines(self.request, &HeaderName::from_static(digest::FIELD), &self.limits)?;
        let field = field.ok_or(Rejected::FieldCount { field: "Content-Digest", found: 0 })?;
        digest::check(&field, self.request.body(), provider)?;
        let base = self.params.base(self.request, &self.limits)?;
        let signature = identity.ecdsa.to_der(&self.signature).ok_or(Rejected::Signature)?;
        provider
            .verify(identity.public_key(), identity.ecdsa.algorithm, &base, &signature)
            .map_err(|error| match error {
                PkiError::Rejected(PkiRejected::Signature(_)) => Rejected::Signature.into(),
                other => Error::Pki(other),
            })?;
        Ok(SignedDevice {
            key_id: self.key_id,
            created: self.created,
            nonce: self.nonce.clone(),
            authority,
            path: path(self.request)?,
            method: self.request.method(),
            body: self.request.body(),
        })
    }

    fn check_time(&self, now: Time, window: Window) -> Result<(), Rejected> {
        let seconds = now.unix().abs_diff(self.created.unix());
        let (age, ahead) = (window.age.as_secs(), window.ahead.as_secs());
        match self.created > now {
            true if seconds > ahead => return Err(Rejected::Ahead { seconds, limit: ahead }),
            false if seconds > age => return Err(Rejected::Old { seconds, limit: age }),
            _ => {}
        }
        match self.expires.is_some_and(|end| end < now) {
            true => Err(Rejected::Expired),
            false => Ok(()),
        }
    }
}

/// The request may hold secrets.
impl fmt::Debug for SignedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("key_id", &self.key_id)
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}

const fn unexpected(field: &'static str, expected: &'static str) -> Rejected {
    Rejected::Unexpected { field, expected }
}

/// The one member that counts.
fn member(field: &'static str, text: &str) -> Result<Member, Rejected> {
    let members = Reader::new(field, text).dictionary()?;
    members.into_iter().find(|member| member.key == LABEL).ok_or(Rejected::NoSignature(field))
}

/// The names of the components, all that must be there and none with parameters.
fn components(
    items: Vec<(Bare, Vec<(String, Bare)>)>,
    limits: &Limits,
) -> Result<Vec<String>, Rejected> {
    let mut names: Vec<String> = Vec::new();
    for (item, parameters) in items {
        let Bare::String(name) = item else {
            return Err(unexpected(SIGNATURE_INPUT, "the name of a component as a string"));
        };
        if !parameters.is_empty() {
            return Err(Rejected::Component(limits.shown(&name)));
        }
        if names.contains(&name) {
            return Err(Rejected::RepeatedComponent(limits.shown(&name)));
        }
        names.push(name);
    }
    let missing = COVERED.iter().find(|name| !names.iter().any(|covered| covered == *name));
    match missing {
        Some(name) => Err(Rejected::NotCovered(name)),
        None => Ok(names),
    }
}

/// The parameters of RFC 9421 §2.3.
#[derive(Default)]
struct Parameters {
    key_id: Option<KeyId>,
    created: Option<Time>,
    expires: Option<Time>,
    nonce: Option<String>,
}

impl Parameters {
    fn read(params: &SignatureParams, limits: &Limits) -> Result<Self, Error> {
        let mut known = Self::default();
        for (name, value) in &params.parameters {
            match (name.as_str(), value) {
                ("keyid", Bare::String(id)) => known.key_id = Some(id.parse()?),
                ("created", Bare::Integer(at)) => known.created = Some(Time::from_unix(*at)),
                ("expires", Bare::Integer(at)) => known.expires = Some(Time::from_unix(*at)),
                ("nonce", Bare::String(nonce)) => known.nonce = Some(nonce.clone()),
                // Says what a signature is for; Fleet's says nothing.
                ("tag", Bare::String(_)) => {}
                ("alg", _) => return Err(Rejected::Algorithm.into()),
                ("keyid" | "nonce" | "tag", _) => {
                    return Err(unexpected(SIGNATURE_INPUT, "a parameter that is a string").into());
                }
                ("created" | "expires", _) => {
                    return Err(
                        unexpected(SIGNATURE_INPUT, "a parameter that is an integer").into()
                    );
                }
                (other, _) => {
                    return Err(Rejected::Parameter(limits.shown(other)).into());
                }
            }
        }
        Ok(known)
    }
}
