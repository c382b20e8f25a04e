//! A Fleet server: who calls, the library's [`Service`], and what it asks others for.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::est::ExplicitTrustAnchors;
use devicecert::fleet::message_signature::{
    Error as SignatureError, HostIdentity, Rejected, SignedRequest, Window, accepts,
};
use devicecert::fleet::request_certificate::{
    Authority, AuthorityId, Caller, EnrolledHost, FailInfo, Introspection, Issue, Issued, Issuer,
    PkiStatus, Reply, Role, Service, Step,
};
use devicecert::fleet::{Limits, PeerText, Rules};
use devicecert::pki::{CertificateParams, KeyKind, Secret, Time, Validity};
use devicecert::scep::{Enrolment, Error as ScepError, Fingerprint, Trust};
use devicecert_examples::client::{self, ClientError, Outcome, Patience};
use devicecert_examples::est::{Session, TlsVersions, Trust as EstTrust};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request, Response, StatusCode};

use crate::world::BACKEND;

pub(crate) const TOKEN: &str = "global-admin";
pub(crate) const OBSERVER: &str = "global-observer";

/// What a test may change while Fleet runs.
pub(crate) struct State {
    pub(crate) service: Service,
    pub(crate) authorities: Vec<(u64, Authority)>,
    pub(crate) hosts: Vec<(HostIdentity, Option<EnrolledHost>)>,
    /// What Fleet is called, with its ports.
    pub(crate) names: Vec<String>,
    /// How much Fleet's clock is ahead.
    pub(crate) ahead: Duration,
    /// What was asked, and how it ended.
    pub(crate) log: Vec<(String, StatusCode)>,
}

pub(crate) struct Fleet {
    pub(crate) state: Mutex<State>,
    pub(crate) est: ExplicitTrustAnchors,
    pub(crate) scep: Fingerprint,
}

impl Fleet {
    pub(crate) fn answer(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let response = self.dispatch(request);
        let path = request.uri().path().to_owned();
        self.state.lock().unwrap().log.push((path, response.status()));
        response
    }

    fn dispatch(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let path = request.uri().path();
        let Some(ca) = AuthorityId::from_path(path).filter(|_| request.method() == Method::POST)
        else {
            return Response::builder().status(404).body(Vec::new()).unwrap();
        };
        let service = self.state.lock().unwrap().service.clone();
        let caller = match self.caller(request) {
            Ok(caller) => caller,
            Err(error) => return error.to_http(),
        };
        let mut handling = match service.handle(&caller, ca, request.body()) {
            Ok(handling) => handling,
            Err(refusal) => return refusal.to_http(),
        };
        loop {
            handling = match handling.step() {
                Step::LookUp(asked) => {
                    let found = self.authority(asked.id());
                    asked.found(found)
                }
                Step::Introspect(asked) => {
                    let answer = introspect(asked.request());
                    asked.answered(&answer)
                }
                Step::Issue(asked) => {
                    let issued = self.issue(asked.issue());
                    asked.issued(issued)
                }
                Step::Done(Reply::Issued(text)) => return text.to_http(),
                Step::Done(Reply::Refused(refusal)) => return refusal.to_http(),
            };
        }
    }

