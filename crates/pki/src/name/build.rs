//! Writing the RDNSequence.

use super::{Name, check_count};
use crate::asn1::{Writer, tag};
use crate::error::Error;

/// Collects encoded attributes, RDN by RDN.
#[derive(Debug, Default)]
pub(super) struct Builder {
    rdns: Vec<Vec<Vec<u8>>>,
    attributes: usize,
}

impl Builder {
    /// Adds an attribute: to the last RDN if `joined`, to a new one otherwise.
    pub(super) fn push(&mut self, joined: bool, oid: &[u8], value: &[u8]) -> Result<(), Error> {
        self.attributes = self.attributes.saturating_add(1);
        check_count(self.attributes)?;
        let attribute = Writer::build(|w| {
            w.sequence(|w| {
                w.value(tag::OID, oid);
                w.raw(value);
            });
        });
        match self.rdns.last_mut() {
            Some(rdn) if joined => rdn.push(attribute),
            _ => self.rdns.push(vec![attribute]),
        }
        Ok(())
    }

    /// The name with the RDNs as they came.
    pub(super) fn finish(self) -> Name {
        let der = Writer::build(|w| {
            w.sequence(|w| {
                for rdn in self.rdns {
                    w.set_of(tag::SET, rdn);
                }
            });
        });
        Name { der }
    }

    /// The name with the RDNs in the opposite order, for texts that start with the innermost.
    pub(super) fn finish_reversed(mut self) -> Name {
        self.rdns.reverse();
        self.finish()
    }
}
