//! Paths, methods, operations and messages.

use devicecert_fleet::Rules;
use devicecert_fleet::proxy::{CaType, Operation, Refusal};
use http::header::CONTENT_TYPE;
use http::{Method, Request};

use super::common::{
    APPLE, BOTH, HOST, MESSAGE, NOW, PASSCODE, TEAM, WIFI, WINDOWS, expecting, get, line, path_of,
    post, refused, response, sent, with_passcode, world,
};

/// Status and text of a request that is refused before anything is looked up.
#[track_caller]
fn refusal(request: &Request<Vec<u8>>) -> (u16, String) {
    let found = BOTH.map(|rules| match world(rules).proxy.route(request) {
        Ok(call) => panic!("{call:?}"),
        Err(refusal) => refused(&refusal.to_response()),
    });
    assert_eq!(found[0], found[1]);
    found[1].clone()
}

fn told(text: &str) -> (u16, String) {
    (400, text.to_owned())
}

fn pki_operation_by_get(message: &str) -> Request<Vec<u8>> {
    get(&format!("/mdm/scep/proxy/h%2CaP?operation=PKIOperation&message={message}"))
}

/// The pkiMessage that reaches the CA.
#[track_caller]
fn relayed(request: &Request<Vec<u8>>) -> Vec<u8> {
    let world = with_passcode(Rules::Current, APPLE);
    let mut relay = world.check(request, NOW).unwrap();
    relay.received(response(200, b"POSTPKIOperation"));
    sent(&relay).into_body()
}

#[test]
fn two_paths_are_served_and_the_suffix_of_windows_is_one_of_them() {
    for suffix in ["", "/pkiclient.exe"] {
        let world = with_passcode(Rules::Current, WINDOWS);
        let path = path_of(WINDOWS, WIFI, Some(PASSCODE)) + suffix;
        let mut relay = world.check(&post(&path, MESSAGE), NOW).unwrap();
        relay.received(response(200, b"POSTPKIOperation"));
        // The CA never sees the suffix.
        let expected = "http://ca.test/scep?operation=PKIOperation".to_owned();
        assert_eq!(line(&sent(&relay)), (Method::POST, expected));
        assert_eq!(sent(&relay).body(), MESSAGE);
    }
}

#[test]
fn other_paths_are_somebody_elses() {
    for path in [
        "/",
        "/mdm/scep/proxy",
        "/mdm/scep/proxy/",
        "/mdm/scep/proxy//pkiclient.exe",
        "/mdm/scep/proxy/h%2CaP/",
        "/mdm/scep/proxy/h%2CaP/x",
        "/mdm/scep/proxy/h%2CaP/PKICLIENT.EXE",
        "/mdm/scep/proxy/h%2CaP/pkiclient.exe/",
        "/mdm/scep/proxy/../proxy/h%2CaP",
        "/MDM/scep/proxy/h%2CaP",
        "/x/mdm/scep/proxy/h%2CaP",
    ] {
        let request = get(&format!("{path}?operation=GetCACaps"));
        assert_eq!(world(Rules::Current).proxy.route(&request), Err(Refusal::NotFound), "{path}");
        assert_eq!(refusal(&request), (404, "404 page not found".to_owned()));
    }
}

#[test]
fn other_methods_are_not_allowed() {
    for method in [Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        let mut request = get("/mdm/scep/proxy/h%2CaP?operation=GetCACaps");
        *request.method_mut() = method;
        let found = world(Rules::Current).proxy.route(&request).unwrap_err();
        assert_eq!(found, Refusal::MethodNotAllowed);
        let response = found.to_response();
        assert_eq!(response.status(), 405);
        assert!(response.body().is_empty() && response.headers().get(CONTENT_TYPE).is_none());
    }
}

