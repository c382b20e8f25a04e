//! §3.2: verifying a signature. Nothing is believed that is not proved.

use devicecert_crypto_rust::RustCrypto;
use devicecert_fleet::Limits;
use devicecert_fleet::message_signature::{
    Error, HostIdentity, KeyId, Rejected, SignedRequest, Window,
};
use devicecert_pki::{KeyKind, Signer, Validity};
use http::{HeaderValue, Method, Request, StatusCode};

use crate::support::{Device, HOSTS, URL, now, post, seconds};

const COMPONENTS: &str = "\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\"";
const DIGEST: &str = "sha-256=:Z40aLvWGRJh2EE5gxkktHASDMH2N4JkmhTMYcNvzEwE=:";

fn lines() -> String {
    format!(
        "\"@method\": POST\n\"@authority\": fleet.example\n\"@path\": \
         /api/v1/fleet/certificate_authorities/3/request_certificate\n\"@query\": ?\n\
         \"content-digest\": {DIGEST}\n"
    )
}

fn with_digest(digest: &str) -> Request<Vec<u8>> {
    let mut request = post(URL);
    request.headers_mut().insert("content-digest", digest.parse().unwrap());
    request
}

/// Signed with other parameters than the device would write.
fn parameters(device: &Device, parameters: &str) -> Request<Vec<u8>> {
    device.sign_as(with_digest(DIGEST), &format!("({COMPONENTS}){parameters}"), &lines())
}

#[test]
fn who_it_was() {
    let device = Device::new(KeyKind::P256);
    let request = device.sign(post(URL));
    let found = device.verify(&request).unwrap();
    assert_eq!(found.key_id().to_string(), "ABCDE");
    assert_eq!(found.created(), now());
    assert_eq!(found.nonce(), "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=");
}

#[test]
fn whatever_is_covered_cannot_be_changed() {
    type Change = fn(&mut Request<Vec<u8>>);
    let changes: [(Change, Rejected); 6] = [
        (|r| *r.method_mut() = Method::PUT, Rejected::Signature),
        (
            |r| drop(r.headers_mut().insert("host", "other.example:8412".parse().unwrap())),
            Rejected::Signature,
        ),
        (|r| *r.uri_mut() = URL.replace("/3/", "/4/").parse().unwrap(), Rejected::Signature),
        (|r| *r.uri_mut() = format!("{URL}?x").parse().unwrap(), Rejected::Signature),
        (|r| r.body_mut().push(b' '), Rejected::Digest),
        (
            |r| {
                // Another body with its own digest.
                r.body_mut().clear();
                let digest = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
                r.headers_mut().insert("content-digest", digest.parse().unwrap());
            },
            Rejected::Signature,
        ),
    ];
    let device = Device::new(KeyKind::P256);
    for (change, why) in changes {
        let mut request = device.sign(post(URL));
        device.verify(&request).unwrap();
        change(&mut request);
        assert_eq!(device.rejects(&request), why);
    }
}

#[test]
fn every_bit_of_the_signature_counts() {
    let device = Device::new(KeyKind::P384);
    let request = device.sign(post(URL));
    let text = request.headers()["signature"].to_str().unwrap().to_owned();
    for at in [6, 40, 100] {
        let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
        let mut changed = text.clone();
        changed.replace_range(at..=at, other);
        let mut request = request.clone();
        request.headers_mut().insert("signature", changed.parse().unwrap());
        assert_eq!(device.rejects(&request), Rejected::Signature);
    }
    let mut shorter = request;
    shorter.headers_mut().insert("signature", "sig1=:AAAA:".parse().unwrap());
    assert_eq!(device.rejects(&shorter), Rejected::Signature);
}

/// The same serial number with another key, and another serial number with the same key.
#[test]
fn another_identity() {
    let (device, other) = (Device::new(KeyKind::P256), Device::new(KeyKind::P256));
    let request = device.sign(post(URL));
    assert_eq!(other.rejects(&request), Rejected::Signature);
    let public = device.key.public_key().clone();
    let renamed = HostIdentity::dangerous_without_validity(KeyId::from(1), public).unwrap();
    let limits = Limits::default();
    let signed = SignedRequest::required(&request, &limits).unwrap();
    let error = signed.verify(&renamed, &HOSTS, now(), Window::default(), &RustCrypto).unwrap_err();
    assert_eq!(error, Error::Rejected(Rejected::UnknownKey));
}

