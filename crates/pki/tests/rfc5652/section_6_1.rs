//! RFC 5652 §6.1, EnvelopedData, with the ciphers of RFC 3370 and RFC 3565.

use crate::support::enveloped::{BLOCK, CONTENT, Envelope, VERSION_0, content_key};
use crate::support::signed::issuer_and_serial;
use crate::support::{
    OCTET, PREDICTABLE, algorithm, certificate_of, hex, legacy, limits, malformed, rsa, sequence,
    testdata, tlv, tolerant,
};
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::enveloped_data as oracle;
use devicecert_crypto_rust::RustCrypto;
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport};
use devicecert_pki::cms::{EnvelopedData, Seal};
use devicecert_pki::error::{Error, Found, Unsupported};
use devicecert_pki::{Secret, Tolerance, oid};
use x509_cert::der::{Decode, Encode};

fn open(der: &[u8], tolerance: &Tolerance) -> Result<Vec<u8>, Error> {
    let enveloped = EnvelopedData::parse(der, &limits())?;
    let locked = enveloped.lock(&certificate_of("rsa"), &RustCrypto, tolerance)?;
    locked.unlock(rsa()).map(|content| content.expose().to_vec())
}

#[test]
fn messages_of_openssl_open() {
    let content = testdata("rfc5652/content.txt");
    for name in [
        "aes-128-cbc",
        "aes-192-cbc",
        "aes-256-cbc",
        "des-ede3-cbc",
        "oaep-sha1",
        "oaep-sha256",
        "ski",
        "other-first",
        "kinds",
    ] {
        let der = testdata(&format!("rfc5652/enveloped-{name}.der"));
        assert_eq!(open(&der, &Tolerance::STRICT).as_ref(), Ok(&content), "{name}");
    }
    let empty = testdata("rfc5652/enveloped-empty.der");
    assert_eq!(open(&empty, &Tolerance::STRICT), Ok(Vec::new()));
}

#[test]
fn single_des_opens_only_where_legacy_algorithms_are_allowed() {
    let der = testdata("rfc5652/enveloped-des-cbc.der");
    for tolerance in [tolerant(), Tolerance::STRICT] {
        assert_eq!(open(&der, &tolerance), Err(Unsupported::Legacy("single DES").into()));
    }
    assert_eq!(open(&der, &legacy()), Ok(testdata("rfc5652/content.txt")));
}

#[test]
fn every_cipher_and_key_transport_is_written_and_read() {
    let transports = [
        KeyTransport::RsaPkcs1,
        KeyTransport::RSA_OAEP_SHA1,
        KeyTransport::RsaOaep { digest: DigestAlgorithm::Sha256, mgf1: DigestAlgorithm::Sha256 },
        KeyTransport::RsaOaep { digest: DigestAlgorithm::Sha256, mgf1: DigestAlgorithm::Sha1 },
    ];
    for cipher in ContentCipher::ALL {
        for transport in transports {
            let seal = Seal::new(cipher, transport);
            let der = seal.envelope(b"secret", &certificate_of("rsa"), &RustCrypto).unwrap();
            assert_eq!(open(&der, &legacy()), Ok(b"secret".to_vec()), "{seal:?}");
            assert!(!der.windows(6).any(|window| window == b"secret"));
            let again = ContentInfo::from_der(&der).unwrap().to_der().unwrap();
            assert_eq!(again, der, "{seal:?}");
        }
    }
}

#[test]
fn content_of_every_length_fits_its_blocks() {
    for length in [0, 1, 15, 16, 17, 31, 32, 1000] {
        let content = vec![b'x'; length];
        let seal = Seal::default();
        let der = seal.envelope(&content, &certificate_of("rsa"), &RustCrypto).unwrap();
        let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
        // RFC 5652 §6.3: at least one octet of padding, so a whole block where it fits exactly.
        assert_eq!(enveloped.encrypted_content().len(), (length / 16 + 1) * 16);
        assert_eq!(open(&der, &Tolerance::STRICT), Ok(content));
    }
}

