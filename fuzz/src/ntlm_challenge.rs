//! Challenges of NTLM servers: every one that can be read can be answered, and the answer is in
//! itself as it should be.

use devicecert_ca::ndes::ntlm::{Authenticate, Challenge, ChannelBinding};
use devicecert_ca::{Credentials, Limits};
use devicecert_pki::Time;

const HEADER: usize = 88;

pub fn run(data: &[u8]) {
    let limits = Limits::default();
    let challenge = match Challenge::parse(data, &limits) {
        Ok(challenge) => challenge,
        Err(error) => {
            let _ = error.to_string();
            return;
        }
    };
    let binding = ChannelBinding::from_digest(&[7; 32]);
    for username in [r"EXAMPLE\user", "user@example.com", "user"] {
        let [ours, another] =
            ["a-secret-password", "another"].map(|password| Credentials::new(username, password));
        let [answer, other] = [&ours, &another].map(|credentials| {
            Authenticate::new(&challenge, credentials, [0xaa; 8])
                .target_name("HTTP/ndes.example.com")
                .channel_binding(&binding)
        });
        assert_eq!(format!("{answer:?}"), format!("{other:?}"));
        let message = match answer.to_bytes(Time::from_unix(1_800_000_000)) {
            Ok(message) => message,
            // A domain as long as a message may be has no room in the answer.
            Err(error) => {
                assert!(challenge.target_name().len() > 1_000, "{error}");
                continue;
            }
        };
        let mut end = HEADER;
        for at in [12, 20, 28, 36, 44, 52] {
            let length = usize::from(u16::from_le_bytes([message[at], message[at + 1]]));
            let offset = u32::from_le_bytes(message[at + 4..at + 8].try_into().unwrap());
            assert_eq!(offset as usize, end, "one field after the other");
            end += length;
        }
        assert_eq!(end, message.len());
        let has_mic = message[72..HEADER] != [0; 16];
        let has_lm_response = message[HEADER..HEADER + 24] != [0; 24];
        assert_ne!(has_mic, has_lm_response, "a server that tells the time gets a MIC");
    }
}
