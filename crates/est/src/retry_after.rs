//! Retry-After (RFC 9110 §10.2.3): a number of seconds, or a date.

use core::time::Duration;
use std::time::UNIX_EPOCH;

use devicecert_pki::Time;
use http::HeaderMap;
use http::header::RETRY_AFTER;

use crate::error::UnacceptableReply;
use crate::limits::Limits;

/// How long to wait; `None` where the header is missing. A date that has passed means now.
pub(crate) fn read(
    headers: &HeaderMap,
    now: Time,
    limits: &Limits,
) -> Result<Option<Duration>, UnacceptableReply> {
    let Some(value) = headers.get(RETRY_AFTER) else { return Ok(None) };
    let text = value.to_str().map_err(|_| UnacceptableReply::RetryAfter)?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    let seconds = match is_number {
        // More digits than fit are a number, too.
        true => text.parse().unwrap_or(u64::MAX),
        false => {
            let date =
                httpdate::parse_http_date(text).map_err(|_| UnacceptableReply::RetryAfter)?;
            let date = date.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            date.saturating_sub(u64::try_from(now.unix()).unwrap_or(0))
        }
    };
    let limit = limits.retry_after.as_secs();
    match seconds > limit {
        true => Err(UnacceptableReply::LongPause { seconds, limit }),
        false => Ok(Some(Duration::from_secs(seconds))),
    }
}
