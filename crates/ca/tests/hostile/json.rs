//! Bodies that should be JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_ca::{InvalidAnswer, JsonFault, Limits, digicert, ejbca, intune};
use http::Response;
use proptest::prelude::*;

use crate::common::{KEY, certificate_for, csr, digicert, limits, pem, response};

/// What became of an answer; the fault of its JSON, if it had one.
type Outcome = Result<(), Option<InvalidAnswer>>;

/// One thing that reads JSON: the status it wants, an answer that it takes, and what it makes of an
/// answer.
struct Reader {
    name: &'static str,
    status: u16,
    good: String,
    read: fn(&Response<Vec<u8>>, &Limits) -> Outcome,
}

fn order() -> digicert::Order {
    digicert::Order::new(csr(), "C02XK1", "seat")
}

fn ejbca() -> (ejbca::Account, ejbca::Order) {
    let url = "https://ejbca.example".parse().unwrap();
    let code = ejbca::EnrollmentCode::from_random([7; 32]);
    (ejbca::Account::new(url, "CA", "cp", "eep"), ejbca::Order::new(csr(), "C02XK1", code))
}

fn digicert_fault(error: digicert::Error) -> Option<InvalidAnswer> {
    match error {
        digicert::Error::InvalidAnswer(error) => Some(error),
        _ => None,
    }
}

fn ejbca_fault(error: ejbca::Error) -> Option<InvalidAnswer> {
    match error {
        ejbca::Error::InvalidAnswer(error) => Some(error),
        _ => None,
    }
}

fn intune_fault(error: intune::Error) -> Option<InvalidAnswer> {
    match error {
        intune::Error::InvalidAnswer(error) => Some(error),
        _ => None,
    }
}

