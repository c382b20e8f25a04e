//! BER to DER, as far as CMS needs it (X.690 §8, §10).
//!
//! Enrolment servers built on streaming libraries answer with indefinite lengths, and strings in
//! chunks. [`normalise`] rewrites such a message so that everything behind it reads one encoding.
//! It changes how lengths and strings are spelt and nothing else: sets keep their order, primitive
//! values their octets, and certificates with definite lengths are not entered, so that signatures
//! over what was sent still fit.

use std::borrow::Cow;

use crate::asn1::{Writer, tag};
use crate::error::{Error, Found, LimitExceeded, Malformed};
use crate::limits::Limits;

const END_OF_CONTENTS: usize = 2;
const CONSTRUCTED: u8 = 0x20;
/// A constructed OCTET STRING: chunks that belong together (X.690 §8.7.3).
const CHUNKED_OCTETS: u8 = tag::OCTET_STRING | CONSTRUCTED;
const CHUNKED_BITS: u8 = tag::BIT_STRING | CONSTRUCTED;

/// Rewrites one BER value as DER where needed; borrows it where nothing is to be done.
///
/// ```
/// use devicecert_pki::{Limits, ber};
///
/// let chunked = [0x24, 0x80, 0x04, 1, b'a', 0x04, 2, b'b', b'c', 0, 0];
/// assert_eq!(*ber::normalise(&chunked, &Limits::default())?, [0x04, 3, b'a', b'b', b'c']);
/// # Ok::<(), devicecert_pki::Error>(())
/// ```
///
/// # Errors
/// [`Malformed`] for damaged BER, octets behind the value, or a BIT STRING in chunks, which no
/// message here has; [`LimitExceeded`] for depth, number or size.
pub fn normalise<'a>(input: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, Error> {
    LimitExceeded::check("the message (bytes)", limits.message_bytes, input.len())?;
    let nodes = Scanner { input, limits, nodes: Vec::new(), rewrite: false }.scan()?;
    let Some(nodes) = nodes else {
        return Ok(Cow::Borrowed(input));
    };
    let mut emitter = Emitter { input, nodes: nodes.into_iter().peekable() };
    Ok(Cow::Owned(Writer::build(|w| emitter.emit(w, 0))))
}

/// A value in the order in which values start.
struct Node {
    depth: usize,
    tag: u8,
    /// The content, for a primitive value; the whole value, for one that is copied.
    content: core::ops::Range<usize>,
    shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Tag and content.
    Primitive,
    /// Tag, and the values one level deeper that follow.
    Constructed,
    /// The chunks one level deeper make up one primitive value with this tag.
    Chunked(u8),
    /// All octets as they came.
    Verbatim,
}

/// A constructed value whose end has not been reached.
struct Open {
    end: Option<usize>,
    children: usize,
    /// Whether the first of them is an OBJECT IDENTIFIER, as in ContentInfo.
    starts_with_oid: bool,
    /// Whether the second one is a SEQUENCE.
    then_sequence: bool,
    tag: u8,
    shape: Shape,
}

struct Scanner<'a> {
    input: &'a [u8],
    limits: &'a Limits,
    nodes: Vec<Node>,
    rewrite: bool,
}

