//! A configuration profile of 10 KiB: built, read, checked, written and signed, beside the `plist`
//! crate with the same bytes.
//!
//! `cargo bench -p devicecert-benches --bench profile`. After the rows, reading and checking takes
//! turns with what `plist` needs to parse the same text twice, and the ratio of the two is printed;
//! with `-- --compare` nothing but that. `plist` is given its quickest way in, without serde and
//! without a guess at the format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::sync::LazyLock;
use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{Certificate, CertificateParams, KeyKind, Signer, Time, Validity};
use devicecert_benches::side_by_side;
use devicecert_mobileconfig::payload::{
    CertificateFormat, CertificatePayload, EapConfiguration, Encryption, ProfileBuilder,
    ScepPayload, Subject, WifiPayload,
};
use devicecert_mobileconfig::plist::Document;
use devicecert_mobileconfig::rule::{Target, check, check_bytes};
use devicecert_mobileconfig::{Limits, Profile, Scope, cms};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

/// What reading and checking may take of the time in which `plist` parses the text twice.
const TARGET: f64 = 1.0;

fn main() {
    let given = |wanted: &str| std::env::args().any(|argument| argument == wanted);
    if !given("--compare") {
        divan::main();
    }
    // Cargo passes `--bench` where something is to be measured, and not only tried.
    if given("--bench") && !given("--list") && !given("--test") {
        compare();
    }
}

/// One run in which the two take turns: what machines and neighbours do, they do to both.
fn compare() {
    let limits = Limits::default();
    let target = Target::default().now(NOW);
    let findings = check_bytes(TEXT.as_bytes(), &limits, &target);
    assert_eq!(findings, [], "the profile is to be a good one, so that every rule looks at it");
    let found = side_by_side(
        Duration::from_secs(8),
        || {
            black_box(check_bytes(black_box(TEXT.as_bytes()), &limits, &target));
        },
        || {
            black_box(plist::Value::from_reader_xml(black_box(TEXT.as_bytes())).unwrap());
            black_box(plist::Value::from_reader_xml(black_box(TEXT.as_bytes())).unwrap());
        },
    );
    let verdict = if found.ratio < TARGET { "met" } else { "missed" };
    println!(
        "\nreading and checking {} bytes: {:?}; `plist` parses them twice in {:?}\n\
         ratio {:.2} (minima {:.2}, {} rounds; target below {TARGET}: {verdict})",
        TEXT.len(),
        found.first,
        found.second,
        found.ratio,
        found.ratio_of_minima,
        found.rounds,
    );
}

const NOW: Time = Time::from_unix(1_800_000_000);

static SIGNER: LazyLock<(PrivateKey, Certificate)> = LazyLock::new(|| {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let from = NOW.before(Duration::from_secs(86_400));
    let validity = Validity::lasting(from, Duration::from_secs(365 * 86_400));
    let name = "C=DE,O=Example,CN=Example Root CA".parse().unwrap();
    let params =
        CertificateParams::ca(name, key.public_key().clone(), validity, &RustCrypto).unwrap();
    let certificate = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    (key, certificate)
});

/// SCEP, the CA certificate and Wi-Fi with EAP-TLS, for so many networks.
fn built(networks: u8) -> Profile {
    let (_, ca) = &*SIGNER;
    let mut profile = ProfileBuilder::new("com.example.wifi", Scope::System)
        .display_name("Wi-Fi & certificates")
        .organization("Example");
    for number in 0..networks {
        let subject = Subject::new()
            .with("CN", "%SerialNumber% WIFI")
            .with("OU", "$FLEET_VAR_SCEP_RENEWAL_ID");
        let mut scep = ScepPayload::new("https://ca.example/scep?profile=wifi&v=1", subject);
        scep.challenge = Some("$FLEET_VAR_NDES_SCEP_CHALLENGE".into());
        scep.ca_fingerprint = Some(vec![number; 32]);
        scep.alternative_names.dns_names = vec!["laptop-7.example.com".into()];
        let identity = profile.add("scep", scep);
        let root = CertificatePayload::new(CertificateFormat::Root, ca.as_der().to_vec());
        let anchor = profile.add("root", root);
        let servers = vec!["radius.example.com".into()];
        let eap = EapConfiguration::tls(vec![anchor], servers);
        let network = format!("Example {number}");
        profile.add("wifi", WifiPayload::enterprise(network, Encryption::Wpa2, eap, identity));
    }
    profile.build()
}

/// As many networks as make 10 KiB.
static NETWORKS: LazyLock<u8> = LazyLock::new(|| {
    (1..).find(|networks| built(*networks).to_xml().unwrap().len() >= 10 << 10).unwrap()
});

static PROFILE: LazyLock<Profile> = LazyLock::new(|| built(*NETWORKS));

static TEXT: LazyLock<String> = LazyLock::new(|| PROFILE.to_xml().unwrap());

#[divan::bench]
fn build(bencher: Bencher<'_, '_>) {
    let networks = *NETWORKS;
    bencher
        .counter(BytesCount::of_str(TEXT.as_str()))
        .bench(|| built(black_box(networks)).to_xml().unwrap());
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let limits = Limits::default();
    bencher
        .counter(BytesCount::of_str(TEXT.as_str()))
        .bench(|| Profile::read(black_box(TEXT.as_bytes()), &limits).unwrap());
}

#[divan::bench]
fn read_with_plist(bencher: Bencher<'_, '_>) {
    bencher
        .counter(BytesCount::of_str(TEXT.as_str()))
        .bench(|| plist::Value::from_reader_xml(black_box(TEXT.as_bytes())).unwrap());
}

/// Every rule over a profile that was read.
#[divan::bench(name = "check")]
fn every_rule(bencher: Bencher<'_, '_>) {
    let profile = Profile::read(TEXT.as_bytes(), &Limits::default()).unwrap();
    let target = Target::default().now(NOW);
    bencher
        .counter(BytesCount::of_str(TEXT.as_str()))
        .bench(|| check(black_box(&profile), &target));
}

#[divan::bench]
fn walk_with_positions(bencher: Bencher<'_, '_>) {
    let document = Document::read(TEXT.as_bytes(), &Limits::default()).unwrap();
    bencher
        .bench(|| document.node().walk().filter_map(|node| document.place(&node).position).max());
}

#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::of_str(TEXT.as_str())).bench(|| PROFILE.to_xml().unwrap());
}

#[divan::bench]
fn write_with_plist(bencher: Bencher<'_, '_>) {
    let value = plist::Value::from_reader_xml(TEXT.as_bytes()).unwrap();
    bencher.counter(BytesCount::of_str(TEXT.as_str())).bench(|| {
        let mut written = Vec::new();
        value.to_writer_xml(&mut written).unwrap();
        written
    });
}

/// With a P-256 key.
#[divan::bench]
fn sign(bencher: Bencher<'_, '_>) {
    let (key, certificate) = &*SIGNER;
    bencher.bench(|| {
        let content = TEXT.as_bytes().to_vec();
        cms::unsigned(content, certificate.clone(), &[], &RustCrypto).unwrap().sign(key).unwrap()
    });
}

/// Everything about signing but the private key's part.
#[divan::bench]
fn sign_without_the_key(bencher: Bencher<'_, '_>) {
    let (_, certificate) = &*SIGNER;
    bencher.bench(|| {
        let content = TEXT.as_bytes().to_vec();
        cms::unsigned(content, certificate.clone(), &[], &RustCrypto)
            .unwrap()
            .attach(&[1; 70])
            .unwrap()
    });
}
