//! What EJBCA issues a certificate for.

use devicecert_pki::{Csr, CsrParams, GeneralName, Name, Secret, to_pem};
use serde::Serialize;

use crate::error::Misuse;

/// The certification request for EJBCA: this common name, and these user principal names.
///
/// # Errors
/// [`Misuse`] if the common name is empty or cannot be encoded.
pub fn csr_params<'a>(
    common_name: &str,
    user_principal_names: impl IntoIterator<Item = &'a str>,
) -> Result<CsrParams, Misuse> {
    if common_name.is_empty() {
        return Err(Misuse::Empty("the common name"));
    }
    let params = CsrParams::new(Name::from_rdns([[("CN", common_name)]])?);
    let names = user_principal_names.into_iter();
    Ok(names.fold(params, |params, name| params.alt_name(GeneralName::Upn(name.to_owned()))))
}

/// The password of an end entity, used once: EJBCA asks for one with every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollmentCode(Secret);

impl EnrollmentCode {
    /// The code that these bytes make, in hexadecimal. Nobody may be able to predict them.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        let mut code = String::with_capacity(2 * 32);
        for octet in bytes {
            let digits = [octet >> 4, octet & 0xf].map(u32::from);
            code.extend(digits.iter().filter_map(|digit| char::from_digit(*digit, 16)));
        }
        Self(Secret::from(code))
    }

    /// The code.
    #[must_use]
    pub const fn as_secret(&self) -> &Secret {
        &self.0
    }
}

/// An order of one certificate for one host.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Order {
    /// The certification request.
    pub csr: Csr,
    /// The name of the end entity. The same name is the same entity.
    pub username: String,
    /// Its password.
    pub enrollment_code: EnrollmentCode,
}

impl Order {
    /// Orders a certificate for this end entity.
    #[must_use]
    pub fn new(csr: Csr, username: impl Into<String>, enrollment_code: EnrollmentCode) -> Self {
        Self { csr, username: username.into(), enrollment_code }
    }
}

#[derive(Serialize)]
pub(super) struct Body<'a> {
    certificate_request: String,
    certificate_profile_name: &'a str,
    end_entity_profile_name: &'a str,
    certificate_authority_name: &'a str,
    username: &'a str,
    password: &'a str,
    include_chain: bool,
    response_format: &'static str,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        order: &'a Order,
        certificate_profile_name: &'a str,
        end_entity_profile_name: &'a str,
        certificate_authority_name: &'a str,
    ) -> Self {
        let csr = to_pem("CERTIFICATE REQUEST", order.csr.as_der());
        let code = order.enrollment_code.as_secret().expose();
        Self {
            certificate_request: csr.trim_end().to_owned(),
            certificate_profile_name,
            end_entity_profile_name,
            certificate_authority_name,
            username: &order.username,
            // Made of hexadecimal digits above.
            password: core::str::from_utf8(code).unwrap_or_default(),
            include_chain: false,
            response_format: "DER",
        }
    }
}
