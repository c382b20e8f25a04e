//! WiredNetwork: the profile of wired 802.1X.

use super::{Csp, Family, Scopes, node};
use crate::csp::CspNode;
use crate::csp::Occurrence::{One, ZeroOrOne};
use crate::verb::Format::{Chr, Int, Node};

pub(super) static CSP: Csp = Csp {
    name: "WiredNetwork",
    families: &[Family { prefix: "", scopes: Scopes::Both, nodes: NODES }],
};

static NODES: &[CspNode] = &[
    node("", "G", Node, One),
    node("LanXML", "ADGR", Chr, ZeroOrOne),
    node("EnableBlockPeriod", "ADGR", Int, ZeroOrOne).range(0, 4_294_967_295),
];
