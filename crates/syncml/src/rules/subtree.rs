//! Nodes that belong together, and whole profiles.

use super::examples::{exec, leaf, message, node, pfx, required, scep};
use super::{Rule, rule};
use crate::check::Severity::{Error, Warning};
use crate::check::Target;

macro_rules! c1 {
    () => {
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1"
    };
}

macro_rules! fleet {
    () => {
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID"
    };
}

pub(super) const WS009: Rule = rule(
    "WS009",
    Error,
    "a SCEP enrolment is incomplete or out of order",
    "The node comes first, then its settings, of which eight must be there, and Enroll last. What \
     comes behind Enroll has no effect on the enrolment that it starts.",
    concat!(node!(c1!()), exec!(concat!(c1!(), "/Install/Enroll")), required!(c1!())),
    concat!(node!(c1!()), required!(c1!()), exec!(concat!(c1!(), "/Install/Enroll"))),
);

pub(super) const WS010: Rule = rule(
    "WS010",
    Error,
    "commands are not grouped as Windows needs them",
    "Everything for one certificate is in one Atomic. There is no Atomic and no Get inside of it, \
     and no node is written twice.",
    message!(concat!(
        "<Add>\n  <CmdID>1</CmdID>\n  <Item>\n    <Target><LocURI>",
        c1!(),
        "</LocURI></Target>\n    <Meta><Format xmlns=\"syncml:metinf\">node</Format></Meta>\n  ",
        "</Item>\n</Add>\n"
    )),
    message!(concat!(
        "<Atomic>\n<CmdID>1</CmdID>\n",
        "<Add>\n  <CmdID>2</CmdID>\n  <Item>\n    <Target><LocURI>",
        c1!(),
        "</LocURI></Target>\n    <Meta><Format xmlns=\"syncml:metinf\">node</Format></Meta>\n  ",
        "</Item>\n</Add>\n</Atomic>\n"
    )),
);

pub(super) const WS018: Rule = rule(
    "WS018",
    Error,
    "a PFX import is incomplete, out of order or contradicts itself",
    "Writing PFXCertBlob imports it at once, with what has been set before: so it is last. The blob \
     is PKCS #12 in base64, a key is exportable in software only, and a store for the password's \
     certificate goes with PFXCertPasswordEncryptionType 2 only.",
    concat!(pfx!("PFXCertBlob", "chr", "MAMCAQM="), pfx!("KeyLocation", "int", "3")),
    concat!(pfx!("KeyLocation", "int", "3"), pfx!("PFXCertBlob", "chr", "MAMCAQM=")),
);

pub(super) const WS019: Rule = rule(
    "WS019",
    Error,
    "a certificate does not suit the store or its name in it",
    "The value is one certificate in base64 without line breaks, and the node is named after its \
     SHA-1 thumbprint. Roots go to Root, which only the computer has, and intermediates to CA.",
    "<Delete>\n  <Item>\n    <Target><LocURI>./User/Vendor/MSFT/RootCATrustedCertificates/Root/A9993E364706816ABA3E25717850C26C9CD0D89D</LocURI></Target>\n  </Item>\n</Delete>\n",
    "<Delete>\n  <Item>\n    <Target><LocURI>./Device/Vendor/MSFT/RootCATrustedCertificates/Root/A9993E364706816ABA3E25717850C26C9CD0D89D</LocURI></Target>\n  </Item>\n</Delete>\n",
);

pub(super) const WS020: Rule = rule(
    "WS020",
    Warning,
    "SCEP by the deprecated provider",
    "CertificateStore/MY/SCEP is deprecated since Windows 11. Its nodes are partly misspelt, and \
     their formats differ: ClientCertificateInstall has taken its place.",
    leaf!("./Device/Vendor/MSFT/CertificateStore/MY/SCEP/c1/Install/KeyUsage", "int", "160"),
    scep!("KeyUsage", "int", "160"),
);

pub(super) const WS022: Rule = rule(
    "WS022",
    Error,
    "the profile of the network is one that Windows refuses",
    "The profile is XML within the document. Its namespaces are compared letter by letter, its \
     elements have a fixed order, its name is the last segment of the address before WlanXml, and \
     hex is the SSID in hexadecimal.",
    leaf!(
        "./Device/Vendor/MSFT/WiFi/Profile/Office/WlanXml",
        "chr",
        "&lt;WLANProfile xmlns=\"https://www.microsoft.com/networking/WLAN/profile/v1\"&gt;\
         &lt;name&gt;Office&lt;/name&gt;&lt;SSIDConfig&gt;&lt;SSID&gt;&lt;hex&gt;4F6666696365&lt;/hex&gt;\
         &lt;name&gt;Office&lt;/name&gt;&lt;/SSID&gt;&lt;/SSIDConfig&gt;&lt;/WLANProfile&gt;"
    ),
    leaf!(
        "./Device/Vendor/MSFT/WiFi/Profile/Office/WlanXml",
        "chr",
        "&lt;WLANProfile xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v1\"&gt;\
         &lt;name&gt;Office&lt;/name&gt;&lt;SSIDConfig&gt;&lt;SSID&gt;&lt;hex&gt;4F6666696365&lt;/hex&gt;\
         &lt;name&gt;Office&lt;/name&gt;&lt;/SSID&gt;&lt;/SSIDConfig&gt;&lt;/WLANProfile&gt;"
    ),
);

pub(super) const WS025: Rule = Rule {
    target: Target::Fleet,
    ..rule(
        "WS025",
        Error,
        "Fleet does not take this profile",
        "A profile for Fleet is a list of Add and Replace without envelope. One for SCEP holds one \
         certificate under the id $FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID, with one Exec of Enroll, and \
         nothing else.",
        concat!(node!(c1!()), required!(c1!()), exec!(concat!(c1!(), "/Install/Enroll"))),
        concat!(node!(fleet!()), required!(fleet!()), exec!(concat!(fleet!(), "/Install/Enroll"))),
    )
};
