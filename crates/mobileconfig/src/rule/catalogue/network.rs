//! Rules for what uses certificates, and for the certificates in a profile.

use super::rule;
use crate::finding::Severity::Error;
use crate::payload::Platform;
use crate::rule::Frame::{Payload, Payloads};
use crate::rule::{Example, Rule};

pub(super) const AP005: Rule = rule(
    "AP005",
    Error,
    "What a payload points at is in the same profile",
    "There are no references from one profile to another: Wi-Fi and its certificate travel \
     together. A UUID that differs from the one meant by case only is a warning.",
    &[Example::new(
        Payloads,
        "<dict>
\t<key>PayloadType</key><string>com.apple.security.identitypreference</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.preference</string>
\t<key>PayloadUUID</key><string>0B2A3B1C-9F62-4A52-8C3B-2A7D1D9C0E01</string>
\t<key>PayloadVersion</key><integer>1</integer>
\t<key>Name</key><string>https://intranet.example.com</string>
\t<key>PayloadCertificateUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
</dict>",
        "<dict>
\t<key>PayloadType</key><string>com.apple.security.scep</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.scep</string>
\t<key>PayloadUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
\t<key>PayloadVersion</key><integer>1</integer>
\t<key>PayloadContent</key><dict><key>URL</key><string>https://ca.example/scep</string></dict>
</dict>
<dict>
\t<key>PayloadType</key><string>com.apple.security.identitypreference</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.preference</string>
\t<key>PayloadUUID</key><string>0B2A3B1C-9F62-4A52-8C3B-2A7D1D9C0E01</string>
\t<key>PayloadVersion</key><integer>1</integer>
\t<key>Name</key><string>https://intranet.example.com</string>
\t<key>PayloadCertificateUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
</dict>",
    )],
);

pub(super) const AP006: Rule = rule(
    "AP006",
    Error,
    "What a payload points at is of the right kind",
    "To prove who it is a device needs a private key, so PayloadCertificateUUID points at scep, acme \
     or pkcs12; to know whom to trust it needs a certificate, so anchors point at root, pkcs1 or \
     pem.",
    &[Example::new(
        Payloads,
        "<dict>
\t<key>PayloadType</key><string>com.apple.security.root</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.root</string>
\t<key>PayloadUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
\t<key>PayloadVersion</key><integer>1</integer>
\t<key>PayloadContent</key><data>$FLEET_SECRET_ROOT</data>
</dict>
<dict>
\t<key>PayloadType</key><string>com.apple.security.identitypreference</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.preference</string>
\t<key>PayloadUUID</key><string>0B2A3B1C-9F62-4A52-8C3B-2A7D1D9C0E01</string>
\t<key>PayloadVersion</key><integer>1</integer>
\t<key>Name</key><string>https://intranet.example.com</string>
\t<key>PayloadCertificateUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
</dict>",
        "<dict>
\t<key>PayloadType</key><string>com.apple.security.pkcs12</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.pkcs12</string>
\t<key>PayloadUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
\t<key>PayloadVersion</key><integer>1</integer>
\t<key>PayloadContent</key><data>$FLEET_SECRET_IDENTITY</data>
</dict>
<dict>
\t<key>PayloadType</key><string>com.apple.security.identitypreference</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.preference</string>
\t<key>PayloadUUID</key><string>0B2A3B1C-9F62-4A52-8C3B-2A7D1D9C0E01</string>
\t<key>PayloadVersion</key><integer>1</integer>
\t<key>Name</key><string>https://intranet.example.com</string>
\t<key>PayloadCertificateUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3AC</string>
</dict>",
    )],
);

pub(super) const AP016: Rule = rule(
    "AP016",
    Error,
    "The devices that the profile is for take each payload, and as many of them",
    "A payload that a platform does not know, one of a type that a device takes once only, or one \
     that belongs to the other scope is refused. Single keys that a platform passes over are advice.",
    &[
        Example::new(
            Payload,
            "<key>PayloadType</key><string>com.apple.firstethernet.managed</string>
<key>EAPClientConfiguration</key>
<dict><key>AcceptEAPTypes</key><array><integer>25</integer></array></dict>",
            "<key>PayloadType</key><string>com.apple.globalethernet.managed</string>
<key>EAPClientConfiguration</key>
<dict><key>AcceptEAPTypes</key><array><integer>25</integer></array></dict>",
        )
        .on(Platform::Ios),
        Example::new(
            Payloads,
            "<dict>
\t<key>PayloadType</key><string>com.apple.globalethernet.managed</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.first</string>
</dict>
<dict>
\t<key>PayloadType</key><string>com.apple.globalethernet.managed</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.second</string>
</dict>",
            "<dict>
\t<key>PayloadType</key><string>com.apple.globalethernet.managed</string>
\t<key>PayloadIdentifier</key><string>com.example.profile.first</string>
</dict>",
        ),
    ],
);

pub(super) const AP017: Rule = rule(
    "AP017",
    Error,
    "EAP-TLS has an identity to show, and knows whom to show it to",
    "Without PayloadCertificateUUID, which stands in the payload and not in EAPClientConfiguration, \
     people are asked for a certificate. Without anchors or server names they are asked to trust \
     whoever uses the name of the network, which is a warning.",
    &[Example::new(
        Payload,
        "<key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>SSID_STR</key><string>Example</string>
<key>EncryptionType</key><string>WPA2</string>
<key>EAPClientConfiguration</key>
<dict>
\t<key>AcceptEAPTypes</key><array><integer>13</integer></array>
\t<key>PayloadCertificateUUID</key><string>$FLEET_VAR_HOST_UUID</string>
</dict>",
        "<key>PayloadType</key><string>com.apple.wifi.managed</string>
<key>SSID_STR</key><string>Example</string>
<key>EncryptionType</key><string>WPA2</string>
<key>PayloadCertificateUUID</key><string>$FLEET_VAR_HOST_UUID</string>
<key>EAPClientConfiguration</key>
<dict>
\t<key>AcceptEAPTypes</key><array><integer>13</integer></array>
\t<key>TLSTrustedServerNames</key><array><string>radius.example.com</string></array>
</dict>",
    )],
);

pub(super) const AP018: Rule = rule(
    "AP018",
    Error,
    "A certificate payload holds one certificate, in the form that its type names",
    "DER for root and pkcs1, PEM text for pem, never with a private key; a PKCS #12 file for pkcs12. \
     What has expired, and a root that is no CA, are warnings.",
    &[Example::new(
        Payload,
        "<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadContent</key><data>bm90IGEgY2VydGlmaWNhdGU=</data>",
        "<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadContent</key>
<data>
MIIBVDCB+6ADAgECAhRa/MiXYEnyoZWwmEPwpimw+3mj7jAKBggqhkjOPQQDAjAXMRUw
EwYDVQQDDAxFeGFtcGxlIFJvb3QwIBcNMjYxMTIxMTQwOTE5WhgPMjEyNjEwMjgxNDA5
MTlaMBcxFTATBgNVBAMMDEV4YW1wbGUgUm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABN4IqzcwxMltJ4upijyqfVuZ2Ny9MqQrgJMYlWy0CW56gD8N1KqL8beZBMYFsg7U
RL+JRPl4tOFzDewV2lpDDFijIzAhMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQD
AgIEMAoGCCqGSM49BAMCA0gAMEUCIAn//DeTIwejRP0yd8quloThkMOO8atn6+c9rxxI
a78OAiEAykm2RXLis7vfN7CvFOPNF/UIu3QJggzeXhgZPJKoKOg=
</data>",
    )],
);
