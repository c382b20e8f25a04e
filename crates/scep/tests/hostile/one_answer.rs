//! Every way in which an envelope or what is in it can be wrong, and the one answer to all of them
//! (Bleichenbacher, Manger, Vaudenay).

use devicecert_pki::algorithm::{
    AlgorithmIdentifier, ContentCipher, DigestAlgorithm, KeyTransport,
};
use devicecert_pki::asn1::{Tlv, Writer, tag};
use devicecert_pki::{CsrParams, Signer, oid};
use devicecert_scep::{Authority, FailInfo};

use crate::backends::{AWS_LC, Backend, DEVICE, RUST, file};
use crate::envelope::{CIPHER, IV, Parts};
use crate::server::{Answer, CHALLENGE, Server};

/// Envelopes that are wrong in one way each.
fn bad_envelopes(server: &Server) -> Vec<(String, Vec<u8>)> {
    let csr = server.csr.as_der();
    let honest = Parts::new(server, csr);
    let mut bad = Vec::new();

    for name in [
        "block-type-0",
        "block-type-1",
        "first-octet-not-zero",
        "key-empty",
        "key-too-long",
        "key-too-short",
        "no-separator",
        "padding-of-7-octets",
        "random",
        "separator-right-after-type",
    ] {
        let wrapped = file(&format!("bad/{name}.wrapped"));
        bad.push((format!("key unwrap: {name}"), honest.clone().with_key(wrapped)));
    }
    let good = file("rsa2048-pkcs1.wrapped");
    for (name, wrapped) in [
        ("no octets", vec![]),
        ("one octet short", good[1..].to_vec()),
        ("one octet long", [&[0], good.as_slice()].concat()),
        ("zero", vec![0; 256]),
        ("one", [[0; 255].as_slice(), &[1]].concat()),
        ("beyond the modulus", vec![0xff; 256]),
    ] {
        bad.push((format!("key unwrap: {name}"), honest.clone().with_key(wrapped)));
    }

    // RSAES-OAEP (Manger): damaged, and made for another digest or padding.
    let oaep = |digest| KeyTransport::RsaOaep { digest, mgf1: digest };
    let sha256 = oaep(DigestAlgorithm::Sha256);
    let mut damaged = file("rsa2048-oaep-sha256.wrapped");
    *damaged.last_mut().unwrap() ^= 1;
    for (name, wrapped) in [
        ("damaged", damaged),
        ("made for SHA-1", file("rsa2048-oaep-sha1.wrapped")),
        ("made for PKCS #1", good.clone()),
        ("first octet not zero", file("bad/first-octet-not-zero.wrapped")),
        ("random", file("bad/random.wrapped")),
        ("zero", vec![0; 256]),
        ("no octets", vec![]),
        ("beyond the modulus", vec![0xff; 256]),
    ] {
        let mut wrong = honest.clone().with_key(wrapped);
        wrong.recipients[0].key_transport = sha256.identifier();
        bad.push((format!("key unwrap, OAEP: {name}"), wrong));
    }
    let mut named_otherwise = honest.clone().with_key(file("rsa2048-oaep-sha256.wrapped"));
    named_otherwise.recipients[0].key_transport = KeyTransport::RsaPkcs1.identifier();
    bad.push(("key unwrap: OAEP named PKCS #1".to_owned(), named_otherwise));

    let whole = csr.len() / 16 * 16;
    for (name, end) in [
        ("padding of 0", [0; 16]),
        ("padding of 17", [17; 16]),
        ("padding of 255", [255; 16]),
        ("padding of 16, one octet off", {
            let mut end = [16; 16];
            end[0] = 15;
            end
        }),
        ("padding of 2, one octet off", {
            let mut end = [2; 16];
            end[14] = 3;
            end
        }),
    ] {
        let blocks = [&csr[..whole], &end].concat();
        bad.push((name.to_owned(), Parts::of_blocks(server, &blocks)));
    }
    for length in [0, 1, 15, 17, whole - 1] {
        let mut ragged = honest.clone();
        ragged.ciphertext.truncate(length);
        bad.push((format!("{length} octets of ciphertext"), ragged));
    }

    for (name, content) in bad_contents(server) {
        bad.push((format!("content: {name}"), Parts::new(server, &content)));
    }
    let mut nobody = honest;
    nobody.recipients.clear();
    bad.push(("no recipient".to_owned(), nobody));
    bad.into_iter().map(|(name, parts)| (name, parts.to_der())).collect()
}

