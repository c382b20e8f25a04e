//! Nothing secret is printed: what is secret in a run, and every text that something went around as.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

#[derive(Default)]
struct Watch {
    secrets: BTreeSet<Vec<u8>>,
    texts: BTreeSet<String>,
}

static WATCH: Mutex<Watch> = Mutex::new(Watch { secrets: BTreeSet::new(), texts: BTreeSet::new() });

fn watch() -> MutexGuard<'static, Watch> {
    // A test that panicked while it held the lock has not half-added anything.
    WATCH.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on this must not be seen anywhere.
pub(crate) fn secret(octets: impl AsRef<[u8]>) {
    watch().secrets.insert(octets.as_ref().to_vec());
}

/// This might be printed by whoever has it.
pub(crate) fn debug(value: &impl Debug) {
    watch().texts.insert(format!("{value:?}"));
}

/// This might be logged, or shown to somebody.
pub(crate) fn error(value: &(impl Debug + Display)) {
    watch().texts.insert(value.to_string());
    debug(value);
}

/// How much there is.
pub(crate) struct Heard {
    pub(crate) secrets: usize,
    pub(crate) texts: usize,
}

pub(crate) fn heard() -> Heard {
    let watch = watch();
    Heard { secrets: watch.secrets.len(), texts: watch.texts.len() }
}

/// Where a secret stands in a text, with the secret left out: nothing, if all is well.
pub(crate) fn told() -> Vec<String> {
    let watch = watch();
    let spellings: Vec<String> =
        watch.secrets.iter().flat_map(|secret| spellings(secret)).collect();
    let mut told = BTreeSet::new();
    for text in &watch.texts {
        if let Some((before, _)) = spellings.iter().find_map(|secret| text.split_once(secret)) {
            let tail: Vec<char> = before.chars().rev().take(200).collect();
            told.insert(format!("a secret behind {:?}", tail.iter().rev().collect::<String>()));
        }
    }
    told.into_iter().collect()
}

/// As text, in base64, and as Rust prints a vector of octets and one in hexadecimal.
fn spellings(secret: &[u8]) -> Vec<String> {
    let list = format!("{secret:?}");
    let mut all = vec![
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        list.trim_matches(['[', ']']).to_owned(),
        secret.iter().map(|octet| format!("{octet:02x}")).collect(),
    ];
    all.extend(String::from_utf8(secret.to_vec()));
    all
}
