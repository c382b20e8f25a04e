//! Templates: whatever the profile and whatever the value, the value stays where it is.
//!
//! The first byte of the input chooses where the profile goes, what follows up to a line feed is
//! the value, and the rest is the profile.

use devicecert_fleet::{
    Delivery, Destination, Filled, Template, Unavailable, Unfilled, Value, occurrences,
};
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;

/// A value that nothing is done with, and that no profile has in it.
const TOKEN: &str = "Q7token7Q";

pub fn run(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let destination = Destination::ALL[usize::from(*first) % Destination::ALL.len()];
    let Ok(text) = core::str::from_utf8(rest) else { return };
    let (value, text) = text.split_once('\n').unwrap_or(("'\"<&>]]>$FLEET_VAR_HOST_UUID", text));
    let template = match Template::compile(text, destination) {
        Ok(template) => template,
        Err(error) => {
            let _ = error.to_string();
            return;
        }
    };
    // What a template asks for stands in the profile.
    for variable in template.variables() {
        assert!(occurrences(text).any(|found| found.variable == *variable));
    }
    let fill = |value: &str| template.fill(|_| Ok::<_, Unavailable>(Value::from(value)));
    let filled = match fill(value) {
        Ok(filled) => filled,
        Err(error) => {
            told(&error, text);
            return;
        }
    };
    if matches!(
        destination,
        Destination::AppleProfile | Destination::AppleApp | Destination::WindowsProfile
    ) {
        same_shape(text, &template, &filled, value);
    }
    if destination == Destination::WindowsProfile {
        let delivery = Delivery::new(&filled, "root", || "id".to_owned()).expect("it is XML");
        // What is delivered is XML again.
        assert!(Delivery::new(delivery.profile(), "root", || "id".to_owned()).is_ok());
    }
}

fn told(error: &Unfilled, text: &str) {
    let _ = error.to_string();
    assert!(text.get(error.place.span.clone()).is_some());
}

fn same_shape(text: &str, template: &Template, filled: &Filled, value: &str) {
    let fill = template.fill(|_| Ok::<_, Unavailable>(Value::from(TOKEN)));
    let Ok(plain) = fill.map(Filled::into_string) else { return };
    if text.contains(TOKEN) || value.contains(TOKEN) {
        return;
    }
    let (found, wanted) = (shape(filled.as_str()), shape(&plain));
    assert_eq!(found.len(), wanted.len(), "{found:?}\n{wanted:?}");
    // In a subject quotation marks are doubled; in a document within, all is escaped once more.
    let values = [value.to_owned(), value.replace('"', "\"\""), escaped(value)];
    for (found, wanted) in found.iter().zip(&wanted) {
        let same = values.iter().any(|value| *found == wanted.replace(TOKEN, value));
        assert!(same, "{found:?}\n{wanted:?}");
    }
}

fn escaped(value: &str) -> String {
    let mut out = String::new();
    for character in value.chars() {
        match character {
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' => out.push_str("&#x9;"),
            '\r' => out.push_str("&#xD;"),
            other => out.push(other),
        }
    }
    out
}

/// Every tag and every text of a document, in their order. Comments and how a text is written do
/// not count.
fn shape(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut shape = vec![String::new()];
    let normal = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    loop {
        let more = match reader.read_event().expect("what was filled is well-formed") {
            Event::Eof => return shape,
            Event::Text(text) => normal(&text.into_inner()),
            Event::CData(text) => normal(&text.into_inner()),
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().expect("a character");
                let name = reference.into_inner();
                let known = || resolve_xml_entity(&name).expect("a known entity").to_owned();
                character.map_or_else(known, String::from)
            }
            Event::Comment(_) => continue,
            tag => {
                shape.push(format!("{tag:?}"));
                shape.push(String::new());
                continue;
            }
        };
        shape.last_mut().expect("never empty").push_str(&more);
    }
}
