//! §3.5 GetCACaps: what a CA says it can do.

use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm};
use devicecert_scep::{Capabilities, Operation, Tolerance};
use http::Response;

use crate::common::{NOW, Server, Who, drive, until_sent};

const ALL: [&str; 9] = [
    "AES",
    "DES3",
    "GetNextCACert",
    "POSTPKIOperation",
    "Renewal",
    "SHA-1",
    "SHA-256",
    "SHA-512",
    "SCEPStandard",
];

fn keywords(capabilities: &Capabilities) -> Vec<&str> {
    capabilities.iter().collect()
}

#[test]
fn every_keyword_of_the_rfc_is_read() {
    let capabilities = Capabilities::parse(&ALL.join("\n"));
    assert_eq!(keywords(&capabilities), ALL);
    assert!(ALL.iter().all(|keyword| capabilities.contains(keyword)));
    assert!(!capabilities.contains("SHA-384"));
}

#[test]
fn lines_end_with_lf_crlf_or_cr_and_the_last_one_may_not_end() {
    let expected = ["AES", "Renewal", "SHA-256"];
    for body in [
        "AES\nRenewal\nSHA-256",
        "AES\nRenewal\nSHA-256\n",
        "AES\r\nRenewal\r\nSHA-256",
        "AES\r\nRenewal\r\nSHA-256\r\n",
        "AES\rRenewal\rSHA-256\r",
        "\n\nAES\n\n\nRenewal\n\r\n\rSHA-256\n\n",
        "  AES\t\n Renewal \nSHA-256  ",
    ] {
        assert_eq!(keywords(&Capabilities::parse(body)), expected, "{body:?}");
    }
}

#[test]
fn a_client_ignores_case() {
    let capabilities = Capabilities::parse("aes\nsha-256\npostpkioperation\nRENEWAL");
    assert!(capabilities.contains("AES") && capabilities.contains("aEs"));
    assert!(capabilities.post() && capabilities.renewal());
    assert_eq!(capabilities.digest(), DigestAlgorithm::Sha256);
    assert_eq!(capabilities.cipher(), ContentCipher::Aes128Cbc);
}

/// One client takes a prefix for the keyword, and so an empty line for all of them.
#[test]
fn part_of_a_keyword_and_an_empty_line_are_no_keyword() {
    let capabilities = Capabilities::parse("\nA\nAES128\nSHA-2567\nRenewa\nxPOSTPKIOperation\n");
    assert!(!capabilities.contains("AES") && !capabilities.contains(""));
    assert!(!capabilities.renewal() && !capabilities.post());
    assert_eq!(capabilities.digest(), DigestAlgorithm::Sha1);
}

#[test]
fn unknown_keywords_are_kept_and_change_nothing() {
    let body = "example.com-Feature\nSHA-224\nMD5\nDES\nAES";
    let capabilities = Capabilities::parse(body);
    assert_eq!(keywords(&capabilities).len(), 5);
    assert!(capabilities.contains("Example.com-feature"));
    assert_eq!(capabilities.to_string(), body);
    assert_eq!(capabilities.digest(), DigestAlgorithm::Sha1);
}

#[test]
fn scep_standard_stands_for_aes_post_and_sha_256_and_not_for_renewal() {
    let capabilities = Capabilities::parse("SCEPStandard");
    assert!(capabilities.post());
    assert_eq!(capabilities.digest(), DigestAlgorithm::Sha256);
    assert_eq!(capabilities.cipher(), ContentCipher::Aes128Cbc);
    assert!(!capabilities.renewal() && !capabilities.contains("AES"));
}

#[test]
fn sha_256_and_aes_128_are_preferred_where_announced() {
    for (body, digest) in [
        ("SHA-1\nSHA-256\nSHA-512", DigestAlgorithm::Sha256),
        ("SHA-512\nSHA-1", DigestAlgorithm::Sha512),
        ("SHA-384\nSHA-1", DigestAlgorithm::Sha384),
        ("SHA-512\nSHA-384", DigestAlgorithm::Sha512),
        ("SHA-1", DigestAlgorithm::Sha1),
    ] {
        assert_eq!(Capabilities::parse(body).digest(), digest, "{body:?}");
    }
    for (body, cipher) in [
        ("DES3\nAES", ContentCipher::Aes128Cbc),
        ("AES", ContentCipher::Aes128Cbc),
        ("DES3", ContentCipher::DesEde3Cbc),
    ] {
        assert_eq!(Capabilities::parse(body).cipher(), cipher, "{body:?}");
    }
}

