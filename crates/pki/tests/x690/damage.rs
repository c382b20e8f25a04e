//! Messages that are cut off, changed, or made to cost.

use super::spelling::{Length, Node, Spelling, Strings};
use crate::support::{exceeded, limits, testdata};
use devicecert_pki::ber::normalise;
use devicecert_pki::cms::{Bundle, EnvelopedData, SignedData};
use devicecert_pki::{Certificate, Csr, Limits};

/// Messages in DER and in BER.
fn samples() -> Vec<Vec<u8>> {
    let ders = ["signed-sha256", "certs-and-crl", "enveloped-aes-128-cbc", "enveloped-kinds"]
        .map(|name| testdata(&format!("rfc5652/{name}.der")));
    let bers = ders.iter().flat_map(|der| {
        let message = Node::parse(der);
        [
            message.spell(Spelling(Length::Indefinite, Strings::Chunked(50))),
            message.spell(Spelling(Length::Mixed(3), Strings::Nested(50))),
        ]
    });
    bers.chain(ders.clone()).collect()
}

#[test]
fn every_truncation_is_an_error() {
    for sample in samples() {
        for end in 0..sample.len() {
            let cut = &sample[..end];
            assert!(normalise(cut, &limits()).is_err(), "{end}");
            assert!(SignedData::parse(cut, &limits()).is_err(), "{end}");
            assert!(EnvelopedData::parse(cut, &limits()).is_err(), "{end}");
            assert!(Bundle::parse(cut, &limits()).is_err(), "{end}");
        }
        assert!(normalise(&sample, &limits()).is_ok());
    }
}

#[test]
fn every_truncation_of_certificates_and_requests_is_an_error() {
    for name in ["rfc5652/rsa.crt", "rfc5652/ec.crt", "rfc2986/full.der"] {
        let sample = testdata(name);
        for end in 0..sample.len() {
            assert!(Certificate::parse(&sample[..end], &limits()).is_err(), "{name} {end}");
            assert!(Csr::parse(&sample[..end], &limits()).is_err(), "{name} {end}");
        }
    }
    assert!(Certificate::parse(&testdata("rfc5652/rsa.crt"), &limits()).is_ok());
    assert!(Csr::parse(&testdata("rfc2986/full.der"), &limits()).is_ok());
}

#[test]
fn every_octet_may_be_wrong_without_a_panic() {
    for sample in samples() {
        for at in 0..sample.len() {
            for change in [0x01, 0x20, 0x80, 0xff] {
                let mut changed = sample.clone();
                changed[at] ^= change;
                if let Ok(once) = normalise(&changed, &limits()) {
                    let again = normalise(&once, &limits());
                    assert!(again.is_ok_and(|again| *again == *once), "{at} {change}");
                }
                let _ = SignedData::parse(&changed, &limits());
                let _ = EnvelopedData::parse(&changed, &limits());
            }
        }
    }
}

#[test]
fn nesting_counts_up_to_the_limit() {
    let nested = |depth: usize| [[0x30, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
    assert!(normalise(&nested(32), &limits()).is_ok());
    assert_eq!(normalise(&nested(33), &limits()), exceeded("nesting", 32, 33));
}

/// A limit on octets that lets bombs in, so that the others have to stop them.
fn wide() -> Limits {
    let mut limits = limits();
    limits.message_bytes = 4_000_000;
    limits
}

/// Values in values, 100 000 deep, with definite lengths.
fn deep(tag: u8) -> Vec<u8> {
    let mut bomb: Vec<u8> = Vec::new();
    // From the inside out, so back to front.
    for _ in 0..100_000 {
        bomb.extend(u32::try_from(bomb.len()).unwrap().to_le_bytes());
        bomb.extend([0x84, tag]);
    }
    bomb.reverse();
    bomb
}

#[test]
fn bombs_are_defused() {
    for bomb in [
        [0x30, 0x80].repeat(100_000),
        [0x24, 0x80].repeat(100_000),
        [0xa0, 0x80].repeat(100_000),
        deep(0x30),
        deep(0x24),
    ] {
        assert_eq!(normalise(&bomb, &wide()), exceeded("nesting", 32, 33));
        assert_eq!(SignedData::parse(&bomb, &wide()), exceeded("nesting", 32, 33));
    }
    // A long list of nothing.
    for (list, nothing) in [(0x30, [0x30, 0]), (0x30, [4, 0]), (0x24, [4, 0]), (0x24, [0x24, 0])] {
        let bomb = [&[list, 0x80], &nothing.repeat(100_000)[..], &[0, 0]].concat();
        assert_eq!(normalise(&bomb, &wide()), exceeded("values", 65_536, 65_537));
    }
}
