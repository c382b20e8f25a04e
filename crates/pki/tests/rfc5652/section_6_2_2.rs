//! RFC 5652 §6.2.2, KeyAgreeRecipientInfo, with ephemeral-static ECDH (RFC 5753 §3.1).

use crate::support::{hex, legacy, limits, malformed, sequence, testdata, tlv};
use devicecert_crypto_rust::{PrivateKey, RustCrypto};
use devicecert_pki::algorithm::{ContentCipher, DigestAlgorithm, KeyTransport, KeyWrap, x963};
use devicecert_pki::cms::{EnvelopedData, RecipientIdentifier, Seal};
use devicecert_pki::error::{Found, Rejected, Unsupported};
use devicecert_pki::{
    Certificate, Decryptor, Error, Limits, Provider, Secret, ToBeDecrypted, Tolerance,
};

fn key(name: &str) -> PrivateKey {
    let pem = String::from_utf8(testdata(&format!("openssl/{name}.pkcs8.pem"))).unwrap();
    PrivateKey::from_pem(&pem).unwrap()
}

fn certificate(name: &str) -> Certificate {
    Certificate::parse(&testdata(&format!("rfc5753/{name}.crt")), &limits()).unwrap()
}

fn open(der: &[u8], name: &str, tolerance: &Tolerance) -> Result<Vec<u8>, Error> {
    let enveloped = EnvelopedData::parse(der, &limits())?;
    let locked = enveloped.lock(&certificate(name), &RustCrypto, tolerance)?;
    locked.unlock(&key(name)).map(|content| content.expose().to_vec())
}

fn content() -> Result<Vec<u8>, Error> {
    Ok(testdata("rfc5753/content.txt"))
}

#[test]
fn messages_of_openssl_open() {
    for (name, recipient) in [
        ("p256-default", "p256"),
        ("p256-sha1", "p256"),
        ("p256-sha256", "p256"),
        ("p256-sha384", "p256"),
        ("p256-sha512", "p256"),
        ("p384-sha1", "p384"),
        ("p384-sha256", "p384"),
        ("p384-sha384", "p384"),
        ("p384-sha512", "p384"),
        ("p256-cofactor", "p256"),
        ("p256-aes192", "p256"),
        ("p384-aes256", "p384"),
        ("p256-ski", "p256"),
        ("both", "p256"),
        ("both", "p384"),
    ] {
        let der = testdata(&format!("rfc5753/{name}.der"));
        assert_eq!(open(&der, recipient, &Tolerance::STRICT), content(), "{name}");
    }
}

#[test]
fn what_openssl_decrypted_still_opens() {
    for (name, recipient) in [("p256", "p256"), ("p384", "p384")] {
        let der = testdata(&format!("rfc5753/ours-{name}.der"));
        assert_eq!(open(&der, recipient, &Tolerance::STRICT), content(), "{name}");
    }
}

#[test]
fn what_is_written_is_one_form() {
    // RFC 5652 §6.1: version 2; §6.2.2: version 3; RFC 5753 §3.1.1: no parameters; RFC 5753 §7.1.4:
    // dhSinglePass-stdDH-sha256kdf-scheme with id-aes128-wrap.
    let recipient = certificate("p256");
    let der = Seal::default().envelope(b"content", &recipient, &RustCrypto).unwrap();
    let point = |der: &[u8]| der.windows(2).position(|window| window == [0, 4]).unwrap() + 1;
    let at = point(&der);
    let rid = sequence(&[recipient.issuer().as_der(), &tlv(2, recipient.serial())]);
    let expected = [
        hex("020102"),
        tlv(
            0x31,
            &tlv(
                0xa1,
                &[
                    hex("020103"),
                    tlv(
                        0xa0,
                        &tlv(
                            0xa1,
                            &[
                                hex("3009 06072a8648ce3d0201"),
                                tlv(3, &[&[0], &der[at..at + 65]].concat()),
                            ]
                            .concat(),
                        ),
                    ),
                    hex("3015 06062b810401 0b01 300b 0609608648016503040105"),
                    tlv(
                        0x30,
                        &sequence(&[&rid, &tlv(4, &der[at + 65 + 25 + rid.len() + 4..][..24])]),
                    ),
                ]
                .concat(),
            ),
        ),
    ]
    .concat();
    let found = der.windows(expected.len()).any(|window| window == expected);
    assert!(found, "{der:02x?}\n{expected:02x?}");
    assert_eq!(open(&der, "p256", &Tolerance::STRICT), Ok(b"content".to_vec()));
}

