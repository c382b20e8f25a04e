//! §4.2.2 Simple re-enrolment, and ChangeSubjectName (RFC 6402 §2.8).

use devicecert_crypto_rust::RustCrypto;
use devicecert_est::error::{InvalidMessage, Misuse};
use devicecert_est::{ChangeSubjectName, Draft, Enrolment, Error};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{Attribute, Certificate, CsrParams, Name, Signer, oid};

use crate::common::{DEVICE, NEW, Server, csr_of, dns, drive, endpoint, sent, signed};

fn old(server: &Server) -> Certificate {
    let mut params = CsrParams::new("CN=device-1".parse().unwrap());
    params.subject_alt_name = vec![dns("a.test"), dns("b.test")];
    server.issue(&signed(&params, &DEVICE))
}

#[test]
fn a_renewal_has_the_names_of_the_certificate_byte_for_byte() {
    let server = Server::new();
    let old = old(&server);
    let draft = Draft::renewal_of(&old, NEW.public_key().clone());
    let mut enrolment = Enrolment::renew(endpoint(), &old, draft, &RustCrypto).unwrap();
    let request = sent(&mut enrolment, &NEW);
    assert_eq!(request.uri().path(), "/.well-known/est/simplereenroll");
    let csr = csr_of(&request);
    assert_eq!(csr.subject(), old.subject());
    let names = |extensions: &devicecert_pki::Extensions| {
        extensions.get(oid::SUBJECT_ALT_NAME).unwrap().value.clone()
    };
    assert_eq!(names(csr.extensions()), names(old.extensions()));
}

#[test]
fn a_server_renews_for_the_certificate_alone() {
    let mut server = Server::new();
    let old = old(&server);
    server.client.user = None;
    let draft = || Draft::renewal_of(&old, NEW.public_key().clone());
    let mut enrolment = Enrolment::renew(endpoint(), &old, draft(), &RustCrypto).unwrap();
    assert!(drive(&mut enrolment, &NEW, |request| server.handle(request)).is_err());
    server.client.certificate = Some(old.clone());
    let mut enrolment = Enrolment::renew(endpoint(), &old, draft(), &RustCrypto).unwrap();
    let issued = drive(&mut enrolment, &NEW, |request| server.handle(request)).unwrap();
    assert_eq!(issued.certificate.public_key(), NEW.public_key());
    assert_ne!(issued.certificate.serial(), old.serial());
}

#[test]
fn other_names_are_no_renewal() {
    let server = Server::new();
    let old = old(&server);
    let with = |subject: &str, names: &[&str]| {
        let mut params = CsrParams::new(subject.parse().unwrap());
        params.subject_alt_name = names.iter().copied().map(dns).collect();
        let csr = signed(&params, &NEW);
        Enrolment::renew(endpoint(), &old, csr, &RustCrypto).map(drop)
    };
    assert_eq!(with("CN=device-1", &["a.test", "b.test"]), Ok(()));
    // Order says nothing, and who names none leaves them as they are.
    assert_eq!(with("CN=device-1", &["b.test", "a.test"]), Ok(()));
    assert_eq!(with("CN=device-1", &[]), Ok(()));
    let refused = Err(Error::from(Misuse::OtherNames));
    assert_eq!(with("CN=device-2", &[]), refused);
    assert_eq!(with("CN=device-1", &["a.test"]), refused);
    assert_eq!(with("CN=device-1", &["a.test", "b.test", "c.test"]), refused);
}

#[test]
fn the_string_type_of_a_name_says_nothing() {
    let server = Server::new();
    let old = old(&server);
    // CN=device-1 as PrintableString, where ours is UTF8String.
    let value = Writer::build(|w| {
        w.sequence(|w| {
            w.nested(tag::SET, |w| {
                w.sequence(|w| {
                    w.value(tag::OID, &[0x55, 4, 3]);
                    w.value(tag::PRINTABLE_STRING, b"device-1");
                });
            });
        });
    });
    let params = CsrParams::new(Name::parse(&value).unwrap());
    assert!(Enrolment::renew(endpoint(), &old, signed(&params, &NEW), &RustCrypto).is_ok());
}

#[test]
fn change_subject_name_asks_for_other_names_and_leaves_those_of_the_request() {
    let server = Server::new();
    let old = old(&server);
    let change =
        ChangeSubjectName::new(Some("CN=device-9".parse().unwrap()), vec![dns("9.test")]).unwrap();
    let mut draft = Draft::renewal_of(&old, NEW.public_key().clone());
    draft.params().attributes.push(change.to_attribute().unwrap());
    let mut enrolment = Enrolment::renew(endpoint(), &old, draft, &RustCrypto).unwrap();
    let csr = csr_of(&sent(&mut enrolment, &NEW));
    assert_eq!(csr.subject(), old.subject());
    assert_eq!(ChangeSubjectName::of(&csr).unwrap(), Some(change));
}

/// The old certificate does not vouch for the new name.
#[test]
fn other_names_need_more_than_the_old_certificate() {
    let mut server = Server::new();
    let old = old(&server);
    server.client.user = None;
    server.client.certificate = Some(old.clone());
    let change = ChangeSubjectName::new(Some("CN=root".parse().unwrap()), Vec::new()).unwrap();
    let mut draft = Draft::renewal_of(&old, NEW.public_key().clone());
    draft.params().attributes.push(change.to_attribute().unwrap());
    let mut enrolment = Enrolment::renew(endpoint(), &old, draft, &RustCrypto).unwrap();
    let outcome = drive(&mut enrolment, &NEW, |request| server.handle(request));
    assert!(matches!(outcome, Err(Error::Refused(_))));
}

fn with_attribute(value: Vec<u8>) -> Result<Option<ChangeSubjectName>, Error> {
    let mut params = CsrParams::new("CN=x".parse().unwrap());
    params.attributes = vec![Attribute::new(devicecert_est::oid::CHANGE_SUBJECT_NAME, value)];
    ChangeSubjectName::of(&signed(&params, &DEVICE))
}

/// Neither field has a tag; what stands inside tells which it is.
#[test]
fn either_name_can_stand_alone() {
    let subject: Name = "CN=x".parse().unwrap();
    let only_subject = ChangeSubjectName::new(Some(subject.clone()), Vec::new()).unwrap();
    let only_alt = ChangeSubjectName::new(None, vec![dns("a.test")]).unwrap();
    let empty = ChangeSubjectName::new(Some(Name::empty()), vec![dns("a.test")]).unwrap();
    for change in [only_subject, only_alt, empty] {
        let value = change.to_attribute().unwrap().values.remove(0);
        assert_eq!(with_attribute(value).unwrap(), Some(change));
    }
    // SEQUENCE { SEQUENCE { [2] "a" } }
    let read = with_attribute(vec![0x30, 5, 0x30, 3, 0x82, 1, b'a']).unwrap().unwrap();
    assert_eq!((read.subject(), read.subject_alt()), (None, &[dns("a")][..]));
}

#[test]
fn no_name_at_all_is_refused() {
    assert_eq!(ChangeSubjectName::new(None, Vec::new()).unwrap_err(), Misuse::NoName.into());
    let error = InvalidMessage::Attribute("ChangeSubjectName").into();
    assert_eq!(with_attribute(vec![0x30, 0]).unwrap_err(), error);
    for value in [vec![0x30, 4, 0x30, 0, 0x30, 1], vec![0x04, 0], vec![0x30, 2, 0x05, 0]] {
        assert!(with_attribute(value).is_err());
    }
}
