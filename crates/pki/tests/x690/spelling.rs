//! DER taken apart and written again in BER, by code that shares nothing with the crate.

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Primitive(u8, Vec<u8>),
    Constructed(u8, Vec<Node>),
    /// Octets that are not entered.
    Opaque(Vec<u8>),
}

/// How lengths are written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    Minimal,
    /// With so many octets behind the first.
    Long(usize),
    /// The indefinite form; minimal for primitive values.
    Indefinite,
    /// Indefinite at even depths, with so many octets at odd ones.
    Mixed(usize),
}

/// How strings are written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Strings {
    Primitive,
    /// In chunks of so many octets.
    Chunked(usize),
    /// In chunks of chunks.
    Nested(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling(pub(super) Length, pub(super) Strings);

/// Every way to write lengths with every way to write strings.
pub(super) fn spellings() -> Vec<Spelling> {
    let lengths = [
        Length::Minimal,
        Length::Long(2),
        Length::Long(3),
        Length::Long(9),
        Length::Indefinite,
        Length::Mixed(3),
    ];
    let strings = [
        Strings::Primitive,
        Strings::Chunked(1),
        Strings::Chunked(7),
        Strings::Chunked(1000),
        Strings::Nested(5),
    ];
    let both = |length| strings.map(|strings| Spelling(length, strings));
    lengths.into_iter().flat_map(both).collect()
}

impl Node {
    /// Reads one DER value. The certificates of a SignedData stay closed.
    pub(super) fn parse(der: &[u8]) -> Self {
        let (node, rest) = Self::next(der, &mut Vec::new());
        assert!(rest.is_empty());
        node
    }

    fn next<'a>(der: &'a [u8], path: &mut Vec<u8>) -> (Self, &'a [u8]) {
        let tag = der[0];
        let (header, length) = match der[1] {
            short @ 0..0x80 => (2, usize::from(short)),
            long => {
                let count = usize::from(long & 0x7f);
                let digits = &der[2..2 + count];
                let length =
                    digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
                (2 + count, length)
            }
        };
        let (whole, rest) = der.split_at(header + length);
        // ContentInfo, [0], SignedData, certificates [0]
        if *path == [0x30, 0xa0, 0x30, 0xa0] {
            return (Self::Opaque(whole.to_vec()), rest);
        }
        let mut content = &whole[header..];
        if tag & 0x20 == 0 {
            return (Self::Primitive(tag, content.to_vec()), rest);
        }
        path.push(tag);
        let mut children = Vec::new();
        while !content.is_empty() {
            let (child, after) = Self::next(content, path);
            children.push(child);
            content = after;
        }
        path.pop();
        (Self::Constructed(tag, children), rest)
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        self.spell(Spelling(Length::Minimal, Strings::Primitive))
    }

    pub(super) fn spell(&self, spelling: Spelling) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(spelling, &mut Vec::new(), &mut out);
        out
    }

    fn write(&self, spelling: Spelling, path: &mut Vec<u8>, out: &mut Vec<u8>) {
        match self {
            Self::Opaque(octets) => out.extend(octets),
            Self::Primitive(tag, content) => {
                // OCTET STRING, and encryptedContent [0] IMPLICIT OCTET STRING.
                let encrypted_content = *tag == 0x80 && *path == [0x30, 0xa0, 0x30, 0x30];
                let is_string = *tag == 4 || encrypted_content;
                string(*tag, content, is_string, spelling, path.len(), out);
            }
            Self::Constructed(tag, children) => {
                path.push(*tag);
                let mut inner = Vec::new();
                for child in children {
                    child.write(spelling, path, &mut inner);
                }
                path.pop();
                value(*tag, &inner, spelling.0, path.len(), out);
            }
        }
    }
}

/// Writes a primitive value, in chunks if it is an OCTET STRING and the spelling says so.
fn string(
    tag: u8,
    content: &[u8],
    is_string: bool,
    Spelling(length, strings): Spelling,
    depth: usize,
    out: &mut Vec<u8>,
) {
    let size = match strings {
        Strings::Chunked(size) | Strings::Nested(size) if is_string => size,
        _ => return value(tag, content, length, depth, out),
    };
    let mut inner = Vec::new();
    for chunk in content.chunks(size) {
        if matches!(strings, Strings::Chunked(_)) {
            value(4, chunk, length, depth + 1, &mut inner);
            continue;
        }
        let mut halves = Vec::new();
        let (first, second) = chunk.split_at(chunk.len() / 2);
        value(4, first, length, depth + 2, &mut halves);
        value(4, second, length, depth + 2, &mut halves);
        value(0x24, &halves, length, depth + 1, &mut inner);
    }
    value(tag | 0x20, &inner, length, depth, out);
}

/// Writes one value.
pub(super) fn value(tag: u8, content: &[u8], length: Length, depth: usize, out: &mut Vec<u8>) {
    out.push(tag);
    let is_constructed = tag & 0x20 != 0;
    let is_indefinite = match length {
        Length::Indefinite => true,
        Length::Mixed(_) => depth.is_multiple_of(2),
        Length::Minimal | Length::Long(_) => false,
    };
    if is_constructed && is_indefinite {
        out.push(0x80);
        out.extend(content);
        out.extend([0, 0]);
        return;
    }
    let octets = content.len().to_be_bytes();
    match length {
        Length::Long(count) | Length::Mixed(count) => {
            out.push(0x80 | count as u8);
            out.extend(vec![0; count.saturating_sub(octets.len())]);
            out.extend(&octets[octets.len().saturating_sub(count)..]);
        }
        Length::Minimal | Length::Indefinite if content.len() < 0x80 => {
            out.push(content.len() as u8);
        }
        Length::Minimal | Length::Indefinite => {
            let zeros = octets.iter().take_while(|octet| **octet == 0).count();
            out.push(0x80 | (octets.len() - zeros) as u8);
            out.extend(&octets[zeros..]);
        }
    }
    out.extend(content);
}
