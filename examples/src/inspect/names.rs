//! Names for the numbers: object identifiers and tags.

/// An object identifier with its name where it has one: `SHA-256 (2.16.840.1.101.3.4.2.1)`.
pub(super) fn oid(oid: &impl ToString) -> String {
    let dotted = oid.to_string();
    match short(&dotted) {
        Some(name) => format!("{name} ({dotted})"),
        None => dotted,
    }
}

/// The name alone, or else the dotted form.
pub(super) fn oid_short(oid: &impl ToString) -> String {
    let dotted = oid.to_string();
    short(&dotted).map_or(dotted, str::to_owned)
}

fn short(dotted: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, _)| *known == dotted).map(|(_, name)| *name)
}

/// What a tag is called.
pub(super) fn tag(tag: u8) -> &'static str {
    match tag {
        0x01 => "BOOLEAN",
        0x02 => "INTEGER",
        0x03 => "BIT STRING",
        0x04 => "OCTET STRING",
        0x05 => "NULL",
        0x06 => "OBJECT IDENTIFIER",
        0x0a => "ENUMERATED",
        0x0c => "UTF8String",
        0x12 => "NumericString",
        0x13 => "PrintableString",
        0x14 => "TeletexString",
        0x16 => "IA5String",
        0x17 => "UTCTime",
        0x18 => "GeneralizedTime",
        0x1a => "VisibleString",
        0x1c => "UniversalString",
        0x1e => "BMPString",
        0x23 => "BIT STRING in pieces",
        0x24 => "OCTET STRING in pieces",
        0x30 => "SEQUENCE",
        0x31 => "SET",
        0x80..=0xbf => "a context-specific value",
        _ => "another type",
    }
}

