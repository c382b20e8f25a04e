//! A CA and a device that are the same in every run, so that a message that was kept as a seed
//! still fits.
//!
//! There are two such worlds. In one the keys are those in `keys/` and everything is as it is
//! outside. In the other the cryptography lets everything through: every signature is right, every
//! digest is the same and nothing is encrypted, so that a fuzzer gets to what lies behind it, and
//! a thousand times as often.

use std::sync::LazyLock;
use std::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::SignedDataParams;
use devicecert_pki::{
    Attribute, Certificate, CertificateParams, Csr, CsrParams, Decryptor, Provider, Signer, Time,
    Validity,
};
use devicecert_scep::{AttributeName, Authority};

use crate::transparent::{Glass, REPEATING, Transparent};

pub const NOW: Time = Time::from_unix(1_800_000_000);
const YEAR: Duration = Duration::from_secs(365 * 86_400);

pub trait Key: Signer + Decryptor {}

impl<K: Signer + Decryptor> Key for K {}

pub struct World {
    pub provider: &'static dyn Provider,
    /// The same, and every random octet is known beforehand.
    pub repeating: &'static dyn Provider,
    pub ca_key: Box<dyn Key>,
    pub authority: Authority,
    pub device_key: Box<dyn Key>,
    pub csr: Csr,
    /// What the device signs its first message with.
    pub device: Certificate,
    /// What the CA issued to it.
    pub issued: Certificate,
}

/// The world where cryptography is real.
pub fn real() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| {
        let (ca, device) = keys();
        World::new(&RustCrypto, &REPEATING, Box::new(ca), Box::new(device))
    });
    &WORLD
}

/// The world where it lets everything through.
pub fn transparent() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| {
        let (ca, device) = keys();
        let glass = |key: PrivateKey| Box::new(Glass(key.public_key().clone()));
        World::new(&Transparent, &Transparent, glass(ca), glass(device))
    });
    &WORLD
}

/// The keys of the CA and of the device.
pub fn keys() -> (PrivateKey, PrivateKey) {
    (
        PrivateKey::from_pem(include_str!("../keys/ca.pem")).unwrap(),
        PrivateKey::from_pem(include_str!("../keys/device.pem")).unwrap(),
    )
}

impl World {
    fn new(
        provider: &'static dyn Provider,
        repeating: &'static dyn Provider,
        ca_key: Box<dyn Key>,
        device_key: Box<dyn Key>,
    ) -> Self {
        let validity = Validity::lasting(NOW.before(YEAR), YEAR * 10);
        let sign = |params: CertificateParams, key: &dyn Key| {
            params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
        };
        let public = ca_key.public_key().clone();
        let name = "CN=Test CA,O=Example".parse().unwrap();
        let ca = CertificateParams::ca(name, public, validity, repeating).unwrap();
        let ca = sign(ca, &*ca_key);
        let csr = CsrParams::new("CN=device-1,O=Example".parse().unwrap())
            .challenge("one-time password")
            .unsigned(device_key.public_key())
            .unwrap()
            .sign(&*device_key)
            .unwrap();
        let (subject, public) = (csr.subject().clone(), device_key.public_key().clone());
        let device =
            CertificateParams::self_signed(subject.clone(), public.clone(), validity, repeating);
        let device = sign(device.unwrap(), &*device_key);
        let issued =
            CertificateParams::end_entity(&ca, subject, public, validity, repeating).unwrap();
        let issued = sign(issued, &*ca_key);
        let authority = Authority::new(ca).unwrap();
        Self { provider, repeating, ca_key, authority, device_key, csr, device, issued }
    }

    /// A pkiMessage around `content`, signed properly.
    pub fn signed(
        &self,
        signer: &Certificate,
        key: &dyn Key,
        attributes: Vec<Attribute>,
        content: &[u8],
    ) -> Vec<u8> {
        let mut params = SignedDataParams::new(signer.clone(), content.to_vec());
        params.certificates = vec![signer.clone()];
        params.attributes = attributes;
        params.unsigned(self.provider).unwrap().sign(key).unwrap()
    }
}

pub fn printable(name: AttributeName, text: &str) -> Attribute {
    let value = Writer::build(|w| w.value(tag::PRINTABLE_STRING, text.as_bytes()));
    Attribute::new(name.oid(), value)
}

pub fn octets(name: AttributeName, octets: &[u8]) -> Attribute {
    Attribute::new(name.oid(), Writer::build(|w| w.value(tag::OCTET_STRING, octets)))
}
