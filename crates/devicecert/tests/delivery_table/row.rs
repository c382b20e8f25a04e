//! The rows of the table: a file for each CA.

use crate::table::Row;

mod custom_est;
mod custom_scep;
mod digicert;
mod hydrant;
mod ndes;
mod okta;
mod smallstep;

pub(crate) fn all() -> Vec<Row> {
    vec![
        digicert::APPLE,
        ndes::APPLE,
        ndes::WINDOWS,
        okta::APPLE,
        smallstep::APPLE,
        custom_scep::APPLE,
        custom_scep::WINDOWS,
        custom_scep::ANDROID,
        hydrant::LINUX,
        custom_est::LINUX,
    ]
}
