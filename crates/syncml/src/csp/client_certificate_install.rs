//! ClientCertificateInstall: keys made on the device and certified by SCEP, or imported as PFX.

use super::{Csp, Family, Scopes, node};
use crate::csp::CspNode;
use crate::csp::Occurrence::{One, ZeroOrMore, ZeroOrOne};
use crate::verb::Format::{Bin, Bool, Chr, Int, Node, Null};

pub(super) static CSP: Csp = Csp {
    name: "ClientCertificateInstall",
    families: &[Family { prefix: "", scopes: Scopes::Both, nodes: NODES }],
};

static NODES: &[CspNode] = &[
    node("", "G", Node, One),
    node("PFXCertInstall", "G", Node, One),
    node("PFXCertInstall/{UniqueID}", "ADGR", Node, ZeroOrMore),
    node("PFXCertInstall/{UniqueID}/KeyLocation", "AGR", Int, One).one_of(&["1", "2", "3", "4"]),
    node("PFXCertInstall/{UniqueID}/ContainerName", "AGR", Chr, ZeroOrOne),
    node("PFXCertInstall/{UniqueID}/PFXCertBlob", "AGR", Bin, One),
    node("PFXCertInstall/{UniqueID}/PFXCertPassword", "AGR", Chr, ZeroOrOne),
    node("PFXCertInstall/{UniqueID}/PFXCertPasswordEncryptionType", "AGR", Int, ZeroOrOne)
        .or("0")
        .one_of(&["0", "1", "2"]),
    node("PFXCertInstall/{UniqueID}/PFXKeyExportable", "AGR", Bool, ZeroOrOne)
        .or("true")
        .one_of(&["false", "true"]),
    node("PFXCertInstall/{UniqueID}/Thumbprint", "G", Chr, One),
    node("PFXCertInstall/{UniqueID}/Status", "G", Int, One),
    node("PFXCertInstall/{UniqueID}/PFXCertPasswordEncryptionStore", "AGR", Chr, ZeroOrOne),
    node("SCEP", "G", Node, One),
    node("SCEP/{UniqueID}", "ADGR", Node, ZeroOrMore),
    node("SCEP/{UniqueID}/Install", "ADGR", Node, One),
    node("SCEP/{UniqueID}/Install/ServerURL", "ADGR", Chr, One),
    node("SCEP/{UniqueID}/Install/Challenge", "ADGR", Chr, One),
    node("SCEP/{UniqueID}/Install/EKUMapping", "ADGR", Chr, One),
    node("SCEP/{UniqueID}/Install/KeyUsage", "ADGR", Int, One),
    node("SCEP/{UniqueID}/Install/AttestPrivateKey", "AG", Int, One).one_of(&["0", "1", "2"]),
    node("SCEP/{UniqueID}/Install/SubjectName", "ADGR", Chr, One),
    node("SCEP/{UniqueID}/Install/KeyProtection", "ADGR", Int, ZeroOrOne)
        .or("3")
        .one_of(&["1", "2", "3", "4"]),
    node("SCEP/{UniqueID}/Install/RetryDelay", "ADGR", Int, ZeroOrOne)
        .or("5")
        .range(0, 4_294_967_295),
    node("SCEP/{UniqueID}/Install/RetryCount", "ADGR", Int, ZeroOrOne).or("3").range(0, 30),
    node("SCEP/{UniqueID}/Install/TemplateName", "ADGR", Chr, ZeroOrOne),
    node("SCEP/{UniqueID}/Install/KeyLength", "ADGR", Int, One).one_of(&["1024", "2048", "4096"]),
    node("SCEP/{UniqueID}/Install/HashAlgorithm", "ADGR", Chr, One),
    node("SCEP/{UniqueID}/Install/CAThumbprint", "ADGR", Chr, One),
    node("SCEP/{UniqueID}/Install/SubjectAlternativeNames", "ADGR", Chr, ZeroOrOne),
    node("SCEP/{UniqueID}/Install/ValidPeriod", "ADGR", Chr, ZeroOrOne)
        .or("Days")
        .one_of(&["Days", "Months", "Years"]),
    node("SCEP/{UniqueID}/Install/ValidPeriodUnits", "ADGR", Int, ZeroOrOne).or("0"),
    node("SCEP/{UniqueID}/Install/ContainerName", "ADGR", Chr, ZeroOrOne),
    node("SCEP/{UniqueID}/Install/CustomTextToShowInPrompt", "ADGR", Chr, ZeroOrOne),
    node("SCEP/{UniqueID}/Install/Enroll", "X", Null, One),
    node("SCEP/{UniqueID}/Install/AADKeyIdentifierList", "ADGR", Chr, ZeroOrOne),
    node("SCEP/{UniqueID}/CertThumbprint", "G", Chr, ZeroOrOne),
    node("SCEP/{UniqueID}/Status", "G", Int, One),
    node("SCEP/{UniqueID}/ErrorCode", "G", Int, ZeroOrOne),
    node("SCEP/{UniqueID}/RespondentServerUrl", "G", Chr, One),
];
