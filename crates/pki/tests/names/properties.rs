//! What must hold for every name.

use devicecert_pki::asn1::{Reader, Writer};
use devicecert_pki::{GeneralName, Name};
use proptest::collection::vec;
use proptest::prelude::*;

use super::support::nest;

type Rdns = Vec<Vec<(&'static str, String)>>;

fn attribute() -> impl Strategy<Value = (&'static str, String)> {
    let text =
        prop_oneof![any::<String>(), r##"[ a\\,+"#;<>=\r\n\x00ü/-]{0,8}"##.prop_map(String::from),];
    let utf8 = prop::sample::select(vec!["CN", "OU", "o", "title", "1.2.3.4", "2.999.1"]);
    prop_oneof![
        (utf8, text),
        (prop::sample::select(vec!["C", "serialNumber"]), "[A-Za-z0-9 '()+,./:=?-]{0,8}"),
        (prop::sample::select(vec!["DC", "E"]), r"[\x00-\x7f]{0,8}"),
    ]
}

fn rdns() -> impl Strategy<Value = Rdns> {
    vec(vec(attribute(), 1..4), 0..6)
}

fn generated() -> impl Strategy<Value = Name> {
    rdns().prop_map(|rdns| build(&rdns))
}

fn build(rdns: &Rdns) -> Name {
    let rdns = rdns.iter().map(|rdn| rdn.iter().map(|(kind, text)| (*kind, text.as_str())));
    Name::from_rdns(rdns).expect("values fit their types")
}

/// Names as a stranger may send them: any type and any value in the right frame.
fn foreign() -> impl Strategy<Value = Name> {
    let kind = prop_oneof![
        Just(vec![0x55, 4, 3]),
        Just(vec![0x55, 4, 6]),
        vec(any::<u8>(), 1..12).prop_map(|mut octets| {
            // No arc may start with 0x80, and the last octet must end one.
            octets.iter_mut().for_each(|octet| *octet |= 1);
            octets.push(1);
            octets
        }),
    ];
    let tag =
        prop::sample::select(vec![0x02, 0x04, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x1c, 0x1e, 0x30]);
    let attribute = (kind, tag, vec(any::<u8>(), 0..9)).prop_map(|(kind, tag, value)| {
        nest(0x30, &[nest(0x06, &kind), nest(tag, &value)].concat())
    });
    let rdn = vec(attribute, 1..3).prop_map(|attributes| nest(0x31, &attributes.concat()));
    vec(rdn, 0..2).prop_map(|rdns| Name::parse(&nest(0x30, &rdns.concat())).expect("a name"))
}

fn mix() -> impl Strategy<Value = Name> {
    prop_oneof![generated(), foreign()]
}

fn swap_case(character: char) -> char {
    if character.is_ascii_lowercase() {
        character.to_ascii_uppercase()
    } else {
        character.to_ascii_lowercase()
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(name in generated()) {
        prop_assert_eq!(name.to_string().parse::<Name>(), Ok(name));
    }

    #[test]
    fn what_a_stranger_sent_is_written_so_that_it_reads_the_same(name in foreign()) {
        let again = name.to_string().parse::<Name>();
        prop_assert!(again.as_ref().is_ok_and(|again| again.matches(&name)), "{} {:?}", name, again);
    }

    #[test]
    fn the_encoding_is_read_again(name in generated()) {
        prop_assert_eq!(Name::parse(name.as_der()), Ok(name));
    }

    #[test]
    fn attributes_are_those_that_were_given(rdns in rdns()) {
        let name = build(&rdns);
        let mut given: Vec<_> = rdns.into_iter().enumerate()
            .flat_map(|(rdn, pairs)| pairs.into_iter().map(move |(_, text)| (rdn, text)))
            .collect();
        let mut found: Vec<_> = name.attributes().iter()
            .map(|attribute| (attribute.rdn(), attribute.text().expect("a text")))
            .collect();
        given.sort();
        found.sort();
        prop_assert_eq!(given, found);
    }

    #[test]
    fn any_octets_are_a_name_or_an_error(octets in vec(any::<u8>(), 0..80)) {
        if let Ok(name) = Name::parse(&octets) {
            prop_assert_eq!(name.as_der(), octets);
        }
    }

    #[test]
    fn damaged_names_are_a_name_or_an_error(name in generated(), at: prop::sample::Index, to: u8) {
        let mut octets = name.as_der().to_vec();
        let at = at.index(octets.len());
        octets[at] = to;
        if let Ok(name) = Name::parse(&octets) {
            prop_assert_eq!(name.as_der(), &octets);
            prop_assert!(name.to_string().parse::<Name>().is_ok_and(|again| again.matches(&name)));
        }
    }

    #[test]
    fn any_text_is_a_name_or_an_error(text: String, slash: bool) {
        let parsed = if slash { Name::from_slash_form(&text) } else { text.parse() };
        if let Ok(name) = parsed {
            prop_assert_eq!(name.to_string().parse::<Name>(), Ok(name));
        }
    }

    #[test]
    fn nearly_names_are_a_name_or_an_error(text in r##"([CO,+;=/"\\#0-9. a]|CN=|/O=){0,12}"##) {
        if let Ok(name) = text.parse::<Name>() {
            prop_assert_eq!(name.to_string().parse::<Name>(), Ok(name));
        }
    }

    #[test]
    fn a_name_matches_itself(name in mix()) {
        prop_assert!(name.matches(&name));
        prop_assert!(name.matches(&name.clone()));
    }

    #[test]
    fn matching_is_mutual(left in mix(), right in mix()) {
        prop_assert_eq!(left.matches(&right), right.matches(&left));
    }

    #[test]
    fn matching_sees_through_case_and_blanks(rdns in rdns()) {
        let name = build(&rdns);
        let varied: Rdns = rdns.into_iter().map(|rdn| {
            let vary = |(kind, text): (&'static str, String)| {
                (kind, format!(" {} ", text.chars().map(swap_case).collect::<String>()))
            };
            rdn.into_iter().map(vary).collect()
        }).collect();
        let varied = build(&varied);
        prop_assert!(name.matches(&varied), "{} and {}", name, varied);
        prop_assert!(varied.matches(&name), "{} and {}", varied, name);
    }

    #[test]
    fn a_general_name_is_written_as_it_was_read(
        tag in prop::sample::select(vec![0x81, 0x82, 0x86, 0x87, 0x88, 0xa0, 0xa4, 0x8f]),
        content in vec(any::<u8>(), 0..20),
    ) {
        let der = nest(tag, &content);
        let name = GeneralName::read(&mut Reader::new(&der)).expect("a GeneralName");
        let mut result = Ok(());
        let written = Writer::build(|w| result = name.write(w));
        prop_assert_eq!(result, Ok(()));
        prop_assert_eq!(written, der);
    }
}
