//! Documents as they are met in the field, rebuilt, with everything there is to say of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use devicecert_crypto_rust::RustCrypto;
use devicecert_syncml::results::{self, EnrolmentStatus};
use devicecert_syncml::{
    AuthMode, Checks, Content, Document, EapTls, Header, KeyProtection, KeyUsage, Limits,
    Operation, PfxInstall, ScepInstall, Scope, Setting, Severity, Store, SubjectName, Target,
    TrustedCertificate, ValidFor, WifiProfile, WiredProfile, Write, check,
};

const C1: &str = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1";

fn add(uri: &str, format: &str, data: &str) -> String {
    let data = if data.is_empty() { String::new() } else { format!("<Data>{data}</Data>") };
    format!(
        "<Add><Item><Target><LocURI>{uri}</LocURI></Target><Meta><Format xmlns=\"syncml:metinf\">\
         {format}</Format></Meta>{data}</Item></Add>\n"
    )
}

fn exec(uri: &str) -> String {
    format!("<Exec><Item><Target><LocURI>{uri}</LocURI></Target></Item></Exec>\n")
}

/// Severity and rule of every finding, in the order of the text.
fn findings(target: Target, text: &str) -> Vec<String> {
    let findings = Checks::new().target(target).provider(&RustCrypto).run_text(text);
    findings.iter().map(|finding| format!("{} {}", finding.severity, finding.rule)).collect()
}

fn leaf(name: &str, format: &str, data: &str) -> Vec<String> {
    let text = add(&format!("{C1}/Install/{name}"), format, data);
    let known = ["WS009", "WS024"];
    let all = findings(Target::Device, &text);
    all.into_iter().filter(|finding| !known.iter().any(|rule| finding.ends_with(rule))).collect()
}

/// Everything that Fleet's guide asks for, with a key and a hash of old.
fn fleet_guide(key_length: &str, hash: &str, end: &str) -> String {
    let base =
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/$FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID";
    let settings = [
        ("KeyUsage", "int", "160"),
        ("KeyLength", "int", key_length),
        ("HashAlgorithm", "chr", hash),
        (
            "SubjectName",
            "chr",
            "CN=$FLEET_VAR_HOST_HARDWARE_SERIAL WIFI,OU=$FLEET_VAR_SCEP_RENEWAL_ID",
        ),
        ("EKUMapping", "chr", "1.3.6.1.5.5.7.3.2"),
        ("ServerURL", "chr", "$FLEET_VAR_CUSTOM_SCEP_PROXY_URL_WIFI"),
        ("Challenge", "chr", "$FLEET_VAR_CUSTOM_SCEP_CHALLENGE_WIFI"),
        ("CAThumbprint", "chr", "2133EC6A3CFB8418837BB395188D1A62CA2B96A6"),
    ];
    let settings =
        settings.map(|(name, format, data)| add(&format!("{base}/Install/{name}"), format, data));
    format!("{}{}{end}", add(base, "node", ""), settings.concat())
}

#[test]
fn a_profile_as_in_the_guide_of_fleet() {
    let enroll = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/\
        ${FLEET_VAR_SCEP_WINDOWS_CERTIFICATE_ID}/Install/Enroll";
    let plain = enroll.replace("${", "$").replace("ID}", "ID");
    let text = fleet_guide("1024", "SHA-1", &exec(&plain));
    let expected = ["warning WS017", "warning WS017"];
    assert_eq!(findings(Target::Fleet, &text), expected);
    assert_eq!(findings(Target::Device, &text), expected);
    assert_eq!(findings(Target::Fleet, &fleet_guide("2048", "SHA-2", &exec(&plain))), [""; 0]);
    // Cut off before its Exec, as a stored copy was.
    let cut = fleet_guide("2048", "SHA256", "");
    assert_eq!(findings(Target::Device, &cut), ["error WS009", "warning WS017"]);
    assert_eq!(findings(Target::Fleet, &cut), ["error WS009", "error WS025", "warning WS017"]);
    // A root beside the certificate, and the declaration of XML.
    let root = "./Device/Vendor/MSFT/RootCATrustedCertificates/Root/A/EncodedCertificate";
    let more = format!("<?xml version=\"1.0\"?>{text}{}", add(root, "b64", "$FLEET_SECRET_ROOT"));
    let found = findings(Target::Fleet, &more);
    assert_eq!(found, ["error WS025", "warning WS017", "warning WS017", "error WS025"]);
}