/// What was signed for the server for tests is not good for the one for real, whatever Host says.
#[test]
fn a_request_for_another_server_is_not_believed() {
    let device = Device::new(KeyKind::P256);
    let signed = |url: &str| device.sign(post(url));
    let good =
        ["https://fleet.example/x", "https://FLEET.example/x", "https://other.example:8412/x"];
    for url in good {
        device.verify(&signed(url)).unwrap();
    }
    let bad =
        ["https://staging.example/x", "https://fleet.example:8412/x", "https://other.example/x"];
    for url in bad {
        let why = device.rejects(&signed(url));
        assert!(matches!(why, Rejected::OtherHost(_)), "{url}: {why}");
    }
    let request = signed("https://fleet.example/x");
    let proof = SignedRequest::required(&request, &Limits::default()).unwrap();
    let nobody = proof.verify(&device.identity, &[], now(), Window::default(), &RustCrypto);
    assert!(matches!(nobody, Err(Error::Rejected(Rejected::OtherHost(_)))));
}

#[test]
fn what_was_signed_can_be_told() {
    let device = Device::new(KeyKind::P256);
    let request = device.sign(post("https://Fleet.Example/a%20b?c"));
    let proof = device.verify(&request).unwrap();
    assert_eq!((proof.method().as_str(), proof.path()), ("POST", &b"/a b"[..]));
    assert_eq!((proof.authority(), proof.body()), ("Fleet.Example", &b"{\"csr\":\"\"}"[..]));
    assert!(!format!("{proof:?}").contains("csr"));
}

/// A server that stores serial number and key stores the validity, too, or says that it does not.
#[test]
fn an_identity_from_the_database_ends() {
    let device = Device::new(KeyKind::P256);
    let request = device.sign(post(URL));
    let (id, key) = (device.identity.key_id(), device.key.public_key());
    let ended = Validity::lasting(now().before(seconds(600)), seconds(599));
    let ended = HostIdentity::new(id, key.clone(), ended).unwrap();
    let forever = HostIdentity::dangerous_without_validity(id, key.clone()).unwrap();
    let proof = SignedRequest::required(&request, &Limits::default()).unwrap();
    let by = |identity| proof.verify(identity, &HOSTS, now(), Window::default(), &RustCrypto);
    assert_eq!(by(&ended), Err(Error::Rejected(Rejected::NotValid)));
    assert_eq!(by(&forever).unwrap().key_id(), id);
}

#[test]
fn the_window() {
    let device = Device::new(KeyKind::P256);
    let request = device.sign(post(URL));
    let at = |time| device.verify_at(&request, time).map(drop);
    assert_eq!(at(now().after(seconds(300))), Ok(()));
    assert_eq!(
        at(now().after(seconds(301))),
        Err(Rejected::Old { seconds: 301, limit: 300 }.into())
    );
    assert_eq!(at(now().before(seconds(60))), Ok(()));
    assert_eq!(
        at(now().before(seconds(61))),
        Err(Rejected::Ahead { seconds: 61, limit: 60 }.into())
    );
}

#[test]
fn a_signature_that_expires() {
    let device = Device::new(KeyKind::P256);
    let expires = |at: i64| {
        let all = format!(";keyid=\"ABCDE\";created=1800000000;nonce=\"n\";expires={at}");
        device.verify(&parameters(&device, &all)).map(drop)
    };
    assert_eq!(expires(now().unix()), Ok(()));
    assert_eq!(expires(now().unix() - 1), Err(Rejected::Expired.into()));
}

#[test]
fn parameters_that_must_be_there_and_one_that_must_not() {
    let device = Device::new(KeyKind::P256);
    let all = ";keyid=\"ABCDE\";created=1800000000;nonce=\"n\"";
    device.verify(&parameters(&device, all)).unwrap();
    for (name, without) in [
        ("keyid", ";created=1800000000;nonce=\"n\""),
        ("created", ";keyid=\"ABCDE\";nonce=\"n\""),
        ("nonce", ";keyid=\"ABCDE\";created=1800000000"),
    ] {
        let request = parameters(&device, without);
        assert_eq!(device.rejects(&request), Rejected::NoParameter(name));
    }
    // Whoever may name the algorithm may name a weaker one.
    let alg = format!("{all};alg=\"ecdsa-p256-sha256\"");
    assert_eq!(device.rejects(&parameters(&device, &alg)), Rejected::Algorithm);
    let other = device.rejects(&parameters(&device, &format!("{all};scope=\"x\"")));
    assert_eq!(other.to_string(), "the signature has the unknown parameter \"scope\"");
    let types =
        [";keyid=7;created=1800000000;nonce=\"n\"", ";keyid=\"A\";created=\"1\";nonce=\"n\""];
    for wrong in types {
        let why = device.rejects(&parameters(&device, wrong));
        assert!(matches!(why, Rejected::Unexpected { field: "Signature-Input", .. }), "{why}");
        // No place is told: the field is well formed.
        let shown = why.to_string();
        assert!(shown.starts_with("Signature-Input, in the member \"sig1\": expected "), "{shown}");
    }
}

