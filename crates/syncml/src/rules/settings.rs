//! The settings of SCEP.

use super::examples::{leaf, scep};
use super::{Rule, rule};
use crate::check::Severity::{Error, Warning};

pub(super) const WS011: Rule = rule(
    "WS011",
    Error,
    "the challenge has characters that Windows cannot send",
    "Windows writes the challenge as PrintableString: letters, digits, blank and ' ( ) + , - . / : \
     = ?. With another character it accepts the profile, asks the server for its certificates, and \
     gives up with 0x80092021 when it makes the request. Base64 fits, base64url does not.",
    scep!("Challenge", "chr", "pass_word#1"),
    scep!("Challenge", "chr", "password-1"),
);

pub(super) const WS012: Rule = rule(
    "WS012",
    Error,
    "Windows cannot read the subject, or reads another one",
    "Windows does not follow RFC 4514. A value with , + ; = or \" is put between quotation marks as \
     a whole, a quotation mark in it is doubled, and a backslash is a character like any other. A \
     variable without quotation marks lets whoever chooses its value add attributes.",
    scep!("SubjectName", "chr", "CN=Doe\\, Jane,O=Example"),
    scep!("SubjectName", "chr", "CN=\"Doe, Jane\",O=Example"),
);

pub(super) const WS013: Rule = rule(
    "WS013",
    Error,
    "the alternative names are not number+value;number+value",
    "The numbers are those of CertEnroll: 2 mailbox, 3 host, 7 URI, 8 IP address, 11 user principal \
     name. There are no escapes, so no value holds a semicolon, and a user principal name is one, \
     not a distinguished name.",
    scep!("SubjectAlternativeNames", "chr", "11+CN=tom;3+host.example"),
    scep!("SubjectAlternativeNames", "chr", "11+tom@example.com;3+host.example"),
);

pub(super) const WS014: Rule = rule(
    "WS014",
    Error,
    "the thumbprint of the CA is not 40 hexadecimal digits",
    "Windows compares it with the SHA-1 digest of the certificates that the server sends, without \
     colons and blanks. A SHA-256 digest never fits and cannot be turned into one of SHA-1.",
    scep!(
        "CAThumbprint",
        "chr",
        "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
    ),
    scep!("CAThumbprint", "chr", "A9993E364706816ABA3E25717850C26C9CD0D89D"),
);

pub(super) const WS015: Rule = rule(
    "WS015",
    Error,
    "KeyUsage allows neither signatures nor key encipherment",
    "The node is the first octet of the extension as a decimal number: 128 to sign, 32 to encipher \
     keys, 160 for both. Apple counts from the other end, where the same are 1, 4 and 5.",
    scep!("KeyUsage", "int", "5"),
    scep!("KeyUsage", "int", "160"),
);

pub(super) const WS016: Rule = rule(
    "WS016",
    Error,
    "Windows Hello for Business lacks what it needs",
    "With KeyProtection or KeyLocation 4 the key goes into a container of Windows Hello for \
     Business: ContainerName names it, the key has 2048 bits and the request is signed with SHA256.",
    scep!("KeyProtection", "int", "4"),
    concat!(
        scep!("KeyProtection", "int", "4"),
        scep!("ContainerName", "chr", "wifi"),
        scep!("KeyLength", "int", "2048"),
        scep!("HashAlgorithm", "chr", "SHA256")
    ),
);

pub(super) const WS017: Rule = rule(
    "WS017",
    Warning,
    "the key is too short or the digest too old",
    "Keys of 1024 bits and signatures with SHA-1 alone are refused by CAs that are up to date. \
     HashAlgorithm names families joined with +: SHA-1, SHA-2, SHA-3.",
    scep!("KeyLength", "int", "1024"),
    scep!("KeyLength", "int", "2048"),
);

pub(super) const WS021: Rule = rule(
    "WS021",
    Error,
    "EKUMapping is not a list of object identifiers",
    "The purposes are object identifiers in dotted form, joined with +. Without client \
     authentication (1.3.6.1.5.5.7.3.2) the certificate does not do for Wi-Fi and VPN.",
    scep!("EKUMapping", "chr", "clientAuth"),
    scep!("EKUMapping", "chr", "1.3.6.1.5.5.7.3.2"),
);

pub(super) const WS023: Rule = rule(
    "WS023",
    Warning,
    "the URL of the server does not suit what the device makes of it",
    "The device puts /pkiclient.exe and a query behind each URL of the list. One that has either \
     already leads elsewhere.",
    scep!("ServerURL", "chr", "https://ca.example/certsrv/mscep/mscep.dll/pkiclient.exe"),
    scep!("ServerURL", "chr", "https://ca.example/certsrv/mscep/mscep.dll"),
);

pub(super) const WS024: Rule = rule(
    "WS024",
    Warning,
    "a secret stands in the document in clear",
    "Whoever sees the document, in a repository, a ticket or a log, can enrol for himself or take \
     the key. A variable that the server fills in for each device does not have that fault, and a \
     password for one use has it for a short time only.",
    scep!("Challenge", "chr", "password-1"),
    scep!("Challenge", "chr", "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI"),
);

pub(super) const WS026: Rule = rule(
    "WS026",
    Warning,
    "a setting that does less than it seems",
    "ValidPeriodUnits without ValidPeriod counts days. AttestPrivateKey is known to previews of \
     Windows only; others answer with status 404, which undoes the Atomic.",
    scep!("ValidPeriodUnits", "int", "1"),
    concat!(scep!("ValidPeriod", "chr", "Years"), scep!("ValidPeriodUnits", "int", "1")),
);

pub(super) const WS027: Rule = rule(
    "WS027",
    Warning,
    "a variable is not closed, or nobody fills it in",
    "What the server does not know reaches the device as it is, and becomes part of the subject or \
     the challenge.",
    scep!("SubjectName", "chr", "CN=\"{{DeviceName}\""),
    scep!("SubjectName", "chr", "CN=\"{{DeviceName}}\""),
);