/// §7.5: GetCACaps is not authenticated, and whoever changes it gains no broken algorithm.
#[test]
fn nothing_leads_to_md5_or_des() {
    for body in ["", "MD5", "DES", "MD5\nDES", "MD5\nSHA-1\nDES\nDES3", "junk"] {
        let capabilities = Capabilities::parse(body);
        assert_eq!(capabilities.digest(), DigestAlgorithm::Sha1, "{body:?}");
        assert_eq!(capabilities.cipher(), ContentCipher::DesEde3Cbc, "{body:?}");
    }
}

#[test]
fn what_is_too_much_is_passed_over() {
    let endless = "x\n".repeat(100_000);
    assert_eq!(keywords(&Capabilities::parse(&endless)).len(), Capabilities::MAX_KEYWORDS);
    let page = format!("{}\nAES", "<html>".repeat(50));
    assert_eq!(keywords(&Capabilities::parse(&page)), ["AES"]);
}

#[test]
fn a_server_writes_lf_between_keywords_and_none_at_the_end() {
    let response = Server::standing().authority.ca_caps();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/plain");
    let body = String::from_utf8(response.into_body()).unwrap();
    assert!(!body.contains('\r') && !body.ends_with('\n') && !body.contains("\n\n"));
    assert!(!body.contains(' '));
    assert_eq!(Capabilities::parse(&body), Capabilities::of_this_crate());
}

/// One client compares in exact case, and uses AES only if SHA-384 is there.
#[test]
fn a_server_announces_what_it_can_do_in_exact_case() {
    let own = Capabilities::of_this_crate();
    assert_eq!(
        keywords(&own),
        [
            "POSTPKIOperation",
            "Renewal",
            "SCEPStandard",
            "AES",
            "DES3",
            "SHA-1",
            "SHA-256",
            "SHA-384",
            "SHA-512"
        ]
    );
    // GetNextCACert is not implemented, and so not announced.
    assert!(!own.contains("GetNextCACert"));
}

#[test]
fn an_error_or_an_empty_answer_announces_nothing() {
    let server = Server::standing();
    let device = Who::device();
    for (status, body) in [(200, ""), (404, "AES"), (500, "SCEPStandard"), (403, "")] {
        let mut enrolment = device.enrolment(&server);
        enrolment.step(NOW).unwrap();
        let mut response = Response::new(body.as_bytes().to_vec());
        *response.status_mut() = status.try_into().unwrap();
        enrolment.received(&response).unwrap();
        let request = until_sent(&mut enrolment, device.key, &server, NOW);
        // Nothing announced: GET, SHA-1 and 3DES.
        assert_eq!(request.method(), http::Method::GET, "{status} {body:?}");
        let Operation::PkiOperation(message) =
            Operation::parse(&request, &Tolerance::STRICT).unwrap()
        else {
            panic!("{request:?}")
        };
        let opened = server.open(&message);
        assert_eq!(opened.transaction().digest(), DigestAlgorithm::Sha1);
        assert_eq!(opened.transaction().seal().cipher, ContentCipher::DesEde3Cbc);
        assert!(drive(&mut enrolment, device.key, &server).is_ok());
    }
}

#[test]
fn a_client_does_not_look_at_the_content_type_or_the_encoding() {
    let server = Server::standing();
    let device = Who::device();
    let mut enrolment = device.enrolment(&server);
    enrolment.step(NOW).unwrap();
    let mut response = Response::new(b"\xff\xfe\nAES\nPOSTPKIOperation\n".to_vec());
    let json = "application/json".parse().unwrap();
    response.headers_mut().insert("content-type", json);
    enrolment.received(&response).unwrap();
    let request = until_sent(&mut enrolment, device.key, &server, NOW);
    assert_eq!(request.method(), http::Method::POST);
}
