//! One call, from the body to the answer, in Fleet's order.

use core::fmt;

use http::Request;

use super::ask::Output;
use super::authority::{Authority, Issuer};
use super::authority_id::AuthorityId;
use super::caller::EnrolledHost;
use super::further;
use super::introspection::{self, IdpFault, Introspection};
use super::issue::{CertificateText, Issue, Issued};
use super::names::{CsrFault, Names};
use super::pem::CsrText;
use super::policy::HostBinding;
use super::refusal::Refusal;
use super::request::{Idp, Wish};
use super::service::Service;
use crate::rules::Rules;

/// A call that is being answered.
///
/// Late 2025 looks at the CA first, then at the request, then at the identity provider; 2026 at the
/// request first, so that nothing is looked up for what is no request.
#[derive(Debug)]
#[must_use]
pub struct Handling(Step);

/// What is needed next.
#[derive(Debug)]
pub enum Step {
    /// The CA.
    LookUp(LookingUp),
    /// The word of the identity provider.
    Introspect(Introspecting),
    /// The certificate: whoever asks may have it.
    Issue(Issuing),
    /// Nothing more.
    Done(Reply),
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The certificate.
    Issued(CertificateText),
    /// No.
    Refused(Refusal),
}

/// A call whose CA is not known yet.
#[derive(Debug)]
pub struct LookingUp {
    service: Service,
    ca: AuthorityId,
    host: Option<EnrolledHost>,
    wish: Wish,
    /// Read already where that comes first.
    csr: Option<Box<CsrText>>,
}

/// A call whose user has to be vouched for.
pub struct Introspecting {
    request: Request<Vec<u8>>,
    names: Names,
    then: Box<Issuing>,
}

/// A call that may be granted.
#[derive(Debug)]
pub struct Issuing {
    service: Service,
    output: Output,
    issue: Box<Issue>,
}

impl Handling {
    pub(super) fn begin(
        service: &Service,
        ca: AuthorityId,
        host: Option<EnrolledHost>,
        body: &[u8],
    ) -> Result<Self, Refusal> {
        let wish = Wish::read(body, &service.limits)?;
        let csr = match service.rules {
            Rules::Guide => None,
            Rules::Current => Some(Box::new(read_csr(&wish, service)?)),
        };
        let looking_up = LookingUp { service: service.clone(), ca, host, wish, csr };
        Ok(Self(Step::LookUp(looking_up)))
    }

    /// What is needed next.
    pub fn step(self) -> Step {
        self.0
    }

    fn of(step: Result<Step, Refusal>) -> Self {
        Self(step.unwrap_or_else(|refusal| Step::Done(Reply::Refused(refusal))))
    }
}

fn read_csr(wish: &Wish, service: &Service) -> Result<CsrText, Refusal> {
    CsrText::read(wish.csr(), service.rules, &service.limits).map_err(Refusal::InvalidCsr)
}

impl LookingUp {
    /// Which CA is asked for.
    #[must_use]
    pub const fn id(&self) -> AuthorityId {
        self.ca
    }

    /// The CA, `None` if there is none of that number.
    pub fn found(self, authority: Option<Authority>) -> Handling {
        Handling::of(self.check(authority))
    }

    fn check(mut self, authority: Option<Authority>) -> Result<Step, Refusal> {
        let issuer = authority.ok_or(Refusal::NoSuchAuthority)?.issuer(self.service.rules)?;
        let csr = match self.csr.take() {
            Some(csr) => *csr,
            None => read_csr(&self.wish, &self.service)?,
        };
        self.check_identity(issuer, csr)
    }

    fn check_identity(self, issuer: Issuer, csr: CsrText) -> Result<Step, Refusal> {
        let Self { service, host, wish, .. } = self;
        let rules = service.rules;
        let idp = match wish.idp {
            Idp::Absent => None,
            Idp::Complete(idp) => Some(idp),
            Idp::Partial => return Err(Refusal::PartialIdp),
        };
        let names = || Names::of(&csr.csr, rules).map_err(Refusal::InvalidCsr);
        let binding = match rules {
            Rules::Guide => HostBinding::Disabled,
            Rules::Current => {
                service.policy.permits(idp.as_ref())?;
                service.policy.effective_binding()
            }
        };
        // Before anything goes over the network.
        if let (Some(host), HostBinding::Required | HostBinding::MailAddressAndUpn) =
            (host, binding)
        {
            let username = host.idp_username.as_deref().unwrap_or_default();
            let names = names()?;
            if !names.agree(rules) || !names.belong_to(username) {
                return Err(Refusal::HostMismatch);
            }
            if binding == HostBinding::Required {
                further::check(&csr.csr, username).map_err(Refusal::InvalidCsr)?;
            }
        }
        let question = match idp {
            Some(idp) => {
                let names = names()?;
                let request = introspection::request(&idp).map_err(Refusal::InvalidIdpToken)?;
                Some((names, request))
            }
            None => None,
        };
        let issue = Box::new(Issue { issuer, csr: csr.csr, est_body: csr.est_body });
        let then = Issuing { service, output: wish.output, issue };
        Ok(match question {
            Some((names, request)) => {
                Step::Introspect(Introspecting { request, names, then: Box::new(then) })
            }
            None => Step::Issue(then),
        })
    }
}

impl Introspecting {
    /// What to send. Redirects are not to be followed: they would take the token elsewhere. The
    /// body is the token, which is not for logs.
    ///
    /// Where the rules let the caller choose the URL, this is a request to anywhere.
    #[must_use]
    pub fn request(&self) -> Request<Vec<u8>> {
        self.request.clone()
    }

    /// What came of it.
    pub fn answered(self, answer: &Introspection) -> Handling {
        Handling::of(self.check(answer))
    }

    fn check(self, answer: &Introspection) -> Result<Step, Refusal> {
        let Self { names, then, .. } = self;
        let username = introspection::username(answer, &then.service.limits)
            .map_err(Refusal::InvalidIdpToken)?;
        if !names.agree(then.service.rules) {
            return Err(Refusal::InvalidCsr(CsrFault::OtherUpn));
        }
        match names.email == username {
            true => Ok(Step::Issue(*then)),
            false => Err(Refusal::InvalidIdpToken(IdpFault::OtherUser)),
        }
    }
}

/// The body of the request is a token.
impl fmt::Debug for Introspecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspecting").field("url", self.request.uri()).finish_non_exhaustive()
    }
}

impl Issuing {
    /// What to issue, and where.
    #[must_use]
    pub const fn issue(&self) -> &Issue {
        &self.issue
    }

    /// What came of it.
    pub fn issued(self, issued: Issued) -> Handling {
        let Service { rules, limits, .. } = &self.service;
        let text = CertificateText::new(issued, self.output, *rules, limits);
        Handling::of(text.map(|text| Step::Done(Reply::Issued(text))))
    }
}
