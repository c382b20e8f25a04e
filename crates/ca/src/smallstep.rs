//! Smallstep: a challenge for each device, from a webhook with the form of Jamf Pro's.
//!
//! ```
//! use devicecert_ca::smallstep::Settings;
//! use devicecert_ca::{Credentials, Limits, Uuid};
//! use devicecert_pki::Time;
//! # type Error = Box<dyn std::error::Error>;
//! # fn send(_: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Error> { Err("no network".into()) }
//! # fn fetch(now: Time, random: [u8; 16]) -> Result<(), Error> {
//!
//! let account = Settings::new(
//!     "WIFI",
//!     "https://example.scep.smallstep.com/p/agents/integration-fleet",
//!     "https://example.ca.smallstep.com/webhook/challenge",
//!     Credentials::new("fleet", "password"),
//! )
//! .account()
//! .map_err(|all| all[0].clone())?;
//! let request = account.challenge_request(Uuid::from_random(random), now)?;
//! let challenge = account.challenge(&send(request)?, &Limits::default())?;
//! # let _ = challenge;
//! # Ok(())
//! # }
//! ```

use core::time::Duration;

use devicecert_pki::error::LimitExceeded;
use devicecert_pki::{Secret, Time};
use http::header::AUTHORIZATION;
use http::{Request, Response, StatusCode};
use serde::Serialize;

use crate::credentials::Credentials;
use crate::error::{Misuse, PeerText, of_transport};
use crate::limits::Limits;
use crate::message::post_json;
use crate::settings::{CaName, InvalidSetting};
use crate::url::Url;
use crate::uuid::Uuid;

/// How long Fleet waits for the answer.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// For how long Fleet lets a device use a challenge.
pub const CHALLENGE_LIFETIME: Duration = Duration::from_secs(4 * 60);

/// The settings of one Smallstep authority, as entered.
#[derive(Clone, Debug)]
pub struct Settings {
    name: String,
    url: String,
    challenge_url: String,
    credentials: Credentials,
}

/// One Smallstep authority. It comes from [`Settings::account`].
#[derive(Clone, Debug)]
pub struct Account {
    name: CaName,
    scep_url: Url,
    challenge_url: Url,
    credentials: Credentials,
}

/// What goes wrong with Smallstep. `Display` is Fleet's text where Fleet has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The status is not 200.
    #[error("getting Smallstep SCEP challenge: status code {0}")]
    Status(u16),
    /// The CA was not reached, or not in time. Made by [`unreachable`](Self::unreachable).
    #[error("{0}")]
    Unreachable(PeerText),
    /// The challenge is longer than [`Limits::challenge_bytes`].
    #[error("getting Smallstep SCEP challenge: {0}")]
    LimitExceeded(#[from] LimitExceeded),
    /// There is no challenge.
    #[error("getting Smallstep SCEP challenge: the response is empty")]
    Empty,
    /// The challenge is no text: a challengePassword must be one (RFC 2985 §5.4.1).
    #[error("getting Smallstep SCEP challenge: the response is not UTF-8")]
    NotText,
}

impl Error {
    /// The error of a request that had no response: what the HTTP library says of it.
    #[must_use]
    pub fn unreachable(error: &dyn core::error::Error) -> Self {
        Self::Unreachable(of_transport(error))
    }

    /// What Fleet shows in the details of a profile whose challenge could not be had. The variable
    /// stands there without the name of the CA.
    #[must_use]
    pub fn detail(&self) -> String {
        format!("Fleet couldn't populate $FLEET_VAR_SMALLSTEP_SCEP_CHALLENGE_. {self}")
    }

    /// What an administrator is told whose settings failed the check.
    #[must_use]
    pub const fn setting(&self) -> InvalidSetting {
        InvalidSetting::SmallstepChallenge
    }
}

