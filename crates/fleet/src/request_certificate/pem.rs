//! PEM armour around certificates and requests, as it is met here.

use devicecert_pki::cms::Bundle;
use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Certificate, Csr, Error as PkiError, PemError, Secret, from_pem};

use super::answer::Form;
use super::error::InvalidAnswer;
use super::names::CsrFault;
use crate::limits::Limits;
use crate::rules::Rules;

/// Labels under which PKCS #7 is sent.
const PKCS7: [&str; 4] = ["PKCS7", "CMS", "PKCS #7 SIGNED DATA", "CERTIFICATE CHAIN"];

/// The certificates of an answer. Base64 may stand in one line or in many.
pub(super) fn read_certificates(
    text: &str,
    limits: &Limits,
) -> Result<(Vec<Certificate>, Form), InvalidAnswer> {
    for label in PKCS7 {
        match from_pem(label, text) {
            Ok(blocks) => return Ok((bundles(&blocks, limits)?, Form::Pkcs7)),
            Err(PemError::Missing(_)) => {}
            Err(_) => return Err(InvalidAnswer::Damaged),
        }
    }
    let blocks = match from_pem("CERTIFICATE", text) {
        Ok(blocks) => blocks,
        Err(PemError::Missing(_)) => return Err(InvalidAnswer::NoPem),
        Err(_) => return Err(InvalidAnswer::Damaged),
    };
    LimitExceeded::check("certificates", limits.pki.certificates, blocks.len())?;
    let parsed = blocks.iter().map(|der| Certificate::parse(der, &limits.pki));
    match parsed.collect::<Result<Vec<_>, _>>() {
        Ok(certificates) => Ok((certificates, Form::Certificate)),
        Err(_) => Ok((bundles(&blocks, limits)?, Form::MislabelledPkcs7)),
    }
}

fn bundles(blocks: &[Vec<u8>], limits: &Limits) -> Result<Vec<Certificate>, InvalidAnswer> {
    let mut certificates = Vec::new();
    for der in blocks {
        let bundle = Bundle::parse(der, &limits.pki).map_err(|error| match error {
            PkiError::LimitExceeded(limit) => limit.into(),
            _ => InvalidAnswer::Damaged,
        })?;
        for certificate in bundle.decoded(&limits.pki) {
            certificates.push(certificate?);
            LimitExceeded::check("certificates", limits.pki.certificates, certificates.len())?;
        }
    }
    Ok(certificates)
}

/// A request, and the text of the body that Fleet makes of it for EST.
#[derive(Clone, Debug)]
pub(super) struct CsrText {
    pub(super) csr: Csr,
    pub(super) est_body: Secret,
}

const LABELS: [&str; 2] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

impl CsrText {
    /// Reads a request with line breaks, or with a backslash and an `n` in place of each.
    ///
    /// Exactly one block, and nothing around it: Fleet reads the first block, but of old passed on
    /// all of the text. So there is one line that begins a block and one that ends it, the first and
    /// the last.
    pub(super) fn read(text: &str, rules: Rules, limits: &Limits) -> Result<Self, CsrFault> {
        let unescaped = text.replace("\\n", "\n");
        let trimmed = unescaped.trim_ascii();
        let label = LABELS.into_iter().find(|label| {
            trimmed.starts_with(&format!("-----BEGIN {label}-----"))
                && trimmed.ends_with(&format!("-----END {label}-----"))
                && ["-----BEGIN ", "-----END "]
                    .iter()
                    .all(|line| trimmed.matches(line).count() == 1)
        });
        let blocks = label.and_then(|label| from_pem(label, trimmed).ok()).unwrap_or_default();
        let [der] = blocks.as_slice() else { return Err(CsrFault::Format) };
        let csr = Csr::parse(der, &limits.pki).map_err(CsrFault::Malformed)?;
        let est_body = match rules {
            Rules::Guide => LABELS.iter().fold(text.replace("\\n", ""), |text, label| {
                text.replace(&format!("-----BEGIN {label}-----"), "")
                    .replace(&format!("-----END {label}-----"), "")
            }),
            Rules::Current => super::issue::lines_of_64(der),
        };
        Ok(Self { csr, est_body: Secret::from(est_body) })
    }
}
