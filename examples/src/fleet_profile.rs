//! What `fleet-profile` reads and prints.

use std::collections::BTreeMap;
use std::fmt;

use devicecert::fleet::{Finding, RenewalId, Server, Unavailable, Value, Variable, occurrences};
use serde_json::Value as Json;

/// Reads `cas.json`: `{"digicert": [names], "custom_scep": [names], "smallstep": [names],
/// "ndes": true}`, of which any may be missing.
///
/// # Errors
/// Says what is wrong with it.
pub fn server(text: &str) -> Result<Server, String> {
    let mut server = Server::default();
    for (key, value) in object(text)? {
        match (key.as_str(), value) {
            ("digicert", value) => server.digicert = names(&key, &value)?,
            ("custom_scep", value) => server.custom_scep = names(&key, &value)?,
            ("smallstep", value) => server.smallstep = names(&key, &value)?,
            ("ndes", Json::Bool(ndes)) => server.ndes = ndes,
            ("ndes", _) => return Err("ndes: expected true or false".to_owned()),
            _ => {
                return Err(format!("{key:?}: expected digicert, custom_scep, smallstep or ndes"));
            }
        }
    }
    Ok(server)
}

fn object(text: &str) -> Result<serde_json::Map<String, Json>, String> {
    match serde_json::from_str(text) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(_) => Err("expected an object, {…}".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn names(key: &str, value: &Json) -> Result<Vec<String>, String> {
    let items = value.as_array().map(|items| items.iter().map(Json::as_str));
    let names = items.and_then(|mut items| {
        items.try_fold(Vec::new(), |mut names, name| {
            names.push(name?.to_owned());
            Some(names)
        })
    });
    names.ok_or_else(|| format!("{key}: expected a list of names"))
}

/// The values of a host.
pub struct Values(BTreeMap<Variable, String>);

/// Shows which values there are: some are secrets.
impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Values {
    /// Reads `host.json`: values by the names of variables without `FLEET_VAR_`, and
    /// `profile_uuid`.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut values = BTreeMap::new();
        let mut profile_uuid = None;
        for (key, value) in object(text)? {
            let Json::String(value) = value else {
                return Err(format!("{key:?}: expected a text"));
            };
            if key == "profile_uuid" {
                profile_uuid = Some(value);
                continue;
            }
            let variable = variable(&key);
            if let Variable::Unknown(_) = variable {
                return Err(format!("{key:?}: there is no such variable"));
            }
            values.insert(variable, value);
        }
        if let Some(uuid) = profile_uuid {
            let renewal_id = RenewalId::of(&uuid).to_string();
            for (name, value) in [
                ("SCEP_RENEWAL_ID", &renewal_id),
                ("CERTIFICATE_RENEWAL_ID", &renewal_id),
                ("SCEP_WINDOWS_CERTIFICATE_ID", &uuid),
            ] {
                values.entry(Variable::from_name(name)).or_insert_with(|| value.clone());
            }
        }
        Ok(Self(values))
    }

    /// The value of a variable.
    ///
    /// # Errors
    /// If there is none.
    pub fn get(&self, variable: &Variable) -> Result<Value<'_>, Unavailable> {
        self.text(variable).map(Value::from).ok_or(Unavailable::NoValue)
    }

    /// The value of a variable, if there is one.
    #[must_use]
    pub fn text(&self, variable: &Variable) -> Option<&str> {
        self.0.get(variable).map(String::as_str)
    }
}

/// The variable that a key of `host.json` names, with its prefix or without.
fn variable(key: &str) -> Variable {
    let whole = format!("${key}");
    let found = occurrences(&whole).find(|found| found.span == (0..whole.len()));
    found.map_or_else(|| Variable::from_name(key), |found| found.variable)
}

/// Findings for a program.
#[must_use]
pub fn to_json(findings: &[Finding]) -> String {
    let one = |finding: &Finding| {
        serde_json::json!({
            "rule": finding.rule,
            "severity": finding.severity.to_string(),
            "message": finding.message,
            "line": finding.place.line,
            "column": finding.place.column,
            "path": finding.place.path,
        })
    };
    Json::Array(findings.iter().map(one).collect()).to_string()
}
