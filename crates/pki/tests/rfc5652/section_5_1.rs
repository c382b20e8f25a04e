//! RFC 5652 §5.1, SignedData.

use crate::support::signed::{Message, Signer};
use crate::support::{NULL, algorithm, certificate_of, limits, rsa, testdata, tlv, tolerant};
use ::cms::cert::CertificateChoices;
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data as oracle;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::cms::{Bundle, SignedData, SignedDataParams};
use devicecert_pki::error::{Error, Rejected};
use devicecert_pki::{Attribute, oid};
use x509_cert::der::{Decode, Encode};

const MESSAGE_TYPE: const_oid::ObjectIdentifier =
    const_oid::ObjectIdentifier::new_unwrap("2.16.840.1.113733.1.9.2");

fn decode(der: &[u8]) -> oracle::SignedData {
    let outer = ContentInfo::from_der(der).unwrap();
    assert_eq!(outer.content_type, oid::SIGNED_DATA);
    outer.content.decode_as().unwrap()
}

/// The shape of a SCEP message.
fn params() -> SignedDataParams {
    let signer = certificate_of("rsa");
    let mut params = SignedDataParams::new(signer.clone(), b"signed by devicecert".to_vec());
    params.attributes = vec![Attribute::new(MESSAGE_TYPE, tlv(0x13, b"19"))];
    params.certificates = vec![signer];
    params
}

fn write(params: &SignedDataParams) -> Vec<u8> {
    params.unsigned(&RustCrypto).unwrap().sign(rsa()).unwrap()
}

#[test]
fn what_openssl_verified_is_what_is_written() {
    assert_eq!(write(&params()), testdata("rfc5652/ours-signed.der"));
    assert_eq!(Bundle::new(&three()).to_der(), testdata("rfc5652/ours-certs-only.der"));
}

#[test]
fn what_is_written_is_der() {
    let der = write(&params());
    let again = ContentInfo::from_der(&der).unwrap().to_der().unwrap();
    assert_eq!(again, der);
    // The oracle sorts every SET OF: these were sorted.
    let signed = decode(&der);
    assert_eq!(signed.to_der().unwrap(), der[der.len() - signed.to_der().unwrap().len()..]);
}

#[test]
fn every_field_reaches_another_reader() {
    let signed = decode(&write(&params()));
    assert_eq!(signed.version, CmsVersion::V1);
    assert_eq!(signed.digest_algorithms.len(), 1);
    assert_eq!(signed.encap_content_info.econtent_type, oid::DATA);
    let content = signed.encap_content_info.econtent.unwrap();
    assert_eq!(content.value(), b"signed by devicecert");
    let certificates = signed.certificates.unwrap();
    let CertificateChoices::Certificate(certificate) = certificates.0.get(0).unwrap() else {
        panic!("{certificates:?}");
    };
    assert_eq!(certificate.to_der().unwrap(), testdata("rfc5652/rsa.crt"));

    assert_eq!(signed.signer_infos.0.len(), 1);
    let info = signed.signer_infos.0.get(0).unwrap();
    assert_eq!(info.version, CmsVersion::V1);
    // rsaEncryption with NULL: one client reads nothing else (RFC 3370 §3.2 allows both).
    assert_eq!(info.signature_algorithm.oid, oid::RSA_ENCRYPTION);
    let null = info.signature_algorithm.parameters.as_ref().unwrap();
    assert_eq!(null.to_der().unwrap(), [5, 0]);
    assert_eq!(info.digest_alg.oid, oid::SHA256);
    assert_eq!(info.digest_alg.parameters.as_ref().unwrap().to_der().unwrap(), [5, 0]);
    let attributes = info.signed_attrs.as_ref().unwrap();
    let types: Vec<_> = attributes.iter().map(|attribute| attribute.oid).collect();
    assert_eq!(types, [MESSAGE_TYPE, oid::CONTENT_TYPE, oid::MESSAGE_DIGEST]);
}

#[test]
fn other_content_makes_it_version_3() {
    let mut params = params();
    params.content_type = const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
    let der = write(&params);
    assert_eq!(decode(&der).version, CmsVersion::V3);
    let read = SignedData::parse(&der, &limits()).unwrap();
    assert_eq!(read.content_type(), params.content_type);
    read.verify(&params.signer, &RustCrypto, &tolerant()).unwrap();
}

/// Verifies a message that is right but for one thing.
fn changed(change: impl FnOnce(&mut Message)) -> Result<(), Error> {
    let mut message = Message::new([Signer::new()]);
    change(&mut message);
    message.parse().verify(&certificate_of("rsa"), &RustCrypto, &tolerant()).map(drop)
}

