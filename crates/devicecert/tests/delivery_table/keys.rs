//! The keys of CAs and devices. Each is made once in a run: an RSA key takes a while.

use std::sync::LazyLock;

use devicecert::crypto_rust::PrivateKey;
use devicecert::pki::KeyKind;

use crate::watch;

/// Of every CA that speaks SCEP: it opens and it signs.
pub(crate) static CA: LazyLock<PrivateKey> = LazyLock::new(rsa);

/// Of every CA that does not.
pub(crate) static EC_CA: LazyLock<PrivateKey> = LazyLock::new(p256);

static DEVICE: [LazyLock<PrivateKey>; 4] = [const { LazyLock::new(rsa) }; 4];

/// What somebody makes who has made so many before: another one than the last three times.
pub(crate) fn made(before: usize) -> &'static PrivateKey {
    &DEVICE[before % DEVICE.len()]
}

pub(crate) fn p256() -> PrivateKey {
    watched(PrivateKey::generate(KeyKind::P256).unwrap())
}

fn rsa() -> PrivateKey {
    watched(PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap())
}

fn watched(key: PrivateKey) -> PrivateKey {
    watch::debug(&key);
    watch::secret(key.to_pkcs8_der().unwrap().expose());
    key
}
