//! §4.1 Distribution of CA certificates.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::error::{InvalidMessage, UnacceptableReply};
use devicecert_est::{
    CaCertificates, Endpoint, Error, ImplicitTrustAnchors, NameMatch, PathError, Role,
    ServerAuthorisation, Tolerance, UnverifiedCaCertificates,
};
use devicecert_pki::Certificate;
use devicecert_pki::algorithm::DigestAlgorithm;

use crate::common::{
    CA, CERTS_ONLY, DEVICE, NEW, NOW, OLD_CA, STRANGER, Server, YEAR, base64, ca_below, certs_only,
    csr, endpoint, issue, response, root,
};

fn authorised() -> ServerAuthorisation {
    ImplicitTrustAnchors::new(Vec::new()).authorise(NameMatch::Matches).unwrap()
}

fn read(certificates: &[&Certificate]) -> UnverifiedCaCertificates {
    let body = base64(&certs_only(certificates.iter().copied()));
    CaCertificates::read(&endpoint(), &response(200, &[CERTS_ONLY], body)).unwrap()
}

/// New root, old root, and the two that bind them.
fn rollover() -> [Certificate; 4] {
    let new_with_new = root("CN=CA 2", &CA, 10);
    let old_with_old = root("CN=CA 1", &OLD_CA, 3);
    let old_with_new = ca_below("CN=CA 1", &OLD_CA, "CN=CA 2", &CA);
    let new_with_old = ca_below("CN=CA 2", &CA, "CN=CA 1", &OLD_CA);
    [new_with_new, old_with_old, old_with_new, new_with_old]
}

#[test]
fn the_answer_of_our_server_is_read_by_our_client() {
    let server = Server::new();
    let request = endpoint().ca_certs().unwrap();
    assert_eq!(
        (request.method().as_str(), request.uri().path()),
        ("GET", "/.well-known/est/cacerts")
    );
    let response = server.handle(&request);
    assert_eq!(response.status(), 200);
    let read = CaCertificates::read(&endpoint(), &response).unwrap();
    let certificates = read.from_server(authorised(), NOW, &RustCrypto).unwrap();
    assert_eq!(certificates.anchor(), &server.ca);
}

#[test]
fn a_request_for_the_certificates_carries_no_credentials() {
    let request = endpoint().ca_certs().unwrap();
    assert!(!request.headers().contains_key("authorization"));
}

/// §4.1.3: 200, and any other code is an error.
#[test]
fn any_other_status_than_200_is_an_error() {
    let body = || base64(&certs_only([&root("CN=CA", &CA, 10)]));
    let read = |endpoint: &Endpoint, status| {
        CaCertificates::read(endpoint, &response(status, &[CERTS_ONLY], body()))
    };
    for status in [202, 204, 206, 301, 304] {
        let error = read(&endpoint(), status).unwrap_err();
        assert_eq!(error, UnacceptableReply::HttpStatus(status).into());
    }
    for status in [400, 401, 403, 404, 500, 503] {
        assert!(matches!(read(&endpoint(), status), Err(Error::Refused(_))), "{status}");
    }
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    assert!(read(&strict, 201).is_err());
    assert!(read(&endpoint(), 201).is_ok());
}

/// §4.1.1: a person compares the fingerprint before anything is trusted.
#[test]
fn a_fingerprint_that_was_compared_makes_the_anchor() {
    let ca = root("CN=CA", &CA, 10);
    let stranger = root("CN=CA", &STRANGER, 20);
    let unverified = read(&[&stranger, &ca]);
    let shown = unverified.fingerprints(DigestAlgorithm::Sha256, &RustCrypto).unwrap();
    assert_eq!(shown.len(), 2);
    for digest in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha512] {
        let pin = ca.fingerprint(digest, &RustCrypto).unwrap();
        let found = read(&[&stranger, &ca]).pinned(digest, &pin, NOW, &RustCrypto).unwrap();
        assert_eq!(found.anchor(), &ca);
        let others: Vec<_> = found.others().map(|(_, role)| role).collect();
        assert_eq!(others, [Role::OtherRoot]);
        assert_eq!(found.explicit_trust(NOW).certificates(), std::slice::from_ref(&ca));
    }
}

