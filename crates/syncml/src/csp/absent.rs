//! What is described by Microsoft, and not written or decoded here on purpose.

/// Nodes that are left out, and why.
#[derive(Clone, Copy, Debug)]
pub struct Absent {
    /// The provider.
    pub csp: &'static str,
    /// The path below it; everything deeper is meant too. Empty for the whole provider.
    pub path: &'static str,
    /// Whether the checks know the nodes all the same.
    pub checked: bool,
    /// The reason.
    pub why: &'static str,
}

const fn absent(csp: &'static str, path: &'static str, checked: bool, why: &'static str) -> Absent {
    Absent { csp, path, checked, why }
}

/// Every node of the description files for which there is no builder and no reader of results.
///
/// Rows with [`checked`](Absent::checked) are in the tables, so that a document that names such a
/// node is still checked; the others are providers that are not modelled at all.
#[rustfmt::skip]
pub static DELIBERATELY_ABSENT: &[Absent] = &[
    absent("CertificateStore", "MY/SCEP", true, "deprecated: ClientCertificateInstall does the same"),
    absent("CertificateStore", "MY/WSTEP", true, "the MDM client's own certificate, which enrolment sets up"),
    absent("CertificateStore", "MY/User", true, "certificates without a key; a key comes with ClientCertificateInstall"),
    absent("CertificateStore", "ROOT/System", true, "ROOT writes to the same store"),
    absent("CertificateStore", "CA/System", true, "CA writes to the same store"),
    absent("RootCATrustedCertificates", "OemEsim", true, "trust in eSIM servers, which is the maker's"),
    absent("WiFi", "Profile/{SSID}/Proxy", true, "no certificate is involved; Operation::add writes it"),
    absent("WiFi", "Profile/{SSID}/ProxyPacUrl", true, "no certificate is involved; Operation::add writes it"),
    absent("WiFi", "Profile/{SSID}/ProxyWPAD", true, "no certificate is involved; Operation::add writes it"),
    absent("WiFi", "Profile/{SSID}/WiFiCost", true, "no certificate is involved; Operation::add writes it"),
    absent("WiFi", "Profile/{SSID}/ProfileSource", true, "only for mobile operators"),
    absent("DMClient", "", false, "the enrolment of the device, not certificates for it"),
    absent("PassportForWork", "", false, "makes containers of Windows Hello; their names are given by the caller"),
    absent("VPNv2", "", true, "VPN profiles only refer to certificates; Operation::add writes them"),
];
