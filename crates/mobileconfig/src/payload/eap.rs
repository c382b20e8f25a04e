//! `EAPClientConfiguration`: how a device proves itself to an 802.1X network, on air or on cable.
//!
//! Source: the dictionary of that name in `com.apple.wifi.managed.yaml`.

use devicecert_pki::Secret;

use super::fields::{Fields, Put};
use super::handle::{CertificateHandle, PayloadUuid};
use crate::plist::{Array, Dictionary, Value};

/// The configuration of 802.1X.
///
/// The identity of EAP-TLS is not in here: it belongs to the payload around it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EapConfiguration {
    /// `AcceptEAPTypes`
    pub types: Vec<EapType>,
    /// `UserName`
    pub user_name: Option<String>,
    /// `UserPassword`
    pub user_password: Option<Secret>,
    /// `OneTimeUserPassword`: whether to ask for the password each time.
    pub one_time_password: Option<bool>,
    /// `PayloadCertificateAnchorUUID`: the certificates that the server of the network may come
    /// from.
    pub anchors: Vec<CertificateHandle>,
    /// `TLSTrustedServerNames`: the names it may have; `*` stands for one component.
    pub trusted_server_names: Vec<String>,
    /// `TLSAllowTrustExceptions`: whether people may trust any other server; no in a new
    /// configuration. Devices assume yes, if there is neither anchor nor name.
    pub allow_trust_exceptions: Option<bool>,
    /// `TLSCertificateIsRequired`: whether the device must show a certificate. Devices assume yes
    /// for EAP-TLS and no for the others.
    pub certificate_is_required: Option<bool>,
    /// `TLSMinimumVersion`; 1.2 in a new configuration. Devices assume 1.0.
    pub tls_minimum: Option<TlsVersion>,
    /// `TLSMaximumVersion`. Devices assume 1.2.
    pub tls_maximum: Option<TlsVersion>,
    /// `OuterIdentity`: the name outside of the tunnel; must be there if TLS 1.3 is the least.
    pub outer_identity: Option<String>,
    /// `TTLSInnerAuthentication`
    pub ttls_inner_authentication: Option<String>,
    /// Keys that have no field here, or a value that the field cannot hold. One of these wins over
    /// a field.
    pub other: Dictionary,
}

/// An EAP method, by its number at IANA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EapType(pub u32);

impl EapType {
    /// EAP-TLS: both sides show certificates.
    pub const TLS: Self = Self(13);
    /// LEAP; broken.
    pub const LEAP: Self = Self(17);
    /// EAP-SIM.
    pub const SIM: Self = Self(18);
    /// EAP-TTLS.
    pub const TTLS: Self = Self(21);
    /// EAP-AKA.
    pub const AKA: Self = Self(23);
    /// PEAP.
    pub const PEAP: Self = Self(25);
    /// EAP-FAST.
    pub const FAST: Self = Self(43);
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsVersion {
    /// TLS 1.0
    V1_0,
    /// TLS 1.1
    V1_1,
    /// TLS 1.2
    V1_2,
    /// TLS 1.3
    V1_3,
}

impl TlsVersion {
    const ALL: [Self; 4] = [Self::V1_0, Self::V1_1, Self::V1_2, Self::V1_3];

    /// As profiles write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.name() == name)
    }
}

impl EapConfiguration {
    /// EAP-TLS to a server that comes from one of the anchors and has one of the names. Give at
    /// least one: without, a device joins whoever uses the name of the network.
    #[must_use]
    pub fn tls(anchors: Vec<CertificateHandle>, trusted_server_names: Vec<String>) -> Self {
        Self {
            certificate_is_required: Some(true),
            anchors,
            trusted_server_names,
            ..Self::new(vec![EapType::TLS])
        }
    }

    /// Any of these methods.
    #[must_use]
    pub fn new(types: Vec<EapType>) -> Self {
        Self {
            types,
            user_name: None,
            user_password: None,
            one_time_password: None,
            anchors: Vec::new(),
            trusted_server_names: Vec::new(),
            allow_trust_exceptions: Some(false),
            certificate_is_required: None,
            tls_minimum: Some(TlsVersion::V1_2),
            tls_maximum: None,
            outer_identity: None,
            ttls_inner_authentication: None,
            other: Dictionary::new(),
        }
    }

    pub(super) fn read(mut fields: Fields) -> Self {
        let types = |value: &Value| {
            let number = |item: &Value| item.as_integer()?.try_into().ok().map(EapType);
            value.as_array()?.iter().map(number).collect::<Option<Vec<_>>>()
        };
        let anchors = fields.texts("PayloadCertificateAnchorUUID").unwrap_or_default();
        Self {
            types: fields.value("AcceptEAPTypes", types).unwrap_or_default(),
            user_name: fields.text("UserName"),
            user_password: fields.secret("UserPassword"),
            one_time_password: fields.boolean("OneTimeUserPassword"),
            anchors: anchors.into_iter().map(|uuid| PayloadUuid::from(uuid).into()).collect(),
            trusted_server_names: fields.texts("TLSTrustedServerNames").unwrap_or_default(),
            allow_trust_exceptions: fields.boolean("TLSAllowTrustExceptions"),
            certificate_is_required: fields.boolean("TLSCertificateIsRequired"),
            tls_minimum: fields.choice("TLSMinimumVersion", TlsVersion::from_name),
            tls_maximum: fields.choice("TLSMaximumVersion", TlsVersion::from_name),
            outer_identity: fields.text("OuterIdentity"),
            ttls_inner_authentication: fields.text("TTLSInnerAuthentication"),
            other: fields.finish(),
        }
    }

    pub(super) fn to_dictionary(&self) -> Dictionary {
        let mut eap = Dictionary::new();
        eap.insert("AcceptEAPTypes", self.types.iter().map(|kind| kind.0).collect::<Array>());
        eap.put("UserName", self.user_name.as_deref());
        eap.put_secret("UserPassword", self.user_password.as_ref());
        eap.put("OneTimeUserPassword", self.one_time_password);
        if !self.anchors.is_empty() {
            let anchors = self.anchors.iter().map(|anchor| anchor.uuid().as_str());
            eap.insert("PayloadCertificateAnchorUUID", anchors.collect::<Array>());
        }
        eap.put_texts("TLSTrustedServerNames", &self.trusted_server_names);
        eap.put("TLSAllowTrustExceptions", self.allow_trust_exceptions);
        eap.put("TLSCertificateIsRequired", self.certificate_is_required);
        eap.put("TLSMinimumVersion", self.tls_minimum.map(TlsVersion::name));
        eap.put("TLSMaximumVersion", self.tls_maximum.map(TlsVersion::name));
        eap.put("OuterIdentity", self.outer_identity.as_deref());
        eap.put("TTLSInnerAuthentication", self.ttls_inner_authentication.as_deref());
        eap.put_all(&self.other);
        eap
    }
}
