//! The five profiles of Fleet's guide to certificates, of late 2025.
//!
//! `DEVICECERT_CAPTURES` names the folder; without it every test here is ignored.

use std::path::{Path, PathBuf};

use devicecert::fleet::{
    Context, Destination, Finding, Rules, Server, Severity, Template, Unavailable, Value, check,
};
use devicecert_interop::peer::{Need, Peer};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome};

use crate::readers::{Kind, compare, lint};
use crate::sample::ODD;

static GUIDE: Peer = Peer { name: "guide", needs: &[Need::Captures] };
static PLISTLIB: Peer =
    Peer { name: "guide-plistlib", needs: &[Need::Captures, Need::Program("python3")] };
static ETREE: Peer =
    Peer { name: "guide-etree", needs: &[Need::Captures, Need::Program("python3")] };
static XMLLINT: Peer =
    Peer { name: "guide-xmllint", needs: &[Need::Captures, Need::Program("xmllint")] };

const CA: &str = "CA_NAME";

const DIGICERT: &str = "apple_digicert_pkcs12.mobileconfig";
const NDES: &str = "apple_ndes_scep.mobileconfig";
const SMALLSTEP: &str = "apple_smallstep_scep.mobileconfig";
const CUSTOM: &str = "apple_custom_scep_renewal_in_cn.mobileconfig";
const WINDOWS: &str = "windows_custom_scep_device_guide_v1.xml";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case(
            &GUIDE,
            "by_the_guide",
            "by the guide nothing is wrong with any profile",
            by_the_guide,
        ),
        case(&GUIDE, "today", "today one is refused, one is warned of, three are fine", today),
        case(&GUIDE, "contexts", "the place of every variable is known", contexts),
        case(&GUIDE, "plain", "only the variables change", plain),
    ];
    for name in [DIGICERT, NDES, SMALLSTEP, CUSTOM, WINDOWS] {
        let windows = name == WINDOWS;
        let kind = if windows { Kind::SyncMl } else { Kind::Plist };
        let peer = if windows { &ETREE } else { &PLISTLIB };
        let what = format!("reads in {name} what was filled in");
        cases.push(case(peer, name, what, move |lab| compare(lab, &read(name)?, kind, ODD)));
        let what = format!("{name}, filled, is well-formed");
        cases.push(case(&XMLLINT, name, what, move |lab| lint(lab, &read(name)?, kind, ODD)));
    }
    cases
}

fn read(name: &str) -> Outcome<String> {
    let folder = std::env::var_os("DEVICECERT_CAPTURES").map(PathBuf::from);
    let folder = folder.ok_or("DEVICECERT_CAPTURES is not set")?;
    Ok(std::fs::read_to_string(folder.join("fleet").join(name))?)
}

fn all() -> Outcome<Vec<(&'static str, String, Destination)>> {
    let destination = |name: &str| match Path::new(name).extension() {
        Some(extension) if extension == "xml" => Destination::WindowsProfile,
        _ => Destination::AppleProfile,
    };
    let names = [DIGICERT, NDES, SMALLSTEP, CUSTOM, WINDOWS];
    names.into_iter().map(|name| Ok((name, read(name)?, destination(name)))).collect()
}

fn server() -> Server {
    Server::default().digicert(CA).custom_scep(CA).smallstep(CA).ndes()
}

fn messages(findings: &[Finding], severity: Severity) -> Vec<&str> {
    let wanted = findings.iter().filter(|finding| finding.severity == severity);
    wanted.map(|finding| finding.message.as_str()).collect()
}

fn by_the_guide(_: &Lab) -> Outcome {
    for (name, text, destination) in all()? {
        let findings = check(text.as_bytes(), destination, &server(), Rules::Guide);
        assert!(findings.is_empty(), "{name}: {findings:#?}");
    }
    Ok(())
}

fn today(_: &Lab) -> Outcome {
    for (name, text, destination) in all()? {
        let findings = check(text.as_bytes(), destination, &server(), Rules::Current);
        let errors = messages(&findings, Severity::Error);
        match name {
            WINDOWS => assert_eq!(
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
            CUSTOM => {
                assert_eq!(errors, [""; 0]);
                let said = ["$FLEET_VAR_SCEP_RENEWAL_ID is in the common name (CN)."];
                assert_eq!(messages(&findings, Severity::Warning), said);
                let place = &findings[0].place;
                assert_eq!(
                    (place.line, place.column, place.path.as_deref()),
                    (23, 57, Some("PayloadContent[0].PayloadContent.Subject[0][0][1]"))
                );
            }
            _ => assert!(findings.is_empty(), "{name}: {findings:#?}"),
        }
    }
    Ok(())
}

fn contexts(_: &Lab) -> Outcome {
    let of = |name: &str, destination| -> Outcome<Vec<(String, Context)>> {
        let template = Template::compile(&read(name)?, destination)?;
        Ok(template.contexts().map(|(found, context)| (found.to_string(), context)).collect())
    };
    let expected = |pairs: &[(&str, Context)]| -> Vec<(String, Context)> {
        pairs.iter().map(|(name, context)| ((*name).to_owned(), *context)).collect()
    };
    assert_eq!(
        of(DIGICERT, Destination::AppleProfile)?,
        expected(&[
            ("$FLEET_VAR_DIGICERT_PASSWORD_CA_NAME", Context::Xml),
            ("$FLEET_VAR_DIGICERT_DATA_CA_NAME", Context::Base64),
        ])
    );
    assert_eq!(
        of(NDES, Destination::AppleProfile)?,
        expected(&[
            ("$FLEET_VAR_NDES_SCEP_CHALLENGE", Context::Xml),
            ("$FLEET_VAR_SCEP_RENEWAL_ID", Context::Xml),
            ("$FLEET_VAR_NDES_SCEP_PROXY_URL", Context::Xml),
        ])
    );
    let windows = of(WINDOWS, Destination::WindowsProfile)?;
    let count = |wanted| windows.iter().filter(|(_, context)| *context == wanted).count();
    assert_eq!(
        (count(Context::LocUri), count(Context::SubjectName), count(Context::Xml)),
        (10, 1, 2)
    );
    Ok(())
}

fn plain(_: &Lab) -> Outcome {
    for (name, text, destination) in all()? {
        let template = Template::compile(&text, destination)?;
        let filled = template.fill(|_| Ok::<_, Unavailable>(Value::from("QUJD")))?;
        let mut expected = text;
        for variable in template.variables() {
            expected = expected.replace(&variable.to_string(), "QUJD");
        }
        // On Windows the value of an attribute gets quotation marks.
        expected = expected.replace("<Data>CN=QUJD</Data>", "<Data>CN=\"QUJD\"</Data>");
        assert_eq!(filled.as_str(), expected, "{name}");
    }
    Ok(())
}
