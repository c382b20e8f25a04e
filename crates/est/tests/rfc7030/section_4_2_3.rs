//! §4.2.3 The answer to an enrolment.

use std::time::Duration;

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::error::UnacceptableReply;
use devicecert_est::{
    Enrolment, Error, ExplicitTrustAnchors, PathError, RefusalKind, Saved, Step, Tolerance,
};
use devicecert_pki::{Certificate, Signer};

use crate::common::{
    CA, CERTS_ONLY, DEVICE, NEW, NOW, STRANGER, Server, base64, ca_below, certs_only, csr, drive,
    endpoint, exporter, issue, response, root, sent,
};

fn started() -> Enrolment {
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    enrolment
}

fn take(enrolment: &mut Enrolment, certificates: &[&Certificate]) -> Result<Certificate, Error> {
    let body = base64(&certs_only(certificates.iter().copied()));
    enrolment.received(&response(200, &[CERTS_ONLY], body), NOW)?;
    match enrolment.step(NOW)? {
        Step::Done(issued) => Ok(issued.certificate),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_answers_with_the_issued_certificate_alone() {
    let server = Server::new();
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    let request = sent(&mut enrolment, &DEVICE);
    let response = server.handle(&request);
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], CERTS_ONLY.1);
    let text = String::from_utf8(response.body().clone()).unwrap();
    let der = crate::common::unbase64(&text);
    let bundle =
        devicecert_pki::cms::Bundle::parse(&der, &devicecert_pki::Limits::default()).unwrap();
    assert_eq!(bundle.certificates().count(), 1);
}

/// RFC 5272 §4.1: no client may count on an order.
#[test]
fn the_certificate_is_found_by_its_key_wherever_it_stands() {
    let ca = root("CN=CA", &CA, 10);
    let mine = issue(&ca, &CA, &csr("CN=device-1", &DEVICE), Vec::new());
    let other = issue(&ca, &CA, &csr("CN=device-1", &STRANGER), Vec::new());
    for order in [[&mine, &ca, &other], [&ca, &mine, &other], [&other, &ca, &mine]] {
        assert_eq!(take(&mut started(), &order).unwrap(), mine);
    }
    let outcome = take(&mut started(), &[&other, &ca]);
    assert_eq!(outcome.unwrap_err(), UnacceptableReply::NoCertificateForKey.into());
}

