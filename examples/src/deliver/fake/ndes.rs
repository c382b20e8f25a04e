//! The admin page of NDES, behind NTLM.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert::ca::ndes::ntlm::{Authenticate, Challenge};
use devicecert::ca::{Credentials, Limits};
use devicecert::pki::{Provider, Secret, Time};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::Bytes;

use super::{Conversation, header, of_type, refusal};
use crate::deliver::outstanding::Outstanding;

/// The page.
#[derive(Clone)]
pub(in crate::deliver) struct Ndes {
    pub(in crate::deliver) credentials: Credentials,
    pub(in crate::deliver) outstanding: Outstanding,
    pub(in crate::deliver) provider: &'static dyn Provider,
}

/// How many challenges NDES keeps.
const CACHED: usize = 5;

impl Ndes {
    /// What is authenticated is a connection, so each has a server challenge of its own.
    pub(in crate::deliver) fn begin(&self) -> Conversation {
        let ndes = self.clone();
        let mut server_challenge = None;
        Box::new(move |request| ndes.answer(request, &mut server_challenge))
    }

    fn answer(
        &self,
        request: &Request<Bytes>,
        server_challenge: &mut Option<[u8; 8]>,
    ) -> Response<Vec<u8>> {
        let message = header(request, "authorization").strip_prefix(b"NTLM ");
        let message = message.and_then(|message| STANDARD.decode(message).ok());
        match (message, server_challenge.take()) {
            (None, _) => offer("NTLM".to_owned()),
            (Some(_), None) => {
                let mut octets = [0; 8];
                if self.provider.random(&mut octets).is_err() {
                    return refusal(StatusCode::INTERNAL_SERVER_ERROR);
                }
                *server_challenge = Some(octets);
                offer(format!("NTLM {}", STANDARD.encode(challenge_message(octets))))
            }
            (Some(message), Some(octets)) => match self.is_authenticated(&message, octets) {
                true => self.page(),
                false => offer("NTLM".to_owned()),
            },
        }
    }

    /// Makes the answer that the client has to make from the same password, and compares.
    fn is_authenticated(&self, message: &[u8], server_challenge: [u8; 8]) -> bool {
        let Some(client_challenge) = client_challenge(message) else { return false };
        let challenge = challenge_message(server_challenge);
        let Ok(challenge) = Challenge::parse(&challenge, &Limits::default()) else { return false };
        let expected = Authenticate::new(&challenge, &self.credentials, client_challenge)
            .target_name("HTTP/127.0.0.1")
            // The server tells the time in its challenge.
            .to_bytes(Time::from_unix(0));
        expected.is_ok_and(|expected| Secret::new(expected) == Secret::new(message.to_vec()))
    }

    fn page(&self) -> Response<Vec<u8>> {
        let text = match self.outstanding.hand_out::<8>(CACHED, self.provider) {
            Ok(Some(challenge)) => format!(
                "<HTML><BODY><P> The enrollment challenge password is: <B> {challenge} </B>\
                 <P> This password can be used only once and will expire within 60 minutes.\
                 </BODY></HTML>"
            ),
            Ok(None) => "<HTML><BODY><P> The password cache is full.</BODY></HTML>".to_owned(),
            Err(_) => return refusal(StatusCode::INTERNAL_SERVER_ERROR),
        };
        // As NDES does: UTF-16 without a mark, and not said anywhere.
        of_type("text/html", utf16(&text))
    }
}

fn offer(how: String) -> Response<Vec<u8>> {
    let mut response = refusal(StatusCode::UNAUTHORIZED);
    if let Ok(value) = HeaderValue::try_from(how) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}

/// CHALLENGE_MESSAGE (MS-NLMP §2.2.1.2), with the name of a domain and the time.
fn challenge_message(server_challenge: [u8; 8]) -> Vec<u8> {
    let domain = utf16("EXAMPLE");
    let attribute = |id: u16, value: &[u8]| {
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        [&id.to_le_bytes(), &length.to_le_bytes(), value].concat()
    };
    // MsvAvNbDomainName, MsvAvTimestamp, MsvAvEOL.
    let time = 0x01da_0000_0000_0000_u64.to_le_bytes();
    let info = [attribute(2, &domain), attribute(7, &time), attribute(0, &[])].concat();
    let field = |length: usize, offset: usize| {
        let length = u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes();
        let offset = u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes();
        [&length[..], &length, &offset].concat()
    };
    const HEADER: usize = 56;
    let behind = HEADER.saturating_add(domain.len());
    [
        b"NTLMSSP\0".as_slice(),
        &2_u32.to_le_bytes(),
        &field(domain.len(), HEADER),
        // Unicode, target information, extended session security, 128 and 56 bits, and others.
        &0xe28a_8233_u32.to_le_bytes(),
        &server_challenge,
        &[0; 8],
        &field(info.len(), behind),
        &[10, 0, 0, 0, 0, 0, 0, 15],
        &domain,
        &info,
    ]
    .concat()
}

/// The client's challenge in an AUTHENTICATE_MESSAGE (§2.2.1.3, §2.2.2.7).
fn client_challenge(message: &[u8]) -> Option<[u8; 8]> {
    let offset = message.get(24..28)?.try_into().ok().map(u32::from_le_bytes)?;
    // NTProofStr has 16 octets, and so have the fields before the challenge.
    let at = usize::try_from(offset).ok()?.checked_add(32)?;
    message.get(at..at.checked_add(8)?)?.try_into().ok()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
