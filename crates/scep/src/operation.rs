//! The HTTP requests of SCEP (RFC 8894 §4), read by a server.

use http::{Method, Request};
use percent_encoding::percent_decode_str;

use crate::error::{Error, InvalidOperation};
use crate::text;
use crate::tolerance::Tolerance;

/// What an HTTP request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// GetCACaps (§3.5.1). Some clients name a CA in `message`.
    GetCaCaps {
        /// The CA identifier, where given.
        identifier: Option<String>,
    },
    /// GetCACert (§4.2). Some clients name a CA in `message`.
    GetCaCert {
        /// The CA identifier, where given.
        identifier: Option<String>,
    },
    /// PKIOperation (§4.3): the pkiMessage.
    PkiOperation(Vec<u8>),
    /// GetNextCACert (§4.7).
    GetNextCaCert {
        /// The CA identifier, where given.
        identifier: Option<String>,
    },
}

impl Operation {
    /// Reads an HTTP request. Path, headers and the caller's limit on the body are the caller's
    /// business; RFC 8894 §4.1 says to ignore the path.
    ///
    /// The `message` of a GET is percent-decoded once and a literal `+` kept, since one platform
    /// sends its base64 unescaped.
    ///
    /// ```
    /// use devicecert_scep::{Operation, Tolerance};
    ///
    /// let request = http::Request::get("/scep?operation=PKIOperation&message=MA%2B+%0A").body(vec![])?;
    /// let operation = Operation::parse(&request, &Tolerance::default())?;
    /// assert_eq!(operation, Operation::PkiOperation(vec![0x30, 0x0f, 0xbe]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidOperation`]; answer it with HTTP status 400 and a constant text.
    pub fn parse<B: AsRef<[u8]>>(
        request: &Request<B>,
        tolerance: &Tolerance,
    ) -> Result<Self, Error> {
        let query = request.uri().query().unwrap_or_default();
        let name = parameter(query, "operation");
        let body = request.body().as_ref();
        let is_post = match *request.method() {
            Method::POST => true,
            Method::GET => false,
            _ => return Err(InvalidOperation::Method.into()),
        };
        let name = match name {
            Some(name) => name,
            None if is_post && tolerance.post_without_operation => "PKIOperation".to_owned(),
            None => return Err(InvalidOperation::Missing.into()),
        };
        let is = |wanted: &str| {
            name == wanted || (tolerance.operation_case && name.eq_ignore_ascii_case(wanted))
        };
        let identifier = || parameter(query, "message").filter(|identifier| !identifier.is_empty());
        if is("PKIOperation") {
            let message = match is_post {
                true => text::octets_of_body(body, tolerance)?.into_owned(),
                false => {
                    let message = parameter(query, "message").ok_or(InvalidOperation::NoMessage)?;
                    text::decode_base64(&message, tolerance)?
                }
            };
            return match message.is_empty() {
                true => Err(InvalidOperation::NoMessage.into()),
                false => Ok(Self::PkiOperation(message)),
            };
        }
        if is("GetCACaps") {
            Ok(Self::GetCaCaps { identifier: identifier() })
        } else if is("GetCACert") {
            Ok(Self::GetCaCert { identifier: identifier() })
        } else if is("GetNextCACert") {
            Ok(Self::GetNextCaCert { identifier: identifier() })
        } else {
            Err(InvalidOperation::Unknown.into())
        }
    }
}

/// The value of a query parameter, percent-decoded once. `+` stays what it is: this is no form.
fn parameter(query: &str, wanted: &str) -> Option<String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
}
