//! A damaged envelope in a message that is signed properly: what a stranger with a key of his own
//! can send.

use devicecert_scep::FailInfo;

use crate::backends::{AWS_LC, Backend, RUST};
use crate::damage::{each_flipped_bit, each_truncation, lies_in, outline};
use crate::server::{Answer, Server};

/// The parts that name an algorithm. Everybody can see them, so what is wrong with them is no
/// secret and is answered as badAlg where nobody implements what they say.
const ALGORITHMS: [(&str, &[usize]); 2] = [
    ("keyEncryptionAlgorithm", &[0, 1, 0, 1, 0, 2]),
    ("contentEncryptionAlgorithm", &[0, 1, 0, 2, 1]),
];

/// The parts that a server does not need: versions, the recipient, since there is only one and the
/// tolerance of the test says that it will do, and the type of the content.
const NOT_NEEDED: [(&str, &[usize]); 4] = [
    ("the version of EnvelopedData", &[0, 1, 0, 0]),
    ("the version of KeyTransRecipientInfo", &[0, 1, 0, 1, 0, 0]),
    ("the recipient", &[0, 1, 0, 1, 0, 1]),
    ("the type of the content", &[0, 1, 0, 2, 0]),
];

/// What the server says to whatever does not open.
fn the_refusal(server: &Server) -> Answer {
    let answer = server.answer(&server.signed(vec![0x30, 0]));
    assert!(matches!(answer, Answer::Refused { fail_info: FailInfo::BadMessageCheck, .. }));
    answer
}

fn length(answer: &Answer) -> usize {
    match answer {
        Answer::Refused { octets, .. } => octets.len(),
        other => panic!("{other:?}"),
    }
}

fn every_flipped_bit(backend: &'static Backend) {
    let server = Server::new(backend);
    let refusal = the_refusal(&server);
    let envelope = server.envelope();
    let outline = outline(&envelope);
    each_flipped_bit(&envelope, |octet, flipped| {
        let path = &outline[octet];
        let answer = server.answer(&server.signed(flipped.to_vec()));
        let expected = match &answer {
            _ if answer == refusal => true,
            Answer::BadRequest => false,
            Answer::Granted => lies_in(path, &NOT_NEEDED),
            Answer::Refused { fail_info, octets } => {
                lies_in(path, &ALGORITHMS)
                    && *fail_info == FailInfo::BadAlg
                    && octets.len() == length(&refusal)
            }
        };
        (!expected).then(|| format!("{path:?}: {answer:?}"))
    });
}

#[test]
fn every_flipped_bit_gets_the_same_refusal_crypto_rust() {
    every_flipped_bit(&RUST);
}

#[test]
fn every_flipped_bit_gets_the_same_refusal_crypto_aws_lc() {
    every_flipped_bit(&AWS_LC);
}

#[test]
fn every_truncation_gets_the_same_refusal() {
    for backend in [&RUST, &AWS_LC] {
        let server = Server::new(backend);
        let refusal = the_refusal(&server);
        each_truncation(&server.envelope(), |cut| {
            let answer = server.answer(&server.signed(cut.to_vec()));
            (answer != refusal).then(|| format!("{}, {} octets", backend.name, cut.len()))
        });
    }
}
