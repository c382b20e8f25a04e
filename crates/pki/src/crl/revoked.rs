//! One entry of a CRL (RFC 5280 §5.3).

use core::fmt;
use core::str::FromStr;

use const_oid::ObjectIdentifier;

use crate::asn1::{Reader, Tlv, Writer, tag};
use crate::error::{Error, Misuse};
use crate::extension::{Extension, Extensions};
use crate::limits::Limits;
use crate::oid;
use crate::time::Time;

/// A certificate that its CA has revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevokedCertificate {
    /// The content octets of its serialNumber.
    pub serial: Vec<u8>,
    /// Since when it is revoked.
    pub date: Time,
    /// Why; `None` where the CA does not say, or the extension is unreadable.
    pub reason: Option<CrlReason>,
}

/// Why a certificate was revoked: CRLReason (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrlReason {
    /// 0: no reason given. Written by leaving the extension out, as the RFC asks.
    Unspecified,
    /// 1: somebody else may have the key.
    KeyCompromise,
    /// 2: somebody else may have the key of the CA.
    CaCompromise,
    /// 3: the subject's name or affiliation is another one now.
    AffiliationChanged,
    /// 4: there is another certificate in its place.
    Superseded,
    /// 5: the certificate is needed no more.
    CessationOfOperation,
    /// 6: for the time being.
    CertificateHold,
    /// 8: held once, and good again; in delta CRLs only, which are not read here.
    RemoveFromCrl,
    /// 9: what the certificate permits is permitted no more.
    PrivilegeWithdrawn,
    /// 10: somebody else may have the key of the attribute authority.
    AaCompromise,
    /// A number that the RFC does not define.
    Other(u8),
}

impl CrlReason {
    const NAMES: [(Self, &'static str); 10] = [
        (Self::Unspecified, "unspecified"),
        (Self::KeyCompromise, "keyCompromise"),
        (Self::CaCompromise, "cACompromise"),
        (Self::AffiliationChanged, "affiliationChanged"),
        (Self::Superseded, "superseded"),
        (Self::CessationOfOperation, "cessationOfOperation"),
        (Self::CertificateHold, "certificateHold"),
        (Self::RemoveFromCrl, "removeFromCRL"),
        (Self::PrivilegeWithdrawn, "privilegeWithdrawn"),
        (Self::AaCompromise, "aACompromise"),
    ];

    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::RemoveFromCrl => 8,
            Self::PrivilegeWithdrawn => 9,
            Self::AaCompromise => 10,
            Self::Other(code) => code,
        }
    }

    /// The reason with this number.
    #[must_use]
    pub const fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            other => Self::Other(other),
        }
    }

    fn to_extension(self) -> Extension {
        let value = Writer::build(|w| w.value(tag::ENUMERATED, &[self.code()]));
        Extension { oid: oid::CRL_REASON, critical: false, value }
    }

    fn from_extensions(extensions: &Extensions) -> Option<Self> {
        let value = Tlv::parse(&extensions.get(oid::CRL_REASON)?.value, "CRLReason").ok()?;
        match (value.tag, value.value) {
            (tag::ENUMERATED, [code]) => Some(Self::from_code(*code)),
            _ => None,
        }
    }
}

/// The word of the RFC, and a number for what has none.
impl fmt::Display for CrlReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Self::NAMES.iter().find(|(reason, _)| reason == self) {
            Some((_, name)) => f.write_str(name),
            None => write!(f, "reason {}", self.code()),
        }
    }
}

/// The word of the RFC, in any case.
impl FromStr for CrlReason {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text));
        found.map(|(reason, _)| *reason).ok_or_else(|| {
            Misuse::Value("expected a CRLReason of RFC 5280, such as keyCompromise").into()
        })
    }
}

impl RevokedCertificate {
    /// The certificate with these content octets of serialNumber, for no stated reason.
    #[must_use]
    pub const fn new(serial: Vec<u8>, date: Time) -> Self {
        Self { serial, date, reason: None }
    }

    /// Says why.
    #[must_use]
    pub const fn because(mut self, reason: CrlReason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Reads the next entry, and says which critical extension of it is not understood. Among
    /// those is certificateIssuer, without which the entry would be taken for another CA's.
    pub(super) fn read(
        list: &mut Reader<'_>,
        limits: &Limits,
    ) -> Result<(Self, Option<ObjectIdentifier>), Error> {
        let mut fields = list.sequence("an entry of revokedCertificates")?;
        let serial = fields.expect(tag::INTEGER, "userCertificate")?.value.to_vec();
        let date = Time::read(&fields.any("revocationDate")?)?;
        let extensions = match fields.is_empty() {
            true => Extensions::default(),
            false => Extensions::read(&mut fields, limits)?,
        };
        fields.finish("the end of an entry of revokedCertificates")?;
        let reason = CrlReason::from_extensions(&extensions);
        let odd = extensions.iter().find(|one| one.critical && one.oid != oid::CRL_REASON);
        Ok((Self { serial, date, reason }, odd.map(|extension| extension.oid)))
    }

    pub(super) fn write(&self, w: &mut Writer) {
        let reason = self.reason.filter(|reason| *reason != CrlReason::Unspecified);
        w.sequence(|w| {
            w.value(tag::INTEGER, &self.serial);
            self.date.write(w);
            if let Some(reason) = reason {
                w.sequence(|w| reason.to_extension().write(w));
            }
        });
    }
}
