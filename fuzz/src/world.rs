//! A CA and a device whose keys are in `keys/` and whose certificates are the same in every run,
//! so that a message that was kept as a seed still fits.

use std::sync::LazyLock;
use std::time::Duration;

use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport, SignatureAlgorithm};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::cms::SignedDataParams;
use devicecert_pki::error::KeyError;
use devicecert_pki::{
    Attribute, Certificate, CertificateParams, Csr, CsrParams, Error, Provider, PublicKey, Secret,
    Signer, Time, Validity,
};
use devicecert_scep::{AttributeName, Authority};

pub const NOW: Time = Time::from_unix(1_800_000_000);
const YEAR: Duration = Duration::from_secs(365 * 86_400);

pub struct World {
    pub ca_key: PrivateKey,
    pub authority: Authority,
    pub device_key: PrivateKey,
    pub csr: Csr,
    /// What the device signs its first message with.
    pub device: Certificate,
    /// What the CA issued to it.
    pub issued: Certificate,
}

pub fn get() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(World::new);
    &WORLD
}

impl World {
    fn new() -> Self {
        let ca_key = PrivateKey::from_pem(include_str!("../keys/ca.pem")).unwrap();
        let device_key = PrivateKey::from_pem(include_str!("../keys/device.pem")).unwrap();
        let validity = Validity::lasting(NOW.before(YEAR), YEAR * 10);
        let sign = |params: CertificateParams, key: &PrivateKey| {
            params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
        };
        let public = ca_key.public_key().clone();
        let name = "CN=Test CA,O=Example".parse().unwrap();
        let ca = CertificateParams::ca(name, public, validity, &Repeating).unwrap();
        let ca = sign(ca, &ca_key);
        let csr = CsrParams::new("CN=device-1,O=Example".parse().unwrap())
            .challenge("one-time password")
            .unsigned(device_key.public_key())
            .unwrap()
            .sign(&device_key)
            .unwrap();
        let (subject, public) = (csr.subject().clone(), device_key.public_key().clone());
        let device =
            CertificateParams::self_signed(subject.clone(), public.clone(), validity, &Repeating);
        let device = sign(device.unwrap(), &device_key);
        let issued =
            CertificateParams::end_entity(&ca, subject, public, validity, &Repeating).unwrap();
        let issued = sign(issued, &ca_key);
        let authority = Authority::new(ca).unwrap();
        Self { ca_key, authority, device_key, csr, device, issued }
    }
}

/// A pkiMessage around `content`, signed properly.
pub fn signed(
    signer: &Certificate,
    key: &PrivateKey,
    attributes: Vec<Attribute>,
    content: &[u8],
) -> Vec<u8> {
    let mut params = SignedDataParams::new(signer.clone(), content.to_vec());
    params.certificates = vec![signer.clone()];
    params.attributes = attributes;
    params.unsigned(&RustCrypto).unwrap().sign(key).unwrap()
}

pub fn printable(name: AttributeName, text: &str) -> Attribute {
    let value = Writer::build(|w| w.value(tag::PRINTABLE_STRING, text.as_bytes()));
    Attribute::new(name.oid(), value)
}

pub fn octets(name: AttributeName, octets: &[u8]) -> Attribute {
    Attribute::new(name.oid(), Writer::build(|w| w.value(tag::OCTET_STRING, octets)))
}

/// The RustCrypto backend with random octets that are all the same.
#[derive(Debug)]
pub struct Repeating;

impl Provider for Repeating {
    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        out.fill(0x42);
        Ok(())
    }

    fn digest(&self, algorithm: DigestAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        RustCrypto.digest(algorithm, message)
    }

    fn verify(
        &self,
        key: &PublicKey,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Error> {
        RustCrypto.verify(key, algorithm, message, signature)
    }

    fn wrap_key(
        &self,
        recipient: &PublicKey,
        transport: KeyTransport,
        content_key: &Secret,
    ) -> Result<Vec<u8>, Error> {
        RustCrypto.wrap_key(recipient, transport, content_key)
    }

    fn encrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error> {
        RustCrypto.encrypt_blocks(cipher, key, iv, blocks)
    }

    fn decrypt_blocks(
        &self,
        cipher: ContentCipher,
        key: &Secret,
        iv: &[u8],
        blocks: &mut [u8],
    ) -> Result<(), Error> {
        RustCrypto.decrypt_blocks(cipher, key, iv, blocks)
    }
}
