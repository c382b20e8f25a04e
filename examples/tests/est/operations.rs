//! Every operation, under every kind of TLS.

use devicecert::est::LinkingPolicy;
use devicecert::est::cmc::Status;
use devicecert::est::{
    CaCertificates, Credentials, Draft, Enrolment, ImplicitTrustAnchors, KeyProtection, NameMatch,
};
use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::{CsrParams, KeyKind, Time};
use devicecert_examples::est::client::{self, Linking};
use devicecert_examples::est::{ClientCertificates, Session, TlsVersions, Trust};
use devicecert_examples::server::{Approval, Store, Verdict};

use crate::world::{BACKEND, Device, Options, PASSWORD, USER, World, kek};

const VERSIONS: [TlsVersions; 2] = [TlsVersions::Tls12, TlsVersions::Tls13];
const P256: KeyKind = KeyKind::P256;

fn now() -> Time {
    std::time::SystemTime::now().into()
}

fn required() -> Options {
    Options { linking: LinkingPolicy::Required, ..Options::default() }
}

fn reenrol(
    world: &World,
    old: &Device,
    tls: TlsVersions,
    linking: Linking,
) -> Result<Device, client::EstError> {
    let key = BACKEND.generate(P256).unwrap();
    let draft = Draft::renewal_of(&old.certificate, key.public_key().clone());
    let endpoint = world.endpoint();
    let mut enrolment =
        Enrolment::renew(endpoint, &old.certificate, draft, BACKEND.provider()).unwrap();
    // The certificate is all that speaks for it.
    enrolment.options().credentials = Some(Credentials::new("nobody", "nothing").unwrap());
    let mut session = world.session(Some(old), tls);
    let issued = world.run(&mut enrolment, &mut session, &[&*key], linking)?;
    Ok(Device { certificate: issued.certificate, key })
}

fn generate(
    world: &World,
    device: Option<&Device>,
    protection: KeyProtection,
    tls: TlsVersions,
    linking: Linking,
) {
    let throw_away = BACKEND.generate(P256).unwrap();
    let params = CsrParams::new("CN=device-1".parse().unwrap());
    let mut enrolment = Enrolment::generate_key(
        world.endpoint(),
        params,
        throw_away.public_key().clone(),
        protection,
        BACKEND.provider(),
    )
    .unwrap();
    let mut session = world.session(device, tls);
    let keys: Vec<_> = device.iter().map(|device| &*device.key).chain([&*throw_away]).collect();
    let issued = world.run(&mut enrolment, &mut session, &keys, linking).unwrap();
    let key = issued.key.unwrap().to_pkcs8(issued.certificate.public_key()).unwrap().unwrap();
    let pem = devicecert::pki::to_pem("PRIVATE KEY", key.expose());
    let key = BACKEND.load(&pem).unwrap();
    assert_eq!(key.public_key(), issued.certificate.public_key());
    assert_ne!(key.public_key(), throw_away.public_key());
}

fn full_cmc(world: &World, tls: TlsVersions) {
    let key = BACKEND.generate(P256).unwrap();
    let params = CsrParams::new("CN=device-1".parse().unwrap());
    let mut session = world.session(None, tls);
    let provider = BACKEND.provider();
    let (data, message) = client::full_request(&params, &*key, provider).unwrap();
    let credentials = Credentials::new(USER, PASSWORD).unwrap();
    let endpoint = world.endpoint();
    let (content, response) = client::full_cmc(
        &mut session,
        &endpoint,
        &data,
        &message,
        Some(&credentials),
        &world.ca,
        provider,
    )
    .unwrap();
    let statuses = content.statuses(&endpoint.limits).unwrap();
    assert_eq!(statuses[0].status, Status::Success);
    response.certificate_for(key.public_key()).unwrap();
}

fn questions(world: &World, device: Option<&Device>, tls: TlsVersions, wishes: bool) {
    let endpoint = world.endpoint();
    let mut session = world.session(device, tls);
    let unverified = client::ca_certs(&mut session, &endpoint).unwrap();
    let authorised = ImplicitTrustAnchors::new(Vec::new()).authorise(NameMatch::Matches).unwrap();
    let found: CaCertificates =
        unverified.from_server(authorised, now(), BACKEND.provider()).unwrap();
    assert_eq!(found.anchor(), &world.ca);
    let attrs = client::csr_attrs(&mut session, &endpoint).unwrap();
    assert_eq!(attrs.is_some_and(|attrs| attrs.wants_linking()), wishes);
}

