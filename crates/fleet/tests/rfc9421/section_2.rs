//! §2: the components, as Fleet derives them, and the base that is signed.

use devicecert_fleet::message_signature::{Error, Rejected};
use devicecert_pki::KeyKind;
use http::Request;

use crate::support::{Device, URL, post};

/// Line by line: components and parameters in the order of Fleet's agent.
#[test]
fn the_base_of_a_request() {
    let base = Device::new(KeyKind::P256).base(post(URL)).unwrap();
    let nonce = "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=";
    let expected = format!(
        "\"@method\": POST\n\
         \"@authority\": fleet.example\n\
         \"@path\": /api/v1/fleet/certificate_authorities/3/request_certificate\n\
         \"@query\": ?\n\
         \"content-digest\": sha-256=:Z40aLvWGRJh2EE5gxkktHASDMH2N4JkmhTMYcNvzEwE=:\n\
         \"@signature-params\": (\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\");\
         keyid=\"ABCDE\";created=1800000000;nonce=\"{nonce}\""
    );
    assert_eq!(base, expected);
}

fn line(url: &str, host: Option<&str>, component: &str) -> String {
    let mut request = post(url);
    if let Some(host) = host {
        request.headers_mut().insert("host", host.parse().unwrap());
    }
    let base = Device::new(KeyKind::P256).base(request).unwrap();
    let start = format!("\"{component}\": ");
    base.lines().find_map(|line| line.strip_prefix(&start)).unwrap().to_owned()
}

/// §2.2.3 wants it in lower case and without the default port; Fleet's library does not do that.
#[test]
fn the_authority_is_host_as_it_is_sent() {
    let authority = |url, host| line(url, host, "@authority");
    assert_eq!(authority("https://fleet.example/x", None), "fleet.example");
    assert_eq!(authority("https://Fleet.Example:443/x", None), "Fleet.Example:443");
    assert_eq!(authority("https://user@fleet.example/x", None), "fleet.example");
    assert_eq!(authority("https://10.0.0.1:8080/x", Some("Fleet.example")), "Fleet.example");
    assert_eq!(authority("/x", Some("fleet.example:8412")), "fleet.example:8412");
}

/// §2.2.6 wants it as it is sent; Fleet's library decodes it.
#[test]
fn the_path_is_decoded() {
    assert_eq!(line("https://fleet.example", None, "@path"), "/");
    assert_eq!(line("https://fleet.example/a%20b/%41?x=%41", None, "@path"), "/a b/A");
    assert_eq!(line("https://fleet.example/%2541", None, "@path"), "/%41");
    assert_eq!(line("https://fleet.example/%c3%a4", None, "@path"), "/\u{e4}");
}

/// §2.2.7, and a question mark alone where there is no query.
#[test]
fn the_query_is_as_it_is_sent() {
    assert_eq!(line("https://fleet.example/x", None, "@query"), "?");
    assert_eq!(line("https://fleet.example/x?", None, "@query"), "?");
    assert_eq!(line("https://fleet.example/x?a=%41&b=+", None, "@query"), "?a=%41&b=+");
}

/// A line feed would write a line of the base, and one message would look like another.
#[test]
fn a_path_with_control_characters_is_not_signed() {
    let device = Device::new(KeyKind::P256);
    for path in ["/x%0A%22@query%22:%20?", "/%0d", "/%00", "/%7f"] {
        let error = device.base(post(&format!("https://fleet.example{path}"))).unwrap_err();
        assert_eq!(error, Error::Unsignable(Rejected::ControlCharacter("the path")));
    }
}

#[test]
fn a_request_to_nowhere_is_not_signed() {
    let device = Device::new(KeyKind::P256);
    assert_eq!(device.base(post("/x")), Err(Error::Unsignable(Rejected::NoHost)));
    let twice = Request::post("/x").header("host", "a").header("host", "b");
    let error = device.base(twice.body(Vec::new()).unwrap()).unwrap_err();
    assert_eq!(error, Error::Unsignable(Rejected::FieldCount { field: "Host", found: 2 }));
}
