//! The key tables against Apple's schemas, where those are at hand.
//!
//! `DEVICECERT_SCHEMAS` names the folder with `apple/mdm/profiles/*.yaml`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use devicecert_mobileconfig::ddm::{
    Accessible, AcmeCredential, Authentication, CertificateAsset, Declaration, IdentityAsset,
    IdentityCredential, IdentitySource, InteractiveLegacyProfile, LegacyProfile, Reference,
    ScepCredential, SecurityCertificate, SecurityIdentity,
};
use devicecert_mobileconfig::payload::{
    AcmeKey, AcmePayload, Allowed, Assumed, Attestation, Availability, COMMON_KEYS, EnclaveCurve,
    Key, KeyUsage, Kind, Openness, PROFILE_KEYS, Presence, SCHEMAS, ScepPayload, Subject,
};
use libtest_mimic::{Arguments, Trial};

/// What is said of one key, by its path.
type Keys = BTreeMap<String, Row>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    kind: String,
    required: bool,
    default: Option<String>,
    allowed: Vec<String>,
    range: Vec<String>,
    platforms: BTreeMap<String, String>,
}

/// Without schemas the tests are ignored, by name.
fn main() -> ExitCode {
    let is_absent = std::env::var_os("DEVICECERT_SCHEMAS").is_none();
    let trial = |name: &str, test: fn()| {
        let run = move || {
            test();
            Ok(())
        };
        Trial::test(name, run).with_ignored_flag(is_absent)
    };
    let trials = vec![
        trial("tables_are_what_the_schemas_say", tables_are_what_the_schemas_say),
        trial(
            "declarations_have_the_keys_of_the_schemas",
            declarations_have_the_keys_of_the_schemas,
        ),
        trial("credentials_have_the_keys_of_the_schemas", credentials_have_the_keys_of_the_schemas),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn folder() -> PathBuf {
    let folder = std::env::var_os("DEVICECERT_SCHEMAS").expect("DEVICECERT_SCHEMAS is not set");
    PathBuf::from(folder).join("apple")
}

/// Reads the keys of a schema line by line: as much YAML as these files have.
fn yaml(path: &Path) -> (Keys, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut keys = Keys::new();
    let mut platforms = Vec::new();
    // The keys that the line is below of, with their indentation.
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut anchors: BTreeMap<String, String> = BTreeMap::new();
    let mut aliases: Vec<(String, String)> = Vec::new();
    let mut list = "";
    let mut in_keys = false;
    let mut platform = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let word = line.trim();
        if word.is_empty() {
            continue;
        }
        if indent == 0 && !word.starts_with('-') {
            in_keys = word == "payloadkeys:";
            continue;
        }
        if !in_keys {
            if indent == 4 {
                platform = word.trim_end_matches(':').to_owned();
            }
            if indent == 6 && word.starts_with("introduced:") && !word.ends_with("n/a") {
                platforms.push(platform.clone());
            }
            continue;
        }
        if let Some(name) = word.strip_prefix("- key: ") {
            above.retain(|(depth, _)| *depth < indent);
            above.push((indent, name.to_owned()));
            keys.insert(join(&above), Row::default());
            continue;
        }
        // A line of the key itself is indented two further than its dash.
        let depth = above.last().map_or(0, |(depth, _)| *depth);
        if indent != depth + 2 {
            let path = join(&above);
            if list == "supportedOS" && indent == depth + 4 {
                platform = word.trim_end_matches(':').to_owned();
            }
            if list == "supportedOS" && indent == depth + 6 {
                let (name, version) = word.split_once(':').unwrap();
                let said = match (name, version.trim().trim_matches('\'')) {
                    ("introduced", "n/a") => "never".to_owned(),
                    ("introduced" | "removed" | "deprecated", version) => {
                        format!("{name} {version}")
                    }
                    _ => continue,
                };
                keys.get_mut(&path).unwrap().platforms.insert(platform.clone(), said);
            }
            if let (true, Some(item)) = (list == "range", word.split_once(": ")) {
                keys.get_mut(&path).unwrap().range.push(item.1.to_owned());
            }
            continue;
        }
        let row = keys.get_mut(&join(&above)).unwrap();
        if let (Some(item), "rangelist") = (word.strip_prefix("- "), list) {
            row.allowed.push(item.trim_matches('\'').to_owned());
            continue;
        }
        let Some((name, value)) = word.split_once(':') else { continue };
        let value = value.trim().trim_matches('\'');
        list = "";
        match name {
            "type" => row.kind = value.trim_matches(['<', '>']).to_owned(),
            "presence" => row.required = value == "required",
            "default" => row.default = Some(value.to_owned()),
            "rangelist" => list = "rangelist",
            "range" => list = "range",
            "supportedOS" => list = "supportedOS",
            "subkeys" if value.starts_with('&') => {
                anchors.insert(value[1..].to_owned(), join(&above));
            }
            "subkeys" if value.starts_with('*') => {
                aliases.push((join(&above), value[1..].to_owned()));
            }
            _ => {}
        }
    }
    for (path, anchor) in aliases {
        let from = format!("{}/", anchors[&anchor]);
        let below: Vec<_> =
            keys.range(from.clone()..).map(|(k, v)| (k.clone(), v.clone())).collect();
        for (key, row) in below.into_iter().take_while(|(key, _)| key.starts_with(&from)) {
            keys.insert(format!("{path}/{}", &key[from.len()..]), row);
        }
    }
    (keys, platforms)
}

fn join(above: &[(usize, String)]) -> String {
    above.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join("/")
}

fn table(keys: &[Key], above: &str, out: &mut Keys) {
    for key in keys {
        let path = if above.is_empty() { key.name.into() } else { format!("{above}/{}", key.name) };
        let kind = match key.kind {
            // Whose type the schema language cannot say.
            Kind::String | Kind::StringOrStrings => "string",
            Kind::Integer => "integer",
            Kind::Real => "real",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::Data => "data",
            Kind::Array(_) => "array",
            Kind::Dictionary(_) | Kind::OpenDictionary(_) => "dictionary",
            _ => "any",
        };
        let default = match key.default {
            Assumed::Boolean(value) => Some(value.to_string()),
            Assumed::Integer(value) => Some(value.to_string()),
            Assumed::Text(value) => Some(value.to_owned()),
            _ => None,
        };
        let mut row = Row {
            kind: kind.into(),
            required: key.presence == Presence::Required,
            default,
            ..Row::default()
        };
        for (platform, availability) in key.platforms {
            let said = match availability {
                Availability::Since(version) => format!("introduced {version}"),
                Availability::Until(version) => format!("removed {version}"),
                Availability::Deprecated(version) => format!("deprecated {version}"),
                _ => "never".to_owned(),
            };
            row.platforms.insert(platform.name().to_owned(), said);
        }
        match key.allowed {
            Allowed::Texts(texts) => row.allowed = texts.iter().map(ToString::to_string).collect(),
            Allowed::Integers(all) => row.allowed = all.iter().map(ToString::to_string).collect(),
            Allowed::Range(least, most) => row.range = vec![least.to_string(), most.to_string()],
            _ => {}
        }
        out.insert(path.clone(), row);
        table(key.below(), &path, out);
    }
}

/// Keys of the schemas that stand for keys nobody can name.
fn is_open(path: &str) -> bool {
    path.split('/').any(|name| matches!(name, "ANY" | "PayloadContentItem" | "ConsentTextItem"))
}

fn compare(name: &str, path: &Path, keys: &[Key]) -> usize {
    let (mut schema, _) = yaml(path);
    schema.retain(|path, _| !is_open(path));
    let mut ours = Keys::new();
    table(keys, "", &mut ours);
    ours.retain(|path, _| !is_open(path));
    for (path, row) in &schema {
        let Some(found) = ours.get(path) else { panic!("{name}: {path} has no row") };
        assert_eq!(found, row, "{name}: {path}");
    }
    for path in ours.keys() {
        assert!(schema.contains_key(path), "{name}: {path} is not in the schema");
    }
    schema.len()
}

fn tables_are_what_the_schemas_say() {
    let folder = folder().join("mdm/profiles");
    let mut count = compare("TopLevel", &folder.join("TopLevel.yaml"), PROFILE_KEYS);
    count += compare("CommonPayloadKeys", &folder.join("CommonPayloadKeys.yaml"), COMMON_KEYS);
    let mut payloads = 0;
    for schema in SCHEMAS {
        let path = folder.join(format!("{}.yaml", schema.payload_type));
        let (_, platforms) = yaml(&path);
        let ours: Vec<_> = schema.support.iter().map(|one| one.platform.name()).collect();
        assert_eq!(ours, platforms, "{}", schema.payload_type);
        // The schema of the others allows anything.
        if schema.openness == Openness::Closed {
            count += compare(schema.payload_type, &path, schema.keys);
        }
        payloads += 1;
    }
    println!("{payloads} payload types, {count} keys of Apple's schemas");
}

/// The keys of a JSON object, as paths; elements of arrays are left out.
fn paths(json: &serde_json::Value, above: &str, out: &mut BTreeSet<String>) {
    for (key, value) in json.as_object().into_iter().flatten() {
        let path = if above.is_empty() { key.clone() } else { format!("{above}/{key}") };
        paths(value, &path, out);
        out.insert(path);
    }
}

fn same_keys(name: &str, path: &Path, json: &serde_json::Value) -> usize {
    let (schema, _) = yaml(path);
    let arrays: Vec<_> =
        schema.iter().filter(|(_, row)| row.kind == "array").map(|(path, _)| path).collect();
    let in_array = |path: &&String| {
        arrays
            .iter()
            .any(|array| path.strip_prefix(array.as_str()).is_some_and(|r| r.starts_with('/')))
    };
    let schema: BTreeSet<String> = schema.keys().filter(|path| !in_array(path)).cloned().collect();
    let mut ours = BTreeSet::new();
    paths(json, "", &mut ours);
    assert_eq!(ours, schema, "{name}");
    schema.len()
}

fn declarations_have_the_keys_of_the_schemas() {
    let folder = folder().join("declarative/declarations");
    let mut reference = Reference::new("https://mdm.example/data");
    reference.content_type = Some("application/pem".into());
    reference.size = Some(7);
    reference.sha256 = Some("00".into());
    let sources = [
        ("acme", IdentitySource::Acme),
        ("identity", IdentitySource::Pkcs12),
        ("scep", IdentitySource::Scep),
    ];
    let mut declarations = Vec::new();
    for (name, source) in sources {
        let mut asset = IdentityAsset::new(source, reference.clone());
        asset.accessible = Some(Accessible::AfterFirstUnlock);
        let (asset, handle) = asset.declare("asset", "1");
        declarations.push((format!("assets/credential.{name}"), asset));
        let identity = Declaration::new("identity", "1", SecurityIdentity::new(handle));
        declarations.push(("configurations/security.identity".into(), identity));
    }
    let mut certificate = CertificateAsset::new(reference);
    certificate.authentication = Some(Authentication::None);
    let (certificate, handle) = certificate.declare("certificate", "1");
    declarations.push(("assets/credential.certificate".into(), certificate));
    let certificate = Declaration::new("installed", "1", SecurityCertificate::new(handle));
    declarations.push(("configurations/security.certificate".into(), certificate));
    let legacy = LegacyProfile::new("https://mdm.example/profile");
    let legacy = Declaration::new("legacy", "1", legacy);
    declarations.push(("configurations/legacy".into(), legacy));
    let interactive = InteractiveLegacyProfile::new("https://mdm.example/profile", "Wi-Fi");
    let interactive = Declaration::new("interactive", "1", interactive);
    declarations.push(("configurations/legacy.interactive".into(), interactive));

    let mut count = 0;
    for (name, declaration) in &declarations {
        let json: serde_json::Value = serde_json::from_str(&declaration.to_json()).unwrap();
        let path = folder.join(format!("{name}.yaml"));
        let text = std::fs::read_to_string(&path).unwrap();
        let kind = format!("declarationtype: {}\n", json["Type"].as_str().unwrap());
        assert!(text.contains(&kind), "{name}: {kind}");
        count += same_keys(name, &path, &json["Payload"]);
        assert_eq!(Declaration::read(&declaration.to_json()).as_ref(), Ok(declaration));
    }
    println!("{} declarations, {count} keys of Apple's schemas", declarations.len());
}

fn credentials_have_the_keys_of_the_schemas() {
    let folder = folder().join("declarative/declarations/assets/credentials");
    let subject = Subject::new().with("CN", "laptop-7");
    let mut scep = ScepPayload::new("https://ca.example/scep", subject.clone());
    scep.name = Some("name".into());
    scep.challenge = Some("challenge".into());
    scep.ca_fingerprint = Some(vec![7; 32]);
    scep.alternative_names.emails = vec!["a@example.com".into(), "b@example.com".into()];
    scep.alternative_names.dns_names = vec!["example.com".into()];
    scep.alternative_names.uris = vec!["tag:example.com".into()];
    scep.alternative_names.nt_principal_name = Some("a@example.com".into());
    let key = AcmeKey::SecureEnclave(EnclaveCurve::P256, Attestation::Required);
    let mut acme = AcmePayload::new("https://ca.example/directory", "7", key, subject);
    acme.alternative_names = scep.alternative_names.clone();
    acme.usage = Some(KeyUsage::SIGNING);
    acme.extended_key_usage = vec!["1.3.6.1.5.5.7.3.2".into()];
    let (scep, acme) = (ScepCredential(scep), AcmeCredential(acme));
    let identity = IdentityCredential::new(vec![7; 9], "password");
    assert_eq!(ScepCredential::read(&scep.to_json()), Ok(scep.clone()));
    assert_eq!(AcmeCredential::read(&acme.to_json()), Ok(acme.clone()));
    assert_eq!(IdentityCredential::read(&identity.to_json()), Ok(identity.clone()));
    let documents =
        [("scep", scep.to_json()), ("acme", acme.to_json()), ("identity", identity.to_json())];
    let mut count = 0;
    for (name, text) in &documents {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        count += same_keys(name, &folder.join(format!("{name}.yaml")), &json);
    }
    println!("{} credentials, {count} keys of Apple's schemas", documents.len());
}