#[test]
fn the_wrap_is_no_weaker_than_the_cipher() {
    for (cipher, wrap) in [
        (ContentCipher::Aes128Cbc, KeyWrap::Aes128),
        (ContentCipher::DesEde3Cbc, KeyWrap::Aes128),
        (ContentCipher::Aes192Cbc, KeyWrap::Aes256),
        (ContentCipher::Aes256Cbc, KeyWrap::Aes256),
    ] {
        let seal = Seal::new(cipher, KeyTransport::RsaPkcs1);
        assert_eq!(seal.key_agreement.wrap, wrap);
        for name in ["p256", "p384"] {
            let der = seal.envelope(b"content", &certificate(name), &RustCrypto).unwrap();
            assert_eq!(open(&der, name, &Tolerance::STRICT), Ok(b"content".to_vec()), "{cipher:?}");
        }
    }
}

/// A message to the key on P-256, put together by hand.
struct Kari {
    originator: Vec<u8>,
    point: Vec<u8>,
    secret: Secret,
    ukm: Option<Vec<u8>>,
    scheme: Vec<u8>,
    wrap: Vec<u8>,
    damage: u8,
}

/// id-ecPublicKey with these parameters.
fn ec_public_key(parameters: &[u8]) -> Vec<u8> {
    tlv(0x30, &[hex("06072a8648ce3d0201"), parameters.to_vec()].concat())
}

const AES_128_WRAP: &str = "0609608648016503040105";

impl Kari {
    fn new() -> Self {
        let (point, secret) = RustCrypto.agree_once(certificate("p256").public_key()).unwrap();
        Self {
            originator: ec_public_key(&[]),
            point,
            secret,
            ukm: None,
            scheme: hex("06062b8104010b01"),
            wrap: tlv(0x30, &hex(AES_128_WRAP)),
            damage: 0,
        }
    }

    fn to_der(&self) -> Vec<u8> {
        let ukm = self.ukm.as_ref().map(|ukm| tlv(4, ukm)).unwrap_or_default();
        let shared_info = [
            self.wrap.clone(),
            match &self.ukm {
                Some(_) => tlv(0xa0, &ukm),
                None => vec![],
            },
            tlv(0xa2, &tlv(4, &[0, 0, 0, 128])),
        ];
        let info = tlv(0x30, &shared_info.concat());
        let kek = x963(&RustCrypto, DigestAlgorithm::Sha256, &self.secret, &info, 16).unwrap();
        let content_key = Secret::new(vec![7; 16]);
        let mut wrapped = RustCrypto.wrap_with_key(KeyWrap::Aes128, &kek, &content_key).unwrap();
        wrapped[0] ^= self.damage;
        let mut blocks = b"fifteen octets.\x01".to_vec();
        let aes = ContentCipher::Aes128Cbc;
        RustCrypto.encrypt_blocks(aes, &content_key, &[0; 16], &mut blocks).unwrap();

        let recipient = certificate("p256");
        let rid = sequence(&[recipient.issuer().as_der(), &tlv(2, recipient.serial())]);
        let kari = [
            hex("020103"),
            tlv(
                0xa0,
                &tlv(
                    0xa1,
                    &[self.originator.clone(), tlv(3, &[&[0], self.point.as_slice()].concat())]
                        .concat(),
                ),
            ),
            match &self.ukm {
                Some(_) => tlv(0xa1, &ukm),
                None => vec![],
            },
            tlv(0x30, &[self.scheme.clone(), self.wrap.clone()].concat()),
            tlv(0x30, &sequence(&[&rid, &tlv(4, &wrapped)])),
        ];
        let cipher = tlv(0x30, &[hex("060960864801650304 0102"), tlv(4, &[0; 16])].concat());
        let encrypted =
            tlv(0x30, &[hex("06092a864886f70d010701"), cipher, tlv(0x80, &blocks)].concat());
        let enveloped = [hex("020102"), tlv(0x31, &tlv(0xa1, &kari.concat())), encrypted].concat();
        tlv(0x30, &[hex("06092a864886f70d010703"), tlv(0xa0, &tlv(0x30, &enveloped))].concat())
    }

