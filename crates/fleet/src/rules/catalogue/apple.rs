//! Profiles for Apple devices.

use super::{Example, Rule};
use crate::finding::Severity;

pub(in crate::rules) static FL018: Rule = Rule::beyond(
    "FL018",
    Severity::Error,
    "The profile can be read",
    "what cannot be read is neither checked nor filled",
    &[Example::apple("<plist><dict></plist>")],
);
pub(in crate::rules) static FL020: Rule = Rule::fleet(
    "FL020",
    "A signed profile has no variables",
    "Fleet refuses the profile: filling it in would break the signature",
    // Text enough of a signed profile: it begins with a SEQUENCE.
    &[Example::apple("0 <string>$FLEET_VAR_HOST_UUID</string>")],
);
pub(in crate::rules) static FL021: Rule = Rule::fleet(
    "FL021",
    "A profile with variables of DigiCert is a property list",
    "Fleet refuses the profile",
    &[Example::apple(
        "<plist><dict><key>Password</key><string>$FLEET_VAR_DIGICERT_PASSWORD_DIGI</string>\n\
         <key>PayloadContent</key><data>$FLEET_VAR_DIGICERT_DATA_DIGI</string></dict></plist>",
    )],
);
pub(in crate::rules) static FL022: Rule = Rule::fleet(
    "FL022",
    "The content of a PKCS #12 payload is of the same DigiCert CA as its password",
    "Fleet refuses the profile: the password would not open the file",
    &[Example::apple(pkcs12!("QUJD", "$FLEET_VAR_DIGICERT_PASSWORD_DIGI"))],
);
pub(in crate::rules) static FL023: Rule = Rule::fleet(
    "FL023",
    "Variables of DigiCert stand in PKCS #12 payloads, alone in their keys",
    "Fleet refuses the profile: anywhere else they are not filled in",
    &[Example::apple(payload!(
        "com.apple.security.pkcs12",
        "<key>Password</key><data>$FLEET_VAR_DIGICERT_DATA_DIGI</data>\n  \
         <key>PayloadContent</key><string>$FLEET_VAR_DIGICERT_PASSWORD_DIGI</string>"
    ))],
);
pub(in crate::rules) static FL024: Rule = Rule::fleet(
    "FL024",
    "A profile with variables for SCEP is a property list",
    "Fleet refuses the profile",
    &[Example::apple(
        "<plist><dict><key>URL</key><string>$FLEET_VAR_NDES_SCEP_PROXY_URL</dict></plist>",
    )],
);
pub(in crate::rules) static FL025: Rule = Rule::fleet(
    "FL025",
    "There is one SCEP payload",
    "Fleet refuses the profile: it would not know which certificate is meant",
    &[Example::apple(
        "<plist version=\"1.0\"><dict><key>PayloadContent</key><array>\n\
         <dict><key>PayloadType</key><string>com.apple.security.scep</string></dict>\n\
         <dict><key>PayloadType</key><string>com.apple.security.scep</string>\n  \
         <key>PayloadContent</key><dict>\n    \
         <key>Challenge</key><string>$FLEET_VAR_NDES_SCEP_CHALLENGE</string>\n    \
         <key>URL</key><string>$FLEET_VAR_NDES_SCEP_PROXY_URL</string>\n    \
         <key>Subject</key><array><array><array><string>OU</string>\
         <string>$FLEET_VAR_SCEP_RENEWAL_ID</string></array></array></array>\n  \
         </dict></dict>\n</array></dict></plist>",
    )],
);
pub(in crate::rules) static FL026: Rule = Rule::fleet(
    "FL026",
    "Variables for SCEP stand in a SCEP payload",
    "Fleet refuses the profile: it has nothing to enrol with",
    &[Example::apple(payload!(
        "com.apple.wifi.managed",
        "<key>a</key><string>$FLEET_VAR_NDES_SCEP_CHALLENGE</string>\n  \
         <key>b</key><string>$FLEET_VAR_NDES_SCEP_PROXY_URL</string>\n  \
         <key>c</key><string>$FLEET_VAR_SCEP_RENEWAL_ID</string>"
    ))],
);
pub(in crate::rules) static FL027: Rule = Rule::fleet(
    "FL027",
    "The challenge is the variable and nothing else",
    "Fleet refuses the profile: the CA would refuse anything but its challenge",
    &[Example::apple(scep!(
        "x$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI",
        "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
        "laptop",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))],
);
pub(in crate::rules) static FL028: Rule = Rule::fleet(
    "FL028",
    "The URL is the variable and nothing else",
    "Fleet refuses the profile: the proxy knows its address as a whole",
    &[Example::apple(scep!(
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_NDES_SCEP_PROXY_URL/x",
        "laptop",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))],
);
pub(in crate::rules) static FL029: Rule = Rule::fleet(
    "FL029",
    "The renewal id stands in the OU, or in the CN, of the certificate's subject",
    "Fleet refuses the profile: it finds the certificate by this, and by nothing else",
    &[Example::apple(payload!(
        "com.apple.security.scep",
        "<key>PayloadContent</key><dict>\n    \
         <key>Challenge</key><string>$FLEET_VAR_NDES_SCEP_CHALLENGE</string>\n    \
         <key>URL</key><string>$FLEET_VAR_NDES_SCEP_PROXY_URL</string>\n    \
         <key>Subject</key><array><array><array><string>O</string>\
         <string>$FLEET_VAR_SCEP_RENEWAL_ID</string></array></array></array>\n  </dict>"
    ))],
);
