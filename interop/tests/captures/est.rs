//! EST: what libest, GlobalSign's server and 63 spellings of a mock answered, read by our client;
//! what strongSwan, libest, GlobalSign, BouncyCastle and curl sent, read by our server; the
//! examples of RFC 7030 and RFC 9908.

use devicecert::crypto_rust::RustCrypto;
use devicecert::est::{
    AttrOrOid, Authorization, CaCertificates, Client, CsrAttrs, Draft, Endpoint, Enrolment, Error,
    Issued, KeyDemand, KeyProtection, Limits, PrivateKeyFormat, Refusal, RefusalKind, Request,
    Role, Service, Step, Tolerance,
};
use devicecert::pki::{
    Certificate, Csr, CsrParams, Decryptor, KeyKind, Limits as PkiLimits, PublicKey, Secret,
    Signer, Time, oid,
};
use http::{Method, Response};

use crate::Case;
use crate::captures::Captures;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("est::every_spelling_of_cacerts", spellings_of_cacerts),
        Case::new("est::every_spelling_of_simpleenroll", spellings_of_simpleenroll),
        Case::new("est::long_cacerts_in_every_spelling", long_cacerts),
        Case::new("est::libest_and_globalsign_servers", servers),
        Case::new("est::libest_and_globalsign_generated_keys", generated_keys),
        Case::new("est::requests_of_every_client", requests),
        Case::new("est::every_spelling_of_a_request", request_bodies),
        Case::new("est::rfc_7030_a_1_rollover", appendix_a_1),
        Case::new("est::rfc_7030_a_2_csrattrs", appendix_a_2),
        Case::new("est::rfc_7030_a_3_enrolment", appendix_a_3),
        Case::new("est::rfc_7030_a_4_generated_key", appendix_a_4),
        Case::new("est::rfc_9908_section_5", rfc_9908),
        Case::new("est::templates_good_and_bad", templates),
    ]
}

fn endpoint() -> Endpoint {
    Endpoint::new("https://est.test").unwrap()
}

fn strict() -> Endpoint {
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    strict
}

/// Within the validity of everything that was recorded.
const RECORDED: Time = Time::from_unix(1_796_000_000);

/// Head and body of a recorded message; chunks are put together.
fn split(message: &[u8]) -> (Vec<String>, Vec<u8>) {
    let end = message.windows(4).position(|window| window == b"\r\n\r\n");
    let (end, skip) = match end {
        Some(end) => (end, 4),
        None => (message.windows(2).position(|window| window == b"\n\n").unwrap(), 2),
    };
    let head = String::from_utf8(message[..end].to_vec()).unwrap();
    let lines: Vec<String> = head.lines().map(str::to_owned).collect();
    let body = &message[end + skip..];
    let is_chunked = lines.iter().any(|line| line.to_lowercase().contains(": chunked"));
    (lines, if is_chunked { unchunked(body) } else { body.to_vec() })
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n").unwrap();
        let size = std::str::from_utf8(&rest[..end]).unwrap().trim();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
}

fn response(captures: &Captures, path: &str) -> Response<Vec<u8>> {
    let (lines, body) = split(&captures.bytes(&format!("est/{path}")));
    let status = lines[0].split(' ').nth(1).unwrap();
    let mut response = Response::builder().status(status);
    for line in &lines[1..] {
        let (name, value) = line.split_once(':').unwrap();
        response = response.header(name, value.trim());
    }
    response.body(body).unwrap()
}

fn request(captures: &Captures, path: &str) -> http::Request<Vec<u8>> {
    let (lines, body) = split(&captures.bytes(&format!("est/{path}")));
    let mut first = lines[0].split(' ');
    let (method, uri) = (first.next().unwrap(), first.next().unwrap());
    let mut request = http::Request::builder().method(method).uri(uri);
    for line in &lines[1..] {
        let (name, value) = line.split_once(':').unwrap();
        request = request.header(name, value.trim());
    }
    // libest sends two octets more than it announces.
    let body = match request.headers_ref().unwrap().get("content-length") {
        Some(length) => body[..length.to_str().unwrap().parse().unwrap()].to_vec(),
        None if method == "GET" => Vec::new(),
        None => body,
    };
    request.body(body).unwrap()
}

