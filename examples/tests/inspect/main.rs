//! What `inspect` says of messages that this library wrote, and of damaged ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod damage;
mod est;
mod support;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use devicecert::crypto_rust::{PrivateKey, RustCrypto};
use devicecert::pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert::pki::asn1::tag;
use devicecert::pki::cms::{Bundle, Seal};
use devicecert::pki::{Attribute, KeyKind, to_pem};
use devicecert::scep::AttributeName;

use support::{CHALLENGE, WORLD, attribute, envelope, has, message, opened, request, shown};

#[test]
fn a_request_is_told_in_words_and_a_sound_one_has_nothing_unusual() {
    let report = shown(&request());
    assert_eq!(report.damage, None);
    has(
        &report,
        &[
            "pkiMessage (SCEP",
            "PKCSReq (19)",
            "\"0123ABCD\" (8 characters, hexadecimal in upper case)",
            "07070707070707070707070707070707 (16 bytes)",
            "SHA-256 (2.16.840.1.101.3.4.2.1)",
            "rsaEncryption (1.2.840.113549.1.1.1)",
            "right, over the bytes as sent",
            "subject CN=laptop-7,O=Example",
            "AES-128-CBC (2.16.840.1.101.3.4.1.2)",
            "can be opened by issuer CN=Test CA, serial number",
            "give the key of a recipient with --key",
            "Unusual nothing",
        ],
    );
}

#[test]
fn with_the_key_the_request_inside_is_shown_and_the_challenge_is_not() {
    let report = opened(&request(), &WORLD.ca_key);
    assert_eq!(report.damage, None);
    has(
        &report,
        &[
            "opened with the key given",
            "Certification request",
            "challengePassword [redacted, 21 characters]",
            "right: whoever asks holds the private key",
            "Unusual nothing",
        ],
    );
    assert!(!report.text.contains(CHALLENGE));
    let hex: String = CHALLENGE.bytes().map(|octet| format!("{octet:02x}")).collect();
    assert!(!report.text.contains(&hex));
}

#[test]
fn another_key_does_not_open_it_and_that_is_no_damage() {
    for message in [request(), message(envelope(b"\x30\x00", &WORLD.device), |_| {})] {
        let other = PrivateKey::generate(KeyKind::Rsa { bits: 2048 }).unwrap();
        let report = opened(&message, &other);
        assert_eq!(report.damage, None);
        // One wrong key in 256 gives octets whose end looks like padding.
        if !report.text.contains("unless the key is wrong") {
            has(&report, &["the key given does not open it"]);
        }
    }
}

#[test]
fn a_reply_shows_the_certificates_inside() {
    let bundle = Bundle::new([&WORLD.device, &WORLD.ca]).to_der();
    let reply = message(envelope(&bundle, &WORLD.device), |params| {
        params.attributes[0] = attribute(AttributeName::MessageType, tag::PRINTABLE_STRING, b"3");
        params.attributes.push(attribute(AttributeName::PkiStatus, tag::PRINTABLE_STRING, b"0"));
        params.attributes.push(attribute(
            AttributeName::RecipientNonce,
            tag::OCTET_STRING,
            &[9; 8],
        ));
        params.certificates.clear();
    });
    let report = opened(&reply, &WORLD.device_key);
    has(
        &report,
        &[
            "CertRep (3)",
            "SUCCESS (0)",
            "not checked: no certificate at hand belongs to the signer",
            "no certificates in the message",
            "recipientNonce has 8 bytes",
            "Certs-only message",
            "Certificate 2 of 2",
            "CA yes",
        ],
    );
}

#[test]
fn a_refusal_says_why_and_that_its_content_is_empty() {
    let refusal = message(Vec::new(), |params| {
        params.attributes[0] = attribute(AttributeName::MessageType, tag::PRINTABLE_STRING, b"3");
        params.attributes.push(attribute(AttributeName::PkiStatus, tag::PRINTABLE_STRING, b"2"));
        params.attributes.push(attribute(AttributeName::FailInfo, tag::PRINTABLE_STRING, b"14606"));
        let text = "wrong\nchallenge \u{202e}".as_bytes();
        params.attributes.push(attribute(AttributeName::FailInfoText, tag::UTF8_STRING, text));
    });
    let report = shown(&refusal);
    has(
        &report,
        &[
            "FAILURE (2)",
            "14606, which RFC 8894 does not define",
            "failInfoText \"wrong\\nchallenge \\u{202e}\"",
            "an empty OCTET STRING",
            "the attribute recipientNonce is missing",
        ],
    );
}

