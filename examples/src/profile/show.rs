//! What is in a profile, in words.

mod apple;
mod value;
mod windows;

use super::file::Profile;
use crate::inspect::page::Page;

/// Tells what a profile is for: payloads or commands, what they point at, who signed.
///
/// Secrets are not shown, placeholders in their place are.
#[must_use]
pub fn show(profile: &Profile) -> String {
    let mut page = Page::default();
    match profile {
        Profile::Apple(profile) => apple::show(&mut page, profile),
        Profile::Windows(document) => windows::show(&mut page, document),
    }
    page.into_text()
}
