//! Issuing CRLs (RFC 5280 §5.1).

use super::{Crl, RevokedCertificate};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Writer, tag};
use crate::certificate::Certificate;
use crate::error::{Error, Misuse};
use crate::extension::Extension;
use crate::limits::Limits;
use crate::name::Name;
use crate::oid;
use crate::pending::Unsigned;
use crate::provider::ToBeSigned;
use crate::public_key::PublicKey;
use crate::time::Time;

/// What a CRL of version 2 is to say: all that one CA has revoked.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use devicecert_pki::{CrlParams, CrlReason, RevokedCertificate, Tolerance};
/// # use devicecert_pki::{CertificateParams, Signer, Time, Validity};
/// # let provider = &devicecert_crypto_rust::RustCrypto;
/// # let key = devicecert_crypto_rust::PrivateKey::generate(devicecert_pki::KeyKind::P256)?;
/// # let now = Time::from_unix(1_800_000_000);
/// # let day = std::time::Duration::from_secs(86_400);
/// # let validity = Validity::lasting(now, day * 365);
/// # let ca = CertificateParams::ca("CN=CA".parse()?, key.public_key().clone(), validity, provider)?
/// #     .unsigned(key.public_key())?.sign(&key)?;
/// # let device = CertificateParams::end_entity(
/// #     &ca, "CN=laptop-7".parse()?, key.public_key().clone(), validity, provider)?
/// #     .unsigned(key.public_key())?.sign(&key)?;
///
/// let mut params = CrlParams::new(&ca, 1, now, now.after(day * 7));
/// let stolen = RevokedCertificate::new(device.serial().to_vec(), now);
/// params.revoked.push(stolen.because(CrlReason::KeyCompromise));
/// let crl = params.unsigned(ca.public_key())?.sign(&key)?;
///
/// let verified = crl.verify(&ca, now, provider, &Tolerance::default())?;
/// assert!(verified.revocation(&device)?.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CrlParams {
    /// The CA's name.
    pub issuer: Name,
    /// When it is issued.
    pub this_update: Time,
    /// Until when it counts: the next one is there by then.
    pub next_update: Time,
    /// What is revoked, in this order.
    pub revoked: Vec<RevokedCertificate>,
    /// The extensions of the list, in their order.
    pub extensions: Vec<Extension>,
    /// The digest that the CRL is signed with. Default SHA-256.
    pub digest: DigestAlgorithm,
}

impl CrlParams {
    /// A CRL of `issuer` without entries, with cRLNumber and, where the CA has a
    /// subjectKeyIdentifier, authorityKeyIdentifier (§5.2.1, §5.2.3).
    ///
    /// `number` must be larger than that of every CRL of this CA before.
    #[must_use]
    pub fn new(issuer: &Certificate, number: u64, this_update: Time, next_update: Time) -> Self {
        let value = Writer::build(|w| w.unsigned(number));
        let number = Extension { oid: oid::CRL_NUMBER, critical: false, value };
        let extensions = Extension::authority_key_identifier(issuer).into_iter().chain([number]);
        Self {
            issuer: issuer.subject().clone(),
            this_update,
            next_update,
            revoked: Vec::new(),
            extensions: extensions.collect(),
            digest: DigestAlgorithm::Sha256,
        }
    }

    /// Writes the CRL; what is missing is the signature of the CA's key.
    ///
    /// # Errors
    /// [`Misuse`] for an entry without a serial number,
    /// [`Unsupported`](crate::error::Unsupported) for a CA's key that cannot sign.
    pub fn unsigned(&self, issuer_key: &PublicKey) -> Result<Unsigned<Crl>, Error> {
        if self.revoked.iter().any(|entry| entry.serial.is_empty()) {
            return Err(Misuse::Value("a revoked certificate has a serial number").into());
        }
        let algorithm = issuer_key.signature_algorithm(self.digest)?;
        let identifier = algorithm.identifier()?;
        let tbs = Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(1);
                identifier.write(w);
                w.raw(self.issuer.as_der());
                self.this_update.write(w);
                self.next_update.write(w);
                // §5.1.2.6: where nothing is revoked, there is no list.
                if !self.revoked.is_empty() {
                    w.sequence(|w| self.revoked.iter().for_each(|entry| entry.write(w)));
                }
                if !self.extensions.is_empty() {
                    w.nested(tag::constructed(0), |w| {
                        w.sequence(|w| {
                            self.extensions.iter().for_each(|extension| extension.write(w));
                        });
                    });
                }
            });
        });
        let ask = ToBeSigned::new(issuer_key.clone(), algorithm, tbs.clone());
        Ok(Unsigned::new(ask, move |signature| {
            let der = Writer::build(|w| {
                w.sequence(|w| {
                    w.raw(&tbs);
                    identifier.write(w);
                    w.bit_string(signature);
                });
            });
            // A CA with a long memory writes what its own limits let it read.
            let mut limits = Limits::default();
            limits.message_bytes = limits.message_bytes.max(der.len());
            Crl::parse(&der, &limits)
        }))
    }
}
