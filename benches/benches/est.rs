//! EST: reading and writing each kind of body, and what a server needs for cacerts and csrattrs.
//!
//! `cargo bench -p devicecert-benches --bench est`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::LazyLock;
use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::est::cmc::{PkiData, PkiResponse};
use devicecert::est::{
    self, Authorisation, CaCertificates, Client, CsrAttrs, Endpoint, Enrolment, KeyDemand,
    KeyProtection, Limits, Service, Step, Template, Tolerance,
};
use devicecert::pki::{
    Certificate, CertificateParams, Csr, CsrParams, KeyKind, Signer, Time, Validity, oid,
};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use http::{Request, Response};

fn main() {
    divan::main();
}

const NOW: Time = Time::from_unix(1_800_000_000);

/// A CA, a device and their messages, with P-256 keys.
struct World {
    service: Service,
    endpoint: Endpoint,
    ca: Certificate,
    csr: Csr,
    attrs: CsrAttrs,
    cacerts: Response<Vec<u8>>,
    csrattrs: Response<Vec<u8>>,
    enrol: Request<Vec<u8>>,
    key: PrivateKey,
    issued: Certificate,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let name = "CN=laptop-7,O=Example";
    let csr = CsrParams::new(name.parse().unwrap()).unsigned(key.public_key()).unwrap();
    let csr = csr.sign(&key).unwrap();
    let validity = Validity::lasting(NOW, Duration::from_secs(365 * 86_400));
    let public = key.public_key().clone();
    let ca = CertificateParams::ca(name.parse().unwrap(), public, validity, &RustCrypto).unwrap();
    let ca = ca.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    let mut template = Template::default();
    template.key = Some(KeyDemand::Ec { curve: Some(oid::SECP256R1) });
    let attrs =
        CsrAttrs::default().require_linking().oid(oid::SUBJECT_ALT_NAME).with_template(&template);
    let (service, endpoint) = (Service::default(), Endpoint::new("https://est.test").unwrap());
    let question = endpoint.ca_certs().unwrap();
    let cacerts = service.route(&question).unwrap().ca_certs([&ca]);
    let question = endpoint.csr_attrs().unwrap();
    let csrattrs = service.route(&question).unwrap().csr_attrs(Some(&attrs));
    let mut enrolment = Enrolment::new(endpoint.clone(), csr.clone(), &RustCrypto);
    let Ok(Step::Send(enrol)) = enrolment.step(NOW) else { panic!("nothing to send") };
    let public = key.public_key().clone();
    let issued =
        CertificateParams::end_entity(&ca, name.parse().unwrap(), public, validity, &RustCrypto);
    let issued = issued.unwrap().unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    World { service, endpoint, ca, csr, attrs, cacerts, csrattrs, enrol, key, issued }
});

/// A server's whole answer, from the HTTP request on.
mod serve {
    use super::{Bencher, Client, ItemsCount, RustCrypto, WORLD, black_box};

    #[divan::bench]
    fn cacerts(bencher: Bencher) {
        let world = &*WORLD;
        let question = world.endpoint.ca_certs().unwrap();
        bencher
            .counter(ItemsCount::new(1_u32))
            .bench(|| world.service.route(black_box(&question)).unwrap().ca_certs([&world.ca]));
    }

    #[divan::bench]
    fn csrattrs(bencher: Bencher) {
        let world = &*WORLD;
        let question = world.endpoint.csr_attrs().unwrap();
        bencher.counter(ItemsCount::new(1_u32)).bench(|| {
            world.service.route(black_box(&question)).unwrap().csr_attrs(Some(&world.attrs))
        });
    }

    /// Base64, PKCS #10 and its signature.
    #[divan::bench]
    fn read_simpleenroll(bencher: Bencher) {
        let world = &*WORLD;
        bencher.counter(ItemsCount::new(1_u32)).bench(|| {
            let call = world.service.route(black_box(&world.enrol)).unwrap();
            call.read(&world.enrol, &Client::default(), &RustCrypto).unwrap()
        });
    }
}

/// A client's.
mod ask {
    use super::{
        CaCertificates, CsrAttrs, Enrolment, Limits, NOW, RustCrypto, Step, Tolerance, WORLD,
        black_box,
    };