/// The order says nothing that the signature does not cover; `tag` is for others.
#[test]
fn parameters_in_another_order_and_a_tag() {
    let device = Device::new(KeyKind::P256);
    let all = ";created=1800000000;tag=\"x\";nonce=\"\";keyid=\"ABCDE\"";
    device.verify(&parameters(&device, all)).unwrap();
}

/// As Go reads a number: of either case, with or without zeros before it.
#[test]
fn a_keyid_in_lower_case() {
    let device = Device::new(KeyKind::P256);
    let keyid = |id: &str| {
        let all = format!(";keyid=\"{id}\";created=1800000000;nonce=\"n\"");
        device.verify(&parameters(&device, &all)).map(|device| device.key_id().serial())
    };
    for id in ["ABCDE", "abcde", "000abcde"] {
        assert_eq!(keyid(id), Ok(0xa_bcde));
    }
    for id in ["", "+ABCDE", "0xABCDE", "ABCDE ", "AB_CDE", "10000000000000000"] {
        assert_eq!(keyid(id), Err(Rejected::KeyId.into()), "{id}");
    }
}

#[test]
fn components_that_must_be_covered() {
    let device = Device::new(KeyKind::P256);
    for missing in ["@method", "@authority", "@path", "@query", "content-digest"] {
        let components = COMPONENTS.replace(&format!("\"{missing}\""), "");
        let lines: String = lines()
            .split_inclusive('\n')
            .filter(|line| !line.starts_with(&format!("\"{missing}\"")))
            .collect();
        let params = format!("({components});keyid=\"ABCDE\";created=1800000000;nonce=\"n\"");
        let request = device.sign_as(with_digest(DIGEST), &params, &lines);
        assert_eq!(device.rejects(&request), Rejected::NotCovered(missing));
    }
}

#[test]
fn components_that_are_covered_beyond_that() {
    let device = Device::new(KeyKind::P256);
    let cover = |component: &str, line: &str| {
        let params =
            format!("({COMPONENTS} {component});keyid=\"ABCDE\";created=1800000000;nonce=\"n\"");
        let mut request = with_digest(DIGEST);
        request.headers_mut().append("x-field", "a".parse().unwrap());
        request.headers_mut().append("x-field", " b\t".parse().unwrap());
        device.sign_as(request, &params, &format!("{}{line}", lines()))
    };
    device.verify(&cover("\"x-field\"", "\"x-field\": a, b\n")).unwrap();
    for (component, line) in [
        ("\"x-absent\"", "\"x-absent\": \n"),
        ("\"X-Field\"", "\"X-Field\": a, b\n"),
        ("\"@target-uri\"", "\"@target-uri\": https://fleet.example/\n"),
        ("\"x-field\";sf", "\"x-field\";sf: a, b\n"),
    ] {
        let why = device.rejects(&cover(component, line));
        assert!(matches!(why, Rejected::Component(_)), "{component}: {why}");
        assert!(why.to_string().starts_with("the signature covers \""), "{why}");
    }
    let why = device.rejects(&cover("\"@path\"", "\"@path\": /\n"));
    assert!(matches!(why, Rejected::RepeatedComponent(_)), "{why}");
}

/// RFC 9530 §2: other algorithms may stand beside.
#[test]
fn digests() {
    let device = Device::new(KeyKind::P256);
    let signed = |digest: &str| {
        let lines = lines().replace(DIGEST, digest);
        let params = format!("({COMPONENTS});keyid=\"ABCDE\";created=1800000000;nonce=\"n\"");
        device.verify(&device.sign_as(with_digest(digest), &params, &lines)).map(drop)
    };
    let sha512 = "sha-512=:EplSsGGIHHLJifG4B6WINt0wo0JSqDxrWCxdyvFhbIkr0sFues9QhF/65QPlu3HWFss4hnLaNttG40h1hVPxxw==:";
    assert_eq!(signed(sha512), Ok(()));
    assert_eq!(signed(&format!("{DIGEST}, {sha512}")), Ok(()));
    assert_eq!(signed(&format!("unixsum=:AA==:, {DIGEST}")), Ok(()));
    // One that is right does not help one that is wrong.
    let wrong = sha512.replace("EplS", "EplT");
    assert_eq!(signed(&format!("{DIGEST}, {wrong}")), Err(Rejected::Digest.into()));
    assert_eq!(signed("sha-256=\"text\""), Err(Rejected::Digest.into()));
    assert_eq!(signed("unixsum=:AA==:"), Err(Rejected::NoDigest.into()));
}

