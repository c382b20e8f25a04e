//! Profiles, and what is said of them.

use devicecert_fleet::{Check, Destination, Finding, Rules, Server, Severity};

pub(crate) const GUIDE: Rules = Rules::Guide;
pub(crate) const CURRENT: Rules = Rules::Current;

pub(crate) const OU_MARK: &str = "$FLEET_VAR_SCEP_RENEWAL_ID";

pub(crate) fn server() -> Server {
    Server::default()
        .digicert("DIGI")
        .custom_scep("WIFI")
        .custom_scep("VPN")
        .smallstep("STEP")
        .smallstep("OTHER")
        .ndes()
}

pub(crate) fn find(profile: &str, destination: Destination, rules: Rules) -> Vec<Finding> {
    Check::new(&server(), rules).run(profile.as_bytes(), destination)
}

/// The errors in a profile for Apple devices.
pub(crate) fn apple(profile: &str, rules: Rules) -> Vec<String> {
    errors(find(profile, Destination::AppleProfile, rules))
}

/// The errors in a profile for Windows.
pub(crate) fn windows(profile: &str, rules: Rules) -> Vec<String> {
    errors(find(profile, Destination::WindowsProfile, rules))
}

pub(crate) fn errors(findings: Vec<Finding>) -> Vec<String> {
    let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.message).collect()
}

/// That a text is among what was said.
#[track_caller]
pub(crate) fn says(said: &[String], text: &str) {
    assert!(said.iter().any(|said| said == text), "not said: {text}\nbut: {said:#?}");
}

/// A profile of Apple with these payloads.
pub(crate) fn profile(payloads: &str) -> String {
    format!(
        "<plist version=\"1.0\"><dict><key>PayloadContent</key><array>{payloads}</array></dict></plist>"
    )
}

pub(crate) fn payload(kind: &str, content: &str) -> String {
    format!("<dict><key>PayloadType</key><string>{kind}</string>{content}</dict>")
}

/// A SCEP payload with pairs of the subject.
pub(crate) fn scep_payload(challenge: &str, url: &str, subject: &[(&str, &str)]) -> String {
    let subject: String = subject
        .iter()
        .map(|(key, value)| {
            format!("<array><array><string>{key}</string><string>{value}</string></array></array>")
        })
        .collect();
    payload(
        "com.apple.security.scep",
        &format!(
            "<key>PayloadContent</key><dict><key>Challenge</key><string>{challenge}</string>\
             <key>URL</key><string>{url}</string><key>Subject</key><array>{subject}</array></dict>"
        ),
    )
}

/// A profile with a SCEP payload, and this as OU of its subject.
pub(crate) fn scep(challenge: &str, url: &str, ou: &str) -> String {
    profile(&scep_payload(challenge, url, &[("CN", "laptop"), ("OU", ou)]))
}

pub(crate) fn pkcs12_payload(content: &str, password: &str) -> String {
    payload(
        "com.apple.security.pkcs12",
        &format!(
            "<key>PayloadContent</key>{content}<key>Password</key><string>{password}</string>"
        ),
    )
}

/// A profile with a PKCS #12 payload.
pub(crate) fn pkcs12(data: &str, password: &str) -> String {
    profile(&pkcs12_payload(&format!("<data>{data}</data>"), password))
}

const BASE: &str =
    "/Vendor/MSFT/ClientCertificateInstall/SCEP/$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID";

/// The address of a node of the certificate.
pub(crate) fn node(leaf: &str) -> String {
    format!("./Device{BASE}{leaf}")
}

pub(crate) fn command(verb: &str, loc_uri: &str, data: Option<&str>) -> String {
    let data = data.map(|data| format!("<Data>{data}</Data>")).unwrap_or_default();
    format!("<{verb}><Item><Target><LocURI>{loc_uri}</LocURI></Target>{data}</Item></{verb}>\n")
}

/// A SCEP profile for Windows.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) nodes: Vec<(String, Option<String>)>,
    pub(crate) execs: Vec<String>,
}

impl Certificate {
    pub(crate) fn new(subject: &str, challenge: &str, url: &str) -> Self {
        let leaves = [
            ("", None),
            ("/Install/KeyUsage", Some("160")),
            ("/Install/KeyLength", Some("2048")),
            ("/Install/HashAlgorithm", Some("SHA-2")),
            ("/Install/SubjectName", Some(subject)),
            ("/Install/EKUMapping", Some("1.3.6.1.5.5.7.3.2")),
            ("/Install/ServerURL", Some(url)),
            ("/Install/Challenge", Some(challenge)),
            ("/Install/CAThumbprint", Some("2133EC6A3CFB8418837BB395188D1A62CA2B96A6")),
        ];
        let nodes = leaves.map(|(leaf, data)| (node(leaf), data.map(str::to_owned)));
        Self { nodes: nodes.into(), execs: vec![node("/Install/Enroll")] }
    }

    /// With the variables of a SCEP CA and a mark.
    pub(crate) fn of_wifi() -> Self {
        Self::new(
            "CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
            "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI",
            "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI",
        )
    }

    /// With the variables of NDES and a mark.
    pub(crate) fn of_ndes() -> Self {
        Self::new(
            "CN=laptop,OU=$FLEET_VAR_CERTIFICATE_RENEWAL_ID",
            "$FLEET_VAR_NDES_SCEP_CHALLENGE",
            "$FLEET_VAR_NDES_SCEP_PROXY_URL",
        )
    }

    /// Changes the data of a node.
    pub(crate) fn with(mut self, leaf: &str, data: Option<&str>) -> Self {
        let node = node(leaf);
        let found = self.nodes.iter_mut().find(|(loc_uri, _)| *loc_uri == node);
        found.expect("a node").1 = data.map(str::to_owned);
        self
    }

    pub(crate) fn without(mut self, leaf: &str) -> Self {
        let node = node(leaf);
        self.nodes.retain(|(loc_uri, _)| *loc_uri != node);
        self
    }

    pub(crate) fn to_xml(&self) -> String {
        let nodes =
            self.nodes.iter().map(|(loc_uri, data)| command("Add", loc_uri, data.as_deref()));
        let execs = self.execs.iter().map(|loc_uri| command("Exec", loc_uri, None));
        nodes.chain(execs).collect()
    }
}
