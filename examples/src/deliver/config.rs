//! CAs of one's own, in a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use devicecert::ca::{Credentials, InvalidSetting, Misuse, Url, digicert, ndes, smallstep};
use devicecert::delivery::{Authorities, CustomScep, EstCa, Ndes};
use devicecert::est::Lines;
use devicecert::pki::Certificate;
use devicecert::scep::Fingerprint;
use serde::Deserialize;

use crate::est::BodyLines;
use crate::files::{self, FileError};

/// A file to begin with.
pub const SAMPLE: &str = include_str!("config/sample.toml");

/// The CAs that are configured.
#[derive(Debug)]
#[non_exhaustive]
pub struct Config {
    /// The CAs.
    pub authorities: Authorities,
    /// How Windows knows the SCEP CA.
    pub scep_ca: Option<Fingerprint>,
    /// The file of root certificates; without one, those of the web.
    pub roots: Option<PathBuf>,
}

/// What is wrong with the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It is no TOML, or has keys that nobody knows; says where.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A setting cannot be used; in Fleet's words.
    #[error("{ca}: {why}")]
    Setting {
        /// Of which CA.
        ca: String,
        /// What Fleet says.
        why: InvalidSetting,
    },
    /// A URL cannot be used.
    #[error("{ca}: {why}")]
    Url {
        /// Of which CA.
        ca: String,
        /// Why not.
        why: Misuse,
    },
    /// Something else.
    #[error(transparent)]
    Other(#[from] devicecert::Error),
    /// A fingerprint that is none.
    #[error("scep-ca: {0}")]
    Fingerprint(#[from] devicecert::scep::Error),
    /// The file, or one that it names.
    #[error(transparent)]
    File(#[from] FileError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    ca_roots: Option<PathBuf>,
    scep_ca: Option<String>,
    ndes: Option<NdesCa>,
    #[serde(default)]
    smallstep: BTreeMap<String, SmallstepCa>,
    #[serde(default)]
    custom_scep: BTreeMap<String, ScepCa>,
    #[serde(default)]
    digicert: BTreeMap<String, DigiCertCa>,
    #[serde(default)]
    hydrant: BTreeMap<String, HydrantCa>,
    #[serde(default)]
    custom_est: BTreeMap<String, CustomEstCa>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct NdesCa {
    url: String,
    admin_url: String,
    username: String,
    password_file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SmallstepCa {
    url: String,
    challenge_url: String,
    username: String,
    password_file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ScepCa {
    url: String,
    challenge_file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DigiCertCa {
    url: String,
    api_token_file: PathBuf,
    profile_id: String,
    common_name: String,
    seat_id: String,
    user_principal_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct HydrantCa {
    url: String,
    client_id: String,
    client_secret_file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CustomEstCa {
    url: String,
    username: String,
    password_file: PathBuf,
    #[serde(default)]
    lines: BodyLines,
}

impl Config {
    /// Reads the file. Paths in it start where it is. `server_url` is where devices reach the proxy.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn read(path: &Path, server_url: Url) -> Result<Self, ConfigError> {
        let file: File = toml::from_str(&files::read_text(path)?)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let secret = |path: &Path| files::read_secret(&folder.join(path));
        let mut authorities = Authorities::new(server_url);
        if let Some(ca) = file.ndes {
            let credentials = Credentials::new(ca.username, secret(&ca.password_file)?);
            let account = ndes::Settings::new(ca.url, ca.admin_url, credentials).account();
            let account = account.map_err(|wrong| setting("ndes", wrong))?;
            authorities.ndes(Ndes::Microsoft(account)).map_err(devicecert::Error::from)?;
        }
        for (name, ca) in file.smallstep {
            let credentials = Credentials::new(ca.username, secret(&ca.password_file)?);
            let settings = smallstep::Settings::new(&name, ca.url, ca.challenge_url, credentials);
            let account = settings.account().map_err(|wrong| setting(&name, wrong))?;
            authorities.smallstep(account).map_err(devicecert::Error::from)?;
        }
        for (name, ca) in file.custom_scep {
            let url = ca.url.parse().map_err(|why| ConfigError::Url { ca: name.clone(), why })?;
            let challenge = secret(&ca.challenge_file)?;
            let ca = CustomScep::new(ca_name(&name)?, url, challenge);
            authorities.custom_scep(ca).map_err(devicecert::Error::from)?;
        }
        for (name, ca) in file.digicert {
            let mut settings = digicert::Settings::new(&name, ca.url);
            settings.api_token = secret(&ca.api_token_file)?;
            settings.profile_id = ca.profile_id;
            settings.certificate_common_name = ca.common_name;
            settings.certificate_seat_id = ca.seat_id;
            settings.certificate_user_principal_names.extend(ca.user_principal_name);
            let account = settings.account().map_err(|wrong| setting(&name, wrong))?;
            authorities.digicert(account).map_err(devicecert::Error::from)?;
        }
        for (name, ca) in file.hydrant {
            let secret = secret(&ca.client_secret_file)?;
            let ca = EstCa::hydrant(ca_name(&name)?, &ca.url, &ca.client_id, secret)?;
            authorities.est(ca).map_err(devicecert::Error::from)?;
        }
        for (name, ca) in file.custom_est {
            let password = secret(&ca.password_file)?;
            let lines = match ca.lines {
                BodyLines::Wrapped => Lines::WrappedBare,
                BodyLines::Bare => Lines::Bare,
            };
            let ca = EstCa::custom(ca_name(&name)?, &ca.url, &ca.username, password)?;
            let ca = ca.request_lines(lines);
            authorities.est(ca).map_err(devicecert::Error::from)?;
        }
        let scep_ca = file.scep_ca.map(|text| text.parse()).transpose()?;
        let roots = file.ca_roots.map(|roots| folder.join(roots));
        Ok(Self { authorities, scep_ca, roots })
    }

    /// The root certificates of the file.
    ///
    /// # Errors
    /// Names the file.
    pub fn anchors(&self) -> Result<Vec<Certificate>, FileError> {
        self.roots
            .as_deref()
            .map(files::read_certificates)
            .transpose()
            .map(Option::unwrap_or_default)
    }
}

fn ca_name(text: &str) -> Result<devicecert::ca::CaName, ConfigError> {
    text.parse().map_err(|why| ConfigError::Setting { ca: text.to_owned(), why })
}

/// The first thing that is wrong; one after the other is corrected.
fn setting(ca: &str, wrong: Vec<InvalidSetting>) -> ConfigError {
    let why = wrong.into_iter().next().unwrap_or(InvalidSetting::NoCa);
    ConfigError::Setting { ca: ca.to_owned(), why }
}
