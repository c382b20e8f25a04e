//! The forms of the certificate, and what goes to the CA.

use devicecert_fleet::request_certificate::{FailInfo, Issued, PkiStatus};
use devicecert_fleet::{Limits, PeerText, Rules};
use devicecert_pki::cms::Bundle;
use devicecert_pki::{Limits as PkiLimits, from_pem, to_pem};

use crate::support::{
    ADMIN, World, body, certificate, est_body, good, idp_body, ndes, other_certificate, pem,
    reason, refused, told,
};

fn wrapped(text: &str) -> String {
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    lines.join("\n")
}

/// Late 2025: PKCS #7 under a label that is wrong, whatever was asked for.
#[test]
fn late_2025() {
    let envelope = est_body(&[certificate()]);
    for asked in [false, true] {
        let mut world = World::new(Rules::Guide);
        let mut body = idp_body(&good());
        body["return_pem_certificate"] = asked.into();
        let text = world.issues(&ADMIN, &body);
        let expected =
            format!("-----BEGIN CERTIFICATE-----\n{envelope}\n-----END CERTIFICATE-----\n");
        assert_eq!(text, expected);
    }
}

/// 2026: what the EST server sent, octet by octet, under the right label.
#[test]
fn pkcs7() {
    let one_line = est_body(&[certificate()]);
    for envelope in [one_line.clone(), wrapped(&one_line) + "\n"] {
        let mut world = World::closed();
        world.issued = Issued::Est(envelope.clone().into_bytes());
        let text = world.issues(&ADMIN, &body(&good()));
        assert_eq!(text, format!("-----BEGIN PKCS7-----\n{envelope}\n-----END PKCS7-----\n"));
    }
}

#[test]
fn an_x509_certificate() {
    let mut world = World::closed();
    let mut body = body(&good());
    body["return_pem_certificate"] = true.into();
    let spaced = wrapped(&est_body(&[certificate()])).replace('\n', "\r\n \t");
    for envelope in [est_body(&[certificate()]), spaced] {
        world.issued = Issued::Est(envelope.into_bytes());
        assert_eq!(world.issues(&ADMIN, &body), to_pem("CERTIFICATE", certificate().as_der()));
    }
}

/// Nobody is to guess which certificate of a chain is the device's.
#[test]
fn a_chain_where_one_certificate_was_asked_for() {
    let mut body = body(&good());
    body["return_pem_certificate"] = true.into();
    let prefix = "converting PKCS7 envelope to PEM certificate";
    let chain = [certificate(), other_certificate()];
    for (envelope, text) in [
        (est_body(&chain), "expected exactly 1 certificate in EST PKCS7 envelope, got 2"),
        (est_body(&[]), "expected exactly 1 certificate in EST PKCS7 envelope, got 0"),
        ("abc12".into(), "decoding base64 PKCS7 envelope"),
    ] {
        let mut world = World::closed();
        world.issued = Issued::Est(envelope.into_bytes());
        let refusal = world.refuses(&ADMIN, &body);
        assert_eq!(told(&refusal), refused(500, &format!("{prefix}: {text}")));
    }
    let mut world = World::closed();
    world.issued = Issued::Est(b"abcd".to_vec());
    let (status, text) = world.refuses(&ADMIN, &body);
    assert!(status == 500 && text.contains("parsing PKCS7 envelope: "), "{text}");
}

/// 2026: from the octets that were checked, in lines of 64 characters, nothing at the end. 2025: what
/// the caller wrote, without its first and last line.
#[test]
fn the_body_for_est() {
    let csr = good();
    let text = pem(&csr);
    let inside: Vec<_> = text.lines().filter(|line| !line.starts_with('-')).collect();
    let escaped = text.replace('\n', "\\n");
    for (spelling, guide) in
        [(&text, format!("\n{}\n\n", inside.join("\n"))), (&escaped, inside.concat())]
    {
        let mut body = body(&csr);
        body["csr"] = spelling.as_str().into();
        let mut world = World::new(Rules::Guide);
        world.issues(&ADMIN, &body);
        assert_eq!(world.est_body, guide);
        let mut world = World::closed();
        world.issues(&ADMIN, &body);
        assert_eq!(world.est_body, inside.join("\n"));
    }
}

/// NDES: Fleet speaks SCEP itself, and answers as if it had been EST.
#[test]
fn ndes_issues() {
    let mut world = World::closed();
    world.authority = Some(ndes());
    world.issued = Issued::Scep(Box::new(certificate()));
    let text = world.issues(&ADMIN, &body(&good()));
    let der = from_pem("PKCS7", &text).unwrap().remove(0);
    let bundle = Bundle::parse(&der, &PkiLimits::default()).unwrap();
    assert_eq!(bundle.certificates().collect::<Vec<_>>(), [certificate().as_der()]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "-----BEGIN PKCS7-----");
    assert!(lines[1..lines.len() - 2].iter().all(|line| line.len() == 64), "{text}");
    let mut body = body(&good());
    body["return_pem_certificate"] = true.into();
    assert_eq!(world.issues(&ADMIN, &body), to_pem("CERTIFICATE", certificate().as_der()));
}

fn peer(text: &str) -> PeerText {
    PeerText::new(text, &[], Limits::default().text_characters)
}

#[test]
fn ndes_says_no() {
    let rejected = "SCEP certificate request failed: SCEP server rejected the request: ";
    let hint = "; if this certificate authority requires a challenge, include it as the CSR's challengePassword attribute";
    let fail = |code: &str| PkiStatus::Failure(FailInfo::new(code, &Limits::default()));
    for (status, text) in [
        (fail("0"), format!("status FAILURE with fail info badAlg (0){hint}")),
        (fail("1"), format!("status FAILURE with fail info badMessageCheck (1){hint}")),
        (fail("2"), format!("status FAILURE with fail info badRequest (2){hint}")),
        (fail("3"), format!("status FAILURE with fail info badTime (3){hint}")),
        (fail("4"), format!("status FAILURE with fail info badCertID (4){hint}")),
        (fail("99"), format!("status FAILURE with fail info \"99\"{hint}")),
        (
            PkiStatus::Pending,
            "status PENDING; requests that need manual approval are not supported".into(),
        ),
        (PkiStatus::Other(peer("7")), "unknown status \"7\"".into()),
    ] {
        let mut world = World::closed();
        world.authority = Some(ndes());
        world.issued = Issued::ScepRejected(status);
        let refusal = world.refuses(&ADMIN, &body(&good()));
        assert_eq!(told(&refusal), refused(400, &format!("{rejected}{text}")));
    }
    let mut world = World::closed();
    world.issued = Issued::ScepFailed(peer("wrong\ntransaction"));
    let refusal = world.refuses(&ADMIN, &body(&good()));
    let text = "SCEP certificate request failed: wrong\\ntransaction";
    assert_eq!(told(&refusal), refused(400, text));
}

#[test]
fn ndes_is_not_to_be_reached() {
    let mut world = World::closed();
    world.authority = Some(ndes());
    world.issued = Issued::ScepUnreachable(peer("connection refused"));
    let response = world.call(&ADMIN, &body(&good()));
    assert_eq!(response.headers()["retry-after"], "30");
    let text = "getting CA certificates from SCEP URL: connection refused";
    assert_eq!(told(&reason(&response)), refused(503, text));
    // No other refusal promises anything.
    let other = world.call(&ADMIN, &serde_json::json!({}));
    assert!(!other.headers().contains_key("retry-after"));
}