fn certificate(captures: &Captures, path: &str) -> Certificate {
    Certificate::parse(&captures.bytes(&format!("est/{path}")), &PkiLimits::default()).unwrap()
}

/// A client that waits for the answer to a request for this key.
fn waiting(endpoint: Endpoint, csr: Csr) -> Enrolment {
    let mut enrolment = Enrolment::new(endpoint, csr, &RustCrypto);
    assert!(matches!(enrolment.step(RECORDED), Ok(Step::Send(_))));
    enrolment
}

fn take(mut enrolment: Enrolment, response: &Response<Vec<u8>>) -> Result<Issued, Error> {
    enrolment.received(response, RECORDED)?;
    match enrolment.step(RECORDED)? {
        Step::Done(issued) => Ok(*issued),
        other => panic!("{other:?}"),
    }
}

/// What the RFCs allow; everything else is taken by tolerance alone.
const BY_THE_RFC: [&str; 17] = [
    "base",
    "lf64",
    "lf64_nocte",
    "oneline",
    "oneline_nl",
    "oneline_nocte",
    "cte_QP",
    "cte_upper",
    "charset",
    "no_smime",
    "nospace",
    "casequote",
    "lower",
    "chunked",
    "spaces",
    "trailnl",
    "v3",
];

fn names(captures: &Captures, operation: &str) -> Vec<String> {
    let folder = std::fs::read_dir(captures.path("est/variants")).unwrap();
    let suffix = format!(".{operation}.http");
    let mut all: Vec<_> = folder
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(&suffix).map(str::to_owned)
        })
        .collect();
    all.sort();
    all
}

fn spellings_of_cacerts(captures: &Captures) {
    let ca = certificate(captures, "variants/expected-ca.der");
    let names = names(captures, "cacerts");
    assert!(names.len() > 30, "{}", names.len());
    for name in names.iter().filter(|name| !name.contains("long")) {
        let response = response(captures, &format!("variants/{name}.cacerts.http"));
        let read = CaCertificates::read(&endpoint(), &response);
        let found = read.and_then(|read| read.known(&ca, RECORDED, &RustCrypto));
        assert_eq!(found.unwrap().anchor(), &ca, "{name}");
        let is_strict = CaCertificates::read(&strict(), &response).is_ok();
        // Leaf and CA together are no deviation of /cacerts; blanks and lines are none of any.
        let by_the_rfc = BY_THE_RFC.contains(&name.as_str())
            || ["leaf_first", "ca_first", "oneline_lead", "oneline_crlf2", "oneline_nl2"]
                .contains(&name.as_str());
        assert_eq!(is_strict, by_the_rfc, "{name}");
    }
}

fn spellings_of_simpleenroll(captures: &Captures) {
    let leaf = certificate(captures, "variants/expected-leaf.der");
    let csr = Csr::parse(&captures.bytes("est/variants/csr.der"), &PkiLimits::default()).unwrap();
    let names = names(captures, "simpleenroll");
    assert!(names.len() > 20, "{}", names.len());
    for name in names {
        let response = response(captures, &format!("variants/{name}.simpleenroll.http"));
        let issued = take(waiting(endpoint(), csr.clone()), &response);
        assert_eq!(issued.unwrap().certificate, leaf, "{name}");
        let is_strict = take(waiting(strict(), csr.clone()), &response).is_ok();
        assert_eq!(is_strict, BY_THE_RFC.contains(&name.as_str()), "{name}");
    }
}

fn long_cacerts(captures: &Captures) {
    let ca = certificate(captures, "variants/expected-ca.der");
    for name in names(captures, "cacerts").iter().filter(|name| name.contains("long")) {
        let response = response(captures, &format!("variants/{name}.cacerts.http"));
        let read = CaCertificates::read(&strict(), &response).unwrap();
        assert_eq!(read.len(), 4, "{name}");
        let found = read.known(&ca, RECORDED, &RustCrypto).unwrap();
        assert!(found.others().all(|(_, role)| role == Role::OtherRoot), "{name}");
    }
}