#[test]
fn every_field_reaches_another_reader() {
    let recipient = certificate_of("rsa");
    let der = Seal::default().envelope(b"content", &recipient, &PREDICTABLE).unwrap();
    let outer = ContentInfo::from_der(&der).unwrap();
    assert_eq!(outer.content_type, oid::ENVELOPED_DATA);
    let enveloped: oracle::EnvelopedData = outer.content.decode_as().unwrap();
    assert_eq!(enveloped.version, CmsVersion::V0);
    assert_eq!(enveloped.originator_info, None);
    assert_eq!(enveloped.unprotected_attrs, None);
    let content = enveloped.encrypted_content;
    assert_eq!(content.content_type, oid::DATA);
    assert_eq!(content.content_enc_alg.oid, oid::AES_128_CBC);
    let iv = content.content_enc_alg.parameters.unwrap();
    assert_eq!(iv.value(), [OCTET; 16]);

    assert_eq!(enveloped.recip_infos.0.len(), 1);
    let info = enveloped.recip_infos.0.get(0).unwrap();
    let oracle::RecipientInfo::Ktri(info) = info else { panic!("{info:?}") };
    assert_eq!(info.version, CmsVersion::V0);
    assert_eq!(info.key_enc_alg.oid, oid::RSA_ENCRYPTION);
    assert_eq!(info.key_enc_alg.parameters.as_ref().unwrap().to_der().unwrap(), [5, 0]);
    assert_eq!(info.enc_key.as_bytes().len(), 256);
    let oracle::RecipientIdentifier::IssuerAndSerialNumber(named) = &info.rid else {
        panic!("{:?}", info.rid)
    };
    assert_eq!(named.issuer.to_der().unwrap(), recipient.issuer().as_der());
    assert_eq!(named.serial_number.as_bytes(), recipient.serial());
}

#[test]
fn what_openssl_decrypted_still_opens() {
    let content = b"enveloped by devicecert".to_vec();
    for name in ["aes-256-cbc", "oaep-sha256"] {
        let der = testdata(&format!("rfc5652/ours-enveloped-{name}.der"));
        assert_eq!(open(&der, &Tolerance::STRICT), Ok(content.clone()), "{name}");
    }
}

