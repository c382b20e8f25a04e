//! Section 4.2: the bags, in whatever order and depth they come.

use devicecert_pki::Error;
use devicecert_pki::asn1::{Reader, Writer, tag};

use super::support::{certificate, file, open, sequence};

/// A file without MAC and encryption that holds these bags.
fn unprotected(contents: &[u8]) -> Vec<u8> {
    let data = |w: &mut Writer, content: &[u8]| {
        w.sequence(|w| {
            w.value(tag::OID, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1]);
            w.nested(tag::constructed(0), |w| w.value(tag::OCTET_STRING, content));
        });
    };
    let safe = Writer::build(|w| w.sequence(|w| data(w, contents)));
    Writer::build(|w| {
        w.sequence(|w| {
            w.unsigned(3);
            data(w, &safe);
        });
    })
}

/// The SafeContents of a file without MAC and encryption, each on its own.
fn bags(name: &str) -> Vec<Vec<u8>> {
    let octets = file(name);
    let octets_of = |fields: &mut Reader<'_>| {
        fields.oid("contentType").unwrap();
        let mut content = fields.any("[0]").unwrap().reader();
        content.any("content").unwrap().value.to_vec()
    };
    let mut pfx = Reader::new(&octets).sequence("PFX").unwrap();
    pfx.any("version").unwrap();
    let safe = octets_of(&mut pfx.sequence("authSafe").unwrap());
    let mut infos = Reader::new(&safe).sequence("AuthenticatedSafe").unwrap();
    let mut all = Vec::new();
    while !infos.is_empty() {
        let contents = octets_of(&mut infos.sequence("ContentInfo").unwrap());
        let mut bags = Reader::new(&contents).sequence("SafeContents").unwrap();
        while !bags.is_empty() {
            all.push(bags.any("SafeBag").unwrap().raw.to_vec());
        }
    }
    all
}

fn safe_contents_bag(contents: &[u8]) -> Vec<u8> {
    Writer::build(|w| {
        w.sequence(|w| {
            let bag = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1, 6];
            w.value(tag::OID, &bag);
            w.value(tag::constructed(0), contents);
        });
    })
}

#[test]
fn the_leaf_is_found_wherever_it_stands() {
    let bags = bags("openssl-no-protection.p12");
    let [leaf, issuer, root, key] = &bags[..] else { panic!("{} bags", bags.len()) };
    for order in [[key, leaf, issuer, root], [root, issuer, leaf, key], [issuer, key, root, leaf]] {
        let octets = unprotected(&sequence(&order.map(Vec::as_slice)));
        let read = open(&octets, "").unwrap();
        assert_eq!(read.leaf(), Some(&certificate("device")));
        assert_eq!(read.certificates().len(), 3);
        let expected: Vec<_> = order
            .iter()
            .filter(|bag| **bag != key)
            .map(|bag| match **bag == *leaf {
                true => "CN=device",
                false if **bag == *issuer => "CN=issuer",
                false => "CN=root",
            })
            .collect();
        let found: Vec<_> =
            read.certificates().iter().map(|found| found.subject().to_string()).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn a_local_key_id_that_contradicts_the_key_counts_for_nothing() {
    let bags = bags("openssl-no-protection.p12");
    let [_, issuer, root, key] = &bags[..] else { panic!("{} bags", bags.len()) };
    // The attributes of the key's bag, behind the issuer's certificate.
    let mut fields = Reader::new(key).sequence("SafeBag").unwrap();
    fields.any("bagId").unwrap();
    fields.any("bagValue").unwrap();
    let attributes = fields.any("bagAttributes").unwrap().raw;
    let issuer = Reader::new(issuer).any("SafeBag").unwrap().value;
    let impostor = sequence(&[issuer, attributes]);
    let read = open(&unprotected(&sequence(&[&impostor, root, key])), "").unwrap();
    assert_eq!(read.leaf(), None);
    assert_eq!(read.others().count(), 2);
}

#[test]
fn bags_in_bags_are_read_as_deep_as_the_limit() {
    let bags = bags("openssl-no-protection.p12");
    let all: Vec<_> = bags.iter().map(Vec::as_slice).collect();
    let mut contents = sequence(&all);
    for _ in 0..3 {
        contents = sequence(&[&safe_contents_bag(&contents)]);
    }
    assert_eq!(open(&unprotected(&contents), "").unwrap().leaf(), Some(&certificate("device")));
    for _ in 0..5000 {
        contents = sequence(&[&safe_contents_bag(&contents)]);
    }
    let read = open(&unprotected(&contents), "");
    assert!(matches!(read, Err(Error::LimitExceeded(_))), "{read:?}");
}

#[test]
fn nothing_is_in_an_empty_file() {
    let read = open(&unprotected(&sequence(&[])), "").unwrap();
    assert_eq!((read.key(), read.certificates().len()), (None, 0));
    // Unknown bags are passed over.
    let bag = Writer::build(|w| {
        w.sequence(|w| {
            w.value(tag::OID, &[0x2a, 3]);
            w.nested(tag::constructed(0), Writer::null);
        });
    });
    assert!(open(&unprotected(&sequence(&[&bag])), "").is_ok());
}
