//! AUTHENTICATE_MESSAGE (MS-NLMP §2.2.1.3, §3.1.5.1.2).

use core::fmt;

use devicecert_pki::Time;
use devicecert_pki::error::LimitExceeded;

use super::av_pair::id;
use super::response::{Lm, Responses, hmac_md5, ntowf_v2, utf16};
use super::{Challenge, ChannelBinding, Error, NEGOTIATE, OFFERED, SIGNATURE, VERSION};
use crate::credentials::Credentials;

/// Where the payload starts: after six fields, flags, version and MIC.
const HEADER: usize = 88;
/// Where the MIC is.
const MIC: usize = 72;

/// The answer to a [`Challenge`].
pub struct Authenticate<'a> {
    challenge: &'a Challenge,
    credentials: &'a Credentials,
    client_challenge: [u8; 8],
    target_name: String,
    channel_binding: Option<&'a ChannelBinding>,
}

impl<'a> Authenticate<'a> {
    /// Answers for this user. Nobody may be able to predict `client_challenge`.
    ///
    /// The user is `DOMAIN\user` or `user@domain.example`; one without a domain is looked for where
    /// the server says that it belongs to.
    #[must_use]
    pub const fn new(
        challenge: &'a Challenge,
        credentials: &'a Credentials,
        client_challenge: [u8; 8],
    ) -> Self {
        Self {
            challenge,
            credentials,
            client_challenge,
            target_name: String::new(),
            channel_binding: None,
        }
    }

    /// Says which service is meant, such as `HTTP/ndes.example.com`.
    #[must_use]
    pub fn target_name(mut self, name: impl Into<String>) -> Self {
        self.target_name = name.into();
        self
    }

    /// Binds the answer to one TLS server.
    #[must_use]
    pub const fn channel_binding(mut self, binding: &'a ChannelBinding) -> Self {
        self.channel_binding = Some(binding);
        self
    }

    /// The message. `now` counts only if the server did not tell the time.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] if a name is so long that its length has no room in the message.
    pub fn to_bytes(&self, now: Time) -> Result<Vec<u8>, Error> {
        let (domain, user) = self.account();
        let mut pairs = self.challenge.target_info.clone();
        let timestamp = pairs.timestamp();
        if timestamp.is_some() {
            pairs.announce_mic();
        }
        pairs.set(
            id::TARGET_NAME,
            short("the name of the service", utf16(self.target_name.chars()))?,
        );
        let binding = self.channel_binding.map_or([0; 16], ChannelBinding::hash);
        pairs.set(id::CHANNEL_BINDINGS, binding.to_vec());
        let responses = Responses::new(
            &ntowf_v2(user, domain, self.credentials.password()),
            &self.challenge.server_challenge,
            &self.client_challenge,
            timestamp.unwrap_or_else(|| file_time(now)),
            &pairs.to_bytes(),
            if timestamp.is_some() { Lm::Absent } else { Lm::Version2 },
        );

        let mut header = [SIGNATURE.as_slice(), &3_u32.to_le_bytes()].concat();
        let mut payload = Vec::new();
        // LmChallengeResponse and NtChallengeResponse, DomainName, UserName, Workstation,
        // EncryptedRandomSessionKey: a key would be sent by those who exchange one.
        let (domain, user) = (utf16(domain.chars()), utf16(user.chars()));
        for value in [responses.lm.as_slice(), &responses.nt, &domain, &user, &[], &[]] {
            put(&mut header, &mut payload, value)?;
        }
        header.extend((OFFERED & self.challenge.flags).to_le_bytes());
        header.extend(VERSION);
        let unsigned = [header.as_slice(), &[0; 16], &payload].concat();
        if timestamp.is_none() {
            return Ok(unsigned);
        }
        let messages = [NEGOTIATE.as_slice(), &self.challenge.raw, &unsigned];
        let mic = hmac_md5(&responses.session_base_key, &messages);
        let rest = unsigned.get(MIC.saturating_add(mic.len())..).unwrap_or_default();
        Ok([header.as_slice(), &mic, rest].concat())
    }

    /// Domain and user.
    fn account(&self) -> (&'a str, &'a str) {
        let username = self.credentials.username();
        match username.split_once('\\') {
            Some(account) => account,
            None if username.contains('@') => ("", username),
            None => (&self.challenge.target_name, username),
        }
    }
}

/// Appends a field to the header, and what it points at to the payload.
fn put(header: &mut Vec<u8>, payload: &mut Vec<u8>, value: &[u8]) -> Result<(), Error> {
    let too_long = |found| LimitExceeded {
        what: "a field of the NTLM message (bytes)",
        limit: u64::from(u16::MAX),
        found,
    };
    let length = u16::try_from(value.len()).map_err(|_| too_long(value.len() as u64))?;
    // Six values of 64 KiB each.
    let offset = u32::try_from(HEADER.saturating_add(payload.len())).unwrap_or(u32::MAX);
    header.extend(length.to_le_bytes());
    header.extend(length.to_le_bytes());
    header.extend(offset.to_le_bytes());
    payload.extend(value);
    Ok(())
}

/// A value whose length has 16 bits.
fn short(what: &'static str, value: Vec<u8>) -> Result<Vec<u8>, Error> {
    LimitExceeded::check(what, usize::from(u16::MAX), value.len())?;
    Ok(value)
}

/// FILETIME: tenths of microseconds since 1601.
fn file_time(time: Time) -> [u8; 8] {
    const UNIX_EPOCH: i64 = 11_644_473_600;
    let seconds = u64::try_from(time.unix().saturating_add(UNIX_EPOCH)).unwrap_or(0);
    seconds.saturating_mul(10_000_000).to_le_bytes()
}

impl fmt::Debug for Authenticate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticate")
            .field("challenge", self.challenge)
            .field("credentials", self.credentials)
            .field("target_name", &self.target_name)
            .field("channel_binding", &self.channel_binding)
            .finish_non_exhaustive()
    }
}
