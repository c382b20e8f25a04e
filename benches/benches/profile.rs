//! Reading and writing a profile of 10 KiB, beside the `plist` crate with the same bytes.
//!
//! `cargo bench -p devicecert-benches --bench profile`; with `-- --compare` the two take turns and
//! their ratio is printed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::sync::LazyLock;
use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{Certificate, CertificateParams, KeyKind, Signer, Time, Validity};
use devicecert_benches::side_by_side;
use devicecert_mobileconfig::plist::{Array, Dictionary, Document};
use devicecert_mobileconfig::{Limits, Profile, cms};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    if std::env::args().any(|argument| argument == "--compare") {
        return compare();
    }
    divan::main();
}

/// SCEP, its CA certificate and Wi-Fi, for as many networks as make 10 KiB.
static PROFILE: LazyLock<Profile> = LazyLock::new(|| {
    let mut profile = Profile::new("com.example.wifi", "00000000-0000-4000-8000-000000000000");
    profile.set("PayloadDisplayName", "Wi-Fi & certificates");
    profile.set("PayloadRemovalDisallowed", true);
    for number in 0_u8.. {
        if profile.to_xml().unwrap().len() >= 10 << 10 {
            break;
        }
        for payload in payloads(number) {
            profile.push(payload).unwrap();
        }
    }
    profile
});

static TEXT: LazyLock<String> = LazyLock::new(|| PROFILE.to_xml().unwrap());

fn payloads(number: u8) -> [Dictionary; 3] {
    let payload = |kind: &str| {
        let mut payload = Dictionary::new();
        payload.insert("PayloadType", kind);
        payload.insert("PayloadVersion", 1);
        payload.insert("PayloadIdentifier", format!("com.example.wifi.{kind}.{number}"));
        payload.insert("PayloadUUID", format!("00000000-0000-4000-8000-0000000000{number:02}"));
        payload
    };
    let rdn = |name: &str, value: &str| -> Array {
        [[name, value].into_iter().collect::<Array>()].into_iter().collect()
    };
    let mut content = Dictionary::new();
    content.insert("URL", "https://ca.example/scep?a=b&c=d");
    content.insert("Challenge", "$FLEET_VAR_NDES_SCEP_CHALLENGE");
    content.insert("Keysize", 2048);
    content.insert("Key Usage", 5);
    content.insert(
        "Subject",
        [rdn("CN", "%SerialNumber%"), rdn("O", "Example")].into_iter().collect::<Array>(),
    );
    content.insert("CAFingerprint", vec![number; 32]);
    let mut scep = payload("com.apple.security.scep");
    scep.insert("PayloadContent", content);
    let mut root = payload("com.apple.security.root");
    root.insert("PayloadContent", vec![number; 900]);
    let mut wifi = payload("com.apple.wifi.managed");
    wifi.insert("SSID_STR", "Example");
    wifi.insert("AutoJoin", true);
    wifi.insert("EncryptionType", "WPA2");
    wifi.insert("PayloadCertificateUUID", "00000000-0000-4000-8000-000000000001");
    [scep, root, wifi]
}

/// One run in which the two take turns: what machines and neighbours do, they do to both.
fn compare() {
    let limits = Limits::default();
    let result = side_by_side(
        Duration::from_secs(5),
        || {
            black_box(Profile::read(TEXT.as_bytes(), &limits).unwrap());
        },
        || {
            black_box(plist::Value::from_reader_xml(black_box(TEXT.as_bytes())).unwrap());
        },
    );
    println!("reading {} bytes, devicecert by plist: {result:?}", TEXT.len());
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

static SIGNER: LazyLock<(PrivateKey, Certificate)> = LazyLock::new(|| {
    let key = PrivateKey::generate(KeyKind::P256).unwrap();
    let validity = Validity::lasting(Time::from_unix(1_800_000_000), Duration::from_secs(86_400));
    let name = "CN=MDM".parse().unwrap();
    let params =
        CertificateParams::self_signed(name, key.public_key().clone(), validity, &RustCrypto)
            .unwrap();
    let certificate = params.unsigned(key.public_key()).unwrap().sign(&key).unwrap();
    (key, certificate)
});

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
