//! What was filled in is what is read: by Python's `plistlib` and `xml.etree`, and by `xmllint`.

use devicecert::fleet::{Destination, Fixed, OfCa, Template, Unavailable, Value, Variable};
use devicecert_interop::peer::{Need, Peer};
use devicecert_interop::suite::{Case, case};
use devicecert_interop::{Lab, Outcome, Tool};

use crate::sample::{APPLE, BRACKETS, ODD, POLICIES, WINDOWS};

static PLISTLIB: Peer = Peer { name: "plistlib", needs: &[Need::Program("python3")] };
static ETREE: Peer = Peer { name: "etree", needs: &[Need::Program("python3")] };
static XMLLINT: Peer = Peer { name: "xmllint", needs: &[Need::Program("xmllint")] };

/// Reads two filled profiles: one with the values of a host, one with tokens in their places. With
/// the values put in for the tokens after reading, both have to be the same: every value is where
/// it belongs, to the letter, and nothing else has changed.
const COMPARE: &str = r#"
import json, plistlib, sys
import xml.etree.ElementTree as etree

kind, odd, plain, values = sys.argv[1:5]
values = json.load(open(values, encoding='utf-8'))
used = set()

def put_in(text, quoted=False):
    for token, value in values:
        if token in text:
            used.add(token)
            text = text.replace(token, value.replace('"', '""') if quoted else value)
    return text

def plist(node):
    if isinstance(node, dict):
        return {put_in(key): plist(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plist(item) for item in node]
    return put_in(node) if isinstance(node, str) else node

def xml(node, subject=False):
    inside = [xml(child, subject) for child in node]
    text = put_in(node.text or '', subject and node.tag == 'Data')
    return (node.tag, node.attrib, text, inside)

def items(root, fill):
    out = []
    for item in root.iter('Item'):
        uri = item.find('Target/LocURI').text
        node = xml(item, uri.strip().endswith('/Install/SubjectName')) if fill else plain_xml(item)
        out.append(node)
    return out

def plain_xml(node):
    return (node.tag, node.attrib, node.text or '', [plain_xml(child) for child in node])

def nested(root, fill):
    out = []
    for item in root.iter('Item'):
        inner = etree.fromstring('<root>' + item.find('Data').text + '</root>')
        for node in inner.iter():
            attributes = {key: put_in(value) if fill else value for key, value in node.attrib.items()}
            out.append((node.tag, attributes, put_in(node.text or '') if fill else node.text or ''))
    return out

def load(path):
    if kind == 'plist':
        return plistlib.load(open(path, 'rb'))
    text = open(path, encoding='utf-8', newline='').read()
    return etree.fromstring('<Atomic>' + text + '</Atomic>')

if kind == 'plist':
    found, wanted = load(odd), plist(load(plain))
elif kind == 'syncml':
    found, wanted = items(load(odd), False), items(load(plain), True)
else:
    found, wanted = nested(load(odd), False), nested(load(plain), True)
assert found == wanted, f'{found}\n{wanted}'
assert used == {token for token, _ in values}, used
print(len(used), 'values')
"#;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, text, kind) in [
        ("apple", APPLE, Kind::Plist),
        ("windows", WINDOWS, Kind::SyncMl),
        ("policies", POLICIES, Kind::Nested),
    ] {
        for (value_name, value) in [("odd", ODD), ("brackets", BRACKETS)] {
            let peer = if kind == Kind::Plist { &PLISTLIB } else { &ETREE };
            let what =
                format!("reads in a filled profile what was filled in: {name}, {value_name}");
            cases.push(case(peer, format!("{name}_{value_name}"), what, move |lab| {
                compare(lab, text, kind, value)
            }));
            let what = format!("a filled profile is well-formed: {name}, {value_name}");
            cases.push(case(&XMLLINT, format!("{name}_{value_name}"), what, move |lab| {
                lint(lab, text, kind, value)
            }));
        }
    }
    cases
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Plist,
    SyncMl,
    /// SyncML with other documents in its data.
    Nested,
}

impl Kind {
    const fn destination(self) -> Destination {
        match self {
            Self::Plist => Destination::AppleProfile,
            Self::SyncMl | Self::Nested => Destination::WindowsProfile,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Plist => "plist",
            Self::SyncMl => "syncml",
            Self::Nested => "nested",
        }
    }
}

/// The value that goes in a place which not every text can stand in; `None` for all others.
fn particular(variable: &Variable) -> Option<&'static str> {
    match variable {
        Variable::OfCa(OfCa::DigicertData, _) => Some("AAECA/8="),
        Variable::Fixed(Fixed::ScepWindowsCertificateId) => {
            Some("w4CD1BD65-1D2C-4E9E-9E18-9BCD400CDEDC")
        }
        Variable::Secret(_) => Some("2048"),
        _ => None,
    }
}

/// Fills a profile with one value in most places, or with a token for each variable.
pub(crate) fn fill(text: &str, kind: Kind, value: Option<&str>) -> Outcome<String> {
    let template = Template::compile(text, kind.destination())?;
    let tokens: Vec<String> = (0..template.variables().len()).map(token).collect();
    let filled = template.fill(|variable| {
        let slot = template.variables().iter().position(|known| known == variable);
        let token = slot.and_then(|slot| tokens.get(slot)).ok_or(Unavailable::Unknown)?;
        let text = particular(variable).or(value).unwrap_or(token);
        Ok::<_, Unavailable>(Value::from(text))
    })?;
    Ok(filled.into_string())
}

fn token(slot: usize) -> String {
    format!("TOKEN{slot}END")
}

pub(crate) fn compare(lab: &Lab, text: &str, kind: Kind, value: &str) -> Outcome {
    let odd = lab.write("odd.xml", fill(text, kind, Some(value))?)?;
    let plain = lab.write("plain.xml", fill(text, kind, None)?)?;
    let template = Template::compile(text, kind.destination())?;
    let slots = template.variables().iter().enumerate();
    let tokens = slots.filter(|(_, variable)| particular(variable).is_none());
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    let pairs: Vec<String> =
        tokens.map(|(slot, _)| format!("[\"{}\", \"{escaped}\"]", token(slot))).collect();
    let values = lab.write("values.json", format!("[{}]", pairs.join(", ")))?;
    let tool = Tool::new("python3").args(["-X", "utf8", "-c", COMPARE]).arg(kind.name());
    tool.arg(&odd).arg(&plain).arg(&values).run(lab)?.ok()?;
    Ok(())
}

pub(crate) fn lint(lab: &Lab, text: &str, kind: Kind, value: &str) -> Outcome {
    let filled = fill(text, kind, Some(value))?;
    let document = match kind {
        Kind::Plist => filled,
        Kind::SyncMl | Kind::Nested => format!("<Atomic>{filled}</Atomic>"),
    };
    let file = lab.write("filled.xml", document)?;
    Tool::new("xmllint").args(["--noout", "--nonet"]).arg(&file).run(lab)?.ok()?;
    Ok(())
}
