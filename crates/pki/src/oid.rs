//! Object identifiers by the names of the standards that assign them.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($value);)*
    };
}

oids! {
    /// id-data (RFC 5652 §4).
    DATA = "1.2.840.113549.1.7.1";
    /// id-signedData (RFC 5652 §5.1).
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// id-envelopedData (RFC 5652 §6.1).
    ENVELOPED_DATA = "1.2.840.113549.1.7.3";
    /// id-encryptedData (RFC 5652 §8).
    ENCRYPTED_DATA = "1.2.840.113549.1.7.6";

    /// contentType attribute (RFC 5652 §11.1).
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// messageDigest attribute (RFC 5652 §11.2).
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// signingTime attribute (RFC 5652 §11.3).
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// challengePassword attribute (RFC 2985 §5.4.1).
    CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7";
    /// extensionRequest attribute (RFC 2985 §5.4.2).
    EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
    /// szOID_CERT_EXTENSIONS, Microsoft's earlier extensionRequest.
    MS_CERT_EXTENSIONS = "1.3.6.1.4.1.311.2.1.14";

    /// MD5 (RFC 3370 §2.2).
    MD5 = "1.2.840.113549.2.5";
    /// SHA-1 (RFC 3370 §2.1).
    SHA1 = "1.3.14.3.2.26";
    /// SHA-256 (RFC 5754 §2.2).
    SHA256 = "2.16.840.1.101.3.4.2.1";
    /// SHA-384 (RFC 5754 §2.3).
    SHA384 = "2.16.840.1.101.3.4.2.2";
    /// SHA-512 (RFC 5754 §2.4).
    SHA512 = "2.16.840.1.101.3.4.2.3";

    /// hmacWithSHA1 (RFC 8018 B.1.1).
    HMAC_WITH_SHA1 = "1.2.840.113549.2.7";
    /// hmacWithSHA256 (RFC 8018 B.1.2).
    HMAC_WITH_SHA256 = "1.2.840.113549.2.9";
    /// hmacWithSHA384 (RFC 8018 B.1.2).
    HMAC_WITH_SHA384 = "1.2.840.113549.2.10";
    /// hmacWithSHA512 (RFC 8018 B.1.2).
    HMAC_WITH_SHA512 = "1.2.840.113549.2.11";
    /// id-PBKDF2 (RFC 8018 A.2).
    PBKDF2 = "1.2.840.113549.1.5.12";
    /// id-PBES2 (RFC 8018 A.4).
    PBES2 = "1.2.840.113549.1.5.13";
    /// id-PBMAC1 (RFC 8018 A.5).
    PBMAC1 = "1.2.840.113549.1.5.14";
    /// pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 C).
    PBE_SHA1_3DES = "1.2.840.113549.1.12.1.3";
    /// pbeWithSHAAnd2-KeyTripleDES-CBC (RFC 7292 C).
    PBE_SHA1_2DES = "1.2.840.113549.1.12.1.4";

    /// keyBag (RFC 7292 §4.2.1).
    KEY_BAG = "1.2.840.113549.1.12.10.1.1";
    /// pkcs8ShroudedKeyBag (RFC 7292 §4.2.2).
    SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
    /// certBag (RFC 7292 §4.2.3).
    CERT_BAG = "1.2.840.113549.1.12.10.1.3";
    /// safeContentsBag (RFC 7292 §4.2.6).
    SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6";
    /// x509Certificate (RFC 7292 §4.2.3).
    X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
    /// friendlyName attribute (RFC 2985 §5.5.1).
    FRIENDLY_NAME = "1.2.840.113549.1.9.20";
    /// localKeyId attribute (RFC 2985 §5.5.2).
    LOCAL_KEY_ID = "1.2.840.113549.1.9.21";

    /// rsaEncryption (RFC 8017 A.1).
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    /// md5WithRSAEncryption (RFC 3279 §2.2.1).
    MD5_WITH_RSA = "1.2.840.113549.1.1.4";
    /// sha1WithRSAEncryption (RFC 3279 §2.2.1).
    SHA1_WITH_RSA = "1.2.840.113549.1.1.5";
    /// id-RSAES-OAEP (RFC 8017 A.2.1).
    RSAES_OAEP = "1.2.840.113549.1.1.7";
    /// id-mgf1 (RFC 8017 A.2.1).
    MGF1 = "1.2.840.113549.1.1.8";
    /// id-pSpecified (RFC 8017 A.2.1).
    P_SPECIFIED = "1.2.840.113549.1.1.9";
    /// id-RSASSA-PSS (RFC 8017 A.2.3).
    RSASSA_PSS = "1.2.840.113549.1.1.10";
    /// sha256WithRSAEncryption (RFC 4055 §5).
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    /// sha384WithRSAEncryption (RFC 4055 §5).
    SHA384_WITH_RSA = "1.2.840.113549.1.1.12";
    /// sha512WithRSAEncryption (RFC 4055 §5).
    SHA512_WITH_RSA = "1.2.840.113549.1.1.13";
    /// id-ecPublicKey (RFC 5480 §2.1.1).
    EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /// secp256r1 (RFC 5480 §2.1.1.1), also called P-256.
    SECP256R1 = "1.2.840.10045.3.1.7";
    /// secp384r1 (RFC 5480 §2.1.1.1), also called P-384.
    SECP384R1 = "1.3.132.0.34";
    /// ecdsa-with-SHA1 (RFC 3279 §2.2.3).
    ECDSA_WITH_SHA1 = "1.2.840.10045.4.1";
    /// ecdsa-with-SHA256 (RFC 5758 §3.2).
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    /// ecdsa-with-SHA384 (RFC 5758 §3.2).
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
    /// ecdsa-with-SHA512 (RFC 5758 §3.2).
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4";

    /// desCBC (OIW).
    DES_CBC = "1.3.14.3.2.7";
    /// des-ede3-cbc (RFC 3370 §5.1).
    DES_EDE3_CBC = "1.2.840.113549.3.7";
    /// id-aes128-CBC (RFC 3565 §4.1).
    AES_128_CBC = "2.16.840.1.101.3.4.1.2";
    /// id-aes192-CBC (RFC 3565 §4.1).
    AES_192_CBC = "2.16.840.1.101.3.4.1.22";
    /// id-aes256-CBC (RFC 3565 §4.1).
    AES_256_CBC = "2.16.840.1.101.3.4.1.42";
    /// id-aes128-wrap (RFC 3565 §4.1).
    AES_128_WRAP = "2.16.840.1.101.3.4.1.5";
    /// id-aes192-wrap (RFC 3565 §4.1).
    AES_192_WRAP = "2.16.840.1.101.3.4.1.25";
    /// id-aes256-wrap (RFC 3565 §4.1).
    AES_256_WRAP = "2.16.840.1.101.3.4.1.45";

    /// id-alg-PWRI-KEK (RFC 3211 §2.3).
    PWRI_KEK = "1.2.840.113549.1.9.16.3.9";
    /// dhSinglePass-stdDH-sha1kdf-scheme (RFC 5753 §7.1.4).
    STD_DH_SHA1_KDF = "1.3.133.16.840.63.0.2";
    /// dhSinglePass-stdDH-sha256kdf-scheme (RFC 5753 §7.1.4).
    STD_DH_SHA256_KDF = "1.3.132.1.11.1";
    /// dhSinglePass-stdDH-sha384kdf-scheme (RFC 5753 §7.1.4).
    STD_DH_SHA384_KDF = "1.3.132.1.11.2";
    /// dhSinglePass-stdDH-sha512kdf-scheme (RFC 5753 §7.1.4).
    STD_DH_SHA512_KDF = "1.3.132.1.11.3";
    /// dhSinglePass-cofactorDH-sha1kdf-scheme (RFC 5753 §7.1.4).
    COFACTOR_DH_SHA1_KDF = "1.3.133.16.840.63.0.3";
    /// dhSinglePass-cofactorDH-sha256kdf-scheme (RFC 5753 §7.1.4).
    COFACTOR_DH_SHA256_KDF = "1.3.132.1.14.1";
    /// dhSinglePass-cofactorDH-sha384kdf-scheme (RFC 5753 §7.1.4).
    COFACTOR_DH_SHA384_KDF = "1.3.132.1.14.2";
    /// dhSinglePass-cofactorDH-sha512kdf-scheme (RFC 5753 §7.1.4).
    COFACTOR_DH_SHA512_KDF = "1.3.132.1.14.3";

    /// id-ce-subjectKeyIdentifier (RFC 5280 §4.2.1.2).
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// id-ce-keyUsage (RFC 5280 §4.2.1.3).
    KEY_USAGE = "2.5.29.15";
    /// id-ce-subjectAltName (RFC 5280 §4.2.1.6).
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// id-ce-basicConstraints (RFC 5280 §4.2.1.9).
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// id-ce-cRLNumber (RFC 5280 §5.2.3).
    CRL_NUMBER = "2.5.29.20";
    /// id-ce-cRLReasons (RFC 5280 §5.3.1).
    CRL_REASON = "2.5.29.21";
    /// id-ce-cRLDistributionPoints (RFC 5280 §4.2.1.13).
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// id-ce-authorityKeyIdentifier (RFC 5280 §4.2.1.1).
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    /// id-ce-extKeyUsage (RFC 5280 §4.2.1.12).
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// id-kp-serverAuth (RFC 5280 §4.2.1.12).
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    /// id-kp-clientAuth (RFC 5280 §4.2.1.12).
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// anyExtendedKeyUsage (RFC 5280 §4.2.1.12).
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// id-kp-cmcRA (RFC 6402 §2.10): the subject may act as a registration authority.
    CMC_RA = "1.3.6.1.5.5.7.3.28";
    /// Certificate Request Agent, which the RA certificates of NDES have.
    MS_CERTIFICATE_REQUEST_AGENT = "1.3.6.1.4.1.311.20.2.1";
    /// User principal name in an otherName, Microsoft's szOID_NT_PRINCIPAL_NAME.
    NT_PRINCIPAL_NAME = "1.3.6.1.4.1.311.20.2.3";
    /// The name of a certificate template, Microsoft's szOID_ENROLL_CERTTYPE_EXTENSION.
    MS_ENROLL_CERTTYPE = "1.3.6.1.4.1.311.20.2";
    /// The identifier of a certificate template, Microsoft's szOID_CERTIFICATE_TEMPLATE.
    MS_CERTIFICATE_TEMPLATE = "1.3.6.1.4.1.311.21.7";
    /// Microsoft's earlier extKeyUsage, szOID_APPLICATION_CERT_POLICIES.
    MS_APPLICATION_CERT_POLICIES = "1.3.6.1.4.1.311.21.10";
    /// The security identifier of an account (KB5014754), Microsoft's szOID_NTDS_CA_SECURITY_EXT.
    MS_NTDS_CA_SECURITY_EXT = "1.3.6.1.4.1.311.25.2";

    /// emailAddress attribute of a name (RFC 2985 §5.2.1).
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
    /// unstructuredName attribute (RFC 2985 §5.4.3).
    UNSTRUCTURED_NAME = "1.2.840.113549.1.9.2";
    /// What a request tells a CA beside itself, Microsoft's szOID_ENROLLMENT_NAME_VALUE_PAIR: a name
    /// such as `SAN` and its value.
    MS_ENROLLMENT_NAME_VALUE_PAIR = "1.3.6.1.4.1.311.13.2.1";
    /// Which program made the key, Microsoft's szOID_ENROLLMENT_CSP_PROVIDER.
    MS_ENROLLMENT_CSP_PROVIDER = "1.3.6.1.4.1.311.13.2.2";
    /// Which Windows made the request, Microsoft's szOID_OS_VERSION.
    MS_OS_VERSION = "1.3.6.1.4.1.311.13.2.3";
    /// Which program made the request, Microsoft's szOID_REQUEST_CLIENT_INFO.
    MS_REQUEST_CLIENT_INFO = "1.3.6.1.4.1.311.21.20";
}
