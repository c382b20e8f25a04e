//! Where the variables of NDES may stand on Windows.
//!
//! Fleet fills them in wherever they are: a one-time password in another place would be for
//! anybody to read.

use super::Upload;
use super::catalogue::{FL039, FL040, FL041};
use super::digicert::alone;
use super::report::Report;
use super::windows::Item;
use crate::variable::{Fixed, Variable, occurrences};

pub(super) fn check(upload: &Upload<'_>, item: &Item<'_>, report: &mut Report<'_>) {
    let data = item.raw(upload.text);
    for (fixed, node) in
        [(Fixed::NdesScepChallenge, "Challenge"), (Fixed::NdesScepProxyUrl, "ServerURL")]
    {
        let variable = Variable::Fixed(fixed);
        let is_its = item.loc_uri.ends_with(&format!("/Install/{node}"));
        if !is_its && occurrences(data).any(|found| found.variable == variable) {
            let message = format!(
                "Variable \"{variable}\" must only be in the SCEP certificate's \"{node}\" field."
            );
            report.find(&FL039, item.span(), message);
        }
        if is_its && alone(data).as_ref() != Some(&variable) {
            let message = format!(
                "Variable \"{variable}\" must be in the SCEP certificate's \"{node}\" field."
            );
            report.find(&FL041, item.span(), message).instead(variable.to_string());
        }
        if occurrences(&item.loc_uri).any(|found| found.variable == variable) {
            let message = "NDES Fleet variables must not appear in LocURI target paths.";
            report.find(&FL040, item.address.clone(), message);
        }
    }
}
