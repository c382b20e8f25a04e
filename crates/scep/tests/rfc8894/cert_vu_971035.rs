//! CERT VU#971035: a challengePassword says who may ask, and not for what. A permit says both.

use devicecert_pki::{CsrParams, GeneralName, Name, Secret};
use devicecert_scep::{Authorisation, Content, NotPermitted, Permit};

use crate::common::pki_message::PkiMessage;
use crate::common::{Server, Who, keys};

const SUBJECT: &str = "CN=laptop-7,OU=Sales+OU=EMEA,O=Example";

fn dns(name: &str) -> GeneralName {
    GeneralName::Dns(name.to_owned())
}

/// A permit for [`SUBJECT`] and two names.
fn permit() -> Permit {
    let mut permit = Permit::new(Secret::from("for-laptop-7"), SUBJECT.parse().unwrap());
    permit.alt_names = vec![dns("laptop-7.example"), GeneralName::Email("sales@example".into())];
    permit
}

fn asks(
    subject: Name,
    names: &[GeneralName],
    challenge: Option<&str>,
) -> Result<Authorisation, NotPermitted> {
    let server = Server::standing();
    let device = Who { name: "CN=device-1", key: &keys::DEVICE };
    let mut params = CsrParams::new(subject);
    params.challenge_password = challenge.map(Secret::from);
    params.subject_alt_name = names.to_vec();
    let envelope = server.envelope(device.signed(&params).as_der());
    let request = server.open(&PkiMessage::request(&device, "19", envelope).to_der());
    let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
    permit().authorise(enrol)
}

#[test]
fn a_challenge_opens_for_the_names_that_it_was_made_for() {
    let both = permit().alt_names;
    for names in [&both[..], &both[..1], &both[1..], &[]] {
        assert!(asks(SUBJECT.parse().unwrap(), names, Some("for-laptop-7")).is_ok(), "{names:?}");
    }
}

#[test]
fn it_opens_for_no_other_subject() {
    for subject in [
        "CN=ceo,OU=Sales+OU=EMEA,O=Example",
        "CN=Laptop-7,OU=Sales+OU=EMEA,O=Example",
        "CN=laptop-7 ,OU=Sales+OU=EMEA,O=Example".trim_end(),
        "CN=laptop-7,OU=Sales,OU=EMEA,O=Example",
        "CN=laptop-7,O=Example",
        "CN=ceo,CN=laptop-7,OU=Sales+OU=EMEA,O=Example",
        "O=Example,OU=Sales+OU=EMEA,CN=laptop-7",
        "",
    ] {
        let asked: Name = subject.parse().unwrap();
        let same = asked == SUBJECT.parse().unwrap();
        assert_eq!(asks(asked, &[], Some("for-laptop-7")).is_ok(), same, "{subject}");
    }
    let other = "CN=ceo".parse().unwrap();
    assert_eq!(asks(other, &[], Some("for-laptop-7")), Err(NotPermitted::Subject));
}

#[test]
fn the_string_type_of_the_subject_does_not_matter() {
    let printable: Name = "CN=laptop-7,OU=EMEA+OU=Sales,O=Example".parse().unwrap();
    assert!(asks(printable, &[], Some("for-laptop-7")).is_ok());
}

#[test]
fn it_opens_for_no_further_name() {
    for name in [
        dns("ceo.example"),
        dns("*.example"),
        dns("LAPTOP-7.example"),
        GeneralName::Email("laptop-7.example".into()),
        GeneralName::Uri("http://laptop-7.example".into()),
    ] {
        let names = [permit().alt_names, vec![name]].concat();
        let asked = asks(SUBJECT.parse().unwrap(), &names, Some("for-laptop-7"));
        assert_eq!(asked, Err(NotPermitted::Names), "{names:?}");
    }
}

/// Otherwise a guess at the names could be checked without the challenge.
#[test]
fn without_the_challenge_nothing_is_said_of_the_names() {
    for challenge in [None, Some("for-laptop-8"), Some("for-laptop-")] {
        for subject in [SUBJECT, "CN=ceo"] {
            let asked = asks(subject.parse().unwrap(), &[dns("ceo.example")], challenge);
            assert_eq!(asked, Err(NotPermitted::Challenge));
        }
    }
}

#[test]
fn an_empty_challenge_permits_nothing() {
    let permit = Permit::new(Secret::from(""), SUBJECT.parse().unwrap());
    let server = Server::standing();
    let device = Who::device();
    let csr = device.signed(&CsrParams::new(SUBJECT.parse().unwrap()));
    let message = PkiMessage::request(&device, "19", server.envelope(csr.as_der())).to_der();
    let request = server.open(&message);
    let Content::Enrol(enrol) = request.content() else { panic!("{request:?}") };
    assert_eq!(permit.authorise(enrol), Err(NotPermitted::Challenge));
}

#[test]
fn what_is_printed_of_a_permit_does_not_show_its_challenge() {
    let shown = format!("{:?}", permit());
    assert!(shown.contains("laptop-7.example") && !shown.contains("for-laptop-7"), "{shown}");
}
