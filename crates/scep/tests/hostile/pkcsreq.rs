//! A PKCSReq damaged on its way to the server (RFC 8894 §3.3.1).

use devicecert_pki::asn1::Tlv;
use devicecert_scep::Message;

use crate::backends::{AWS_LC, Backend, RUST};
use crate::damage::{each_flipped_bit, each_truncation, lies_in, outline};
use crate::server::{Answer, Server};

/// The one part of a PKCSReq that may change unnoticed: it selects the signer's certificate, is
/// compared by meaning where `respelt_issuer` allows, and the signature has to fit that certificate.
const UNSIGNED: [(&str, &[usize]); 1] =
    [("the issuer in the SignerInfo, in another case or string type", &[0, 1, 0, 4, 0, 1, 0])];

fn every_flipped_bit(backend: &'static Backend) {
    let server = Server::new(backend);
    let message = server.signed(server.envelope());
    assert_eq!(server.answer(&message), Answer::Granted);
    let outline = outline(&message);
    each_flipped_bit(&message, |octet, flipped| match server.answer(flipped) {
        Answer::BadRequest | Answer::Refused { .. } => None,
        Answer::Granted => {
            let path = &outline[octet];
            (!lies_in(path, &UNSIGNED)).then(|| format!("{path:?} was granted"))
        }
    });
}

#[test]
fn every_flipped_bit_is_refused_unless_no_signature_covers_it_crypto_rust() {
    every_flipped_bit(&RUST);
}

#[test]
fn every_flipped_bit_is_refused_unless_no_signature_covers_it_crypto_aws_lc() {
    every_flipped_bit(&AWS_LC);
}

#[test]
fn every_truncation_is_no_message() {
    let server = Server::new(&AWS_LC);
    let message = server.signed(server.envelope());
    each_truncation(&message, |cut| {
        let parsed = Message::parse(cut, &server.authority.limits);
        parsed.is_ok().then(|| format!("{} octets are a message", cut.len()))
    });
}

/// Cut off inside, with every length around the cut corrected, so that only the structure is short.
#[test]
fn every_truncation_with_corrected_lengths_is_an_error_or_a_failure() {
    let server = Server::new(&AWS_LC);
    let message = server.signed(server.envelope());
    each_truncation(&message, |cut| {
        let repaired = with_corrected_lengths(cut);
        let granted = server.answer(&repaired) == Answer::Granted;
        granted.then(|| format!("{} octets were granted", cut.len()))
    });
}

/// Shortens the lengths of the values that the end of `cut` lies in.
fn with_corrected_lengths(cut: &[u8]) -> Vec<u8> {
    let [tag, first, ..] = *cut else { return cut.to_vec() };
    let header = if first < 0x80 { 2 } else { 2 + usize::from(first & 0x7f) };
    if cut.len() < header {
        return cut.to_vec();
    }
    if let Ok(whole) = Tlv::parse(cut, "a value") {
        return whole.raw.to_vec();
    }
    let mut content = cut[header..].to_vec();
    if tag & 0x20 != 0 {
        // Everything before the last child is whole.
        let mut children = devicecert_pki::asn1::Reader::new(&content);
        while children.any("a value").is_ok() {}
        let last = children.offset();
        let repaired = with_corrected_lengths(&content[last..]);
        content.truncate(last);
        content.extend(repaired);
    }
    devicecert_pki::asn1::Writer::build(|w| w.value(tag, &content))
}
