//! §4.5 CSR attributes: how they are asked for and answered. What they say is RFC 9908's.

use devicecert_est::error::{InvalidMessage, UnacceptableReply};
use devicecert_est::{CsrAttrs, Error, KeyDemand, Limits, Tolerance};
use devicecert_pki::oid;

use crate::common::{Server, base64, endpoint, response, unbase64};

const CSR_ATTRS: (&str, &str) = ("Content-Type", "application/csrattrs");

#[test]
fn the_answer_of_our_server_is_read_by_our_client() {
    let mut server = Server::new();
    let attrs = CsrAttrs::default()
        .require_linking()
        .key(KeyDemand::Ec { curve: Some(oid::SECP384R1) })
        .oid(oid::ECDSA_WITH_SHA384);
    server.attrs = Some(attrs.clone());
    let request = endpoint().csr_attrs().unwrap();
    assert_eq!(
        (request.method().as_str(), request.uri().path()),
        ("GET", "/.well-known/est/csrattrs")
    );
    let answer = server.handle(&request);
    assert_eq!(answer.headers()["content-type"], "application/csrattrs");
    assert_eq!(CsrAttrs::read(&endpoint(), &answer).unwrap(), Some(attrs));
}

/// §4.5.2: 204 and 404 say that there are none; so does an empty list.
#[test]
fn no_wishes_can_be_said_in_four_ways() {
    let server = Server::new();
    let request = endpoint().csr_attrs().unwrap();
    let answer = server.handle(&request);
    assert_eq!((answer.status().as_u16(), answer.body().len()), (204, 0));
    for answer in [
        answer,
        response(404, &[], "not found"),
        response(200, &[CSR_ATTRS], "MAA=\r\n"),
        response(200, &[CSR_ATTRS], ""),
    ] {
        assert_eq!(CsrAttrs::read(&endpoint(), &answer), Ok(None));
    }
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    assert!(CsrAttrs::read(&strict, &response(200, &[CSR_ATTRS], "")).is_err());
}

#[test]
fn an_error_is_an_error() {
    for status in [400, 401, 403, 500] {
        let outcome = CsrAttrs::read(&endpoint(), &response(status, &[], ""));
        assert!(matches!(outcome, Err(Error::Refused(_))));
    }
    let outcome = CsrAttrs::read(&endpoint(), &response(202, &[], ""));
    assert_eq!(outcome, Err(UnacceptableReply::HttpStatus(202).into()));
}

/// "clients MUST ignore any OID or attribute that they do not recognise".
#[test]
fn what_is_not_known_is_ignored_and_kept() {
    // 2.999.1 as an identifier, 2.999.2 as an attribute with two values, as libest sends them;
    // 1.3.6.1.1.1.1.22, the macAddress of the RFC's example.
    let der = [
        0x30, 0x1d, 6, 3, 0x88, 0x37, 1, 0x30, 0x0d, 6, 3, 0x88, 0x37, 2, 0x31, 6, 5, 0, 2, 2, 1,
        2, 6, 7, 0x2b, 6, 1, 1, 1, 1, 0x16,
    ];
    let attrs = CsrAttrs::parse(&der, &Tolerance::STRICT, &Limits::default()).unwrap();
    assert_eq!(attrs.to_der(), der);
    let plan = attrs.plan(&Tolerance::STRICT, &Limits::default()).unwrap();
    assert_eq!(plan.ignored.len(), 1);
    assert_eq!(plan.key, None);
}

/// The example of §4.5.2, whose extensionRequest holds an object identifier. RFC 9908 §3.2 calls
/// that wrong; servers exist that do it.
#[test]
fn object_identifiers_in_place_of_extensions_are_taken_where_that_is_tolerated() {
    // { extensionRequest { 2.5.29.17, 2.5.29.15 } }
    let der = [
        0x30, 0x19, 0x30, 0x17, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 0x0e, 0x31, 0x0a,
        6, 3, 0x55, 0x1d, 0x11, 6, 3, 0x55, 0x1d, 0x0f,
    ];
    let attrs = CsrAttrs::parse(&der, &Tolerance::default(), &Limits::default()).unwrap();
    let plan = attrs.plan(&Tolerance::default(), &Limits::default()).unwrap();
    let key = devicecert_pki::Signer::public_key(&*crate::common::DEVICE).clone();
    assert_eq!(plan.undecided(&key).len(), 2);
    let error = CsrAttrs::parse(&der, &Tolerance::STRICT, &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::InvalidMessage(InvalidMessage::CsrAttrs(_))));
}

/// libest's server sends a NUL behind the base64.
#[test]
fn one_nul_behind_the_base64_is_taken_where_that_is_tolerated() {
    let body = [&base64(&unbase64("MAkGBysGAQEBARY=")), &[0][..]].concat();
    let answer = response(200, &[CSR_ATTRS], body.clone());
    assert!(CsrAttrs::read(&endpoint(), &answer).unwrap().is_some());
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    assert!(CsrAttrs::read(&strict, &answer).is_err());
    let two = [&body, &[0][..]].concat();
    assert!(CsrAttrs::read(&endpoint(), &response(200, &[CSR_ATTRS], two)).is_err());
}