#[test]
fn a_sample_of_the_documentation_with_a_tag_that_is_none() {
    let text = "<SyncML>\n<Atomic>\n<Add>\n<LocURI>./SCEP/<InsertUniqueIDHere></LocURI></Add></Atomic></SyncML>";
    let found = Checks::new().run_text(text);
    assert_eq!((found.len(), found[0].rule, found[0].place.line), (1, "WS001", 4));
}

#[test]
fn a_message_without_header_and_with_ids_twice() {
    let text = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncBody>\
        <Get><CmdID>301</CmdID><Item><Target><LocURI>./Vendor/MSFT/WiFi/Profile</LocURI></Target></Item></Get>\
        <Delete><CmdID>301</CmdID><Item><Target><LocURI>./Vendor/MSFT/WiFi/Profile/a</LocURI></Target></Item></Delete>\
        <Delete><CmdID>313$</CmdID><Item><Target><LocURI>./Vendor/MSFT/WiFi/Profile/b</LocURI></Target></Item></Delete>\
        <Final/></SyncBody></SyncML>";
    assert_eq!(findings(Target::Device, text), ["error WS002", "error WS003", "warning WS003"]);
}

#[test]
fn a_thumbprint_of_32_digits() {
    assert_eq!(leaf("CAThumbprint", "chr", "0123456789ABCDEF0123456789ABCDEF"), ["error WS014"]);
}

#[test]
fn items_in_another_order() {
    let uri = "./Vendor/MSFT/WiFi/Profile/a/ProxyWPAD";
    let item = |inside: &str| format!("<Add><Item>{inside}</Item></Add>");
    let target = format!("<Target><LocURI>{uri}</LocURI></Target>");
    let meta = "<Meta><Format xmlns=\"syncml:metinf\">bool</Format></Meta>";
    let data = "<Data>true</Data>";
    assert_eq!(findings(Target::Device, &item(&format!("{target}{meta}{data}"))), [""; 0]);
    assert_eq!(
        findings(Target::Device, &item(&format!("{meta}{target}{data}"))),
        ["warning WS004"]
    );
    assert_eq!(findings(Target::Device, &item(&format!("{target}{data}{meta}"))), ["error WS004"]);
    let bare = meta.replace(" xmlns=\"syncml:metinf\"", "");
    assert_eq!(
        findings(Target::Device, &item(&format!("{target}{bare}{data}"))),
        ["warning WS004"]
    );
    let prefixed = "<Meta xmlns:A=\"syncml:metinf\"><A:Format>bool</A:Format></Meta>";
    assert_eq!(findings(Target::Device, &item(&format!("{target}{prefixed}{data}"))), [""; 0]);
}

