//! Signing a request (RFC 9421 §3.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_pki::error::Misuse;
use devicecert_pki::{Provider, Time, ToBeSigned, Unsigned};
use http::header::HOST;
use http::{HeaderName, HeaderValue, Request};

use super::base::{SignatureParams, authority};
use super::error::{Error, Rejected};
use super::fields::Bare;
use super::identity::HostIdentity;
use super::{COVERED, LABEL, digest};
use crate::limits::Limits;

const CONTENT_DIGEST: HeaderName = HeaderName::from_static(digest::FIELD);
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");

impl HostIdentity {
    /// The request with `Content-Digest`, `Signature-Input` and `Signature`, once it is signed.
    ///
    /// `Host` is written, too, unless it is there: what is signed has to be what is sent. Method,
    /// URL, Host and body must not change afterwards. The nonce has to be random, and new for each
    /// request.
    ///
    /// # Errors
    /// [`Error::Unsignable`] for a request without authority, for a path with control characters,
    /// or outside the validity of the certificate.
    pub fn unsigned(
        &self,
        mut request: Request<Vec<u8>>,
        created: Time,
        nonce: &[u8; 32],
        provider: &dyn Provider,
    ) -> Result<Unsigned<Request<Vec<u8>>>, Error> {
        self.check_validity(created).map_err(Error::Unsignable)?;
        let host = authority(&request).map_err(Error::Unsignable)?;
        let digest = digest::write(request.body(), provider)?;
        let params = SignatureParams {
            components: COVERED.map(str::to_owned).to_vec(),
            parameters: vec![
                ("keyid".to_owned(), Bare::String(self.key_id().to_string())),
                ("created".to_owned(), Bare::Integer(created.unix())),
                ("nonce".to_owned(), Bare::String(STANDARD.encode(nonce))),
            ],
        };
        let headers = request.headers_mut();
        let mut insert = |name, value: String| -> Result<(), Error> {
            let value = HeaderValue::try_from(value);
            headers.insert(name, value.map_err(|_| Error::Unsignable(Rejected::NoHost))?);
            Ok(())
        };
        insert(HOST, host)?;
        insert(CONTENT_DIGEST, digest)?;
        insert(SIGNATURE_INPUT, format!("{LABEL}={}", params.to_field()))?;
        // Its own fields bound themselves.
        let base = params.base(&request, &Limits::default()).map_err(Error::Unsignable)?;
        let ecdsa = self.ecdsa;
        let ask = ToBeSigned::new(self.public_key().clone(), ecdsa.algorithm, base);
        Ok(Unsigned::new(ask, move |der| {
            let signature = STANDARD.encode(ecdsa.to_fixed(der)?);
            let signature = HeaderValue::try_from(format!("{LABEL}=:{signature}:"))
                .map_err(|_| Misuse::Signature)?;
            request.headers_mut().insert(SIGNATURE, signature);
            Ok(request)
        }))
    }
}
