//! Requests of strangers at the SCEP proxy.

use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{
    CaType, Identifier, ManagedCertificate, Memory, Operation, Passcode, Platform, Profile,
    ProfileStatus, Proxy, Record, Slot, Step, Store,
};
use devicecert_pki::Time;
use http::{Method, Request, Response, Uri};

const NOW: Time = Time::from_unix(1_800_000_000);
const PASSCODE: &str = "JURAzXStYElNpVi63B_ps6D0WxF7b3Gv";
const URL: &str = "http://ca.test/scep?tenant=1";

/// What is expected: a host, three profiles, and a CA of each kind.
static SLOTS: LazyLock<Vec<(Slot, CaType)>> = LazyLock::new(|| {
    let cas = [("NDES", CaType::Ndes), ("S", CaType::Smallstep), ("C", CaType::CustomScep)];
    let of = |profile| cas.map(|(ca, ca_type)| (Slot::new("h", profile, ca).unwrap(), ca_type));
    ["aP", "wP", "g1"].into_iter().flat_map(of).collect()
});

/// The first octet chooses method and edition, the rest up to a line break is the URI, then the body.
pub fn run(data: &[u8]) {
    let Some((choice, rest)) = data.split_first() else { return };
    let (uri, body) = match rest.iter().position(|octet| *octet == b'\n') {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (rest, &[][..]),
    };
    let Ok(uri) = Uri::try_from(uri) else { return };
    let mut request = Request::new(body.to_vec());
    *request.method_mut() =
        [Method::GET, Method::POST, Method::GET, Method::HEAD][usize::from(choice % 4)].clone();
    *request.uri_mut() = uri;
    let rules = if choice & 4 == 0 { Rules::Current } else { Rules::Guide };
    let upstream = || URL.parse().unwrap();
    let proxy =
        Proxy::new(rules).ndes(upstream()).smallstep("S", upstream()).custom_scep("C", upstream());
    let call = match proxy.route(&request) {
        Ok(call) => call,
        Err(refusal) => return is_harmless(&refusal.to_response()),
    };
    let identifier = call.identifier().clone();
    comes_back(&identifier);

    // Without a row nobody gets through.
    let denied = now(proxy.check(call.clone(), &Memory::new(), NOW)).unwrap_err();
    assert_eq!(denied.to_string(), "unknown identifier in URL path");

    let store = expecting();
    let relay = now(proxy.check(call.clone(), &store, NOW));
    let row = SLOTS.iter().find(|(slot, _)| slot == identifier.slot());
    let Ok(mut relay) = relay else {
        is_harmless(&relay.unwrap_err().to_response());
        let lacks_passcode = row.is_some_and(|(_, ca_type)| *ca_type == CaType::CustomScep)
            && call.operation() == Operation::PkiOperation
            && identifier.passcode().is_none_or(|passcode| passcode.expose() != PASSCODE);
        assert!(row.is_none() || lacks_passcode, "{identifier}");
        return;
    };
    let (slot, ca_type) = row.expect("a row");
    let is_windows = slot.profile().platform() == Platform::Windows;
    if *ca_type == CaType::CustomScep && call.operation() == Operation::PkiOperation {
        let again = now(proxy.check(call.clone(), &store, NOW));
        assert_eq!(again.is_ok(), is_windows && rules == Rules::Guide);
    }
    let mut turns = 0;
    while let Step::Send(request) = relay.step() {
        assert!(request.uri().to_string().starts_with("http://ca.test/scep?tenant=1&operation="));
        relay.received(Response::new(b"POSTPKIOperation".to_vec()));
        turns += 1;
    }
    assert_eq!(turns, 1 + usize::from(call.operation() == Operation::PkiOperation));
}

fn expecting() -> Memory {
    let store = Memory::new();
    for (slot, ca_type) in SLOTS.iter() {
        let certificate = ManagedCertificate::new(slot, *ca_type).challenge_retrieved_at(NOW);
        now(store.record(Record::Certificate(certificate))).unwrap();
        let pending = Profile::new(ProfileStatus::Pending);
        now(store.set_profile(slot.host(), slot.profile(), pending)).unwrap();
        let passcode = Passcode::new(PASSCODE).unwrap();
        let record = Record::Passcode { slot: slot.clone(), passcode, made_at: NOW };
        now(store.record(record)).unwrap();
    }
    store
}

fn comes_back(identifier: &Identifier) {
    let url = identifier.to_url("https://mdm.test/").unwrap();
    let url = std::str::from_utf8(url.expose()).unwrap();
    let segment = url.strip_prefix("https://mdm.test/mdm/scep/proxy/").unwrap();
    assert_eq!(Identifier::parse(segment).as_ref(), Ok(identifier));
    // Whatever the passcode is, the same is shown.
    if identifier.passcode().is_some() {
        let (before, _) = segment.rsplit_once("%2C").expect("a field for the passcode");
        let other = Identifier::parse(&format!("{before}%2C{PASSCODE}")).unwrap();
        assert_eq!(format!("{identifier:?} {identifier}"), format!("{other:?} {other}"));
    }
}

/// A refusal is short plain text.
fn is_harmless(response: &Response<Vec<u8>>) {
    assert!(response.status().is_client_error());
    let body = std::str::from_utf8(response.body()).unwrap();
    assert!(body.len() < 4096 && !body.trim_end_matches('\n').contains(char::is_control));
}

/// A future that is ready at once, as those of [`Memory`] are.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for something"),
    }
}
