//! XML, messages, items, addresses, formats.

use super::examples::{leaf, message, node};
use super::{Rule, rule};
use crate::check::Severity::Error;

const GET: &str = "<Get>\n  <CmdID>1</CmdID>\n  <Item>\n    <Target><LocURI>./DevInfo/DevId</LocURI></Target>\n  </Item>\n</Get>\n";

pub(super) const WS001: Rule = rule(
    "WS001",
    Error,
    "the document is not well-formed XML",
    "The device answers a message that it cannot parse with an error for the whole message and does \
     nothing of it. A document type declaration, processing instructions, characters that XML \
     forbids, and more than one root beside a SyncML element count as the same fault.",
    "<Get>\n  <Item>\n    <Target><LocURI>./Vendor/MSFT/WiFi/Profile/R&D</LocURI></Target>\n  </Item>\n</Get>\n",
    "<Get>\n  <Item>\n    <Target><LocURI>./Vendor/MSFT/WiFi/Profile/R%26D</LocURI></Target>\n  </Item>\n</Get>\n",
);

pub(super) const WS002: Rule = rule(
    "WS002",
    Error,
    "the envelope of the message is not that of SyncML 1.2",
    "A message is a SyncML element in its namespace with a header, whose children have a fixed \
     order, and a body with at least one command. The versions in namespace and header are the same.",
    message!(
        "https://www.openmobilealliance.org/SyncML",
        "<Get>\n  <CmdID>1</CmdID>\n  <Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item>\n</Get>\n"
    ),
    message!(
        "<Get>\n  <CmdID>1</CmdID>\n  <Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item>\n</Get>\n"
    ),
);

pub(super) const WS003: Rule = rule(
    "WS003",
    Error,
    "a CmdID is missing, empty, not a number or there twice",
    "The device reports on a command by its CmdID. Two commands with one id, or one without, cannot \
     be told apart in its answer. A fragment gets its ids from the server that sends it.",
    "<Get>\n  <CmdID>7</CmdID>\n  <Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item>\n</Get>\n\
     <Get>\n  <CmdID>7</CmdID>\n  <Item><Target><LocURI>./DevInfo/Man</LocURI></Target></Item>\n</Get>\n",
    "<Get>\n  <CmdID>7</CmdID>\n  <Item><Target><LocURI>./DevInfo/DevId</LocURI></Target></Item>\n</Get>\n\
     <Get>\n  <CmdID>8</CmdID>\n  <Item><Target><LocURI>./DevInfo/Man</LocURI></Target></Item>\n</Get>\n",
);

pub(super) const WS004: Rule = rule(
    "WS004",
    Error,
    "an Item is incomplete or in another order than Target, Meta, Data",
    "Commands name their node in Target, results in Source. Data is read by the Format before it, \
     and holds text only.",
    "<Get>\n  <CmdID>1</CmdID>\n  <Item>\n    <Source><LocURI>./DevInfo/DevId</LocURI></Source>\n  </Item>\n</Get>\n",
    GET,
);

pub(super) const WS005: Rule = rule(
    "WS005",
    Error,
    "the LocURI leads nowhere",
    "An address starts with ./ and has no empty segment, no blank and no / at the end; the nodes of \
     a provider are those of its description. The device answers others with status 404, which \
     undoes the whole Atomic.",
    leaf!(
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/CAThumbprnt",
        "chr",
        "A9993E364706816ABA3E25717850C26C9CD0D89D"
    ),
    leaf!(
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/CAThumbprint",
        "chr",
        "A9993E364706816ABA3E25717850C26C9CD0D89D"
    ),
);

pub(super) const WS006: Rule = rule(
    "WS006",
    Error,
    "the node does not take this command",
    "Every node takes some of Add, Delete, Exec, Get and Replace. The device answers others with \
     status 405, which undoes the whole Atomic.",
    node!(
        "./Device/Vendor/MSFT/RootCATrustedCertificates/Root/A9993E364706816ABA3E25717850C26C9CD0D89D"
    ),
    "<Delete>\n  <Item>\n    <Target><LocURI>./Device/Vendor/MSFT/RootCATrustedCertificates/Root/A9993E364706816ABA3E25717850C26C9CD0D89D</LocURI></Target>\n  </Item>\n</Delete>\n",
);

pub(super) const WS007: Rule = rule(
    "WS007",
    Error,
    "the Format is not that of the node",
    "Where numbers, nodes and base64 are concerned the device answers another format with status \
     415; a missing Format means text.",
    leaf!("./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/KeyUsage", "chr", "160"),
    leaf!("./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/KeyUsage", "int", "160"),
);

pub(super) const WS008: Rule = rule(
    "WS008",
    Error,
    "the node does not take this value",
    "Some nodes take a few values, or numbers of a range, only. Numbers are in decimal digits and \
     truth values in lower case. Of ValidPeriod and ValidPeriodUnits the first is the unit and the \
     second the number.",
    leaf!(
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/ValidPeriod",
        "chr",
        "365"
    ),
    leaf!(
        "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/c1/Install/ValidPeriod",
        "chr",
        "Days"
    ),
);