fn readers() -> Vec<Reader> {
    let certificate = certificate_for(&KEY);
    vec![
        Reader {
            name: "digicert profile",
            status: 200,
            good: r#"{"id":"1","name":"n","status":"Active"}"#.to_owned(),
            read: |response, limits| {
                digicert().profile(response, limits).map(drop).map_err(digicert_fault)
            },
        },
        Reader {
            name: "digicert issued",
            status: 201,
            good: format!(
                r#"{{"serial_number":"1","delivery_format":"x509","certificate":"{}"}}"#,
                pem(&certificate).replace('\n', "\\n")
            ),
            read: |response, limits| {
                digicert().issued(&order(), response, limits).map(drop).map_err(digicert_fault)
            },
        },
        Reader {
            name: "ejbca status",
            status: 200,
            good: r#"{"status":"OK"}"#.to_owned(),
            read: |response, limits| ejbca().0.status(response, limits).map_err(ejbca_fault),
        },
        Reader {
            name: "ejbca issued",
            status: 201,
            good: format!(r#"{{"certificate":"{}"}}"#, STANDARD.encode(certificate.as_der())),
            read: |response, limits| {
                let (account, order) = ejbca();
                account.issued(&order, response, limits).map(drop).map_err(ejbca_fault)
            },
        },
        Reader {
            name: "intune token",
            status: 200,
            good: r#"{"access_token":"t","expires_in":3599}"#.to_owned(),
            read: |response, limits| {
                let app = intune::App::new("t", "c", "s");
                app.token(response, limits).map(drop).map_err(intune_fault)
            },
        },
        Reader {
            name: "intune services",
            status: 200,
            good:
                r#"{"value":[{"providerName":"ScepRequestValidationFEService","uri":"https://a"}]}"#
                    .to_owned(),
            read: |response, limits| {
                intune::service_url(response, limits).map(drop).map_err(intune_fault)
            },
        },
        Reader {
            name: "intune verdict",
            status: 200,
            good: r#"{"code":"Success"}"#.to_owned(),
            read: |response, limits| {
                let url = "https://fef.example".parse().unwrap();
                let service = intune::Service::new(url, intune::Token::new("t"), "c");
                service.answer(response, limits).map_err(intune_fault)
            },
        },
    ]
}

impl Reader {
    fn read(&self, body: &[u8]) -> Outcome {
        (self.read)(&response(self.status, body), &limits())
    }
}

fn fault(outcome: Outcome) -> JsonFault {
    match outcome {
        Err(Some(InvalidAnswer::Json { found, .. })) => found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_right_is_taken() {
    for reader in readers() {
        assert_eq!(reader.read(reader.good.as_bytes()), Ok(()), "{}", reader.name);
        let spaced = format!("\r\n\t {} \n", reader.good);
        assert_eq!(reader.read(spaced.as_bytes()), Ok(()), "{}", reader.name);
    }
}

#[test]
fn a_body_beyond_the_limit_is_not_even_looked_at() {
    for reader in readers() {
        let mut limits = limits();
        limits.body_bytes = reader.good.len();
        assert_eq!((reader.read)(&response(reader.status, &reader.good), &limits), Ok(()));
        limits.body_bytes -= 1;
        let refused = (reader.read)(&response(reader.status, &reader.good), &limits);
        assert!(
            matches!(refused, Err(Some(InvalidAnswer::LimitExceeded(_)))),
            "{}: {refused:?}",
            reader.name
        );
    }
}

#[test]
fn a_body_that_ends_anywhere_too_early() {
    for reader in readers() {
        for end in 0..reader.good.len() {
            let cut = &reader.good.as_bytes()[..end];
            assert_eq!(fault(reader.read(cut)), JsonFault::End, "{}: {end}", reader.name);
        }
    }
}

#[test]
fn a_body_that_goes_on() {
    for reader in readers() {
        for rest in ["x", "{}", ",", "}", "\0"] {
            let body = format!("{}{rest}", reader.good);
            assert_eq!(fault(reader.read(body.as_bytes())), JsonFault::Syntax, "{}", reader.name);
        }
    }
}

#[test]
fn nesting_without_end() {
    for reader in readers() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{}1{}", open.repeat(40_000), close.repeat(40_000));
            assert!(reader.read(deep.as_bytes()).is_err(), "{}", reader.name);
            // What nobody asked for is passed over, however deep it is.
            let body = reader.good.replacen('{', &format!("{{\"x\":{deep},"), 1);
            assert_eq!(reader.read(body.as_bytes()), Ok(()), "{}", reader.name);
        }
    }
}

#[test]
fn a_key_that_is_there_twice() {
    for reader in readers() {
        let inner = reader.good.strip_prefix('{').unwrap().strip_suffix('}').unwrap();
        let body = format!("{{{inner},{inner}}}");
        assert_eq!(fault(reader.read(body.as_bytes())), JsonFault::Shape, "{}", reader.name);
    }
}

#[test]
fn another_shape() {
    for reader in readers() {
        for body in ["[]", "null", "true", "7", "\"text\"", "[[{}]]"] {
            assert_eq!(
                fault(reader.read(body.as_bytes())),
                JsonFault::Shape,
                "{}: {body}",
                reader.name
            );
        }
    }
}

#[test]
fn an_array_is_no_object_though_its_values_would_fit() {
    let readers = readers();
    let verdict = readers.last().unwrap();
    assert_eq!(fault(verdict.read(br#"["Success",null]"#)), JsonFault::Shape);
}

#[test]
fn other_encodings() {
    for reader in readers() {
        let with_mark = [b"\xef\xbb\xbf", reader.good.as_bytes()].concat();
        assert_eq!(fault(reader.read(&with_mark)), JsonFault::Syntax, "{}", reader.name);
        let utf16: Vec<u8> = reader.good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(fault(reader.read(&utf16)), JsonFault::Syntax, "{}", reader.name);
        for value in [b"\"\\x\"".as_slice(), b"\"\n\"", b"'a'", b"NaN", b"01", b"\xff"] {
            let body = [b"{\"x\":", value, b",", &reader.good.as_bytes()[1..]].concat();
            assert!(reader.read(&body).is_err(), "{}: {value:?}", reader.name);
        }
    }
}

#[test]
fn what_nobody_asked_for_is_utf_8_too() {
    for reader in readers() {
        for value in [b"n\xfe\xff".as_slice(), b"\xed\xa0\x80", b"\xc0\xaf"] {
            let body = [b"{\n\"x\":\"", value, b"\",", &reader.good.as_bytes()[1..]].concat();
            let Err(Some(InvalidAnswer::Json { found, line, column, .. })) = reader.read(&body)
            else {
                panic!("{}", reader.name)
            };
            let valid = usize::from(value[0] == b'n');
            assert_eq!((found, line, column), (JsonFault::Encoding, 2, 6 + valid), "{value:?}");
        }
    }
}

#[test]
fn a_text_that_is_no_unicode() {
    let reader = readers().pop().unwrap();
    for value in [b"Success\xff".as_slice(), b"Success\xed\xa0\x80", b"Success\\ud800"] {
        let body = [b"{\"code\":\"", value, b"\"}"].concat();
        assert!(reader.read(&body).is_err(), "{value:?}");
    }
}

#[test]
fn an_error_page_in_html_is_as_good_as_none() {
    let page = "<html><body>502 Bad Gateway</body></html>";
    for status in [400, 401, 403, 422, 502] {
        let error = digicert().issued(&order(), &response(status, page), &limits()).unwrap_err();
        assert!(!error.to_string().contains("errors:"), "{error}");
        let (account, order) = ejbca();
        let error = account.issued(&order, &response(status, page), &limits()).unwrap_err();
        assert!(!error.to_string().contains("Bad Gateway"), "{error}");
    }
}

#[test]
fn a_hundred_thousand_errors() {
    let errors = vec![r#"{"message":"no"}"#; 15_000].join(",");
    let body = format!(r#"{{"errors":[{errors}]}}"#);
    let error = digicert().issued(&order(), &response(400, body), &limits()).unwrap_err();
    assert!(error.to_string().chars().count() < 1_200, "{}", error.to_string().len());
}

#[test]
fn a_verdict_is_told_from_every_other_word() {
    // What differs by one bit from "Success" does not permit to issue.
    let reader = readers().pop().unwrap();
    for at in 0..reader.good.len() {
        for bit in 0..8 {
            let mut body = reader.good.clone().into_bytes();
            body[at] ^= 1 << bit;
            assert!(reader.read(&body).is_err(), "{}", String::from_utf8_lossy(&body));
        }
    }
}

proptest! {
    #[test]
    fn anything(body in proptest::collection::vec(any::<u8>(), 0..512)) {
        for reader in readers() {
            let _ = reader.read(&body);
        }
    }

    #[test]
    fn something_like_json(body in r#"[\[\]{}":,a-c0-9\\. ntu-]{0,64}"#) {
        for reader in readers() {
            prop_assert!(reader.read(body.as_bytes()).is_err());
        }
    }
}