    fn caller<'r>(&self, request: &'r Request<Vec<u8>>) -> Result<Caller<'r>, SignatureError> {
        let state = self.state.lock().unwrap();
        let limits = Limits::default();
        let signed = match accepts(request.uri().path()) {
            true => SignedRequest::read(request, &limits)?,
            false => None,
        };
        if let Some(signed) = signed {
            let found = state.hosts.iter().find(|(host, _)| host.key_id() == signed.key_id());
            let (identity, host) = found.ok_or(Rejected::UnknownKey)?;
            let now = Time::from(SystemTime::now() + state.ahead);
            let hosts: Vec<&str> = state.names.iter().map(String::as_str).collect();
            let window = Window::default();
            let device = signed.verify(identity, &hosts, now, window, BACKEND.provider())?;
            return Ok(Caller::Device(device, host.clone()));
        }
        let token = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        Ok(match token.and_then(|value| value.strip_prefix("Bearer ")) {
            Some(TOKEN) => Caller::User(Role::GlobalAdmin),
            Some(OBSERVER) => Caller::User(Role::GlobalObserver),
            _ => Caller::Nobody,
        })
    }

    fn authority(&self, id: AuthorityId) -> Option<Authority> {
        let state = self.state.lock().unwrap();
        let found = state.authorities.iter().find(|(known, _)| AuthorityId::from(*known) == id);
        found.map(|(_, authority)| authority.clone())
    }

    fn issue(&self, issue: &Issue) -> Issued {
        match issue.issuer() {
            Issuer::Est { url, username, password } => {
                self.issue_by_est(issue, url, username, password)
            }
            Issuer::Scep { url } => self.issue_by_scep(issue, url),
        }
    }

    /// As Fleet's own EST client.
    fn issue_by_est(&self, issue: &Issue, url: &str, user: &str, password: &Secret) -> Issued {
        let pair = [user.as_bytes(), b":", password.expose()].concat();
        let request = Request::post(format!("{url}/simpleenroll"))
            .header(CONTENT_TYPE, "application/pkcs10")
            .header(ACCEPT, "application/pkcs7-mime")
            .header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)))
            .body(issue.est_body().as_bytes().to_vec())
            .unwrap();
        let trust = EstTrust::Explicit(self.est.clone());
        let mut session = Session::new(&trust, None, TlsVersions::Both).unwrap();
        match session.send(request) {
            Ok(response) if response.status() == StatusCode::OK => {
                Issued::Est(response.into_body())
            }
            Ok(response) => {
                let status = response.status().as_u16();
                Issued::EstFailed(said(&format!("unexpected status code: {status}")))
            }
            Err(error) => Issued::EstFailed(said(&error.to_string())),
        }
    }

    /// Fleet has a key for this one message; that of the request it never sees.
    fn issue_by_scep(&self, issue: &Issue, url: &str) -> Issued {
        let provider = BACKEND.provider();
        let key = BACKEND.generate(KeyKind::Rsa { bits: 2048 }).unwrap();
        let validity = Validity::lasting(
            Time::from(SystemTime::now()).before(Duration::from_secs(60)),
            Duration::from_secs(3_600),
        );
        let name = "CN=Fleet".parse().unwrap();
        let transport =
            CertificateParams::self_signed(name, key.public_key().clone(), validity, provider)
                .unwrap();
        let transport = transport.unsigned(key.public_key()).unwrap().sign(&*key).unwrap();
        let trust = Trust::Fingerprint(self.scep.clone());
        let mut enrolment =
            Enrolment::with_transport_key(url, transport, issue.csr().clone(), trust, provider)
                .unwrap();
        match client::run(&mut enrolment, &[&*key], Patience::Leave, |_| {}) {
            Ok(Outcome::Issued(chain)) => Issued::Scep(Box::new(chain[0].clone())),
            Ok(Outcome::Pending) => Issued::ScepRejected(PkiStatus::Pending),
            Err(ClientError::Http { source, .. }) => {
                Issued::ScepUnreachable(said(&source.to_string()))
            }
            Err(ClientError::Scep(ScepError::Refused(refusal))) => {
                let code = refusal.fail_info.code().to_string();
                Issued::ScepRejected(PkiStatus::Failure(FailInfo::new(&code, &Limits::default())))
            }
            Err(other) => Issued::ScepFailed(said(&other.to_string())),
        }
    }
}

fn said(text: &str) -> PeerText {
    PeerText::new(text, &[], Limits::default().text_characters)
}

fn introspect(request: Request<Vec<u8>>) -> Introspection {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .new_agent();
    match agent.run(request) {
        Ok(response) => {
            let (head, mut body) = response.into_parts();
            Introspection::Response(Response::from_parts(head, body.read_to_vec().unwrap()))
        }
        Err(error) => Introspection::Unreachable(said(&error.to_string())),
    }
}

/// Closed, as Fleet is when it is new; tests open it.
pub(crate) fn service() -> Service {
    Service::new(Rules::Current)
}