#[test]
fn oaep_parameters_are_those_of_rfc_8017() {
    // RFC 8017 A.2.1: what is the default is left out, and digests have NULL parameters.
    let sha1 = encoding(KeyTransport::RSA_OAEP_SHA1);
    assert_eq!(sha1, hex("300d 06092a864886f70d010107 3000"));
    let der = testdata("rfc5652/enveloped-oaep-sha1.der");
    assert!(der.windows(sha1.len()).any(|window| window == sha1), "as OpenSSL");

    let sha256 = DigestAlgorithm::Sha256;
    assert_eq!(
        encoding(KeyTransport::RsaOaep { digest: sha256, mgf1: sha256 }),
        hex("303c 06092a864886f70d010107 302f
             a00f 300d 0609608648016503040201 0500
             a11c 301a 06092a864886f70d010108 300d 0609608648016503040201 0500")
    );
}

fn encoding(transport: KeyTransport) -> Vec<u8> {
    devicecert_pki::asn1::Writer::build(|w| transport.identifier().write(w))
}

#[test]
fn oaep_with_a_label_is_unsupported() {
    let envelope = |parameters: Vec<u8>| {
        Envelope::with(|envelope| {
            let rid = issuer_and_serial(certificate_of("rsa").as_der());
            let transport = algorithm(oid::RSAES_OAEP, &parameters);
            let key = tlv(4, &[0; 256]);
            let info = sequence(&[VERSION_0, &rid, &transport, &key]);
            envelope.recipients = vec![info];
        })
    };
    let lock = |parameters| {
        let locked = envelope(parameters).parse().lock(
            &certificate_of("rsa"),
            &RustCrypto,
            &Tolerance::STRICT,
        );
        locked.map(|locked| locked.to_be_decrypted().unwrap().transport)
    };
    let label = |label: &[u8]| tlv(0x30, &tlv(0xa2, &algorithm(oid::P_SPECIFIED, &tlv(4, label))));
    assert_eq!(lock(label(b"")), Ok(KeyTransport::RSA_OAEP_SHA1));
    let what = "the key transport algorithm";
    let unsupported = Unsupported::Parameters { what, oid: oid::RSAES_OAEP };
    assert_eq!(lock(label(b"x")), Err(unsupported.into()));
    for absent in [vec![], vec![5, 0]] {
        assert_eq!(lock(absent), Ok(KeyTransport::RSA_OAEP_SHA1));
    }
}

#[test]
fn version_originator_and_unprotected_attributes_decide_nothing() {
    let certificate = testdata("rfc5652/rsa.crt");
    let envelope = Envelope::with(|envelope| {
        envelope.version = vec![2, 1, 9];
        envelope.originator_info = tlv(0xa0, &tlv(0xa0, &certificate));
        envelope.unprotected_attributes = tlv(0xa1, &[]);
    });
    assert_eq!(open(&envelope.to_der(), &Tolerance::STRICT), Ok(CONTENT.to_vec()));
}

#[test]
fn an_unknown_cipher_is_unsupported() {
    let what = "the content encryption algorithm";
    let gcm = const_oid::ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.6");
    let envelope = Envelope::with(|envelope| envelope.cipher = algorithm(gcm, b""));
    let error = open(&envelope.to_der(), &tolerant());
    assert_eq!(error, Err(Unsupported::Algorithm { what, oid: gcm }.into()));

    // A vector must be there, be an OCTET STRING, and have the length of a block.
    for iv in [vec![], vec![5, 0], tlv(4, &[0; 15]), tlv(4, &[0; 17]), tlv(0x0c, &[0; 16])] {
        let aes = oid::AES_128_CBC;
        let envelope = Envelope::with(|envelope| envelope.cipher = algorithm(aes, &iv));
        let error = open(&envelope.to_der(), &tolerant());
        assert_eq!(error, Err(Unsupported::Parameters { what, oid: aes }.into()));
    }
}

#[test]
fn an_unknown_key_transport_is_unsupported() {
    let rid = issuer_and_serial(certificate_of("rsa").as_der());
    let kem = const_oid::ObjectIdentifier::new_unwrap("1.0.18033.2.2.4");
    let info = sequence(&[VERSION_0, &rid, &algorithm(kem, b""), &tlv(4, &[0; 9])]);
    let envelope = Envelope::with(|envelope| envelope.recipients = vec![info]);
    let what = "the key transport algorithm";
    let error = open(&envelope.to_der(), &tolerant());
    assert_eq!(error, Err(Unsupported::Algorithm { what, oid: kem }.into()));
}

#[test]
fn a_key_that_cannot_receive_is_unsupported() {
    let error = Seal::default().envelope(b"x", &certificate_of("ec"), &RustCrypto);
    assert!(matches!(error, Err(Error::Unsupported(Unsupported::PublicKey(_)))), "{error:?}");
}

#[test]
fn a_damaged_message_says_where() {
    let right = Envelope::new(ContentCipher::Aes128Cbc, BLOCK);
    let read = |change: &dyn Fn(&mut Envelope)| {
        let mut envelope = right.clone();
        change(&mut envelope);
        let (_, expected, found) = malformed(EnvelopedData::parse(&envelope.to_der(), &limits()));
        (expected, found)
    };
    let found = read(&|envelope| envelope.version = Vec::new());
    assert_eq!(found, ("the version of EnvelopedData", Found::Tag(0x31)));
    let found = read(&|envelope| envelope.cipher = Vec::new());
    assert_eq!(found, ("contentEncryptionAlgorithm", Found::Tag(0x80)));
    let found = read(&|envelope| envelope.content.extend([5, 0]));
    assert_eq!(found, ("the end of encryptedContentInfo", Found::Trailing(2)));
    let found = read(&|envelope| envelope.unprotected_attributes = vec![5, 0]);
    assert_eq!(found, ("the end of EnvelopedData", Found::Trailing(2)));
}

#[test]
fn the_content_key_alone_opens_it_too() {
    let cipher = ContentCipher::Aes128Cbc;
    let enveloped = Envelope::new(cipher, BLOCK).parse();
    assert_eq!(enveloped.content_type(), oid::DATA);
    assert_eq!(enveloped.content_encryption_algorithm().oid, oid::AES_128_CBC);
    let locked = enveloped.lock(&certificate_of("rsa"), &RustCrypto, &tolerant()).unwrap();
    assert_eq!(locked.attach(Ok(content_key(cipher))), Ok(Secret::new(CONTENT.to_vec())));
}
