//! Where a value stands, and how it is written there.

use crate::xml::TextForm;

/// Where a value stands, which decides how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Context {
    /// The text of an XML element: `<string>`, `<key>`, `<Data>`.
    Xml,
    /// A CDATA section.
    Cdata,
    /// The text of an element that holds another XML document, escaped.
    XmlInXml,
    /// A CDATA section that holds another XML document.
    XmlInCdata,
    /// `<data>` of a property list: the value is base64 already.
    Base64,
    /// `<integer>` of a property list.
    Integer,
    /// A segment of the address of a node.
    LocUri,
    /// An attribute of a subject for Windows, between quotation marks, in XML.
    SubjectName,
    /// The same in a CDATA section.
    SubjectNameInCdata,
    /// Inside a string of JSON.
    Json,
    /// A word of a shell script without quotes around it.
    Shell,
    /// Between single quotes of a shell script.
    ShellSingleQuoted,
    /// Between double quotes of a shell script.
    ShellDoubleQuoted,
    /// A value of a subject in slash form.
    SlashForm,
    /// Plain text that is encoded later, by whoever makes a request of it.
    Text,
}

/// What a place asks of a value that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    pub(super) expected: &'static str,
    /// The byte of the value at which it goes wrong.
    pub(super) at: usize,
}

/// What a value is written into: a text, or a count of bytes.
pub(super) trait Sink {
    fn text(&mut self, text: &str);
}

impl Sink for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }
}

/// Counts what would be written.
pub(super) struct Count(pub(super) usize);

impl Sink for Count {
    fn text(&mut self, text: &str) {
        self.0 = self.0.saturating_add(text.len());
    }
}

const CHARACTERS: &str = "characters that XML 1.0 allows";
const ONE_LINE: &str = "one line without control characters";

/// Closes a CDATA section and opens the next.
const ANEW: &str = "]]><![CDATA[";

impl Context {
    /// The context of the text of an element.
    pub(super) const fn of(form: TextForm) -> Self {
        match form {
            TextForm::Plain => Self::Xml,
            TextForm::Cdata => Self::Cdata,
        }
    }

    /// Whether a value with none but plain characters is written as it is.
    ///
    /// Plain are the letters, digits and signs of ASCII that mean nothing in XML, JSON or a
    /// subject; see [`is_plain`].
    pub(super) const fn takes_plain(self) -> bool {
        match self {
            Self::Xml
            | Self::Cdata
            | Self::XmlInXml
            | Self::XmlInCdata
            | Self::SubjectName
            | Self::SubjectNameInCdata
            | Self::Json
            | Self::Text => true,
            Self::Base64
            | Self::Integer
            | Self::LocUri
            | Self::Shell
            | Self::ShellSingleQuoted
            | Self::ShellDoubleQuoted
            | Self::SlashForm => false,
        }
    }

    /// Writes a value.
    pub(super) fn write(self, value: &str, out: &mut impl Sink) -> Result<(), Unfit> {
        match self {
            Self::Xml => each(value, out, CHARACTERS, xml),
            Self::XmlInXml => each(value, out, CHARACTERS, xml_in_xml),
            Self::Cdata => cdata(value, out, |c| xml(c).map(|_| Written::AsItIs)),
            Self::XmlInCdata => cdata(value, out, xml),
            Self::SubjectName => each(value, out, ONE_LINE, |c| match c {
                '"' => Some(Written::As("&#34;&#34;")),
                c => on_one_line(c).and_then(xml),
            }),
            Self::SubjectNameInCdata => cdata(value, out, |c| match on_one_line(c)? {
                '"' => Some(Written::As("\"\"")),
                c => xml(c).map(|_| Written::AsItIs),
            }),
            Self::Base64 => base64(value, out),
            Self::Integer => integer(value, out),
            Self::LocUri => each(value, out, "letters, digits and any of - . _ ~ : @ { }", loc_uri),
            Self::Json => json(value, out),
            Self::Shell => {
                out.text("'");
                each(value, out, "text without NUL", single_quoted)?;
                out.text("'");
                Ok(())
            }
            Self::ShellSingleQuoted => each(value, out, "text without NUL", single_quoted),
            Self::ShellDoubleQuoted => each(value, out, "text without NUL", |c| match c {
                '\0' => None,
                '\\' => Some(Written::As("\\\\")),
                '"' => Some(Written::As("\\\"")),
                '$' => Some(Written::As("\\$")),
                '`' => Some(Written::As("\\`")),
                _ => Some(Written::AsItIs),
            }),
            Self::SlashForm => each(value, out, ONE_LINE, |c| match on_one_line(c)? {
                '\\' => Some(Written::As("\\\\")),
                '/' => Some(Written::As("\\/")),
                '+' => Some(Written::As("\\+")),
                _ => Some(Written::AsItIs),
            }),
            Self::Text => each(value, out, ONE_LINE, |c| on_one_line(c).map(|_| Written::AsItIs)),
        }
    }
}

/// Whether a value is plain: written as it is wherever [`Context::takes_plain`].
pub(super) fn is_plain(value: &str) -> bool {
    /// Bytes that are looked at together. One result for each, and no early end: of this the
    /// compiler makes a handful of instructions.
    const TOGETHER: usize = 16;
    let (chunks, rest) = value.as_bytes().as_chunks::<TOGETHER>();
    let Some(last) = value.as_bytes().last_chunk::<TOGETHER>() else {
        return rest.iter().all(|byte| special(*byte) == 0);
    };
    // Some bytes twice are cheaper than the rest one by one.
    let last = if rest.is_empty() { None } else { Some(last) };
    let mut found = [0_u8; TOGETHER];
    for chunk in chunks.iter().chain(last) {
        for (found, byte) in found.iter_mut().zip(chunk) {
            *found |= special(*byte);
        }
    }
    found == [0; TOGETHER]
}

