//! Status codes (OMA SyncML Representation Protocol 1.2 §10).

use core::fmt;

/// How a device says a command went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(pub u16);

/// The codes and their meaning in device management.
static CODES: &[(u16, &str)] = &[
    (101, "in progress"),
    (200, "done"),
    (201, "made"),
    (202, "accepted, and done later: ask for the result"),
    (203, "answered by another than asked"),
    (204, "nothing there"),
    (205, "show it anew"),
    (206, "done in part"),
    (207, "conflict resolved by merging"),
    (208, "conflict resolved in favour of the client"),
    (209, "conflict resolved by keeping both"),
    (210, "deleted without archive"),
    (211, "not there, and so not deleted"),
    (212, "authenticated for the session"),
    (213, "piece of a large value taken"),
    (214, "cancelled"),
    (215, "not carried out, as something else in the Atomic failed"),
    (216, "undone, as something else in the Atomic failed"),
    (300, "more than one choice"),
    (301, "moved for good"),
    (302, "found elsewhere"),
    (303, "see elsewhere"),
    (304, "not changed"),
    (305, "only through a proxy"),
    (400, "the command is malformed"),
    (401, "the credentials are wrong"),
    (402, "payment needed"),
    (403, "forbidden"),
    (404, "there is no such node"),
    (405, "the node does not take this command"),
    (406, "an optional feature that is not there"),
    (407, "credentials are missing"),
    (408, "it took too long"),
    (409, "conflict"),
    (410, "the node is gone"),
    (411, "the size must be said"),
    (412, "a precondition does not hold"),
    (413, "too large"),
    (414, "the address is too long"),
    (415, "the format or type is not that of the node"),
    (416, "the size is larger than announced"),
    (417, "try again later"),
    (418, "the node is there already"),
    (419, "conflict resolved in favour of the server"),
    (420, "the device is full"),
    (421, "the search is not understood"),
    (422, "the query is malformed"),
    (423, "deleted softly"),
    (424, "the size is not the announced one"),
    (425, "permission denied"),
    (426, "done in part"),
    (427, "the parent is not empty"),
    (428, "moved in part"),
    (500, "the command failed"),
    (501, "the command is not known"),
    (502, "bad gateway"),
    (503, "not available now"),
    (504, "the gateway took too long"),
    (505, "the version of the DTD is not known"),
    (506, "processing failed"),
    (507, "the Atomic failed: look for the command in it with a code of its own"),
    (508, "a full synchronisation is needed"),
    (509, "reserved"),
    (510, "the store failed"),
    (511, "the server failed"),
    (512, "synchronisation failed"),
    (513, "the version of the protocol is not known"),
    (514, "cancelled"),
    (516, "the Atomic failed and could not be undone"),
    (517, "the answer to the Atomic does not fit"),
];

impl StatusCode {
    /// Whether the command was carried out, or will be.
    ///
    /// 215 and 216 are below 300 and yet no success: another command of the Atomic failed.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self.0, 200..=299) && !matches!(self.0, 214..=216)
    }

    /// What it says; nothing for a code that is not given out.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        CODES.iter().find(|(code, _)| *code == self.0).map(|(_, meaning)| *meaning)
    }
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning() {
            Some(meaning) => write!(f, "{} {meaning}", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}