    #[divan::bench]
    fn read_cacerts() -> usize {
        let world = &*WORLD;
        CaCertificates::read(&world.endpoint, black_box(&world.cacerts)).unwrap().len()
    }

    #[divan::bench]
    fn read_csrattrs() -> Option<CsrAttrs> {
        let world = &*WORLD;
        CsrAttrs::read(&world.endpoint, black_box(&world.csrattrs)).unwrap()
    }

    #[divan::bench]
    fn plan() -> bool {
        let plan = WORLD.attrs.plan(&Tolerance::default(), &Limits::default());
        plan.unwrap().linking.is_some()
    }

    #[divan::bench]
    fn write_simpleenroll() -> bool {
        let world = &*WORLD;
        let csr = black_box(world.csr.clone());
        let mut enrolment = Enrolment::new(world.endpoint.clone(), csr, &RustCrypto);
        matches!(enrolment.step(NOW), Ok(Step::Send(_)))
    }
}

/// A generated key and its certificate, two parts of one body.
mod key_generation {
    use super::{
        Authorisation, Bencher, Client, CsrParams, Enrolment, KeyProtection, NOW, Request,
        Response, RustCrypto, Signer, Step, WORLD, black_box, est,
    };

    /// An enrolment that waits for the answer, and what it sent.
    fn waiting() -> (Enrolment, Request<Vec<u8>>) {
        let world = &*WORLD;
        let params = CsrParams::new("CN=laptop-7,O=Example".parse().unwrap());
        let (key, protection) = (world.key.public_key().clone(), KeyProtection::Tls);
        let endpoint = world.endpoint.clone();
        let enrolment = Enrolment::generate_key(endpoint, params, key, protection, &RustCrypto);
        let mut enrolment = enrolment.unwrap();
        loop {
            match enrolment.step(NOW).unwrap() {
                Step::Sign(ask) => enrolment.signed(&world.key.sign(&ask).unwrap()).unwrap(),
                Step::Send(request) => return (enrolment, request),
                _ => panic!("neither to sign nor to send"),
            }
        }
    }

    fn answers(request: &Request<Vec<u8>>) -> impl Fn() -> Response<Vec<u8>> {
        let world = &*WORLD;
        let call = world.service.route(request).unwrap();
        let read = call.read(request, &Client::default(), &RustCrypto).unwrap();
        let est::Request::GenerateKey(generate) = read else { panic!("another request") };
        let pkcs8 = world.key.to_pkcs8_der().unwrap();
        move || {
            let why = Authorisation::by_policy();
            let decision = generate.grant(why, world.issued.clone(), pkcs8.clone()).unwrap();
            call.reply(black_box(&decision)).unwrap()
        }
    }

    #[divan::bench]
    fn write_serverkeygen(bencher: Bencher) {
        let (_, request) = waiting();
        bencher.bench(answers(&request));
    }

    #[divan::bench]
    fn read_serverkeygen(bencher: Bencher) {
        let (_, request) = waiting();
        let answer = answers(&request)();
        bencher.with_inputs(|| waiting().0).bench_values(|mut enrolment| {
            enrolment.received(black_box(&answer), NOW).unwrap();
            enrolment
        });
    }
}

/// The content of Full PKI messages.
mod cmc {
    use super::{Bencher, LazyLock, Limits, PkiData, PkiResponse, RustCrypto, WORLD, black_box};

    static DATA: LazyLock<PkiData> =
        LazyLock::new(|| PkiData::new(WORLD.csr.clone(), &RustCrypto).unwrap());

    #[divan::bench]
    fn write_pki_data() -> Vec<u8> {
        black_box(&*DATA).to_der()
    }

    #[divan::bench]
    fn read_pki_data(bencher: Bencher) {
        let der = DATA.to_der();
        bencher.bench(|| PkiData::parse(black_box(&der), &Limits::default()).unwrap());
    }

    #[divan::bench]
    fn answer() -> Vec<u8> {
        PkiResponse::to(black_box(&DATA), &[]).unwrap().to_der()
    }
}
