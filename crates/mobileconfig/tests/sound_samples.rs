//! Published samples without a mistake, made again here: nothing is found in their structure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::payload::Platform;
use devicecert_mobileconfig::plist::Value;
use devicecert_mobileconfig::rule::{Target, check_bytes};
use devicecert_mobileconfig::{Finding, Limits, Profile, Severity};

/// A payload of this type; the last digits of its UUID are `number`.
fn payload(kind: &str, number: u8, keys: &str) -> String {
    format!(
        "<dict><key>PayloadType</key><string>{kind}</string>{keys}
         <key>PayloadIdentifier</key><string>com.example.profile.{number}</string>
         <key>PayloadUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA3{number:02}</string>
         <key>PayloadVersion</key><integer>1</integer></dict>\n"
    )
}

/// Apple's own sample names a profile `Ignored`, and Fleet's guide has words for UUIDs.
fn profile(uuid: &str, payloads: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict>
         <key>PayloadContent</key><array>{}</array>
         <key>PayloadIdentifier</key><string>com.example.profile</string>
         <key>PayloadType</key><string>Configuration</string>
         <key>PayloadUUID</key><string>{uuid}</string>
         <key>PayloadVersion</key><integer>1</integer></dict></plist>",
        payloads.concat()
    )
}

fn pair(kind: &str, value: &str) -> String {
    format!("<array><array><string>{kind}</string><string>{value}</string></array></array>")
}

fn scep(keys: &str) -> String {
    let content = format!("<key>PayloadContent</key><dict>{keys}</dict>");
    payload("com.apple.security.scep", 1, &content)
}

/// All but what is a matter of taste and safety: sizes, exportable keys, secrets in clear.
fn structure(text: &str, target: &Target) -> Vec<Finding> {
    let mut findings = check_bytes(text.as_bytes(), &Limits::default(), target);
    findings.retain(|finding| !matches!(finding.rule, "AP012" | "AP013" | "AP019"));
    findings
}

fn on(platform: Platform) -> Target {
    Target::default().platform(platform)
}

#[test]
fn the_scep_profiles_of_fleets_guide() {
    let keys = |name: &str, subject: &str| {
        format!(
            "<key>Challenge</key><string>$FLEET_VAR_{name}_SCEP_CHALLENGE</string>
             <key>Key Type</key><string>RSA</string><key>Key Usage</key><integer>5</integer>
             <key>Keysize</key><integer>2048</integer>
             <key>Subject</key><array>{subject}</array>
             <key>URL</key><string>${{FLEET_VAR_{name}_SCEP_PROXY_URL}}</string>"
        )
    };
    let marked = [pair("CN", "%SerialNumber% WIFI"), pair("OU", "$FLEET_VAR_SCEP_RENEWAL_ID")];
    let in_name = [
        pair("CN", "%SerialNumber% WIFI $FLEET_VAR_SCEP_RENEWAL_ID"),
        pair("OU", "FLEET DEVICE MANAGEMENT"),
    ];
    for (name, subject) in [("NDES", &marked), ("SMALLSTEP_CA", &marked), ("CUSTOM_CA", &in_name)] {
        let text = profile("TopPayloadUUID", &[scep(&keys(name, &subject.concat()))]);
        assert_eq!(structure(&text, &on(Platform::MacOs)), [], "{name}");
    }
}

#[test]
fn the_enrolment_of_an_mdm_server() {
    let identity = scep(&format!(
        "<key>URL</key><string>https://mdm.example/scep</string><key>Keysize</key>
         <integer>2048</integer><key>Key Usage</key><integer>5</integer>
         <key>Subject</key><array>{}</array>",
        pair("CN", "mdm-identity"),
    ));
    let mdm = payload(
        "com.apple.mdm",
        2,
        "<key>IdentityCertificateUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA301</string>
         <key>Topic</key><string>com.apple.mgmt.External.1</string>
         <key>ServerURL</key><string>https://mdm.example/mdm</string>
         <key>SignMessage</key><true/><key>CheckOutWhenRemoved</key><true/>
         <key>ServerCapabilities</key>
         <array><string>com.apple.mdm.per-user-connections</string></array>
         <key>AccessRights</key><integer>8191</integer>",
    );
    let text = profile("CEC8C51E-59E4-4A21-8B6A-0F0B7B0F6A11", &[identity, mdm]);
    for platform in [Platform::Ios, Platform::MacOs] {
        assert_eq!(structure(&text, &on(platform)), [], "{platform}");
    }
}

