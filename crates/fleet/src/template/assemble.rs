//! From a profile to a template: read it, find the place of every variable, cut the text there.

use std::collections::HashMap;

use devicecert_pki::error::LimitExceeded;

use super::spots::Spots;
use super::{Change, Context, Edit, Misplaced, Part, Template, WhyMisplaced};
use super::{json, plain, plist, shell, syncml};
use crate::error::Error;
use crate::limits::Limits;
use crate::place::Lines;
use crate::rules::Rules;
use crate::variable::{Destination, Occurrence, Variable, occurrences};
use crate::xml::Fault;

pub(super) fn assemble(
    text: &str,
    destination: Destination,
    limits: &Limits,
) -> Result<Template, Error> {
    let found = find(text, limits)?;
    let mut spots = Spots::new(text, &found);
    place(&mut spots, destination, limits).map_err(|fault| fault.into_error(text))?;
    match spots.refused.into_iter().min_by_key(|(found, _)| found.span.start) {
        None => Ok(cut(text, destination, spots.edits)),
        Some((found, why)) => {
            let place = Lines::of(text).place(found.span);
            Err(Misplaced { variable: found.variable, place, why }.into())
        }
    }
}

/// Every variable that stands where nothing can be filled in.
pub(super) fn misplaced(
    text: &str,
    found: &[Occurrence],
    destination: Destination,
    limits: &Limits,
) -> Vec<(Occurrence, WhyMisplaced)> {
    let mut spots = Spots::new(text, found);
    // What cannot be read is told by others.
    match place(&mut spots, destination, limits) {
        Ok(()) => spots.refused,
        Err(_) => Vec::new(),
    }
}

pub(crate) fn find(text: &str, limits: &Limits) -> Result<Vec<Occurrence>, LimitExceeded> {
    LimitExceeded::check("the profile (bytes)", limits.bytes, text.len())?;
    let found: Vec<_> = occurrences(text).take(limits.variables.saturating_add(1)).collect();
    LimitExceeded::check("places with a variable", limits.variables, found.len())?;
    Ok(found)
}

fn place(spots: &mut Spots<'_>, destination: Destination, limits: &Limits) -> Result<(), Fault> {
    match destination {
        Destination::AppleProfile | Destination::AppleApp => plist::place(spots, limits)?,
        Destination::WindowsProfile => syncml::place(spots, limits)?,
        Destination::AndroidApp | Destination::AppleDeclaration => json::place(spots),
        Destination::AndroidSubject => plain::place(spots, Context::SlashForm),
        Destination::CaField => plain::place(spots, Context::Text),
        Destination::Script => shell::place(spots),
    }
    let forbidden = spots
        .found
        .iter()
        .filter_map(|found| Some((found.clone(), forbidden(&found.variable, destination)?)));
    spots.refused.extend(forbidden);
    Ok(())
}

fn forbidden(variable: &Variable, destination: Destination) -> Option<WhyMisplaced> {
    if matches!(variable, Variable::Unknown(_)) {
        return Some(WhyMisplaced::Unknown);
    }
    // Everything that Fleet ever took; `check` knows what an older one does not.
    let taken = variable.may_stand(destination, Rules::Current)
        || variable.may_stand(destination, Rules::Guide);
    (!taken).then_some(WhyMisplaced::NotIn(destination))
}

fn cut(text: &str, destination: Destination, mut edits: Vec<Edit>) -> Template {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut template = Template {
        destination,
        literals: String::with_capacity(text.len()),
        parts: Vec::with_capacity(edits.len()),
        variables: Vec::new(),
        places: Vec::new(),
    };
    let lines = Lines::of(text);
    let mut slots: HashMap<Variable, usize> = HashMap::new();
    let mut at = 0_usize;
    for Edit { span, what } in edits {
        template.literals.push_str(text.get(at..span.start).unwrap_or_default());
        at = span.end;
        match what {
            Change::Literal(literal) => template.literals.push_str(literal),
            Change::Fill(variable, context) => {
                let slot = *slots.entry(variable).or_insert_with_key(|variable| {
                    template.variables.push(variable.clone());
                    template.variables.len().saturating_sub(1)
                });
                template.places.push(lines.place(span));
                let literal_end = template.literals.len();
                template.parts.push(Part { literal_end, slot, context });
            }
        }
    }
    template.literals.push_str(text.get(at..).unwrap_or_default());
    template
}
