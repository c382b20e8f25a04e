//! Templates: whatever the profile and whatever the value, the value stays where it is.
//!
//! The first byte of the input chooses where the profile goes, what follows up to a line feed is
//! the value, and the rest is the profile.

use devicecert_fleet::{
    Delivery, Destination, Error, Filled, Template, Unavailable, Unfilled, Value, occurrences,
};
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;

/// Two values that every place takes and leaves as they are. What they are put into differs in
/// nothing but them, whatever it is.
const PROBES: [&str; 2] = ["1111", "2222"];

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
        same_shape(&template, &filled, value);
    }
    if destination == Destination::WindowsProfile {
        let delivery = Delivery::new(&filled, "root", || "id".to_owned()).expect("it is XML");
        // What is delivered is XML again, one level deeper.
        let again = Delivery::new(delivery.profile(), "root", || "id".to_owned());
        assert!(matches!(again, Ok(_) | Err(Error::LimitExceeded(_))));
    }
}

fn told(error: &Unfilled, text: &str) {
    let _ = error.to_string();
    assert!(text.get(error.place.span.clone()).is_some());
}

fn same_shape(template: &Template, filled: &Filled, value: &str) {
    let probe = |value: &str| {
        let filled = template.fill(|_| Ok::<_, Unavailable>(Value::from(value)));
        filled.map(|filled| shape(filled.as_str()))
    };
    let [Ok(ones), Ok(twos)] = PROBES.map(probe) else { return };
    let found = shape(filled.as_str());
    assert_eq!(found.len(), ones.len(), "{found:?}\n{ones:?}");
    assert_eq!(twos.len(), ones.len(), "{twos:?}\n{ones:?}");
    // In a subject quotation marks are doubled; in a document within, all is escaped once more.
    let values = [value.to_owned(), value.replace('"', "\"\""), escaped(value)];
    for (found, probed) in found.iter().zip(ones.iter().zip(&twos)) {
        let wanted = |value: &String| with(probed, value);
        let same = values.iter().any(|value| *found == wanted(value))
            // In base64 a line end is none.
            || value.contains('\r') && squeezed(found) == squeezed(&wanted(&values[0]));
        assert!(same, "{found:?}\n{probed:?}");
    }
}

/// What both probes were put into, with another value in their place.
fn with((one, two): (&String, &String), value: &str) -> String {
    let (mut one, mut two, mut out) = (one.as_str(), two.as_str(), String::new());
    while let Some(next) = one.chars().next() {
        if let (Some(behind), Some(other)) =
            (one.strip_prefix(PROBES[0]), two.strip_prefix(PROBES[1]))
        {
            out.push_str(value);
            (one, two) = (behind, other);
        } else {
            out.push(next);
            one = one.strip_prefix(next).expect("it starts so");
            two = two.strip_prefix(next).expect("the same in both");
        }
    }
    assert_eq!(two, "");
    out
}

fn squeezed(text: &str) -> String {
    text.split_ascii_whitespace().collect()
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
