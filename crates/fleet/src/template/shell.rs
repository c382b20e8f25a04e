//! Variables in a shell script (POSIX.1-2024, Shell Command Language §2.2).
//!
//! A value stays one word, or part of one, whatever is in it: how it is written depends on the
//! quotes that it stands in. Where these cannot be told without running the script (behind a
//! here-document, a backquote, `$'` or `$"`) a variable is refused. In comments nothing is filled in.

use super::spots::Spots;
use super::{Context, WhyMisplaced};

/// Shells that quote as POSIX says.
const SHELLS: [&str; 6] = ["sh", "bash", "dash", "zsh", "ksh", "ash"];

pub(super) fn place(spots: &mut Spots<'_>) {
    let text = spots.text;
    let shell = names_a_shell(text);
    let mut lexer = Lexer { text, at: 0, quotes: vec![Quote::None], word: false, lost: false };
    for found in spots.found {
        lexer.run_to(found.span.start);
        let lost = lexer.lost || lexer.at > found.span.start;
        lexer.at = found.span.end;
        let context = match lexer.quotes.last() {
            _ if !shell => {
                spots.refuse(found, WhyMisplaced::Shell);
                continue;
            }
            _ if lost => None,
            Some(Quote::Comment) => continue,
            Some(Quote::None) => Some(Context::Shell),
            Some(Quote::Single) => Some(Context::ShellSingleQuoted),
            Some(Quote::Double) => Some(Context::ShellDoubleQuoted),
            None => None,
        };
        lexer.word = true;
        match context {
            Some(context) => spots.fill(found, context),
            None => spots.refuse(found, WhyMisplaced::Quoting),
        }
    }
}

fn names_a_shell(text: &str) -> bool {
    let Some(line) = text.strip_prefix("#!").and_then(|text| text.lines().next()) else {
        return false;
    };
    let mut words = line.split_ascii_whitespace();
    let program =
        |word: Option<&str>| word.and_then(|word| word.rsplit('/').next().map(str::to_owned));
    let name = match program(words.next()).as_deref() {
        Some("env") => program(words.next()),
        other => other.map(str::to_owned),
    };
    name.is_some_and(|name| SHELLS.contains(&name.as_str()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    Double,
    Comment,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// What is open: at the end the innermost. `$(` opens a script of its own.
    quotes: Vec<Quote>,
    /// Whether a word has begun, in which `#` starts no comment.
    word: bool,
    /// Whether something was met that this does not follow.
    lost: bool,
}

impl Lexer<'_> {
    fn run_to(&mut self, end: usize) {
        while self.at < end && !self.lost {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(character) = rest.chars().next() else { return };
            let behind = rest.get(character.len_utf8()..).unwrap_or_default();
            let mut taken = character.len_utf8();
            match (self.quotes.last().copied(), character) {
                (Some(Quote::Single), '\'') | (Some(Quote::Double), '"') => {
                    self.quotes.pop();
                }
                (Some(Quote::Comment), '\n') => {
                    self.quotes.pop();
                    self.word = false;
                }
                (Some(Quote::Single | Quote::Comment), _) => {}
                (_, '\\') => {
                    taken = taken.saturating_add(behind.chars().next().map_or(0, char::len_utf8));
                }
                (_, '`') => self.lost = true,
                (quote, '$') if behind.starts_with('(') => {
                    self.lost = behind.starts_with("((") || quote.is_none();
                    self.quotes.push(Quote::None);
                    self.word = false;
                    taken = 2;
                }
                (_, '$') if behind.starts_with('{') => self.lost = !is_simple(behind),
                (Some(Quote::Double), _) => {}
                (_, '$') if behind.starts_with(['\'', '"']) => self.lost = true,
                (_, '<') if behind.starts_with('<') => self.lost = true,
                (_, '\'') => self.open(Quote::Single),
                (_, '"') => self.open(Quote::Double),
                (_, '#') if !self.word => self.quotes.push(Quote::Comment),
                (_, ')') if self.quotes.len() > 1 => {
                    self.quotes.pop();
                    self.word = true;
                }
                // A subshell within `$(`, or a pattern of `case`, ends with `)` as well.
                (_, '(') if self.quotes.len() > 1 => self.lost = true,
                (_, 'c') if !self.word && self.quotes.len() > 1 && behind.starts_with("ase") => {
                    self.lost = true;
                }
                (_, ' ' | '\t' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>') => {
                    self.word = false;
                }
                _ => self.word = true,
            }
            self.at = self.at.saturating_add(taken);
        }
    }

    fn open(&mut self, quote: Quote) {
        self.word = true;
        self.quotes.push(quote);
    }
}

/// Whether `{…}` behind a `$` has nothing in it that quotes or nests.
fn is_simple(text: &str) -> bool {
    text.split_once('}')
        .is_some_and(|(inside, _)| !inside.contains(['\'', '"', '`', '\\', '$', '(', ' ', '\n']))
}