#[test]
fn without_an_operation_nothing_happens() {
    for query in ["", "?", "?message=MA==", "?operation=", "?operation", "?Operation=GetCACaps"] {
        let request = get(&format!("/mdm/scep/proxy/h%2CaP{query}"));
        assert_eq!(refusal(&request), told("missing operation"), "{query}");
    }
    let request = Request::post("/mdm/scep/proxy/h%2CaP").body(MESSAGE.to_vec()).unwrap();
    assert_eq!(refusal(&request), told("missing operation"));
}

/// GetNextCACert among them: Fleet's text for it never gets to a device.
#[test]
fn other_operations_are_not_passed_on() {
    for operation in ["GetNextCACert", "getcacaps", "PKIOperation%20", "x"] {
        for method in [Method::GET, Method::POST] {
            let mut request = get(&format!("/mdm/scep/proxy/h%2CaP?operation={operation}"));
            *request.method_mut() = method;
            assert_eq!(refusal(&request), told("operation not implemented"), "{operation}");
        }
    }
}

#[test]
fn a_get_has_its_message_in_the_query() {
    for query in [
        "operation=PKIOperation",
        "operation=PKIOperation&message=",
        "message&operation=PKIOperation",
    ] {
        let request = get(&format!("/mdm/scep/proxy/h%2CaP?{query}"));
        assert_eq!(refusal(&request), told("missing PKIOperation message"), "{query}");
    }
}

#[test]
fn a_plus_is_a_plus_and_percent_signs_are_decoded_once() {
    let octets = [0xfb, 0xef, 0xbe, 0xff, 0xff, 0xff];
    let path = path_of(APPLE, WIFI, Some(PASSCODE));
    for message in ["++++////", "%2B%2B%2b%2B%2F%2F%2f%2F", "++%2B+/%2F//", "%2b+++////%0A"] {
        let query = format!("operation=PKIOperation&message={message}");
        assert_eq!(relayed(&get(&format!("{path}?{query}"))), octets, "{message}");
    }
    assert_eq!(
        refusal(&pki_operation_by_get("%252B+++////")),
        told("failed to base64 decode message: illegal base64 data at input byte 0: %2B+++////")
    );
}

#[test]
fn the_first_message_counts_and_its_name_has_one_spelling() {
    let path = path_of(APPLE, WIFI, Some(PASSCODE));
    let query = "Message=AAAA&message=MA==&message=MQ==&operation=PKIOperation&operation=x";
    assert_eq!(relayed(&get(&format!("{path}?{query}"))), b"0");
}

#[test]
fn a_message_with_half_a_percent_sign_is_invalid() {
    for message in ["%", "MA=%", "%2", "%2x", "%zz", "MA==%"] {
        let expected = format!("invalid PKIOperation message: {message}");
        assert_eq!(refusal(&pki_operation_by_get(message)), told(&expected));
    }
}

/// Go 1.19, `base64.StdEncoding.DecodeString`.
#[test]
fn what_is_no_base64_is_told_as_go_does() {
    for (message, at) in [
        ("MA", 0),
        ("MA=", 3),
        ("MAAAM", 4),
        ("MAA", 0),
        ("M", 0),
        ("MA==x", 4),
        ("MA=x", 2),
        ("M===", 1),
        ("====", 0),
        ("MAAA=", 4),
        ("MA-A", 2),
        ("MAA=MAAA", 4),
        ("MA==MA==", 4),
    ] {
        let expected = format!(
            "failed to base64 decode message: illegal base64 data at input byte {at}: {message}"
        );
        assert_eq!(refusal(&pki_operation_by_get(message)), told(&expected));
    }
    // With line breaks, which are shown escaped.
    for (message, at, shown) in [
        ("MA%0AA", 1, "MA\\nA"),
        ("MA%0A=x", 3, "MA\\n=x"),
        ("MA=%0A", 4, "MA=\\n"),
        ("MAA=%0Ax", 5, "MAA=\\nx"),
        ("MAAA%0AM%0A", 6, "MAAA\\nM\\n"),
        ("MA%20A", 2, "MA A"),
        ("%25", 0, "%"),
        ("MAAA%C3%A9", 4, "MAAAé"),
    ] {
        let expected = format!(
            "failed to base64 decode message: illegal base64 data at input byte {at}: {shown}"
        );
        assert_eq!(refusal(&pki_operation_by_get(message)), told(&expected));
    }
}