    fn open(&self) -> Result<Vec<u8>, Error> {
        open(&self.to_der(), "p256", &Tolerance::STRICT)
    }
}

const OPENED: &[u8] = b"fifteen octets.";

#[test]
fn the_parameters_of_the_senders_key_may_be_absent_null_or_the_curve() {
    // RFC 5753 §3.1.1; NDES writes NULL.
    for parameters in ["", "0500", "06082a8648ce3d030107"] {
        let mut kari = Kari::new();
        kari.originator = ec_public_key(&hex(parameters));
        assert_eq!(kari.open(), Ok(OPENED.to_vec()), "{parameters}");
    }
    for parameters in ["06052b81040022", "3003020101"] {
        let mut kari = Kari::new();
        kari.originator = ec_public_key(&hex(parameters));
        assert_eq!(kari.open(), Err(Rejected::OriginatorKey.into()), "{parameters}");
    }
}

#[test]
fn keying_material_and_the_spelling_of_the_wrap_go_into_the_key() {
    // RFC 5753 §7.2: keyInfo is what keyEncryptionAlgorithm has, NULL parameters included.
    let mut kari = Kari::new();
    kari.ukm = Some(vec![1, 2, 3]);
    kari.wrap = tlv(0x30, &[hex(AES_128_WRAP), hex("0500")].concat());
    assert_eq!(kari.open(), Ok(OPENED.to_vec()));
}

#[test]
fn a_point_that_is_not_on_the_curve_never_reaches_the_private_key() {
    let honest = Kari::new();
    let mut off_curve = honest.point.clone();
    *off_curve.last_mut().unwrap() ^= 1;
    let mut beyond_the_field = honest.point.clone();
    beyond_the_field[1..33].fill(0xff);
    let mut hybrid = honest.point.clone();
    hybrid[0] = 6 | (honest.point[64] & 1);
    for (what, point) in [
        ("nothing", vec![]),
        ("infinity", vec![0]),
        ("infinity, at length", vec![0; 65]),
        ("(0, 0)", [vec![4], vec![0; 64]].concat()),
        ("off the curve", off_curve),
        ("beyond the field", beyond_the_field),
        ("hybrid", hybrid),
        ("one octet short", honest.point[..64].to_vec()),
        ("one octet long", [honest.point.as_slice(), &[0]].concat()),
        ("compressed, off the curve", [vec![2], vec![0xff; 32]].concat()),
    ] {
        let mut kari = Kari::new();
        kari.point = point;
        let enveloped = EnvelopedData::parse(&kari.to_der(), &limits()).unwrap();
        let locked = enveloped.lock(&certificate("p256"), &RustCrypto, &Tolerance::STRICT).unwrap();
        assert!(locked.to_be_decrypted().is_none(), "{what}");
        assert_eq!(kari.open(), Err(Rejected::OriginatorKey.into()), "{what}");
    }
}

#[test]
fn a_compressed_point_is_a_point() {
    let mut kari = Kari::new();
    let sign = 2 | (kari.point[64] & 1);
    kari.point = [&[sign], &kari.point[1..33]].concat();
    assert_eq!(kari.open(), Ok(OPENED.to_vec()));
}

