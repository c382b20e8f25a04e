//! The writer of XML property lists, in the layout of Apple's own tools.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use devicecert_xml::first_illegal;

use super::date;
use super::scalar::{Scalar, Text};
use super::span::KeyPath;
use super::span::Step;
use super::value::{Kind, Value};
use crate::error::{Reason, Unwritable};
use crate::limits::DEEPEST;

const HEAD: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" ",
    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n",
    "<plist version=\"1.0\">\n",
);
const TAIL: &str = "</plist>\n";
/// Characters of base64 in a line.
const LINE: usize = 68;

/// Writes a whole document.
pub(super) fn write_xml(root: &Value) -> Result<String, Box<Unwritable>> {
    let mut writer = Writer { out: HEAD.to_owned() };
    writer.value(root, 0).map_err(|Fault { reason, mut steps }| {
        steps.reverse();
        let key_path = steps.into_iter().collect::<KeyPath>();
        Unwritable { key_path, reason }
    })?;
    writer.out.push_str(TAIL);
    Ok(writer.out)
}

/// Why a value cannot be written, and the way to it, innermost step first.
struct Fault {
    reason: Reason,
    steps: Vec<Step>,
}

impl Fault {
    fn within(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self { reason, steps: Vec::new() }
    }
}

struct Writer {
    out: String,
}

impl Writer {
    /// Writes a value and the end of its line. The recursion is as deep as the limit.
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Fault> {
        if depth > DEEPEST {
            return Err(Reason::Depth.into());
        }
        match value {
            Value::Dictionary(dictionary) if dictionary.is_empty() => self.line(depth, "<dict/>"),
            Value::Array(array) if array.is_empty() => self.line(depth, "<array/>"),
            Value::Dictionary(dictionary) => {
                let inner = depth.saturating_add(1);
                self.line(depth, "<dict>");
                for (key, value) in dictionary.iter() {
                    self.element(inner, "key", key)
                        .map_err(Fault::from)
                        .and_then(|()| self.value(value, inner))
                        .map_err(|fault| fault.within(Step::Key(key.to_owned())))?;
                }
                self.line(depth, "</dict>");
            }
            Value::Array(array) => {
                let inner = depth.saturating_add(1);
                self.line(depth, "<array>");
                for (index, value) in array.iter().enumerate() {
                    self.value(value, inner).map_err(|fault| fault.within(Step::Index(index)))?;
                }
                self.line(depth, "</array>");
            }
            Value::String(text) => self.element(depth, "string", text.as_str())?,
            Value::Integer(integer) => {
                self.scalar(depth, "integer", Kind::Integer, integer, ToString::to_string)?;
            }
            Value::Real(real) => {
                self.scalar(depth, "real", Kind::Real, real, ToString::to_string)?;
            }
            Value::Boolean(true) => self.line(depth, "<true/>"),
            Value::Boolean(false) => self.line(depth, "<false/>"),
            Value::Date(Scalar::Value(date)) if !date::is_writable(*date) => {
                return Err(Reason::Date.into());
            }
            Value::Date(date) => {
                self.scalar(depth, "date", Kind::Date, date, ToString::to_string)?;
            }
            Value::Data(Scalar::Value(data)) => self.data(depth, data),
            Value::Data(Scalar::Template(text)) => {
                self.template(depth, "data", Kind::Data, text)?;
            }
            Value::Uid(uid) => {
                self.line(depth, "<dict>");
                let inner = depth.saturating_add(1);
                self.line(inner, "<key>CF$UID</key>");
                self.element(inner, "integer", &uid.to_string())?;
                self.line(depth, "</dict>");
            }
            Value::Placeholder(text) => {
                if !text.is_placeholder() {
                    return Err(Reason::Template(Kind::Placeholder).into());
                }
                self.indent(depth);
                self.escaped(text.as_str())?;
                self.out.push('\n');
            }
        }
        Ok(())
    }

    fn scalar<T>(
        &mut self,
        depth: usize,
        name: &str,
        kind: Kind,
        scalar: &Scalar<T>,
        write: impl Fn(&T) -> String,
    ) -> Result<(), Reason> {
        match scalar {
            Scalar::Value(value) => self.element(depth, name, &write(value)),
            Scalar::Template(text) => self.template(depth, name, kind, text),
        }
    }

    fn template(
        &mut self,
        depth: usize,
        name: &str,
        kind: Kind,
        text: &Text,
    ) -> Result<(), Reason> {
        let bare = text.as_str().trim_ascii().len() == text.as_str().len();
        match bare && text.has_placeholder() {
            true => self.element(depth, name, text.as_str()),
            false => Err(Reason::Template(kind)),
        }
    }

    /// Base64 on lines of its own, as deep as the tags.
    fn data(&mut self, depth: usize, data: &[u8]) {
        self.line(depth, "<data>");
        let base64 = STANDARD.encode(data);
        let mut rest = base64.as_str();
        while !rest.is_empty() {
            // Base64 is ASCII: every offset is a boundary.
            let (line, after) = rest.split_at_checked(LINE).unwrap_or((rest, ""));
            self.line(depth, line);
            rest = after;
        }
        self.line(depth, "</data>");
    }

    fn element(&mut self, depth: usize, name: &str, text: &str) -> Result<(), Reason> {
        self.indent(depth);
        for piece in ["<", name, ">"] {
            self.out.push_str(piece);
        }
        self.escaped(text)?;
        for piece in ["</", name, ">\n"] {
            self.out.push_str(piece);
        }
        Ok(())
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.indent(depth);
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        self.out.extend(core::iter::repeat_n('\t', depth));
    }

    /// A carriage return is written as a reference, or it would be read as a line feed (XML 1.0
    /// §2.11).
    fn escaped(&mut self, text: &str) -> Result<(), Reason> {
        if let Some((_, c)) = first_illegal(text) {
            return Err(Reason::Character(c));
        }
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>', '\r']) {
            let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.out.push_str(plain);
            self.out.push_str(match special.as_bytes().first() {
                Some(b'&') => "&amp;",
                Some(b'<') => "&lt;",
                Some(b'>') => "&gt;",
                _ => "&#13;",
            });
            rest = special.get(1..).unwrap_or_default();
        }
        self.out.push_str(rest);
        Ok(())
    }
}