/// The keys in the order in which they are written.
#[derive(Serialize)]
struct Body<'a> {
    webhook: Webhook,
    event: Event<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Webhook {
    webhook_event: &'static str,
    id: u8,
    event_timestamp: i64,
    name: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    scep_server_url: &'a str,
    payload_identifier: String,
    payload_types: [&'static str; 1],
}

impl Settings {
    /// These settings. `url` is where devices enrol, `challenge_url` where challenges come from.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        url: impl Into<String>,
        challenge_url: impl Into<String>,
        credentials: Credentials,
    ) -> Self {
        let (name, url, challenge_url) = (name.into(), url.into(), challenge_url.into());
        Self { name, url, challenge_url, credentials }
    }

    /// The authority that these settings describe.
    ///
    /// # Errors
    /// Everything that is wrong; never an empty list.
    pub fn account(&self) -> Result<Account, Vec<InvalidSetting>> {
        let mut wrong = Vec::new();
        let name = self.name.parse().map_err(|error| wrong.push(error)).ok();
        let scep_url = self.url.parse().map_err(|_| wrong.push(InvalidSetting::SmallstepScepUrl));
        let challenge_url =
            self.challenge_url.parse().map_err(|_| wrong.push(InvalidSetting::SmallstepChallenge));
        let username = self.credentials.username().trim();
        if username.is_empty() {
            wrong.push(InvalidSetting::SmallstepUsername);
        }
        if self.credentials.password().is_empty() {
            wrong.push(InvalidSetting::SmallstepPassword);
        }
        let credentials = Credentials::new(username, self.credentials.password().clone());
        if wrong.is_empty() && credentials.basic().is_err() {
            wrong.push(InvalidSetting::SmallstepChallenge);
        }
        match (name, scep_url, challenge_url) {
            (Some(name), Ok(scep_url), Ok(challenge_url)) if wrong.is_empty() => {
                Ok(Account { name, scep_url, challenge_url, credentials })
            }
            _ => Err(wrong),
        }
    }
}

impl Account {
    /// The name of the CA.
    #[must_use]
    pub const fn name(&self) -> &CaName {
        &self.name
    }

    /// Where devices enrol.
    #[must_use]
    pub const fn scep_url(&self) -> &Url {
        &self.scep_url
    }

    /// Asks for a challenge. The identifier only has to be new each time; it is not that of the
    /// profile.
    ///
    /// `now` is sent in seconds, as Fleet does; Jamf Pro itself sends milliseconds.
    ///
    /// # Errors
    /// None for an authority that came from [`Settings::account`].
    pub fn challenge_request(
        &self,
        payload_identifier: Uuid,
        now: Time,
    ) -> Result<Request<Vec<u8>>, Misuse> {
        let scep_server_url = self.scep_url.to_string();
        let body = Body {
            webhook: Webhook {
                webhook_event: "SCEPChallenge",
                id: 1,
                event_timestamp: now.unix(),
                name: "SCEPChallenge",
            },
            event: Event {
                scep_server_url: &scep_server_url,
                payload_identifier: payload_identifier.to_string(),
                payload_types: ["com.apple.security.scep"],
            },
        };
        let authorization = [(AUTHORIZATION, self.credentials.basic()?)];
        let mut request = post_json(self.challenge_url.as_uri().clone(), authorization, &body);
        request.body_mut().push(b'\n');
        Ok(request)
    }

    /// Reads the answer to [`challenge_request`](Self::challenge_request): the whole body is the
    /// challenge, and nothing is trimmed.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn challenge(
        &self,
        response: &Response<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Secret, Error> {
        if response.status() != StatusCode::OK {
            return Err(Error::Status(response.status().as_u16()));
        }
        let body = response.body();
        LimitExceeded::check("the challenge (bytes)", limits.challenge_bytes, body.len())?;
        if body.is_empty() {
            return Err(Error::Empty);
        }
        match core::str::from_utf8(body) {
            Ok(challenge) => Ok(Secret::from(challenge)),
            Err(_) => Err(Error::NotText),
        }
    }
}

/// The SCEP URL that a server enrols at, from the one that Smallstep shows for its agents:
/// `https://agents.TEAM.ca.smallstep.com/scep/INTEGRATION` becomes
/// `https://TEAM.scep.smallstep.com/p/agents/INTEGRATION`.
///
/// ```
/// use devicecert_ca::smallstep::scep_url_of_agents;
///
/// let shown = "https://agents.example.ca.smallstep.com/scep/integration-fleet-1";
/// let url = scep_url_of_agents(shown).ok_or("another form")?;
/// assert_eq!(url.to_string(), "https://example.scep.smallstep.com/p/agents/integration-fleet-1");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn scep_url_of_agents(shown: &str) -> Option<Url> {
    let rest = shown.trim().strip_prefix("https://")?;
    let (host, path) = rest.split_once('/')?;
    let (authority, domain) = host.split_once('.')?;
    let team = domain.strip_suffix(".ca.smallstep.com")?;
    let integration = path.strip_prefix("scep/")?;
    let is_plain = !team.contains('.') && !integration.is_empty() && !integration.contains('/');
    match is_plain {
        true => {
            format!("https://{team}.scep.smallstep.com/p/{authority}/{integration}").parse().ok()
        }
        false => None,
    }
}
