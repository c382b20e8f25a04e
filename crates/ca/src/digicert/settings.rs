//! What an administrator enters about DigiCert ONE.

use devicecert_pki::Secret;

use super::Account;
use crate::message::sensitive;
use crate::settings::{CaName, InvalidSetting};
use crate::url::Url;
use crate::variable;

/// What is shown in the place of a stored token, and comes back when a form is saved unchanged.
const MASK: &[u8] = b"********";

/// The variables that common name, seat ID and user principal name may have.
const VARIABLES: [&str; 3] = ["HOST_END_USER_EMAIL_IDP", "HOST_HARDWARE_SERIAL", "HOST_PLATFORM"];

/// The settings of one DigiCert account, as entered.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The name of the CA.
    pub name: String,
    /// Where DigiCert ONE is, such as `https://one.digicert.com`.
    pub url: String,
    /// The token of a service user.
    pub api_token: Secret,
    /// The GUID of the certificate profile.
    pub profile_id: String,
    /// The common name, with variables.
    pub certificate_common_name: String,
    /// At most one user principal name, with variables. DigiCert takes it with user seats only.
    pub certificate_user_principal_names: Vec<String>,
    /// The seat ID, with variables. Hosts with the same one share a licence.
    pub certificate_seat_id: String,
}

impl Settings {
    /// Settings with this name and URL, and the rest empty.
    #[must_use]
    pub fn new(name: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            api_token: Secret::from(""),
            profile_id: String::new(),
            certificate_common_name: String::new(),
            certificate_user_principal_names: Vec::new(),
            certificate_seat_id: String::new(),
        }
    }

    /// The account that these settings describe. White space around each of them is dropped.
    ///
    /// # Errors
    /// Everything that is wrong; never an empty list.
    pub fn account(&self) -> Result<Account, Vec<InvalidSetting>> {
        let mut wrong = Vec::new();
        let url = keep(&mut wrong, url(&self.url));
        let name = keep(&mut wrong, self.name.parse::<CaName>());
        let api_token = keep(&mut wrong, api_token(&self.api_token));
        let profile_id = self.profile_id.trim().to_owned();
        if profile_id.is_empty() {
            wrong.push(InvalidSetting::DigiCertProfileId);
        }
        let common_name = self.certificate_common_name.trim().to_owned();
        if common_name.is_empty() {
            wrong.push(InvalidSetting::DigiCertCommonNameEmpty);
        }
        wrong.extend(refused(&common_name).map(InvalidSetting::DigiCertCommonNameVariable));
        let upns = self.certificate_user_principal_names.iter();
        let mut upns: Vec<String> = upns.map(|upn| upn.trim().to_owned()).collect();
        if upns.len() > 1 {
            wrong.push(InvalidSetting::DigiCertSeveralUpns);
        }
        let user_principal_name = upns.pop();
        if user_principal_name.as_deref() == Some("") {
            wrong.push(InvalidSetting::DigiCertUpnEmpty);
        }
        let upn = user_principal_name.as_deref().unwrap_or_default();
        wrong.extend(refused(upn).map(InvalidSetting::DigiCertUpnVariable));
        let seat_id = self.certificate_seat_id.trim().to_owned();
        if seat_id.is_empty() {
            wrong.push(InvalidSetting::DigiCertSeatIdEmpty);
        }
        wrong.extend(refused(&seat_id).map(InvalidSetting::DigiCertSeatIdVariable));
        match (name, url, api_token) {
            (Some(name), Some(url), Some(api_token)) if wrong.is_empty() => Ok(Account {
                name,
                url,
                api_token,
                profile_id,
                common_name,
                user_principal_name,
                seat_id,
            }),
            _ => Err(wrong),
        }
    }
}

fn keep<T>(wrong: &mut Vec<InvalidSetting>, checked: Result<T, InvalidSetting>) -> Option<T> {
    checked.map_err(|error| wrong.push(error)).ok()
}

fn url(text: &str) -> Result<Url, InvalidSetting> {
    let other_scheme = text
        .trim()
        .split_once("://")
        .is_some_and(|(scheme, _)| !matches!(scheme, "http" | "https"));
    match text.parse::<Url>() {
        // Paths are added to it.
        Ok(url) if url.as_uri().query().is_none() => Ok(url),
        Ok(_) => Err(InvalidSetting::DigiCertUrl),
        Err(_) if other_scheme => Err(InvalidSetting::DigiCertUrlScheme),
        Err(_) => Err(InvalidSetting::DigiCertUrl),
    }
}

fn api_token(token: &Secret) -> Result<Secret, InvalidSetting> {
    let token = Secret::new(token.expose().trim_ascii().to_vec());
    match token.is_empty() || token.expose() == MASK || sensitive("", &token).is_err() {
        true => Err(InvalidSetting::DigiCertApiToken),
        false => Ok(token),
    }
}

fn refused(template: &str) -> impl Iterator<Item = String> {
    variable::names(template).filter(|name| !VARIABLES.contains(name)).map(str::to_owned)
}