fn servers(captures: &Captures) {
    for who in ["libest", "globalsign"] {
        let cacerts = response(captures, &format!("captured/{who}-server-cacerts.response.http"));
        let read = CaCertificates::read(&strict(), &cacerts).unwrap();
        assert_eq!(
            read.fingerprints(devicecert::pki::algorithm::DigestAlgorithm::Sha256, &RustCrypto,)
                .unwrap()
                .len(),
            1,
            "{who}"
        );

        let answer =
            response(captures, &format!("captured/{who}-server-simpleenroll.response.http"));
        let text: String = String::from_utf8(answer.body().clone()).unwrap();
        let der = devicecert::pki::from_pem(
            "X",
            &format!("-----BEGIN X-----\n{text}\n-----END X-----\n"),
        )
        .unwrap();
        let bundle = devicecert::pki::cms::Bundle::parse(&der[0], &PkiLimits::default()).unwrap();
        let issued = bundle.decoded(&PkiLimits::default()).next().unwrap().unwrap();
        let found = take(for_key(strict(), issued.public_key()), &answer).unwrap();
        assert_eq!(found.certificate, issued, "{who}");
    }
    let attrs = response(captures, "captured/globalsign-server-csrattrs.response.http");
    assert_eq!(CsrAttrs::read(&strict(), &attrs), Ok(None));
    let attrs = response(captures, "captured/libest-server-csrattrs.response.http");
    let attrs = CsrAttrs::read(&endpoint(), &attrs).unwrap().unwrap();
    assert!(attrs.elements().iter().any(|one| matches!(one, AttrOrOid::Other(_))));

    let refused = response(captures, "captured/libest-server-401.response.http");
    let refused = refusal(captures, &refused);
    assert_eq!((refused.kind(), refused.challenges.len()), (RefusalKind::Unauthorised, 1));
    let refused = response(captures, "captured/globalsign-server-403.response.http");
    let refused = refusal(captures, &refused);
    assert_eq!(refused.kind(), RefusalKind::Forbidden);
    let text = "403 client certificate must be provided for /simplereenroll";
    assert_eq!(refused.text.as_deref(), Some(text));
}

fn refusal(captures: &Captures, response: &Response<Vec<u8>>) -> Refusal {
    let csr = Csr::parse(&captures.bytes("est/variants/csr.der"), &PkiLimits::default()).unwrap();
    match take(waiting(endpoint(), csr), response) {
        Err(Error::Refused(refusal)) => *refusal,
        other => panic!("{other:?}"),
    }
}

/// A client that waits for a certificate for a key that is not at hand: nobody checks the signature
/// of the request here.
fn for_key(endpoint: Endpoint, key: &PublicKey) -> Enrolment {
    let draft = Draft::new(CsrParams::new("CN=x".parse().unwrap()), key.clone());
    let mut enrolment = Enrolment::new(endpoint, draft, &RustCrypto);
    assert!(matches!(enrolment.step(RECORDED), Ok(Step::Sign(_))));
    enrolment.signed(b"no signature").unwrap();
    assert!(matches!(enrolment.step(RECORDED), Ok(Step::Send(_))));
    enrolment
}

/// A client that waits for a generated key.
fn for_generated_key(endpoint: Endpoint) -> Enrolment {
    let key = devicecert::crypto_rust::PrivateKey::generate(KeyKind::P256).unwrap();
    let params = CsrParams::new("CN=x".parse().unwrap());
    let public = key.public_key().clone();
    let tls = KeyProtection::Tls;
    let mut enrolment =
        Enrolment::generate_key(endpoint, params, public, tls, &RustCrypto).unwrap();
    let Ok(Step::Sign(ask)) = enrolment.step(RECORDED) else { panic!() };
    enrolment.signed(&key.sign(&ask).unwrap()).unwrap();
    assert!(matches!(enrolment.step(RECORDED), Ok(Step::Send(_))));
    enrolment
}

/// The key opens what is wrapped with the certificate.
fn check_key(issued: &Issued) {
    let key = issued.key.as_ref().unwrap();
    let pkcs8 = key.to_pkcs8(issued.certificate.public_key()).unwrap().unwrap();
    let private = devicecert::crypto_rust::PrivateKey::from_pkcs8_der(pkcs8.expose()).unwrap();
    assert_eq!(private.public_key(), issued.certificate.public_key());
    let _: &dyn Decryptor = &private;
}

