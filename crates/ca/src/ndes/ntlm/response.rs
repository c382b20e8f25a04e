//! What proves the password (MS-NLMP §3.3.2).

use devicecert_pki::Secret;
use hmac::{Hmac, KeyInit, Mac};
use md4::{Digest, Md4};
use md5::Md5;
use zeroize::Zeroizing;

/// A key of 16 octets, wiped when it is dropped.
pub(super) type Key = Zeroizing<[u8; 16]>;

/// HMAC_MD5 of the parts, one after the other.
pub(super) fn hmac_md5(key: &[u8; 16], parts: &[&[u8]]) -> [u8; 16] {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Md5>::new_from_slice(key) else { return [0; 16] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// NTOWFv2: the key that a user's password makes.
///
/// A password that is no UTF-8 is taken as if each wrong octet were U+FFFD; it fits no account.
pub(super) fn ntowf_v2(user: &str, domain: &str, password: &Secret) -> Key {
    let password = String::from_utf8_lossy(password.expose());
    let password = Zeroizing::new(utf16(password.chars()));
    let nt_hash: Key = Zeroizing::new(Md4::digest(&*password).into());
    let name = utf16(user.chars().map(upper).chain(domain.chars()));
    Zeroizing::new(hmac_md5(&nt_hash, &[&name]))
}

/// Windows puts one character in the place of one: `ß` stays what it is.
fn upper(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

pub(super) fn utf16(text: impl Iterator<Item = char>) -> Vec<u8> {
    // No octet of UTF-8 becomes more than two: a password is never moved, and left behind, while it
    // is written.
    let most = text.size_hint().1.unwrap_or_default();
    let mut bytes = Vec::with_capacity(most.saturating_mul(2));
    let mut buffer = [0; 2];
    for character in text {
        bytes
            .extend(character.encode_utf16(&mut buffer).iter().flat_map(|unit| unit.to_le_bytes()));
    }
    bytes
}

/// The responses to one challenge.
pub(super) struct Responses {
    /// LmChallengeResponse.
    pub(super) lm: [u8; 24],
    /// NtChallengeResponse: NTProofStr, then what it proves.
    pub(super) nt: Vec<u8>,
    /// SessionBaseKey, which is also the key that the MIC is made with as long as no other is
    /// exchanged.
    pub(super) session_base_key: Key,
}

impl Responses {
    /// `av_pairs` with their end; `time` is a FILETIME. Without `lm` that response is zero.
    pub(super) fn new(
        key: &Key,
        server_challenge: &[u8; 8],
        client_challenge: &[u8; 8],
        time: [u8; 8],
        av_pairs: &[u8],
        lm: Lm,
    ) -> Self {
        let temp = [
            &[1, 1, 0, 0, 0, 0, 0, 0],
            time.as_slice(),
            client_challenge,
            &[0; 4],
            av_pairs,
            &[0; 4],
        ]
        .concat();
        let proof = hmac_md5(key, &[server_challenge, &temp]);
        let mut lm_response = [0; 24];
        if let Lm::Version2 = lm {
            let response = hmac_md5(key, &[server_challenge, client_challenge]);
            let octets = response.iter().chain(client_challenge);
            lm_response.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
        }
        Self {
            lm: lm_response,
            nt: [proof.as_slice(), &temp].concat(),
            session_base_key: Zeroizing::new(hmac_md5(key, &[&proof])),
        }
    }
}

/// What is sent as LmChallengeResponse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lm {
    /// LMv2.
    Version2,
    /// Zeros, where the server tells the time and so is new enough to need nothing else.
    Absent,
}

#[cfg(test)]
mod tests {
    //! MS-NLMP §4.2.4, with the parameters of §4.2.1.

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        let octets = digits.chunks(2).map(|pair| core::str::from_utf8(pair).unwrap());
        octets.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    }

    fn key() -> Key {
        ntowf_v2("User", "Domain", &Secret::from("Password"))
    }

    fn responses(lm: Lm) -> Responses {
        let av_pairs =
            hex("02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000");
        let server_challenge = hex("0123456789abcdef").try_into().unwrap();
        Responses::new(&key(), &server_challenge, &[0xaa; 8], [0; 8], &av_pairs, lm)
    }

    #[test]
    fn section_4_2_4_1_1_ntowfv2() {
        assert_eq!(key().to_vec(), hex("0c868a403bfd7a93a3001ef22ef02e3f"));
    }

    #[test]
    fn section_4_2_4_1_2_session_base_key() {
        let key = responses(Lm::Version2).session_base_key;
        assert_eq!(key.to_vec(), hex("8de40ccadbc14a82f15cb0ad0de95ca3"));
    }

    #[test]
    fn section_4_2_4_2_1_lmv2_response() {
        let lm = responses(Lm::Version2).lm;
        assert_eq!(lm.to_vec(), hex("86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa"));
    }

    #[test]
    fn section_4_2_4_2_2_ntlmv2_response() {
        let nt = responses(Lm::Version2).nt;
        assert_eq!(nt.get(..16).unwrap(), hex("68cd0ab851e51c96aabc927bebef6a1c"));
        // The rest is in the AUTHENTICATE_MESSAGE of §4.2.4.3.
        let temp = hex(
            "0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000 02000c0044006f006d0061006900
             6e00 01000c00530065007200760065007200 00000000 00000000",
        );
        assert_eq!(nt.get(16..).unwrap(), temp);
    }

    #[test]
    fn section_3_1_5_1_2_no_lm_response_where_the_server_tells_the_time() {
        assert_eq!(responses(Lm::Absent).lm, [0; 24]);
        assert_eq!(responses(Lm::Absent).nt, responses(Lm::Version2).nt);
    }

    #[test]
    fn rfc_2202_section_2_hmac_md5() {
        assert_eq!(
            hmac_md5(&[0x0b; 16], &[b"Hi ", b"There"]).to_vec(),
            hex("9294727a3638bb1c13f48ef8158bfc9d"),
        );
    }

    #[test]
    fn a_user_s_name_counts_in_any_case_and_a_domain_does_not() {
        let password = Secret::from("Password");
        assert_eq!(ntowf_v2("uSER", "Domain", &password), key());
        assert_ne!(ntowf_v2("User", "DOMAIN", &password), key());
    }

    #[test]
    fn a_letter_without_one_capital_stays() {
        assert_eq!("straße".chars().map(upper).collect::<String>(), "STRAßE");
        assert_eq!("é".chars().map(upper).collect::<String>(), "É");
    }
}
