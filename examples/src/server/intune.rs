//! Intune as the judge: its validation service says which SCEP requests are of devices that Intune
//! sent, and is told what became of them.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use devicecert::ca::intune::{
    self, App, FailureReason, Issued, Scope, Service, Token, Transaction, service_url,
};
use devicecert::ca::{Limits, Misuse, Url, Uuid};
use devicecert::pki::{Certificate, Provider, Time};
use devicecert::scep::Authorisation;
use http::{Request, Response};

use super::{Case, Failure, Follower, Judge, JudgeError, Judgement, Jurisdiction, No, Reception};
use crate::client;
use crate::files::{self, FileError};

/// Where Intune is, and who asks.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct IntuneOptions {
    /// Ask Intune about devices without a challenge that is known here, renewals included: the
    /// tenant, such as example.onmicrosoft.com
    #[arg(
        long = "intune",
        value_name = "TENANT",
        requires_all = ["intune_app", "intune_secret"]
    )]
    intune_tenant: Option<String>,
    /// The app registration that may ask: its application (client) ID
    #[arg(long, value_name = "ID", requires = "intune_tenant")]
    intune_app: Option<String>,
    /// A file with its client secret
    #[arg(long, value_name = "FILE", requires = "intune_tenant")]
    intune_secret: Option<PathBuf>,
    /// Where tokens are had; by default login.microsoftonline.com
    #[arg(long, value_name = "URL", requires = "intune_tenant", value_parser = https)]
    intune_login: Option<Url>,
    /// Where Microsoft Graph is; by default graph.microsoft.com
    #[arg(long, value_name = "URL", requires = "intune_tenant", value_parser = https)]
    intune_graph: Option<Url>,
    /// A file with certificates of CAs that vouch for these servers in place of the well-known ones,
    /// such as that of a proxy
    #[arg(long, value_name = "FILE", requires = "intune_tenant")]
    intune_tls_ca: Option<PathBuf>,
}

impl IntuneOptions {
    /// The judge that they describe, if they are given.
    ///
    /// # Errors
    /// Names the file that cannot be read.
    pub fn judge(&self, provider: &'static dyn Provider) -> Result<Option<Intune>, FileError> {
        let (Some(tenant), Some(app), Some(secret)) =
            (&self.intune_tenant, &self.intune_app, &self.intune_secret)
        else {
            return Ok(None);
        };
        let secret = files::read_secret(secret)?;
        let mut app = App::new(tenant, app, secret);
        if let Some(url) = &self.intune_login {
            app = app.authority(url.clone());
        }
        if let Some(url) = &self.intune_graph {
            app = app.graph(url.clone());
        }
        let roots = self.intune_tls_ca.as_deref().map(files::read_certificates).transpose()?;
        let agent = match roots {
            Some(roots) => client::agent_that_trusts(PATIENCE, &roots),
            None => client::agent(PATIENCE),
        };
        Ok(Some(Intune::new(app, agent, provider)))
    }
}

/// The secret and tokens go there.
fn https(text: &str) -> Result<Url, &'static str> {
    let url: Option<Url> = text.parse().ok();
    url.filter(Url::is_https).ok_or("expected an https URL without user and password")
}

/// A device waits meanwhile, and comes back if this is too long for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// So much earlier than it says, a token is not used any more: clocks differ, and a request is on
/// its way for a while.
const EARLY: Duration = Duration::from_secs(60);

/// Shown in Intune's logs.
const CALLER: &str = concat!("devicecert scep-server ", env!("CARGO_PKG_VERSION"));

/// CERTSRV_E_ADMIN_DENIED_REQUEST.
const DENIED: u32 = 0x8009_4014;
/// CERT_E_EXPIRED.
const EXPIRED: u32 = 0x800b_0101;

/// Asks the validation service of one tenant.
///
/// It decides about renewals, too: a device that Intune does not manage any more could go on
/// renewing for ever, and Intune gives every request a challenge of its own.
///
/// The token and the place of the service are kept until the token expires, and each is looked up
/// again where an answer, or none, says that it is not good any more. One request does that for all
/// that wait for it.
pub struct Intune {
    app: App,
    agent: ureq::Agent,
    provider: &'static dyn Provider,
    limits: Limits,
    known: Mutex<Known>,
    /// Held by whoever looks up what is not known.
    looking: Mutex<()>,
}

#[derive(Default)]
struct Known {
    place: Option<Arc<Url>>,
    token: Option<Arc<Usable>>,
    /// How often it could not be looked up.
    failures: u64,
}

/// A token, and until when it is used.
struct Usable {
    token: Token,
    until: Time,
}

/// All that it takes to ask the service.
struct Access {
    place: Arc<Url>,
    token: Arc<Usable>,
}

impl Known {
    fn token(&self, now: Time) -> Option<Arc<Usable>> {
        self.token.clone().filter(|token| now < token.until)
    }

    fn access(&self, now: Time) -> Option<Access> {
        Some(Access { place: self.place.clone()?, token: self.token(now)? })
    }

