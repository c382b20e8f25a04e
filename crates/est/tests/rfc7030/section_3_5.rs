//! §3.5 Linking identity and proof of possession, with RFC 7894 §3.3 and RFC 9266.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::error::{InvalidRequest, Misuse};
use devicecert_est::{
    ChannelBinding, Client, CsrAttrs, Draft, Enrolment, Error, Linking, LinkingAttribute,
    LinkingPolicy, Request, Step,
};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Attribute, Csr, CsrParams, Extension, Signer, oid};

use crate::common::{
    CA, DEVICE, NOW, Server, base64, csr, csr_of, drive, endpoint, exporter, issue, sent, signed,
};

/// base64 of 32 octets of 0x01, by `head -c32 /dev/zero | tr '\0' '\001' | base64`.
const ONES: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

fn draft() -> Draft {
    Draft::new(CsrParams::new("CN=device-1".parse().unwrap()), DEVICE.public_key().clone())
}

fn check(csr: &Csr, client: &Client, policy: LinkingPolicy) -> Result<Linking, Error> {
    let mut server = Server::new();
    server.service.linking = policy;
    let request = http::Request::post("/.well-known/est/simpleenroll")
        .header("Content-Type", "application/pkcs10")
        .body(base64(csr.as_der()))
        .unwrap();
    let call = server.service.route(&request).unwrap();
    match call.read(&request, client, &RustCrypto)? {
        Request::Enrol(enrol) => Ok(enrol.linking()),
        other => panic!("{other:?}"),
    }
}

fn on(binding: ChannelBinding) -> Client {
    let mut client = Client::default();
    client.binding = Some(binding);
    client
}

fn linked(challenge: &str) -> Csr {
    signed(&CsrParams::new("CN=device-1".parse().unwrap()).challenge(challenge), &DEVICE)
}

#[test]
fn the_link_is_base64_in_the_challenge_password() {
    let mut enrolment = Enrolment::new(endpoint(), draft(), &RustCrypto);
    enrolment.link(exporter(1));
    let csr = csr_of(&sent(&mut enrolment, &DEVICE));
    assert_eq!(csr.challenge_password().unwrap().expose(), ONES.as_bytes());
}

#[test]
fn tls_unique_is_a_link_as_well() {
    let binding = ChannelBinding::tls_unique(b"\xa1\xec\x69\xa7\x21\xb2\x3a\x51\x27\x25\x75\x62");
    let mut enrolment = Enrolment::new(endpoint(), draft(), &RustCrypto);
    enrolment.link(binding.unwrap());
    let csr = csr_of(&sent(&mut enrolment, &DEVICE));
    assert_eq!(csr.challenge_password().unwrap().expose(), b"oexppyGyOlEnJXVi");
    for wrong in [&[0; 11][..], &[0; 13], &[], &[0; 32]] {
        assert_eq!(ChannelBinding::tls_unique(wrong).unwrap_err(), Misuse::ChannelBinding.into());
    }
}

#[test]
fn a_right_link_is_found_right_and_a_wrong_one_is_refused() {
    let right = linked(ONES);
    for policy in [LinkingPolicy::IfPresent, LinkingPolicy::Required] {
        assert_eq!(check(&right, &on(exporter(1)), policy), Ok(Linking::Linked));
        let wrong = check(&right, &on(exporter(2)), policy);
        assert_eq!(wrong, Err(InvalidRequest::LinkedElsewhere.into()));
        for text in ["AQEB", "not base64", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"] {
            let wrong = check(&linked(text), &on(exporter(1)), policy);
            assert_eq!(wrong, Err(InvalidRequest::LinkedElsewhere.into()), "{text}");
        }
    }
}

/// "the server MUST verify": not being able to is no reason to pass.
#[test]
fn a_server_that_cannot_tell_the_connection_refuses_a_link() {
    let outcome = check(&linked(ONES), &Client::default(), LinkingPolicy::IfPresent);
    assert_eq!(outcome, Err(InvalidRequest::LinkedElsewhere.into()));
}

#[test]
fn no_link_is_refused_only_where_one_is_required() {
    let csr = csr("CN=device-1", &DEVICE);
    let client = on(exporter(1));
    assert_eq!(check(&csr, &client, LinkingPolicy::IfPresent), Ok(Linking::NotLinked));
    let outcome = check(&csr, &client, LinkingPolicy::Required);
    assert_eq!(outcome, Err(InvalidRequest::NotLinked.into()));
}

/// §4.5.2: a server that requires linking lists challengePassword.
#[test]
fn csr_attributes_say_that_a_link_is_required() {
    assert!(CsrAttrs::default().require_linking().wants_linking());
    assert!(!CsrAttrs::default().oid(oid::SUBJECT_ALT_NAME).wants_linking());
}

