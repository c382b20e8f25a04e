//! The configuration file.

use std::collections::BTreeMap;
use std::num::{NonZeroU8, NonZeroU32};
use std::path::PathBuf;
use std::time::Duration;

use devicecert::fleet::Rules;
use devicecert::fleet::proxy::{CaType, Proxy, Slot, Upstream};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// A file to begin with: `scep-proxy sample` prints it.
pub const SAMPLE: &str = include_str!("config/sample.toml");

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// What devices know the proxy as: what is before `/mdm/scep/proxy/` in their URLs.
    pub server_url: String,
    #[serde(default)]
    rules: Edition,
    passcode_minutes: Option<NonZeroU32>,
    upstream_seconds: Option<NonZeroU32>,
    ndes: Option<CaUrl>,
    #[serde(default)]
    smallstep: BTreeMap<CaName, CaUrl>,
    #[serde(default)]
    custom_scep: BTreeMap<CaName, CaUrl>,
    /// A file with the root certificates of CAs that are asked by HTTPS. Without it: those of the
    /// web.
    pub ca_roots: Option<PathBuf>,
    /// The database.
    #[serde(default)]
    pub database: Database,
}

/// How the database is used.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Database {
    connections: Option<NonZeroU8>,
    /// A file with the root certificate of the database. Without it: those of the web.
    pub roots: Option<PathBuf>,
}

impl Database {
    /// How many connections one proxy may have to it.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.map_or(8, |connections| usize::from(connections.get()))
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Edition {
    Guide,
    #[default]
    Current,
}

/// The URL of a CA.
#[derive(Clone, Debug)]
struct CaUrl(Upstream);

impl<'de> Deserialize<'de> for CaUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

/// The name of a CA.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CaName(String);

impl<'de> Deserialize<'de> for CaName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if text.is_empty() || text.len() > Slot::MAX_BYTES || !is_word || text == Slot::NDES {
            return Err(D::Error::custom(format_args!(
                "the name of a CA has letters, digits and _, at most {}, and is not {}",
                Slot::MAX_BYTES,
                Slot::NDES,
            )));
        }
        Ok(Self(text))
    }
}

/// What a configuration cannot do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigFault {
    /// It is no TOML, or has keys that nobody knows, or values that cannot be; says where.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// There is no CA in it.
    #[error("no CA: expected `ndes`, or an entry in [smallstep] or [custom-scep]")]
    NoCa,
    /// A CA is asked for that is not in it.
    #[error("there is no CA {0:?} in the configuration")]
    UnknownCa(String),
    /// A CA is asked for that is in it twice.
    #[error("{0:?} is both in [smallstep] and in [custom-scep]")]
    TwoCas(String),
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ConfigFault::Toml`], [`ConfigFault::NoCa`]
    pub fn read(text: &str) -> Result<Self, ConfigFault> {
        let config: Self = toml::from_str(text)?;
        let is_empty =
            config.ndes.is_none() && config.smallstep.is_empty() && config.custom_scep.is_empty();
        if is_empty { Err(ConfigFault::NoCa) } else { Ok(config) }
    }

    /// The proxy.
    #[must_use]
    pub fn proxy(&self) -> Proxy {
        let mut proxy = Proxy::new(self.rules()).upstream_timeout(self.upstream_timeout());
        if let Some(minutes) = self.passcode_minutes {
            let lifetime = Duration::from_secs(u64::from(minutes.get()).saturating_mul(60));
            proxy = proxy.passcode_lifetime(lifetime);
        }
        if let Some(CaUrl(url)) = &self.ndes {
            proxy = proxy.ndes(url.clone());
        }
        for (CaName(name), CaUrl(url)) in &self.smallstep {
            proxy = proxy.smallstep(name, url.clone());
        }
        for (CaName(name), CaUrl(url)) in &self.custom_scep {
            proxy = proxy.custom_scep(name, url.clone());
        }
        proxy
    }

    /// How long a CA may take for an answer.
    #[must_use]
    pub fn upstream_timeout(&self) -> Duration {
        Duration::from_secs(self.upstream_seconds.map_or(30, |seconds| u64::from(seconds.get())))
    }

    /// What kind of CA has a name.
    ///
    /// # Errors
    /// [`ConfigFault::UnknownCa`], [`ConfigFault::TwoCas`]
    pub fn ca_type(&self, name: &str) -> Result<CaType, ConfigFault> {
        let key = CaName(name.to_owned());
        match (self.smallstep.contains_key(&key), self.custom_scep.contains_key(&key)) {
            _ if name == Slot::NDES && self.ndes.is_some() => Ok(CaType::Ndes),
            (true, true) => Err(ConfigFault::TwoCas(name.to_owned())),
            (true, false) => Ok(CaType::Smallstep),
            (false, true) => Ok(CaType::CustomScep),
            (false, false) => Err(ConfigFault::UnknownCa(name.to_owned())),
        }
    }

    const fn rules(&self) -> Rules {
        match self.rules {
            Edition::Guide => Rules::Guide,
            Edition::Current => Rules::Current,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CaType, Config, ConfigFault, SAMPLE};

    #[test]
    fn the_sample_is_a_configuration() {
        let config = Config::read(SAMPLE).unwrap();
        assert_eq!(config.ca_type("WIFI").unwrap(), CaType::CustomScep);
    }

    #[test]
    fn a_wrong_url_is_found_by_line_and_column() {
        let error =
            Config::read("server-url = \"https://mdm.test\"\n[custom-scep]\nWIFI = \"ldap://ca\"");
        let text = error.unwrap_err().to_string();
        assert!(text.contains("line 3, column 8"), "{text}");
        assert!(text.contains("expected an http or https URL"), "{text}");
    }

    #[test]
    fn a_name_that_no_url_can_have_is_refused() {
        for name in ["\"A,B\"", "NDES", "\"\""] {
            let text =
                format!("server-url = \"https://mdm.test\"\n[smallstep]\n{name} = \"http://ca\"");
            let error = Config::read(&text).unwrap_err();
            assert!(matches!(error, ConfigFault::Toml(_)), "{name}: {error}");
        }
    }

    #[test]
    fn a_passcode_that_has_expired_when_it_is_made_is_refused() {
        let with = |minutes: u8| {
            Config::read(&format!(
                "server-url = \"https://mdm.test\"\npasscode-minutes = {minutes}\nndes = \"http://ca\""
            ))
        };
        assert!(with(1).is_ok());
        let error = with(0).unwrap_err().to_string();
        assert!(error.contains("line 2, column 20"), "{error}");
    }

    #[test]
    fn a_key_that_nobody_knows_is_refused() {
        let error =
            Config::read("server-url = \"https://mdm.test\"\nndes = \"http://ca\"\ntimeout = 3");
        assert!(error.unwrap_err().to_string().contains("unknown field `timeout`"));
    }
}
