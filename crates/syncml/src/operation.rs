//! Commands to be written, and the header of the message they go in.

use core::fmt;

use crate::loc_uri::LocUri;
use crate::verb::{Format, Verb};
use crate::xml::Element;

/// The namespace of messages (OMA SyncML Representation Protocol 1.2).
pub(crate) const SYNCML: &str = "SYNCML:SYNCML1.2";
/// The namespace of meta information.
pub(crate) const METINF: &str = "syncml:metinf";

/// One thing that a device is told to do.
///
/// ```
/// use devicecert_syncml::{Content, Document, Operation};
///
/// let wpad = "./Device/Vendor/MSFT/WiFi/Profile/Office/ProxyWPAD".parse()?;
/// let fragment = Document::fragment(&[Operation::replace(wpad, Content::bool(true))])?;
/// assert!(fragment.to_xml().contains("<Data>true</Data>"));
/// # Ok::<(), devicecert_syncml::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Operation {
    verb: Verb,
    what: What,
}

#[derive(Clone, PartialEq, Eq)]
enum What {
    Node(LocUri, Option<Content>),
    Group(Vec<Operation>),
}

/// The value of a node, with its format.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    format: Format,
    data: Option<String>,
}

impl Content {
    /// Characters, or a placeholder for any value.
    #[must_use]
    pub fn chr(text: impl Into<String>) -> Self {
        Self { format: Format::Chr, data: Some(text.into()) }
    }

    /// A number.
    #[must_use]
    pub fn int(value: u32) -> Self {
        Self { format: Format::Int, data: Some(value.to_string()) }
    }

    /// A truth value.
    #[must_use]
    pub fn bool(value: bool) -> Self {
        Self { format: Format::Bool, data: Some(value.to_string()) }
    }

    /// Octets in base64, without line breaks.
    #[must_use]
    pub fn b64(text: impl Into<String>) -> Self {
        Self { format: Format::B64, data: Some(text.into()) }
    }

    /// An interior node, which has no value.
    #[must_use]
    pub const fn node() -> Self {
        Self { format: Format::Node, data: None }
    }
}

impl Operation {
    /// Makes a node.
    #[must_use]
    pub const fn add(node: LocUri, content: Content) -> Self {
        Self { verb: Verb::Add, what: What::Node(node, Some(content)) }
    }

    /// Changes the value of a node.
    #[must_use]
    pub const fn replace(node: LocUri, content: Content) -> Self {
        Self { verb: Verb::Replace, what: What::Node(node, Some(content)) }
    }

    /// Runs a node.
    #[must_use]
    pub const fn exec(node: LocUri) -> Self {
        Self { verb: Verb::Exec, what: What::Node(node, None) }
    }

    /// Asks for the value of a node.
    #[must_use]
    pub const fn get(node: LocUri) -> Self {
        Self { verb: Verb::Get, what: What::Node(node, None) }
    }

    /// Removes a node and what is below it.
    #[must_use]
    pub const fn delete(node: LocUri) -> Self {
        Self { verb: Verb::Delete, what: What::Node(node, None) }
    }

    /// Operations that succeed together or not at all.
    #[must_use]
    pub const fn atomic(operations: Vec<Self>) -> Self {
        Self { verb: Verb::Atomic, what: What::Group(operations) }
    }

    /// Which command it is.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        self.verb
    }

    /// The node it is about; none for [`atomic`](Self::atomic).
    #[must_use]
    pub const fn node(&self) -> Option<&LocUri> {
        match &self.what {
            What::Node(node, _) => Some(node),
            What::Group(_) => None,
        }
    }

    pub(crate) fn to_element(&self) -> Element {
        let command = Element::new(self.verb.name());
        match &self.what {
            What::Group(operations) => command.with(operations.iter().map(Self::to_element)),
            What::Node(node, content) => {
                let address = Element::new("LocURI").text(node.as_str());
                let mut item = Element::new("Item").child(Element::new("Target").child(address));
                if let Some(content) = content {
                    item = item.child(content.meta());
                    if let Some(data) = &content.data {
                        item = item.child(Element::new("Data").text(data.as_str()));
                    }
                }
                command.child(item)
            }
        }
    }
}

impl Content {
    fn meta(&self) -> Element {
        let metinf =
            |name: &str, text: &str| Element::new(name).attribute("xmlns", METINF).text(text);
        let meta = Element::new("Meta").child(metinf("Format", self.format.name()));
        match self.data {
            Some(_) => meta.child(metinf("Type", "text/plain")),
            None => meta,
        }
    }
}

/// Values may be challenges and passwords.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [redacted]", self.format)
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Node(node, _) => write!(f, "{} {node}", self.verb),
            What::Group(inside) => f.debug_tuple(self.verb.name()).field(inside).finish(),
        }
    }
}

/// SyncHdr of a message to a device (OMA SyncML Representation Protocol 1.2 §6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The session, as the device named it.
    pub session_id: String,
    /// The number of the message: 1, 2, 3 for each side.
    pub msg_id: u32,
    /// The device, as it named itself.
    pub target: String,
    /// The URL of the server.
    pub source: String,
}

impl Header {
    pub(crate) fn envelope(&self, commands: Vec<Element>) -> Element {
        let text = |name: &str, text: &str| Element::new(name).text(text);
        let uri = |name: &str, uri: &str| Element::new(name).child(text("LocURI", uri));
        let header = Element::new("SyncHdr")
            .child(text("VerDTD", "1.2"))
            .child(text("VerProto", "DM/1.2"))
            .child(text("SessionID", &self.session_id))
            .child(text("MsgID", &self.msg_id.to_string()))
            .child(uri("Target", &self.target))
            .child(uri("Source", &self.source));
        let body = Element::new("SyncBody").with(commands).child(Element::new("Final"));
        Element::new("SyncML").attribute("xmlns", SYNCML).child(header).child(body)
    }
}