/// §3.7: behind a registration authority the TLS connection is not the device's.
#[test]
fn a_registration_authority_hands_on_requests_that_are_linked_elsewhere() {
    let server = Server::new();
    let purpose = Extension::extended_key_usage(&[oid::CMC_RA]);
    let mut client = on(exporter(9));
    client.certificate = Some(issue(&server.ca, &CA, &csr("CN=RA", &DEVICE), vec![purpose]));
    let outcome = check(&linked(ONES), &client, LinkingPolicy::Required);
    assert_eq!(outcome, Ok(Linking::Vouched));
}

#[test]
fn a_new_connection_needs_a_new_signature() {
    let mut enrolment = Enrolment::new(endpoint(), draft(), &RustCrypto);
    enrolment.link(exporter(1));
    let first = sent(&mut enrolment, &DEVICE);
    enrolment.link(exporter(1));
    assert!(matches!(enrolment.step(NOW), Ok(Step::Send(again)) if again.body() == first.body()));
    enrolment.link(exporter(2));
    assert!(matches!(enrolment.step(NOW), Ok(Step::Sign(_))));
    let second = csr_of(&sent(&mut enrolment, &DEVICE));
    let client = on(exporter(2));
    assert_eq!(check(&second, &client, LinkingPolicy::Required), Ok(Linking::Linked));
    assert_eq!(second.subject().to_string(), "CN=device-1");
}

#[test]
fn a_request_that_was_signed_without_a_link_is_signed_again_with_all_that_it_had() {
    let mut params = CsrParams::new("CN=device-1".parse().unwrap());
    params.subject_alt_name = vec![crate::common::dns("device-1.test")];
    let mut enrolment = Enrolment::new(endpoint(), signed(&params, &DEVICE), &RustCrypto);
    enrolment.link(exporter(1));
    let csr = csr_of(&sent(&mut enrolment, &DEVICE));
    assert_eq!(csr.challenge_password().unwrap().expose(), ONES.as_bytes());
    assert_eq!(csr.subject_alt_name().unwrap(), params.subject_alt_name);
}

#[test]
fn est_identity_linking_of_rfc_7894_is_the_same_elsewhere() {
    let mut enrolment = Enrolment::new(endpoint(), draft(), &RustCrypto);
    enrolment.options().linking_attribute = LinkingAttribute::EstIdentityLinking;
    enrolment.link(exporter(1));
    let csr = csr_of(&sent(&mut enrolment, &DEVICE));
    assert_eq!(csr.challenge_password(), None);
    let [attribute] = csr.attributes() else { panic!() };
    assert_eq!(attribute.oid, devicecert_est::oid::EST_IDENTITY_LINKING);
    for policy in [LinkingPolicy::IfPresent, LinkingPolicy::Required, LinkingPolicy::Password] {
        assert_eq!(check(&csr, &on(exporter(1)), policy), Ok(Linking::Linked));
        assert!(check(&csr, &on(exporter(2)), policy).is_err());
    }
}

/// RFC 7894 §4: all that are there have to be right.
#[test]
fn two_links_must_both_be_right() {
    let value = |text: &str| Writer::build(|w| w.value(tag::PRINTABLE_STRING, text.as_bytes()));
    let mut params = CsrParams::new("CN=device-1".parse().unwrap()).challenge(ONES);
    let oid = devicecert_est::oid::EST_IDENTITY_LINKING;
    params.attributes = vec![Attribute::new(oid, value(ONES))];
    let both = signed(&params, &DEVICE);
    assert_eq!(check(&both, &on(exporter(1)), LinkingPolicy::IfPresent), Ok(Linking::Linked));
    params.attributes = vec![Attribute::new(oid, value("AQEB"))];
    let one = signed(&params, &DEVICE);
    assert!(check(&one, &on(exporter(1)), LinkingPolicy::IfPresent).is_err());
}

/// EJBCA keeps its enrolment codes there.
#[test]
fn a_challenge_password_can_be_a_password_where_the_server_says_so() {
    let csr = linked("one-time code");
    let outcome = check(&csr, &on(exporter(1)), LinkingPolicy::Password);
    assert_eq!(outcome, Ok(Linking::NotLinked));
}

#[test]
fn a_linked_enrolment_goes_through_and_the_same_request_elsewhere_does_not() {
    let mut server = Server::new();
    server.client.binding = Some(exporter(1));
    let mut enrolment = Enrolment::new(endpoint(), draft(), &RustCrypto);
    enrolment.link(exporter(1));
    let request = sent(&mut enrolment, &DEVICE);
    assert!(drive(&mut enrolment, &DEVICE, |request| server.handle(request)).is_ok());
    server.client.binding = Some(exporter(2));
    let refused = server.handle(&request);
    assert_eq!(refused.status(), 400);
    assert!(String::from_utf8_lossy(refused.body()).contains("linked to another TLS session"));
}

#[test]
fn the_binding_does_not_reach_a_log() {
    assert_eq!(format!("{:?}", exporter(1)), "ChannelBinding([redacted])");
}
