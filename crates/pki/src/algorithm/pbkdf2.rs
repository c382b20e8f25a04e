//! PBKDF2-params (RFC 8018 A.2), the part that PBES2, PBMAC1 and password recipients share.

use core::num::NonZeroU32;

use const_oid::ObjectIdentifier;

use super::{AlgorithmIdentifier, DigestAlgorithm};
use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, Unsupported};
use crate::oid;
use crate::provider::Provider;
use crate::secret::Secret;

const WHAT: &str = "the key derivation function";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pbkdf2 {
    pub(crate) salt: Vec<u8>,
    pub(crate) iterations: NonZeroU32,
    pub(crate) prf: Hmac,
    /// Octets, where the file says how many.
    pub(crate) length: Option<u64>,
}

impl Pbkdf2 {
    /// Reads the next value, an AlgorithmIdentifier. `bounded` says no to too many iterations.
    pub(crate) fn read(
        reader: &mut Reader<'_>,
        bounded: impl FnOnce(&Tlv<'_>) -> Result<NonZeroU32, Error>,
    ) -> Result<Self, Error> {
        let mut function = reader.sequence(WHAT)?;
        let oid = function.oid(WHAT)?;
        if oid != oid::PBKDF2 {
            return Err(Unsupported::Algorithm { what: WHAT, oid }.into());
        }
        let params = function.expect(tag::SEQUENCE, "PBKDF2-params")?;
        function.finish("the end of keyDerivationFunc")?;
        Self::read_params(&params, bounded)
    }

    /// Reads PBKDF2-params alone.
    pub(crate) fn read_params(
        params: &Tlv<'_>,
        bounded: impl FnOnce(&Tlv<'_>) -> Result<NonZeroU32, Error>,
    ) -> Result<Self, Error> {
        let mut fields = params.reader();
        // The other choice, a salt from elsewhere, has no meaning yet (RFC 8018 A.2).
        let salt = fields.expect(tag::OCTET_STRING, "a salt")?.value.to_vec();
        let iterations = bounded(&fields.expect(tag::INTEGER, "iterationCount")?)?;
        let length = fields
            .optional(tag::INTEGER, "keyLength")?
            .map(|length| length.unsigned("keyLength"))
            .transpose()?;
        let prf = match fields.is_empty() {
            true => Hmac::SHA1,
            false => Hmac::read(&mut fields)?,
        };
        fields.finish("the end of PBKDF2-params")?;
        Ok(Self { salt, iterations, prf, length })
    }

    pub(crate) fn write(&self, w: &mut Writer) {
        self.write_as(w, tag::SEQUENCE);
    }

    /// With another tag in place of that of SEQUENCE, where a field is IMPLICIT.
    pub(crate) fn write_as(&self, w: &mut Writer, tag: u8) {
        w.nested(tag, |w| {
            w.oid(&oid::PBKDF2);
            w.sequence(|w| {
                w.value(tag::OCTET_STRING, &self.salt);
                w.unsigned(u64::from(self.iterations.get()));
                AlgorithmIdentifier::with_null(self.prf.oid).write(w);
            });
        });
    }

    pub(crate) fn derive(
        &self,
        provider: &dyn Provider,
        password: &Secret,
        length: usize,
    ) -> Result<Secret, Error> {
        provider.pbkdf2(self.prf.digest, password, &self.salt, self.iterations, length)
    }
}

/// An HMAC (RFC 8018 B.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hmac {
    pub(crate) digest: DigestAlgorithm,
    oid: ObjectIdentifier,
}

impl Hmac {
    /// What PBKDF2-params without a prf mean.
    const SHA1: Self = Self { digest: DigestAlgorithm::Sha1, oid: oid::HMAC_WITH_SHA1 };
    pub(crate) const SHA256: Self =
        Self { digest: DigestAlgorithm::Sha256, oid: oid::HMAC_WITH_SHA256 };
    const SHA384: Self = Self { digest: DigestAlgorithm::Sha384, oid: oid::HMAC_WITH_SHA384 };
    const SHA512: Self = Self { digest: DigestAlgorithm::Sha512, oid: oid::HMAC_WITH_SHA512 };

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        const WHAT: &str = "the HMAC";
        let identifier = AlgorithmIdentifier::read(reader, WHAT)?;
        let oid = identifier.oid;
        let hmac = [Self::SHA1, Self::SHA256, Self::SHA384, Self::SHA512]
            .into_iter()
            .find(|hmac| hmac.oid == oid)
            .ok_or(Unsupported::Algorithm { what: WHAT, oid })?;
        if !identifier.has_no_parameters() {
            return Err(Unsupported::Parameters { what: WHAT, oid }.into());
        }
        Ok(hmac)
    }
}