const KNOWN: &[(&str, &str)] = &[
    ("1.2.840.113549.1.7.1", "data"),
    ("1.2.840.113549.1.7.2", "signedData"),
    ("1.2.840.113549.1.7.3", "envelopedData"),
    ("1.2.840.113549.1.7.5", "digestedData"),
    ("1.2.840.113549.1.7.6", "encryptedData"),
    ("1.2.840.113549.1.9.16.1.4", "TSTInfo"),
    ("1.2.840.113549.1.9.16.1.23", "authEnvelopedData"),
    // Digests
    ("1.2.840.113549.2.5", "MD5"),
    ("1.3.14.3.2.26", "SHA-1"),
    ("2.16.840.1.101.3.4.2.4", "SHA-224"),
    ("2.16.840.1.101.3.4.2.1", "SHA-256"),
    ("2.16.840.1.101.3.4.2.2", "SHA-384"),
    ("2.16.840.1.101.3.4.2.3", "SHA-512"),
    // Signatures and keys
    ("1.2.840.113549.1.1.1", "rsaEncryption"),
    ("1.2.840.113549.1.1.2", "md2WithRSAEncryption"),
    ("1.2.840.113549.1.1.4", "md5WithRSAEncryption"),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption"),
    ("1.2.840.113549.1.1.7", "RSAES-OAEP"),
    ("1.2.840.113549.1.1.8", "MGF1"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption"),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.10045.2.1", "ecPublicKey"),
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.2.840.10045.4.1", "ecdsa-with-SHA1"),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256"),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384"),
    ("1.2.840.10045.4.3.4", "ecdsa-with-SHA512"),
    ("1.3.101.110", "X25519"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
    // Ciphers
    ("1.3.14.3.2.7", "DES-CBC"),
    ("1.2.840.113549.3.2", "RC2-CBC"),
    ("1.2.840.113549.3.7", "3DES-CBC"),
    ("2.16.840.1.101.3.4.1.2", "AES-128-CBC"),
    ("2.16.840.1.101.3.4.1.22", "AES-192-CBC"),
    ("2.16.840.1.101.3.4.1.42", "AES-256-CBC"),
    ("2.16.840.1.101.3.4.1.6", "AES-128-GCM"),
    ("2.16.840.1.101.3.4.1.46", "AES-256-GCM"),
    ("1.2.840.113549.1.5.12", "PBKDF2"),
    ("1.2.840.113549.1.5.13", "PBES2"),
    ("1.2.840.113549.1.9.16.3.9", "PWRI-KEK"),
    // Attributes
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("1.2.840.113549.1.9.2", "unstructuredName"),
    ("1.2.840.113549.1.9.3", "contentType"),
    ("1.2.840.113549.1.9.4", "messageDigest"),
    ("1.2.840.113549.1.9.5", "signingTime"),
    ("1.2.840.113549.1.9.7", "challengePassword"),
    ("1.2.840.113549.1.9.8", "unstructuredAddress"),
    ("1.2.840.113549.1.9.14", "extensionRequest"),
    ("1.2.840.113549.1.9.15", "sMIMECapabilities"),
    ("1.2.840.113549.1.9.20", "friendlyName"),
    ("1.2.840.113549.1.9.25.3", "randomNonce"),
    ("1.2.840.113549.1.9.52", "cmsAlgorithmProtection"),
    ("1.2.840.113635.100.9.1", "Apple hash agility"),
    ("1.2.840.113635.100.9.2", "Apple hash agility v2"),
    ("1.3.6.1.4.1.311.2.1.14", "extensionRequest of Microsoft"),
    ("1.3.6.1.4.1.311.13.2.2", "enrolment CSP of Microsoft"),
    ("1.3.6.1.4.1.311.13.2.3", "OS version of Microsoft"),
    ("1.3.6.1.4.1.311.21.20", "client information of Microsoft"),
    ("1.3.6.1.4.1.311.21.38", "enrolment disposition of Microsoft"),
    ("1.3.6.1.5.5.7.24.1", "failInfoText"),
    ("2.16.840.1.113733.1.9.2", "messageType"),
    ("2.16.840.1.113733.1.9.3", "pkiStatus"),
    ("2.16.840.1.113733.1.9.4", "failInfo"),
    ("2.16.840.1.113733.1.9.5", "senderNonce"),
    ("2.16.840.1.113733.1.9.6", "recipientNonce"),
    ("2.16.840.1.113733.1.9.7", "transactionID"),
    ("2.16.840.1.113733.1.9.8", "extensionReq of an early draft"),
    // Extensions and purposes
    ("2.5.29.14", "subjectKeyIdentifier"),
    ("2.5.29.15", "keyUsage"),
    ("2.5.29.17", "subjectAltName"),
    ("2.5.29.19", "basicConstraints"),
    ("2.5.29.30", "nameConstraints"),
    ("2.5.29.31", "cRLDistributionPoints"),
    ("2.5.29.32", "certificatePolicies"),
    ("2.5.29.35", "authorityKeyIdentifier"),
    ("2.5.29.37", "extKeyUsage"),
    ("2.5.29.37.0", "any purpose"),
    ("1.3.6.1.5.5.7.1.1", "authorityInfoAccess"),
    ("1.3.6.1.5.5.7.3.1", "serverAuth"),
    ("1.3.6.1.5.5.7.3.2", "clientAuth"),
    ("1.3.6.1.5.5.7.3.3", "codeSigning"),
    ("1.3.6.1.5.5.7.3.4", "emailProtection"),
    ("1.3.6.1.5.5.7.3.8", "timeStamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
    ("1.3.6.1.4.1.311.20.2", "certificate template name of Microsoft"),
    ("1.3.6.1.4.1.311.20.2.1", "certificate request agent of Microsoft"),
    ("1.3.6.1.4.1.311.20.2.2", "smart card logon of Microsoft"),
    ("1.3.6.1.4.1.311.21.1", "CA version of Microsoft"),
    ("1.3.6.1.4.1.311.21.7", "certificate template of Microsoft"),
    ("1.3.6.1.4.1.311.21.10", "application policies of Microsoft"),
    ("1.3.6.1.4.1.311.25.2", "security identifier of Microsoft"),
    ("2.16.840.1.113730.1.1", "certificate type of Netscape"),
    ("2.16.840.1.113730.1.13", "comment of Netscape"),
];