/// What a PKCSReq cannot hold, though it is enveloped properly.
fn bad_contents(server: &Server) -> Vec<(&'static str, Vec<u8>)> {
    let csr = server.csr.as_der();
    let fields = || {
        let mut fields = Tlv::parse(csr, "a request").unwrap().reader();
        [(); 3].map(|()| fields.any("a field").unwrap().raw)
    };
    let [info, algorithm, signature] = fields();
    let of = |parts: [&[u8]; 3]| Writer::build(|w| w.value(tag::SEQUENCE, &parts.concat()));
    let algorithm_of = |oid| Writer::build(|w| AlgorithmIdentifier::with_null(oid).write(w));
    let mut wrong_signature = csr.to_vec();
    *wrong_signature.last_mut().unwrap() ^= 1;
    let other_subject = CsrParams::new("CN=device-2".parse().unwrap())
        .challenge(CHALLENGE)
        .unsigned(DEVICE.public_key())
        .unwrap();
    let other_info = other_subject.to_be_signed().message.clone();
    vec![
        ("nothing", vec![]),
        ("zeros", vec![0; 64]),
        ("text", b"a certification request".to_vec()),
        ("half a request", csr[..csr.len() / 2].to_vec()),
        ("a request and an octet", [csr, &[0]].concat()),
        ("two requests", [csr, csr].concat()),
        ("a certificate", server.signer.as_der().to_vec()),
        ("a request with a wrong signature", wrong_signature),
        ("a request with the signature of another", of([&other_info, algorithm, signature])),
        ("a request signed with MD5", of([info, &algorithm_of(oid::MD5_WITH_RSA), signature])),
        ("a request signed with who knows what", of([info, &algorithm_of(oid::DATA), signature])),
        ("a request with an empty signature", of([info, algorithm, &[tag::BIT_STRING, 1, 0]])),
        ("nesting without end", [0x30, 0x80].repeat(200)),
    ]
}

fn one_answer(backend: &'static Backend) {
    let mut server = Server::new(backend);
    let honest = server.signed(Parts::new(&server, server.csr.as_der()).to_der());
    assert_eq!(server.answer(&honest), Answer::Granted, "{}", backend.name);

    let mut all = bad_envelopes(&server);
    all.push(("no envelope at all".to_owned(), vec![]));
    all.push(("an envelope of another type".to_owned(), {
        let mut wrong = Parts::new(&server, server.csr.as_der()).to_der();
        let at = wrong.iter().position(|octet| *octet == 0x2a).unwrap();
        wrong[at] ^= 1;
        wrong
    }));
    let answers: Vec<_> = all
        .into_iter()
        .map(|(name, envelope)| (name, server.answer(&server.signed(envelope))))
        .collect();
    let (_, first) = &answers[0];
    assert!(matches!(first, Answer::Refused { fail_info: FailInfo::BadMessageCheck, .. }));
    for (name, answer) in &answers {
        assert_eq!(answer, first, "{}: {name}", backend.name);
    }

    // Enveloped to others: only where the only recipient is not simply tried.
    let mut others = Parts::new(&server, server.csr.as_der());
    others.recipients[0].serial = vec![5];
    let mut two = others.clone();
    two.recipients.push(two.recipients[0].clone());
    assert_eq!(&server.answer(&server.signed(two.to_der())), first);
    server.authority.tolerance.cms.only_recipient = false;
    assert_eq!(&server.answer(&server.signed(others.to_der())), first);
}

#[test]
fn whatever_is_wrong_under_the_signature_gets_the_same_refusal_crypto_rust() {
    one_answer(&RUST);
}

#[test]
fn whatever_is_wrong_under_the_signature_gets_the_same_refusal_crypto_aws_lc() {
    one_answer(&AWS_LC);
}

/// Anybody can put an envelope that he recorded into a message of another type. What comes back
/// must depend on the type alone: a difference would tell whether the envelope opened.
#[test]
fn under_every_message_type_all_envelopes_get_one_answer() {
    let server = Server::new(&AWS_LC);
    let honest = server.envelope();
    for (message_type, expected) in [
        ("17", FailInfo::BadMessageCheck),
        ("19", FailInfo::BadMessageCheck),
        ("20", FailInfo::BadCertId),
        ("21", FailInfo::BadCertId),
        ("22", FailInfo::BadCertId),
        ("18", FailInfo::BadRequest),
        ("3", FailInfo::BadRequest),
    ] {
        let mut envelopes = bad_envelopes(&server);
        if !matches!(message_type, "17" | "19") {
            envelopes.push(("honest".to_owned(), honest.clone()));
        }
        if matches!(message_type, "21" | "22") {
            let ca = server.authority.ca().subject().as_der();
            for (name, issuer) in [("the CA", ca), ("nobody", &[0x30, 0])] {
                let serial = [issuer, &[tag::INTEGER, 1, 99]].concat();
                let named = Writer::build(|w| w.value(tag::SEQUENCE, &serial));
                let envelope = Parts::new(&server, &named).to_der();
                envelopes.push((format!("a certificate of {name} that nobody knows"), envelope));
            }
        }
        let mut first = None;
        for (name, envelope) in envelopes {
            let answer = server.answer(&server.signed_as(message_type, envelope));
            let Answer::Refused { fail_info, .. } = &answer else {
                panic!("{name} under {message_type}: {answer:?}")
            };
            assert_eq!(*fail_info, expected, "{name} under {message_type}");
            let first = first.get_or_insert_with(|| answer.clone());
            assert_eq!(*first, answer, "{name} under {message_type}");
        }
    }
}

