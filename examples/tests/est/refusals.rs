//! What does not get a certificate.

use devicecert::est::{
    ChannelBinding, Credentials, Draft, Enrolment, Error, KeyProtection, LinkingPolicy,
    RefusalKind, Step,
};
use devicecert::pki::{CrlReason, CsrParams, GeneralName, KeyKind};
use devicecert_examples::client::Patience;
use devicecert_examples::est::client::{self, EstError, Linking};
use devicecert_examples::est::{Session, TlsVersions};
use devicecert_examples::server::Store;

use crate::world::{BACKEND, Device, Options, PASSWORD, USER, World};

const VERSIONS: [TlsVersions; 2] = [TlsVersions::Tls12, TlsVersions::Tls13];

fn refusal(outcome: Result<impl Sized, EstError>) -> (RefusalKind, String) {
    match outcome {
        Err(EstError::Est(Error::Refused(refusal))) => {
            (refusal.kind(), refusal.text.unwrap_or_default())
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}

/// A request that was linked to one connection, sent over another.
#[test]
fn a_proof_of_possession_of_another_connection() {
    for linking in [LinkingPolicy::IfPresent, LinkingPolicy::Required] {
        let world = World::new(Options { linking, ..Options::default() });
        for tls in VERSIONS {
            let key = BACKEND.generate(KeyKind::P256).unwrap();
            let params = CsrParams::new("CN=device-1".parse().unwrap());
            let draft = Draft::new(params, key.public_key().clone());
            let mut enrolment = Enrolment::new(world.endpoint(), draft, BACKEND.provider());
            let url = world.endpoint().url(enrolment.operation()).parse().unwrap();
            let elsewhere = world.session(None, tls).binding(&url).unwrap();
            let mut session = world.session(None, tls);
            assert_ne!(session.binding(&url).unwrap(), elsewhere);
            enrolment.link(elsewhere);
            let outcome = world.run(&mut enrolment, &mut session, &[&*key], Linking::Off);
            let (kind, text) = refusal(outcome);
            assert_eq!(kind, RefusalKind::BadRequest);
            assert!(text.contains("linked to another TLS session"), "{text}");
        }
    }
}

#[test]
fn a_proof_of_possession_of_random_octets() {
    let world = World::new(Options::default());
    let key = BACKEND.generate(KeyKind::P256).unwrap();
    let params = CsrParams::new("CN=device-1".parse().unwrap());
    let draft = Draft::new(params, key.public_key().clone());
    let mut enrolment = Enrolment::new(world.endpoint(), draft, BACKEND.provider());
    enrolment.link(ChannelBinding::tls_exporter([7; 32]));
    let mut session = world.session(None, TlsVersions::Both);
    let outcome = world.run(&mut enrolment, &mut session, &[&*key], Linking::Off);
    assert_eq!(refusal(outcome).0, RefusalKind::BadRequest);
}

#[test]
fn no_proof_of_possession_where_one_is_required() {
    let linking = LinkingPolicy::Required;
    let world = World::new(Options { linking, ..Options::default() });
    for tls in VERSIONS {
        let outcome = world.enrol("CN=device-1", KeyKind::P256, tls, Linking::Off);
        let (kind, text) = refusal(outcome);
        assert_eq!(kind, RefusalKind::BadRequest);
        assert!(text.contains("required here"), "{text}");
    }
}

#[test]
fn a_wrong_password() {
    let world = World::new(Options::default());
    let key = BACKEND.generate(KeyKind::P256).unwrap();
    let params = CsrParams::new("CN=device-1".parse().unwrap());
    let draft = Draft::new(params, key.public_key().clone());
    let mut enrolment = Enrolment::new(world.endpoint(), draft, BACKEND.provider());
    enrolment.options().credentials = Some(Credentials::new(USER, "guess").unwrap());
    let mut session = world.session(None, TlsVersions::Both);
    let outcome = world.run(&mut enrolment, &mut session, &[&*key], Linking::Off);
    assert_eq!(refusal(outcome).0, RefusalKind::Unauthorised);
    assert_ne!(PASSWORD, "guess");
}

/// A certificate lets its holder renew it, and nothing else.
#[test]
fn a_certificate_for_another_name() {
    let world = World::new(Options::default());
    let device =
        world.enrol("CN=device-1", KeyKind::P256, TlsVersions::Both, Linking::Off).unwrap();
    let key = BACKEND.generate(KeyKind::P256).unwrap();
    let params = CsrParams::new("CN=device-2".parse().unwrap());
    let draft = Draft::new(params, key.public_key().clone());
    let mut enrolment = Enrolment::new(world.endpoint(), draft, BACKEND.provider());
    let mut session = world.session(Some(&device), TlsVersions::Both);
    let keys = [&*key];
    let outcome =
        client::run(&mut enrolment, &mut session, &keys, Linking::Off, Patience::Wait, |_| {});
    assert_eq!(refusal(outcome).0, RefusalKind::Forbidden);
}

/// Asks for a generated key with a certificate alone.
fn generate(world: &World, device: &Device, params: CsrParams) -> Result<(), EstError> {
    let throw_away = BACKEND.generate(KeyKind::P256).unwrap();
    let mut enrolment = Enrolment::generate_key(
        world.endpoint(),
        params,
        throw_away.public_key().clone(),
        KeyProtection::Tls,
        BACKEND.provider(),
    )
    .unwrap();
    let mut session = world.session(Some(device), TlsVersions::Both);
    let keys = [&*throw_away];
    client::run(&mut enrolment, &mut session, &keys, Linking::Off, Patience::Wait, |_| {}).map(drop)
}

#[test]
fn a_generated_key_for_further_names() {
    let world = World::new(Options::default());
    let device =
        world.enrol("CN=device-1", KeyKind::P256, TlsVersions::Both, Linking::Off).unwrap();
    let mut params = CsrParams::new("CN=device-1".parse().unwrap());
    generate(&world, &device, params.clone()).unwrap();
    params.subject_alt_name = vec![GeneralName::Dns("admin.example".to_owned())];
    assert_eq!(refusal(generate(&world, &device, params)).0, RefusalKind::Forbidden);
}

#[test]
fn a_generated_key_for_a_revoked_certificate() {
    let world = World::new(Options::default());
    let device =
        world.enrol("CN=device-1", KeyKind::P256, TlsVersions::Both, Linking::Off).unwrap();
    let params = CsrParams::new("CN=device-1".parse().unwrap());
    generate(&world, &device, params.clone()).unwrap();
    let store = Store::open(world.folder.path()).unwrap();
    let serial = device.certificate.serial();
    let serial: String = serial.iter().map(|octet| format!("{octet:02x}")).collect();
    let now = std::time::SystemTime::now().into();
    store.revoke(&serial, now, CrlReason::KeyCompromise).unwrap();
    assert_eq!(refusal(generate(&world, &device, params)).0, RefusalKind::Forbidden);
}

/// The client's side: a server of another CA is not talked to, not even asked.
#[test]
fn a_server_of_another_ca() {
    let (world, other) = (World::new(Options::default()), World::new(Options::default()));
    let trust = other.trust();
    let mut session = Session::new(&trust, None, TlsVersions::Both).unwrap();
    assert!(matches!(client::ca_certs(&mut session, &world.endpoint()), Err(EstError::Session(_))));
}

#[test]
fn a_saved_step_is_not_lost_when_the_network_is() {
    let world = World::new(Options::default());
    let key = BACKEND.generate(KeyKind::P256).unwrap();
    let params = CsrParams::new("CN=device-1".parse().unwrap());
    let csr = params.unsigned(key.public_key()).unwrap().sign(&*key).unwrap();
    let mut enrolment = Enrolment::new(world.endpoint(), csr, BACKEND.provider());
    let now = std::time::SystemTime::now().into();
    let Ok(Step::Send(first)) = enrolment.step(now) else { panic!() };
    let Ok(Step::Send(again)) = enrolment.step(now) else { panic!() };
    assert_eq!((first.body(), first.uri()), (again.body(), again.uri()));
    let mut session = world.session(None, TlsVersions::Both);
    assert!(world.run(&mut enrolment, &mut session, &[&*key], Linking::Off).is_ok());
}
