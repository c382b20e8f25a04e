//! WiFi: wireless profiles.

use super::{Csp, Family, Scopes, node};
use crate::csp::CspNode;
use crate::csp::Occurrence::{One, ZeroOrMore, ZeroOrOne};
use crate::verb::Format::{Bool, Chr, Int, Node};

pub(super) static CSP: Csp =
    Csp { name: "WiFi", families: &[Family { prefix: "", scopes: Scopes::Both, nodes: NODES }] };

static NODES: &[CspNode] = &[
    node("", "G", Node, One),
    node("Profile", "G", Node, One),
    node("Profile/{SSID}", "ADGR", Node, ZeroOrMore),
    node("Profile/{SSID}/WlanXml", "ADGR", Chr, One),
    node("Profile/{SSID}/Proxy", "ADGR", Chr, One),
    node("Profile/{SSID}/ProxyPacUrl", "ADGR", Chr, ZeroOrOne),
    node("Profile/{SSID}/ProxyWPAD", "ADGR", Bool, ZeroOrOne).one_of(&["false", "true"]),
    node("Profile/{SSID}/WiFiCost", "ADGR", Int, ZeroOrOne).or("1").one_of(&["1", "2", "3"]),
    node("Profile/{SSID}/ProfileSource", "GR", Int, One).or("0").one_of(&["0", "1"]),
];
