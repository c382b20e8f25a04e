//! Signed profiles: CMS SignedData (RFC 5652 §5) around the property list.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::cms::{Content, SignedData, SignedDataParams};
use devicecert_pki::error::Rejected;
use devicecert_pki::{Certificate, KeyUsage, Provider, Time, Tolerance, Unsigned, from_pem};

use crate::error::{Error, State};
use crate::limits::Limits;

/// Labels of a CMS message in PEM armour (RFC 7468 §8, §9).
const LABELS: [&str; 2] = ["PKCS7", "CMS"];

/// Writes a signed profile around `content`, byte for byte; what is missing is the signature.
///
/// `chain` are the certificates between the signer and its root, the signer's own not among them;
/// devices show a profile as verified only if they can build the whole chain. The message is what
/// Apple's own profiles are: DER, SHA-256, the content inside.
///
/// # Errors
/// [`Unsupported`](devicecert_pki::error::Unsupported) for a signer's key that cannot sign.
pub fn unsigned(
    content: Vec<u8>,
    signer: Certificate,
    chain: &[Certificate],
    provider: &dyn Provider,
) -> Result<Unsigned<Vec<u8>>, Error> {
    let mut params = SignedDataParams::new(signer.clone(), content);
    params.certificates = core::iter::once(signer).chain(chain.iter().cloned()).collect();
    Ok(params.unsigned(provider)?)
}

/// The signature that a profile came with, not yet believed.
///
/// A profile that has one is exactly what was signed, because changing a profile takes its
/// signature away.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    message: SignedData,
    limits: Limits,
}

/// The message holds the profile, and profiles carry challenges and passwords.
impl core::fmt::Debug for Signature {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let signers = self.message.signers().len();
        f.debug_struct("Signature").field("signers", &signers).finish_non_exhaustive()
    }
}

impl Signature {
    /// The message.
    #[must_use]
    pub const fn message(&self) -> &SignedData {
        &self.message
    }

    /// The certificate in the message that belongs to its signer. It proves nothing by itself.
    ///
    /// # Errors
    /// [`Rejected`] if there is none, or not exactly one signer.
    pub fn claimed_signer(&self, tolerance: &Tolerance) -> Result<Certificate, Error> {
        Ok(self.message.signer_certificate(&self.limits.cms, tolerance)?)
    }

    /// Checks that `signer`, and nobody else, signed the profile.
    ///
    /// # Errors
    /// [`Rejected`] if it did not, [`Unsupported`](devicecert_pki::error::Unsupported) if that
    /// cannot be told.
    pub fn verify(
        &self,
        signer: &Certificate,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<(), Error> {
        self.message.verify(signer, provider, tolerance)?;
        Ok(())
    }

    /// Checks that the profile was signed by a certificate that the certificates in the message
    /// lead from to one of `anchors`, each valid at `now` and each issuer a CA. Returns the
    /// signer.
    ///
    /// Names, validity, CA bit, key usage and signatures are looked at; revocation, name constraints and
    /// policies are not, and extended key usages do not matter to devices either.
    ///
    /// # Errors
    /// [`State::Untrusted`] if they do not lead there, [`Rejected`] if the signature is wrong.
    pub fn verify_anchored(
        &self,
        anchors: &[Certificate],
        now: Time,
        provider: &dyn Provider,
        tolerance: &Tolerance,
    ) -> Result<Certificate, Error> {
        let signer = self.claimed_signer(tolerance)?;
        self.verify(&signer, provider, tolerance)?;
        let mut offered: Vec<Certificate> = self
            .message
            .certificates()
            .filter_map(|der| Certificate::parse(der, &self.limits.cms).ok())
            .collect();
        let mut current = signer.clone();
        // Every turn takes one certificate out of those offered.
        loop {
            if !current.validity().contains(now) {
                return Err(State::Untrusted.into());
            }
            if anchors.contains(&current) {
                return Ok(signer);
            }
            let issued = |issuer: &Certificate| {
                issuer.subject() == current.issuer()
                    && issuer.is_ca()
                    && issuer.permits(KeyUsage::KEY_CERT_SIGN)
                    && issuer.validity().contains(now)
                    && current.is_signed_by(issuer.public_key(), provider, tolerance).is_ok()
            };
            if anchors.iter().any(issued) {
                return Ok(signer);
            }
            match offered.iter().position(issued) {
                Some(next) => current = offered.swap_remove(next),
                None => return Err(State::Untrusted.into()),
            }
        }
    }
}

/// Whether this can only be a CMS message: DER or BER, PEM, or base64 of DER.
pub(crate) fn looks_like_cms(bytes: &[u8]) -> bool {
    matches!(bytes, [0x30, ..]) || bytes.starts_with(b"-----BEGIN ") || bytes.starts_with(b"MI")
}

/// Opens the message; the signature is not checked.
pub(crate) fn open(bytes: &[u8], limits: &Limits) -> Result<(Vec<u8>, Signature), Error> {
    let der = unwrap_text(bytes)?;
    let message = SignedData::parse(der.as_deref().unwrap_or(bytes), &limits.cms)?;
    let content = match message.unverified_content() {
        Content::Octets(content) => content.clone(),
        // A signature without its content, or a PKCS #7 content that is no octets.
        _ => return Err(State::Detached.into()),
    };
    Ok((content, Signature { message, limits: limits.clone() }))
}

/// The DER in PEM or base64; `None` if it is no text.
fn unwrap_text(bytes: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    if matches!(bytes, [0x30, ..]) {
        return Ok(None);
    }
    let damaged = || Error::from(State::Armour);
    let text = core::str::from_utf8(bytes).map_err(|_| damaged())?;
    if text.starts_with("-----BEGIN ") {
        let blocks = LABELS.iter().find_map(|label| from_pem(label, text).ok());
        return blocks.and_then(|blocks| blocks.into_iter().next()).map(Some).ok_or_else(damaged);
    }
    let base64: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(base64).map(Some).map_err(|_| damaged())
}

/// What every failure to open an envelope is called.
pub(crate) fn undecryptable() -> devicecert_pki::Error {
    Rejected::Undecryptable.into()
}
