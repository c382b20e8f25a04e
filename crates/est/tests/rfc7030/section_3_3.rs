//! §3.3.2 and §3.7: who the client is, and what that allows.

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::error::Misuse;
use devicecert_est::{Authorisation, Client, Decision, Enrol, NoRenewal, Request};
use devicecert_pki::{Certificate, Csr, Extension, oid};

use crate::common::{CA, DEVICE, NEW, NOW, STRANGER, Server, base64, csr, issue, root};

fn enrol(server: &Server, csr: &Csr, client: &Client) -> Enrol {
    let request = http::Request::post("/.well-known/est/simplereenroll")
        .header("Content-Type", "application/pkcs10")
        .body(base64(csr.as_der()))
        .unwrap();
    let call = server.service.route(&request).unwrap();
    match call.read(&request, client, &RustCrypto).unwrap() {
        Request::Enrol(enrol) => *enrol,
        other => panic!("{other:?}"),
    }
}

fn renewal(server: &Server, csr: &Csr, certificate: Option<Certificate>) -> Result<(), NoRenewal> {
    let mut client = Client::default();
    client.certificate = certificate;
    let enrol = enrol(server, csr, &client);
    let cas = [server.ca.clone()];
    enrol.renewal(&cas, NOW, &RustCrypto, &server.service).map(drop)
}

#[test]
fn a_valid_certificate_of_this_ca_with_the_same_names_is_renewed() {
    let server = Server::new();
    let old = server.issue(&csr("CN=device-1", &DEVICE));
    assert_eq!(renewal(&server, &csr("CN=device-1", &DEVICE), Some(old.clone())), Ok(()));
    // Another key makes it a re-key.
    assert_eq!(renewal(&server, &csr("CN=device-1", &NEW), Some(old)), Ok(()));
}

#[test]
fn and_nothing_else_is() {
    let server = Server::new();
    let request = csr("CN=device-1", &NEW);
    let of = |csr: &Csr| Some(server.issue(csr));
    assert_eq!(renewal(&server, &request, None), Err(NoRenewal::NoCertificate));
    let other_ca = root("CN=EST CA,O=Test", &STRANGER, 10);
    let forged = issue(&other_ca, &STRANGER, &csr("CN=device-1", &DEVICE), Vec::new());
    assert_eq!(renewal(&server, &request, Some(forged)), Err(NoRenewal::OtherIssuer));
    let other = of(&csr("CN=device-2", &DEVICE));
    assert_eq!(renewal(&server, &request, other), Err(NoRenewal::OtherSubject));
    let case = of(&csr("CN=Device-1", &DEVICE));
    assert_eq!(renewal(&server, &request, case), Err(NoRenewal::OtherSubject));
    let ca = Some(server.ca.clone());
    assert_eq!(renewal(&server, &request, ca), Err(NoRenewal::NotADevice));
    let enrol = enrol(&server, &request, &Client::default());
    assert!(enrol.client().authorised_user().is_none());
}

#[test]
fn an_expired_certificate_is_not_renewed() {
    let server = Server::new();
    let old = server.issue(&csr("CN=device-1", &DEVICE));
    let mut client = Client::default();
    client.certificate = Some(old.clone());
    let enrol = enrol(&server, &csr("CN=device-1", &NEW), &client);
    let later = old.validity().not_after.after(std::time::Duration::from_secs(1));
    let cas = [server.ca.clone()];
    let outcome = enrol.renewal(&cas, later, &RustCrypto, &server.service);
    assert_eq!(outcome.unwrap_err(), NoRenewal::NotValid);
}

/// §3.7: id-kp-cmcRA marks a registration authority, which hands on requests of others: that its
/// own certificate is renewed with somebody else's key and names must not happen by itself.
#[test]
fn a_registration_authority_is_recognised_and_renews_nothing() {
    let server = Server::new();
    let purpose = Extension::extended_key_usage(&[oid::CMC_RA]);
    let ra = issue(&server.ca, &CA, &csr("CN=RA", &DEVICE), vec![purpose]);
    let mut client = Client::default();
    client.certificate = Some(ra.clone());
    assert!(client.is_registration_authority());
    assert_eq!(renewal(&server, &csr("CN=RA", &NEW), Some(ra)), Err(NoRenewal::NotADevice));
    assert!(!Client::default().is_registration_authority());
}

#[test]
fn what_is_granted_has_the_key_of_the_request() {
    let server = Server::new();
    let enrol = enrol(&server, &csr("CN=device-1", &DEVICE), &Client::default());
    let other = server.issue(&csr("CN=device-1", &STRANGER));
    let error = enrol.grant(Authorisation::by_policy(), other).unwrap_err();
    assert_eq!(error, Misuse::WrongCertificate.into());
    let right = server.issue(enrol.csr());
    let granted = enrol.grant(Authorisation::by_policy(), right).unwrap();
    assert!(matches!(granted, Decision::Grant(_)));
}