/// What somebody makes of an honest envelope that he recorded: in front `30 2d 30 00 02 29`, a name
/// of nobody and the header of a number, by the IV; behind it a block of his own, which garbles
/// itself, and one of the recorded ones. If that ends in a padding of one octet, this is the name of
/// a certificate, and with each guess of `before[15]` he would learn whether it does.
fn spliced(honest: &Parts, csr: &[u8], block: usize, before: [u8; 16]) -> Parts {
    let iv: Vec<u8> = IV
        .iter()
        .zip(csr)
        .zip([0x30, 0x2d, 0x30, 0, tag::INTEGER, 0x29])
        .map(|((iv, was), wanted)| iv ^ was ^ wanted)
        .chain(IV[6..].iter().copied())
        .collect();
    let recorded = |block: usize| &honest.ciphertext[block * 16..][..16];
    let mut spliced = honest.clone();
    spliced.cipher = CIPHER.identifier(&iv);
    spliced.ciphertext = [recorded(0), &before, recorded(block)].concat();
    spliced
}

#[test]
fn a_recorded_request_does_not_open_octet_by_octet_as_the_name_of_a_certificate() {
    for backend in [&RUST, &AWS_LC] {
        let server = Server::new(backend);
        let csr = server.csr.as_der();
        let honest = Parts::new(&server, csr);
        let block = 7;
        // Known here, guessed by the attacker.
        let decrypted = csr[block * 16 + 15] ^ honest.ciphertext[block * 16 - 1];
        let mut before = [0x5a; 16];
        before[15] = decrypted ^ 1;
        let right = spliced(&honest, csr, block, before);
        before[15] ^= 0x80;
        let wrong = spliced(&honest, csr, block, before);
        assert_eq!(right.opened(&server)[..6], [0x30, 0x2d, 0x30, 0, tag::INTEGER, 0x29]);
        assert_eq!(right.opened(&server)[47], 1);
        assert_eq!(wrong.opened(&server)[47], 0x81);
        for message_type in ["21", "22"] {
            let [right, wrong] = [&right, &wrong]
                .map(|parts| server.answer(&server.signed_as(message_type, parts.to_der())));
            assert_eq!(right, wrong, "{}: {message_type}", backend.name);
        }
    }
}

#[test]
fn an_algorithm_that_nobody_has_is_public_and_answered_as_bad_alg() {
    for backend in [&RUST, &AWS_LC] {
        let server = Server::new(backend);
        let honest = Parts::new(&server, server.csr.as_der());
        let mut cipher = honest.clone();
        cipher.cipher.oid = oid::DATA;
        let mut iv = honest.clone();
        iv.cipher = ContentCipher::Aes128Cbc.identifier(&[0; 15]);
        let mut single_des = honest.clone();
        single_des.cipher = ContentCipher::DesCbc.identifier(&[0; 8]);
        let mut transport = honest;
        transport.recipients[0].key_transport.oid = oid::DATA;
        for parts in [cipher, iv, single_des, transport] {
            let answer = server.answer(&server.signed(parts.to_der()));
            assert!(matches!(answer, Answer::Refused { fail_info: FailInfo::BadAlg, .. }));
        }
    }
}

/// The signature that comes with a request is what its failInfo depends on, and nothing behind it.
#[test]
fn a_wrong_signature_is_answered_before_the_private_key_is_asked() {
    let server = Server::new(&AWS_LC);
    let mut message = server.signed(server.envelope());
    *message.last_mut().unwrap() ^= 1;
    let Authority { limits, .. } = &server.authority;
    let message = devicecert_scep::Message::parse(&message, limits).unwrap();
    let error = message.verify(&server.authority, server.backend.provider).unwrap_err();
    assert_eq!(FailInfo::from(&error), FailInfo::BadMessageCheck);
}
