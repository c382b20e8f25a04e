//! Binary property lists, well-made and hostile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use devicecert_mobileconfig::plist::{Array, Dictionary, Document, Value};
use devicecert_mobileconfig::{Error, Limits};
use devicecert_pki::Time;

/// Puts objects, given as bytes, between magic number, table and trailer. The first one is the
/// root; offsets are four bytes, references one.
fn assembled(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"bplist00".to_vec();
    let mut table = Vec::new();
    for object in objects {
        table.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
        bytes.extend(object);
    }
    let at = bytes.len() as u64;
    bytes.extend(table);
    bytes.extend([0, 0, 0, 0, 0, 0, 4, 1]);
    for number in [objects.len() as u64, 0, at] {
        bytes.extend(number.to_be_bytes());
    }
    bytes
}

fn read(objects: &[&[u8]]) -> Result<Value, Error> {
    let objects: Vec<Vec<u8>> = objects.iter().map(|object| object.to_vec()).collect();
    Document::read(&assembled(&objects), &Limits::default()).map(Document::into_root)
}

fn refusal(objects: &[&[u8]]) -> String {
    read(objects).expect_err("refused").to_string()
}

#[test]
fn every_object_is_read() {
    let cases: [(&[u8], Value); 17] = [
        (&[0x08], Value::from(false)),
        (&[0x09], Value::from(true)),
        (&[0x10, 0xFF], Value::from(255)),
        (&[0x11, 0xFF, 0xFF], Value::from(65_535)),
        (&[0x12, 0xFF, 0xFF, 0xFF, 0xFF], Value::from(u32::MAX)),
        (&[0x13, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], Value::from(-1)),
        (&[0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], Value::from(1_u64 << 63)),
        (&[0x22, 0x3F, 0x80, 0, 0], Value::from(1.0)),
        (&[0x23, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0], Value::from(1.5)),
        (&[0x33, 0, 0, 0, 0, 0, 0, 0, 0], Value::from(Time::from_unix(978_307_200))),
        (&[0x42, 1, 2], Value::from(vec![1, 2])),
        (&[0x4F, 0x10, 2, 1, 2], Value::from(vec![1, 2])),
        (&[0x52, b'h', b'i'], Value::from("hi")),
        (&[0x63, 0, 0xE9, 0xD8, 0x3D, 0xDE, 0x00], Value::from("é😀")),
        (&[0x81, 1, 0], Value::Uid(256)),
        (&[0xA0], Value::Array(Array::new())),
        (&[0xD0], Value::Dictionary(Dictionary::new())),
    ];
    for (object, expected) in cases {
        match (read(&[object]), &expected) {
            (Ok(found), expected) => assert_eq!(&found, expected, "{object:02x?}"),
            (Err(error), _) => panic!("{object:02x?}: {error}"),
        }
    }
}

#[test]
fn spans_and_shared_objects() {
    let objects = [vec![0xA2, 1, 1], vec![0x52, b'h', b'i']];
    let document = Document::read(&assembled(&objects), &Limits::default()).expect("shared");
    let spans: Vec<_> = document.node().items().map(|item| item.span().range()).collect();
    assert_eq!(spans, [11..14, 11..14]);
    assert_eq!(document.position(11), None);
}

#[test]
fn damage_is_told() {
    assert_eq!(
        refusal(&[&[0x00]]),
        "byte 8: expected an object that property lists have in XML, too, found the marker 0x00",
    );
    assert_eq!(
        refusal(&[&[0xA1, 0]]),
        "byte 8 ([0]): expected an array or dictionary, found one that contains itself"
    );
    assert_eq!(
        refusal(&[&[0xA1, 9]]),
        "byte 10 ([0]): expected an object in the table of offsets, found a reference to none",
    );
    let twice = refusal(&[&[0xD2, 1, 1, 1, 1], &[0x51, b'a']]);
    assert_eq!(
        twice,
        "byte 13 (a): expected every key once, found a second key of this name; the first one is at byte 13",
    );
    assert_eq!(
        refusal(&[&[0xD1, 1, 1], &[0x09]]),
        "byte 11: expected a string as a key, found another object"
    );
    assert_eq!(
        refusal(&[&[0x52, b'h', 0xE9]]),
        "byte 10: expected an ASCII character, found the byte 0xe9"
    );
    assert_eq!(
        refusal(&[&[0x61, 0xD8, 0x3D]]),
        "byte 9: expected a string in UTF-16, found half of a surrogate pair"
    );
    assert_eq!(
        refusal(&[&[0x33, 0x7F, 0xF8, 0, 0, 0, 0, 0, 0]]),
        "byte 9: expected a date between the years 1 and 9999, found another one",
    );
    assert_eq!(
        refusal(&[&[0x4F, 0x13, 255, 255, 255, 255, 255, 255, 255, 255]]),
        "byte 18: expected data, found the end of the input"
    );
    for bytes in [&b"bplist00"[..], b"bplist15", b"bplist", &assembled(&[])] {
        assert!(Document::read(bytes, &Limits::default()).is_err());
    }
}

#[test]
fn small_files_cannot_become_large_values() {
    // Every array holds the next one many times: 200^20 values, in 4 KiB.
    let mut objects: Vec<Vec<u8>> =
        (1..=20_u8).map(|next| [vec![0xAF, 0x10, 200], vec![next; 200]].concat()).collect();
    objects.push(vec![0x09]);
    let error = Document::read(&assembled(&objects), &Limits::default()).expect_err("a bomb");
    assert!(error.to_string().starts_with("values and keys"), "{error}");

    // One text of a mebibyte, two hundred times.
    let text = [vec![0x5F, 0x12, 0, 0x10, 0, 0], vec![b'a'; 1 << 20]].concat();
    let objects = [[vec![0xAF, 0x10, 200], vec![1; 200]].concat(), text];
    let error = Document::read(&assembled(&objects), &Limits::default()).expect_err("a bomb");
    assert!(error.to_string().starts_with("strings and data (bytes)"), "{error}");

    // Arrays in arrays, each one another.
    let deep: Vec<Vec<u8>> =
        (1..=100_u8).map(|next| vec![0xA1, next]).chain([vec![0xA0]]).collect();
    let error = Document::read(&assembled(&deep), &Limits::default()).expect_err("deep");
    assert!(error.to_string().starts_with("nesting"), "{error}");
}

#[test]
fn a_sample_cut_or_flipped_anywhere_is_answered() {
    let sample = assembled(&[
        vec![0xD4, 1, 2, 3, 4, 5, 6, 7, 8],
        vec![0x51, b'a'],
        vec![0x51, b'b'],
        vec![0x61, 0, 0xE9],
        vec![0x51, b'd'],
        vec![0xA2, 1, 3],
        vec![0x23, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0],
        vec![0x33, 0x41, 0, 0, 0, 0, 0, 0, 0],
        vec![0x4F, 0x10, 2, 1, 2],
    ]);
    assert!(Document::read(&sample, &Limits::default()).is_ok());
    for length in 0..sample.len() {
        assert!(Document::read(&sample[..length], &Limits::default()).is_err(), "{length}");
    }
    for index in 0..sample.len() {
        for bit in 0..8 {
            let mut bytes = sample.clone();
            bytes[index] ^= 1 << bit;
            let _answered = Document::read_binary(&bytes, &Limits::default());
        }
    }
}