#[test]
fn a_wrong_or_weak_fingerprint_makes_nothing() {
    let ca = root("CN=CA", &CA, 10);
    let pin = ca.fingerprint(DigestAlgorithm::Sha256, &RustCrypto).unwrap();
    let error = UnacceptableReply::UntrustedCa(1).into();
    for wrong in [&[][..], &pin[..31], &[0; 32]] {
        let outcome = read(&[&ca]).pinned(DigestAlgorithm::Sha256, wrong, NOW, &RustCrypto);
        assert_eq!(outcome.unwrap_err(), error);
    }
    let sha1 = ca.fingerprint(DigestAlgorithm::Sha1, &RustCrypto).unwrap();
    let outcome = read(&[&ca]).pinned(DigestAlgorithm::Sha1, &sha1, NOW, &RustCrypto);
    assert_eq!(outcome.unwrap_err(), error);
}

#[test]
fn only_a_self_signed_ca_certificate_is_an_anchor() {
    let ca = root("CN=CA", &CA, 10);
    let below = ca_below("CN=Sub", &NEW, "CN=CA", &CA);
    let device = issue(&ca, &CA, &csr("CN=x", &DEVICE), Vec::new());
    for one in [&below, &device] {
        let outcome = read(&[one]).known(one, NOW, &RustCrypto);
        assert_eq!(outcome.unwrap_err(), UnacceptableReply::NotAnAnchor.into());
        let outcome = read(&[one]).from_server(authorised(), NOW, &RustCrypto);
        assert_eq!(outcome.unwrap_err(), UnacceptableReply::NotAnAnchor.into());
    }
}

/// §4.1.3: NewWithNew is the trust anchor; the other three are told apart whatever their order.
#[test]
fn a_rollover_is_recognised_in_every_order() {
    let all = rollover();
    let [new_with_new, old_with_old, old_with_new, new_with_old] = &all;
    for turn in 0..4 {
        let mut order: Vec<_> = all.iter().collect();
        order.rotate_left(turn);
        let found = read(&order).from_server(authorised(), NOW, &RustCrypto).unwrap();
        assert_eq!(found.anchor(), new_with_new);
        let role = |wanted| found.others().find(|(_, role)| *role == wanted).map(|(one, _)| one);
        assert_eq!(role(Role::OldWithOld), Some(old_with_old));
        assert_eq!(role(Role::OldWithNew), Some(old_with_new));
        assert_eq!(role(Role::NewWithOld), Some(new_with_old));
        assert_eq!(found.others().count(), 3);
    }
}

#[test]
fn the_previous_root_is_trusted_while_it_is_valid_and_vouched_for() {
    let all = rollover();
    let found = read(&all.each_ref()).from_server(authorised(), NOW, &RustCrypto).unwrap();
    assert_eq!(found.explicit_trust(NOW).certificates(), &all[..2]);
    assert_eq!(found.explicit_trust(NOW.after(YEAR * 3)).certificates(), &all[..1]);
    // Somebody's old root that the new one does not know of.
    let stranger = root("CN=CA 1", &STRANGER, 3);
    let found = read(&[&all[0], &stranger]).from_server(authorised(), NOW, &RustCrypto).unwrap();
    assert_eq!(found.explicit_trust(NOW).certificates(), &all[..1]);
}

/// §4.1.3: "the EST client... can use NewWithOld to find the new root from the old".
#[test]
fn who_knows_the_previous_root_finds_the_current_one() {
    let all = rollover();
    let [new_with_new, old_with_old, old_with_new, _] = &all;
    let found = read(&all.each_ref()).known(old_with_old, NOW, &RustCrypto).unwrap();
    assert_eq!(found.anchor(), new_with_new);
    // Without NewWithOld nobody whom the device knows vouches for the new one.
    let found = read(&[new_with_new, old_with_old, old_with_new]);
    assert_eq!(found.known(old_with_old, NOW, &RustCrypto).unwrap().anchor(), old_with_old);
}

