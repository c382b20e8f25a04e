//! Secrets in a text that is about to be shown.

use std::ops::Range;

/// The same text with asterisks for what stands at `spans`, byte for byte, so that places in it
/// stay where they are. Tags at the ends of a span stay readable.
pub(super) fn masked(text: &str, spans: &[Range<usize>]) -> String {
    let mut spans: Vec<Range<usize>> = spans.iter().filter_map(|span| inner(text, span)).collect();
    spans.sort_by_key(|span| span.start);
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for span in spans {
        let start = span.start.max(done);
        let (Some(before), Some(secret)) = (text.get(done..start), text.get(start..span.end))
        else {
            continue;
        };
        masked.push_str(before);
        let hidden = secret.chars().flat_map(|character| match character {
            '\n' | '\r' | '\t' => std::iter::repeat_n(character, 1),
            other => std::iter::repeat_n('*', other.len_utf8()),
        });
        masked.extend(hidden);
        done = span.end;
    }
    masked.push_str(text.get(done..).unwrap_or_default());
    masked
}

fn inner(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let whole = text.get(span.clone())?;
    if !whole.starts_with('<') {
        return Some(span.clone());
    }
    let start = whole.find('>')?.checked_add(1)?;
    let end = whole.rfind("</")?;
    let at = |offset: usize| span.start.saturating_add(offset);
    (start <= end).then(|| at(start)..at(end))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn hides_what_is_between_the_tags_and_moves_nothing() {
        let text = "<key>Password</key>\n<string>géheim</string><true/>";
        let at = text.find("<string>").unwrap();
        let end = text.find("<true/>").unwrap();
        let hidden = masked(text, std::slice::from_ref(&(at..end)));
        assert_eq!(hidden, "<key>Password</key>\n<string>*******</string><true/>");
        assert_eq!(hidden.len(), text.len());
    }

    #[test]
    fn hides_a_bare_text_and_copes_with_overlap() {
        assert_eq!(masked("a secret b", &[2..8, 4..8]), "a ****** b");
        assert_eq!(masked("short", std::slice::from_ref(&(2..99))), "short");
    }
}
