//! Requests of certmonger, PyScep, micromdm's scepclient and strongSwan, read as a server reads
//! them.

use devicecert::pki::Secret;
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm, SignatureAlgorithm};
use devicecert::pki::{Csr, oid};
use devicecert::scep::{Content, Message, MessageType, Operation, Request, Tolerance};

use crate::Case;
use crate::captures::{Captures, bytes, is_lower_hex, is_upper_hex, limits};
use crate::peers::{CLIENTS, Exchange, Servers, envelope, exchanges, files};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("peers::every_request_of_certmonger_opens", certmonger),
        Case::new("peers::every_request_certmonger_prepared_opens", certmonger_prepared),
        Case::new("peers::every_request_of_pyscep_opens", pyscep),
        Case::new("peers::every_request_of_scepclient_opens", scepclient),
        Case::new("peers::every_request_of_strongswan_opens", strongswan),
        Case::new("peers::http_requests_hold_the_messages_recorded", http_requests),
        Case::new("peers::a_get_in_base64url_without_padding_is_read", base64url),
    ]
}

/// Opens every request of a client and hands it to `check`.
fn each(captures: &Captures, client: &str, check: impl Fn(&Exchange, &Request, ContentCipher)) {
    let servers = Servers::new(captures);
    let known = Csr::parse(&captures.bytes(&format!("peers/{client}/decrypted.csr")), &limits());
    let mut is_known = false;
    for exchange in exchanges(captures, client) {
        // The recorder could not decode this one; it has a test of its own.
        if exchange.request.is_empty() {
            continue;
        }
        let request = servers.open(captures, &exchange.name, &exchange.request);
        let message = Message::parse(&exchange.request, &limits()).unwrap();
        check_common(&exchange, &request);
        check(&exchange, &request, envelope(&message).0);
        is_known |= matches!(request.content(), Content::Enrol(enrol) if Some(enrol.csr()) == known.as_ref().ok());
    }
    assert!(
        is_known,
        "{client}: the request that was decrypted with another program is none of ours"
    );
}

fn check_common(exchange: &Exchange, request: &Request) {
    let Exchange { name, scenario, .. } = exchange;
    let transaction = request.transaction();
    assert_eq!(transaction.sender_nonce().unwrap().as_bytes().len(), 16, "{name}");
    match (transaction.message_type(), request.content()) {
        (MessageType::PkcsReq | MessageType::RenewalReq, Content::Enrol(enrol)) => {
            let challenge = enrol.csr().challenge_password();
            match scenario.as_str() {
                "no-challenge" | "ref-renew" => assert_eq!(challenge, None, "{name}"),
                "wrong-challenge" | "ref-wrongchal" | "ref-fail2-empty" | "scepserver" => {}
                _ => assert_eq!(challenge, Some(&Secret::from("secret")), "{name}"),
            }
        }
        (MessageType::CertPoll, Content::Poll) => {}
        (MessageType::GetCert, Content::GetCert(wanted))
        | (MessageType::GetCrl, Content::GetCrl(wanted)) => {
            // As `openssl cms -decrypt` and `openssl asn1parse` show it.
            assert_eq!(wanted.issuer().common_name().unwrap(), "Lab SCEP CA 2", "{name}");
            assert_eq!(wanted.serial(), [1], "{name}");
        }
        (kind, content) => panic!("{name}: {kind} with {content:?}"),
    }
}

fn certmonger(captures: &Captures) {
    each(captures, "certmonger", |Exchange { name, scenario, .. }, request, cipher| {
        check_certmonger(name, request);
        let expected = match scenario.as_str() {
            "caps-SHA-1_DES3" => ContentCipher::DesEde3Cbc,
            _ => ContentCipher::Aes256Cbc,
        };
        assert_eq!(cipher, expected, "{name}");
        // Renewal is a PKCSReq signed with the certificate in force.
        let signer = request.transaction().signer();
        let renews = matches!(scenario.as_str(), "rekey" | "resubmit-samekey")
            || name == "certmonger/direct-p/006-GET-PKIOperation";
        assert_eq!(signer.is_self_issued(), !renews, "{name}");
    });
}

fn check_certmonger(name: &str, request: &Request) {
    let transaction = request.transaction();
    assert_eq!(transaction.digest(), DigestAlgorithm::Sha256, "{name}");
    let id = transaction.id().as_str();
    assert!((76..=78).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_digit()), "{name}");
    // Longer than RFC 5280 permits: the digest of the key.
    if transaction.signer().is_self_issued() {
        assert!(transaction.signer().serial().len() >= 32, "{name}");
        assert!(transaction.signer().extensions().is_empty(), "{name}");
    }
}

fn certmonger_prepared(captures: &Captures) {
    let servers = Servers::new(captures);
    let prepared = files(&captures.path("peers/certmonger/pem"), ".der");
    assert_eq!(prepared.len(), 8);
    for path in prepared {
        let name = path.to_str().unwrap();
        let request = servers.open(captures, name, &bytes(&path));
        check_certmonger(name, &request);
        let expected = match name.contains("GETCERTINITIAL") {
            true => MessageType::CertPoll,
            false => MessageType::PkcsReq,
        };
        assert_eq!(request.transaction().message_type(), expected, "{name}");
        assert!(!matches!(request.content(), Content::Unreadable(_)), "{name}");
    }
}