#[test]
fn the_version_fits_the_content() {
    let with = |version| changed(|message| message.version = version);
    assert_eq!(with(1), Ok(()));
    for version in [0, 2, 3, 4, 5, 6, 1000] {
        assert_eq!(with(version), Err(Rejected::Version("SignedData").into()), "{version}");
    }
    // Certificates or CRLs of another kind than X.509's make it 3, 4 or 5.
    let with_certificate = |version, tag| {
        changed(|message| {
            message.version = version;
            message.certificates.push(tlv(tag, &[]));
        })
    };
    let with_crl = |version| {
        changed(|message| {
            message.version = version;
            message.crls.push(tlv(0xa1, &[]));
        })
    };
    let refused = Err(Rejected::Version("SignedData").into());
    for (version, tag) in [(3, 0xa1), (4, 0xa2), (5, 0xa2), (5, 0xa3)] {
        assert_eq!(with_certificate(version, tag), Ok(()), "{version} {tag:#x}");
    }
    assert_eq!(with_crl(5), Ok(()));
    for tag in [0xa2, 0xa3] {
        assert_eq!(with_certificate(3, tag), refused, "{tag:#x}");
    }
    assert_eq!(with_crl(3), refused);
}

#[test]
fn version_3_is_for_other_content_or_a_key_identifier() {
    for name in ["signed-typed", "signed-ski"] {
        let der = testdata(&format!("rfc5652/{name}.der"));
        assert_eq!(decode(&der).version, CmsVersion::V3, "{name}");
        let signed = SignedData::parse(&der, &limits()).unwrap();
        signed.verify(&certificate_of("rsa"), &RustCrypto, &tolerant()).unwrap();
    }
    // PKCS #7 has no version 3, so 1 is taken for either.
    let identifier = certificate_of("rsa").extensions().subject_key_identifier().unwrap().to_vec();
    let signer = Signer::with(|signer| signer.sid = tlv(0x80, &identifier));
    for version in [1, 3] {
        let mut message = Message::new([signer.clone()]);
        message.version = version;
        message.parse().verify(&certificate_of("rsa"), &RustCrypto, &tolerant()).unwrap();
    }
}

#[test]
fn digest_algorithms_list_that_of_the_signer() {
    let with = |digests: &[Vec<u8>]| changed(|message| message.digests = digests.to_vec());
    let (sha1, sha256) = (algorithm(oid::SHA1, NULL), algorithm(oid::SHA256, NULL));
    assert_eq!(with(&[sha1.clone(), sha256]), Ok(()));
    assert_eq!(with(&[algorithm(oid::SHA256, b"")]), Ok(()), "absent parameters are NULL");
    let missing = Err(Rejected::DigestNotListed.into());
    assert_eq!(with(&[]), missing);
    assert_eq!(with(&[sha1]), missing);
    assert_eq!(with(&[algorithm(oid::SHA256, &[0x30, 0])]), missing);
}

fn three() -> [devicecert_pki::Certificate; 3] {
    ["rsa", "ec", "other"].map(certificate_of)
}

#[test]
fn certificates_keep_their_order_when_written() {
    // DER would sort the shortest first: that is not the leaf.
    let three = three();
    let lengths = three.each_ref().map(|certificate| certificate.as_der().len());
    assert!(!lengths.is_sorted());

    let bundle = Bundle::parse(&Bundle::new(&three).to_der(), &limits()).unwrap();
    let written: Vec<_> = bundle.certificates().collect();
    assert_eq!(written, three.each_ref().map(devicecert_pki::Certificate::as_der));

    let mut params = params();
    params.certificates = three.to_vec();
    let signed = SignedData::parse(&write(&params), &limits()).unwrap();
    assert_eq!(signed.certificates().collect::<Vec<_>>(), written);
    signed.verify(&params.signer, &RustCrypto, &tolerant()).unwrap();
}

#[test]
fn certificates_keep_their_order_when_read() {
    let der = testdata("rfc5652/certs-only.der");
    let bundle = Bundle::parse(&der, &limits()).unwrap();
    let read: Vec<Vec<u8>> = bundle.certificates().map(<[u8]>::to_vec).collect();
    let places: Vec<usize> = read
        .iter()
        .map(|certificate| {
            der.windows(certificate.len()).position(|window| window == certificate).unwrap()
        })
        .collect();
    assert_eq!(read.len(), 3);
    assert!(places.is_sorted());
    assert_eq!(bundle.crls().count(), 0);
    assert!(bundle.decoded(&limits()).all(|certificate| certificate.is_ok()));
}

#[test]
fn a_certs_only_message_has_no_content_digest_or_signer() {
    let signed = decode(&Bundle::new(&three()).to_der());
    assert_eq!(signed.version, CmsVersion::V1);
    assert_eq!(signed.digest_algorithms.len(), 0);
    assert_eq!(signed.encap_content_info.econtent_type, oid::DATA);
    assert_eq!(signed.encap_content_info.econtent, None);
    assert_eq!(signed.certificates.unwrap().0.len(), 3);
    assert_eq!(signed.crls, None);
    assert_eq!(signed.signer_infos.0.len(), 0);

    let empty = decode(&Bundle::default().to_der());
    assert_eq!(empty.certificates, None);
}

