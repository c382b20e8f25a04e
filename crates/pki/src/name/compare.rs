//! Comparing names by meaning (RFC 5280 §7.1, RFC 4518 §2).

use super::{Name, NameAttribute};

/// An attribute such that equal meaning is equal value.
///
/// The number of its RDN comes first: sorted, a name keeps the order of its RDNs and loses that of
/// the attributes in each.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Canonical<'a> {
    rdn: usize,
    oid: &'a [u8],
    value: Value<'a>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Value<'a> {
    Text(String),
    Octets(&'a [u8]),
}

pub(super) fn canonical(name: &Name) -> Vec<Canonical<'_>> {
    let mut attributes: Vec<_> = name.attributes().iter().map(Canonical::new).collect();
    attributes.sort_unstable();
    attributes
}

impl<'a> Canonical<'a> {
    fn new(attribute: &NameAttribute<'a>) -> Self {
        let value = match attribute.text() {
            Some(text) => Value::Text(fold(&text)),
            None => Value::Octets(attribute.value_der()),
        };
        Self { rdn: attribute.rdn(), oid: attribute.oid_octets(), value }
    }
}

/// One blank between words, none around them, no case.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        // By way of upper case, which is where the two small sigmas, or s and long s, meet.
        folded.extend(word.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
    }
    folded
}

/// What a name says, such that names that say the same are equal.
pub(super) fn said(name: &Name) -> Vec<(usize, String, Result<String, Vec<u8>>)> {
    let mut all: Vec<_> = name
        .attributes()
        .iter()
        .map(|attribute| {
            let text = attribute.text().ok_or_else(|| attribute.value_der().to_vec());
            (attribute.rdn(), attribute.type_name().into_owned(), text)
        })
        .collect();
    // The attributes of one RDN are a set.
    all.sort();
    all
}