/// §4.1, §4.2: other signatures may stand beside, with labels of their own.
#[test]
fn the_label() {
    let device = Device::new(KeyKind::P256);
    let add = |input: &str, signature: &str| {
        let mut request = device.sign(post(URL));
        request.headers_mut().append("signature-input", input.parse().unwrap());
        request.headers_mut().append("signature", signature.parse().unwrap());
        request
    };
    device
        .verify(&add("proxy=(\"@method\" \"x\";sf);created=1;alg=\"rsa\"", "proxy=:AA==:"))
        .unwrap();
    // Which of the two would count is for nobody to guess.
    let why = device.rejects(&add("sig1=(\"@method\");created=1", "proxy=:AA==:"));
    assert!(matches!(why, Rejected::Malformed { field: "Signature-Input", .. }), "{why}");
    let mut other = device.sign(post(URL));
    for field in ["signature-input", "signature"] {
        let text = other.headers()[field].to_str().unwrap().replace("sig1=", "sig2=");
        other.headers_mut().insert(field, text.parse().unwrap());
    }
    assert_eq!(device.rejects(&other), Rejected::NoSignature("Signature-Input"));
}

/// White space that RFC 9651 allows, and Fleet's agent does not write, is not part of what is signed.
#[test]
fn fields_with_white_space() {
    let device = Device::new(KeyKind::P256);
    let mut request = device.sign(post(URL));
    let text = request.headers()["signature-input"].to_str().unwrap();
    let text = text.replace("(", "(  ").replace(")", " )").replace(";nonce", "; nonce");
    request.headers_mut().insert("signature-input", format!(" {text} ").parse().unwrap());
    device.verify(&request).unwrap();
}

#[test]
fn fields_that_are_none() {
    let device = Device::new(KeyKind::P256);
    for (field, text) in [
        ("signature-input", "sig1"),
        ("signature-input", "sig1=:AA==:"),
        ("signature-input", "sig1=(\"@method\""),
        ("signature-input", "sig1=(\"@method)"),
        ("signature-input", "sig1=(\"@method\"\"@path\")"),
        ("signature-input", "sig1=(@method)"),
        ("signature-input", "sig1=();created=1.5"),
        ("signature-input", "sig1=();created=1234567890123456"),
        ("signature-input", "sig1=();created=1;created=2"),
        ("signature-input", "sig1=(),"),
        ("signature-input", "Sig1=()"),
        ("signature", "sig1=AA=="),
        ("signature", "sig1=:A:"),
        ("signature", "sig1=:AA:"),
        ("signature", "sig1=:AA==:,"),
        ("signature", "sig1=:AA=="),
        ("signature", "sig1=?2"),
        ("signature", "sig1=-"),
    ] {
        let mut request = device.sign(post(URL));
        request.headers_mut().insert(field, text.parse().unwrap());
        let why = device.rejects(&request);
        let is_told = matches!(why, Rejected::Malformed { .. } | Rejected::Unexpected { .. });
        assert!(is_told, "{field}: {text}: {why}");
    }
    let mut request = device.sign(post(URL));
    let long = format!("sig1=(\"{}\")", "a".repeat(9_000));
    request.headers_mut().insert("signature-input", long.parse().unwrap());
    assert!(matches!(device.rejects(&request), Rejected::LimitExceeded(_)));
    let mut request = device.sign(post(URL));
    let latin = HeaderValue::from_bytes(b"sig1=(\"\xe4\")").unwrap();
    request.headers_mut().insert("signature-input", latin);
    assert!(matches!(device.rejects(&request), Rejected::ControlCharacter(_)));
}

/// Fleet lets those pass, as nobody in particular, where it does not insist on signatures.
#[test]
fn no_signature() {
    let limits = Limits::default();
    let device = Device::new(KeyKind::P256);
    assert!(SignedRequest::read(&post(URL), &limits).unwrap().is_none());
    for field in ["signature", "signature-input"] {
        let mut half = device.sign(post(URL));
        half.headers_mut().remove(field);
        assert!(SignedRequest::read(&half, &limits).unwrap().is_none());
    }
    let error = SignedRequest::required(&post("https://f.example/a%0Ab"), &limits).unwrap_err();
    let text = "missing required HTTP message signature: path=/a\\nb";
    assert_eq!(error.to_string(), text);
    let response = error.to_http();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.body(), format!("{text}\n").as_bytes());
}

#[test]
fn what_is_answered() {
    let device = Device::new(KeyKind::P256);
    let mut request = device.sign(post(URL));
    request.body_mut().clear();
    let response = device.verify(&request).unwrap_err().to_http();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8");
    let text = "failed to verify request signature: Content-Digest is not that of the body\n";
    assert_eq!(response.body(), text.as_bytes());
}
