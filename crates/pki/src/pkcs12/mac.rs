//! The message authentication code over a file (RFC 7292 §4, §5.1; RFC 9579 §4).

use core::num::NonZeroU32;

use subtle::ConstantTimeEq;

use super::kdf::{Budget, Purpose, derive};
use super::password::Password;
use crate::algorithm::pbkdf2::{Hmac, Pbkdf2};
use crate::algorithm::{AlgorithmIdentifier, DigestAlgorithm};
use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, Rejected};
use crate::oid;
use crate::provider::Provider;

/// A macData as it came.
pub(super) struct Mac {
    scheme: Scheme,
    expected: Vec<u8>,
}

/// How a MAC is made.
pub(super) enum Scheme {
    /// HMAC with the derivation of PKCS #12.
    Pkcs12 { digest: DigestAlgorithm, salt: Vec<u8>, iterations: NonZeroU32 },
    /// PBMAC1: HMAC with PBKDF2.
    Pbmac1 { kdf: Pbkdf2, length: usize, hmac: Hmac },
}

impl Mac {
    pub(super) fn read(mac_data: &Tlv<'_>, budget: &mut Budget) -> Result<Self, Error> {
        const WHAT: &str = "the message authentication code";
        let mut fields = mac_data.reader();
        let mut digest_info = fields.sequence("DigestInfo")?;
        let algorithm = AlgorithmIdentifier::read(&mut digest_info, "digestAlgorithm")?;
        let expected = digest_info.expect(tag::OCTET_STRING, "digest")?.value.to_vec();
        digest_info.finish("the end of DigestInfo")?;
        let salt = fields.expect(tag::OCTET_STRING, "macSalt")?.value.to_vec();
        let count = fields.optional(tag::INTEGER, "iterations")?;
        fields.finish("the end of MacData")?;

        if algorithm.oid == oid::PBMAC1 {
            // Salt and count of MacData are there for old programs to trip over.
            let scheme = Scheme::read_pbmac1(&algorithm, budget)?;
            return Ok(Self { scheme, expected });
        }
        let digest = match DigestAlgorithm::from_oid(&algorithm.oid) {
            Some(DigestAlgorithm::Md5) | None => return Err(algorithm.unsupported(WHAT)),
            Some(digest) => digest,
        };
        let iterations = match count {
            Some(count) => budget.take(&count)?,
            None => budget.one(),
        };
        Ok(Self { scheme: Scheme::Pkcs12 { digest, salt, iterations }, expected })
    }

    /// # Errors
    /// [`Rejected::Password`] if it is not the MAC of `content` under this password.
    pub(super) fn verify(
        &self,
        content: &[u8],
        password: &Password,
        provider: &dyn Provider,
    ) -> Result<(), Error> {
        let found = self.scheme.compute(content, password, provider)?;
        match bool::from(found.ct_eq(&self.expected)) {
            true => Ok(()),
            false => Err(Rejected::Password.into()),
        }
    }
}

impl Scheme {
    fn read_pbmac1(identifier: &AlgorithmIdentifier, budget: &mut Budget) -> Result<Self, Error> {
        let parameters = identifier.parameters.as_deref().unwrap_or_default();
        let mut fields = Reader::new(parameters).sequence("PBMAC1-params")?;
        let kdf = Pbkdf2::read(&mut fields, |count| budget.take(count))?;
        let hmac = Hmac::read(&mut fields)?;
        fields.finish("the end of PBMAC1-params")?;
        // RFC 9579 §4 wants the length there, and 20 octets at least (§9). 64 is the longest key
        // that any of the HMACs makes full use of.
        let length = kdf
            .length
            .and_then(|length| usize::try_from(length).ok())
            .filter(|length| (20..=64).contains(length))
            .ok_or_else(|| identifier.unsupported_parameters("the message authentication code"))?;
        Ok(Self::Pbmac1 { kdf, length, hmac })
    }

    /// The MAC of `content`.
    pub(super) fn compute(
        &self,
        content: &[u8],
        password: &Password,
        provider: &dyn Provider,
    ) -> Result<Vec<u8>, Error> {
        match self {
            Self::Pkcs12 { digest, salt, iterations } => {
                let length = digest.output_len();
                let (purpose, password) = (Purpose::Mac, &password.bmp);
                let key = derive(provider, *digest, purpose, password, salt, *iterations, length)?;
                provider.hmac(*digest, &key, content)
            }
            Self::Pbmac1 { kdf, length, hmac } => {
                let key = kdf.derive(provider, &password.utf8, *length)?;
                provider.hmac(hmac.digest, &key, content)
            }
        }
    }
}

/// A MacData over `content` with a new salt.
pub(super) fn write(
    digest: DigestAlgorithm,
    iterations: NonZeroU32,
    content: &[u8],
    password: &Password,
    provider: &dyn Provider,
) -> Result<Vec<u8>, Error> {
    // macOS has been seen to refuse a salt of 16 octets here.
    let mut salt = vec![0; 8];
    provider.random(&mut salt)?;
    let scheme = Scheme::Pkcs12 { digest, salt: salt.clone(), iterations };
    let mac = scheme.compute(content, password, provider)?;
    Ok(Writer::build(|w| {
        w.sequence(|w| {
            w.sequence(|w| {
                digest.identifier().write(w);
                w.value(tag::OCTET_STRING, &mac);
            });
            w.value(tag::OCTET_STRING, &salt);
            w.unsigned(u64::from(iterations.get()));
        });
    }))
}
