//! A proxy with three CAs, and devices that ask it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{
    Answer, CaType, Failure, Identifier, ManagedCertificate, Memory, Passcode, Profile,
    ProfileStatus, Proxy, Record, Relay, Slot, Step, Store,
};
use devicecert_pki::Time;
use http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{Method, Request, Response};

pub(crate) const NOW: Time = Time::from_unix(1_800_000_000);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const DAY: Duration = Duration::from_secs(86_400);
pub(crate) const SECOND: Duration = Duration::from_secs(1);

pub(crate) const BOTH: [Rules; 2] = [Rules::Guide, Rules::Current];

pub(crate) const HOST: &str = "6C3E1A2B-0000-4000-8000-000000000001";
pub(crate) const OTHER_HOST: &str = "6C3E1A2B-0000-4000-8000-000000000002";
pub(crate) const APPLE: &str = "a4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC";
pub(crate) const WINDOWS: &str = "w4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC";
pub(crate) const ANDROID: &str = "g17";
pub(crate) const WIFI: &str = "WIFI";
pub(crate) const TEAM: &str = "TEAM";

/// 24 octets in base64url, as Fleet makes them.
pub(crate) const PASSCODE: &str = "JURAzXStYElNpVi63B_ps6D0WxF7b3Gv";

pub(crate) const MESSAGE: &[u8] = b"0\x82 a pkiMessage \xfb\xef\xbe\xff";

pub(crate) struct World {
    pub(crate) proxy: Proxy,
    pub(crate) store: Memory,
}

/// A proxy with NDES, a Smallstep CA and another one, of which nobody expects anything yet.
pub(crate) fn world(rules: Rules) -> World {
    let proxy = Proxy::new(rules)
        .ndes("http://ndes.test/certsrv/mscep/mscep.dll".parse().unwrap())
        .smallstep(TEAM, "https://team.test/p/agents/mac".parse().unwrap())
        .custom_scep(WIFI, "http://ca.test/scep".parse().unwrap());
    World { proxy, store: Memory::new() }
}

/// A proxy at which a certificate is expected.
pub(crate) fn expecting(rules: Rules, profile: &str, ca: &str, ca_type: CaType) -> World {
    let world = world(rules);
    world.expect(&slot(profile, ca), ca_type);
    world
}

/// The same, of the CA that wants a passcode, with [`PASSCODE`] made now.
pub(crate) fn with_passcode(rules: Rules, profile: &str) -> World {
    let world = expecting(rules, profile, WIFI, CaType::CustomScep);
    world.give_passcode(&slot(profile, WIFI), PASSCODE, NOW);
    world
}

pub(crate) fn slot(profile: &str, ca: &str) -> Slot {
    Slot::new(HOST, profile, ca).unwrap()
}

/// A future that is ready at once, as those of [`Memory`] are.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for something"),
    }
}

impl World {
    pub(crate) fn record(&self, record: Record) {
        now(self.store.record(record)).unwrap();
    }

    pub(crate) fn expect(&self, slot: &Slot, ca_type: CaType) {
        self.record(Record::Certificate(ManagedCertificate::new(slot, ca_type)));
        self.set_status(slot, ProfileStatus::Pending);
    }

    pub(crate) fn give_passcode(&self, slot: &Slot, passcode: &str, made_at: Time) {
        let passcode = Passcode::new(passcode).unwrap();
        self.record(Record::Passcode { slot: slot.clone(), passcode, made_at });
    }

    pub(crate) fn set_status(&self, slot: &Slot, status: ProfileStatus) {
        self.set_profile(slot, Profile::new(status));
    }

    pub(crate) fn set_profile(&self, slot: &Slot, profile: Profile) {
        now(self.store.set_profile(slot.host(), slot.profile(), profile)).unwrap();
    }

    pub(crate) fn profile(&self, profile: &str) -> Profile {
        now(self.store.profile(HOST, &profile.parse().unwrap())).unwrap().expect("a profile")
    }

