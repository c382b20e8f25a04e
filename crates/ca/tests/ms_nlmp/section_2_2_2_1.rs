//! AV_PAIR: what the client adds.

use devicecert_ca::Credentials;
use devicecert_ca::ndes::ntlm::{Authenticate, ChannelBinding};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::DigestAlgorithm;
use devicecert_pki::{Certificate, Limits, Provider};

use crate::common::{KEY, NOW, certificate_signed_with, hex, utf16le};
use crate::{CHALLENGE, WITH_TIME, av_pairs, challenge, field};

const FLAGS: u16 = 6;
const TARGET_NAME: u16 = 9;
const CHANNEL_BINDINGS: u16 = 10;

fn response(message: &str, binding: Option<&ChannelBinding>) -> Vec<u8> {
    let credentials = Credentials::new(r"Domain\User", "Password");
    let challenge = challenge(message);
    let mut answer =
        Authenticate::new(&challenge, &credentials, [0xaa; 8]).target_name("HTTP/ndes");
    if let Some(binding) = binding {
        answer = answer.channel_binding(binding);
    }
    field(&answer.to_bytes(NOW).unwrap(), 20).to_vec()
}

fn pair(response: &[u8], wanted: u16) -> Option<Vec<u8>> {
    let mut found = av_pairs(response).into_iter().filter(|(id, _)| *id == wanted);
    let value = found.next().map(|(_, value)| value.to_vec());
    assert_eq!(found.next(), None, "AvId {wanted} is there once");
    value
}

#[test]
fn the_name_of_the_service() {
    assert_eq!(pair(&response(CHALLENGE, None), TARGET_NAME), Some(utf16le("HTTP/ndes")));
}

#[test]
fn no_channel_binding_is_sixteen_zeros() {
    assert_eq!(pair(&response(CHALLENGE, None), CHANNEL_BINDINGS), Some(vec![0; 16]));
}

#[test]
fn a_channel_binding_is_the_md5_of_the_gss_structure() {
    // printf '\0%.0s' {1..16} | cat - <(printf '\x35\0\0\0tls-server-end-point:') \
    //     <(printf '\x07%.0s' {1..32}) | md5sum
    let binding = ChannelBinding::from_digest(&[7; 32]);
    assert_eq!(
        pair(&response(CHALLENGE, Some(&binding)), CHANNEL_BINDINGS),
        Some(hex("b1a3c6580100729194d4b9487c9edceb"))
    );
}

#[test]
fn rfc_5929_section_4_1_the_digest_is_that_of_the_signature() {
    for digest in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        let certificate = certificate_signed_with(&KEY, digest);
        let octets = RustCrypto.digest(digest, certificate.as_der()).unwrap();
        let binding = ChannelBinding::to_server(&certificate, &RustCrypto).unwrap();
        assert_eq!(binding, ChannelBinding::from_digest(&octets), "{}", digest.name());
    }
}

#[test]
fn rfc_5929_section_4_1_as_openssl_has_it() {
    let der = include_bytes!("../../../../testdata/rfc5652/rsa.crt");
    let certificate = Certificate::parse(der, &Limits::default()).unwrap();
    // openssl x509 -inform DER -in rsa.crt -noout -fingerprint -sha256
    let fingerprint = hex("a2c170c521ac1aa9e4e2db45db6a98d5096fc0c77c966a4d9e8d1aa425772d2f");
    assert_eq!(
        ChannelBinding::to_server(&certificate, &RustCrypto).unwrap(),
        ChannelBinding::from_digest(&fingerprint)
    );
}

#[test]
fn rfc_5929_section_4_1_sha_256_in_the_place_of_sha_1() {
    let certificate = certificate_signed_with(&KEY, DigestAlgorithm::Sha1);
    let octets = RustCrypto.digest(DigestAlgorithm::Sha256, certificate.as_der()).unwrap();
    let binding = ChannelBinding::to_server(&certificate, &RustCrypto).unwrap();
    assert_eq!(binding, ChannelBinding::from_digest(&octets));
}

#[test]
fn the_mic_is_announced_where_there_is_one_and_the_server_s_flags_stay() {
    assert_eq!(pair(&response(CHALLENGE, None), FLAGS), None);
    assert_eq!(pair(&response(WITH_TIME, None), FLAGS), Some(vec![2, 0, 0, 0]));
    let constrained = WITH_TIME
        .replace("3000300044000000", "3800380044000000")
        .replace("0102 00000000", "0102 0600040001000000 00000000");
    assert_eq!(pair(&response(&constrained, None), FLAGS), Some(vec![3, 0, 0, 0]));
}

#[test]
fn what_the_server_says_in_the_place_of_the_client_is_replaced() {
    // MsvAvChannelBindings and MsvAvTargetName of the server's choice.
    let forged = CHALLENGE.replace("2400240044000000", "3e003e0044000000").replace(
        "7200 00000000",
        "7200 0900020058000a00100011111111111111111111111111111111 00000000",
    );
    let forged = response(&forged, None);
    assert_eq!(pair(&forged, TARGET_NAME), Some(utf16le("HTTP/ndes")));
    assert_eq!(pair(&forged, CHANNEL_BINDINGS), Some(vec![0; 16]));
}

#[test]
fn a_pair_that_is_unknown_is_sent_back() {
    let unknown = CHALLENGE
        .replace("2400240044000000", "2a002a0044000000")
        .replace("7200 00000000", "7200 ff770200abcd 00000000");
    assert_eq!(pair(&response(&unknown, None), 0x77ff), Some(hex("abcd")));
}
