//! The dictionary `IKEv2` of a VPN payload.
//!
//! Source: the dictionary of that name in `com.apple.vpn.managed.yaml`. What looks like a boolean
//! there is a number, 0 or 1.

use devicecert_pki::Secret;

use super::eap::TlsVersion;
use super::error::PayloadError;
use super::fields::{Fields, Put};
use super::handle::{IdentityHandle, PayloadUuid};
use crate::plist::Dictionary;

/// How to reach an IKEv2 gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ikev2 {
    /// `RemoteAddress`: the gateway.
    pub remote_address: String,
    /// `RemoteIdentifier`: who the gateway says it is; its certificate must have that name.
    pub remote_identifier: String,
    /// `LocalIdentifier`: who the device says it is; most gateways want a name of its certificate.
    pub local_identifier: String,
    /// `AuthenticationMethod` and the keys that belong to each.
    pub authentication: Ikev2Authentication,
    /// `ExtendedAuthEnabled`: EAP on top.
    pub extended_authentication: bool,
    /// `AuthName`, for EAP with a password.
    pub user_name: Option<String>,
    /// `AuthPassword`
    pub user_password: Option<Secret>,
    /// `ServerCertificateIssuerCommonName`: the CA that the gateway is asked to have its
    /// certificate from. Must be there if the kind of certificate is named.
    pub server_certificate_issuer: Option<String>,
    /// `ServerCertificateCommonName`: the name in its certificate, if not `remote_identifier`.
    pub server_certificate_name: Option<String>,
    /// `EnableCertificateRevocationCheck`
    pub revocation_check: bool,
    /// `EnablePFS`: fresh key agreement for each child. Devices assume no.
    pub perfect_forward_secrecy: bool,
    /// `TLSMinimumVersion` of EAP-TLS. Devices assume 1.0; a new value has 1.2.
    pub tls_minimum: Option<TlsVersion>,
    /// `TLSMaximumVersion` of EAP-TLS: up to 1.2.
    pub tls_maximum: Option<TlsVersion>,
    /// `IKESecurityAssociationParameters`
    pub ike: Option<SecurityAssociation>,
    /// `ChildSecurityAssociationParameters`
    pub child: Option<SecurityAssociation>,
    /// Keys that have no field here, or a value that the field cannot hold. One of these wins over
    /// a field.
    pub other: Dictionary,
}

/// How the device proves itself to the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ikev2Authentication {
    /// With a certificate; the kind of its key only if the gateway wants to know it beforehand.
    Certificate(IdentityHandle, Option<CertificateType>),
    /// With a secret that both have.
    SharedSecret(Secret),
    /// With EAP only: with an identity it is EAP-TLS, without one the user name and password.
    Eap(Option<IdentityHandle>),
}

/// The values of `CertificateType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateType {
    /// RSA with PKCS #1 v1.5 signatures.
    Rsa,
    /// RSA with PSS signatures.
    RsaPss,
    /// P-256.
    Ecdsa256,
    /// P-384.
    Ecdsa384,
    /// P-521.
    Ecdsa521,
}

/// What both sides agree on for one security association.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityAssociation {
    /// `EncryptionAlgorithm`. Devices assume AES-256.
    pub encryption: String,
    /// `IntegrityAlgorithm`. Devices assume SHA2-256.
    pub integrity: String,
    /// `DiffieHellmanGroup`. Devices assume 14.
    pub group: u32,
    /// `LifeTimeInMinutes`, from 10 to 1440. Devices assume 1440.
    pub lifetime_minutes: u32,
    /// Keys that have no field here.
    pub other: Dictionary,
}

impl CertificateType {
    const ALL: [Self; 5] =
        [Self::Rsa, Self::RsaPss, Self::Ecdsa256, Self::Ecdsa384, Self::Ecdsa521];

    /// As profiles write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::RsaPss => "RSA-PSS",
            Self::Ecdsa256 => "ECDSA256",
            Self::Ecdsa384 => "ECDSA384",
            Self::Ecdsa521 => "ECDSA521",
        }
    }
}

impl SecurityAssociation {
    /// What devices assume, written out.
    #[must_use]
    pub fn new() -> Self {
        Self {
            encryption: "AES-256".to_owned(),
            integrity: "SHA2-256".to_owned(),
            group: 14,
            lifetime_minutes: 1440,
            other: Dictionary::new(),
        }
    }

    fn read(mut fields: Fields) -> Self {
        Self {
            encryption: fields.text("EncryptionAlgorithm").unwrap_or_else(|| "AES-256".into()),
            integrity: fields.text("IntegrityAlgorithm").unwrap_or_else(|| "SHA2-256".into()),
            group: fields.number("DiffieHellmanGroup").unwrap_or(14),
            lifetime_minutes: fields.number("LifeTimeInMinutes").unwrap_or(1440),
            other: fields.finish(),
        }
    }

    fn to_dictionary(&self) -> Dictionary {
        let mut parameters = Dictionary::new();
        parameters.insert("EncryptionAlgorithm", self.encryption.as_str());
        parameters.insert("IntegrityAlgorithm", self.integrity.as_str());
        parameters.insert("DiffieHellmanGroup", self.group);
        parameters.insert("LifeTimeInMinutes", self.lifetime_minutes);
        parameters.put_all(&self.other);
        parameters
    }
}

impl Default for SecurityAssociation {
    fn default() -> Self {
        Self::new()
    }
}