fn generated_keys(captures: &Captures) {
    let globalsign = response(captures, "captured/globalsign-server-serverkeygen.response.http");
    let issued = take(for_generated_key(strict()), &globalsign).unwrap();
    assert_eq!(issued.key.as_ref().unwrap().format, PrivateKeyFormat::Pkcs8);
    check_key(&issued);
    let libest = response(captures, "captured/libest-server-serverkeygen.response.http");
    let issued = take(for_generated_key(endpoint()), &libest).unwrap();
    assert_eq!(issued.key.as_ref().unwrap().format, PrivateKeyFormat::RsaPrivateKey);
    check_key(&issued);
}

fn requests(captures: &Captures) {
    let service = Service::default();
    for who in ["strongswan-5.9.8", "libest-3.2.0p", "globalsign", "bcjava-1.72"] {
        let path = format!("captured/{who}-cacerts.request.http");
        let request = request(captures, &path);
        let call = service.route(&request).unwrap();
        let read = call.read(&request, &Client::default(), &RustCrypto).unwrap();
        assert_eq!(read, Request::CaCerts, "{who}");
    }
    for (path, is_strict) in [
        ("strongswan-5.9.8-simpleenroll", true),
        ("strongswan-5.9.8-simplereenroll", true),
        ("globalsign-simpleenroll", true),
        ("bcjava-1.72-simpleenroll", true),
        ("curl-data-binary-pem", false),
    ] {
        let request = request(captures, &format!("captured/{path}.request.http"));
        let mut service = Service::default();
        for (tolerance, expected) in [(Tolerance::default(), true), (Tolerance::STRICT, is_strict)]
        {
            service.tolerance = tolerance;
            let call = service.route(&request).unwrap();
            let read = call.read(&request, &Client::default(), &RustCrypto);
            assert_eq!(matches!(read, Ok(Request::Enrol(_))), expected, "{path}: {read:?}");
        }
    }
    // The proof of possession of libest, over TLS 1.2: twelve octets that this connection lacks.
    let linked = request(captures, "captured/libest-3.2.0p-simpleenroll-pop.request.http");
    let call = service.route(&linked).unwrap();
    assert!(call.read(&linked, &Client::default(), &RustCrypto).is_err());
    let mut client = Client::default();
    let binding = [0xa1, 0xec, 0x69, 0x1b, 0x2f, 0x62, 0x12, 0x75, 0x57, 0x22, 0x08, 0x96];
    client.binding = Some(devicecert::est::ChannelBinding::tls_unique(&binding).unwrap());
    let Ok(Request::Enrol(enrol)) = call.read(&linked, &client, &RustCrypto) else { panic!() };
    assert_eq!(enrol.linking(), devicecert::est::Linking::Linked);
}

fn request_bodies(captures: &Captures) {
    let service = Service::default();
    let table =
        String::from_utf8(captures.bytes("est/variants/request-bodies/expected.psv")).unwrap();
    let rows: Vec<_> = table.lines().skip(1).collect();
    assert!(rows.len() >= 14);
    for row in rows {
        let mut fields = row.split('|');
        let (name, der) = (fields.next().unwrap(), fields.next_back().unwrap());
        let body = captures.bytes(&format!("est/variants/request-bodies/{name}"));
        let request = http::Request::post("/.well-known/est/simpleenroll").body(body).unwrap();
        let call = service.route(&request).unwrap();
        let Ok(Request::Enrol(enrol)) = call.read(&request, &Client::default(), &RustCrypto) else {
            panic!("{name}")
        };
        let expected = captures
            .path(&format!("est/variants/request-bodies/{der}"))
            .is_file()
            .then(|| captures.bytes(&format!("est/variants/request-bodies/{der}")));
        assert!(expected.is_none_or(|expected| enrol.csr().as_der() == expected), "{name}");
    }
}

