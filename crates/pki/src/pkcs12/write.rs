//! Writing a file (RFC 7292 §5.1).

use super::bag::{self, CertificateBag, Labels};
use super::key::PublicHalf;
use super::password::Password;
use super::pbe::Pbe;
use super::{Pkcs12Params, Profile, mac};
use crate::algorithm::DigestAlgorithm;
use crate::asn1::{Writer, tag};
use crate::error::{Error, KeyError, Misuse};
use crate::oid;
use crate::provider::Provider;
use crate::secret::Secret;

impl Pkcs12Params {
    /// Writes the file, in DER.
    ///
    /// `password` is UTF-8; it may be empty.
    ///
    /// ```no_run
    /// # use devicecert_pki::pkcs12::{Pkcs12Params, Profile};
    /// # use devicecert_pki::{Certificate, Error, Provider, Secret};
    /// fn for_old_and_new_devices(
    ///     key: Secret,
    ///     chain: Vec<Certificate>,
    ///     password: &Secret,
    ///     provider: &dyn Provider,
    /// ) -> Result<[Vec<u8>; 2], Error> {
    ///     let params = Pkcs12Params::new(key, chain);
    ///     let old = params.to_der(password, provider)?;
    ///     let new = params.profile(Profile::Aes256).iterations(100_000).to_der(password, provider)?;
    ///     Ok([old, new])
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Misuse`] without a certificate, for a key that is not that of the first certificate, a
    /// password that is no UTF-8 or iterations out of range; [`KeyError::Encoding`] for a key that
    /// is no PKCS #8; [`KeyError::Random`]; [`Unsupported`](crate::error::Unsupported) if the
    /// backend lacks an algorithm.
    pub fn to_der(&self, password: &Secret, provider: &dyn Provider) -> Result<Vec<u8>, Error> {
        let iterations = self.checked_iterations()?;
        let password = Password::new(password)?;
        let leaf = self
            .certificates
            .first()
            .ok_or(Misuse::Value("a PKCS #12 file needs the certificate of its key"))?;
        let public = PublicHalf::of(&self.key).map_err(|_| KeyError::Encoding)?;
        if public.is(leaf.public_key()) == Some(false) {
            return Err(Misuse::Value("the key is not that of the first certificate").into());
        }

        // What it is does not matter; that of OpenSSL and of Go's library is this digest.
        let local_key_id = provider.digest(DigestAlgorithm::Sha1, leaf.as_der())?;
        let labels = || Labels {
            local_key_id: Some(local_key_id.clone()),
            friendly_name: self.friendly_name.clone(),
        };
        let pbe = || match self.profile {
            Profile::Compat3Des => Pbe::triple_des(iterations, provider),
            Profile::Aes256 => Pbe::aes256(iterations, provider),
        };

        let own = [labels()].into_iter().chain(core::iter::repeat_with(Labels::default));
        let bags: Vec<_> = self
            .certificates
            .iter()
            .zip(own)
            .map(|(certificate, labels)| CertificateBag {
                der: certificate.as_der().to_vec(),
                labels,
            })
            .collect();
        let certificates_pbe = pbe()?;
        let certificates =
            certificates_pbe.encrypt(&bag::write_certificates(&bags), &password, provider)?;
        let key_pbe = pbe()?;
        let key = key_pbe.encrypt(self.key.expose(), &password, provider)?;
        let key = bag::write_key(|w| key_pbe.write(w), &key, &labels());

        let safe = Writer::build(|w| {
            w.sequence(|w| {
                write_encrypted(w, &certificates_pbe, &certificates);
                write_data(w, &key);
            });
        });
        let mac_digest = match self.profile {
            Profile::Compat3Des => DigestAlgorithm::Sha1,
            Profile::Aes256 => DigestAlgorithm::Sha256,
        };
        let mac = mac::write(mac_digest, iterations, &safe, &password, provider)?;
        Ok(Writer::build(|w| {
            w.sequence(|w| {
                w.unsigned(3);
                write_data(w, &safe);
                w.raw(&mac);
            });
        }))
    }
}

/// A ContentInfo that holds `content` in the clear.
fn write_data(w: &mut Writer, content: &[u8]) {
    w.sequence(|w| {
        w.oid(&oid::DATA);
        w.nested(tag::constructed(0), |w| w.value(tag::OCTET_STRING, content));
    });
}

/// A ContentInfo that holds EncryptedData (RFC 5652 §8).
fn write_encrypted(w: &mut Writer, pbe: &Pbe, encrypted: &[u8]) {
    w.sequence(|w| {
        w.oid(&oid::ENCRYPTED_DATA);
        w.nested(tag::constructed(0), |w| {
            w.sequence(|w| {
                w.unsigned(0);
                w.sequence(|w| {
                    w.oid(&oid::DATA);
                    pbe.write(w);
                    w.value(tag::primitive(0), encrypted);
                });
            });
        });
    });
}