impl Scanner<'_> {
    /// `None` if the input is DER already, as far as lengths and strings go.
    fn scan(mut self) -> Result<Option<Vec<Node>>, Error> {
        let mut at = 0;
        let mut open: Vec<Open> = Vec::new();
        loop {
            // Close whatever ends here.
            while let Some(innermost) = open.last() {
                let closed = match innermost.end {
                    Some(end) if at == end => true,
                    Some(end) if at > end => {
                        return Err(self.malformed(at, "the end of a constructed value"));
                    }
                    Some(_) => false,
                    None if self.is_end_of_contents(at)? => {
                        at = at.saturating_add(END_OF_CONTENTS);
                        true
                    }
                    None => false,
                };
                if !closed {
                    break;
                }
                open.pop();
            }
            if open.is_empty() && at > 0 {
                break;
            }
            at = self.value(at, &mut open)?;
        }
        let left = self.input.len().saturating_sub(at);
        if left > 0 {
            return Err(Malformed::new(at, "the end of the message", Found::Trailing(left)).into());
        }
        Ok(self.rewrite.then_some(self.nodes))
    }

    /// Takes the header of the value at `at`, and its content if it is primitive. Returns where
    /// the next header is.
    fn value(&mut self, at: usize, open: &mut Vec<Open>) -> Result<usize, Error> {
        LimitExceeded::check("nesting", self.limits.depth, open.len().saturating_add(1))?;
        LimitExceeded::check("values", self.limits.values, self.nodes.len().saturating_add(1))?;
        let header = self.header(at)?;
        let depth = open.len();
        let shape = self.shape(at, &header, open)?;
        let end = match (header.length, open.last().and_then(|parent| parent.end)) {
            (Some(length), parent) => {
                let end = header.content.saturating_add(length);
                if end > parent.unwrap_or(self.input.len()) {
                    let left = parent.unwrap_or(self.input.len()).saturating_sub(header.content);
                    let found = Found::Length { length: length as u64, left };
                    return Err(Malformed::new(at, "a value that fits", found).into());
                }
                Some(end)
            }
            (None, _) => None,
        };
        self.rewrite |= match shape {
            Shape::Chunked(_) => true,
            Shape::Primitive | Shape::Constructed => end.is_none() || !header.minimal,
            // Copied as it is, its own header included.
            Shape::Verbatim => false,
        };
        match (shape, end) {
            (Shape::Primitive, Some(end)) => {
                self.push(depth, header.tag, header.content..end, shape);
                Ok(end)
            }
            (Shape::Verbatim, Some(end)) => {
                self.push(depth, header.tag, at..end, shape);
                Ok(end)
            }
            (Shape::Constructed | Shape::Chunked(_), _) => {
                self.push(depth, header.tag, header.content..header.content, shape);
                let tag = header.tag;
                open.push(Open {
                    end,
                    children: 0,
                    starts_with_oid: false,
                    then_sequence: false,
                    tag,
                    shape,
                });
                Ok(header.content)
            }
            (Shape::Primitive | Shape::Verbatim, None) => {
                Err(self.malformed(at, "a definite length for a primitive value"))
            }
        }
    }

    fn push(&mut self, depth: usize, tag: u8, content: core::ops::Range<usize>, shape: Shape) {
        self.nodes.push(Node { depth, tag, content, shape });
    }

    /// What the value with this header is, judging by the values it stands in.
    fn shape(&self, at: usize, header: &Header, open: &mut [Open]) -> Result<Shape, Error> {
        let depth = open.len();
        let mut in_chunks = None;
        let mut is_encrypted_content = false;
        let mut in_certificates = false;
        let in_content_info = open.first().is_some_and(|outermost| outermost.starts_with_oid);
        if let Some(parent) = open.last_mut() {
            if let Shape::Chunked(tag) = parent.shape {
                in_chunks = Some(tag);
            }
            // ContentInfo > [0] > EnvelopedData > EncryptedContentInfo > [0] IMPLICIT: the one
            // place where a constructed string does not show by its tag.
            is_encrypted_content = in_content_info
                && depth == 4
                && parent.tag == tag::SEQUENCE
                && parent.children == 2
                && parent.starts_with_oid
                && parent.then_sequence
                && header.tag == tag::constructed(0);
            // ContentInfo > [0] > SignedData > certificates [0]
            in_certificates = in_content_info && depth == 4 && parent.tag == tag::constructed(0);
            match parent.children {
                0 => parent.starts_with_oid = header.tag == tag::OID,
                1 => parent.then_sequence = header.tag == tag::SEQUENCE,
                _ => {}
            }
            parent.children = parent.children.saturating_add(1);
        }
        if in_chunks.is_some() {
            return match header.tag {
                tag::OCTET_STRING => Ok(Shape::Primitive),
                CHUNKED_OCTETS => Ok(Shape::Chunked(tag::OCTET_STRING)),
                other => {
                    Err(Malformed::new(at, "a chunk of an OCTET STRING", Found::Tag(other)).into())
                }
            };
        }
        if is_encrypted_content {
            return Ok(Shape::Chunked(tag::primitive(0)));
        }
        if in_certificates && header.length.is_some() {
            return Ok(Shape::Verbatim);
        }
        match header.tag {
            CHUNKED_OCTETS => Ok(Shape::Chunked(tag::OCTET_STRING)),
            CHUNKED_BITS => {
                Err(Malformed::new(at, "a BIT STRING in one piece", Found::Tag(CHUNKED_BITS))
                    .into())
            }
            other if other & CONSTRUCTED != 0 => Ok(Shape::Constructed),
            _ => Ok(Shape::Primitive),
        }
    }

    fn is_end_of_contents(&self, at: usize) -> Result<bool, Error> {
        match self.input.get(at..).unwrap_or_default() {
            [0, 0, ..] => Ok(true),
            [0, ..] => Err(self.malformed(at, "end-of-contents octets")),
            _ => Ok(false),
        }
    }

    fn malformed(&self, at: usize, expected: &'static str) -> Error {
        let found = match self.input.get(at) {
            Some(octet) => Found::Tag(*octet),
            None => Found::End,
        };
        Malformed::new(at, expected, found).into()
    }

    fn header(&self, at: usize) -> Result<Header, Error> {
        const EXPECTED: &str = "the header of a value";
        let fail = |found| Error::from(Malformed::new(at, EXPECTED, found));
        let mut octets = self.input.get(at..).unwrap_or_default().iter().copied();
        let tag = octets.next().ok_or_else(|| fail(Found::End))?;
        if tag & 0x1f == 0x1f {
            return Err(fail(Found::Value("a tag number above 30")));
        }
        if tag == 0 {
            return Err(fail(Found::Value("end-of-contents octets")));
        }
        let first = octets.next().ok_or_else(|| fail(Found::End))?;
        let count = usize::from(first & 0x7f);
        let content = at.saturating_add(2);
        match first {
            0x80 => Ok(Header { tag, content, length: None, minimal: true }),
            0..0x80 => Ok(Header { tag, content, length: Some(count), minimal: true }),
            _ => {
                let mut length: u64 = 0;
                for _ in 0..count {
                    let octet = octets.next().ok_or_else(|| fail(Found::End))?;
                    if length >> 56 != 0 {
                        return Err(fail(Found::Value("a length of more than 64 bits")));
                    }
                    length = (length << 8) | u64::from(octet);
                }
                let left = octets.len();
                let minimal = length >= 0x80
                    && length.checked_shr(
                        u32::try_from(count.saturating_sub(1).saturating_mul(8)).unwrap_or(64),
                    ) != Some(0)
                    && count <= 8;
                let length =
                    usize::try_from(length).map_err(|_| fail(Found::Length { length, left }))?;
                let content = content.saturating_add(count);
                Ok(Header { tag, content, length: Some(length), minimal })
            }
        }
    }
}

