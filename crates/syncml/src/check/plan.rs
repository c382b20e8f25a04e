//! What a document does to which node, in its order.

use std::collections::BTreeMap;

use crate::command::{Command, Item};
use crate::csp::{Found, Lookup, lookup};
use crate::document::Document;
use crate::loc_uri::Scope;
use crate::placeholder;
use crate::value::Value;
use crate::verb::Verb;

/// One command for one node.
#[derive(Debug)]
pub(super) struct Touch<'a> {
    pub(super) verb: Verb,
    pub(super) item: Item<'a>,
    /// The address, without blanks around it.
    pub(super) uri: String,
    pub(super) target: Value<'a>,
    pub(super) lookup: Lookup,
    /// Which Atomic it is in, by the byte at which that starts.
    pub(super) atomic: Option<usize>,
}

impl<'a> Touch<'a> {
    /// The node of the tables.
    pub(super) const fn found(&self) -> Option<&Found> {
        match &self.lookup {
            Lookup::Node(found) => Some(found),
            _ => None,
        }
    }

    /// Whether it is about this node, named by the provider and the last part of the path.
    pub(super) fn is(&self, csp: &str, name: &str) -> bool {
        self.found().is_some_and(|found| found.csp.name == csp && found.node.name() == name)
    }

    /// Whether it sets a value.
    pub(super) const fn is_write(&self) -> bool {
        matches!(self.verb, Verb::Add | Verb::Replace)
    }

    /// The value that is set.
    pub(super) fn data(&self) -> Option<Value<'a>> {
        self.item.data().filter(|_| self.is_write())
    }

    /// The value that is set, if it is there and will not be filled in later.
    pub(super) fn concrete(&self) -> Option<Value<'a>> {
        self.data().filter(|data| !placeholder::is_in(&data.text))
    }
}

/// Which subtree of ClientCertificateInstall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Scep,
    Pfx,
}

/// Everything a document does to one `{UniqueID}`.
#[derive(Debug)]
pub(super) struct Install<'p, 'a> {
    pub(super) kind: Kind,
    pub(super) touches: Vec<&'p Touch<'a>>,
}

impl<'p, 'a> Install<'p, 'a> {
    /// The first that is about the leaf with this name.
    pub(super) fn leaf(&self, name: &str) -> Option<&'p Touch<'a>> {
        self.touches.iter().copied().find(|touch| touch.is("ClientCertificateInstall", name))
    }

    /// The value a leaf is set to, if that is known.
    pub(super) fn value(&self, name: &str) -> Option<Value<'a>> {
        let mut touches = self.touches.iter();
        let is =
            |touch: &&&Touch<'a>| touch.is("ClientCertificateInstall", name) && touch.is_write();
        touches.find(is)?.concrete()
    }

    /// Whether anything is written or run, and not only asked for or removed.
    pub(super) fn is_install(&self) -> bool {
        self.touches.iter().any(|touch| touch.is_write() || touch.verb == Verb::Exec)
    }
}

/// All that a document does.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) touches: Vec<Touch<'a>>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let mut plan = Self::default();
        document.commands().for_each(|command| plan.take(command, None));
        plan
    }

    // As deep as the document, which the reader has bounded.
    fn take(&mut self, command: Command<'a>, atomic: Option<usize>) {
        match command.verb() {
            Verb::Atomic => {
                let atomic = Some(atomic.unwrap_or(command.span().start));
                command.commands().for_each(|inside| self.take(inside, atomic));
            }
            Verb::Sequence | Verb::Sync => {
                command.commands().for_each(|inside| self.take(inside, atomic));
            }
            verb @ (Verb::Add | Verb::Replace | Verb::Exec | Verb::Get | Verb::Delete) => {
                for item in command.items() {
                    let Some(target) = item.target() else { continue };
                    let uri = target.trimmed().to_owned();
                    let lookup = lookup(&uri);
                    self.touches.push(Touch { verb, item, uri, target, lookup, atomic });
                }
            }
            _ => {}
        }
    }

    /// What is written to the leaf of this name in any modelled provider.
    pub(super) fn writes<'p>(
        &'p self,
        csp: &'p str,
        name: &'p str,
    ) -> impl Iterator<Item = &'p Touch<'a>> {
        self.touches.iter().filter(move |touch| touch.is_write() && touch.is(csp, name))
    }

    /// What is done to each `{UniqueID}` of ClientCertificateInstall.
    pub(super) fn installs(&self) -> Vec<Install<'_, 'a>> {
        let mut installs: BTreeMap<(Kind, bool, String), Vec<&Touch<'a>>> = BTreeMap::new();
        for touch in &self.touches {
            let Some(found) = touch.found() else { continue };
            let kind = match found.node.path.split('/').next() {
                Some("SCEP") => Kind::Scep,
                Some("PFXCertInstall") => Kind::Pfx,
                _ => continue,
            };
            let Some(chosen) = &found.chosen else { continue };
            if found.csp.name != "ClientCertificateInstall" {
                continue;
            }
            let key = (kind, found.scope == Scope::User, chosen.to_ascii_lowercase());
            installs.entry(key).or_default().push(touch);
        }
        let installs = installs.into_iter();
        installs.map(|((kind, ..), touches)| Install { kind, touches }).collect()
    }
}
