//! What Fleet takes, and a device, a CA or a careful administrator does not.

use super::{CURRENT, Configured, Example, Rule};
use crate::finding::Severity::{Error, Warning};

pub(in crate::rules) static FL060: Rule = Rule::beyond(
    "FL060",
    Error,
    "A variable of a CA is all of the text of its element",
    "Fleet leaves it as it is, and the device gets the name of the variable",
    &[Example::windows(of_wifi!(
        "CN=$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_VPN,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
        enroll!()
    ))],
);
pub(in crate::rules) static FL061: Rule = Rule::beyond(
    "FL061",
    Error,
    "A variable of a CA stands in no CDATA section",
    "Fleet leaves it as it is, and the device gets the name of the variable",
    &[Example::windows(certificate!(
        "CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
        "<![CDATA[$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI]]>",
        "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
        enroll!()
    ))],
);
pub(in crate::rules) static FL062: Rule = Rule::beyond(
    "FL062",
    Warning,
    "No variable stands in a comment",
    "Fleet counts it like any other, and fills it in: a secret would be sent without being used",
    &[Example::windows(concat!("<!-- $FLEET_SECRET_PSK -->\n", set!("./Device/A", "1")))],
);
pub(in crate::rules) static FL063: Rule = Rule::beyond(
    "FL063",
    Error,
    "Variables stand in the text of elements that hold text of the administrator",
    "a value there could change what the profile says, or Fleet cannot read the profile",
    &[
        Example::windows("<Replace a=\"$FLEET_VAR_HOST_UUID\"/>"),
        Example::apple(payload!(
            "com.apple.wifi.managed",
            "<key>a</key><real>$FLEET_VAR_HOST_UUID</real>"
        )),
    ],
);
pub(in crate::rules) static FL064: Rule = Rule::beyond(
    "FL064",
    Warning,
    "What looks like a variable is one",
    "nothing is filled in, and the device gets what is written",
    &[Example::windows(set!(
        "./Device/A",
        "${FLEET_VAR_HOST_UUID $FLEET_HOST_VITAL_x $fleet_var_host_uuid"
    ))],
);
pub(in crate::rules) static FL065: Rule = Rule::beyond(
    "FL065",
    Warning,
    "NDES is configured before a profile uses it",
    "Fleet takes the profile, and it fails on every host with this text",
    &[Example::apple(scep!(
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_NDES_SCEP_PROXY_URL",
        "laptop",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))
    .server(Configured::WithoutNdes)],
);
pub(in crate::rules) static FL066: Rule = Rule::beyond(
    "FL066",
    Error,
    "Common name and organizational unit have at most 64 characters",
    "RFC 5280 A.1 bounds them, and NDES and most CAs refuse the request; the renewal id takes 43, \
     which leaves 21",
    &[
        Example::apple(scep!(
            "$FLEET_VAR_NDES_SCEP_CHALLENGE",
            "$FLEET_VAR_NDES_SCEP_PROXY_URL",
            "laptop",
            "Example Corporation IT $FLEET_VAR_SCEP_RENEWAL_ID"
        )),
        Example::windows(of_wifi!(
            "CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID Example Corporation IT",
            enroll!()
        )),
    ],
);
pub(in crate::rules) static FL067: Rule = Rule::beyond(
    "FL067",
    Warning,
    "The renewal id stands in the OU",
    "Fleet finds it in the common name as well, for profiles of before 4.76; who looks for the \
     device by its common name does not",
    &[Example::apple(scep!(
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_NDES_SCEP_PROXY_URL",
        "laptop $FLEET_VAR_SCEP_RENEWAL_ID",
        "IT"
    ))],
)
.only_in(CURRENT);
pub(in crate::rules) static FL068: Rule = Rule::beyond(
    "FL068",
    Error,
    "A value with , + or ; in it stands between quotation marks",
    "Windows takes it for the end of the attribute, and refuses what follows; enrolment fails \
     before a request is made",
    &[Example::windows(of_wifi!(
        "CN=user+laptop@example.com,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
        enroll!()
    ))],
);
pub(in crate::rules) static FL069: Rule = Rule::beyond(
    "FL069",
    Error,
    "A challenge for Windows has letters, digits, blanks and ' ( ) + , - . / : = ? only",
    "Windows sends it as PrintableString: the profile is taken, and the enrolment fails with \
     CRYPT_E_INVALID_PRINTABLE_STRING",
    &[Example::windows(certificate!(
        "CN=laptop",
        "pass_word",
        "https://ca.example/scep",
        enroll!()
    ))],
);
pub(in crate::rules) static FL070: Rule = Rule::beyond(
    "FL070",
    Warning,
    "A challenge for Windows is written as it is",
    "Microsoft's documentation asks for base64, but the device sends it as it stands, and the CA \
     compares that",
    &[Example::windows(certificate!(
        "CN=laptop",
        "cGFzc3dvcmQ=",
        "https://ca.example/scep",
        enroll!()
    ))],
);
pub(in crate::rules) static FL071: Rule = Rule::beyond(
    "FL071",
    Error,
    "No profile asks for what Fleet keeps for itself",
    "Fleet fills it in when a command is delivered: a recovery password would be in the profile",
    &[Example::windows(set!("./Device/A", "$FLEET_HOST_SECRET_RECOVERY_LOCK_PASSWORD"))],
);
pub(in crate::rules) static FL072: Rule = Rule::beyond(
    "FL072",
    Error,
    "In a subject for Windows a variable stands for a value, or is part of one",
    "whoever chooses the value would choose the attributes of the subject",
    &[Example::windows(of_wifi!(
        "$FLEET_SECRET_SUBJECT,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
        enroll!()
    ))],
);