struct Header {
    tag: u8,
    content: usize,
    length: Option<usize>,
    minimal: bool,
}

struct Emitter<'a> {
    input: &'a [u8],
    nodes: core::iter::Peekable<std::vec::IntoIter<Node>>,
}

impl Emitter<'_> {
    /// Writes every value of this depth that comes next. The recursion is as deep as the limit.
    fn emit(&mut self, w: &mut Writer, depth: usize) {
        while let Some(node) = self.nodes.next_if(|node| node.depth == depth) {
            let deeper = depth.saturating_add(1);
            match node.shape {
                Shape::Primitive => w.value(node.tag, self.slice(&node)),
                Shape::Verbatim => w.raw(self.slice(&node)),
                Shape::Constructed => w.nested(node.tag, |w| self.emit(w, deeper)),
                Shape::Chunked(tag) => {
                    let mut whole = Vec::new();
                    while let Some(chunk) = self.nodes.next_if(|node| node.depth > depth) {
                        if chunk.shape == Shape::Primitive {
                            whole.extend_from_slice(self.slice(&chunk));
                        }
                    }
                    w.value(tag, &whole);
                }
            }
        }
    }

    fn slice(&self, node: &Node) -> &[u8] {
        self.input.get(node.content.clone()).unwrap_or_default()
    }
}