/// Go 1.19: bits behind the end do not count, nor do line breaks.
#[test]
fn what_go_takes_for_base64_is_base64() {
    let path = path_of(APPLE, WIFI, Some(PASSCODE));
    for (message, octets) in [
        ("MA==", &b"0"[..]),
        ("MA==%0A", b"0"),
        ("MA=%0A=", b"0"),
        ("MB==", b"0"),
        ("MAB=", b"0\0"),
        ("%0D%0A", b""),
    ] {
        let request = get(&format!("{path}?operation=PKIOperation&message={message}"));
        assert_eq!(relayed(&request), octets, "{message}");
    }
}

/// 3 MiB: the first 2 MiB are forwarded.
#[test]
fn a_body_is_cut_off_at_two_mebibytes() {
    let path = path_of(APPLE, WIFI, Some(PASSCODE));
    let body: Vec<u8> = (0..3 << 20).map(|n: u32| n.to_le_bytes()[1]).collect();
    let relayed = relayed(&post(&path, &body));
    assert!(relayed == body[..2 << 20]);
}

#[test]
fn a_body_is_passed_on_as_it_is() {
    let path = path_of(APPLE, WIFI, Some(PASSCODE));
    for body in [&b""[..], b"MA==", b"\0\xff\n", MESSAGE] {
        assert_eq!(relayed(&post(&path, body)), body);
    }
}

#[test]
fn the_message_of_get_ca_cert_names_a_ca() {
    let world = expecting(Rules::Current, APPLE, TEAM, CaType::Smallstep);
    let path = path_of(APPLE, TEAM, None);
    for (message, passed_on) in [
        ("", ""),
        ("&message=", ""),
        ("&message=a%20b%2Bc", "&message=a%20b%2Bc"),
        ("&message=a+b", "&message=a%20b"),
        (
            "&message=%26operation%3DPKIOperation%0D%0AX:%20y",
            "&message=%26operation%3DPKIOperation%0D%0AX%3A%20y",
        ),
        ("&message=%ff%00", "&message=%FF%00"),
        ("&message=../..%2F%23", "&message=..%2F..%2F%23"),
    ] {
        let relay = world.check(&get(&format!("{path}?operation=GetCACert{message}")), NOW);
        let expected = format!("https://team.test/p/agents/mac?operation=GetCACert{passed_on}");
        assert_eq!(line(&sent(&relay.unwrap())), (Method::GET, expected));
    }
}

#[test]
fn the_name_of_a_ca_is_bounded() {
    let name = "x".repeat(1025);
    for operation in ["GetCACert", "GetCACaps"] {
        let path = format!("/mdm/scep/proxy/{HOST}%2C{APPLE}?operation={operation}");
        let request = get(&format!("{path}&message={name}"));
        assert_eq!(refusal(&request), told("message too long"));
        let request = Request::post(&path).body(name.clone().into_bytes()).unwrap();
        assert_eq!(refusal(&request), told("message too long"));
        let request = get(&format!("{path}&message={}", &name[1..]));
        assert!(world(Rules::Current).proxy.route(&request).is_ok());
    }
}

#[test]
fn a_call_says_what_is_asked_for() {
    for (name, operation) in [
        ("GetCACaps", Operation::GetCaCaps),
        ("GetCACert", Operation::GetCaCert),
        ("PKIOperation", Operation::PkiOperation),
    ] {
        let request = get(&format!("/mdm/scep/proxy/h%2CaP?operation={name}&message=MA=="));
        let call = world(Rules::Current).proxy.route(&request).unwrap();
        assert_eq!((call.operation(), call.operation().name()), (operation, name));
        assert_eq!(call.identifier().slot().host(), "h");
    }
}
