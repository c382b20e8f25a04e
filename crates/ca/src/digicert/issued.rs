//! What an order brings.

use devicecert_pki::{Certificate, Provider, Secret, from_pem};
use http::{Response, StatusCode};
use serde::Deserialize;

use super::{Error, Messages, Order};
use crate::error::{Misuse, PeerText};
use crate::identity::{Identity, Pkcs12Password};
use crate::limits::Limits;
use crate::message::from_json;
use crate::settings::CaName;

/// The only format that is ordered and taken.
pub(super) const DELIVERY_FORMAT: &str = "x509";

/// The most digits of a serial number: 20 octets (RFC 5280 §4.1.2.2).
const SERIAL_DIGITS: usize = 40;

/// A certificate that was ordered.
///
/// Its serial number and validity are what a server keeps for renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issued {
    /// The serial number in hexadecimal, as DigiCert writes it.
    pub serial_number: String,
    /// The certificate. It has the key of the request.
    pub certificate: Certificate,
}

#[derive(Deserialize)]
struct Answer {
    serial_number: Option<String>,
    delivery_format: Option<String>,
    certificate: Option<String>,
}

impl Issued {
    pub(super) fn read(
        response: &Response<Vec<u8>>,
        order: &Order,
        ca: &CaName,
        api_token: &Secret,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let messages = || Messages::read(response.body(), api_token, limits);
        match response.status() {
            StatusCode::CREATED => {}
            StatusCode::UNAUTHORIZED => {
                return Err(Error::TokenRefused { ca: ca.clone(), messages: messages() });
            }
            StatusCode::FORBIDDEN => {
                return Err(Error::ProfileUnknown { ca: ca.clone(), messages: messages() });
            }
            other => return Err(Error::Status { status: other.as_u16(), messages: messages() }),
        }
        let answer: Answer = from_json("an issued certificate", response.body(), limits)?;
        let shown = |text: &str| PeerText::new(text, &[api_token], limits.text_characters);
        let delivery_format = answer.delivery_format.unwrap_or_default();
        if delivery_format != DELIVERY_FORMAT {
            return Err(Error::DeliveryFormat(shown(&delivery_format)));
        }
        let serial_number = answer.serial_number.unwrap_or_default();
        let is_hex = serial_number.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !is_hex || !(1..=SERIAL_DIGITS).contains(&serial_number.len()) {
            return Err(Error::SerialNumber(shown(&serial_number)));
        }
        let pem = answer.certificate.unwrap_or_default();
        if pem.is_empty() {
            return Err(Error::NoCertificate);
        }
        let blocks = from_pem("CERTIFICATE", &pem).map_err(Error::Pem)?;
        let der = blocks.first().map(Vec::as_slice).unwrap_or_default();
        let certificate = Certificate::parse(der, &limits.pki).map_err(Error::Certificate)?;
        match certificate.public_key() == order.csr.public_key() {
            true => Ok(Self { serial_number, certificate }),
            false => Err(Error::OtherKey),
        }
    }

    /// The certificate with the key that the server made for it, ready for the device.
    ///
    /// `key` is a PKCS #8 PrivateKeyInfo.
    ///
    /// # Errors
    /// [`Misuse::Pki`] if the file cannot be written.
    pub fn identity(
        &self,
        key: Secret,
        password: Pkcs12Password,
        provider: &dyn Provider,
    ) -> Result<Identity, Misuse> {
        Ok(Identity::new(self.certificate.clone(), key, password, provider)?)
    }
}
