//! Content-Type (RFC 9110 §8.3, RFC 2045 §5.1), as EST peers write it.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::error::UnacceptableReply;
use crate::limits::Limits;
use crate::quoted;

pub(crate) const PKCS7_MIME: &str = "application/pkcs7-mime";
pub(crate) const PKCS10: &str = "application/pkcs10";
pub(crate) const PKCS8: &str = "application/pkcs8";
pub(crate) const CSR_ATTRS: &str = "application/csrattrs";
pub(crate) const MULTIPART_MIXED: &str = "multipart/mixed";

pub(crate) const CERTS_ONLY: &str = "application/pkcs7-mime; smime-type=certs-only";
pub(crate) const SERVER_GENERATED_KEY: &str =
    "application/pkcs7-mime; smime-type=server-generated-key";
pub(crate) const CMC_REQUEST: &str = "application/pkcs7-mime; smime-type=CMC-request";
pub(crate) const CMC_RESPONSE: &str = "application/pkcs7-mime; smime-type=CMC-response";

/// A media type with its parameters: names in lower case, values without their quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MediaType {
    essence: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Blanks may stand around `;` and `=`, values with or without quotes. What cannot be read
    /// as a parameter is passed over: nothing but `boundary` and `smime-type` is ever asked for.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pieces = quoted::split(text, ';');
        let essence = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let parameters = pieces
            .filter_map(|piece| piece.split_once('='))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), quoted::unquoted(value.trim())))
            .collect();
        Self { essence, parameters }
    }

    /// The Content-Type among `headers`; `None` where there is none, or one that is too long.
    pub(crate) fn of(headers: &HeaderMap, limits: &Limits) -> Option<Self> {
        let value = headers.get(CONTENT_TYPE)?;
        (value.len() <= limits.header_bytes).then(|| value.to_str().ok().map(Self::parse)).flatten()
    }

    pub(crate) fn is(&self, essence: &str) -> bool {
        self.essence == essence
    }

    /// The first parameter with this name.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Whether `smime-type` is this, in any case.
    pub(crate) fn is_smime_type(&self, wanted: &str) -> bool {
        self.parameter("smime-type").is_some_and(|found| found.eq_ignore_ascii_case(wanted))
    }
}

/// Says that a reply has another Content-Type than the operation's.
pub(crate) fn unexpected(
    expected: &'static str,
    headers: &HeaderMap,
    limits: &Limits,
) -> UnacceptableReply {
    let found = headers.get(CONTENT_TYPE).map_or_else(
        || "none".to_owned(),
        |value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            text.chars().take(limits.text_chars).flat_map(char::escape_default).collect()
        },
    );
    UnacceptableReply::ContentType { expected, found }
}
