//! A finding for a person at a terminal: the line that is meant, with carets under it.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::finding::{Finding, Severity, printable};

/// Whether a terminal takes colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// It does.
    Coloured,
    /// It does not, or shall not.
    Plain,
}

impl Style {
    /// With colours, unless `NO_COLOR` asks for none.
    #[must_use]
    pub fn of_environment() -> Self {
        match std::env::var_os("NO_COLOR") {
            None => Self::Coloured,
            Some(_) => Self::Plain,
        }
    }
}

/// Characters of a line before and behind the place that is meant: a profile may be one line, and
/// to look through all of it for each finding would take long.
const AROUND: usize = 500;

/// Draws a finding as compilers do, with the line of `text` that it is about.
#[must_use]
pub fn draw(finding: &Finding, text: Option<&str>, style: Style) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE.with_name("advice"),
    };
    let mut group: Group<'_> =
        Group::with_title(level.primary_title(printable(&finding.found)).id(finding.rule));
    let file = printable(&finding.file);
    let path = finding.path.as_deref().map(printable);
    let window = text.zip(finding.span.clone()).and_then(|(text, span)| Window::of(text, &span));
    match window.as_ref().filter(|window| !window.cut) {
        Some(window) => {
            let mark = AnnotationKind::Primary.span(window.mark.clone()).label(path.as_deref());
            let line = finding.line.unwrap_or(1);
            let snippet = Snippet::source(window.line.as_str()).line_start(line).path(file);
            group = group.element(snippet.annotation(mark));
        }
        None => {
            let mut origin = Origin::path(file);
            if let (Some(line), Some(column)) = (finding.line, finding.column) {
                origin = origin.line(line).char_column(column);
            }
            group = group.element(origin);
            if let Some(window) = &window {
                let mark = AnnotationKind::Primary.span(window.mark.clone()).label(path.as_deref());
                let snippet = Snippet::source(window.line.as_str()).line_numbering(false);
                group = group.element(snippet.annotation(mark));
            } else if let Some(path) = path.as_deref() {
                group = group.element(Level::NOTE.with_name("at").message(path));
            }
        }
    }
    group = group.element(Level::NOTE.with_name("why").message(printable(&finding.why)));
    if let Some(instead) = &finding.instead {
        group = group.element(Level::HELP.with_name("write").message(printable(instead)));
    }
    let renderer = match style {
        Style::Coloured => Renderer::styled(),
        Style::Plain => Renderer::plain(),
    };
    renderer.render(&[group])
}

/// The part of a line that is shown, and what of it is meant.
struct Window {
    line: String,
    mark: Range<usize>,
    /// Whether something is missing before the mark, so that columns in it are not those of the
    /// line.
    cut: bool,
}

impl Window {
    /// Only the first line of what is meant: a payload has many.
    fn of(text: &str, span: &Range<usize>) -> Option<Self> {
        let (before, after) = text.split_at_checked(span.start.min(text.len()))?;
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let (mark, behind) = after.split_at_checked(span.len().min(after.len()))?;
        let short = last(before, AROUND);
        let mut line = shown(short);
        let start = line.len();
        line.push_str(&shown(first(mark, AROUND)));
        let end = line.len();
        line.push_str(&shown(first(behind, AROUND)));
        Some(Self { line, mark: start..end, cut: short.len() < before.len() })
    }
}

/// As [`printable`]; what becomes of tabs, the renderer knows best.
fn shown(text: &str) -> String {
    text.split('\t').map(printable).collect::<Vec<_>>().join("\t")
}

fn first(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

fn last(text: &str, characters: usize) -> &str {
    let from = characters.checked_sub(1).and_then(|more| text.char_indices().nth_back(more));
    text.get(from.map_or(0, |(at, _)| at)..).unwrap_or(text)
}
