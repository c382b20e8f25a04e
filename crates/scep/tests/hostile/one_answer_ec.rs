//! The same answer where content keys are encrypted by key agreement or with a password.

use core::num::NonZeroU32;

use devicecert_pki::cms::{EnvelopedData, RecipientInfo, Seal};
use devicecert_pki::{KeyKind, Limits, Secret};
use devicecert_scep::FailInfo;

use crate::backends::{AWS_LC, Backend, RUST};
use crate::server::{Answer, CHALLENGE, Server};

const CURVES: [KeyKind; 2] = [KeyKind::P256, KeyKind::P384];

fn parse(envelope: &[u8]) -> EnvelopedData {
    EnvelopedData::parse(envelope, &Limits::default()).unwrap()
}

/// Puts octets in the place of as many others.
fn splice(envelope: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let at = envelope.windows(old.len()).position(|window| window == old).unwrap();
    let mut spliced = envelope.to_vec();
    spliced[at..at + old.len()].copy_from_slice(new);
    spliced
}

/// Contents that do not open, or are no request, under a content key that is right.
fn bad_contents(
    server: &Server,
    envelope: &dyn Fn(&[u8]) -> Vec<u8>,
) -> Vec<(&'static str, Vec<u8>)> {
    let csr = server.csr.as_der();
    let mut wrong_signature = csr.to_vec();
    *wrong_signature.last_mut().unwrap() ^= 1;
    let honest = envelope(csr);
    let content = parse(&honest).encrypted_content().to_vec();
    let mut garbled = content.clone();
    *garbled.last_mut().unwrap() ^= 1;
    let mut first_block = content.clone();
    first_block[0] ^= 1;
    vec![
        ("content: nothing", envelope(b"")),
        ("content: text", envelope(b"a certification request")),
        ("content: half a request", envelope(&csr[..csr.len() / 2])),
        ("content: a request and an octet", envelope(&[csr, &[0]].concat())),
        ("content: a certificate", envelope(server.signer.as_der())),
        ("content: a wrong signature", envelope(&wrong_signature)),
        ("content: last block garbled", splice(&honest, &content, &garbled)),
        ("content: first block garbled", splice(&honest, &content, &first_block)),
        ("content: zeros", splice(&honest, &content, &vec![0; content.len()])),
    ]
}

fn bad_agreements(server: &Server) -> Vec<(&'static str, Vec<u8>)> {
    let ca = server.authority.recipient();
    let envelope =
        |content: &[u8]| Seal::default().envelope(content, ca, server.backend.provider).unwrap();
    let honest = envelope(server.csr.as_der());
    let parts = |envelope: &[u8]| match parse(envelope).recipients() {
        [RecipientInfo::KeyAgreement(recipient)] => {
            (recipient.originator_key.clone(), recipient.encrypted_keys[0].encrypted_key.clone())
        }
        other => panic!("{other:?}"),
    };
    let (point, wrapped) = parts(&honest);
    let (another_point, another_wrap) = parts(&envelope(server.csr.as_der()));
    let with_point = |point_: &[u8]| splice(&honest, &point, point_);
    let with_wrap = |wrapped_: &[u8]| splice(&honest, &wrapped, wrapped_);
    let flipped = |octets: &[u8], at: usize| {
        let mut octets = octets.to_vec();
        octets[at] ^= 1;
        octets
    };
    let last = point.len() - 1;
    let mut hybrid = point.clone();
    hybrid[0] = 6 | (point[last] & 1);
    let mut bad = vec![
        ("point: off the curve", with_point(&flipped(&point, last))),
        ("point: another form", with_point(&hybrid)),
        ("point: an unknown form", with_point(&[&[5], &point[1..]].concat())),
        ("point: the origin", with_point(&[vec![4], vec![0; last]].concat())),
        ("point: beyond the field", with_point(&[vec![4], vec![0xff; last]].concat())),
        ("point: zeros", with_point(&vec![0; point.len()])),
        ("point: of another message", with_point(&another_point)),
        ("wrap: of another message", with_wrap(&another_wrap)),
        ("wrap: zeros", with_wrap(&vec![0; wrapped.len()])),
        ("wrap: first octet", with_wrap(&flipped(&wrapped, 0))),
        ("wrap: last octet", with_wrap(&flipped(&wrapped, wrapped.len() - 1))),
    ];
    bad.extend(bad_contents(server, &envelope));
    bad
}

fn bad_passwords(server: &Server) -> Vec<(&'static str, Vec<u8>)> {
    let mut seal = Seal::default();
    seal.iterations = NonZeroU32::new(7).unwrap();
    let to = |password: &str, content: &[u8]| {
        let password = Secret::from(password);
        seal.envelope_to_password(content, &password, server.backend.provider).unwrap()
    };
    let csr = server.csr.as_der();
    let honest = to(CHALLENGE, csr);
    let wrapped = match parse(&honest).recipients() {
        [RecipientInfo::Password(recipient)] => recipient.encrypted_key().to_vec(),
        other => panic!("{other:?}"),
    };
    let with_wrap = |at: usize| {
        let mut damaged = wrapped.clone();
        damaged[at] ^= 1;
        splice(&honest, &wrapped, &damaged)
    };
    let mut bad = vec![
        ("password: wrong", to("xyzzy-challenge", csr)),
        ("password: empty", to("", csr)),
        ("password: longer", to(&format!("{CHALLENGE}x"), csr)),
        ("wrap: first octet", with_wrap(0)),
        ("wrap: last octet", with_wrap(wrapped.len() - 1)),
        ("wrap: zeros", splice(&honest, &wrapped, &vec![0; wrapped.len()])),
    ];
    bad.extend(bad_contents(server, &|content| to(CHALLENGE, content)));
    bad
}

fn one_answer(backend: &'static Backend) {
    let rsa = Server::new(backend);
    for kind in CURVES {
        let server = Server::with_key(backend, (backend.generate)(kind));
        let honest = server.signed(server.envelope());
        assert_eq!(server.answer(&honest), Answer::Granted, "{} {kind}", backend.name);
        let password = Secret::from(CHALLENGE);
        let seal = Seal::default();
        let csr = server.csr.as_der();
        let honest = seal.envelope_to_password(csr, &password, backend.provider).unwrap();
        let honest = server.signed(honest);
        assert_eq!(server.answer(&honest), Answer::Granted, "{} {kind}", backend.name);

        let mut all = bad_agreements(&server);
        all.extend(bad_passwords(&server));
        all.push(("key transport to an EC key", rsa.envelope()));
        let refused = server.answer(&server.signed(vec![]));
        for (name, envelope) in all {
            let answer = server.answer(&server.signed(envelope));
            assert_eq!(answer, refused, "{} {kind}: {name}", backend.name);
        }
        // And the other way round.
        let refused = rsa.answer(&rsa.signed(vec![]));
        let Answer::Refused { fail_info: FailInfo::BadMessageCheck, .. } = refused else {
            panic!("{refused:?}")
        };
        for (name, envelope) in [
            ("key agreement with an RSA key", server.envelope()),
            ("a wrong password", bad_passwords(&server).remove(0).1),
        ] {
            let answer = rsa.answer(&rsa.signed(envelope));
            assert_eq!(answer, refused, "{} {kind}: {name}", backend.name);
        }
    }
}

#[test]
fn whatever_is_wrong_with_an_agreement_or_a_password_gets_the_same_refusal_crypto_rust() {
    one_answer(&RUST);
}

#[test]
fn whatever_is_wrong_with_an_agreement_or_a_password_gets_the_same_refusal_crypto_aws_lc() {
    one_answer(&AWS_LC);
}
