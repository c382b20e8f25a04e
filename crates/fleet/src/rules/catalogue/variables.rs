//! Which variables there are, and which go together.

use super::{Configured, Example, GUIDE, Rule};
use crate::variable::Destination;

pub(in crate::rules) static FL001: Rule = Rule::fleet(
    "FL001",
    "Every variable is one that Fleet fills in such a profile",
    "Fleet refuses the profile; what is no variable would reach the device as it is written",
    &[
        Example::apple(payload!(
            "com.apple.wifi.managed",
            "<key>SSID_STR</key><string>$FLEET_VAR_HOST_SERIAL</string>"
        )),
        Example::windows(set!("./Device/A", "$FLEET_VAR_DIGICERT_PASSWORD_DIGI")),
        Example::apple(scep!(
            "$FLEET_VAR_CUSTOM_SCEP_PASSWORD_WIFI",
            "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
            "laptop",
            "$FLEET_VAR_SCEP_RENEWAL_ID"
        )),
    ],
);
pub(in crate::rules) static FL002: Rule = Rule::fleet(
    "FL002",
    "Every CA that a variable names is configured",
    "Fleet refuses the profile: names are compared letter by letter, and each kind of CA has its own",
    &[Example::apple(pkcs12!(
        "$FLEET_VAR_DIGICERT_DATA_Digi",
        "$FLEET_VAR_DIGICERT_PASSWORD_Digi"
    ))],
);
pub(in crate::rules) static FL003: Rule = Rule::fleet(
    "FL003",
    "A variable of a CA stands in the profile once",
    "Fleet refuses the profile: every use would cost another challenge or certificate",
    &[Example::apple(scep!(
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_NDES_SCEP_PROXY_URL",
        "${FLEET_VAR_NDES_SCEP_CHALLENGE}",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))],
);
pub(in crate::rules) static FL004: Rule = Rule::fleet(
    "FL004",
    "The licence includes the variables",
    "Fleet answers with status 402: variables of CAs, and all on Windows, are premium",
    &[Example::windows(set!("./Device/A", "$FLEET_VAR_HOST_UUID"))
        .server(Configured::WithoutLicense)],
);
pub(in crate::rules) static FL005: Rule = Rule::fleet(
    "FL005",
    "Every secret is on the server",
    "Fleet refuses the profile: there is nothing to fill in",
    &[Example::windows(set!("./Device/A", "$FLEET_SECRET_PIN ${FLEET_SECRET_PUK}"))
        .server(Configured::WithSecrets)],
);
pub(in crate::rules) static FL006: Rule = Rule::fleet(
    "FL006",
    "A declaration has no variables but secrets",
    "Fleet refuses the declaration",
    &[Example::of(Destination::AppleDeclaration, r#"{"Payload": "$FLEET_VAR_HOST_UUID"}"#)],
);
pub(in crate::rules) static FL010: Rule = Rule::fleet(
    "FL010",
    "A DigiCert CA has data and password in the profile",
    "Fleet refuses the profile: neither is of use without the other",
    &[
        Example::apple(pkcs12!("$FLEET_VAR_DIGICERT_DATA_DIGI", "secret")),
        Example::apple(pkcs12!("QUJD", "$FLEET_VAR_DIGICERT_PASSWORD_DIGI")),
    ],
);
pub(in crate::rules) static FL011: Rule = Rule::fleet(
    "FL011",
    "A SCEP CA has challenge, address and renewal id in the profile",
    "Fleet refuses the profile: without the renewal id it never learns of the certificate",
    &[
        Example::apple(scep!("secret", "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI", "laptop", "IT")),
        Example::windows(of_wifi!("CN=laptop", enroll!())),
        Example::windows(certificate!(
            "CN=laptop",
            "secret",
            "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
            enroll!()
        ))
        .guide(),
    ],
);
pub(in crate::rules) static FL012: Rule = Rule::fleet(
    "FL012",
    "Challenge and address are of the same SCEP CA",
    "Fleet refuses the profile: a CA does not take the challenge of another",
    &[Example::apple(scep!(
        "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI",
        "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_VPN",
        "laptop",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))],
);
pub(in crate::rules) static FL013: Rule = Rule::fleet(
    "FL013",
    "NDES has challenge, address and renewal id in the profile",
    "Fleet refuses the profile: without the renewal id it never learns of the certificate",
    &[
        Example::apple(scep!(
            "$FLEET_VAR_NDES_SCEP_CHALLENGE",
            "$FLEET_VAR_NDES_SCEP_PROXY_URL",
            "laptop",
            "IT"
        )),
        Example::apple(scep!(
            "secret",
            "$FLEET_VAR_NDES_SCEP_PROXY_URL",
            "laptop",
            "$FLEET_VAR_SCEP_RENEWAL_ID"
        ))
        .guide(),
    ],
);
pub(in crate::rules) static FL014: Rule = Rule::fleet(
    "FL014",
    "A Smallstep CA has challenge, address and renewal id in the profile",
    "Fleet refuses the profile: without the renewal id it never learns of the certificate",
    &[Example::apple(scep!(
        "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
        "https://ca.example",
        "laptop",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))],
);
pub(in crate::rules) static FL015: Rule = Rule::fleet(
    "FL015",
    "Challenge and address are of the same Smallstep CA",
    "Fleet refuses the profile: a CA does not take the challenge of another",
    &[Example::apple(scep!(
        "$FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_STEP",
        "$FLEET_VAR_SMALLSTEP_SCEP_PROXY_URL_Step",
        "laptop",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))],
);
pub(in crate::rules) static FL016: Rule = Rule::fleet(
    "FL016",
    "The renewal id stands beside challenge and address of a CA",
    "Fleet refused the profile before 4.86: it renewed only what it had relayed",
    &[Example::apple(scep!(
        "secret",
        "https://ca.example",
        "laptop",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))
    .guide()],
)
.only_in(GUIDE);
pub(in crate::rules) static FL017: Rule = Rule::fleet(
    "FL017",
    "The renewal id stands in the profile once",
    "Fleet refuses the profile, with a text that says something else",
    &[Example::apple(scep!(
        "$FLEET_VAR_NDES_SCEP_CHALLENGE",
        "$FLEET_VAR_NDES_SCEP_PROXY_URL",
        "$FLEET_VAR_SCEP_RENEWAL_ID",
        "$FLEET_VAR_SCEP_RENEWAL_ID"
    ))],
);
