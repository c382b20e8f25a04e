//! Profiles of networks: XML of its own kind, which goes into a document as text.

mod eap_tls;
mod wifi;
mod wired;

use crate::xml::{Element, Node, write};

pub use eap_tls::{AuthMode, EapTls, UserPrompt};
pub use wifi::{Broadcast, Connect, WifiProfile, WifiSecurity};
pub use wired::{Enforcement, WiredProfile};

/// Writes a profile. Escaping it once more, for the document around it, is the document's business.
fn to_text(profile: Element) -> Result<String, crate::Misuse> {
    write(&[Node::Element(profile)])
}
