//! CertificateStore: the older provider for stores, SCEP and the MDM client certificate.
//!
//! Some of its names are misspelt, and that is how they are written.

use super::root_ca_trusted_certificates::STORE;
use super::{Csp, Family, Scopes, node};
use crate::csp::CspNode;
use crate::csp::Occurrence::{One, ZeroOrMore, ZeroOrOne};
use crate::verb::Format::{Bool, Chr, Int, Node, Null, Time};

const fn family(prefix: &'static str, nodes: &'static [CspNode]) -> Family {
    Family { prefix, scopes: Scopes::DeviceOnly, nodes }
}

pub(super) static CSP: Csp = Csp {
    name: "CertificateStore",
    families: &[
        family("", &[node("", "ADG", Node, One)]),
        // Before ROOT and CA, whose {CertHash} any name would match.
        family("ROOT/System", STORE),
        family("CA/System", STORE),
        family("ROOT", STORE),
        family("CA", STORE),
        family("MY", &[node("", "G", Node, One)]),
        family("MY/User", STORE),
        family("MY/SCEP", SCEP),
        family("MY/WSTEP", WSTEP),
    ],
};

/// Deprecated since Windows 11 in favour of ClientCertificateInstall.
static SCEP: &[CspNode] = &[
    node("", "G", Node, One),
    node("{UniqueID}", "ADG", Node, ZeroOrMore),
    node("{UniqueID}/Install", "G", Node, One),
    node("{UniqueID}/Install/ServerURL", "AG", Chr, ZeroOrOne),
    node("{UniqueID}/Install/Challenge", "AG", Chr, ZeroOrOne),
    node("{UniqueID}/Install/EKUMapping", "AG", Chr, ZeroOrOne),
    node("{UniqueID}/Install/KeyUsage", "AG", Int, One),
    node("{UniqueID}/Install/SubjectName", "AG", Chr, One),
    node("{UniqueID}/Install/KeyProtection", "AG", Int, ZeroOrOne),
    node("{UniqueID}/Install/RetryDelay", "AG", Int, ZeroOrOne),
    node("{UniqueID}/Install/RetryCount", "AG", Int, ZeroOrOne),
    node("{UniqueID}/Install/TemplateName", "AG", Chr, ZeroOrOne),
    node("{UniqueID}/Install/KeyLength", "AG", Chr, ZeroOrOne),
    node("{UniqueID}/Install/HashAlgrithm", "AG", Chr, One),
    node("{UniqueID}/Install/CAThumbPrint", "AG", Chr, One),
    node("{UniqueID}/Install/SubjectAlternativeNames", "AG", Chr, ZeroOrOne),
    node("{UniqueID}/Install/ValidPeriod", "G", Chr, ZeroOrOne),
    node("{UniqueID}/Install/ValidPeriodUnit", "AG", Chr, ZeroOrOne),
    node("{UniqueID}/Install/Enroll", "X", Null, One),
    node("{UniqueID}/CertThumbPrint", "G", Chr, ZeroOrOne),
    node("{UniqueID}/Status", "G", Int, One),
    node("{UniqueID}/ErrorCode", "G", Int, One),
];

/// The certificate of the MDM client itself, and its renewal.
static WSTEP: &[CspNode] = &[
    node("", "G", Node, ZeroOrOne),
    node("CertThumprint", "G", Chr, One),
    node("Renew", "G", Node, One),
    node("Renew/RenewPeriod", "ADGR", Int, ZeroOrOne).or("42").range(1, 1000),
    node("Renew/ServerURL", "ADGR", Chr, ZeroOrOne),
    node("Renew/RetryInterval", "ADGR", Int, ZeroOrOne).or("7").range(1, 1000),
    node("Renew/ROBOSupport", "ADGR", Bool, ZeroOrOne).or("true").one_of(&["true", "false"]),
    node("Renew/Status", "G", Int, One),
    node("Renew/ErrorCode", "G", Int, One),
    node("Renew/LastRenewalAttemptTime", "G", Time, One),
    node("Renew/RenewNow", "X", Null, One),
    node("Renew/RetryAfterExpiryInterval", "AGR", Time, One),
];
