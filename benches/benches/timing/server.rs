//! A server of either backend, and a device that sends it what it is given.

use core::time::Duration;

use devicecert::pki::algorithm::DigestAlgorithm;
use devicecert::pki::asn1::{Writer, tag};
use devicecert::pki::cms::SignedDataParams;
use devicecert::pki::error::KeyError;
use devicecert::pki::{
    Attribute, Certificate, CertificateParams, Csr, CsrParams, Decryptor, KeyKind, Locked,
    Provider, Secret, Signer, Time, Unsigned, Validity, WithPasswords,
};
use devicecert::scep::{AttributeName, Authority, Content, Decision, Message, Reply, Request};
use devicecert::{crypto_aws_lc, crypto_rust};

/// A private key of either backend.
pub(crate) trait Key: Signer + Decryptor {}

impl<K: Signer + Decryptor> Key for K {}

pub(crate) struct Backend {
    pub(crate) name: &'static str,
    pub(crate) provider: &'static dyn Provider,
    pub(crate) generate: fn(KeyKind) -> Box<dyn Key>,
    pub(crate) from_pem: fn(&str) -> Result<Box<dyn Key>, KeyError>,
}

pub(crate) static RUST: Backend = Backend {
    name: "crypto-rust",
    provider: &crypto_rust::RustCrypto,
    generate: |kind| Box::new(crypto_rust::PrivateKey::generate(kind).unwrap()),
    from_pem: |text| Ok(Box::new(crypto_rust::PrivateKey::from_pem(text)?)),
};

pub(crate) static AWS_LC: Backend = Backend {
    name: "crypto-aws-lc",
    provider: &crypto_aws_lc::AwsLc,
    generate: |kind| Box::new(crypto_aws_lc::PrivateKey::generate(kind).unwrap()),
    from_pem: |text| Ok(Box::new(crypto_aws_lc::PrivateKey::from_pem(text)?)),
};

pub(crate) const CHALLENGE: &str = "correct horse";
const NOW: Time = Time::from_unix(1_800_000_000);

/// A CA that answers itself, and one device of it.
pub(crate) struct Server {
    pub(crate) backend: &'static Backend,
    pub(crate) authority: Authority,
    key: Box<dyn Key>,
    challenges: Vec<Secret>,
    device: Box<dyn Key>,
    pub(crate) csr: Csr,
    pub(crate) signer: Certificate,
}

impl Server {
    pub(crate) fn new(backend: &'static Backend, key: Box<dyn Key>) -> Self {
        let validity = Validity::lasting(NOW, Duration::from_secs(86_400 * 365));
        let provider = backend.provider;
        let name = "CN=Test CA".parse().unwrap();
        let ca = CertificateParams::ca(name, key.public_key().clone(), validity, provider).unwrap();
        let ca = ca.unsigned(key.public_key()).unwrap().sign(&*key).unwrap();
        let device = (backend.generate)(KeyKind::Rsa { bits: 2048 });
        let public = device.public_key();
        let csr = CsrParams::new("CN=device-1".parse().unwrap())
            .challenge(CHALLENGE)
            .unsigned(public)
            .unwrap()
            .sign(&*device)
            .unwrap();
        let name = csr.subject().clone();
        let signer = CertificateParams::self_signed(name, public.clone(), validity, provider);
        let signer = signer.unwrap().unsigned(public).unwrap().sign(&*device).unwrap();
        let mut authority = Authority::new(ca).unwrap();
        authority.weakest_digest = DigestAlgorithm::Sha256;
        let challenges = vec![Secret::from(CHALLENGE)];
        Self { backend, authority, key, challenges, device, csr, signer }
    }

    /// An envelope as a PKCSReq, signed properly.
    pub(crate) fn message(&self, envelope: Vec<u8>) -> Vec<u8> {
        let printable = |name: AttributeName, text: &str| {
            let value = Writer::build(|w| w.value(tag::PRINTABLE_STRING, text.as_bytes()));
            Attribute::new(name.oid(), value)
        };
        let nonce = Writer::build(|w| w.value(tag::OCTET_STRING, &[7; 16]));
        let mut params = SignedDataParams::new(self.signer.clone(), envelope);
        params.certificates = vec![self.signer.clone()];
        params.attributes = vec![
            printable(AttributeName::TransactionId, "0123456789ABCDEF"),
            printable(AttributeName::MessageType, "19"),
            Attribute::new(AttributeName::SenderNonce.oid(), nonce),
        ];
        params.unsigned(self.backend.provider).unwrap().sign(&*self.device).unwrap()
    }

    /// The part that is not timed: it works on what everybody can see.
    pub(crate) fn request(&self, message: &[u8]) -> Locked<Request> {
        let message = Message::parse(message, &self.authority.limits).unwrap();
        message.verify(&self.authority, self.backend.provider).unwrap()
    }

    /// The part that is timed.
    pub(crate) fn refusal(&self, locked: Locked<Request>) -> Unsigned<Reply> {
        let provider = self.backend.provider;
        let opener = WithPasswords::new(&*self.key, &self.challenges, provider);
        let request = locked.unlock(&opener).unwrap();
        assert!(matches!(request.content(), Content::Unreadable(_)));
        request.reply(Decision::Defer, &self.authority, provider).unwrap()
    }
}
