//! Documents of Microsoft's documentation and of Windows 11's declared configuration, made again
//! here with their oddities.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeSet;

use devicecert_syncml::{
    AltNameType, AltNames, Checks, Document, KeyUsage, Limits, NotAThumbprint, Thumbprint, check,
};

const INSTALL: &str = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install";

/// Severity and rule of everything that is found, each once.
fn found(text: &str) -> BTreeSet<String> {
    let findings = Checks::new().run_text(text);
    findings.iter().map(|finding| format!("{} {}", finding.severity, finding.rule)).collect()
}

fn set(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(ToString::to_string).collect()
}

fn add(id: &str, leaf: &str, format: &str, data: &str) -> String {
    let slash = if leaf.is_empty() { "" } else { "/Install/" };
    let uri = INSTALL.strip_suffix("/Install").unwrap();
    format!(
        "<Add><CmdID>{id}</CmdID><Item><Target><LocURI>{uri}{slash}{leaf}</LocURI></Target>\
         <Meta><Format xmlns=\"syncml:metinf\">{format}</Format></Meta>{data}</Item></Add>\n"
    )
}

/// The sample of the page about ClientCertificateInstall, made well-formed: no header, a
/// thumbprint of 32 digits, a short key and SHA-1.
#[test]
fn the_sample_of_the_documentation() {
    let value = |id: &str, leaf: &str, format: &str, data: &str| {
        add(id, leaf, format, &format!("<Data>{data}</Data>"))
    };
    let commands = [
        add("302", "", "node", ""),
        value("303", "ServerURL", "chr", "https://ca.example/certsrv/mscep"),
        value("304", "Challenge", "chr", "$CHALLENGE"),
        value("305", "EKUMapping", "chr", "1.3.6.1.5.5.7.3.2"),
        value("306", "KeyUsage", "int", "32"),
        value("307", "SubjectName", "chr", "CN=AnnaLee,OU=Example"),
        value("308", "KeyLength", "int", "1024"),
        value("309", "HashAlgorithm", "chr", "SHA-1"),
        value("310", "CAThumbprint", "chr", "0123456789ABCDEF0123456789ABCDEF"),
        value(
            "311",
            "SubjectAlternativeNames",
            "chr",
            "11+tom@MyDomain.Contoso.com;3+MyDomain.Contoso.com",
        ),
    ];
    let text = format!(
        "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncBody><Atomic><CmdID>301</CmdID>{}<Exec>\
         <CmdID>313</CmdID><Item><Target><LocURI>{INSTALL}/Enroll</LocURI></Target></Item></Exec>\
         </Atomic><Final/></SyncBody></SyncML>",
        commands.concat()
    );
    assert_eq!(found(&text), set(&["error WS002", "error WS014", "warning WS017"]));
    let unnumbered = text.replace("<CmdID>301</CmdID>", "").replace("313<", "313$<");
    assert_eq!(
        found(&unnumbered),
        set(&["error WS002", "error WS003", "warning WS003", "error WS014", "warning WS017"])
    );
}

/// Another version of SyncML, no header, Meta before Target and without a namespace, and a whole
/// document in the data.
#[test]
fn a_declared_configuration_document() {
    let text = "<SyncML xmlns=\"SYNCML:SYNCML1.1\"><SyncBody><Replace><CmdID>14</CmdID><Item>\
        <Meta><Format>chr</Format><Type>text/plain</Type></Meta><Target><LocURI>./Device/Vendor/\
        MSFT/DeclaredConfiguration/Host/BulkTemplate/Documents/1/Document</LocURI></Target><Data>\
        <![CDATA[<?xml version=\"1.0\" encoding=\"utf-8\"?><DeclaredConfiguration/>]]></Data></Item>\
        </Replace></SyncBody></SyncML>";
    assert_eq!(found(text), set(&["error WS002", "warning WS004"]));
}

#[test]
fn the_answer_to_it_without_a_namespace_and_with_an_empty_header() {
    let text = "<SyncML><SyncHdr/><SyncBody><Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>2\
        </CmdRef><Cmd>Get</Cmd><Data>200</Data></Status><Final/></SyncBody></SyncML>";
    let findings = Checks::new().run_text(text);
    let header = findings.iter().filter(|finding| finding.rule == "WS002").count();
    assert!(header >= 2, "the namespace, and what a header needs: {findings:#?}");
}

