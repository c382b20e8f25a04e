//! What somebody may have meant by a name that Fleet does not know.

use super::Variable;
use super::table::{self, rows};

/// Names that exist in Fleet's own guide and nowhere else, and what they stand for.
const IN_THE_GUIDE: [(&str, &str); 3] = [
    ("CUSTOM_SCEP_PASSWORD_", "CUSTOM_SCEP_CHALLENGE_"),
    ("CUSTOM_SCEP_DIGICERT_DATA_", "CUSTOM_SCEP_PROXY_URL_"),
    ("CUSTOM_SCEP_URL_", "CUSTOM_SCEP_PROXY_URL_"),
];

/// Letters that may be wrong.
const MOST: usize = 4;

/// The variable that is nearest to an unknown name, if one is near.
pub(crate) fn meant(name: &str) -> Option<Variable> {
    for (wrong, right) in IN_THE_GUIDE {
        if let Some(ca) = name.strip_prefix(wrong) {
            return Some(Variable::from_name(&format!("{right}{ca}")));
        }
    }
    // Nobody mistypes so much: a long name is not compared letter by letter.
    if name.len() > 300 {
        return None;
    }
    let near = rows().iter().filter_map(|row| match row.kind {
        table::Kind::Fixed(fixed) => Some((distance(name, fixed.name()), Variable::Fixed(fixed))),
        // The name of the CA starts behind one of the underscores.
        table::Kind::OfCa(kind) => name
            .match_indices('_')
            .filter_map(|(at, _)| name.split_at_checked(at.saturating_add(1)))
            // What is so much longer or shorter differs in more letters than count.
            .filter(|(start, _)| start.len().abs_diff(kind.prefix().len()) <= MOST)
            .map(|(start, ca)| (distance(start, kind.prefix()), ca))
            .min_by_key(|(distance, _)| *distance)
            .map(|(distance, ca)| (distance, Variable::OfCa(kind, ca.to_owned()))),
        _ => None,
    });
    let most = MOST.min(name.len().div_euclid(3));
    let near = near.filter(|(distance, _)| *distance <= most);
    if let Some((_, variable)) = near.min_by_key(|(distance, _)| *distance) {
        return Some(variable);
    }
    let fixed = rows().iter().filter_map(|row| match row.kind {
        table::Kind::Fixed(fixed) => Some(fixed),
        _ => None,
    });
    let shortened = fixed.filter(|fixed| is_shortened(name, fixed.name()));
    shortened.min_by_key(|fixed| fixed.name().len()).map(Variable::Fixed)
}

/// Whether the words of a name are some of those of another, in their order: `HOST_SERIAL`.
fn is_shortened(name: &str, known: &str) -> bool {
    let mut words = known.split('_');
    let all = name.split('_').all(|word| words.any(|known| known == word));
    all && name.contains('_')
}

/// How many letters differ (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<u8> = b.bytes().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, left) in a.bytes().enumerate() {
        let mut diagonal = line;
        let mut before = line.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (right, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let replaced = diagonal.saturating_add(usize::from(left != *right));
            diagonal = *cell;
            *cell = replaced.min(diagonal.saturating_add(1)).min(before.saturating_add(1));
            before = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}
