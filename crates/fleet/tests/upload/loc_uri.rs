//! The addresses in a SCEP profile for Windows.

use crate::support::{CURRENT, Certificate, GUIDE, command, node, says, windows};

const ONLY: &str = "Only options that have <LocURI> starting with \"ClientCertificateInstall/SCEP/\" \
    can be added to SCEP profile.";

const ROOT: &str = "./Device/Vendor/MSFT/RootCATrustedCertificates/Root/A/EncodedCertificate";

#[test]
fn required_leaves_and_no_others() {
    for rules in [GUIDE, CURRENT] {
        let certificate = match rules {
            GUIDE => Certificate::of_wifi().with("/Install/SubjectName", Some("CN=laptop")),
            CURRENT => Certificate::of_wifi(),
        };
        assert_eq!(windows(&certificate.to_xml(), rules), [""; 0]);
    }
}

#[test]
fn a_required_leaf_is_missing() {
    for leaf in [
        "",
        "/Install/CAThumbprint",
        "/Install/Challenge",
        "/Install/EKUMapping",
        "/Install/HashAlgorithm",
        "/Install/KeyLength",
        "/Install/KeyUsage",
        "/Install/ServerURL",
        "/Install/SubjectName",
    ] {
        says(
            &windows(&Certificate::of_wifi().without(leaf).to_xml(), CURRENT),
            &format!(
                "\"ClientCertificateInstall/SCEP/$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID{leaf}\" is \
                 missing. Please add and try again."
            ),
        );
    }
}

#[test]
fn optional_leaves() {
    for leaf in [
        "AADKeyIdentifierList",
        "ContainerName",
        "CustomTextToShowInPrompt",
        "KeyProtection",
        "RetryCount",
        "RetryDelay",
        "SubjectAlternativeNames",
        "TemplateName",
        "ValidPeriod",
        "ValidPeriodUnits",
    ] {
        let more = command("Add", &node(&format!("/Install/{leaf}")), Some("1"));
        assert_eq!(windows(&(more + &Certificate::of_wifi().to_xml()), CURRENT), [""; 0], "{leaf}");
    }
}

#[test]
fn no_variable_behind_scep() {
    let other = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/wifi/Install/KeyLength";
    says(
        &windows(&command("Add", other, Some("2048")), CURRENT),
        "You must use \"$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID\" after \
         \"ClientCertificateInstall/SCEP/\".",
    );
}

#[test]
fn braces() {
    let braced = Certificate::of_wifi().to_xml().replace(
        "$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID",
        "${FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID}",
    );
    assert_eq!(windows(&braced, CURRENT), [""; 0]);
}

#[test]
fn white_space_around_an_address() {
    let spaced = Certificate::of_wifi().to_xml().replace("<LocURI>", "<LocURI>\n  ");
    assert_eq!(windows(&spaced, CURRENT), [""; 0]);
}

#[test]
fn mixed_scopes() {
    let mut certificate = Certificate::of_wifi();
    certificate.execs = vec![node("/Install/Enroll").replace("./Device", "./User")];
    says(
        &windows(&certificate.to_xml(), CURRENT),
        "All <LocURI> elements in the SCEP profile must start either with \"./Device\" or \"./User\".",
    );
    // In 2025 there was none of the user's.
    says(&windows(&certificate.to_xml(), GUIDE), ONLY);
}

#[test]
fn of_the_user() {
    let user = Certificate::of_wifi().to_xml().replace("./Device", "./User");
    assert_eq!(windows(&user, CURRENT), [""; 0]);
}

#[test]
fn exec_in_another_profile() {
    assert_eq!(
        windows(&command("Exec", "./Device/Vendor/CustomExecTargetLocURI", None), CURRENT),
        ["Only SCEP profiles can include <Exec> elements."]
    );
}

#[test]
fn enroll_is_missing() {
    let text = "\"ClientCertificateInstall/SCEP/$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID/Install/Enroll\" \
         must be included within <Exec>. Please add and try again.";
    let mut certificate = Certificate::of_wifi();
    certificate.execs.clear();
    assert_eq!(windows(&certificate.to_xml(), CURRENT), [text]);
    // With another verb it does not count.
    let added = certificate.to_xml() + &command("Add", &node("/Install/Enroll"), None);
    says(&windows(&added, CURRENT), text);
}

#[test]
fn more_than_one_exec() {
    let mut certificate = Certificate::of_wifi();
    certificate.execs.push(node("/Install/Enroll"));
    says(
        &windows(&certificate.to_xml(), CURRENT),
        "SCEP profiles must include exactly one <Exec> element.",
    );
}

#[test]
fn another_address() {
    let root = command("Replace", ROOT, Some("MII="));
    assert_eq!(windows(&(Certificate::of_wifi().to_xml() + &root), CURRENT), [ONLY]);
}

#[test]
fn an_unknown_leaf() {
    let more = command("Add", &node("/Install/Unknown"), Some("1"));
    assert_eq!(windows(&(Certificate::of_wifi().to_xml() + &more), CURRENT), [ONLY]);
}

#[test]
fn a_leaf_twice() {
    let more = command("Replace", &node("/Install/KeyLength"), Some("4096"));
    assert_eq!(windows(&(Certificate::of_wifi().to_xml() + &more), CURRENT), [ONLY]);
}

/// Fleet fails with an internal error here.
#[test]
fn another_address_first() {
    let root = command("Replace", ROOT, Some("MII="));
    for rules in [GUIDE, CURRENT] {
        says(&windows(&(root.clone() + &Certificate::of_wifi().to_xml()), rules), ONLY);
    }
}

#[test]
fn add_and_replace_are_not_told_apart() {
    let replaced = Certificate::of_wifi().to_xml().replace("Add>", "Replace>");
    assert_eq!(windows(&replaced, CURRENT), [""; 0]);
}
