//! Certificates of every shape that a server may send or a client may sign with.

use std::time::Duration;

use const_oid::ObjectIdentifier;
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::asn1::{Writer, tag};
use devicecert_pki::{
    Certificate, CertificateParams, Extension, GeneralName, KeyUsage, Name, Signer, Validity, oid,
};

use super::NOW;

pub(crate) const YEAR: Duration = Duration::from_secs(365 * 86_400);
pub(crate) const TEN_YEARS: Duration = Duration::from_secs(3650 * 86_400);
/// What the CA certificates of most servers have, though RFC 8894 §2.1.2 asks for more.
pub(crate) fn signs_certificates() -> KeyUsage {
    KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN
}

/// What a certificate is to say. It has no extension but those that are asked for.
pub(crate) struct Draft {
    subject: Name,
    key: &'static PrivateKey,
    validity: Validity,
    extensions: Vec<Extension>,
}

pub(crate) fn draft(subject: &str, key: &'static PrivateKey) -> Draft {
    Draft {
        subject: subject.parse().unwrap(),
        key,
        validity: Validity::lasting(NOW.before(YEAR), TEN_YEARS),
        extensions: Vec::new(),
    }
}

impl Draft {
    pub(crate) fn ca(mut self) -> Self {
        let value = Writer::build(|w| w.sequence(|w| w.value(tag::BOOLEAN, &[0xff])));
        self.extensions.push(Extension { oid: oid::BASIC_CONSTRAINTS, critical: true, value });
        self
    }

    pub(crate) fn usage(mut self, usage: KeyUsage) -> Self {
        self.extensions.push(Extension::key_usage(usage));
        self
    }

    pub(crate) fn purpose(mut self, purpose: ObjectIdentifier) -> Self {
        self.extensions.push(Extension::extended_key_usage(&[purpose]));
        self
    }

    pub(crate) fn names(mut self, names: &[GeneralName]) -> Self {
        self.extensions.push(Extension::subject_alt_name(names, false).unwrap());
        self
    }

    pub(crate) fn extension(
        mut self,
        oid: ObjectIdentifier,
        critical: bool,
        value: Vec<u8>,
    ) -> Self {
        self.extensions.push(Extension { oid, critical, value });
        self
    }

    pub(crate) fn valid(mut self, validity: Validity) -> Self {
        self.validity = validity;
        self
    }

    pub(crate) fn self_signed(self) -> Certificate {
        let (issuer, key) = (self.subject.clone(), self.key);
        self.signed(issuer, key)
    }

    pub(crate) fn issued_by(self, issuer: &Certificate, key: &PrivateKey) -> Certificate {
        self.signed(issuer.subject().clone(), key)
    }

    fn signed(self, issuer: Name, key: &PrivateKey) -> Certificate {
        let public_key = self.key.public_key().clone();
        let mut params =
            CertificateParams::new(issuer, self.subject, public_key, self.validity, &RustCrypto)
                .unwrap();
        params.extensions = self.extensions;
        params.unsigned(key.public_key()).unwrap().sign(key).unwrap()
    }
}
