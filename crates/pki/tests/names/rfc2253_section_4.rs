//! RFC 2253 §4, what readers must still take from RFC 1779: blanks.

use super::support::name;

#[test]
fn blanks_around_separators_are_not_part_of_anything() {
    let expected = name("CN=Ada Lovelace+SN=Lovelace,O=Acme,C=CH");
    for text in [
        "CN=Ada Lovelace + SN=Lovelace, O=Acme, C=CH",
        "  CN = Ada Lovelace  +  SN = Lovelace ,O =Acme ,  C= CH  ",
        "CN=Ada Lovelace+SN=Lovelace,\r\n\tO=Acme,\r\n\tC=CH\n",
    ] {
        assert_eq!(name(text), expected, "{text}");
    }
}

#[test]
fn escaped_blanks_and_those_between_words_are_kept() {
    assert_eq!(name(r"CN= \ a  b\  ,O=c").common_name().unwrap(), " a  b ");
    assert_eq!(name(r"CN=\20").common_name().unwrap(), " ");
}
