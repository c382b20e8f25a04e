//! NDES: its admin page, behind NTLM or Basic, and its SCEP server.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::pki::Time;
use http::{Request, Response, header};

use super::scep::ScepServer;
use super::{Connection, Server, is_right, ntlm, response};
use crate::{watch, wire};

pub(crate) const HOST: &str = "ndes.test";
pub(crate) const ADMIN_PATH: &str = "/certsrv/mscep_admin/";
pub(crate) const USER: &str = r"Domain\svc-ndes";

/// How IIS lets an administrator in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Login {
    Ntlm,
    Basic,
}

/// What the account of an administrator may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    Enrol,
    Nothing,
}

pub(crate) struct Ndes {
    pub(crate) scep: Rc<ScepServer>,
    login: Login,
    pub(crate) permission: Cell<Permission>,
    /// The connection that a challenge of NTLM went out on.
    challenged: Cell<Option<Connection>>,
    /// Every challenge that a page had on it.
    pub(crate) shown: RefCell<Vec<String>>,
}

impl Ndes {
    const LIFETIME: Duration = Duration::from_secs(60 * 60);

    /// How many challenges it keeps.
    pub(crate) const MOST: usize = 5;

    pub(crate) fn new(login: Login, now: Time) -> Self {
        let path = "/certsrv/mscep/mscep.dll";
        Self {
            scep: Rc::new(ScepServer::one_time(HOST, path, Self::LIFETIME, now)),
            login,
            permission: Cell::new(Permission::Enrol),
            challenged: Cell::new(None),
            shown: RefCell::default(),
        }
    }

    /// In UTF-16 without byte order mark, whatever its meta tag says.
    fn page(&self, now: Time) -> Response<Vec<u8>> {
        let said = if self.permission.get() == Permission::Nothing {
            "You do not have sufficient permission to enroll with SCEP.  Please contact your \
             system administrator."
                .to_owned()
        } else if self.scep.outstanding(now) >= Self::MOST {
            "The password cache is full.".to_owned()
        } else {
            let challenge = self.scep.challenge(now);
            self.shown.borrow_mut().push(challenge.clone());
            format!("The enrollment challenge password is: <B> {challenge} </B>")
        };
        let page = format!(
            "<HTML><Head><Meta HTTP-Equiv=\"Content-Type\" Content=\"text/html; charset=UTF-8\">\
             </Head><Body><P> {said} </P></Body></HTML>"
        );
        let page: Vec<u8> = page.encode_utf16().flat_map(u16::to_le_bytes).collect();
        response(200, "text/html", page)
    }

    fn unauthorized(&self) -> Response<Vec<u8>> {
        let response = Response::builder().status(401);
        let response = match self.login {
            Login::Ntlm => {
                response.header("WWW-Authenticate", "Negotiate").header("WWW-Authenticate", "NTLM")
            }
            Login::Basic => response.header("WWW-Authenticate", "Basic realm=\"ndes.test\""),
        };
        response.body(Vec::new()).unwrap()
    }

    fn admin(&self, request: &Request<Vec<u8>>, on: Connection, now: Time) -> Response<Vec<u8>> {
        let get = |authorization: Option<String>| {
            let line = authorization.map(|value| format!("authorization: {value}\r\n"));
            let line = line.unwrap_or_default();
            format!("GET {ADMIN_PATH} HTTP/1.1\r\nhost: {HOST}\r\n{line}\r\n")
        };
        let text = wire::text(request);
        let Some(authorization) = request.headers().get(header::AUTHORIZATION) else {
            assert_eq!(text, get(None));
            return self.unauthorized();
        };
        let authorization = authorization.to_str().unwrap();
        watch::secret(authorization);
        let is_right = match self.login {
            Login::Basic => is_right(&text, |password| get(Some(basic(USER, password)))),
            Login::Ntlm if authorization == ntlm::negotiate() => {
                assert_eq!(text, get(Some(ntlm::negotiate())));
                self.challenged.set(Some(on));
                let challenge = Response::builder().status(401);
                let challenge = challenge.header("WWW-Authenticate", ntlm::challenge());
                return challenge.body(Vec::new()).unwrap();
            }
            Login::Ntlm => {
                assert_eq!(self.challenged.take(), Some(on), "NTLM is about one connection");
                is_right(&text, |password| {
                    get(Some(ntlm::authenticate(authorization, USER, password, HOST, now)))
                })
            }
        };
        match is_right {
            true => self.page(now),
            false => self.unauthorized(),
        }
    }
}

pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

impl Server for Ndes {
    fn answer(&self, request: &Request<Vec<u8>>, on: Connection, now: Time) -> Response<Vec<u8>> {
        match request.uri().path() {
            ADMIN_PATH => self.admin(request, on, now),
            _ => self.scep.answer(request, on, now),
        }
    }
}
