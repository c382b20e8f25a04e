//! The five profiles of the guide, as Fleet's documentation has them.
//!
//! `DEVICECERT_CAPTURES` names the folder; without it there is nothing to look at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::path::Path;

use devicecert_fleet::{
    Context, Destination, Finding, Rules, Server, Severity, Template, Unavailable, Value, check,
};

const CA: &str = "CA_NAME";

fn profiles() -> Option<Vec<(String, String, Destination)>> {
    let Some(folder) = std::env::var_os("DEVICECERT_CAPTURES") else {
        println!("skipped: DEVICECERT_CAPTURES is not set");
        return None;
    };
    let mut profiles = Vec::new();
    for entry in std::fs::read_dir(Path::new(&folder).join("fleet")).expect("a folder fleet") {
        let path = entry.unwrap().path();
        let destination = match path.extension().and_then(|extension| extension.to_str()) {
            Some("mobileconfig") => Destination::AppleProfile,
            Some("xml") => Destination::WindowsProfile,
            _ => continue,
        };
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        profiles.push((name, std::fs::read_to_string(&path).unwrap(), destination));
    }
    profiles.sort();
    let names: Vec<_> = profiles.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "apple_custom_scep_renewal_in_cn",
            "apple_digicert_pkcs12",
            "apple_ndes_scep",
            "apple_smallstep_scep",
            "windows_custom_scep_device_guide_v1",
        ]
    );
    Some(profiles)
}

fn server() -> Server {
    Server::default().digicert(CA).custom_scep(CA).smallstep(CA).ndes()
}

fn messages(findings: &[Finding], severity: Severity) -> Vec<&str> {
    let wanted = findings.iter().filter(|finding| finding.severity == severity);
    wanted.map(|finding| finding.message.as_str()).collect()
}

#[test]
fn by_the_guide_nothing_is_wrong_with_any() {
    for (name, text, destination) in profiles().into_iter().flatten() {
        let findings = check(text.as_bytes(), destination, &server(), Rules::Guide);
        assert!(findings.is_empty(), "{name}: {findings:#?}");
    }
}

#[test]
fn today_the_one_for_windows_is_refused_and_a_mark_in_the_cn_is_warned_of() {
    for (name, text, destination) in profiles().into_iter().flatten() {
        let findings = check(text.as_bytes(), destination, &server(), Rules::Current);
        let (errors, warnings) =
            (messages(&findings, Severity::Error), messages(&findings, Severity::Warning));
        match name.as_str() {
            "windows_custom_scep_device_guide_v1" => assert_eq!(
                errors,
                [
                    "SubjectName item must contain the $FLEET_VAR_CERTIFICATE_RENEWAL_ID variable in \
                     the OU field",
                    "SCEP profile for custom SCEP certificate authority requires: \
                     $FLEET_VAR_CUSTOM_SCEP_CHALLENGE_<CA_NAME>, \
                     $FLEET_VAR_CUSTOM_SCEP_PROXY_URL_<CA_NAME>, and \
                     $FLEET_VAR_CERTIFICATE_RENEWAL_ID variables.",
                ]
            ),
            "apple_custom_scep_renewal_in_cn" => {
                assert_eq!(errors, [""; 0]);
                let said = ["$FLEET_VAR_SCEP_RENEWAL_ID is in the common name (CN)."];
                assert_eq!(warnings, said);
                let place = &findings.first().unwrap().place;
                assert_eq!(
                    (place.line, place.column, place.path.as_deref()),
                    (23, 57, Some("PayloadContent[0].PayloadContent.Subject[0][0][1]"))
                );
            }
            _ => assert!(findings.is_empty(), "{name}: {findings:#?}"),
        }
    }
}

#[test]
fn each_is_a_template_whose_places_are_known() {
    let known = |name: &str| match name {
        "apple_digicert_pkcs12" => vec![
            ("$FLEET_VAR_DIGICERT_PASSWORD_CA_NAME", Context::Xml),
            ("$FLEET_VAR_DIGICERT_DATA_CA_NAME", Context::Base64),
        ],
        "apple_ndes_scep" => vec![
            ("$FLEET_VAR_NDES_SCEP_CHALLENGE", Context::Xml),
            ("$FLEET_VAR_SCEP_RENEWAL_ID", Context::Xml),
            ("$FLEET_VAR_NDES_SCEP_PROXY_URL", Context::Xml),
        ],
        _ => Vec::new(),
    };
    for (name, text, destination) in profiles().into_iter().flatten() {
        let template = Template::compile(&text, destination).unwrap();
        let found: Vec<_> = template
            .contexts()
            .map(|(variable, context)| (variable.to_string(), context))
            .collect();
        for ((wanted, context), found) in known(&name).into_iter().zip(&found) {
            assert_eq!((wanted.to_owned(), context), *found, "{name}");
        }
        if destination == Destination::WindowsProfile {
            let of = |wanted| found.iter().filter(|(_, context)| *context == wanted).count();
            assert_eq!(
                (of(Context::LocUri), of(Context::SubjectName), of(Context::Xml)),
                (10, 1, 2)
            );
        }
    }
}

/// Filled with plain values, nothing but the variables changes, and they are gone.
#[test]
fn plain_values_take_the_place_of_their_variables() {
    for (name, text, destination) in profiles().into_iter().flatten() {
        let template = Template::compile(&text, destination).unwrap();
        let filled = template.fill(|_| Ok::<_, Unavailable>(Value::from("QUJD"))).unwrap();
        let mut expected = text.clone();
        for variable in template.variables() {
            expected = expected.replace(&variable.to_string(), "QUJD");
        }
        // On Windows the value of an attribute gets quotation marks.
        expected = expected.replace("<Data>CN=QUJD</Data>", "<Data>CN=\"QUJD\"</Data>");
        assert_eq!(filled.as_str(), expected, "{name}");
    }
}