#[test]
fn a_damaged_wrap_fails_where_a_wrong_content_key_fails() {
    let mut kari = Kari::new();
    kari.damage = 1;
    assert_eq!(kari.open(), Err(Rejected::Undecryptable.into()));
    let honest = Kari::new().to_der();
    let other = EnvelopedData::parse(&honest, &limits()).unwrap();
    let locked = other.lock(&certificate("p256"), &RustCrypto, &Tolerance::STRICT).unwrap();
    let Some(ToBeDecrypted::KeyAgreement(wanted)) = locked.to_be_decrypted() else { panic!() };
    assert_eq!(wanted.recipient, RecipientIdentifier::of(&certificate("p256")));
    // Another secret of the right length, and one of another.
    for answer in [vec![1; 32], vec![1; 48], vec![]] {
        let other = EnvelopedData::parse(&honest, &limits()).unwrap();
        let locked = other.lock(&certificate("p256"), &RustCrypto, &Tolerance::STRICT).unwrap();
        let opened = locked.attach(Ok(Secret::new(answer)));
        assert_eq!(opened, Err(Rejected::Undecryptable.into()));
    }
}

#[test]
fn a_key_of_another_kind_does_not_open_it() {
    let der = Kari::new().to_der();
    let lock = || {
        let enveloped = EnvelopedData::parse(&der, &limits()).unwrap();
        enveloped.lock(&certificate("p256"), &RustCrypto, &Tolerance::STRICT).unwrap()
    };
    let ask = lock().to_be_decrypted().unwrap().clone();
    for name in ["rsa2048", "p384"] {
        assert!(key(name).decrypt(&ask).is_err(), "{name}");
        assert_eq!(lock().unlock(&key(name)), Err(Rejected::Undecryptable.into()), "{name}");
    }
}

#[test]
fn other_schemes_and_wraps_are_unsupported() {
    // The Triple DES key wrap of RFC 3217.
    let des = testdata("rfc5753/p256-3des.der");
    let refused = open(&des, "p256", &legacy()).unwrap_err();
    let what = "the key wrap algorithm";
    let unsupported = |refused: &Error, wanted: &str| matches!(refused, Error::Unsupported(Unsupported::Algorithm { what, .. }) if *what == wanted);
    assert!(unsupported(&refused, what), "{refused:?}");
    // mqvSinglePass-sha256kdf-scheme.
    let mut kari = Kari::new();
    kari.scheme = hex("06062b8104010f01");
    let refused = kari.open().unwrap_err();
    assert!(unsupported(&refused, "the key agreement algorithm"), "{refused:?}");
    let mut kari = Kari::new();
    kari.originator = tlv(0x30, &hex("06032b656e"));
    let refused = kari.open().unwrap_err();
    assert!(unsupported(&refused, "the originator's key"), "{refused:?}");
}

#[test]
fn damage_says_where() {
    let der = Kari::new().to_der();
    let limits = limits();
    let end = der.len();
    for length in 0..end {
        assert!(EnvelopedData::parse(&der[..length], &limits).is_err());
    }
    let at = der.windows(3).position(|window| window == [2, 1, 3]).unwrap();
    let mut damaged = der;
    damaged[at] = 4;
    let refused = malformed(EnvelopedData::parse(&damaged, &limits));
    assert_eq!(refused, (at, "the version of KeyAgreeRecipientInfo", Found::Tag(4)));
}

#[test]
fn recipients_are_counted() {
    let mut limits = Limits::default();
    limits.recipients = 0;
    let der = testdata("rfc5753/p256-sha256.der");
    assert!(matches!(EnvelopedData::parse(&der, &limits), Err(Error::LimitExceeded(_))));
}

#[test]
fn x963_gives_what_openssl_derives() {
    let secret = Secret::new((0..16).collect());
    let info = hex("a0a1a2a3");
    for (digest, name) in [
        (DigestAlgorithm::Sha1, "SHA1"),
        (DigestAlgorithm::Sha256, "SHA256"),
        (DigestAlgorithm::Sha384, "SHA384"),
        (DigestAlgorithm::Sha512, "SHA512"),
    ] {
        let derived = x963(&RustCrypto, digest, &secret, &info, 100).unwrap();
        assert_eq!(derived.expose(), testdata(&format!("rfc5753/x963-{name}.bin")), "{name}");
        for length in [0, 1, 20, 99] {
            let shorter = x963(&RustCrypto, digest, &secret, &info, length).unwrap();
            assert_eq!(shorter.expose(), &derived.expose()[..length]);
        }
    }
}
