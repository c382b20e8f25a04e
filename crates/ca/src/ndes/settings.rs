//! What an administrator enters about NDES.

use super::ChallengeFetch;
use crate::credentials::Credentials;
use crate::error::Misuse;
use crate::settings::InvalidSetting;
use crate::url::Url;

/// The settings of the one NDES, as entered.
#[derive(Clone, Debug)]
pub struct Settings {
    url: String,
    admin_url: String,
    credentials: Credentials,
}

/// One NDES. It comes from [`Settings::account`].
#[derive(Clone, Debug)]
pub struct Account {
    scep_url: Url,
    admin_url: Url,
    credentials: Credentials,
}

impl Settings {
    /// These settings. `url` is where devices enrol (`…/certsrv/mscep/mscep.dll`), `admin_url` where
    /// challenges come from (`…/certsrv/mscep_admin/`).
    #[must_use]
    pub fn new(
        url: impl Into<String>,
        admin_url: impl Into<String>,
        credentials: Credentials,
    ) -> Self {
        Self { url: url.into(), admin_url: admin_url.into(), credentials }
    }

    /// The NDES that these settings describe. White space around URLs and user name is dropped.
    ///
    /// # Errors
    /// Everything that is wrong; never an empty list.
    pub fn account(&self) -> Result<Account, Vec<InvalidSetting>> {
        let mut wrong = Vec::new();
        let scep_url = self.url.parse().map_err(|_| wrong.push(InvalidSetting::ScepUrl));
        let username = self.credentials.username().trim();
        let password = self.credentials.password();
        let admin_url = self.admin_url.parse();
        if admin_url.is_err() || username.is_empty() || password.is_empty() {
            wrong.push(InvalidSetting::NdesAdminUrl);
        }
        match (scep_url, admin_url) {
            (Ok(scep_url), Ok(admin_url)) if wrong.is_empty() => {
                let credentials = Credentials::new(username, password.clone());
                Ok(Account { scep_url, admin_url, credentials })
            }
            _ => Err(wrong),
        }
    }
}

impl Account {
    /// Where devices enrol.
    #[must_use]
    pub const fn scep_url(&self) -> &Url {
        &self.scep_url
    }

    /// Fetches one challenge: [`ChallengeFetch::new`].
    ///
    /// # Errors
    /// None for an NDES that came from [`Settings::account`].
    pub fn challenge(&self, client_challenge: [u8; 8]) -> Result<ChallengeFetch, Misuse> {
        ChallengeFetch::new(self.admin_url.clone(), self.credentials.clone(), client_challenge)
    }
}
