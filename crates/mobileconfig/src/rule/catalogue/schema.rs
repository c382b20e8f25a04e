//! Rules that come from Apple's schema.

use super::rule;
use crate::finding::Severity::{Error, Warning};
use crate::payload::Platform;
use crate::rule::Frame::Payload;
use crate::rule::{Example, Rule};

pub(super) const AP003: Rule = rule(
    "AP003",
    Error,
    "Every required key is there, and every value has the type that the schema names",
    "Devices do not convert: a number in a string is no number. Some keys are required only \
     together with others, such as the identity of a VPN that authenticates with a certificate.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>Keysize</key><string>2048</string>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Keysize</key><integer>2048</integer>
</dict>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.vpn.managed</string>
<key>UserDefinedName</key><string>Example</string>
<key>VPNType</key><string>IKEv2</string>
<key>IKEv2</key>
<dict>
\t<key>RemoteAddress</key><string>vpn.example.com</string>
\t<key>RemoteIdentifier</key><string>vpn.example.com</string>
\t<key>LocalIdentifier</key><string>laptop.example.com</string>
\t<key>AuthenticationMethod</key><string>None</string>
</dict>",
            "<key>PayloadType</key><string>com.apple.vpn.managed</string>
<key>UserDefinedName</key><string>Example</string>
<key>VPNType</key><string>IKEv2</string>
<key>IKEv2</key>
<dict>
\t<key>RemoteAddress</key><string>vpn.example.com</string>
\t<key>RemoteIdentifier</key><string>vpn.example.com</string>
\t<key>LocalIdentifier</key><string>laptop.example.com</string>
\t<key>AuthenticationMethod</key><string>None</string>
\t<key>ExtendedAuthEnabled</key><integer>1</integer>
</dict>",
        ),
    ],
);

pub(super) const AP007: Rule = rule(
    "AP007",
    Warning,
    "Every key is one that the device knows",
    "Devices pass over all others without a word, so that a misspelt key leaves the default in \
     force for years. The nearest key that exists is suggested.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>KeyType</key><string>RSA</string>
\t<key>KeyUsage</key><integer>5</integer>
\t<key>KeySize</key><integer>2048</integer>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Key Type</key><string>RSA</string>
\t<key>Key Usage</key><integer>5</integer>
\t<key>Keysize</key><integer>2048</integer>
</dict>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>SSID</key><string>Example</string>",
            "<key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>SSID_STR</key><string>Example</string>",
        ),
    ],
);

pub(super) const AP008: Rule = rule(
    "AP008",
    Error,
    "Every value is one that the device takes",
    "Lists of allowed values, ranges of numbers, URLs and versions: a device refuses the payload, or \
     takes the default instead. A UUID in an odd form is a warning.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>ca.example/scep</string>
\t<key>Keysize</key><integer>3072</integer>
\t<key>Key Usage</key><integer>160</integer>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Keysize</key><integer>4096</integer>
\t<key>Key Usage</key><integer>5</integer>
</dict>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>SSID_STR</key><string>Example</string>
<key>EncryptionType</key><string>WPA2-Enterprise</string>",
            "<key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>SSID_STR</key><string>Example</string>
<key>EncryptionType</key><string>WPA2</string>",
        ),
    ],
);

pub(super) const AP015: Rule = rule(
    "AP015",
    Warning,
    "Placeholders are whole, and somebody fills them",
    "What is not written as a placeholder stays as it is, and ends up in a certificate. The \
     variables of macOS (%SerialNumber%) are filled by macOS alone; on other systems the server \
     must have done it.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Challenge</key><string>FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI</string>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Challenge</key><string>$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI</string>
</dict>",
        ),
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Subject</key>
\t<array><array><array><string>CN</string><string>%SerialNumber%</string></array></array></array>
</dict>",
            "<key>PayloadType</key><string>com.apple.security.scep</string>
<key>PayloadContent</key>
<dict>
\t<key>URL</key><string>https://ca.example/scep</string>
\t<key>Subject</key>
\t<array><array><array><string>CN</string><string>C02XL0GYJGH5</string></array></array></array>
</dict>",
        )
        .on(Platform::Ios),
    ],
);