#[test]
fn every_operation_without_and_with_a_client_certificate_unlinked() {
    let world = World::new(Options::default());
    for tls in VERSIONS {
        let device = world.enrol("CN=device-1", P256, tls, Linking::Off).unwrap();
        for device in [None, Some(&device)] {
            questions(&world, device, tls, false);
            generate(&world, device, KeyProtection::Tls, tls, Linking::Off);
        }
        let renewed = reenrol(&world, &device, tls, Linking::Off).unwrap();
        assert_ne!(renewed.certificate.serial(), device.certificate.serial());
        full_cmc(&world, tls);
    }
}

#[test]
fn every_operation_linked() {
    let world = World::new(required());
    for tls in VERSIONS {
        let device = world.enrol("CN=device-1", P256, tls, Linking::On).unwrap();
        questions(&world, None, tls, true);
        reenrol(&world, &device, tls, Linking::On).unwrap();
        generate(&world, None, KeyProtection::Tls, tls, Linking::On);
    }
}

#[test]
fn a_link_is_checked_also_where_none_is_required() {
    let world = World::new(Options::default());
    assert!(world.enrol("CN=device-1", P256, TlsVersions::Tls13, Linking::On).is_ok());
}

#[test]
fn generated_keys_are_encrypted_as_they_are_asked_for() {
    let world = World::new(Options::default());
    for tls in VERSIONS {
        let kek = kek();
        let symmetric = KeyProtection::SymmetricKey { identifier: kek.name, key: kek.key };
        generate(&world, None, symmetric, tls, Linking::Off);
        let rsa = KeyKind::Rsa { bits: 2048 };
        let device = world.enrol("CN=device-1", rsa, tls, Linking::Off).unwrap();
        let certificate = KeyProtection::Certificate(Box::new(device.certificate.clone()));
        generate(&world, Some(&device), certificate, tls, Linking::Off);
    }
}

#[test]
fn where_certificates_are_required_only_their_holders_get_in() {
    let world = World::new(Options::default());
    let device = world.enrol("CN=device-1", P256, TlsVersions::Both, Linking::Off).unwrap();
    let clients = ClientCertificates::Required;
    let world = world.restarted(Options { clients, ..Options::default() });
    for tls in VERSIONS {
        assert!(reenrol(&world, &device, tls, Linking::Off).is_ok());
        questions(&world, Some(&device), tls, false);
        assert!(world.enrol("CN=device-2", P256, tls, Linking::Off).is_err());
    }
}

#[test]
fn a_person_decides_and_the_client_waits() {
    let manual = Options { approval: Approval::Manual, ..required() };
    let world = World::new(manual);
    let folder = world.folder.path().to_owned();
    let person = std::thread::spawn(move || {
        let store = Store::open(&folder).unwrap();
        for _ in 0..200 {
            if let [Ok(one)] = store.waiting().unwrap().as_slice() {
                assert!(one.about.contains("subject: CN=device-1"));
                store.decide(&one.key, Verdict::Approved).unwrap();
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("nobody asked");
    });
    let device = world.enrol("CN=device-1", P256, TlsVersions::Tls13, Linking::On).unwrap();
    person.join().unwrap();
    assert_eq!(device.certificate.subject().to_string(), "CN=device-1");
}

#[test]
fn a_first_contact_by_fingerprint() {
    let world = World::new(Options::default());
    let mut session = Session::new(&Trust::Nobody, None, TlsVersions::Both).unwrap();
    let unverified = client::ca_certs(&mut session, &world.endpoint()).unwrap();
    let provider = BACKEND.provider();
    let pin = world.ca.fingerprint(DigestAlgorithm::Sha256, provider).unwrap();
    let digest = DigestAlgorithm::Sha256;
    let found = unverified.pinned(digest, &pin, now(), provider).unwrap();
    assert_eq!(found.anchor(), &world.ca);
}