#[test]
fn subjects() {
    for (text, rdns, values) in [
        (
            "CN=\"user+idp@example.com NDES Device Cert\",O=Fleet QA",
            2,
            "user+idp@example.com NDES Device Cert",
        ),
        ("CN=\"Evil\"\", CN=admin\"", 1, "Evil\", CN=admin"),
        ("CN=a; O=b", 2, "a"),
        ("OID.2.5.4.5=1+cn = x ", 1, "x"),
    ] {
        let name: SubjectName = text.parse().unwrap();
        assert_eq!((name.rdns().count(), name.value("CN")), (rdns, Some(values)), "{text}");
        assert_eq!(name, name.to_string().parse().unwrap());
    }
    // Variables stay as they are, quotation marks of their own included.
    for text in ["$Department$", "CN=\"{{.User \"name\"}}\",O=b", "CN=$FLEET_VAR_HOST_UUID x"] {
        assert_eq!(text.parse::<SubjectName>().unwrap().to_string(), text);
    }
    let wide = format!("$AB{{{{{}=}}}}", " ".repeat(260));
    for text in ["C={{\0}}", "C={{\r}}", &wide] {
        assert!(text.parse::<SubjectName>().is_err(), "{text:?}");
    }
    let none: [&str; 0] = [];
    assert_eq!(leaf("SubjectName", "chr", "CN=\"Evil\"\", CN=admin\""), none);
    assert_eq!(leaf("SubjectName", "chr", "CN=a\\+b"), ["warning WS012", "error WS012"]);
    for (text, expected) in [
        ("CN=a\"b c\"", vec!["error WS012"]),
        ("CN=user+idp@example.com", vec!["error WS012"]),
        ("CN=a,", vec!["error WS012"]),
        ("=a", vec!["error WS012"]),
        ("FOO=a", vec!["error WS012"]),
        ("CN=a=b", vec!["error WS012"]),
        ("/C=US/CN=a", vec!["error WS012"]),
        ("CN=\"/C=US/O=ABCEnterprise/CN=foo\"", vec!["warning WS012"]),
        ("O=a", vec!["warning WS012"]),
        ("CN={{UserName}}", vec!["warning WS012"]),
        ("CN=\"{{UserName}}\"", vec![]),
        ("CN=${FLEET_VAR_HOST_UUID} managementAttestation", vec![]),
        ("{{OnPrem_Distinguished_Name}}", vec![]),
        ("CN=%SerialNumber%", vec!["warning WS012"]),
        (
            "CN=a,OU=0123456789012345678901234567890123456789012345678901234567890123x",
            vec!["warning WS012"],
        ),
    ] {
        assert_eq!(leaf("SubjectName", "chr", text), expected, "{text}");
    }
}

#[test]
fn challenges_alternative_names_and_numbers() {
    let none: [&str; 0] = [];
    for ok in ["abc+/=", "pa ss:(1)", "$FLEET_VAR_NDES_SCEP_CHALLENGE", "{{challenge}}"] {
        assert_eq!(leaf("Challenge", "chr", ok), none, "{ok}");
    }
    for bad in ["abc_def", "a@b", "a*b", "pa$word", "é", "a#"] {
        assert_eq!(leaf("Challenge", "chr", bad), ["error WS011"], "{bad}");
    }
    let names = "SubjectAlternativeNames";
    assert_eq!(leaf(names, "chr", "11+tom@MyDomain.Contoso.com;3+MyDomain.Contoso.com"), none);
    assert_eq!(leaf(names, "chr", "11+{{UserPrincipalName}};2+a+b@example.com"), none);
    assert_eq!(leaf(names, "chr", "12+x;11+;upn=tom"), ["error WS013"; 3]);
    for (value, expected) in [
        ("160", None),
        ("128", None),
        ("32", None),
        ("5", Some("160")),
        ("0", Some("160")),
        ("1", Some("128")),
        ("256", Some("160")),
    ] {
        let text = add(&format!("{C1}/Install/KeyUsage"), "int", value);
        let found = Checks::new().run_text(&text);
        let found = found.iter().find(|finding| finding.rule == "WS015");
        assert_eq!(found.map(|finding| finding.instead.as_deref()), expected.map(Some), "{value}");
    }
    assert_eq!(leaf("KeyUsage", "int", "0xA0"), ["warning WS015"]);
    assert_eq!(leaf("RetryCount", "int", "31"), ["warning WS008"]);
    assert_eq!(leaf("RetryDelay", "int", "0"), ["warning WS008"]);
    assert_eq!(leaf("ValidPeriodUnits", "int", "Days"), ["advice WS026", "error WS008"]);
    assert_eq!(leaf("Status", "int", "1"), ["error WS005"]);
    assert_eq!(KeyUsage::from_apple(4).value(), 32);
}