/// RFC 7030 A.1: four certificates of a rollover, which have four subjects.
fn appendix_a_1(captures: &Captures) {
    let response = response(captures, "rfc7030/A1-response.http");
    let unverified = CaCertificates::read(&strict(), &response).unwrap();
    assert_eq!(unverified.len(), 4);
    // 2013-12-01; the certificates are valid for a year from 2013-05-09.
    let now = Time::from_unix(1_385_856_000);
    let anchors = devicecert::est::ImplicitTrustAnchors::new(Vec::new());
    let authorised = anchors.authorise(devicecert::est::NameMatch::Matches).unwrap();
    let found = unverified.from_server(authorised, now, &RustCrypto).unwrap();
    let name = |one: &Certificate| one.subject().common_name().unwrap();
    assert_eq!(name(found.anchor()), "estExampleCA NwN");
    let others: Vec<_> = found.others().map(|(one, role)| (name(one), role)).collect();
    assert_eq!(
        others,
        [
            ("estExampleCA OwO".to_owned(), Role::OldWithOld),
            ("estExampleCA NwO".to_owned(), Role::NewWithOld),
            ("estExampleCA OwN".to_owned(), Role::OldWithNew),
        ]
    );
}

/// RFC 7030 A.2.
fn appendix_a_2(captures: &Captures) {
    let response = response(captures, "rfc7030/A2-response.http");
    let attrs = CsrAttrs::read(&strict(), &response).unwrap().unwrap();
    assert_eq!(attrs.to_der(), captures.bytes("est/rfc7030/A2-csrattrs.der"));
    assert!(attrs.wants_linking());
    assert_eq!(attrs.elements().len(), 6);
    let plan = attrs.plan(&Tolerance::STRICT, &Limits::default()).unwrap();
    // brainpoolP384r1 and macAddress are not known here; SHA-384 is.
    assert_eq!(plan.params.digest, devicecert::pki::algorithm::DigestAlgorithm::Sha384);
}

/// RFC 7030 A.3: a request under Digest, and the certificate.
fn appendix_a_3(captures: &Captures) {
    let request = request(captures, "rfc7030/A3-request.http");
    let authorization = Authorization::read(request.headers(), &Limits::default()).unwrap();
    let Some(Authorization::Digest(digest)) = authorization else { panic!() };
    assert_eq!((digest.user.as_str(), digest.realm.as_str()), ("estuser", "estrealm"));
    assert_eq!(digest.uri, request.uri().path());
    // The RFC does not tell the password; it is none that anybody would guess.
    assert!(!digest.is_of(&Secret::from("estpwd"), &Method::POST, &RustCrypto).unwrap());
    let mut service = Service::default();
    service.tolerance = Tolerance::STRICT;
    // It is linked to a connection of 2013.
    let call = service.route(&request).unwrap();
    assert!(call.read(&request, &Client::default(), &RustCrypto).is_err());
    service.linking = devicecert::est::LinkingPolicy::Password;
    let call = service.route(&request).unwrap();
    let read = call.read(&request, &Client::default(), &RustCrypto).unwrap();
    let Request::Enrol(enrol) = read else { panic!() };
    let der = captures.bytes("est/rfc7030/A3-simpleenroll-request.der");
    assert_eq!(enrol.csr().as_der(), der);
    let answer = response(captures, "rfc7030/A3-response.http");
    let issued = take(for_key(strict(), enrol.csr().public_key()), &answer).unwrap();
    assert_eq!(issued.certificate.subject(), enrol.csr().subject());
    let refused = response(captures, "rfc7030/A3-401.http");
    let refused = refusal(captures, &refused);
    assert!(matches!(
        refused.challenges.as_slice(),
        [devicecert::est::Challenge::Digest { realm, .. }] if realm == "estrealm"
    ));
}

/// RFC 7030 A.4: a generated key, with preamble and epilogue.
fn appendix_a_4(captures: &Captures) {
    let answer = response(captures, "rfc7030/A4-response.http");
    let issued = take(for_generated_key(endpoint()), &answer).unwrap();
    let key = issued.key.as_ref().unwrap();
    assert_eq!(key.der.expose(), captures.bytes("est/rfc7030/A4-serverkeygen-key.der"));
    check_key(&issued);
    let (parts, _) = answer.into_parts();
    let crlf = captures.bytes("est/rfc7030/A4-multipart-body-crlf.bin");
    let answer = Response::from_parts(parts, crlf);
    check_key(&take(for_generated_key(strict()), &answer).unwrap());
}