#[test]
fn what_is_odd_in_the_attributes_is_listed() {
    let odd = message(envelope(WORLD.csr.as_der(), &WORLD.ca), |params| {
        let unknown = Attribute::new("1.2.840.113549.1.9.25.3".parse().unwrap(), vec![4, 1, 5]);
        let mut time = vec![tag::UTC_TIME, 17];
        time.extend(b"160531073014-0400");
        params.attributes = vec![
            attribute(AttributeName::MessageType, tag::UTF8_STRING, b"18"),
            attribute(AttributeName::TransactionId, tag::PRINTABLE_STRING, &[b'x'; 100]),
            unknown,
            Attribute::new("1.2.840.113549.1.9.5".parse().unwrap(), time),
        ];
        params.digest = DigestAlgorithm::Sha1;
    });
    has(
        &shown(&odd),
        &[
            "undefined (18), no message of RFC 8894",
            "messageType is a UTF8String instead of a PrintableString (byte ",
            "the transactionID has 100 characters",
            "signed attribute randomNonce",
            "signingTime is written as \"160531073014-0400\"",
            "signingTime lies outside the validity",
            "the attribute senderNonce is missing",
            "SHA-1 in the signature of the message",
        ],
    );
}

#[test]
fn old_ciphers_and_other_key_transports_are_named() {
    for (cipher, transport, wanted) in [
        (ContentCipher::DesCbc, KeyTransport::RsaPkcs1, "single DES"),
        (
            ContentCipher::DesEde3Cbc,
            KeyTransport::RSA_OAEP_SHA1,
            "RSAES-OAEP (1.2.840.113549.1.1.7) with SHA-1",
        ),
    ] {
        let seal = Seal::new(cipher, transport);
        let enveloped = seal.envelope(WORLD.csr.as_der(), &WORLD.ca, &RustCrypto).unwrap();
        let report = opened(&enveloped, &WORLD.ca_key);
        has(&report, &[wanted, cipher.name(), "Certification request"]);
    }
}

#[test]
fn an_altered_signature_is_not_right() {
    let mut altered = request();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    let report = shown(&altered);
    has(&report, &["NOT RIGHT: the signature of the message is wrong"]);
    assert_eq!(report.damage, None);
}

#[test]
fn ber_is_read_and_named() {
    // The same certs-only message with an indefinite length outside.
    let der = Bundle::new([&WORLD.ca]).to_der();
    let (header, content) = der.split_at(4);
    assert_eq!(header[..2], [0x30, 0x82]);
    let ber = [&[0x30, 0x80], content, &[0, 0]].concat();
    has(&shown(&ber), &["Certs-only", "subject CN=Test CA", "indefinite length (byte 0)"]);
    let long = [&[0x30, 0x83, 0][..], &header[2..], content].concat();
    has(&shown(&long), &["Certs-only", "length written longer than needed (byte 0)"]);
}

#[test]
fn every_spelling_of_the_same_bytes_is_read() {
    let der = WORLD.csr.as_der();
    let pem = to_pem("CERTIFICATE REQUEST", der);
    let base64 = STANDARD.encode(der);
    let broken: String = base64
        .as_bytes()
        .chunks(64)
        .map(|line| format!("{}\r\n", str::from_utf8(line).unwrap()))
        .collect();
    let percent = base64.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D");
    let with_bom = format!("\u{feff}{broken}");
    let explained = format!("Subject: somebody\n{pem}bye\n");
    let newline = [der, b"\n"].concat();
    for spelling in [
        der,
        pem.as_bytes(),
        explained.as_bytes(),
        base64.as_bytes(),
        broken.as_bytes(),
        percent.as_bytes(),
        with_bom.as_bytes(),
        URL_SAFE_NO_PAD.encode(der).as_bytes(),
        &newline,
    ] {
        let report = shown(spelling);
        assert_eq!(report.damage, None, "{}", String::from_utf8_lossy(spelling));
        has(&report, &["Certification request", "CN=laptop-7"]);
    }
    has(&shown(&newline), &["1 bytes behind the end"]);
}

#[test]
fn a_pem_file_is_shown_block_by_block_and_the_key_is_not() {
    let key = WORLD.device_key.to_pkcs8_pem().unwrap();
    let key = String::from_utf8(key.expose().to_vec()).unwrap();
    let file = format!("{key}{}", to_pem("CERTIFICATE", WORLD.device.as_der()));
    let report = shown(file.as_bytes());
    assert_eq!(report.damage, None);
    has(
        &report,
        &["PEM block 1 of 2: PRIVATE KEY", "kind RSA, 2048 bits", "PEM block 2 of 2: CERTIFICATE"],
    );
    assert!(!report.text.contains(key.lines().nth(3).unwrap()));
    // Key and certificate belong together, and that shows.
    let digests: Vec<&str> = report
        .text
        .lines()
        .filter(|line| line.contains("public key SHA-256"))
        .map(|line| &line[20..])
        .collect();
    assert_eq!(digests.len(), 2);
    assert_eq!(digests[0].trim(), digests[1].trim());
}
