//! Every beginning of a message, and every message with one bit flipped.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::cmc::{FailInfo, FullResponse, PkiData, PkiResponse, StatusInfo};
use devicecert_est::{
    CaCertificates, CsrAttrs, Enrolment, KeyDemand, KeyProtection, Limits, Template, Tolerance,
};
use devicecert_pki::{CsrParams, Signer, oid};

use crate::common::{
    CA, CERTS_ONLY, DEVICE, NOW, Server, base64, certs_only, csr, csr_of, endpoint, issue,
    response, root, sent,
};

/// Runs `check` on every truncation and every single flipped bit of `message`.
fn each(message: &[u8], check: impl Fn(&[u8])) {
    for length in 0..message.len() {
        check(&message[..length]);
    }
    for bit in 0..message.len() * 8 {
        let mut flipped = message.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        check(&flipped);
    }
}

#[test]
fn ca_certificates() {
    let der = certs_only([&root("CN=CA", &CA, 10)]);
    let read = |body: &[u8]| {
        drop(CaCertificates::read(&endpoint(), &response(200, &[CERTS_ONLY], body)));
    };
    each(&der, |damaged| read(&base64(damaged)));
    each(&base64(&der), read);
}

/// Nobody but the holder of the CA's key can change a certificate, so with anchors no flipped bit
/// of one is ever taken for what was issued.
#[test]
fn an_issued_certificate() {
    let ca = root("CN=CA", &CA, 10);
    let mine = issue(&ca, &CA, &csr("CN=device-1", &DEVICE), Vec::new());
    let mut enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
    let anchors = devicecert_est::ExplicitTrustAnchors::new(vec![ca]);
    enrolment.options().anchors = Some(anchors);
    sent(&mut enrolment, &DEVICE);
    let enrolment = std::cell::RefCell::new(enrolment);
    each(&certs_only([&mine]), |damaged| {
        let mut enrolment = enrolment.borrow_mut();
        let answer = response(200, &[CERTS_ONLY], base64(damaged));
        if enrolment.received(&answer, NOW).is_ok() {
            let devicecert_est::Step::Done(issued) = enrolment.step(NOW).unwrap() else { panic!() };
            assert_eq!(issued.certificate, mine);
            *enrolment = Enrolment::new(endpoint(), csr("CN=device-1", &DEVICE), &RustCrypto);
            let anchors = devicecert_est::ExplicitTrustAnchors::new(issued.chain);
            enrolment.options().anchors = Some(anchors);
            sent(&mut enrolment, &DEVICE);
        }
    });
}

/// A request that was changed on its way is refused, or it is the same request.
#[test]
fn a_request() {
    let server = Server::new();
    let whole = csr("CN=device-1", &DEVICE);
    each(whole.as_der(), |damaged| {
        let request = http::Request::post("/.well-known/est/simpleenroll")
            .header("Content-Type", "application/pkcs10")
            .body(base64(damaged))
            .unwrap();
        let call = server.service.route(&request).unwrap();
        if let Ok(devicecert_est::Request::Enrol(enrol)) =
            call.read(&request, &server.client, &RustCrypto)
        {
            assert_eq!(enrol.csr().subject(), whole.subject());
            assert_eq!(enrol.csr().public_key(), whole.public_key());
        }
        assert!(server.handle(&request).status().as_u16() < 500);
    });
}

#[test]
fn a_request_for_a_key() {
    let server = Server::new();
    let key = devicecert_pki::Secret::new(vec![7; 32]);
    let identifier = crate::common::KEK_NAME.to_vec();
    let mut enrolment = Enrolment::generate_key(
        endpoint(),
        CsrParams::new("CN=device-1".parse().unwrap()),
        DEVICE.public_key().clone(),
        KeyProtection::SymmetricKey { identifier, key },
        &RustCrypto,
    )
    .unwrap();
    let whole = csr_of(&sent(&mut enrolment, &DEVICE));
    each(whole.as_der(), |damaged| {
        let request =
            http::Request::post("/.well-known/est/serverkeygen").body(base64(damaged)).unwrap();
        let call = server.service.route(&request).unwrap();
        drop(call.read(&request, &server.client, &RustCrypto));
    });
}

#[test]
fn a_generated_key() {
    let server = Server::new();
    let ask = || {
        let params = CsrParams::new("CN=device-1".parse().unwrap());
        let key = DEVICE.public_key().clone();
        let tls = KeyProtection::Tls;
        Enrolment::generate_key(endpoint(), params, key, tls, &RustCrypto).unwrap()
    };
    let mut enrolment = ask();
    let request = sent(&mut enrolment, &DEVICE);
    let answer = server.handle(&request);
    let (parts, body) = answer.into_parts();
    let enrolment = std::cell::RefCell::new(enrolment);
    each(&body, |damaged| {
        let answer = http::Response::from_parts(parts.clone(), damaged.to_vec());
        let mut enrolment = enrolment.borrow_mut();
        if enrolment.received(&answer, NOW).is_ok() {
            *enrolment = ask();
            sent(&mut enrolment, &DEVICE);
        }
    });
}

#[test]
fn csr_attributes_and_templates() {
    let mut template = Template::default();
    template.key = Some(KeyDemand::Rsa { bits: Some(2048) });
    template.subject = Some(Vec::new());
    let attrs = CsrAttrs::default()
        .require_linking()
        .key(KeyDemand::Ec { curve: Some(oid::SECP256R1) })
        .with_template(&template);
    each(&attrs.to_der(), |damaged| {
        for tolerance in [Tolerance::default(), Tolerance::STRICT] {
            if let Ok(read) = CsrAttrs::parse(damaged, &tolerance, &Limits::default()) {
                // What was taken can be read again from what is written.
                let again = CsrAttrs::parse(&read.to_der(), &tolerance, &Limits::default());
                assert!(again.is_ok());
                drop(read.plan(&tolerance, &Limits::default()));
            }
        }
    });
}

#[test]
fn cmc() {
    let data = PkiData::new(csr("CN=device-1", &DEVICE), &RustCrypto).unwrap();
    each(&data.to_der(), |damaged| drop(PkiData::parse(damaged, &Limits::default())));
    let failed = StatusInfo::failed(FailInfo::PopFailed, [1]).because("no");
    let response = PkiResponse::to(&data, &[failed]).unwrap();
    each(&response.to_der(), |damaged| {
        if let Ok(read) = PkiResponse::parse(damaged, &Limits::default()) {
            drop(read.statuses(&Limits::default()));
            drop(read.answers(&data));
        }
    });
    each(&response.to_unsigned_cms(), |damaged| {
        if let Ok(read) = FullResponse::parse(damaged, &Limits::default()) {
            drop(read.unverified(&Limits::default()));
        }
    });
}
