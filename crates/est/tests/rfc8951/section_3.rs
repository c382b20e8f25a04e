//! §3 Every body is base64, whatever Content-Transfer-Encoding says.

use devicecert_est::error::InvalidBody;
use devicecert_est::{CaCertificates, Endpoint, Error, Tolerance};
use devicecert_pki::Certificate;

use crate::common::{CA, CERTS_ONLY, base64, certs_only, endpoint, response, root};

fn strict() -> Endpoint {
    let mut strict = endpoint();
    strict.tolerance = Tolerance::STRICT;
    strict
}

fn ca() -> Certificate {
    root("CN=CA", &CA, 10)
}

fn read(endpoint: &Endpoint, headers: &[(&str, &str)], body: &[u8]) -> Result<usize, Error> {
    let answer = response(200, headers, body);
    CaCertificates::read(endpoint, &answer).map(|unverified| unverified.len())
}

#[test]
fn content_transfer_encoding_is_ignored() {
    let body = base64(&certs_only([&ca()]));
    for value in ["base64", "Base64", "binary", "7bit", "8bit", "quoted-printable", ""] {
        let headers = [CERTS_ONLY, ("Content-Transfer-Encoding", value)];
        assert_eq!(read(&strict(), &headers, &body), Ok(1), "{value}");
    }
    assert_eq!(read(&strict(), &[CERTS_ONLY], &body), Ok(1));
}

#[test]
fn octets_are_no_base64_unless_that_is_tolerated() {
    let der = certs_only([&ca()]);
    let headers = [CERTS_ONLY, ("Content-Transfer-Encoding", "binary")];
    assert_eq!(read(&endpoint(), &headers, &der), Ok(1));
    assert_eq!(read(&strict(), &headers, &der), Err(InvalidBody::Binary.into()));
}

#[test]
fn pem_is_no_base64_unless_that_is_tolerated() {
    let text = String::from_utf8(base64(&certs_only([&ca()]))).unwrap();
    for label in ["PKCS7", "CMS", "PKCS #7 SIGNED DATA", "CERTIFICATE CHAIN"] {
        let pem = format!("subject=x\n-----BEGIN {label}-----\n{text}\n-----END {label}-----\n");
        assert_eq!(read(&endpoint(), &[CERTS_ONLY], pem.as_bytes()), Ok(1), "{label}");
        let error = read(&strict(), &[CERTS_ONLY], pem.as_bytes());
        assert_eq!(error, Err(InvalidBody::Pem.into()));
    }
    for pem in [
        "-----BEGIN PKCS7-----\nMAA=\n".to_owned(),
        "-----BEGIN PKCS7".to_owned(),
        "-----BEGIN A-----\nMAA=\n-----END A-----\n-----BEGIN A-----\nMAA=\n-----END A-----\n"
            .to_owned(),
    ] {
        let error = read(&endpoint(), &[CERTS_ONLY], pem.as_bytes());
        assert_eq!(error, Err(InvalidBody::Armour.into()), "{pem}");
    }
}

#[test]
fn ber_is_no_der_unless_that_is_tolerated() {
    // The ContentInfo with an indefinite length around a content with a definite one.
    let der = certs_only([&ca()]);
    let inner = devicecert_pki::asn1::Tlv::parse(&der, "").unwrap().value;
    let ber = [&[0x30, 0x80][..], inner, &[0, 0]].concat();
    assert_eq!(read(&endpoint(), &[CERTS_ONLY], &base64(&ber)), Ok(1));
    let error = read(&strict(), &[CERTS_ONLY], &base64(&ber));
    assert_eq!(error, Err(InvalidBody::Ber.into()));
}

#[test]
fn another_content_type_is_refused_unless_it_is_tolerated() {
    let body = base64(&certs_only([&ca()]));
    for (content_type, is_right) in [
        ("application/pkcs7-mime", true),
        ("application/pkcs7-mime; smime-type=certs-only", true),
        ("application/pkcs7-mime;smime-type=certs-only", true),
        ("Application/PKCS7-MIME; smime-type=\"certs-only\"", true),
        ("application/pkcs7-mime; charset=utf-8", true),
        ("application/x-pkcs7-certificates", false),
        ("application/pkcs7-mimex", false),
        ("text/plain", false),
        ("", false),
    ] {
        let headers = [("Content-Type", content_type)];
        assert_eq!(read(&endpoint(), &headers, &body), Ok(1), "{content_type}");
        assert_eq!(read(&strict(), &headers, &body).is_ok(), is_right, "{content_type}");
    }
    assert_eq!(read(&endpoint(), &[], &body), Ok(1));
    assert!(read(&strict(), &[], &body).is_err());
}

#[test]
fn a_content_or_signer_in_a_certs_only_message_is_refused_unless_it_is_tolerated() {
    // One server sends an empty content: encapContentInfo { id-data, [0] { OCTET STRING {} } }.
    let der = certs_only([&ca()]);
    let absent = [0x30, 0x0b, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    let place = der.windows(absent.len()).position(|window| window == absent).unwrap();
    let mut with = der.clone();
    with[place + 1] += 4;
    with.splice(place + absent.len()..place + absent.len(), [0xa0, 2, 4, 0]);
    // Three lengths around, each of two octets.
    for length in [2, 17, 21] {
        let value = u16::from_be_bytes([with[length], with[length + 1]]) + 4;
        with[length..length + 2].copy_from_slice(&value.to_be_bytes());
    }
    assert_eq!(read(&endpoint(), &[CERTS_ONLY], &base64(&with)), Ok(1));
    assert!(read(&strict(), &[CERTS_ONLY], &base64(&with)).is_err());
}
