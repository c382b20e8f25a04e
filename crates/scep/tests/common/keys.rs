//! The keys that the tests use. Each is made once in a test binary: an RSA key takes a while.

use std::sync::LazyLock;

use devicecert_crypto_rust::PrivateKey;
use devicecert_pki::KeyKind;
use rsa::pkcs8::EncodePrivateKey;

pub(crate) static CA: LazyLock<PrivateKey> = LazyLock::new(rsa);
pub(crate) static RA: LazyLock<PrivateKey> = LazyLock::new(rsa);
pub(crate) static RA_2: LazyLock<PrivateKey> = LazyLock::new(rsa);
pub(crate) static DEVICE: LazyLock<PrivateKey> = LazyLock::new(rsa);
/// Of the CA that takes over.
pub(crate) static NEXT_CA: LazyLock<PrivateKey> = LazyLock::new(rsa);
/// What the device makes for its renewal.
pub(crate) static NEW: LazyLock<PrivateKey> = LazyLock::new(rsa);
/// Of somebody who has nothing to do with device and CA.
pub(crate) static STRANGER: LazyLock<PrivateKey> = LazyLock::new(rsa);
pub(crate) static EC: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P256).unwrap());
/// Of a device on the other curve.
pub(crate) static P384: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P384).unwrap());
/// What a device with an EC key makes for its renewal.
pub(crate) static NEW_EC: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P256).unwrap());
pub(crate) static EC_CA: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::P256).unwrap());

/// Of a device and a CA that exchange hundreds of messages: shorter ones are done sooner.
pub(crate) static SMALL: LazyLock<PrivateKey> = LazyLock::new(small);
pub(crate) static SMALL_CA: LazyLock<PrivateKey> = LazyLock::new(small);

pub(crate) fn rsa() -> PrivateKey {
    PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap()
}

/// 1024 bits, which this project reads and does not make.
fn small() -> PrivateKey {
    let mut chance = rsa::rand_core::UnwrapErr(getrandom::SysRng);
    let key = rsa::RsaPrivateKey::new(&mut chance, 1024).unwrap();
    PrivateKey::from_pkcs8_der(key.to_pkcs8_der().unwrap().as_bytes()).unwrap()
}
