//! Variables in profiles for Windows.

use crate::support::{CURRENT, Certificate, GUIDE, command, node, says, windows};

const MARK: &str =
    "SubjectName item must contain the $FLEET_VAR_CERTIFICATE_RENEWAL_ID variable in the OU field";

#[test]
fn subject_name_without_data() {
    let certificate = Certificate::of_wifi().with("/Install/SubjectName", None);
    says(&windows(&certificate.to_xml(), CURRENT), "SubjectName item is missing data");
    assert_eq!(windows(&certificate.to_xml(), GUIDE), [""; 0]);
}

#[test]
fn subject_name_without_the_renewal_id_in_its_ou() {
    for subject in [
        "CN=$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID",
        "CN=laptop,OU=IT $FLEET_VAR_CERTIFICATE_RENEWAL_ID",
        "CN=laptop,OU=\"$FLEET_VAR_CERTIFICATE_RENEWAL_ID\"",
        "CN=$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
        "CN=laptop,OU= $FLEET_VAR_CERTIFICATE_RENEWAL_ID",
    ] {
        for certificate in [Certificate::of_wifi(), Certificate::of_ndes()] {
            let certificate = certificate.with("/Install/SubjectName", Some(subject));
            says(&windows(&certificate.to_xml(), CURRENT), MARK);
        }
    }
}

#[test]
fn subject_name_with_the_renewal_id_in_every_spelling() {
    for mark in [
        "$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
        "${FLEET_VAR_CERTIFICATE_RENEWAL_ID}",
        "$FLEET_VAR_SCEP_RENEWAL_ID",
        "${FLEET_VAR_SCEP_RENEWAL_ID}",
    ] {
        let subject = format!("CN=laptop,OU={mark}");
        let certificate = Certificate::of_wifi().with("/Install/SubjectName", Some(&subject));
        assert_eq!(windows(&certificate.to_xml(), CURRENT), [""; 0]);
        // In an Atomic the same is looked at.
        let atomic = format!("<Atomic>{}</Atomic>", certificate.to_xml());
        assert_eq!(windows(&atomic, CURRENT), [""; 0]);
    }
}

#[test]
fn ndes_challenge_outside_of_its_field() {
    let certificate =
        Certificate::of_ndes().with("/Install/KeyUsage", Some("$FLEET_VAR_NDES_SCEP_CHALLENGE"));
    let certificate = certificate.with("/Install/Challenge", Some("secret"));
    says(
        &windows(&certificate.to_xml(), CURRENT),
        "Variable \"$FLEET_VAR_NDES_SCEP_CHALLENGE\" must only be in the SCEP certificate's \
         \"Challenge\" field.",
    );
}

#[test]
fn ndes_url_outside_of_its_field() {
    let certificate =
        Certificate::of_ndes().with("/Install/KeyUsage", Some("${FLEET_VAR_NDES_SCEP_PROXY_URL}"));
    says(
        &windows(&certificate.to_xml(), CURRENT),
        "Variable \"$FLEET_VAR_NDES_SCEP_PROXY_URL\" must only be in the SCEP certificate's \
         \"ServerURL\" field.",
    );
}

#[test]
fn ndes_variable_in_an_address() {
    let profile = command("Replace", "./Device/A/$FLEET_VAR_NDES_SCEP_PROXY_URL", Some("1"));
    says(
        &windows(&profile, CURRENT),
        "NDES Fleet variables must not appear in LocURI target paths.",
    );
}

#[test]
fn ndes_challenge_is_not_exactly_the_variable() {
    for challenge in
        ["secret", " $FLEET_VAR_NDES_SCEP_CHALLENGE", "<![CDATA[$FLEET_VAR_NDES_SCEP_CHALLENGE]]>"]
    {
        let certificate = Certificate::of_ndes().with("/Install/Challenge", Some(challenge));
        says(
            &windows(&certificate.to_xml(), CURRENT),
            "Variable \"$FLEET_VAR_NDES_SCEP_CHALLENGE\" must be in the SCEP certificate's \
             \"Challenge\" field.",
        );
    }
}

#[test]
fn ndes_url_is_not_exactly_the_variable() {
    let certificate = Certificate::of_ndes()
        .with("/Install/ServerURL", Some("$FLEET_VAR_NDES_SCEP_PROXY_URL/pkiclient.exe"));
    says(
        &windows(&certificate.to_xml(), CURRENT),
        "Variable \"$FLEET_VAR_NDES_SCEP_PROXY_URL\" must be in the SCEP certificate's \"ServerURL\" \
         field.",
    );
}

#[test]
fn xml_failure() {
    let broken = Certificate::of_wifi().to_xml() + "<Add>";
    says(
        &windows(&broken, CURRENT),
        "The payload isn't valid XML: XML syntax error on line 11: expected an end tag for every \
         element, found no end of \"Add\"",
    );
}

/// The example of the guide has no mark: right in 2025, and refused in 2026.
#[test]
fn the_guide_s_example() {
    let certificate = Certificate::of_wifi()
        .with("/Install/SubjectName", Some("CN=$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID"));
    assert_eq!(windows(&certificate.to_xml(), GUIDE), [""; 0]);
    says(&windows(&certificate.to_xml(), CURRENT), MARK);
}

#[test]
fn digicert_and_smallstep() {
    for name in ["DIGICERT_PASSWORD_DIGI", "SMALLSTEP_SCEP_PROXY_URL_STEP"] {
        let profile =
            command("Replace", &node("/Install/KeyUsage"), Some(&format!("$FLEET_VAR_{name}")));
        says(
            &windows(&profile, CURRENT),
            &format!("Fleet variable $FLEET_VAR_{name} is not supported in Windows profiles."),
        );
    }
}
