//! What every CA has behind its interface: a certificate, a key, and what it issued.

use std::cell::RefCell;
use std::time::Duration;

use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::{Certificate, CertificateParams, Csr, Signer, Time, Validity};
use devicecert::syncml::Thumbprint;

const YEAR: Duration = Duration::from_secs(365 * 86_400);

pub(crate) struct Ca {
    pub(crate) certificate: Certificate,
    pub(crate) key: &'static PrivateKey,
    pub(crate) issued: RefCell<Vec<Certificate>>,
}

impl Ca {
    pub(crate) fn new(name: &str, key: &'static PrivateKey, now: Time) -> Self {
        let validity = Validity::lasting(now.before(YEAR), 20 * YEAR);
        let name = name.parse().unwrap();
        let params = CertificateParams::ca(name, key.public_key().clone(), validity, &RustCrypto);
        let unsigned = params.unwrap().unsigned(key.public_key()).unwrap();
        Self { certificate: unsigned.sign(key).unwrap(), key, issued: RefCell::default() }
    }

    /// What Windows knows the CA by.
    pub(crate) fn thumbprint(&self) -> String {
        Thumbprint::of(self.certificate.as_der(), &RustCrypto).unwrap().to_string()
    }

    /// A certificate for a year, with the subject that is asked for.
    pub(crate) fn issue(&self, csr: &Csr, now: Time) -> Certificate {
        let params = CertificateParams::end_entity(
            &self.certificate,
            csr.subject().clone(),
            csr.public_key().clone(),
            Validity::lasting(now, YEAR),
            &RustCrypto,
        );
        let unsigned = params.unwrap().unsigned(self.key.public_key()).unwrap();
        let certificate = unsigned.sign(self.key).unwrap();
        self.issued.borrow_mut().push(certificate.clone());
        certificate
    }

    pub(crate) fn issued(&self) -> usize {
        self.issued.borrow().len()
    }
}