#[test]
fn what_the_builders_write_has_nothing_to_find() {
    let none: [&str; 0] = [];
    let root = RootCertificate::der();
    let roots = |scope, store| {
        let trusted = TrustedCertificate::new(scope, store, &root, &RustCrypto).unwrap();
        (trusted.thumbprint(), trusted.operation(Write::Add).unwrap())
    };
    let (thumbprint, root_operation) = roots(Scope::Device, Store::Root);
    assert!(TrustedCertificate::new(Scope::User, Store::Root, &root, &RustCrypto).is_err());

    let mut scep = ScepInstall::new(
        Scope::Device,
        "c1",
        "https://ca.example/scep",
        "CN=\"Doe, Jane\",O=Example".parse().unwrap(),
        thumbprint,
    );
    scep.challenge = "$FLEET_VAR_NDES_SCEP_CHALLENGE".into();
    scep.key_protection = Some(KeyProtection::TpmIfPresent);
    scep.retry_delay = Some(core::time::Duration::from_secs(10));
    scep.retry_count = Some(30);
    scep.valid_for = Some(ValidFor::Years(1));
    let mut pfx = PfxInstall::from_setting(
        Scope::Device,
        "p1",
        Setting::placeholder("$FLEET_SECRET_PFX").unwrap(),
    );
    pfx.password = "$FLEET_SECRET_PASSWORD".into();
    let mut eap = EapTls::new([thumbprint]).server_name("radius.example").mode(AuthMode::User);
    eap.issuers.push(thumbprint);
    let wifi = WifiProfile::new(Scope::Device, "Café 5/6 & more", eap.clone());
    let wired = WiredProfile::new(Scope::Device, eap);

    let scep_operations = scep.operations(Write::Add).unwrap();
    assert!(
        scep_operations
            .iter()
            .any(|operation| format!("{operation:?}").ends_with("/Install/RetryDelay"))
    );
    let header = Header {
        session_id: "1".into(),
        msg_id: 2,
        target: "urn:uuid:1".into(),
        source: "https://mdm.example/".into(),
    };
    let mut operations = vec![
        root_operation,
        Operation::atomic(scep_operations),
        Operation::atomic(pfx.operations(Write::Add).unwrap()),
        wifi.operation(Write::Add).unwrap(),
        wifi.removal().unwrap(),
        pfx.removal().unwrap(),
        scep.removal().unwrap(),
    ];
    operations.extend(wired.operations(Write::Add).unwrap());
    operations.extend(scep.query().unwrap());
    operations.extend(pfx.query().unwrap());
    let message = Document::message(&header, &operations).unwrap();
    assert_eq!(findings(Target::Device, &message.to_xml()), none, "{}", message.to_xml());
    assert!(message.to_xml().contains("<Data>1</Data>"), "ten seconds are a minute");

    // Other stores, and a certificate under the name of another.
    let (_, other) = roots(Scope::User, Store::Intermediate);
    let fragment = Document::fragment(&[other]).unwrap().to_xml();
    assert_eq!(findings(Target::Device, &fragment), ["warning WS019"]);
    let renamed = fragment.replace(&thumbprint.to_string(), &"0".repeat(40));
    assert_eq!(findings(Target::Device, &renamed), ["error WS019", "warning WS019"]);
}

/// A self-signed CA, made here.
struct RootCertificate;

impl RootCertificate {
    fn der() -> Vec<u8> {
        use devicecert_pki::{CertificateParams, KeyKind, Signer, Time, Validity};
        let key = devicecert_crypto_rust::PrivateKey::generate(KeyKind::P256).unwrap();
        let year = core::time::Duration::from_secs(365 * 86_400);
        let validity = Validity::lasting(Time::from_unix(1_800_000_000), year);
        let name = "CN=Root".parse().unwrap();
        let ca =
            CertificateParams::ca(name, key.public_key().clone(), validity, &RustCrypto).unwrap();
        ca.unsigned(key.public_key()).unwrap().sign(&key).unwrap().as_der().to_vec()
    }
}

