//! Finding variables in a text: one pass, the longest name, two spellings.

use core::ops::Range;

use super::Variable;

/// How a variable is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spelling {
    /// `$FLEET_VAR_NAME`
    Plain,
    /// `${FLEET_VAR_NAME}`
    Braced,
}

/// A variable in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Occurrence {
    /// Which one.
    pub variable: Variable,
    /// How it is written.
    pub spelling: Spelling,
    /// The bytes of the text that it takes, sigil and braces included.
    pub span: Range<usize>,
}

/// The variables of a text, in their order.
///
/// ```
/// use devicecert_fleet::occurrences;
///
/// let found: Vec<_> = occurrences("$$FLEET_VAR_A ${FLEET_VAR_HOST_UUID} $FLEET_VAR_ ${FLEET_VAR_B")
///     .map(|found| (found.variable.to_string(), found.span))
///     .collect();
/// assert_eq!(found, [("$FLEET_VAR_A".into(), 1..13), ("$FLEET_VAR_HOST_UUID".into(), 14..36)]);
/// ```
#[must_use]
pub const fn occurrences(text: &str) -> Occurrences<'_> {
    Occurrences { text, at: 0 }
}

/// The iterator that [`occurrences`] returns. Takes time linear in the text.
#[derive(Clone, Debug)]
pub struct Occurrences<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Occurrences<'_> {
    type Item = Occurrence;

    fn next(&mut self) -> Option<Occurrence> {
        loop {
            let rest = self.text.get(self.at..)?;
            let start = self.at.saturating_add(rest.find('$')?);
            let rest = self.text.get(start..)?;
            if let Some((variable, spelling, length)) = lex(rest) {
                let end = start.saturating_add(length);
                self.at = end;
                return Some(Occurrence { variable, spelling, span: start..end });
            }
            self.at = start.saturating_add(1);
        }
    }
}

const FAMILIES: [&str; 4] = ["VAR_", "SECRET_", "HOST_VITAL_", "HOST_SECRET_"];

/// The variable at the start of a text, how it is spelled, and the bytes that it takes.
fn lex(text: &str) -> Option<(Variable, Spelling, usize)> {
    let after = text.strip_prefix('$')?;
    let (spelling, after) = match after.strip_prefix('{') {
        Some(after) => (Spelling::Braced, after),
        None => (Spelling::Plain, after),
    };
    let after = after.strip_prefix("FLEET_")?;
    let family = FAMILIES.into_iter().find(|family| after.starts_with(family))?;
    let after = after.strip_prefix(family)?;
    let end = after.bytes().position(|byte| !is_word(byte)).unwrap_or(after.len());
    let (name, after) = after.split_at_checked(end)?;
    let after = match spelling {
        Spelling::Plain => after,
        Spelling::Braced => after.strip_prefix('}')?,
    };
    let variable = match family {
        _ if name.is_empty() => return None,
        "VAR_" => Variable::from_name(name),
        "SECRET_" => Variable::Secret(name.to_owned()),
        "HOST_SECRET_" => Variable::HostSecret(name.to_owned()),
        _ => Variable::HostVital(vital(name)?),
    };
    Some((variable, spelling, text.len().saturating_sub(after.len())))
}

fn vital(name: &str) -> Option<u64> {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    name.parse().ok().filter(|id| digits && *id > 0)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What was to be a variable and is none: the spans of `$FLEET_…` or `${FLEET_…` that do not
/// finish, and of names in another case.
pub(crate) fn unfinished(text: &str) -> impl Iterator<Item = Range<usize>> {
    let found: Vec<usize> = occurrences(text).map(|found| found.span.start).collect();
    text.match_indices('$').map(|(at, _)| at).filter_map(move |at| {
        let rest = text.get(at..)?;
        let name = rest.strip_prefix("${").or_else(|| rest.strip_prefix('$'))?;
        let word = name.bytes().take_while(|byte| is_word(*byte)).count();
        let word_text = name.get(..word)?.to_ascii_uppercase();
        let looks = word_text
            .strip_prefix("FLEET_")
            .is_some_and(|rest| FAMILIES.iter().any(|family| rest.starts_with(family)));
        let known = found.binary_search(&at).is_ok();
        let end = rest.len().saturating_sub(name.len()).saturating_add(word).saturating_add(at);
        (looks && !known).then_some(at..end)
    })
}
