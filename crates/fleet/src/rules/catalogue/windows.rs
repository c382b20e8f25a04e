//! Profiles for Windows devices.

use super::{CURRENT, Configured, Example, Rule};

pub(in crate::rules) static FL030: Rule = Rule::fleet(
    "FL030",
    "The file is XML without processing instructions",
    "Fleet refuses the profile; it takes the XML declaration for a processing instruction",
    &[
        Example::windows(" "),
        Example::windows("<Replace><Item></Replace>"),
        Example::windows("<?xml version=\"1.0\"?><Replace/>"),
    ],
)
.prefixed();
pub(in crate::rules) static FL031: Rule = Rule::fleet(
    "FL031",
    "Outermost are Replace and Add, and Exec for SCEP, or one Atomic",
    "Fleet refuses the profile: it makes the message around them itself",
    &[Example::windows("<Get/>"), Example::windows("<Add/><Atomic/>")],
)
.prefixed();
pub(in crate::rules) static FL032: Rule = Rule::fleet(
    "FL032",
    "An Atomic has everything in it",
    "Fleet refuses the profile",
    &[Example::windows("<Atomic/><Add/>")],
)
.prefixed();
pub(in crate::rules) static FL033: Rule = Rule::fleet(
    "FL033",
    "In an Atomic are Replace and Add, and Exec for SCEP",
    "Fleet refuses the profile",
    &[Example::windows("<Atomic><Get/></Atomic>")],
)
.prefixed();
pub(in crate::rules) static FL034: Rule = Rule::fleet(
    "FL034",
    "Disk encryption is left to Fleet",
    "Fleet refuses the profile: two would write the same settings",
    &[Example::windows(set!("./Device/Vendor/MSFT/BitLocker/RequireDeviceEncryption", "1"))],
)
.continued("To control these settings use disk encryption endpoint.");
pub(in crate::rules) static FL035: Rule = Rule::fleet(
    "FL035",
    "Updates are left to Fleet",
    "Fleet refuses the profile: two would write the same settings",
    &[Example::windows(set!("./Vendor/MSFT/Policy/Config/Update/AllowAutoUpdate", "1"))],
)
.prefixed();
pub(in crate::rules) static FL036: Rule = Rule::fleet(
    "FL036",
    "The profile has a name that Fleet does not use for its own",
    "Fleet refuses the profile; its name is that of the file",
    &[Example::windows(set!("./Device/A", "1")).server(Configured::Named("Windows OS Updates"))],
)
.prefixed();
pub(in crate::rules) static FL037: Rule = Rule::fleet(
    "FL037",
    "The subject is not empty",
    "Fleet refuses the profile: there is no subject to look for the renewal id in",
    &[Example::windows(concat!(
        "<Add><Item><Target><LocURI>",
        node!("/Install/SubjectName"),
        "</LocURI></Target></Item></Add>\n",
        add!("/Install/Challenge", "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI")
    ))],
)
.only_in(CURRENT);
pub(in crate::rules) static FL038: Rule = Rule::fleet(
    "FL038",
    "The renewal id is what the OU of the subject begins with",
    "Fleet refuses the profile: it finds the certificate by this, and by nothing else",
    &[
        Example::windows(of_wifi!("CN=laptop", enroll!())),
        Example::windows(of_wifi!("CN=laptop,OU=IT $FLEET_VAR_SCEP_RENEWAL_ID", enroll!())),
    ],
)
.only_in(CURRENT);
pub(in crate::rules) static FL039: Rule = Rule::fleet(
    "FL039",
    "Challenge and address of NDES stand where they belong",
    "Fleet refuses the profile: a one-time password elsewhere would be for anybody to read",
    &[Example::windows(certificate!(
        "CN=$FLEET_VAR_NDES_SCEP_CHALLENGE,OU=$FLEET_VAR_SCEP_RENEWAL_ID",
        "secret",
        "$FLEET_VAR_NDES_SCEP_PROXY_URL",
        enroll!()
    ))],
)
.only_in(CURRENT);
pub(in crate::rules) static FL040: Rule = Rule::fleet(
    "FL040",
    "No address has a variable of NDES in it",
    "Fleet refuses the profile: addresses are written into logs",
    &[Example::windows(set!("./Device/A/$FLEET_VAR_NDES_SCEP_CHALLENGE", "1"))],
)
.only_in(CURRENT);
pub(in crate::rules) static FL041: Rule = Rule::fleet(
    "FL041",
    "Challenge and address are the variables of NDES and nothing else",
    "Fleet refuses the profile: NDES would refuse anything but its password",
    &[Example::windows(certificate!(
        "CN=laptop,OU=$FLEET_VAR_SCEP_RENEWAL_ID",
        "<![CDATA[$FLEET_VAR_NDES_SCEP_CHALLENGE]]>",
        "$FLEET_VAR_NDES_SCEP_PROXY_URL",
        enroll!()
    ))],
)
.only_in(CURRENT);
pub(in crate::rules) static FL042: Rule = Rule::fleet(
    "FL042",
    "A profile with variables for SCEP is XML",
    "Fleet refuses the profile",
    &[Example::windows("<Add><Data>$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI</Add>")],
);
pub(in crate::rules) static FL043: Rule = Rule::fleet(
    "FL043",
    "The id of a SCEP certificate is the variable for it",
    "Fleet refuses the profile: it knows its certificates by the UUID of the profile",
    &[Example::windows(set!(
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/wifi/Install/KeyLength",
        "2048"
    ))],
)
.prefixed();
pub(in crate::rules) static FL044: Rule = Rule::fleet(
    "FL044",
    "A certificate belongs to the device or to the user",
    "Fleet refuses the profile: these are two places on the device",
    &[Example::windows(concat!(
        of_wifi!("CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID", ""),
        "<Exec><Item><Target><LocURI>./User/Vendor/MSFT/ClientCertificateInstall/SCEP/",
        "$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID/Install/Enroll</LocURI></Target></Item></Exec>"
    ))],
)
.only_in(CURRENT)
.prefixed();
pub(in crate::rules) static FL045: Rule = Rule::fleet(
    "FL045",
    "Exec stands in SCEP profiles only",
    "Fleet refuses the profile",
    &[Example::windows(
        "<Exec><Item><Target><LocURI>./Device/Vendor/MSFT/Reboot/RebootNow</LocURI></Target></Item></Exec>",
    )],
)
.prefixed();
pub(in crate::rules) static FL046: Rule = Rule::fleet(
    "FL046",
    "Enroll is run with Exec",
    "Fleet refuses the profile: nothing would happen on the device",
    &[Example::windows(of_wifi!("CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID", ""))],
)
.prefixed();
pub(in crate::rules) static FL047: Rule = Rule::fleet(
    "FL047",
    "There is one Exec",
    "Fleet refuses the profile: one Enroll makes one certificate",
    &[Example::windows(of_wifi!(
        "CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
        concat!(enroll!(), "\n", enroll!())
    ))],
)
.prefixed();
pub(in crate::rules) static FL048: Rule = Rule::fleet(
    "FL048",
    "A SCEP profile has the known settings of its certificate, each once, and nothing else",
    "Fleet refuses the profile, or fails with an internal error if the other setting comes first",
    &[
        Example::windows(concat!(
            set!(
                "./Device/Vendor/MSFT/RootCATrustedCertificates/Root/A/EncodedCertificate",
                "MII="
            ),
            "\n",
            of_wifi!("CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID", enroll!())
        )),
        Example::windows(concat!(
            of_wifi!("CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID", enroll!()),
            add!("/Install/KeyLength", "4096")
        )),
    ],
)
.prefixed();
pub(in crate::rules) static FL049: Rule = Rule::fleet(
    "FL049",
    "A SCEP profile has every setting that Fleet asks for",
    "Fleet refuses the profile: Windows would not start the enrolment",
    &[Example::windows(concat!(
        add!("/Install/SubjectName", "CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID"),
        add!("/Install/Challenge", "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI"),
        add!("/Install/ServerURL", "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI"),
        enroll!()
    ))],
)
.prefixed();