    /// Forgets what an error speaks against, unless it was looked up anew since it was used.
    fn learn(&mut self, error: &JudgeError, used: &Access) {
        match error {
            // The token was withdrawn.
            JudgeError::Intune(intune::Error::Status(401 | 403)) => {
                self.token.take_if(|token| Arc::ptr_eq(token, &used.token));
            }
            // The service has moved.
            JudgeError::Intune(intune::Error::Status(404)) => {
                self.place.take_if(|place| Arc::ptr_eq(place, &used.place));
            }
            JudgeError::Http(error) if !error.is_late() => {
                self.place.take_if(|place| Arc::ptr_eq(place, &used.place));
            }
            // Neither has anything to do with it.
            _ => {}
        }
    }
}

impl fmt::Debug for Intune {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intune").field("app", &self.app).finish_non_exhaustive()
    }
}

impl Intune {
    fn new(app: App, agent: ureq::Agent, provider: &'static dyn Provider) -> Self {
        Self {
            app,
            agent,
            provider,
            limits: Limits::default(),
            known: Mutex::default(),
            looking: Mutex::default(),
        }
    }

    /// Held for a moment, never while the network is waited for.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, JudgeError> {
        Ok(client::send(&self.agent, request)?)
    }

    fn fetch_token(&self, scope: Scope) -> Result<Token, JudgeError> {
        let response = self.send(self.app.token_request(scope)?)?;
        Ok(self.app.token(&response, &self.limits)?)
    }

    fn access(&self, now: Time) -> Result<Access, JudgeError> {
        let failures = {
            let known = self.known();
            if let Some(access) = known.access(now) {
                return Ok(access);
            }
            known.failures
        };
        let _looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let known = self.known();
            match known.access(now) {
                Some(access) => return Ok(access),
                // With a try each, one after the other, the last would wait for all of them.
                None if known.failures != failures => return Err(JudgeError::InVain),
                None => {}
            }
        }
        self.look_up(now).inspect_err(|_| {
            let mut known = self.known();
            known.failures = known.failures.wrapping_add(1);
        })
    }

    fn look_up(&self, now: Time) -> Result<Access, JudgeError> {
        let known = self.known().place.clone();
        let place = match known {
            Some(place) => place,
            None => {
                let place = Arc::new(self.find_place()?);
                self.known().place = Some(Arc::clone(&place));
                place
            }
        };
        let known = self.known().token(now);
        let token = match known {
            Some(token) => token,
            None => {
                let token = self.fetch_token(Scope::Intune)?;
                let until = now.after(token.lifetime.saturating_sub(EARLY));
                let token = Arc::new(Usable { token, until });
                self.known().token = Some(Arc::clone(&token));
                token
            }
        };
        Ok(Access { place, token })
    }

    fn find_place(&self) -> Result<Url, JudgeError> {
        // Asked so seldom that its token is not kept.
        let token = self.fetch_token(Scope::Graph)?;
        Ok(service_url(&self.send(self.app.service_request(&token)?)?, &self.limits)?)
    }

    /// One question or piece of news, and what Intune has against it.
    fn post(
        &self,
        case: Case<'_>,
        write: impl FnOnce(&Service, &Transaction, Uuid) -> Result<Request<Vec<u8>>, Misuse>,
    ) -> Result<Option<No>, JudgeError> {
        let transaction = Transaction::new(case.transaction.id().as_str(), case.csr.as_der())?;
        let mut random = [0; 16];
        self.provider.random(&mut random)?;
        let access = self.access(case.now)?;
        let service = Service::new(Url::clone(&access.place), access.token.token.clone(), CALLER);
        let request = write(&service, &transaction, Uuid::from_random(random))?;
        let answer =
            self.send(request).and_then(|response| Ok(service.answer(&response, &self.limits)?));
        match answer {
            Ok(()) => Ok(None),
            Err(JudgeError::Intune(no @ intune::Error::Refused { .. })) => Ok(Some(No::Intune(no))),
            Err(error) => {
                self.known().learn(&error, &access);
                Err(error)
            }
        }
    }
}

impl Judge for Intune {
    fn judge(&self, case: Case<'_>) -> Result<Judgement, JudgeError> {
        let no = self.post(case, Service::validate)?;
        Ok(match no {
            None => Judgement::Allow(Authorisation::by_administrator()),
            Some(no) => Judgement::Refuse(no),
        })
    }

    fn jurisdiction(&self) -> Jurisdiction {
        Jurisdiction::EveryRequest
    }

    fn follower(&self) -> Option<&dyn Follower> {
        Some(self)
    }
}

impl Follower for Intune {
    fn issued(&self, case: Case<'_>, certificate: &Certificate) -> Result<Reception, JudgeError> {
        let issued = Issued::new(certificate, self.provider)?;
        let no = self
            .post(case, |service, transaction, id| service.succeeded(transaction, &issued, id))?;
        Ok(no.map_or(Reception::Noted, Reception::Objection))
    }

    fn failed(&self, case: Case<'_>, failure: Failure) -> Result<Reception, JudgeError> {
        let reason = match failure {
            Failure::Rejected => FailureReason::new(DENIED, "An administrator rejected it."),
            Failure::CaExpired => FailureReason::new(EXPIRED, "The CA has expired."),
        }?;
        let no =
            self.post(case, |service, transaction, id| service.failed(transaction, &reason, id))?;
        Ok(no.map_or(Reception::Noted, Reception::Objection))
    }
}