/// A root that was renewed with its key needs no cross certificates.
#[test]
fn a_root_with_the_name_and_key_of_the_previous_one_replaces_it() {
    let old = root("CN=CA", &CA, 3);
    let renewed = root("CN=CA", &CA, 10);
    let digest = DigestAlgorithm::Sha256;
    let pin = old.fingerprint(digest, &RustCrypto).unwrap();
    // While the old one is valid, and afterwards.
    for now in [NOW, NOW.after(YEAR * 3)] {
        for order in [[&old, &renewed], [&renewed, &old]] {
            let known = read(&order).known(&old, now, &RustCrypto).unwrap();
            let pinned = read(&order).pinned(digest, &pin, now, &RustCrypto).unwrap();
            let served = read(&order).from_server(authorised(), now, &RustCrypto).unwrap();
            for found in [known, pinned, served] {
                assert_eq!(found.anchor(), &renewed);
                assert_eq!(found.others().collect::<Vec<_>>(), [(&old, Role::OldWithOld)]);
                assert_eq!(found.intermediates().count(), 0);
            }
        }
        // RFC 7030 §4.1.3 only recommends to send the previous one.
        let found = read(&[&renewed]).known(&old, now, &RustCrypto).unwrap();
        assert_eq!(found.anchor(), &renewed);
    }
}

#[test]
fn a_root_that_shares_only_name_or_key_replaces_nothing() {
    let old = root("CN=CA", &CA, 3);
    for other in [root("CN=CA", &STRANGER, 10), root("CN=Other", &CA, 10)] {
        let found = read(&[&old, &other]).known(&old, NOW, &RustCrypto).unwrap();
        assert_eq!(found.anchor(), &old);
        let outcome = read(&[&other]).known(&old, NOW, &RustCrypto);
        assert_eq!(outcome.unwrap_err(), UnacceptableReply::UntrustedCa(1).into());
    }
}

#[test]
fn a_cross_certificate_that_expired_binds_nothing() {
    let all = rollover();
    let later = NOW.after(YEAR * 2).after(YEAR / 2);
    let found = read(&all.each_ref()).from_server(authorised(), later, &RustCrypto).unwrap();
    let roles: Vec<_> = found.others().map(|(_, role)| role).collect();
    let expired = Role::Unusable(PathError::NotValid);
    assert_eq!(roles, [Role::OldWithOld, expired, expired]);
    assert_eq!(
        roles[1].to_string(),
        "not to be used: a CA certificate on the way is expired or not yet valid"
    );
}

/// §4.1.3: everything but the anchor is validated before it is used.
#[test]
fn what_does_not_lead_to_the_anchor_is_not_used() {
    let ca = root("CN=CA", &CA, 10);
    let good = ca_below("CN=Sub", &NEW, "CN=CA", &CA);
    let stray = ca_below("CN=Sub", &NEW, "CN=CA", &STRANGER);
    let device = issue(&ca, &CA, &csr("CN=x", &DEVICE), Vec::new());
    let found =
        read(&[&stray, &device, &good, &ca]).from_server(authorised(), NOW, &RustCrypto).unwrap();
    let roles: Vec<_> = found.others().map(|(_, role)| role).collect();
    let expected = [
        Role::Unusable(PathError::NoIssuer),
        Role::Unusable(PathError::NotACa),
        Role::Intermediate,
    ];
    assert_eq!(roles, expected);
    assert_eq!(found.intermediates().collect::<Vec<_>>(), [&good]);
}

#[test]
fn a_message_without_certificates_is_refused() {
    let empty = base64(&certs_only([]));
    let outcome = CaCertificates::read(&endpoint(), &response(200, &[CERTS_ONLY], empty));
    assert_eq!(outcome.unwrap_err(), UnacceptableReply::NoCertificate.into());
}

#[test]
fn a_bare_certificate_is_taken_only_where_that_is_tolerated() {
    let ca = root("CN=CA", &CA, 10);
    let answer = response(200, &[CERTS_ONLY], base64(ca.as_der()));
    assert!(CaCertificates::read(&endpoint(), &answer).is_ok());
    let mut strict = endpoint();
    strict.tolerance.bare_certificate = false;
    let outcome = CaCertificates::read(&strict, &answer);
    assert_eq!(outcome.unwrap_err(), InvalidMessage::BareCertificate.into());
}

#[test]
fn before_anybody_vouched_for_them_they_can_only_be_counted() {
    let unverified = read(&[&root("CN=CA", &CA, 10)]);
    assert_eq!(format!("{unverified:?}"), "UnverifiedCaCertificates(1)");
    assert_eq!((unverified.len(), unverified.is_empty()), (1, false));
}