#[test]
fn crls_are_carried() {
    let der = testdata("rfc5652/certs-and-crl.der");
    let bundle = Bundle::parse(&der, &limits()).unwrap();
    assert_eq!(bundle.crls().collect::<Vec<_>>(), [testdata("rfc5652/empty.crl")]);
    assert_eq!(bundle.certificates().collect::<Vec<_>>(), [testdata("rfc5652/rsa.crt")]);
    assert_eq!(bundle.to_der(), der, "and written as OpenSSL writes them");

    let mut message = Message::new([Signer::new()]);
    message.crls = vec![testdata("rfc5652/empty.crl")];
    let signed = message.parse();
    assert_eq!(signed.crls().collect::<Vec<_>>(), message.crls);
    signed.verify(&certificate_of("rsa"), &RustCrypto, &tolerant()).unwrap();
}

#[test]
fn an_odd_certificate_does_not_spoil_the_good_one() {
    for odd in [
        vec![0x30, 0],              // nothing in it
        tlv(0x30, &[0x30, 0x7f]),   // a length that does not fit, one level down
        tlv(0x30, b"\x02\x01\x05"), // something else
    ] {
        for odd_first in [true, false] {
            let mut message = Message::new([Signer::new()]);
            let at = if odd_first { 0 } else { 1 };
            message.certificates.insert(at, odd.clone());
            let signed = message.parse();
            assert_eq!(signed.certificates().count(), 2);
            let signer = signed.signer_certificate(&limits(), &tolerant()).unwrap();
            assert_eq!(signer, certificate_of("rsa"));
            signed.verify(&signer, &RustCrypto, &tolerant()).unwrap();

            let bundle = Bundle::parse(&message.to_der(), &limits()).unwrap();
            let good: Vec<_> = bundle.decoded(&limits()).map(|one| one.is_ok()).collect();
            assert_eq!(good, [!odd_first, odd_first]);
        }
    }
}

#[test]
fn an_unreadable_certificate_of_the_signer_is_named_as_the_reason() {
    let mut message = Message::new([Signer::new()]);
    // An octet behind the signature, in the frame of the Certificate.
    let certificate = testdata("rfc5652/rsa.crt");
    let length = u16::from_be_bytes([certificate[2], certificate[3]]) + 1;
    let longer = [&[0x30, 0x82], &length.to_be_bytes()[..], &certificate[4..], &[0]].concat();
    message.certificates = vec![longer];
    let error = message.parse().signer_certificate(&limits(), &tolerant()).unwrap_err();
    assert!(matches!(error, Error::Malformed(_)), "{error:?}");
}

#[test]
fn attribute_certificates_are_passed_over() {
    let mut message = Message::new([Signer::new()]);
    message.certificates.insert(0, tlv(0xa2, &[5, 0]));
    let signed = message.parse();
    assert_eq!(signed.certificates().collect::<Vec<_>>(), [testdata("rfc5652/rsa.crt")]);
    signed.verify(&certificate_of("rsa"), &RustCrypto, &tolerant()).unwrap();
}

#[test]
fn without_its_certificate_the_signer_is_unknown() {
    let signed = SignedData::parse(&testdata("rfc5652/signed-nocerts.der"), &limits()).unwrap();
    assert_eq!(signed.certificates().count(), 0);
    let unknown = signed.signer_certificate(&limits(), &tolerant());
    assert_eq!(unknown, Err(Rejected::NoSignerCertificate.into()));
    // But whoever has it otherwise can check the message.
    signed.verify(&certificate_of("rsa"), &RustCrypto, &tolerant()).unwrap();
}

#[test]
fn there_is_exactly_one_signer() {
    let none = SignedData::parse(&testdata("rfc5652/certs-only.der"), &limits()).unwrap();
    let two = SignedData::parse(&testdata("rfc5652/signed-twice.der"), &limits()).unwrap();
    let same_twice = Message::new([Signer::new(), Signer::new()]).parse();
    for (signed, count) in [(none, 0), (two, 2), (same_twice, 2)] {
        assert_eq!(signed.signers().len(), count);
        let refused = Rejected::SignerCount(count);
        assert_eq!(signed.signer(), Err(refused));
        let error = signed.verify(&certificate_of("rsa"), &RustCrypto, &tolerant());
        assert_eq!(error, Err(refused.into()));
        let error = signed.signer_certificate(&limits(), &tolerant());
        assert_eq!(error, Err(refused.into()));
    }
}
