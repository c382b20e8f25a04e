//! Looks into one of our formats and says in words what is there, and what is odd about it.
//!
//! [`look`] takes bytes and gives back text; the program `inspect` does nothing else than read a
//! file for it. Whatever can be read is shown, also of a damaged file; the first place that
//! cannot be read is the [`Damage`].

mod algorithms;
mod certificate;
mod certs_only;
mod classify;
mod csr;
mod encoding;
mod enveloped;
mod est;
mod input;
mod key;
mod names;
pub(crate) mod page;
mod scep;
mod signed;
mod small;

use std::fmt;

use devicecert::pki::error::Found;
use devicecert::pki::{Certificate, Decryptor, Error, Limits, Time, Tolerance, ber};

use classify::Kind;
use page::Page;

/// Octets of the largest input that is looked at.
pub const MAX_BYTES: usize = 16 << 20;

/// Messages inside messages that are opened: a pkiMessage holds an envelope that holds certificates.
const MAX_DEPTH: usize = 8;

/// What [`look`] may use beside the input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// A private key to try on envelopes.
    pub key: Option<&'a dyn Decryptor>,
    /// Now; without it nothing is said about what is expired.
    pub now: Option<Time>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The text for a person, ended by a line break.
    pub text: String,
    /// The first place that could not be read; `None` if all could.
    pub damage: Option<Damage>,
}

/// A place that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Octets before that place.
    pub at: usize,
    /// What the octets are counted in, where that is not the input: ` of PEM block 2`.
    pub of: String,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, of, expected, found } = self;
        write!(f, "at byte {at}{of}: expected {expected}, found {found}")
    }
}

/// Where a value lies, so that an offset in it can be given as an offset in the file.
#[derive(Clone, Debug, Default)]
struct Place {
    base: usize,
    of: String,
}

impl Place {
    fn plus(&self, offset: usize) -> Self {
        Self { base: self.base.saturating_add(offset), of: self.of.clone() }
    }

    fn named(name: &str) -> Self {
        Self { base: 0, of: format!(" of {name}") }
    }

    /// The place in words, for a finding.
    fn at(&self, offset: usize) -> String {
        format!("byte {}{}", self.base.saturating_add(offset), self.of)
    }

    fn damage(&self, error: &Error) -> Damage {
        let (offset, expected, found) = match error {
            Error::Malformed(malformed) => {
                let found = match &malformed.found {
                    // What a tag is called says more than its number.
                    Found::Tag(tag) => format!("{} (tag 0x{tag:02x})", names::tag(*tag)),
                    other => other.to_string(),
                };
                (malformed.offset, malformed.expected.to_owned(), found)
            }
            Error::LimitExceeded(exceeded) => {
                let expected = format!("at most {} {}", exceeded.limit, exceeded.what);
                (0, expected, exceeded.found.to_string())
            }
            other => (0, "a value that the standard allows".to_owned(), other.to_string()),
        };
        Damage { at: self.base.saturating_add(offset), of: self.of.clone(), expected, found }
    }
}

/// Something that is out of the ordinary.
struct Finding {
    what: String,
    means: String,
}

/// What is known while looking.
struct Look<'a> {
    page: Page,
    findings: Vec<Finding>,
    damage: Option<Damage>,
    options: Options<'a>,
    limits: Limits,
    tolerance: Tolerance,
    depth: usize,
    /// Who signed the message in which the present value lies.
    outer_signer: Option<Certificate>,
}

/// Looks at `input`: DER, BER, PEM with any number of blocks, or base64.
#[must_use]
pub fn look(input: &[u8], options: Options<'_>) -> Report {
    let mut limits = Limits::default();
    limits.message_bytes = MAX_BYTES;
    limits.values = 1 << 20;
    limits.depth = 64;
    limits.certificates = 64;
    limits.crls = 64;
    limits.recipients = 64;
    limits.attributes = 256;
    limits.rsa_modulus_bits = 16_384;
    // Old algorithms are what a person wants to see explained, not what has to be kept out here.
    let mut tolerance = Tolerance::default();
    tolerance.legacy_algorithms = true;
    let mut look = Look {
        page: Page::default(),
        findings: Vec::new(),
        damage: None,
        options,
        limits,
        tolerance,
        depth: 0,
        outer_signer: None,
    };
    input::look(&mut look, input);
    look.finish()
}

