//! Every way to damage a message by one bit or by cutting it off, and where the damage lies.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use devicecert_pki::asn1::{Reader, tag};

/// The place of a value in a message: which child of which child, from the outside in.
pub(crate) type Path = Vec<usize>;

/// Runs `check` for every bit of `message` on all cores; it gets the number of the octet and the
/// message with that bit flipped, and says what is wrong.
pub(crate) fn each_flipped_bit(message: &[u8], check: impl Fn(usize, &[u8]) -> Verdict + Sync) {
    in_parallel(message.len() * 8, |number| {
        let mut flipped = message.to_vec();
        flipped[number / 8] ^= 1 << (number % 8);
        check(number / 8, &flipped)
    });
}

/// Runs `check` for every beginning of `message` that is shorter than it.
pub(crate) fn each_truncation(message: &[u8], check: impl Fn(&[u8]) -> Verdict + Sync) {
    in_parallel(message.len(), |length| check(&message[..length]));
}

/// Nothing, or what is wrong. All that is wrong is shown together: one case tells little.
pub(crate) type Verdict = Option<String>;

fn in_parallel(count: usize, run: impl Fn(usize) -> Verdict + Sync) {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let wrong = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for first in 0..threads {
            let (run, wrong) = (&run, &wrong);
            scope.spawn(move || {
                let found: BTreeSet<_> = (first..count).step_by(threads).filter_map(run).collect();
                wrong.lock().unwrap().extend(found);
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// For every octet of a DER message, the innermost value it belongs to.
pub(crate) fn outline(der: &[u8]) -> Vec<Path> {
    let mut paths = vec![Path::new(); der.len()];
    walk(Reader::new(der), &Path::new(), &mut paths);
    paths
}

fn walk(mut values: Reader<'_>, parent: &Path, paths: &mut [Path]) {
    let mut number = 0;
    while !values.is_empty() {
        let value = values.any("a value").unwrap();
        let path = [parent.as_slice(), &[number]].concat();
        for octet in &mut paths[value.offset..value.offset + value.raw.len()] {
            octet.clone_from(&path);
        }
        if value.tag & 0x20 != 0 {
            walk(value.reader(), &path, paths);
        }
        number += 1;
    }
}

/// Whether `path` is, or lies in, one of `places`.
pub(crate) fn lies_in(path: &Path, places: &[(&str, &[usize])]) -> bool {
    places.iter().any(|(_, place)| path.starts_with(place))
}

/// Checks the walk itself on a message of known shape.
#[test]
fn an_outline_names_the_innermost_value_of_every_octet() {
    let der = [tag::SEQUENCE, 5, tag::INTEGER, 1, 7, tag::NULL, 0];
    let paths = outline(&der);
    assert_eq!(paths[1], [0]);
    assert_eq!(paths[4], [0, 0]);
    assert_eq!(paths[6], [0, 1]);
    assert!(lies_in(&paths[4], &[("the number", &[0, 0])]));
    assert!(!lies_in(&paths[6], &[("the number", &[0, 0])]));
}