#[test]
fn a_hardware_key_that_is_attested() {
    let acme = payload(
        "com.apple.security.acme",
        1,
        &format!(
            "<key>DirectoryURL</key><string>https://ca.example/acme/directory</string>
             <key>ClientIdentifier</key><string>C02X</string><key>KeySize</key><integer>384</integer>
             <key>KeyType</key><string>ECSECPrimeRandom</string><key>HardwareBound</key><true/>
             <key>Attest</key><true/><key>UsageFlags</key><integer>5</integer>
             <key>ExtendedKeyUsage</key><array><string>1.3.6.1.5.5.7.3.2</string></array>
             <key>Subject</key><array>{}</array>
             <key>SubjectAltName</key><dict>
             <key>dNSName</key><array><string>a.example</string><string>b.example</string></array>
             <key>ntPrincipalName</key><string>ada@example.com</string></dict>",
            pair("CN", "laptop-7"),
        ),
    );
    let text = profile("CEC8C51E-59E4-4A21-8B6A-0F0B7B0F6A11", &[acme]);
    assert_eq!(structure(&text, &on(Platform::Ios)), []);
}

#[test]
fn a_cable_with_eap_tls() {
    let identity = payload(
        "com.apple.security.pkcs12",
        1,
        "<key>PayloadContent</key><data>$FLEET_VAR_DIGICERT_DATA_CA</data>
         <key>Password</key><string>$FLEET_VAR_DIGICERT_PASSWORD_CA</string>",
    );
    let network = payload(
        "com.apple.firstactiveethernet.managed",
        2,
        "<key>Interface</key><string>FirstActiveEthernet</string>
         <key>SetupModes</key><array><string>System</string></array>
         <key>PayloadCertificateUUID</key><string>9DCC35A5-72F9-42B7-9A98-7AD9A9CCA301</string>
         <key>EAPClientConfiguration</key><dict>
         <key>AcceptEAPTypes</key><array><integer>13</integer></array>
         <key>TLSTrustedServerNames</key><array><string>radius.example</string></array></dict>",
    );
    let text = profile("CEC8C51E-59E4-4A21-8B6A-0F0B7B0F6A11", &[identity, network]);
    assert_eq!(structure(&text, &on(Platform::MacOs)), []);
    let found = structure(&text, &on(Platform::Ios));
    assert!(found.iter().any(|one| (one.rule, one.severity) == ("AP016", Severity::Error)));
}

/// Other readers see an empty text here.
#[test]
fn the_text_of_a_cdata_section_is_what_stands_in_it() {
    let keys = "<key>URL</key><string><![CDATA[https://ca.example/?a&b]]></string>";
    let text = profile("CEC8C51E-59E4-4A21-8B6A-0F0B7B0F6A11", &[scep(keys)]);
    let read = Profile::read(text.as_bytes(), &Limits::default()).unwrap();
    let payload = read.payloads().next().unwrap();
    let url = payload.get("PayloadContent").and_then(|content| content.get("URL")).unwrap();
    assert_eq!(url.value(), &Value::from("https://ca.example/?a&b"));
}

#[test]
fn the_vpn_of_an_app_has_keys_of_its_vendor() {
    let keys = "<key>VPNType</key><string>VPN</string>
         <key>VPNSubType</key><string>com.wireguard.ios</string>
         <key>UserDefinedName</key><string>Office</string>
         <key>VendorConfig</key><dict><key>WgQuickConfig</key><string>[Interface]</string></dict>
         <key>VPN</key><dict><key>RemoteAddress</key><string>vpn.example:51820</string>
         <key>AuthenticationMethod</key><string>Password</string></dict>";
    let text = |keys: &str| {
        let payload = payload("com.apple.vpn.managed", 1, keys);
        profile("3D2B1A00-8F0E-4B55-9E93-000000000000", &[payload])
    };
    assert_eq!(structure(&text(keys), &Target::default()), []);
    // What the schema does name is still looked at.
    let wrong = text(&keys.replace("<string>Password</string>", "<string>Passwort</string>"));
    let wrong = structure(&wrong, &Target::default());
    assert_eq!(wrong.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["AP008"]);
}

#[test]
fn the_tunnels_of_an_always_on_vpn_have_the_keys_of_ikev2() {
    let tunnel = "<key>ProtocolType</key><string>IKEv2</string>
         <key>Interfaces</key><array><string>Cellular</string><string>WiFi</string></array>
         <key>RemoteAddress</key><string>vpn.example</string>
         <key>LocalIdentifier</key><string>laptop-7</string>
         <key>RemoteIdentifier</key><string>vpn.example</string>
         <key>AuthenticationMethod</key><string>SharedSecret</string>
         <key>SharedSecret</key><string>$FLEET_SECRET_VPN</string>
         <key>NATKeepAliveInterval</key><integer>20</integer>";
    let keys = format!(
        "<key>VPNType</key><string>AlwaysOn</string>
         <key>UserDefinedName</key><string>Office</string>
         <key>AlwaysOn</key><dict><key>TunnelConfigurations</key>
         <array><dict>{tunnel}</dict></array></dict>"
    );
    let payload = payload("com.apple.vpn.managed", 1, &keys);
    let text = profile("3D2B1A00-8F0E-4B55-9E93-000000000000", &[payload]);
    assert_eq!(structure(&text, &on(Platform::Ios)), []);
}
