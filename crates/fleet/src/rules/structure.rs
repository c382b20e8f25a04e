//! Which elements a Windows profile may have, and which settings are Fleet's own.

use super::Upload;
use super::catalogue::{FL031, FL032, FL033, FL034, FL035};
use super::report::Report;
use crate::windows::addresses;
use crate::xml::{Element, Tree};

const TOP_LEVEL: &str =
    "Windows configuration profiles can only have <Replace> or <Add> top level elements.";
const AROUND: &str =
    "<Atomic> element must wrap all the elements in a Windows configuration profile.";
const WITHIN: &str = "Windows configuration profiles can only include <Replace> or <Add> within the <Atomic> element.";
const ENCRYPTION: &str =
    "Couldn't add. The configuration profile can't include BitLocker settings.";
const UPDATES: &str = "Custom configuration profiles can't include Windows updates settings. To \
    control these settings, use the mdm.windows_updates option.";

pub(super) fn check(
    upload: &Upload<'_>,
    tree: &Tree,
    commands: &[&Element],
    report: &mut Report<'_>,
) {
    let text = upload.text;
    let known = |element: &Element| matches!(element.local_name(text), "Replace" | "Add" | "Exec");
    let mut atomic = false;
    for (number, root) in tree.roots.iter().enumerate() {
        let is_atomic = root.local_name(text) == "Atomic";
        if atomic {
            report.find(&FL032, root.name.clone(), AROUND);
        } else if (is_atomic && number > 0) || !(is_atomic || known(root)) {
            report.find(&FL031, root.name.clone(), TOP_LEVEL);
        }
        atomic |= is_atomic;
        if is_atomic {
            for (number, child) in root.elements().enumerate().filter(|(_, child)| !known(child)) {
                // Fleet looks at the first one only; a CmdID behind it does no harm.
                if number == 0 || child.local_name(text) != "CmdID" {
                    report.find(&FL033, child.name.clone(), WITHIN);
                }
            }
        }
    }
    for (loc_uri, span) in commands.iter().flat_map(|command| addresses(command, text)) {
        if loc_uri.contains("/Vendor/MSFT/BitLocker") {
            report.find(&FL034, span, ENCRYPTION);
        } else if loc_uri.contains("/Vendor/MSFT/Policy/Config/Update") {
            report.find(&FL035, span, UPDATES);
        }
    }
}