fn pyscep(captures: &Captures) {
    each(captures, "pyscep", |Exchange { name, scenario, request: body, .. }, request, cipher| {
        let transaction = request.transaction();
        let digest = match scenario.as_str() {
            "scepserver" => DigestAlgorithm::Sha256,
            _ => DigestAlgorithm::Sha512,
        };
        assert_eq!((transaction.digest(), cipher), (digest, ContentCipher::Aes256Cbc), "{name}");
        let id = transaction.id().as_str();
        match transaction.message_type() {
            MessageType::PkcsReq | MessageType::CertPoll => assert!(is_lower_hex(id, 40), "{name}"),
            // A UUID.
            _ => assert_eq!((id.len(), &id[8..9]), (36, "-"), "{name}"),
        }
        // EnvelopedData of version 1, which RFC 5652 does not have: ContentInfo's type and tag,
        // the SEQUENCE, and the version.
        let oid = oid::ENVELOPED_DATA;
        let at = body.windows(9).position(|window| window == oid.as_bytes()).unwrap();
        assert!(body[at + 9..at + 20].windows(3).any(|window| window == [2, 1, 1]), "{name}");
    });
}

fn scepclient(captures: &Captures) {
    each(
        captures,
        "scepclient",
        |Exchange { name, scenario, request: body, .. }, request, cipher| {
            let transaction = request.transaction();
            let expected = (DigestAlgorithm::Sha1, ContentCipher::DesCbc);
            assert_eq!((transaction.digest(), cipher), expected, "{name}");
            // Single DES is read and never written.
            assert_eq!(transaction.seal().cipher, ContentCipher::DesEde3Cbc, "{name}");
            assert_eq!(transaction.id().as_str().len(), 28, "{name}");
            let renews = scenario == "renew" || name.ends_with("ref-enroll/006-POST-PKIOperation");
            let kind = match renews {
                true => MessageType::RenewalReq,
                false => MessageType::PkcsReq,
            };
            assert_eq!(transaction.message_type(), kind, "{name}");
            assert_eq!(transaction.signer().is_self_issued(), !renews, "{name}");
            let message = Message::parse(body, &limits()).unwrap();
            let recipients = match name.as_str() {
                "scepclient/ref-ra/003-POST-PKIOperation" => 2,
                _ => 1,
            };
            assert_eq!(envelope(&message).1.recipients().len(), recipients, "{name}");
        },
    );
}

fn strongswan(captures: &Captures) {
    each(
        captures,
        "strongswan",
        |Exchange { name, scenario, request: body, .. }, request, cipher| {
            let transaction = request.transaction();
            let digest = match name.as_str() {
                "strongswan/enrol/008-POST-PKIOperation" => DigestAlgorithm::Sha1,
                "strongswan/enrol/010-POST-PKIOperation" => DigestAlgorithm::Sha512,
                _ => match scenario.as_str() {
                    "ref-sha1" => DigestAlgorithm::Sha1,
                    "ref-sha384" => DigestAlgorithm::Sha384,
                    "ref-sha512" => DigestAlgorithm::Sha512,
                    _ => DigestAlgorithm::Sha256,
                },
            };
            let expected = match scenario.as_str() {
                "ref-des3" | "enrol" => ContentCipher::DesEde3Cbc,
                _ => ContentCipher::Aes128Cbc,
            };
            assert_eq!((transaction.digest(), cipher), (digest, expected), "{name}");
            assert!(is_upper_hex(transaction.id().as_str(), 40), "{name}");
            let message = Message::parse(body, &limits()).unwrap();
            let scheme = message.as_signed_data().signer().unwrap().signature_algorithm().oid;
            let with_digest = SignatureAlgorithm::RsaPkcs1(digest).identifier().unwrap().oid;
            let expected = match scenario.as_str() {
                "ref-pss" => oid::RSASSA_PSS,
                _ => with_digest,
            };
            assert_eq!(scheme, expected, "{name}");
            if scenario == "ref-renew" {
                assert_eq!(transaction.message_type(), MessageType::RenewalReq, "{name}");
                assert!(!transaction.signer().is_self_issued(), "{name}");
            }
        },
    );
}

/// The request of a recorded HTTP request.
fn operation(http: &[u8], name: &str) -> Operation {
    let end = http.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = http.split_at(end.map_or(http.len(), |end| end + 4));
    let head = String::from_utf8_lossy(head);
    let mut line = head.lines().next().unwrap().split(' ');
    let request = http::Request::builder()
        .method(line.next().unwrap())
        .uri(line.next().unwrap())
        .body(body)
        .unwrap();
    Operation::parse(&request, &Tolerance::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn http_requests(captures: &Captures) {
    let mut gets = 0;
    for exchange in CLIENTS.iter().flat_map(|client| exchanges(captures, client)) {
        let chunked =
            String::from_utf8_lossy(&exchange.http).contains("Transfer-Encoding: chunked");
        if exchange.request.is_empty() || chunked {
            continue;
        }
        gets += usize::from(exchange.http.starts_with(b"GET"));
        let expected = Operation::PkiOperation(exchange.request);
        assert_eq!(operation(&exchange.http, &exchange.name), expected, "{}", exchange.name);
    }
    assert!(gets >= 40, "{gets}");
}

fn base64url(captures: &Captures) {
    let http = captures.bytes("peers/scepclient/caps-/003-GET-PKIOperation.req");
    let line = String::from_utf8_lossy(&http).lines().next().unwrap().to_owned();
    assert!(line.contains("message=") && line.contains(['-', '_']), "{line}");
    let Operation::PkiOperation(body) = operation(&http, "caps-") else { panic!("{line}") };
    let request = Servers::new(captures).open(captures, "scepclient/caps-", &body);
    assert!(matches!(request.content(), Content::Enrol(_)), "{request:?}");
}
