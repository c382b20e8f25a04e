//! X.690 §10 and §11, what is changed to get DER, and what is not.

use super::spelling::{Length, Node, Spelling, Strings, spellings};
use crate::support::signed::{CONTENT, Message, Signer};
use crate::support::{certificate_of, hex, limits, testdata, tlv, tolerant};
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::ber::normalise;
use devicecert_pki::cms::{Bundle, SignedData};
use std::borrow::Cow;

#[test]
fn der_is_borrowed() {
    for name in ["signed-sha256", "signed-twice", "certs-only", "enveloped-aes-128-cbc"] {
        let der = testdata(&format!("rfc5652/{name}.der"));
        let normalised = normalise(&der, &limits()).unwrap();
        assert!(matches!(normalised, Cow::Borrowed(same) if std::ptr::eq(same, &der[..])));
    }
}

#[test]
fn every_spelling_but_der_is_rewritten() {
    let message = Node::parse(&testdata("rfc5652/signed-sha256.der"));
    for spelling in spellings() {
        let ber = message.spell(spelling);
        let borrowed = matches!(normalise(&ber, &limits()).unwrap(), Cow::Borrowed(_));
        assert_eq!(borrowed, ber == message.to_der(), "{spelling:?}");
    }
}

#[test]
fn what_comes_out_stays_as_it_is() {
    let message = Node::parse(&testdata("rfc5652/enveloped-kinds.der"));
    for spelling in spellings() {
        let once = normalise(&message.spell(spelling), &limits()).unwrap().into_owned();
        assert!(matches!(normalise(&once, &limits()).unwrap(), Cow::Borrowed(_)));
    }
}

#[test]
fn sets_keep_their_order() {
    let unsorted = "31 06 020102 020101";
    assert_eq!(*normalise(&hex(unsorted), &limits()).unwrap(), hex(unsorted));
    let ber = hex("3180 020102 020101 0000");
    assert_eq!(*normalise(&ber, &limits()).unwrap(), hex(unsorted));
}

#[test]
fn primitive_values_keep_their_octets() {
    // BOOLEAN 01, a padded INTEGER, unused bits that are set, an empty OBJECT IDENTIFIER.
    let odd = "010101 02020001 030207ff 0600";
    let ber = [hex("3080"), hex(odd), hex("0000")].concat();
    assert_eq!(*normalise(&ber, &limits()).unwrap(), tlv(0x30, &hex(odd)));
}

/// A certs-only message in a frame of indefinite lengths, the certificates as they are.
fn framed(certificates: &[Vec<u8>]) -> Vec<u8> {
    let before = "3080 06092a864886f70d010702 a080 3080 020101 3100 300b 06092a864886f70d010701";
    let set = [&[0xa0, 0x80], &certificates.concat()[..], &[0, 0]].concat();
    [hex(before), set, hex("3100 0000 0000 0000")].concat()
}

#[test]
fn certificates_with_definite_lengths_are_not_entered() {
    // A signature is over what was sent, however oddly that was encoded.
    let odd = [
        "30 81 03 020105",   // a length longer than needed
        "30 04 24 80 00 00", // a string in chunks and an indefinite length
        "30 03 1f 1f 00",    // a tag of several octets
        "30 02 04 7f",       // a length that does not fit
    ]
    .map(hex);
    let bundle = Bundle::parse(&framed(&odd), &limits()).unwrap();
    assert_eq!(bundle.certificates().collect::<Vec<_>>(), odd);

    // Neither are they in a frame that is DER and stays so.
    let mut message = Message::new([]);
    message.certificates = odd.to_vec();
    let der = message.to_der();
    assert!(matches!(normalise(&der, &limits()), Ok(Cow::Borrowed(_))));
}

#[test]
fn a_certificate_with_an_indefinite_length_becomes_der() {
    let der = testdata("rfc5652/rsa.crt");
    let spelling = Spelling(Length::Indefinite, Strings::Primitive);
    let indefinite = Node::parse(&der).spell(spelling);
    assert_ne!(indefinite, der);
    let bundle = Bundle::parse(&framed(&[indefinite, der.clone()]), &limits()).unwrap();
    assert_eq!(bundle.certificates().collect::<Vec<_>>(), [&der[..], &der[..]]);
}

#[test]
fn a_signature_over_der_fits_after_the_message_was_spelt_in_ber() {
    let message = Node::parse(&Message::new([Signer::new()]).to_der());
    for spelling in spellings() {
        let signed = SignedData::parse(&message.spell(spelling), &limits()).unwrap();
        let verified = signed.verify(&certificate_of("rsa"), &RustCrypto, &tolerant());
        assert_eq!(verified.unwrap().content(), Some(CONTENT), "{spelling:?}");
    }
}
