//! The text for a person: headings, and rows of a label and a value.

/// Columns from the start of a label to its value.
const LABEL: usize = 20;
/// Where explanations are wrapped.
const WIDTH: usize = 84;

/// A text in the making.
#[derive(Debug, Default)]
pub(crate) struct Page {
    text: String,
    indent: usize,
    items: usize,
}

impl Page {
    pub(crate) const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// From here on everything stands further to the right, if `really`.
    pub(crate) const fn indented(&mut self, really: bool) {
        if really {
            self.indent = self.indent.saturating_add(1);
        }
    }

    pub(crate) const fn outdented(&mut self, really: bool) {
        if really {
            self.indent = self.indent.saturating_sub(1);
        }
    }

    pub(crate) fn heading(&mut self, title: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.start(0);
        self.push(title);
        self.text.push('\n');
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.start(1);
        self.push(line);
        self.text.push('\n');
    }

    pub(crate) fn row(&mut self, label: &str, value: &str) {
        self.start(1);
        self.push(label);
        let gap = LABEL.saturating_sub(label.chars().count()).max(1);
        self.text.extend(std::iter::repeat_n(' ', gap));
        self.push(value);
        self.text.push('\n');
    }

    /// A row for each value; the label stands once.
    pub(crate) fn rows<S: AsRef<str>>(&mut self, label: &str, values: impl IntoIterator<Item = S>) {
        for (index, value) in values.into_iter().enumerate() {
            self.row(if index == 0 { label } else { "" }, value.as_ref());
        }
    }

    /// A numbered item of one line or several, and what it means.
    pub(crate) fn item(&mut self, what: &[String], means: &str) {
        self.items = self.items.saturating_add(1);
        for (index, what) in what.iter().enumerate() {
            self.start(1);
            match index {
                0 => self.push(&format!("{:>2}. {what}", self.items)),
                _ => self.push(&format!("    {what}")),
            }
            self.text.push('\n');
        }
        let mut column = 0_usize;
        for word in means.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column.saturating_add(length) >= WIDTH {
                self.text.push('\n');
                column = 0;
            }
            if column == 0 {
                self.text.push_str("     ");
                column = 5;
            }
            self.text.push(' ');
            self.push(word);
            column = column.saturating_add(length).saturating_add(1);
        }
        self.text.push('\n');
    }

    fn start(&mut self, more: usize) {
        let spaces = self.indent.saturating_add(more).saturating_mul(2);
        self.text.extend(std::iter::repeat_n(' ', spaces));
    }

    /// What a stranger wrote must neither move the cursor nor turn the direction of the text.
    fn push(&mut self, text: &str) {
        for character in text.chars() {
            let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if character.is_control() || turns {
                self.text.extend(character.escape_unicode());
            } else {
                self.text.push(character);
            }
        }
    }
}

/// Octets in hexadecimal, shortened where there are more than `most`.
pub(crate) fn hex(octets: &[u8], most: usize) -> String {
    let mut text: String = octets.iter().take(most).map(|octet| format!("{octet:02x}")).collect();
    if octets.len() > most {
        text.push_str("...");
    }
    text
}

/// `1 byte`, `2 bytes`.
pub(crate) fn bytes(count: usize) -> String {
    plural(count, "byte")
}

/// A count and its noun.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