/// Ids twice and one that is a word, a method in other letters, one that does not exist, and a
/// node in the place of another.
#[test]
fn a_vpn_profile_numbered_by_hand() {
    let add = |id: &str, leaf: &str, data: &str| {
        format!(
            "<Add><CmdID>{id}</CmdID><Item><Target><LocURI>./Vendor/MSFT/VPNv2/VPNProfileName/\
             NativeProfile/{leaf}</LocURI></Target><Meta><Format xmlns=\"syncml:metinf\">chr\
             </Format></Meta><Data>{data}</Data></Item></Add>"
        )
    };
    let text = [
        add("10004", "Authentication/UserMethod", "Eap"),
        add("10004", "Authentication/MachineMethod", "Eap"),
        add("10005", "Authentication/CryptographySuite/PfsGroup", "PFS2048"),
        add("Group14", "CryptographySuite/DHGroup", "Group14"),
    ]
    .concat();
    let expected = ["error WS003", "warning WS003", "error WS005", "error WS008"];
    assert_eq!(found(&text), set(&expected));
    let findings = Checks::new().run_text(&text);
    let method = findings.iter().find(|finding| finding.rule == "WS008").unwrap();
    assert_eq!(method.instead.as_deref(), Some("EAP"));
    // A tunnel of the computer is none of the user.
    let text = "<Add><Item><Target><LocURI>./User/Vendor/MSFT/VPNv2/a/DeviceTunnel</LocURI>\
        </Target><Meta><Format xmlns=\"syncml:metinf\">bool</Format></Meta><Data>true</Data></Item>\
        </Add>";
    assert_eq!(found(text), set(&["error WS005"]));
}

/// A profile may have another name than its network.
#[test]
fn the_name_of_a_wireless_profile_is_not_that_of_the_network() {
    let wlan = |name: &str| {
        format!(
            "<Add><Item><Target><LocURI>./Vendor/MSFT/WiFi/Profile/{name}/WlanXml</LocURI></Target>\
             <Meta><Format xmlns=\"syncml:metinf\">chr</Format></Meta><Data><![CDATA[\
             <WLANProfile xmlns=\"http://www.microsoft.com/networking/WLAN/profile/v1\">\
             <name>Lab</name><SSIDConfig><SSID><name>Building 7</name></SSID></SSIDConfig>\
             <connectionType>ESS</connectionType><connectionMode>auto</connectionMode><MSM><security>\
             <authEncryption><authentication>WPA2PSK</authentication><encryption>AES</encryption>\
             <useOneX>false</useOneX></authEncryption></security></MSM></WLANProfile>]]></Data>\
             </Item></Add>"
        )
    };
    assert_eq!(found(&wlan("Lab")), set(&[]));
    assert_eq!(found(&wlan("Building%207")), set(&["error WS022"]));
}

#[test]
fn a_thumbprint_of_64_digits_is_of_another_digest() {
    let digits = "0123456789ABCDEF".repeat(4);
    let text = add("1", "CAThumbprint", "chr", &format!("<Data>{digits}</Data>"));
    let document = Document::read(&text, &Limits::default()).unwrap();
    let findings = check(&document);
    let thumbprint = findings.iter().find(|finding| finding.rule == "WS014").unwrap();
    let told = thumbprint.to_string();
    assert!(told.contains("SHA-256") && told.contains("SHA-1"), "{told}");
    assert!(matches!(
        digits.parse::<Thumbprint>(),
        Err(NotAThumbprint::OtherDigest { octets: 32, .. })
    ));
}

/// Apple's 1 is signing and 4 encryption; Windows counts the bits from the other end.
#[test]
fn apples_key_usage_in_the_bits_of_windows() {
    for (apple, windows) in [(5, 160), (1, 128), (4, 32), (0, 0)] {
        assert_eq!(KeyUsage::from_apple(apple).value(), windows);
        assert_eq!(KeyUsage::from_apple(apple).to_apple(), apple);
    }
}

#[test]
fn alternative_names_of_the_documentation() {
    let names = AltNames::parse("11+tom@MyDomain.Contoso.com;3+MyDomain.Contoso.com").unwrap();
    let read: Vec<_> = names.iter().map(|name| (name.kind, name.value.as_str())).collect();
    let expected = [
        (AltNameType::UPN, "tom@MyDomain.Contoso.com"),
        (AltNameType::DNS, "MyDomain.Contoso.com"),
    ];
    assert_eq!(read, expected);
}
