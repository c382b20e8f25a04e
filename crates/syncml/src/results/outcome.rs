//! What became of a certificate: the result nodes of ClientCertificateInstall.

use core::fmt;
use std::collections::BTreeMap;

use super::{HResult, values};
use crate::csp::{Lookup, lookup};
use crate::document::Document;
use crate::loc_uri::{Scope, decode};
use crate::thumbprint::Thumbprint;

/// How a SCEP enrolment stands: the `Status` node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EnrolmentStatus {
    /// 1: the certificate is there.
    Success,
    /// 2: the server has not decided; the device asks again.
    Pending,
    /// 16: it failed, and [`InstallReport::error`] says why.
    Failed,
    /// 32: not known, which is also said while the device is at it.
    Unknown,
    /// Another number.
    Other(u32),
}

impl From<u32> for EnrolmentStatus {
    fn from(value: u32) -> Self {
        match value {
            1 => Self::Success,
            2 => Self::Pending,
            16 => Self::Failed,
            32 => Self::Unknown,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for EnrolmentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success => f.write_str("the certificate is installed"),
            Self::Pending => f.write_str("the server has not decided yet"),
            Self::Failed => f.write_str("enrolment failed"),
            Self::Unknown => f.write_str("not known, or still enrolling"),
            Self::Other(value) => write!(f, "status {value}"),
        }
    }
}

/// Which way a certificate came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstallKind {
    /// By SCEP.
    Scep,
    /// As PFX.
    Pfx,
}

/// What a device says of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstallReport {
    /// Whose certificate it is.
    pub scope: Scope,
    /// Which way it came.
    pub kind: InstallKind,
    /// Its `{UniqueID}`.
    pub id: String,
    /// `Status` of SCEP.
    pub status: Option<EnrolmentStatus>,
    /// `ErrorCode` of SCEP, or `Status` of PFX, which is an error of Windows too.
    pub error: Option<HResult>,
    /// `CertThumbprint` or `Thumbprint`; none while there is no valid certificate with its key.
    pub thumbprint: Option<Thumbprint>,
    /// `RespondentServerUrl`: which server has answered.
    pub server_url: Option<String>,
}

impl InstallReport {
    /// Whether the certificate is on the device.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        let succeeded = match self.kind {
            InstallKind::Scep => self.status == Some(EnrolmentStatus::Success),
            InstallKind::Pfx => self.error.is_some_and(|error| error.code() == 0),
        };
        succeeded && self.thumbprint.is_some()
    }
}

/// What a message says of certificates, sorted by scope, kind and id.
///
/// ```
/// use devicecert_syncml::{Document, Limits, results};
///
/// let answer = "<Results><CmdID>3</CmdID><CmdRef>2</CmdRef><Item><Source><LocURI>./Device/Vendor\
///     /MSFT/ClientCertificateInstall/SCEP/c1/Status</LocURI></Source><Data>16</Data></Item>\
///     <Item><Source><LocURI>./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/ErrorCode\
///     </LocURI></Source><Data>-2145844748</Data></Item></Results>";
/// let reports = results::reports(&Document::read(answer, &Limits::default())?);
/// assert_eq!(reports[0].status.unwrap().to_string(), "enrolment failed");
/// assert_eq!(reports[0].error.and_then(|error| error.http_status()), Some(500));
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[must_use]
pub fn reports(document: &Document) -> Vec<InstallReport> {
    let mut reports: BTreeMap<(bool, InstallKind, String), InstallReport> = BTreeMap::new();
    for value in values(document) {
        let Lookup::Node(found) = lookup(&value.node) else { continue };
        let kind = match found.node.path.split('/').next() {
            Some("SCEP") => InstallKind::Scep,
            Some("PFXCertInstall") => InstallKind::Pfx,
            _ => continue,
        };
        let Some(id) = found.chosen.map(|id| decode(&id).unwrap_or(id)) else { continue };
        let scope = found.scope;
        let report = reports.entry((scope == Scope::User, kind, id.clone())).or_insert_with(|| {
            let (status, error, thumbprint, server_url) = (None, None, None, None);
            InstallReport { scope, kind, id, status, error, thumbprint, server_url }
        });
        let Some(data) = value.data else { continue };
        match (found.node.name(), kind) {
            ("Status", InstallKind::Scep) => {
                report.status = data.parse::<u32>().ok().map(EnrolmentStatus::from);
            }
            ("ErrorCode", _) | ("Status", InstallKind::Pfx) => report.error = data.parse().ok(),
            ("CertThumbprint" | "Thumbprint", _) => report.thumbprint = data.parse().ok(),
            ("RespondentServerUrl", _) => report.server_url = Some(data),
            _ => {}
        }
    }
    reports.into_values().collect()
}