#[test]
fn further_certificates_are_refused_where_they_are_not_tolerated() {
    let ca = root("CN=CA", &CA, 10);
    let mine = issue(&ca, &CA, &csr("CN=device-1", &DEVICE), Vec::new());
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    let mut enrolment = Enrolment::new(strict, csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    let outcome = take(&mut enrolment, &[&mine, &ca]);
    assert_eq!(outcome.unwrap_err(), UnacceptableReply::FurtherCertificates(2).into());
    assert_eq!(take(&mut enrolment, &[&mine]).unwrap(), mine);
}

/// RFC 5272 §4.1: a self-signed certificate in the answer is not trusted, so it is not handed on.
#[test]
fn the_chain_ends_below_a_root_that_came_along() {
    let ca = root("CN=CA", &CA, 10);
    let below = ca_below("CN=Sub", &NEW, "CN=CA", &CA);
    let mine = issue(&below, &NEW, &csr("CN=device-1", &DEVICE), Vec::new());
    let mut enrolment = started();
    take(&mut enrolment, &[&ca, &mine, &below]).unwrap();
    let Step::Done(issued) = enrolment.step(NOW).unwrap() else { panic!() };
    assert_eq!(issued.chain, [below]);
}

#[test]
fn with_anchors_the_certificate_has_to_lead_to_one() {
    let ca = root("CN=CA", &CA, 10);
    let below = ca_below("CN=Sub", &NEW, "CN=CA", &CA);
    let mine = issue(&below, &NEW, &csr("CN=device-1", &DEVICE), Vec::new());
    let with = |anchor: &Certificate, sent: &[&Certificate]| {
        let mut enrolment = started();
        enrolment.options().anchors = Some(ExplicitTrustAnchors::new(vec![anchor.clone()]));
        take(&mut enrolment, sent)?;
        match enrolment.step(NOW)? {
            Step::Done(issued) => Ok::<_, Error>(issued.chain),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(with(&ca, &[&mine, &below]).unwrap(), [below.clone(), ca.clone()]);
    let missing = Error::from(UnacceptableReply::Path(PathError::NoIssuer));
    assert_eq!(with(&ca, &[&mine]).unwrap_err(), missing);
    // A root that comes along does not make itself one.
    let stranger = root("CN=CA", &STRANGER, 10);
    assert_eq!(with(&stranger, &[&mine, &below, &ca]).unwrap_err(), missing);
    // Nor does a device's certificate become a CA's by being in the way.
    let device = issue(&ca, &CA, &csr("CN=Sub", &NEW), Vec::new());
    let outcome = with(&ca, &[&mine, &device]);
    assert_eq!(outcome.unwrap_err(), UnacceptableReply::Path(PathError::NotACa).into());
}

/// The answer has the issued certificate alone; what is above it is known from elsewhere.
#[test]
fn intermediates_that_are_known_need_not_come_along() {
    let ca = root("CN=CA", &CA, 10);
    let below = ca_below("CN=Sub", &NEW, "CN=CA", &CA);
    let mine = issue(&below, &NEW, &csr("CN=device-1", &DEVICE), Vec::new());
    let with = |anchor: &Certificate| {
        let mut enrolment = started();
        enrolment.options().anchors = Some(ExplicitTrustAnchors::new(vec![anchor.clone()]));
        enrolment.options().intermediates = vec![below.clone()];
        take(&mut enrolment, &[&mine])
    };
    assert_eq!(with(&ca).unwrap(), mine);
    // They are no anchors.
    let missing = Error::from(UnacceptableReply::Path(PathError::NoIssuer));
    assert_eq!(with(&root("CN=CA", &STRANGER, 10)).unwrap_err(), missing);
}

/// A root that was renewed with its key stands there twice, and only one of them is valid.
#[test]
fn a_renewed_anchor_counts_beside_the_expired_one() {
    let expired = root("CN=CA", &CA, 1);
    let renewed = root("CN=CA", &CA, 10);
    let mine = issue(&renewed, &CA, &csr("CN=device-1", &DEVICE), Vec::new());
    let with = |anchors: &[&Certificate], now| {
        let mut enrolment = started();
        let anchors = anchors.iter().map(|one| (*one).clone()).collect();
        enrolment.options().anchors = Some(ExplicitTrustAnchors::new(anchors));
        let body = base64(&certs_only([&mine]));
        enrolment.received(&response(200, &[CERTS_ONLY], body), now)?;
        match enrolment.step(now)? {
            Step::Done(issued) => Ok::<_, Error>(issued.chain),
            other => panic!("{other:?}"),
        }
    };
    let later = NOW.after(Duration::from_secs(1));
    for anchors in [[&expired, &renewed], [&renewed, &expired]] {
        assert_eq!(with(&anchors, later).unwrap(), std::slice::from_ref(&renewed));
    }
    let not_valid = Error::from(UnacceptableReply::Path(PathError::NotValid));
    assert_eq!(with(&[&expired], later).unwrap_err(), not_valid);
}

#[test]
fn pending_in_seconds_and_as_each_kind_of_date_is_waited_for() {
    // NOW is Fri, 15 Jan 2027 08:00:00 GMT.
    for (value, pause) in [
        ("120", 120),
        ("0", 5),
        ("4", 5),
        ("Fri, 15 Jan 2027 08:01:40 GMT", 100),
        ("Friday, 15-Jan-27 08:01:40 GMT", 100),
        ("Fri Jan 15 08:01:40 2027", 100),
        ("Fri, 15 Jan 2021 08:00:00 GMT", 5),
    ] {
        let mut enrolment = started();
        let answer = response(202, &[("Retry-After", value)], "later");
        enrolment.received(&answer, NOW).unwrap();
        match enrolment.step(NOW).unwrap() {
            Step::Wait(found) => assert_eq!(found, Duration::from_secs(pause), "{value}"),
            other => panic!("{value}: {other:?}"),
        }
    }
}

/// A server that says "now" for ever would be asked without a pause.
#[test]
fn the_least_pause_is_the_clients_to_choose() {
    for (least, pause) in [(0, None), (20, Some(20)), (600, Some(600))] {
        let mut enrolment = started();
        enrolment.options().least_pause = Duration::from_secs(least);
        enrolment.received(&response(202, &[("Retry-After", "0")], ""), NOW).unwrap();
        match enrolment.step(NOW).unwrap() {
            Step::Send(_) => assert_eq!(pause, None),
            Step::Wait(found) => assert_eq!(Some(found.as_secs()), pause),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_retry_after_that_cannot_be_used_is_an_error_and_can_be_asked_again() {
    let limit = 30 * 86_400;
    for (value, error) in [
        ("soon", UnacceptableReply::RetryAfter),
        ("-1", UnacceptableReply::RetryAfter),
        ("1.5", UnacceptableReply::RetryAfter),
        ("", UnacceptableReply::RetryAfter),
        ("1000000000000", UnacceptableReply::LongPause { seconds: 1_000_000_000_000, limit }),
        ("99999999999999999999999", UnacceptableReply::LongPause { seconds: u64::MAX, limit }),
    ] {
        let mut enrolment = started();
        let answer = response(202, &[("Retry-After", value)], "");
        assert_eq!(enrolment.received(&answer, NOW).unwrap_err(), error.into(), "{value}");
        assert!(matches!(enrolment.step(NOW), Ok(Step::Send(_))));
    }
}

#[test]
fn without_retry_after_a_default_stands_in_where_that_is_tolerated() {
    let mut enrolment = started();
    enrolment.options().default_pause = Duration::from_secs(7);
    enrolment.received(&response(202, &[], ""), NOW).unwrap();
    assert!(matches!(enrolment.step(NOW), Ok(Step::Wait(pause)) if pause.as_secs() == 7));
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    let mut enrolment = Enrolment::new(strict, csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    let error = enrolment.received(&response(202, &[], ""), NOW).unwrap_err();
    assert_eq!(error, UnacceptableReply::RetryAfter.into());
}

/// "the client MUST repeat the request", the same one.
#[test]
fn after_the_pause_the_same_request_goes_out_again() {
    let server = Server::new();
    *server.patience.borrow_mut() = 1;
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    let first = sent(&mut enrolment, &DEVICE);
    let waiting = server.handle(&first);
    assert_eq!(
        (waiting.status().as_u16(), &waiting.headers()["retry-after"]),
        (202, &"30".parse().unwrap())
    );
    enrolment.received(&waiting, NOW).unwrap();
    let half = NOW.after(Duration::from_secs(15));
    assert!(matches!(enrolment.step(half), Ok(Step::Wait(pause)) if pause.as_secs() == 15));
    let due = NOW.after(Duration::from_secs(30));
    let Ok(Step::Send(second)) = enrolment.step(due) else { panic!() };
    assert_eq!((second.body(), second.uri()), (first.body(), first.uri()));
    assert!(drive(&mut enrolment, &DEVICE, |request| server.handle(request)).is_ok());
}

/// §3.5: where the request was linked, the repetition is linked to its own connection.
#[test]
fn a_linked_request_is_linked_anew_before_it_is_repeated() {
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    enrolment.link(exporter(1));
    enrolment.options().least_pause = Duration::ZERO;
    let first = sent(&mut enrolment, &DEVICE);
    enrolment.received(&response(202, &[("Retry-After", "0")], ""), NOW).unwrap();
    enrolment.link(exporter(2));
    let second = sent(&mut enrolment, &DEVICE);
    assert_ne!(first.body(), second.body());
}

/// Connections come and go while a request waits; the server knows the request nonetheless.
#[test]
fn a_linked_request_can_be_saved_after_another_connection() {
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    enrolment.link(exporter(1));
    let first = sent(&mut enrolment, &DEVICE);
    enrolment.received(&response(202, &[("Retry-After", "30")], ""), NOW).unwrap();
    enrolment.link(exporter(2));
    assert!(matches!(enrolment.step(NOW), Ok(Step::Wait(_))));
    let saved = enrolment.save().unwrap();
    let mut resumed = Enrolment::resume(&saved, &RustCrypto).unwrap();
    resumed.link(exporter(3));
    assert!(matches!(resumed.step(NOW), Ok(Step::Wait(_))));
    assert_eq!(resumed.save(), Some(saved));
    let due = NOW.after(Duration::from_secs(30));
    for waiting in [&mut enrolment, &mut resumed] {
        let Ok(Step::Sign(ask)) = waiting.step(due) else { panic!() };
        waiting.signed(&DEVICE.sign(&ask).unwrap()).unwrap();
        let Ok(Step::Send(again)) = waiting.step(due) else { panic!() };
        assert_ne!(again.body(), first.body());
    }
}

#[test]
fn a_pending_enrolment_survives_a_restart() {
    let server = Server::new();
    *server.patience.borrow_mut() = 1;
    let endpoint = endpoint().label("vpn".parse().unwrap());
    let mut enrolment = Enrolment::new(endpoint, csr("CN=device-1", &DEVICE), &RustCrypto);
    assert_eq!(enrolment.save(), None);
    let request = sent(&mut enrolment, &DEVICE);
    enrolment.received(&server.handle(&request), NOW).unwrap();
    let stored = enrolment.save().unwrap().as_bytes().to_vec();
    drop(enrolment);
    let mut resumed = Enrolment::resume(&Saved::from_bytes(stored), &RustCrypto).unwrap();
    assert!(matches!(resumed.step(NOW), Ok(Step::Wait(pause)) if pause.as_secs() == 30));
    let due = NOW.after(Duration::from_secs(30));
    let Ok(Step::Send(again)) = resumed.step(due) else { panic!() };
    assert_eq!((again.body(), again.uri()), (request.body(), request.uri()));
    let issued = drive(&mut resumed, &DEVICE, |request| server.handle(request)).unwrap();
    assert_eq!(issued.certificate.public_key(), DEVICE.public_key());
}

#[test]
fn a_damaged_state_is_refused() {
    let mut enrolment = started();
    enrolment.received(&response(202, &[("Retry-After", "9")], ""), NOW).unwrap();
    let stored = enrolment.save().unwrap().as_bytes().to_vec();
    for length in 0..stored.len() {
        let cut = Saved::from_bytes(stored[..length].to_vec());
        assert!(Enrolment::resume(&cut, &RustCrypto).is_err());
    }
}

#[test]
fn a_server_that_never_decides_is_given_up_on() {
    let server = Server::new();
    *server.patience.borrow_mut() = 100;
    let mut enrolment = started();
    enrolment.options().max_waits = Some(3);
    let outcome = drive(&mut enrolment, &DEVICE, |request| server.handle(request));
    assert_eq!(outcome.unwrap_err(), UnacceptableReply::StillPending(3).into());
}

/// A clock that is set back does not make the wait longer than the server asked for.
#[test]
fn a_clock_that_is_set_back_does_not_lengthen_the_pause() {
    let mut enrolment = started();
    enrolment.received(&response(202, &[("Retry-After", "30")], ""), NOW).unwrap();
    let earlier = NOW.before(Duration::from_secs(86_400));
    assert!(matches!(enrolment.step(earlier), Ok(Step::Wait(pause)) if pause.as_secs() == 30));
}

#[test]
fn each_kind_of_refusal_is_told_apart_and_ends_the_enrolment() {
    for (status, kind) in [
        (400, RefusalKind::BadRequest),
        (409, RefusalKind::BadRequest),
        (401, RefusalKind::Unauthorised),
        (403, RefusalKind::Forbidden),
        (404, RefusalKind::NotImplemented),
        (501, RefusalKind::NotImplemented),
        (500, RefusalKind::ServerFailure),
        (503, RefusalKind::ServerFailure),
    ] {
        let mut enrolment = started();
        let error = enrolment.received(&response(status, &[], "no\u{1b}[31m way\n"), NOW);
        let Err(Error::Refused(refusal)) = error else { panic!("{error:?}") };
        assert_eq!((refusal.kind(), refusal.status.as_u16()), (kind, status));
        // The server's words are kept as they are, and shown so that they cannot do anything.
        assert_eq!(refusal.text.as_deref(), Some("no\u{1b}[31m way"));
        let shown = refusal.to_string();
        assert!(shown.contains(&format!("HTTP status {status}")) && !shown.contains('\u{1b}'));
        assert!(matches!(enrolment.step(NOW), Err(Error::Refused(_))));
    }
}

#[test]
fn a_text_without_end_is_cut_off() {
    let mut enrolment = started();
    let error = enrolment.received(&response(500, &[], "ä".repeat(100_000)), NOW);
    let Err(Error::Refused(refusal)) = error else { panic!("{error:?}") };
    assert_eq!(refusal.text.unwrap().chars().count(), 1024);
}

#[test]
fn an_answer_that_cannot_be_used_does_not_end_the_enrolment() {
    let server = Server::new();
    let mut enrolment = started();
    let login = response(200, &[("Content-Type", "text/html")], "<html>log in</html>");
    let error = enrolment.received(&login, NOW).unwrap_err();
    let expected = "application/pkcs7-mime";
    let found = "text/html".to_owned();
    assert_eq!(error, UnacceptableReply::ContentType { expected, found }.into());
    assert!(drive(&mut enrolment, &DEVICE, |request| server.handle(request)).is_ok());
}

#[test]
fn created_is_taken_for_ok_where_that_is_tolerated() {
    let ca = root("CN=CA", &CA, 10);
    let mine = issue(&ca, &CA, &csr("CN=device-1", &DEVICE), Vec::new());
    let answer = response(201, &[CERTS_ONLY], base64(&certs_only([&mine])));
    let mut enrolment = started();
    assert!(enrolment.received(&answer, NOW).is_ok());
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    let mut enrolment = Enrolment::new(strict, csr("CN=device-1", &DEVICE), &RustCrypto);
    sent(&mut enrolment, &DEVICE);
    let error = enrolment.received(&answer, NOW).unwrap_err();
    assert_eq!(error, UnacceptableReply::HttpStatus(201).into());
    assert_eq!(mine.public_key(), DEVICE.public_key());
}
