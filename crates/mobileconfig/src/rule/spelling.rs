//! What somebody meant who wrote a key that does not exist.

/// Keys that are written for others without looking like them, by payload type.
const MEANT: &[(&str, &str, &str)] = &[
    ("com.apple.security.acme", "KeyUsage", "UsageFlags"),
    ("com.apple.security.acme", "Key Usage", "UsageFlags"),
    ("com.apple.security.acme", "URL", "DirectoryURL"),
    ("com.apple.security.scep", "Fingerprint", "CAFingerprint"),
    ("com.apple.wifi.managed", "SSID", "SSID_STR"),
    ("com.apple.wifi.managed", "Hidden", "HIDDEN_NETWORK"),
];

/// Longer words are compared up to here only: keys are short, and the work grows as the product of
/// both lengths.
const LONGEST: usize = 64;

/// The key that `written` was probably meant to be, among those that exist.
///
/// `written` itself is never the answer, even if it exists in another place.
pub(super) fn nearest<'a>(
    payload_type: &str,
    written: &str,
    existing: &(impl Iterator<Item = &'a str> + Clone),
) -> Option<&'a str> {
    let exists = |key: &str| existing.clone().find(|name| *name == key);
    let meant = MEANT
        .iter()
        .find(|(kind, wrong, _)| *kind == payload_type && *wrong == written)
        .and_then(|(.., right)| exists(right));
    let letters = letters(written);
    let allowed = letters.len().checked_div(5).unwrap_or_default().min(3);
    meant.or_else(|| {
        let others = existing.clone().filter(|name| *name != written);
        let rated = others.filter_map(|name| {
            let other = self::letters(name);
            // Words of very different length need not be compared letter by letter.
            let near = letters.len().abs_diff(other.len()) <= allowed;
            let distance = near.then(|| distance(&letters, &other))?;
            (distance <= allowed).then_some((distance, name))
        });
        rated.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
    })
}

/// Case, blanks and punctuation are what people get wrong most.
fn letters(word: &str) -> Vec<char> {
    let letters = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    letters.take(LONGEST).collect()
}

/// How many letters must be added, taken away or replaced to get from one word to the other
/// (Levenshtein's distance).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(to) {
            let replaced = diagonal.saturating_add(usize::from(a != b));
            diagonal = *cell;
            *cell = replaced.min(diagonal.saturating_add(1)).min(left.saturating_add(1));
            left = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCEP: [&str; 4] = ["URL", "Keysize", "Key Type", "Key Usage"];

    #[test]
    fn finds_what_was_meant() {
        let near = |word| nearest("com.apple.security.scep", word, &SCEP.into_iter());
        assert_eq!(near("KeyType"), Some("Key Type"));
        assert_eq!(near("KeyUsage"), Some("Key Usage"));
        assert_eq!(near("KeySize"), Some("Keysize"));
        assert_eq!(near("Url"), Some("URL"));
        assert_eq!(near("Key Typ"), Some("Key Type"));
        assert_eq!(near("GetCACaps"), None);
        assert_eq!(near(""), None);
    }

    #[test]
    fn knows_keys_of_other_payloads() {
        let keys = ["UsageFlags", "KeySize", "KeyType"].into_iter();
        assert_eq!(nearest("com.apple.security.acme", "KeyUsage", &keys), Some("UsageFlags"));
    }

    #[test]
    fn distance_counts_changes() {
        let distance = |a: &str, b: &str| distance(&letters(a), &letters(b));
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("Key Type", "KEYTYPE"), 0);
    }
}
