//! What a certificate is ordered with.

use devicecert_pki::{Csr, CsrParams, Name, to_pem};
use serde::Serialize;

use crate::error::Misuse;

/// The certification request for DigiCert: this common name and nothing else.
///
/// What else the certificate says comes from the profile and from the [`Order`]. Fleet's keys are RSA
/// keys of 2048 bits, a new one for each host and each time.
///
/// # Errors
/// [`Misuse::Pki`] if the name is empty or cannot be encoded.
pub fn csr_params(common_name: &str) -> Result<CsrParams, Misuse> {
    if common_name.is_empty() {
        return Err(Misuse::Empty("the common name"));
    }
    Ok(CsrParams::new(Name::from_rdns([[("CN", common_name)]])?))
}

/// An order of one certificate for one host.
///
/// The texts go to DigiCert as they are: values for XML have no place here, no `&#39;` either.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Order {
    /// The certification request.
    pub csr: Csr,
    /// The common name of the certificate.
    pub common_name: String,
    /// The seat that the certificate is counted for.
    pub seat_id: String,
    /// The user principal name in the certificate. One of white space only is left out.
    pub user_principal_name: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Body<'a> {
    profile: Profile<'a>,
    seat: Seat<'a>,
    delivery_format: &'static str,
    attributes: Attributes<'a>,
    csr: String,
}

#[derive(Serialize)]
struct Profile<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Seat<'a> {
    seat_id: &'a str,
}

#[derive(Serialize)]
struct Attributes<'a> {
    subject: Subject<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<Extensions<'a>>,
}

#[derive(Serialize)]
struct Subject<'a> {
    common_name: &'a str,
}

#[derive(Serialize)]
struct Extensions<'a> {
    san: San<'a>,
}

#[derive(Serialize)]
struct San<'a> {
    user_principal_names: [&'a str; 1],
}

impl Order {
    /// Orders a certificate with this common name for this seat.
    #[must_use]
    pub fn new(csr: Csr, common_name: impl Into<String>, seat_id: impl Into<String>) -> Self {
        Self {
            csr,
            common_name: common_name.into(),
            seat_id: seat_id.into(),
            user_principal_name: None,
        }
    }

    /// Sets the user principal name.
    #[must_use]
    pub fn user_principal_name(mut self, name: impl Into<String>) -> Self {
        self.user_principal_name = Some(name.into());
        self
    }

    pub(super) fn body<'a>(&'a self, profile_id: &'a str) -> Body<'a> {
        let upn = self.user_principal_name.as_deref().filter(|upn| !upn.trim().is_empty());
        Body {
            profile: Profile { id: profile_id },
            seat: Seat { seat_id: &self.seat_id },
            delivery_format: super::issued::DELIVERY_FORMAT,
            attributes: Attributes {
                subject: Subject { common_name: &self.common_name },
                extensions: upn.map(|upn| Extensions { san: San { user_principal_names: [upn] } }),
            },
            csr: to_pem("CERTIFICATE REQUEST", self.csr.as_der()).trim_end().to_owned(),
        }
    }
}
