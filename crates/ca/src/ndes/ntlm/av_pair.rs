//! AV_PAIR (MS-NLMP §2.2.2.1): what a server says of itself, and a client adds before it answers.

use super::Error;

/// AvId. What is unknown is sent back as it came.
pub(super) mod id {
    pub(crate) const END: u16 = 0;
    pub(crate) const FLAGS: u16 = 6;
    pub(crate) const TIMESTAMP: u16 = 7;
    pub(crate) const TARGET_NAME: u16 = 9;
    pub(crate) const CHANNEL_BINDINGS: u16 = 10;
}

/// The bit of MsvAvFlags that says: the AUTHENTICATE_MESSAGE has a MIC.
const HAS_MIC: u32 = 2;

/// A list of pairs without its end, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AvPairs(Vec<(u16, Vec<u8>)>);

impl AvPairs {
    /// Reads up to MsvAvEOL. `offset` is where the list starts in its message.
    pub(super) fn parse(bytes: &[u8], offset: usize) -> Result<Self, Error> {
        let mut pairs = Vec::new();
        let mut rest = bytes;
        loop {
            let at = offset.saturating_add(bytes.len().saturating_sub(rest.len()));
            let truncated = |expected| Error::Truncated { at, expected };
            let ([id, id_high, length, length_high], after) =
                rest.split_first_chunk().ok_or_else(|| truncated("an AV_PAIR or MsvAvEOL"))?;
            let id = u16::from_le_bytes([*id, *id_high]);
            if id == id::END {
                return Ok(Self(pairs));
            }
            let length = usize::from(u16::from_le_bytes([*length, *length_high]));
            let (value, after) =
                after.split_at_checked(length).ok_or_else(|| truncated("a whole AV_PAIR"))?;
            pairs.push((id, value.to_vec()));
            rest = after;
        }
    }

    fn get(&self, wanted: u16) -> Option<&[u8]> {
        self.0.iter().find(|(id, _)| *id == wanted).map(|(_, value)| value.as_slice())
    }

    /// MsvAvTimestamp, a FILETIME; `None` if it is absent, zero, or of another length.
    pub(super) fn timestamp(&self) -> Option<[u8; 8]> {
        <[u8; 8]>::try_from(self.get(id::TIMESTAMP)?).ok().filter(|time| *time != [0; 8])
    }

    /// Sets the bit that announces a MIC, and keeps the others.
    pub(super) fn announce_mic(&mut self) {
        let flags = self.get(id::FLAGS).and_then(|value| value.try_into().ok());
        let flags = flags.map_or(0, u32::from_le_bytes) | HAS_MIC;
        self.set(id::FLAGS, flags.to_le_bytes().to_vec());
    }

    /// Puts a pair in the place of all with its AvId, at the end.
    pub(super) fn set(&mut self, id: u16, value: Vec<u8>) {
        self.0.retain(|(other, _)| *other != id);
        self.0.push((id, value));
    }

    /// The list with its end.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (id, value) in &self.0 {
            bytes.extend(id.to_le_bytes());
            // A value came with its length in 16 bits, or is shorter than a host's name may be.
            bytes.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
            bytes.extend(value);
        }
        bytes.extend([0; 4]);
        bytes
    }
}
