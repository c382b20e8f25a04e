//! SyncML that we write, read by `xmllint` and by Python's `xml.etree`, which is expat.

use std::time::Duration;

use devicecert::syncml::{
    AuthMode, Document, EapTls, Header, KeyProtection, Operation, PfxInstall, ScepInstall, Scope,
    Setting, Thumbprint, ValidFor, WifiProfile, WifiSecurity, WiredProfile, Write, check,
};
use devicecert_interop::peer::{Need, Peer};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Failure, Lab, Outcome, Tool};

static XMLLINT: Peer = Peer { name: "xmllint", needs: &[Need::Program("xmllint")] };
static ETREE: Peer = Peer { name: "etree", needs: &[Need::Program("python3")] };

/// Prints LocURI and data of every item, each quoted, and the network of every profile in them.
const VALUES: &str = "import sys, xml.etree.ElementTree as tree
S, M = '{SYNCML:SYNCML1.2}', '{syncml:metinf}'
for item in tree.parse(sys.argv[1]).getroot().iter(S + 'Item'):
    data, form = item.find(S + 'Data'), item.find(S + 'Meta/' + M + 'Format')
    text = None if data is None else data.text or ''
    print(ascii(item.find(S + 'Target/' + S + 'LocURI').text), form is not None and form.text)
    print(ascii(text))
    if text and text.startswith('<'):
        print(ascii([name.text for name in tree.fromstring(text).iter() if name.tag.endswith('}name')]))";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, write) in [("add", Write::Add), ("replace", Write::Replace)] {
        let what = format!("our SyncML with {name}: is well-formed, and so are the profiles in it");
        cases.push(case(&XMLLINT, format!("syncml_{name}"), what, move |lab| {
            is_well_formed(lab, write)
        }));
    }
    let what = "reads every address and value of our SyncML as it was meant";
    cases.push(case(&ETREE, "syncml_values", what, values));
    cases
}

const NETWORK: &str = "Büro & <Lab> \"7\"";

fn wifi() -> Outcome<WifiProfile> {
    let thumbprint: Thumbprint = "A9993E364706816ABA3E25717850C26C9CD0D89D".parse()?;
    let eap = EapTls::new([thumbprint]).server_name("radius.example").mode(AuthMode::User);
    let mut wifi = WifiProfile::new(Scope::Device, NETWORK, eap);
    wifi.security = WifiSecurity::Wpa3Enterprise;
    Ok(wifi)
}

/// Everything that the builders write.
fn operations(write: Write) -> Outcome<Vec<Operation>> {
    let thumbprint: Thumbprint = "A9993E364706816ABA3E25717850C26C9CD0D89D".parse()?;
    let mut scep = ScepInstall::new(
        Scope::Device,
        "{a} & <b>",
        "https://ca.example/scep/a&b",
        "CN=\"Doe, Jane & \"\"co\"\"\",O=<Example>".parse()?,
        thumbprint,
    );
    scep.challenge = "$CHALLENGE".into();
    scep.key_protection = Some(KeyProtection::TpmIfPresent);
    scep.retry_delay = Some(Duration::from_secs(90));
    scep.valid_for = Some(ValidFor::Years(1));
    let mut pfx = PfxInstall::from_setting(Scope::Device, "p1", Setting::placeholder("$PFX")?);
    pfx.password = "$PASSWORD".into();
    let eap = EapTls::new([thumbprint]).server_name("radius.example");
    let mut operations = vec![
        Operation::atomic(scep.operations(write)?),
        Operation::atomic(pfx.operations(write)?),
        wifi()?.operation(write)?,
    ];
    operations.extend(WiredProfile::new(Scope::Device, eap).operations(write)?);
    operations.extend(scep.query()?);
    operations.push(scep.removal()?);
    Ok(operations)
}

fn message(write: Write) -> Outcome<Document> {
    let header = Header {
        session_id: "1".into(),
        msg_id: 2,
        target: "urn:uuid:1".into(),
        source: "https://mdm.example/?a=b&c=d".into(),
    };
    let message = Document::message(&header, &operations(write)?)?;
    // Access and order are for our own rules: no other program knows them.
    let findings = check(&message);
    match findings.iter().find(|finding| finding.severity > devicecert::syncml::Severity::Advice) {
        Some(finding) => Err(Failure::from(finding.to_string())),
        None => Ok(message),
    }
}

fn lint(lab: &Lab, name: &str, text: &str) -> Outcome {
    let file = lab.write(name, text)?;
    Tool::new("xmllint").args(["--noout", "--nonet"]).arg(file).run(lab)?.ok()?;
    Ok(())
}

fn is_well_formed(lab: &Lab, write: Write) -> Outcome {
    lint(lab, "message.xml", &message(write)?.to_xml())?;
    // A fragment has no root of its own.
    let fragment = Document::fragment(&operations(write)?)?.to_xml();
    lint(lab, "fragment.xml", &format!("<root>{fragment}</root>"))?;
    lint(lab, "wlan.xml", &wifi()?.to_xml()?)
}

fn values(lab: &Lab) -> Outcome {
    let message = message(Write::Add)?;
    let file = lab.write("message.xml", message.to_xml())?;
    let read = Tool::new("python3").args(["-c", VALUES]).arg(file).run(lab)?.ok()?.text();
    let network = ascii(NETWORK);
    let wanted = [
        "'./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/%7Ba%7D%20%26%20%3Cb%3E' node",
        "Install/ServerURL' chr\n'https://ca.example/scep/a&b'\n",
        "Install/SubjectName' chr\n'CN=\"Doe, Jane & \"\"co\"\"\",O=\"<Example>\"'\n",
        "Install/RetryDelay' int\n'2'\n",
        "PFXCertInstall/p1/PFXCertBlob' chr\n'$PFX'\n",
        &format!("['{network}', '{network}']"),
    ];
    match wanted.iter().find(|wanted| !read.contains(**wanted)) {
        Some(missing) => Err(format!("no {missing:?} in:\n{read}").into()),
        None => Ok(()),
    }
}

/// As Python prints it.
fn ascii(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\x{:02x}", u32::from(c)) })
        .collect()
}