impl Ikev2Authentication {
    fn read(fields: &mut Fields) -> Result<Self, PayloadError> {
        let method = fields.required_text("AuthenticationMethod")?;
        // Not for SharedSecret: with EAP-TLS on top it stays among the other keys.
        let identity =
            |fields: &mut Fields| fields.uuid("PayloadCertificateUUID").map(IdentityHandle::from);
        match method.as_str() {
            "Certificate" => {
                let identity =
                    identity(fields).ok_or(PayloadError::Missing("PayloadCertificateUUID"))?;
                let kind =
                    |name: &str| CertificateType::ALL.into_iter().find(|kind| kind.name() == name);
                Ok(Self::Certificate(identity, fields.choice("CertificateType", kind)))
            }
            "SharedSecret" => {
                let secret = fields.secret("SharedSecret");
                secret.map(Self::SharedSecret).ok_or(PayloadError::Missing("SharedSecret"))
            }
            "None" => Ok(Self::Eap(identity(fields))),
            _ => Err(PayloadError::Value {
                key: "AuthenticationMethod",
                expected: "Certificate, SharedSecret or None",
            }),
        }
    }

    fn put(&self, ikev2: &mut Dictionary) {
        let uuid = |identity: &IdentityHandle| -> PayloadUuid { identity.uuid().clone() };
        let (method, identity) = match self {
            Self::Certificate(identity, _) => ("Certificate", Some(uuid(identity))),
            Self::SharedSecret(_) => ("SharedSecret", None),
            Self::Eap(identity) => ("None", identity.as_ref().map(uuid)),
        };
        ikev2.insert("AuthenticationMethod", method);
        ikev2.put("PayloadCertificateUUID", identity.as_ref().map(PayloadUuid::as_str));
        if let Self::Certificate(_, kind) = self {
            ikev2.put("CertificateType", kind.map(CertificateType::name));
        }
        if let Self::SharedSecret(secret) = self {
            ikev2.put_secret("SharedSecret", Some(secret));
        }
    }
}

impl Ikev2 {
    /// A gateway that the device proves itself to with a certificate.
    #[must_use]
    pub fn with_certificate(
        remote_address: impl Into<String>,
        local_identifier: impl Into<String>,
        identity: IdentityHandle,
    ) -> Self {
        Self::new(
            remote_address,
            local_identifier,
            Ikev2Authentication::Certificate(identity, None),
        )
    }

    /// A gateway whose name is its address.
    #[must_use]
    pub fn new(
        remote_address: impl Into<String>,
        local_identifier: impl Into<String>,
        authentication: Ikev2Authentication,
    ) -> Self {
        let remote_address = remote_address.into();
        Self {
            remote_identifier: remote_address.clone(),
            remote_address,
            local_identifier: local_identifier.into(),
            extended_authentication: matches!(authentication, Ikev2Authentication::Eap(_)),
            authentication,
            user_name: None,
            user_password: None,
            server_certificate_issuer: None,
            server_certificate_name: None,
            revocation_check: false,
            perfect_forward_secrecy: false,
            tls_minimum: Some(TlsVersion::V1_2),
            tls_maximum: None,
            ike: Some(SecurityAssociation::new()),
            child: Some(SecurityAssociation::new()),
            other: Dictionary::new(),
        }
    }

    pub(super) fn read(mut fields: Fields) -> Result<Self, PayloadError> {
        Ok(Self {
            remote_address: fields.required_text("RemoteAddress")?,
            remote_identifier: fields.required_text("RemoteIdentifier")?,
            local_identifier: fields.required_text("LocalIdentifier")?,
            authentication: Ikev2Authentication::read(&mut fields)?,
            extended_authentication: fields.flag("ExtendedAuthEnabled").unwrap_or(false),
            user_name: fields.text("AuthName"),
            user_password: fields.secret("AuthPassword"),
            server_certificate_issuer: fields.text("ServerCertificateIssuerCommonName"),
            server_certificate_name: fields.text("ServerCertificateCommonName"),
            revocation_check: fields.flag("EnableCertificateRevocationCheck").unwrap_or(false),
            perfect_forward_secrecy: fields.flag("EnablePFS").unwrap_or(false),
            tls_minimum: fields.choice("TLSMinimumVersion", TlsVersion::from_name),
            tls_maximum: fields.choice("TLSMaximumVersion", TlsVersion::from_name),
            ike: fields
                .dictionary("IKESecurityAssociationParameters")
                .map(SecurityAssociation::read),
            child: fields
                .dictionary("ChildSecurityAssociationParameters")
                .map(SecurityAssociation::read),
            other: fields.finish(),
        })
    }

    pub(super) fn to_dictionary(&self) -> Dictionary {
        let mut ikev2 = Dictionary::new();
        ikev2.insert("RemoteAddress", self.remote_address.as_str());
        ikev2.insert("RemoteIdentifier", self.remote_identifier.as_str());
        ikev2.insert("LocalIdentifier", self.local_identifier.as_str());
        self.authentication.put(&mut ikev2);
        ikev2.insert("ExtendedAuthEnabled", i32::from(self.extended_authentication));
        ikev2.put("AuthName", self.user_name.as_deref());
        ikev2.put_secret("AuthPassword", self.user_password.as_ref());
        ikev2.put("ServerCertificateIssuerCommonName", self.server_certificate_issuer.as_deref());
        ikev2.put("ServerCertificateCommonName", self.server_certificate_name.as_deref());
        ikev2.insert("EnableCertificateRevocationCheck", i32::from(self.revocation_check));
        ikev2.insert("EnablePFS", i32::from(self.perfect_forward_secrecy));
        ikev2.put("TLSMinimumVersion", self.tls_minimum.map(TlsVersion::name));
        ikev2.put("TLSMaximumVersion", self.tls_maximum.map(TlsVersion::name));
        let parameters = SecurityAssociation::to_dictionary;
        ikev2.put("IKESecurityAssociationParameters", self.ike.as_ref().map(parameters));
        ikev2.put("ChildSecurityAssociationParameters", self.child.as_ref().map(parameters));
        ikev2.put_all(&self.other);
        ikev2
    }
}
