//! Object identifiers of EST, CMC and their attributes.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($value);)*
    };
}

oids! {
    /// sMIMECapabilities attribute (RFC 8551 §2.5.2).
    SMIME_CAPABILITIES = "1.2.840.113549.1.9.15";
    /// id-aa-decryptKeyID attribute (RFC 7030 §4.4.1.1, RFC 4108 §2.2.5).
    DECRYPT_KEY_ID = "1.2.840.113549.1.9.16.2.37";
    /// id-aa-asymmDecryptKeyID attribute (RFC 7030 §4.4.1.2).
    ASYMM_DECRYPT_KEY_ID = "1.2.840.113549.1.9.16.2.54";
    /// id-aa-otpChallenge attribute (RFC 7894 §3.1).
    OTP_CHALLENGE = "1.2.840.113549.1.9.16.2.56";
    /// id-aa-revocationChallenge attribute (RFC 7894 §3.2).
    REVOCATION_CHALLENGE = "1.2.840.113549.1.9.16.2.57";
    /// id-aa-estIdentityLinking attribute (RFC 7894 §3.3).
    EST_IDENTITY_LINKING = "1.2.840.113549.1.9.16.2.58";
    /// id-aa-certificationRequestInfoTemplate attribute (RFC 9908 §3.4).
    CERTIFICATION_REQUEST_INFO_TEMPLATE = "1.2.840.113549.1.9.16.2.61";
    /// id-aa-extensionReqTemplate attribute (RFC 9908 §3.4).
    EXTENSION_REQ_TEMPLATE = "1.2.840.113549.1.9.16.2.62";
    /// id-ct-KP-aKeyPackage content (RFC 5958 §2).
    ASYMMETRIC_KEY_PACKAGE = "2.16.840.1.101.2.1.2.78.5";

    /// id-cct-PKIData content (RFC 5272 §3.2.1).
    PKI_DATA = "1.3.6.1.5.5.7.12.2";
    /// id-cct-PKIResponse content (RFC 5272 §4.2).
    PKI_RESPONSE = "1.3.6.1.5.5.7.12.3";
    /// id-cmc-statusInfo control (RFC 5272 §6.1.2).
    CMC_STATUS_INFO = "1.3.6.1.5.5.7.7.1";
    /// id-cmc-transactionId control (RFC 5272 §6.6).
    CMC_TRANSACTION_ID = "1.3.6.1.5.5.7.7.5";
    /// id-cmc-senderNonce control (RFC 5272 §6.6).
    CMC_SENDER_NONCE = "1.3.6.1.5.5.7.7.6";
    /// id-cmc-recipientNonce control (RFC 5272 §6.6).
    CMC_RECIPIENT_NONCE = "1.3.6.1.5.5.7.7.7";
    /// id-cmc-statusInfoV2 control (RFC 5272 §6.1.1).
    CMC_STATUS_INFO_V2 = "1.3.6.1.5.5.7.7.25";
    /// id-cmc-changeSubjectName attribute (RFC 6402 §2.8).
    CHANGE_SUBJECT_NAME = "1.3.6.1.5.5.7.7.36";
}
