//! CHALLENGE_MESSAGE (MS-NLMP §2.2.1.2).

use core::fmt;

use devicecert_pki::error::LimitExceeded;

use super::av_pair::AvPairs;
use super::{Error, SIGNATURE, flag};
use crate::limits::Limits;

/// A server's challenge.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    pub(super) raw: Vec<u8>,
    pub(super) flags: u32,
    pub(super) server_challenge: [u8; 8],
    pub(super) target_name: String,
    pub(super) target_info: AvPairs,
}

impl Challenge {
    /// Reads a message that [`NEGOTIATE`](super::NEGOTIATE) was answered with.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn parse(message: &[u8], limits: &Limits) -> Result<Self, Error> {
        LimitExceeded::check("the NTLM message (bytes)", limits.ntlm_bytes, message.len())?;
        if !message.starts_with(&SIGNATURE) {
            return Err(Error::Signature);
        }
        let message_type = u32::from_le_bytes(array(message, 8, "MessageType")?);
        if message_type != 2 {
            return Err(Error::MessageType(message_type));
        }
        let (target_name, _) = field(message, 12, "TargetName")?;
        let flags = u32::from_le_bytes(array(message, 20, "NegotiateFlags")?);
        let server_challenge = array(message, 24, "ServerChallenge")?;
        if flags & flag::UNICODE == 0 {
            return Err(Error::NoUnicode);
        }
        if flags & flag::TARGET_INFO == 0 {
            return Err(Error::NoTargetInfo);
        }
        let (target_info, at) = field(message, 40, "TargetInfo")?;
        Ok(Self {
            raw: message.to_vec(),
            flags,
            server_challenge,
            target_name: utf16(target_name)?,
            target_info: AvPairs::parse(target_info, at)?,
        })
    }

    /// The name of the server, or of the domain that it belongs to.
    #[must_use]
    pub fn target_name(&self) -> &str {
        &self.target_name
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge")
            .field("target_name", &self.target_name)
            .field("flags", &format_args!("{:#010x}", self.flags))
            .finish_non_exhaustive()
    }
}

fn array<const N: usize>(
    message: &[u8],
    at: usize,
    expected: &'static str,
) -> Result<[u8; N], Error> {
    message
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .ok_or(Error::Truncated { at, expected })
}

/// The bytes that a length, a second length and an offset stand for, and the offset.
fn field<'a>(
    message: &'a [u8],
    at: usize,
    expected: &'static str,
) -> Result<(&'a [u8], usize), Error> {
    let [length, high, _, _, offset @ ..]: [u8; 8] = array(message, at, expected)?;
    let length = usize::from(u16::from_le_bytes([length, high]));
    // A field that is empty may point anywhere.
    if length == 0 {
        return Ok((&[], at));
    }
    // Beyond the end of any message on a platform whose addresses are shorter.
    let at = usize::try_from(u32::from_le_bytes(offset)).unwrap_or(usize::MAX);
    let bytes = message.get(at..).and_then(|rest| rest.get(..length));
    bytes.map(|bytes| (bytes, at)).ok_or(Error::Truncated { at, expected })
}

fn utf16(bytes: &[u8]) -> Result<String, Error> {
    if !bytes.len().is_multiple_of(2) {
        return Err(Error::TargetName);
    }
    let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    let units: Vec<u16> = units.map(u16::from_le_bytes).collect();
    String::from_utf16(&units).map_err(|_| Error::TargetName)
}
