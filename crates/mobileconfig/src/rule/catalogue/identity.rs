//! Rules for the payloads that get a certificate.

use super::rule;
use crate::finding::Severity::{Error, Warning};
use crate::rule::Frame::Payload;
use crate::rule::{Example, Rule};

pub(super) const AP009: Rule = rule(
    "AP009",
    Error,
    "A subject is an array of parts, each an array of pairs, each an array of two strings",
    "iOS fails the enrolment over any other shape; macOS passes over the subject and makes one up. \
     Types that devices do not know by name, empty values, values longer than X.520 allows and \
     parts with several pairs are warnings.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Subject</key>
\t<array>
\t\t<array><string>O</string><string>Example</string></array>
\t\t<array><string>CN</string><string>laptop-7</string></array>
\t</array>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Subject</key>
\t<array>
\t\t<array><array><string>O</string><string>Example</string></array></array>
\t\t<array><array><string>CN</string><string>laptop-7</string></array></array>
\t</array>
</dict>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Subject</key>
\t<array>
\t\t<array>
\t\t\t<array><string>CN</string><string>laptop-7</string></array>
\t\t\t<array><string>serialNumber</string><string>C02XL0GYJGH5</string></array>
\t\t</array>
\t</array>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Subject</key>
\t<array>
\t\t<array><array><string>CN</string><string>laptop-7</string></array></array>
\t\t<array><array><string>2.5.4.5</string><string>C02XL0GYJGH5</string></array></array>
\t</array>
</dict>",
        ),
    ],
);

pub(super) const AP010: Rule = rule(
    "AP010",
    Error,
    "Further names are strings or arrays of strings, and there is one principal name only",
    "A device refuses an array of principal names. Host names with blanks, mailboxes without @ and \
     the like are warnings: a CA that checks refuses them.",
    &[Example::new(
        Payload,
        "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Subject</key>
\t<array><array><array><string>CN</string><string>laptop-7</string></array></array></array>
\t<key>SubjectAltName</key>
\t<dict>
\t\t<key>dNSName</key><string>Laptop 7</string>
\t\t<key>ntPrincipalName</key><array><string>ada@example.com</string></array>
\t</dict>
</dict>",
        "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Subject</key>
\t<array><array><array><string>CN</string><string>laptop-7</string></array></array></array>
\t<key>SubjectAltName</key>
\t<dict>
\t\t<key>dNSName</key>
\t\t<array><string>laptop-7.example.com</string><string>laptop-7.local</string></array>
\t\t<key>ntPrincipalName</key><string>ada@example.com</string>
\t</dict>
</dict>",
    )],
);

pub(super) const AP011: Rule = rule(
    "AP011",
    Error,
    "The fingerprint of the CA is the digest itself",
    "16, 20 or 32 bytes: the device tells MD5, SHA-1 and SHA-256 by the length. The usual mistake \
     is base64 of its hexadecimal text. MD5 and SHA-1 are warnings, and so is a URL without TLS \
     and without a fingerprint.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>http://ca.example/scep</string>
\t<key>CAFingerprint</key>
\t<data>
\tRTNCMEM0NDI5OEZDMUMxNDlBRkJGNEM4OTk2RkI5MjQyN0FFNDFFNDY0OUI5MzRDQTQ5NTk5MUI3
\tODUyQjg1NQ==
\t</data>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>http://ca.example/scep</string>
\t<key>CAFingerprint</key>
\t<data>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</data>
</dict>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>http://ca.example/scep</string>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
</dict>",
        ),
    ],
);

pub(super) const AP012: Rule = rule(
    "AP012",
    Warning,
    "Keys are long enough, say what they are for, and VPNs use current algorithms",
    "What a device assumes when Keysize and Key Usage are absent, 1024 bits for no stated purpose, \
     is what CAs refuse today.",
    &[Example::new(
        Payload,
        "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
</dict>",
        "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Keysize</key><integer>2048</integer>
\t<key>Key Usage</key><integer>5</integer>
</dict>",
    )],
);

pub(super) const AP013: Rule = rule(
    "AP013",
    Warning,
    "The private key stays where it is",
    "macOS lets a key be exported from the keychain unless KeyIsExtractable is false. That all apps \
     may use it without asking is told as advice.",
    &[Example::new(
        Payload,
        "<key>PayloadType</key><string>com.apple.security.pkcs12</string>
<key>PayloadContent</key><data>$FLEET_VAR_DIGICERT_DATA_WIFI</data>
<key>Password</key><string>$FLEET_VAR_DIGICERT_PASSWORD_WIFI</string>",
        "<key>PayloadType</key><string>com.apple.security.pkcs12</string>
<key>PayloadContent</key><data>$FLEET_VAR_DIGICERT_DATA_WIFI</data>
<key>Password</key><string>$FLEET_VAR_DIGICERT_PASSWORD_WIFI</string>
<key>KeyIsExtractable</key><false/>",
    )],
);

pub(super) const AP014: Rule = rule(
    "AP014",
    Error,
    "The keys of an ACME payload go together",
    "RSA keys have 1024 to 4096 bits and are never bound to the hardware; keys on curves have 192, \
     256, 384 or 521 bits, in the Secure Enclave 256 or 384; only those can be attested. The \
     directory is reached with https, purposes are object identifiers, and unlike in SCEP there is \
     no dictionary PayloadContent.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.acme</string>
<key>DirectoryURL</key><string>http://ca.example/directory</string>
<key>ClientIdentifier</key><string>C02XL0GYJGH5</string>
<key>KeyType</key><string>RSA</string>
<key>KeySize</key><integer>2048</integer>
<key>HardwareBound</key><true/>
<key>ExtendedKeyUsage</key><array><string>clientAuth</string></array>
<key>Subject</key>
<array><array><array><string>CN</string><string>laptop-7</string></array></array></array>",
            "<key>PayloadType</key><string>com.apple.security.acme</string>
<key>DirectoryURL</key><string>https://ca.example/directory</string>
<key>ClientIdentifier</key><string>C02XL0GYJGH5</string>
<key>KeyType</key><string>ECSECPrimeRandom</string>
<key>KeySize</key><integer>384</integer>
<key>HardwareBound</key><true/>
<key>ExtendedKeyUsage</key><array><string>1.3.6.1.5.5.7.3.2</string></array>
<key>Subject</key>
<array><array><array><string>CN</string><string>laptop-7</string></array></array></array>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.acme</string>
<key>DirectoryURL</key><string>https://ca.example/directory</string>
<key>ClientIdentifier</key><string>C02XL0GYJGH5</string>
<key>KeyType</key><string>ECSECPrimeRandom</string>
<key>KeySize</key><integer>512</integer>
<key>HardwareBound</key><false/>
<key>Attest</key><true/>
<key>Subject</key>
<array><array><array><string>CN</string><string>laptop-7</string></array></array></array>",
            "<key>PayloadType</key><string>com.apple.security.acme</string>
<key>DirectoryURL</key><string>https://ca.example/directory</string>
<key>ClientIdentifier</key><string>C02XL0GYJGH5</string>
<key>KeyType</key><string>ECSECPrimeRandom</string>
<key>KeySize</key><integer>521</integer>
<key>HardwareBound</key><false/>
<key>Attest</key><false/>
<key>Subject</key>
<array><array><array><string>CN</string><string>laptop-7</string></array></array></array>",
        ),
    ],
);