/// Not 0 for `"` `&` `'` `<` `>` `\` `]`, control characters, and all beyond ASCII.
const fn special(byte: u8) -> u8 {
    (byte.wrapping_sub(b' ') >= 0x5f) as u8
        | (byte == b'"') as u8
        | (byte.wrapping_sub(b'&') <= 1) as u8
        | (byte | 2 == b'>') as u8
        | (byte.wrapping_sub(b'\\') <= 1) as u8
}

/// How one character is written.
enum Written {
    AsItIs,
    As(&'static str),
}

/// Writes every character as `how` says, in as few pieces as possible; `None` does not fit.
fn each(
    value: &str,
    out: &mut impl Sink,
    expected: &'static str,
    how: impl Fn(char) -> Option<Written>,
) -> Result<(), Unfit> {
    let mut done = 0_usize;
    for (at, character) in value.char_indices() {
        match how(character) {
            Some(Written::AsItIs) => {}
            Some(Written::As(text)) => {
                out.text(value.get(done..at).unwrap_or_default());
                out.text(text);
                done = at.saturating_add(character.len_utf8());
            }
            None => return Err(Unfit { expected, at }),
        }
    }
    out.text(value.get(done..).unwrap_or_default());
    Ok(())
}

/// The references that Go's `xml.EscapeText` writes, and so Fleet.
const fn xml(character: char) -> Option<Written> {
    Some(match character {
        '"' => Written::As("&#34;"),
        '\'' => Written::As("&#39;"),
        '&' => Written::As("&amp;"),
        '<' => Written::As("&lt;"),
        '>' => Written::As("&gt;"),
        '\t' => Written::As("&#x9;"),
        '\n' => Written::As("&#xA;"),
        '\r' => Written::As("&#xD;"),
        ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => Written::AsItIs,
        _ => return None,
    })
}

const fn xml_in_xml(character: char) -> Option<Written> {
    Some(match character {
        '"' => Written::As("&amp;#34;"),
        '\'' => Written::As("&amp;#39;"),
        '&' => Written::As("&amp;amp;"),
        '<' => Written::As("&amp;lt;"),
        '>' => Written::As("&amp;gt;"),
        '\t' => Written::As("&amp;#x9;"),
        '\n' => Written::As("&amp;#xA;"),
        '\r' => Written::As("&amp;#xD;"),
        character => return xml(character),
    })
}

/// Writes into a CDATA section. No `]` or `>` stays next to anything, so that neither the value
/// nor the text around it can end the section.
fn cdata(
    value: &str,
    out: &mut impl Sink,
    how: impl Fn(char) -> Option<Written>,
) -> Result<(), Unfit> {
    for (at, character) in value.char_indices() {
        let mut raw = [0; 4];
        let raw = character.encode_utf8(&mut raw);
        match how(character).ok_or(Unfit { expected: CHARACTERS, at })? {
            Written::As(text) => out.text(text),
            Written::AsItIs => match character {
                ']' => {
                    out.text("]");
                    out.text(ANEW);
                }
                '>' => {
                    out.text(ANEW);
                    out.text(">");
                }
                // A reader would make a line feed of it.
                '\r' => out.text("]]>&#xD;<![CDATA["),
                _ => out.text(raw),
            },
        }
    }
    Ok(())
}

const fn on_one_line(character: char) -> Option<char> {
    if character.is_ascii_control() { None } else { Some(character) }
}

const fn single_quoted(character: char) -> Option<Written> {
    match character {
        '\0' => None,
        '\'' => Some(Written::As("'\\''")),
        _ => Some(Written::AsItIs),
    }
}

const fn loc_uri(character: char) -> Option<Written> {
    match character {
        'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~' | ':' | '@' | '{' | '}' => {
            Some(Written::AsItIs)
        }
        _ => None,
    }
}

/// What Go's `json.Marshal` writes between the quotation marks, and so Fleet.
fn json(value: &str, out: &mut impl Sink) -> Result<(), Unfit> {
    const HEX: &[&str; 16] =
        &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];
    for character in value.chars() {
        match character {
            '"' => out.text("\\\""),
            '\\' => out.text("\\\\"),
            '\n' => out.text("\\n"),
            '\r' => out.text("\\r"),
            '\t' => out.text("\\t"),
            '\u{8}' => out.text("\\b"),
            '\u{c}' => out.text("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.text("\\u");
                let code = u32::from(character);
                for shift in [12_u32, 8, 4, 0] {
                    let digit = usize::try_from((code >> shift) & 0xf).unwrap_or(0);
                    out.text(HEX.get(digit).copied().unwrap_or("0"));
                }
            }
            other => out.text(other.encode_utf8(&mut [0; 4])),
        }
    }
    Ok(())
}

/// Base64 of RFC 4648 §4, padded, with white space between its characters.
fn base64(value: &str, out: &mut impl Sink) -> Result<(), Unfit> {
    let expected = "base64 with its padding";
    let (mut characters, mut padding) = (0_usize, 0_usize);
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => {
                characters = characters.saturating_add(1);
            }
            b'=' if padding < 2 => padding = padding.saturating_add(1),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => return Err(Unfit { expected, at }),
        }
    }
    if !characters.saturating_add(padding).is_multiple_of(4) || characters == 0 {
        return Err(Unfit { expected, at: value.len() });
    }
    out.text(value);
    Ok(())
}

fn integer(value: &str, out: &mut impl Sink) -> Result<(), Unfit> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || value.parse::<i128>().is_err() {
        return Err(Unfit { expected: "a whole number in decimal digits", at: 0 });
    }
    out.text(value);
    Ok(())
}
