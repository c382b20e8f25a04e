//! Any tree of values, spelt in any way.

use super::spelling::{Length, Node, Spelling, Strings, value};
use crate::support::limits;
use devicecert_pki::ber::normalise;
use proptest::prelude::*;

/// Tags that mean the same wherever they stand.
fn nodes() -> impl Strategy<Value = Node> {
    let content = || prop::collection::vec(any::<u8>(), 0..200);
    let leaf = prop_oneof![
        content().prop_map(|content| Node::Primitive(0x04, content)),
        content().prop_map(|content| Node::Primitive(0x02, content)),
        content().prop_map(|content| Node::Primitive(0x81, content)),
    ];
    leaf.prop_recursive(6, 60, 5, |inner| {
        let tags = prop::sample::select(vec![0x30_u8, 0x31, 0xa1, 0xa3]);
        (tags, prop::collection::vec(inner, 0..5))
            .prop_map(|(tag, children)| Node::Constructed(tag, children))
    })
}

fn lengths() -> impl Strategy<Value = Length> {
    prop_oneof![
        Just(Length::Minimal),
        Just(Length::Indefinite),
        // The long form of the second takes up to 65 535 octets, more than any tree here has.
        (2_usize..12).prop_map(Length::Long),
        (2_usize..12).prop_map(Length::Mixed),
    ]
}

fn strings() -> impl Strategy<Value = Strings> {
    prop_oneof![
        Just(Strings::Primitive),
        (1_usize..50).prop_map(Strings::Chunked),
        (1_usize..50).prop_map(Strings::Nested),
    ]
}

/// Spells every value in its own way.
fn spell(node: &Node, spellings: &mut impl Iterator<Item = Spelling>) -> Vec<u8> {
    let spelling = spellings.next().unwrap();
    match node {
        Node::Constructed(tag, children) => {
            let mut inner = Vec::new();
            for child in children {
                inner.extend(spell(child, spellings));
            }
            let mut out = Vec::new();
            value(*tag, &inner, spelling.0, 0, &mut out);
            out
        }
        leaf => leaf.spell(spelling),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_spelling_becomes_der(
        node in nodes(),
        ways in prop::collection::vec((lengths(), strings()), 1..20),
    ) {
        let mut ways = ways.into_iter().map(|(length, strings)| Spelling(length, strings)).cycle();
        let ber = spell(&node, &mut ways);
        let der = normalise(&ber, &limits()).unwrap();
        prop_assert_eq!(&*der, &node.to_der());
    }

    #[test]
    fn any_octets_are_read_or_refused(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(der) = normalise(&octets, &limits()) {
            prop_assert_eq!(&*normalise(&der, &limits()).unwrap(), &*der);
        }
    }
}