fn attrs(captures: &Captures, path: &str) -> Result<CsrAttrs, Error> {
    let der = captures.bytes(&format!("est/{path}.der"));
    let attrs = CsrAttrs::parse(&der, &Tolerance::default(), &Limits::default())?;
    assert_eq!(attrs.to_der(), der, "{path}");
    Ok(attrs)
}

fn rfc_9908(captures: &Captures) {
    let example =
        |n: u32| attrs(captures, &format!("rfc9908/RFC9908Section5_{n}TestCase")).unwrap();
    let plan = |n| example(n).plan(&Tolerance::STRICT, &Limits::default()).unwrap();
    let [san] = plan(1).params.extensions.try_into().unwrap();
    assert!(san.oid == oid::SUBJECT_ALT_NAME && san.critical);
    let acp = b"rfc8994+fd739fc23c3440112233445500000000+@acp.example.com";
    assert!(san.value.windows(acp.len()).any(|window| window == acp));
    let p521 = "1.3.132.0.35".parse().unwrap();
    for (number, key, bits, linked) in [
        (2, KeyDemand::Ec { curve: Some(oid::SECP384R1) }, 384, true),
        (3, KeyDemand::Ec { curve: Some(p521) }, 512, true),
        (4, KeyDemand::Rsa { bits: Some(4096) }, 256, true),
        (5, KeyDemand::Ec { curve: Some(oid::SECP384R1) }, 384, true),
        (6, KeyDemand::Ec { curve: Some(p521) }, 512, true),
    ] {
        let plan = plan(number);
        assert_eq!(plan.key, Some(key), "5.{number}");
        assert_eq!(plan.params.digest.output_len() * 8, bits, "5.{number}");
        assert_eq!(plan.linking.is_some(), linked, "5.{number}");
    }
    // serialNumber is wanted in the subject.
    let key = devicecert::crypto_rust::PrivateKey::generate(KeyKind::P384).unwrap();
    let mut plan = plan(5);
    assert_eq!(plan.undecided(key.public_key()).len(), 1);
    plan.subject(&"serialNumber=7".parse().unwrap());
    assert!(plan.finish(key.public_key()).is_ok());
}

fn templates(captures: &Captures) {
    for good in [
        "min",
        "subject-partial",
        "subject-nulldn",
        "ec-p256",
        "rsa4096",
        "extensionreq",
        "full",
        "plus-legacy",
    ] {
        let attrs = attrs(captures, &format!("synth-template/tmpl-{good}")).unwrap();
        let template = attrs.template(&Limits::default()).unwrap().unwrap();
        attrs.plan(&Tolerance::STRICT, &Limits::default()).unwrap();
        let again = CsrAttrs::default().with_template(&template);
        let again = again.template(&Limits::default()).unwrap().unwrap();
        assert_eq!(again, template, "{good}");
    }
    let rsa = attrs(captures, "synth-template/tmpl-rsa4096").unwrap();
    let rsa = rsa.template(&Limits::default()).unwrap().unwrap();
    assert_eq!(rsa.key, Some(KeyDemand::Rsa { bits: Some(4096) }));
    for bad in ["version1", "two-exttmpl", "both-ext"] {
        assert!(attrs(captures, &format!("synth-template/bad-tmpl-{bad}")).is_err(), "{bad}");
    }
    assert!(attrs(captures, "synth-template/bad-two-tmpl").is_err());
    for legacy in ["legacy-keytype-empty-values", "legacy-openxpki-oids", "empty"] {
        let attrs = attrs(captures, &format!("synth-template/{legacy}")).unwrap();
        attrs.plan(&Tolerance::STRICT, &Limits::default()).unwrap();
    }
    let der = captures.bytes("est/synth-template/legacy-xipki-extreq-oids.der");
    assert!(CsrAttrs::parse(&der, &Tolerance::STRICT, &Limits::default()).is_err());
    assert!(attrs(captures, "synth-template/legacy-xipki-extreq-oids").is_ok());
}
