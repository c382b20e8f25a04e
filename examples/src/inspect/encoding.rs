//! How a value is encoded: DER, or one of the freedoms that BER leaves (X.690 §8.1.3, §8.7).

use devicecert::pki::asn1::tag;

/// Deeper than any message; more is somebody's joke.
const MAX_DEPTH: usize = 64;
const CONSTRUCTED: u8 = 0x20;

/// What one value looks like on the wire.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Octets of the value.
    pub(super) length: usize,
    pub(super) indefinite: Places,
    pub(super) chunked: Places,
    pub(super) long_lengths: Places,
}

/// The first of several places.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) first: Option<usize>,
    pub(super) count: usize,
}

impl Places {
    fn add(&mut self, at: usize) {
        self.first.get_or_insert(at);
        self.count = self.count.saturating_add(1);
    }
}

/// A constructed value whose end was not reached yet.
struct Open {
    end: Option<usize>,
    tag: u8,
    children: usize,
    oid_then_sequence: bool,
}

struct Header {
    tag: u8,
    content: usize,
    length: Option<usize>,
    minimal: bool,
}

/// Walks through the first value of `input`; `None` if it is damaged, which others report.
pub(super) fn survey(input: &[u8]) -> Option<Survey> {
    let mut survey = Survey::default();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    loop {
        while let Some(innermost) = open.last() {
            match innermost.end {
                Some(end) if at >= end => {}
                None if input.get(at..)?.starts_with(&[0, 0]) => at = at.checked_add(2)?,
                _ => break,
            }
            open.pop();
        }
        if open.is_empty() && at > 0 {
            survey.length = at;
            return Some(survey);
        }
        let header = header(input, at)?;
        if header.length.is_none() {
            survey.indefinite.add(at);
        }
        if !header.minimal {
            survey.long_lengths.add(at);
        }
        if is_chunked(&header, open.last()) {
            survey.chunked.add(at);
        }
        if let Some(parent) = open.last_mut() {
            match parent.children {
                0 => parent.oid_then_sequence = header.tag == tag::OID,
                1 => parent.oid_then_sequence &= header.tag == tag::SEQUENCE,
                _ => {}
            }
            parent.children = parent.children.saturating_add(1);
        }
        let end = match header.length {
            Some(length) => {
                Some(header.content.checked_add(length).filter(|end| *end <= input.len())?)
            }
            None => None,
        };
        if header.tag & CONSTRUCTED != 0 {
            if open.len() >= MAX_DEPTH {
                return None;
            }
            open.push(Open { end, tag: header.tag, children: 0, oid_then_sequence: false });
            at = header.content;
        } else {
            at = end?;
        }
    }
}

/// Whether this is a string in pieces. Of the encrypted content of CMS, which hides its type
/// behind a tag of its own, that shows only by where it stands.
fn is_chunked(header: &Header, parent: Option<&Open>) -> bool {
    let is_string = header.tag == tag::OCTET_STRING | CONSTRUCTED
        || header.tag == tag::BIT_STRING | CONSTRUCTED;
    let is_encrypted_content = header.tag == tag::constructed(0)
        && parent.is_some_and(|parent| {
            parent.tag == tag::SEQUENCE && parent.children == 2 && parent.oid_then_sequence
        });
    is_string || is_encrypted_content
}

fn header(input: &[u8], at: usize) -> Option<Header> {
    let mut octets = input.get(at..)?.iter().copied();
    let tag = octets.next()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let first = octets.next()?;
    let content = at.checked_add(2)?;
    if first < 0x80 {
        return Some(Header { tag, content, length: Some(usize::from(first)), minimal: true });
    }
    let count = usize::from(first & 0x7f);
    if count == 0 {
        return Some(Header { tag, content, length: None, minimal: true });
    }
    let digits = input.get(content..content.checked_add(count)?)?;
    let length = digits.iter().try_fold(0_usize, |length, digit| {
        length.checked_mul(256)?.checked_add(usize::from(*digit))
    })?;
    let minimal = length >= 0x80 && digits.first() != Some(&0);
    Some(Header { tag, content: content.checked_add(count)?, length: Some(length), minimal })
}

#[cfg(test)]
mod tests {
    use super::survey;

    #[test]
    fn every_freedom_of_ber_is_seen_where_it_is() {
        let all = [0x30, 0x80, 0x24, 0x03, 0x04, 0x01, 7, 0x04, 0x81, 0x01, 9, 0, 0, 0x0a];
        let survey = survey(&all).unwrap();
        assert_eq!(survey.indefinite.first, Some(0));
        assert_eq!(survey.chunked.first, Some(2));
        assert_eq!(survey.long_lengths.first, Some(7));
        assert_eq!(survey.length, 13);
    }

    #[test]
    fn damage_is_left_to_others() {
        assert!(survey(&[]).is_none());
        assert!(survey(&[0x30, 0x05, 0x04]).is_none());
        assert!(survey(&[0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255]).is_none());
        assert!(survey(&[0x30, 0x80].repeat(1000)).is_none());
    }
}
