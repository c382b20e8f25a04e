//! The call for the challenge of an NDES, as far as it is known.

use devicecert_fleet::request_certificate::{Authority, Caller, Refusal, Role, Service};
use devicecert_fleet::{Limits, PeerText};

use crate::support::{ADMIN, Calls, device, host, hydrant, ndes, reason, refused, told};

#[test]
fn who_gets_one() {
    let service = Service::default();
    let by_device = |host| device(host).with("/x", b"", |caller| service.challenge(caller));
    let maintainer = Caller::User(Role::GlobalMaintainer);
    for call in [service.challenge(&ADMIN), service.challenge(&maintainer), by_device(host(None))] {
        let issuer = call.unwrap().of(Some(ndes())).unwrap();
        assert_eq!(issuer.admin_url, "https://ndes.example/certsrv/mscep_admin/");
    }
    for role in [Role::GlobalObserver, Role::GlobalTechnician, Role::GlobalGitOps, Role::OfATeam] {
        assert_eq!(service.challenge(&Caller::User(role)), Err(Refusal::Forbidden));
    }
    assert_eq!(service.challenge(&Caller::Nobody), Err(Refusal::Unauthenticated));
    assert_eq!(by_device(None), Err(Refusal::HostNotEnrolled));
}

#[test]
fn cas_without() {
    let of = |authority| Service::default().challenge(&ADMIN).unwrap().of(authority).unwrap_err();
    let est = Authority::Est { url: String::new(), username: None, password: None };
    let text = "This certificate authority does not issue challenges.";
    for authority in [hydrant(), est, Authority::Other] {
        assert_eq!(told(&reason(&of(Some(authority)).to_http())), refused(400, text));
    }
    assert_eq!(of(None), Refusal::NoSuchAuthority);
    let no_page =
        Authority::Ndes { scep_url: Some("https://ndes.example".into()), admin_url: None };
    let text = "Certificate authority does not have an admin URL configured.";
    assert_eq!(told(&reason(&of(Some(no_page)).to_http())), refused(400, text));
}

#[test]
fn ndes_gives_none() {
    let why = "parsing challenge from response: the password cache is full";
    let refusal = Refusal::Challenge(PeerText::new(why, &[], Limits::default().text_characters));
    let text = format!("NDES challenge request failed: {why}");
    assert_eq!(told(&reason(&refusal.to_http())), refused(400, &text));
}