impl Look<'_> {
    fn finish(mut self) -> Report {
        if !self.page.is_empty() {
            self.page.heading("Unusual");
            if self.findings.is_empty() {
                self.page.line(if self.damage.is_some() {
                    "nothing in what could be read"
                } else {
                    "nothing"
                });
            }
            while let Some(first) = self.findings.first() {
                let means = first.means.clone();
                let (same, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.findings)
                    .into_iter()
                    .partition(|finding| finding.means == means);
                self.findings = rest;
                let what: Vec<String> = same.into_iter().map(|finding| finding.what).collect();
                self.page.item(&what, &means);
            }
            if let Some(damage) = &self.damage {
                self.page.heading("Not readable");
                self.page.line(&damage.to_string());
            }
        }
        Report { text: self.page.into_text(), damage: self.damage }
    }

    fn unusual(&mut self, what: impl Into<String>, means: impl Into<String>) {
        let finding = Finding { what: what.into(), means: means.into() };
        let known = |known: &Finding| known.what == finding.what;
        if !self.findings.iter().any(known) {
            self.findings.push(finding);
        }
    }

    /// Notes damage; the first is the one that is reported.
    fn damaged(&mut self, damage: Damage) {
        if self.damage.is_none() {
            self.damage = Some(damage);
        } else {
            self.page.row("not readable", &damage.to_string());
        }
    }

    fn check<T>(&mut self, place: &Place, result: Result<T, Error>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.damaged(place.damage(&error));
                None
            }
        }
    }

    /// Looks at one value in DER or BER.
    fn value(&mut self, bytes: &[u8], place: &Place) {
        if self.depth >= MAX_DEPTH {
            self.page.row("not shown", "too many messages inside one another");
            return;
        }
        self.depth = self.depth.saturating_add(1);
        self.page.indented(self.depth > 1);
        self.value_here(bytes, place);
        self.page.outdented(self.depth > 1);
        self.depth = self.depth.saturating_sub(1);
    }

    fn value_here(&mut self, bytes: &[u8], place: &Place) {
        let bytes = self.encoding(bytes, place);
        let Some(der) = self.check(place, ber::normalise(bytes, &self.limits)) else {
            return;
        };
        let rewritten = matches!(der, std::borrow::Cow::Owned(_));
        let inner = match rewritten {
            true => Place::named(&format!("the DER form{}", place.of)),
            false => place.clone(),
        };
        let Some(kind) = self.check(&inner, classify::classify(&der)) else {
            return;
        };
        match kind {
            Kind::SignedData => signed::look(self, &der, &inner),
            Kind::EnvelopedData => enveloped::look(self, &der, &inner),
            // What is signed is the encoding as sent, odd lengths included.
            Kind::Certificate => certificate::look(self, bytes, &der, place, &inner),
            Kind::Csr => csr::look(self, bytes, &der, place, &inner),
            Kind::PrivateKey => key::look(self, &der, &inner),
            Kind::CsrAttrs => est::csr_attrs(self, &der, &inner),
            other => small::look(self, other, &der, &inner),
        }
    }

    /// Says how the bytes are encoded and returns the first value of them.
    fn encoding<'b>(&mut self, bytes: &'b [u8], place: &Place) -> &'b [u8] {
        let Some(survey) = encoding::survey(bytes) else {
            return bytes;
        };
        let odd = [
            (
                &survey.indefinite,
                "indefinite length",
                "This is BER, which streaming libraries write \
                (EJBCA, Bouncy Castle, some Apple clients). RFC 8894 allows it in CMS; a reader \
                that knows only DER stops here.",
            ),
            (
                &survey.chunked,
                "string in several pieces (constructed)",
                "BER again. Old Go servers \
                write the encrypted content so. Readers that know only DER take it for empty or \
                refuse it.",
            ),
            (
                &survey.long_lengths,
                "length written longer than needed",
                "DER asks for the shortest \
                form. Strict readers refuse it, and a program that rewrites the message breaks its \
                signature.",
            ),
        ];
        for (places, what, means) in odd {
            if let Some(first) = places.first {
                let more = match places.count.saturating_sub(1) {
                    0 => String::new(),
                    more => format!(", and {more} more"),
                };
                self.unusual(format!("{what} ({}{more})", place.at(first)), means);
            }
        }
        let (value, behind) = bytes.split_at_checked(survey.length).unwrap_or((bytes, &[]));
        if !behind.is_empty() {
            let line_ends = behind.iter().all(u8::is_ascii_whitespace);
            let means = match line_ends {
                true => {
                    "Line breaks, added by an editor or a shell. Strict readers refuse the file."
                }
                false => {
                    "Something else follows. It is not looked at here, and most readers \
                    either pass it over or refuse the file."
                }
            };
            let what =
                format!("{} bytes behind the end ({})", behind.len(), place.at(survey.length));
            self.unusual(what, means);
        }
        value
    }
}
