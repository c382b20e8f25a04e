//! The bodies of others, up to a limit.

use http_body_util::BodyExt;
use hyper::body::Incoming;

/// What was read of a body.
pub(super) struct Read {
    pub(super) bytes: Vec<u8>,
    pub(super) end: End,
}

/// Whether that is all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is.
    Whole,
    /// There is more.
    Cut,
}

/// Reads a body up to a limit.
pub(super) async fn read(body: &mut Incoming, limit: usize) -> Result<Read, hyper::Error> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        // What is not data are trailers.
        let Ok(data) = frame?.into_data() else { continue };
        let free = limit.saturating_sub(bytes.len());
        bytes.extend_from_slice(data.get(..free).unwrap_or(&data));
        if data.len() > free {
            return Ok(Read { bytes, end: End::Cut });
        }
    }
    Ok(Read { bytes, end: End::Whole })
}