#[test]
fn wlan_profiles() {
    let uri = "./Device/Vendor/MSFT/WiFi/Profile/Office/WlanXml";
    let good = WifiProfile::new(Scope::Device, "Office", EapTls::new([])).to_xml().unwrap();
    let found = |xml: &str| {
        let cdata = add(uri, "chr", &format!("<![CDATA[{xml}]]>"));
        let document = Document::read(&cdata, &Limits::default()).unwrap();
        let escaped = document.to_xml();
        assert_eq!(findings(Target::Device, &cdata), findings(Target::Device, &escaped));
        for finding in check(&document) {
            assert!(cdata.get(finding.place.span).is_some());
        }
        findings(Target::Device, &cdata)
    };
    // Nobody is trusted: the server is not checked.
    assert_eq!(found(&good), ["warning WS022"; 2]);
    let errors = |xml: &str| found(xml).iter().filter(|found| *found == "error WS022").count();
    assert_eq!(
        errors(&good.replace("<name>Office</name><SSIDConfig>", "<name>Other</name><SSIDConfig>")),
        1
    );
    assert_eq!(errors(&good.replace("<hex>4F", "<hex>50")), 1);
    assert_eq!(
        errors(&good.replace(
            "http://www.microsoft.com/networking/OneX",
            "https://www.microsoft.com/networking/OneX"
        )),
        1
    );
    assert_eq!(errors(&good.replace("<useOneX>true", "<useOneX>false")), 1);
    assert_eq!(errors(&good.replace("WPA2<", "WPA2PSK<")), 1);
    assert_eq!(
        errors(&good.replace(
            "<connectionType>ESS</connectionType><connectionMode>auto</connectionMode>",
            "<connectionMode>auto</connectionMode><connectionType>ESS</connectionType>"
        )),
        1
    );
    assert_eq!(errors("<WLANProfile>"), 1);
    assert_eq!(errors(&format!("<?xml version=\"1.0\" encoding=\"US-ASCII\"?>{good}")), 0);
}

#[test]
fn answers_of_a_device() {
    let node = "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/w1";
    let result = |id: u8, leaf: &str, data: &str| {
        format!(
            "<Results><CmdID>{id}</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Item><Source><LocURI>{node}/{leaf}</LocURI></Source><Data>{data}</Data></Item></Results>"
        )
    };
    let text = format!(
        "<Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>2</CmdRef><Cmd>Get</Cmd><Data>200</Data></Status>{}{}{}",
        result(3, "Status", "16"),
        result(4, "ErrorCode", "-2145844748"),
        result(5, "CertThumbprint", "")
    );
    let document = Document::read(&text, &Limits::default()).unwrap();
    assert!(results::statuses(&document)[0].code.unwrap().is_success());
    let report = &results::reports(&document)[0];
    assert_eq!((report.id.as_str(), report.status), ("w1", Some(EnrolmentStatus::Failed)));
    assert_eq!(
        report.error.unwrap().to_string(),
        "0x801901F4 HTTP 500: the server failed, or refused the challenge in its way"
    );
    assert!(!report.is_installed());
    assert_eq!(
        "-2146885628".parse::<results::HResult>().unwrap().symbol(),
        Some("CRYPT_E_NOT_FOUND")
    );
    assert!(check(&document).iter().all(|finding| finding.severity != Severity::Error));
}

#[test]
fn secrets_are_not_printed() {
    let node = C1.parse().unwrap();
    let operation = Operation::add(node, Content::chr("hunter2"));
    let document = Document::fragment(std::slice::from_ref(&operation)).unwrap();
    assert!(!format!("{operation:?}{document:?}").contains("hunter2"));
}
