//! Rules for the profile around the payloads.

use super::rule;
use crate::finding::Severity::{Advice, Error, Warning};
use crate::rule::Frame::{File, Payload, Profile};
use crate::rule::{Example, Rule};

pub(super) const AP001: Rule = rule(
    "AP001",
    Error,
    "The file is a property list with a dictionary at its root, or a signed message around one",
    "A device shows no more than that the profile is damaged.",
    &[
        Example::new(File, "PayloadType: Configuration", "<plist version=\"1.0\"><dict/></plist>"),
        Example::new(
            File,
            "<plist version=\"1.0\"><array><dict/></array></plist>",
            "<plist version=\"1.0\"><dict/></plist>",
        ),
    ],
);

pub(super) const AP002: Rule = rule(
    "AP002",
    Error,
    "The type of the profile is Configuration, and profiles do not nest",
    "Without it the keys at the root mean nothing to a device. Two common accidents: a payload \
     without a profile around it, and a profile with one dictionary too many around it.",
    &[
        Example::new(
            Profile,
            "<key>PayloadContent</key><array/>
<key>PayloadIdentifier</key><string>com.example.profile</string>
<key>PayloadType</key><string>com.apple.security.pkcs12</string>
<key>PayloadUUID</key><string>4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC</string>
<key>PayloadVersion</key><integer>1</integer>",
            "<key>PayloadContent</key><array/>
<key>PayloadIdentifier</key><string>com.example.profile</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC</string>
<key>PayloadVersion</key><integer>1</integer>",
        ),
        Example::new(
            Profile,
            "<key>New item</key>
<dict>
\t<key>PayloadContent</key><array/>
\t<key>PayloadType</key><string>Configuration</string>
</dict>",
            "<key>PayloadContent</key><array/>
<key>PayloadType</key><string>Configuration</string>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>Configuration</string>
<key>PayloadContent</key>
<array>
\t<dict><key>PayloadType</key><string>com.apple.security.scep</string></dict>
</array>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>",
        ),
    ],
);

pub(super) const AP004: Rule = rule(
    "AP004",
    Error,
    "Identifiers and UUIDs are there once",
    "A device tells payloads apart by them, when it installs a profile and when it updates one. \
     A payload named like its profile is told as a warning.",
    &[Example::new(
        Profile,
        "<key>PayloadContent</key>
<array>
\t<dict>
\t\t<key>PayloadType</key><string>com.example.app</string>
\t\t<key>PayloadIdentifier</key><string>com.example.profile.app</string>
\t\t<key>PayloadUUID</key><string>4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC</string>
\t\t<key>PayloadVersion</key><integer>1</integer>
\t</dict>
</array>
<key>PayloadIdentifier</key><string>com.example.profile</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC</string>
<key>PayloadVersion</key><integer>1</integer>",
        "<key>PayloadContent</key>
<array>
\t<dict>
\t\t<key>PayloadType</key><string>com.example.app</string>
\t\t<key>PayloadIdentifier</key><string>com.example.profile.app</string>
\t\t<key>PayloadUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
\t\t<key>PayloadVersion</key><integer>1</integer>
\t</dict>
</array>
<key>PayloadIdentifier</key><string>com.example.profile</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC</string>
<key>PayloadVersion</key><integer>1</integer>",
    )],
);

pub(super) const AP019: Rule = rule(
    "AP019",
    Warning,
    "Secrets do not stand in clear in a file that is neither signed nor encrypted",
    "Such files are mailed around and kept in repositories, and a challenge or password in one is \
     one that everybody has. A placeholder is filled by the server for each device.",
    &[Example::new(
        Payload,
        "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Challenge</key><string>correct horse</string>
</dict>",
        "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Challenge</key><string>$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI</string>
</dict>",
    )],
);

pub(super) const AP020: Rule = rule(
    "AP020",
    Warning,
    "The profile is not to be removed as soon as it is installed",
    "RemovalDate and PayloadExpirationDate lie ahead, where the time of installation is known, and \
     DurationUntilRemoval is more than nothing.",
    &[Example::new(
        Profile,
        "<key>PayloadContent</key><array/>
<key>PayloadType</key><string>Configuration</string>
<key>DurationUntilRemoval</key><real>0</real>",
        "<key>PayloadContent</key><array/>
<key>PayloadType</key><string>Configuration</string>
<key>DurationUntilRemoval</key><real>86400</real>",
    )],
);

pub(super) const AP021: Rule = rule(
    "AP021",
    Error,
    "Payloads are either in clear or encrypted",
    "With IsEncrypted a device decrypts EncryptedPayloadContent and looks at nothing else; without \
     it, it looks for PayloadContent.",
    &[Example::new(
        Profile,
        "<key>EncryptedPayloadContent</key><data>MIIB</data>
<key>PayloadType</key><string>Configuration</string>",
        "<key>EncryptedPayloadContent</key><data>MIIB</data>
<key>IsEncrypted</key><true/>
<key>PayloadType</key><string>Configuration</string>",
    )],
);

pub(super) const AP022: Rule = rule(
    "AP022",
    Advice,
    "The signature can be verified by the device",
    "It has the certificate of its signer and that of the issuer, neither has expired, and its \
     digest is not SHA-1 or MD5. Otherwise the profile installs, but is shown as not verified.",
    // Made with OpenSSL: `cms -sign -nodetach -outform PEM`, with and without `-nocerts`.
    &[Example::new(
        File,
        include_str!("signed/without_certificate.pem"),
        include_str!("signed/with_certificate.pem"),
    )],
);

pub(super) const AP023: Rule = rule(
    "AP023",
    Error,
    "The XML is well-formed, says everything once, and means the same to every reader",
    "A device refuses a file that is not well-formed. What is legal XML but read in different ways, \
     such as CDATA, reaches the device as something else than what stands in the file, and is a \
     warning.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.example.app</string>
<key>PayloadOrganization</key><string><team-slug></string>",
            "<key>PayloadType</key><string>com.example.app</string>
<key>PayloadOrganization</key><string>Example</string>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.example.app</string>
<key>PayloadOrganization</key><string>Example</string>
<key>PayloadOrganization</key><string>Other</string>",
            "<key>PayloadType</key><string>com.example.app</string>
<key>PayloadOrganization</key><string>Example</string>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.example.app</string>
<key>PayloadOrganization</key><string><![CDATA[Salt & Sons]]></string>",
            "<key>PayloadType</key><string>com.example.app</string>
<key>PayloadOrganization</key><string>Salt &amp; Sons</string>",
        ),
    ],
);
