//! What a device answers: Status and Results, and what they say of a certificate.

mod hresult;
mod outcome;
mod status_code;

use crate::command::Command;
use crate::document::Document;
use crate::value::Value;
use crate::verb::Verb;

pub use hresult::HResult;
pub use outcome::{EnrolmentStatus, InstallKind, InstallReport, reports};
pub use status_code::StatusCode;

/// How one command went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusReport {
    /// The message that the command was in.
    pub msg_ref: String,
    /// The CmdID of the command; 0 for the header.
    pub cmd_ref: String,
    /// The name of the command.
    pub cmd: String,
    /// The node, where the device names it.
    pub target: Option<String>,
    /// How it went; nothing if the device says no number.
    pub code: Option<StatusCode>,
}

/// Every Status in a message, in its order.
///
/// ```
/// use devicecert_syncml::{Document, Limits, results};
///
/// let answer = "<Status><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>5</CmdRef><Cmd>Add</Cmd>\
///     <Data>418</Data></Status>";
/// let statuses = results::statuses(&Document::read(answer, &Limits::default())?);
/// assert_eq!(statuses[0].code.unwrap().to_string(), "418 the node is there already");
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[must_use]
pub fn statuses(document: &Document) -> Vec<StatusReport> {
    let statuses = document.commands().filter(|command| command.verb() == Verb::Status);
    statuses.map(status).collect()
}

fn status(command: Command<'_>) -> StatusReport {
    let element = command.element();
    let text = |name| element.first(name).map(|child| Value::of(child).trimmed().to_owned());
    let code = text("Data").and_then(|code| code.parse().ok()).map(StatusCode);
    let item = command.items().find_map(|item| item.target().or_else(|| item.source()));
    StatusReport {
        msg_ref: text("MsgRef").unwrap_or_default(),
        cmd_ref: text("CmdRef").unwrap_or_default(),
        cmd: text("Cmd").unwrap_or_default(),
        target: text("TargetRef").or_else(|| item.map(|item| item.trimmed().to_owned())),
        code,
    }
}

/// The value of a node that a Get asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeValue {
    /// The node.
    pub node: String,
    /// Its value; nothing if the device gives none.
    pub data: Option<String>,
}

/// Every value in the Results of a message, in its order.
#[must_use]
pub fn values(document: &Document) -> Vec<NodeValue> {
    let results = document.commands().filter(|command| command.verb() == Verb::Results);
    let items = results.flat_map(Command::items);
    let values = items.filter_map(|item| {
        // Some servers' recordings have Target where the device writes Source.
        let node = item.source().or_else(|| item.target())?;
        let data = item.data().map(|data| data.trimmed().to_owned());
        Some(NodeValue { node: node.trimmed().to_owned(), data })
    });
    values.collect()
}