    /// What becomes of a request before the CA is asked.
    pub(crate) fn check(&self, request: &Request<Vec<u8>>, at: Time) -> Result<Relay, Refused> {
        let call = self.proxy.route(request).map_err(|refusal| refused(&refusal.to_response()))?;
        let relay = now(self.proxy.check(call, &self.store, at));
        relay.map_err(|denied| refused(&denied.to_response()))
    }

    /// The refusal that there has to be.
    #[track_caller]
    pub(crate) fn refusal(&self, request: &Request<Vec<u8>>, at: Time) -> (u16, String) {
        match self.check(request, at) {
            Ok(relay) => panic!("it is passed on: {relay:?}"),
            Err(refused) => refused,
        }
    }

    /// Asks, and has the CA answer everything with the same.
    #[track_caller]
    pub(crate) fn exchange(
        &self,
        request: &Request<Vec<u8>>,
        answer: &Result<Response<Vec<u8>>, Failure>,
    ) -> Answer {
        let mut relay = self.check(request, NOW).unwrap_or_else(|refused| panic!("{refused:?}"));
        loop {
            match relay.step() {
                Step::Send(_) => match answer {
                    Ok(response) => relay.received(response.clone()),
                    Err(failure) => relay.failed(*failure),
                },
                Step::Done(answer) => break answer,
            }
        }
    }
}

pub(crate) type Refused = (u16, String);

/// Status and text of a refusal, whose headers are those of Go's `http.Error`.
#[track_caller]
pub(crate) fn refused(response: &Response<Vec<u8>>) -> Refused {
    assert_eq!(response.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(response.headers().len(), 2);
    let body = String::from_utf8(response.body().clone()).unwrap();
    let text = body.strip_suffix('\n').expect("a line").to_owned();
    (response.status().as_u16(), text)
}

/// The path for a device, as it stands in its profile.
pub(crate) fn path(identifier: &Identifier) -> String {
    let url = identifier.to_url("https://mdm.test").unwrap();
    let url = std::str::from_utf8(url.expose()).unwrap();
    url.strip_prefix("https://mdm.test").unwrap().to_owned()
}

/// The path of [`HOST`] for a CA, with or without a passcode.
pub(crate) fn path_of(profile: &str, ca: &str, passcode: Option<&str>) -> String {
    let passcode = passcode.map(|passcode| format!("%2C{passcode}")).unwrap_or_default();
    format!("/mdm/scep/proxy/{HOST}%2C{profile}%2C{ca}{passcode}")
}

pub(crate) fn get(path_and_query: &str) -> Request<Vec<u8>> {
    Request::get(path_and_query).body(vec![]).unwrap()
}

pub(crate) fn post(path: &str, message: &[u8]) -> Request<Vec<u8>> {
    Request::post(format!("{path}?operation=PKIOperation")).body(message.to_vec()).unwrap()
}

/// A PKIOperation by POST, which is what devices do.
pub(crate) fn pki_operation(profile: &str, ca: &str, passcode: Option<&str>) -> Request<Vec<u8>> {
    post(&path_of(profile, ca, passcode), MESSAGE)
}

/// An operation by GET, without a message.
pub(crate) fn asking(
    operation: &str,
    profile: &str,
    ca: &str,
    passcode: Option<&str>,
) -> Request<Vec<u8>> {
    get(&format!("{}?operation={operation}", path_of(profile, ca, passcode)))
}

pub(crate) fn response(status: u16, body: &[u8]) -> Response<Vec<u8>> {
    Response::builder().status(status).body(body.to_vec()).unwrap()
}

/// The request that is to be sent.
#[track_caller]
pub(crate) fn sent(relay: &Relay) -> Request<Vec<u8>> {
    match relay.step() {
        Step::Send(request) => request,
        Step::Done(answer) => panic!("{answer:?}"),
    }
}

/// The answer that there is.
#[track_caller]
pub(crate) fn done(relay: &Relay) -> Answer {
    match relay.step() {
        Step::Send(request) => panic!("{request:?}"),
        Step::Done(answer) => answer,
    }
}

/// Method and URL of a request.
pub(crate) fn line(request: &Request<Vec<u8>>) -> (Method, String) {
    (request.method().clone(), request.uri().to_string())
}
