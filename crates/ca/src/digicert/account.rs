//! One account of DigiCert ONE: whom to ask, with what token, for what profile.

use core::time::Duration;

use devicecert_pki::Secret;
use http::header::ACCEPT;
use http::{HeaderName, HeaderValue, Request, Response};

use super::{Error, Issued, Order, Profile};
use crate::error::Misuse;
use crate::limits::Limits;
use crate::message::{JSON, get_json, post_json, sensitive};
use crate::settings::CaName;
use crate::url::Url;

/// How long Fleet waits for each answer.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// Go writes it like this; names of headers are compared in any case.
const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// One account. It comes from [`Settings::account`](super::Settings::account).
#[derive(Clone, Debug)]
pub struct Account {
    pub(super) name: CaName,
    pub(super) url: Url,
    pub(super) api_token: Secret,
    pub(super) profile_id: String,
    pub(super) common_name: String,
    pub(super) user_principal_name: Option<String>,
    pub(super) seat_id: String,
}

impl Account {
    /// The name of the CA.
    #[must_use]
    pub const fn name(&self) -> &CaName {
        &self.name
    }

    /// The common name of the certificates, with variables.
    #[must_use]
    pub fn common_name(&self) -> &str {
        &self.common_name
    }

    /// The user principal name of the certificates, with variables.
    #[must_use]
    pub fn user_principal_name(&self) -> Option<&str> {
        self.user_principal_name.as_deref()
    }

    /// The seat ID, with variables.
    #[must_use]
    pub fn seat_id(&self) -> &str {
        &self.seat_id
    }

    /// Asks for the certificate profile: `GET /mpki/api/v2/profile/<GUID>`.
    ///
    /// # Errors
    /// [`Misuse::Url`] if the URL gets too long, or has a query.
    pub fn profile_request(&self) -> Result<Request<Vec<u8>>, Misuse> {
        let uri = self.url.join("/mpki/api/v2/profile", Some(&self.profile_id))?;
        Ok(get_json(uri, API_KEY, self.api_key()?))
    }

    /// Reads the answer to [`profile_request`](Self::profile_request). A profile is only returned if
    /// certificates can be had from it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn profile(&self, response: &Response<Vec<u8>>, limits: &Limits) -> Result<Profile, Error> {
        Profile::read(response, &self.api_token, limits)
    }

    /// Asks for a certificate: `POST /mpki/api/v1/certificate`.
    ///
    /// # Errors
    /// [`Misuse::Url`] if the URL gets too long, or has a query.
    pub fn order_request(&self, order: &Order) -> Result<Request<Vec<u8>>, Misuse> {
        let uri = self.url.join("/mpki/api/v1/certificate", None)?;
        let headers = [(API_KEY, self.api_key()?), (ACCEPT, JSON)];
        Ok(post_json(uri, headers, &order.body(&self.profile_id)))
    }

    /// Reads the answer to [`order_request`](Self::order_request).
    ///
    /// # Errors
    /// See [`Error`].
    pub fn issued(
        &self,
        order: &Order,
        response: &Response<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Issued, Error> {
        Issued::read(response, order, &self.name, &self.api_token, limits)
    }

    fn api_key(&self) -> Result<HeaderValue, Misuse> {
        sensitive("the API token", &self.api_token)
    }
}
