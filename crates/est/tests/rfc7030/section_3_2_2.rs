//! §3.2.2 Paths and labels.

use devicecert_est::error::{InvalidRequest, Misuse};
use devicecert_est::{Endpoint, Error, Label, Operation, Service, Tolerance};
use http::{Method, Request, StatusCode};

fn request(method: Method, path: &str) -> Request<Vec<u8>> {
    Request::builder().method(method).uri(path).body(Vec::new()).unwrap()
}

fn route(path: &str) -> Result<(Option<String>, Operation), Error> {
    let service = Service::default();
    let tried = [Method::GET, Method::POST].map(|method| {
        let call = service.route(&request(method, path))?;
        Ok((call.label().map(ToString::to_string), call.operation()))
    });
    let [get, post] = tried;
    match get {
        Err(Error::InvalidRequest(InvalidRequest::Method { .. })) => post,
        other => other,
    }
}

#[test]
fn every_operation_has_its_path_with_and_without_a_label() {
    for (segment, operation) in [
        ("cacerts", Operation::CaCerts),
        ("simpleenroll", Operation::SimpleEnroll),
        ("simplereenroll", Operation::SimpleReenroll),
        ("fullcmc", Operation::FullCmc),
        ("serverkeygen", Operation::ServerKeyGen),
        ("csrattrs", Operation::CsrAttrs),
    ] {
        let plain = format!("/.well-known/est/{segment}");
        assert_eq!(route(&plain).unwrap(), (None, operation));
        let labelled = format!("/.well-known/est/arbitraryLabel1/{segment}");
        assert_eq!(route(&labelled).unwrap(), (Some("arbitraryLabel1".into()), operation));
        let endpoint = Endpoint::new("https://www.example.com").unwrap();
        assert_eq!(endpoint.url(operation), format!("https://www.example.com{plain}"));
        let endpoint = endpoint.label("arbitraryLabel1".parse().unwrap());
        assert_eq!(endpoint.url(operation), format!("https://www.example.com{labelled}"));
    }
}

#[test]
fn cacerts_and_csrattrs_are_asked_with_get_and_everything_else_with_post() {
    let service = Service::default();
    for operation in Operation::ALL {
        let path = format!("/.well-known/est/{}", operation.segment());
        let (right, wrong) = match operation {
            Operation::CaCerts | Operation::CsrAttrs => (Method::GET, Method::POST),
            _ => (Method::POST, Method::GET),
        };
        assert!(service.route(&request(right.clone(), &path)).is_ok());
        let error = service.route(&request(wrong, &path)).unwrap_err();
        assert_eq!(error, InvalidRequest::Method { operation }.into());
        let response = service.refuse(&error);
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()["allow"], right.as_str());
    }
}

#[test]
fn a_label_is_not_the_name_of_an_operation() {
    for name in ["cacerts", "simpleenroll", "fullcmc", "csrattrs", "crls", "eecerts", "tamp"] {
        assert_eq!(name.parse::<Label>().unwrap_err(), Misuse::Label.into());
        let path = format!("/.well-known/est/{name}/cacerts");
        assert_eq!(route(&path).unwrap_err(), InvalidRequest::Label.into());
    }
}

#[test]
fn a_label_cannot_lead_out_of_its_segment() {
    for label in ["", ".", "..", "a/b", "a\0", "line\nbreak", &"x".repeat(129)] {
        assert_eq!(label.parse::<Label>().unwrap_err(), Misuse::Label.into(), "{label:?}");
    }
    for path in ["%2e%2e/cacerts", "a%2fb/cacerts", "%00/cacerts", "%ff/cacerts", "/cacerts"] {
        let path = format!("/.well-known/est/{path}");
        assert_eq!(route(&path).unwrap_err(), InvalidRequest::Label.into(), "{path}");
    }
}

#[test]
fn odd_characters_of_a_label_are_escaped_and_come_back() {
    for label in ["a b", "ä", "50%", "q?x=1#y", "a+b;c", "(x)"] {
        let endpoint = Endpoint::new("https://h").unwrap().label(label.parse().unwrap());
        let uri: http::Uri = endpoint.url(Operation::CaCerts).parse().unwrap();
        assert_eq!(uri.query(), None);
        assert_eq!(route(uri.path()).unwrap().0.as_deref(), Some(label));
    }
}

#[test]
fn what_is_not_below_the_path_or_names_nothing_is_not_found() {
    for path in [
        "/",
        "/cacerts",
        "/.well-known/est",
        "/.well-known/est/",
        "/.well-known/estcacerts",
        "/.well-known/est/CACERTS",
        "/.well-known/est/cacert",
        "/.well-known/est/a/b/cacerts",
        "/x/.well-known/est/cacerts",
    ] {
        let error = route(path).unwrap_err();
        assert_eq!(error, InvalidRequest::Path.into(), "{path}");
        assert_eq!(StatusCode::from(&error), StatusCode::NOT_FOUND);
    }
}

#[test]
fn one_slash_may_follow_where_that_is_tolerated() {
    assert_eq!(route("/.well-known/est/cacerts/").unwrap().1, Operation::CaCerts);
    assert!(route("/.well-known/est/cacerts//").is_err());
    let mut strict = Service::default();
    strict.tolerance = Tolerance::STRICT;
    assert!(strict.route(&request(Method::GET, "/.well-known/est/cacerts/")).is_err());
    assert!(strict.route(&request(Method::GET, "/.well-known/est/cacerts")).is_ok());
}

#[test]
fn a_vendors_path_is_taken_as_it_is() {
    for (url, wanted) in [
        ("https://h/", "https://h/.well-known/est/cacerts"),
        ("https://h:8443", "https://h:8443/.well-known/est/cacerts"),
        ("https://h/.well-known/est/", "https://h/.well-known/est/cacerts"),
        ("https://h/est/tenant/ca/profile", "https://h/est/tenant/ca/profile/cacerts"),
        (
            "https://one.example/mpki/api/v1/.well-known/est/guid",
            "https://one.example/mpki/api/v1/.well-known/est/guid/cacerts",
        ),
    ] {
        assert_eq!(Endpoint::new(url).unwrap().url(Operation::CaCerts), wanted);
    }
    let service = Service::at("/mpki/est/");
    assert!(service.route(&request(Method::GET, "/mpki/est/cacerts")).is_ok());
    assert!(service.route(&request(Method::GET, "/.well-known/est/cacerts")).is_err());
}

/// §3.3: HTTPS, always.
#[test]
fn anything_but_https_is_no_est_server() {
    for url in [
        "http://h",
        "h",
        "/est",
        "https://",
        "https://user:password@h/",
        "https://h/?x",
        "https://h/#x",
        "ftp://h",
        "",
    ] {
        assert_eq!(Endpoint::new(url).unwrap_err(), Misuse::Url.into(), "{url}");
    }
}
