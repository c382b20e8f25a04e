//! Hydrant, which speaks EST.

use devicecert::delivery::EstCa;
use devicecert::fleet::request_certificate::Authority;

use super::custom_est::Cells;
use crate::table::{Cell, Row};

pub(crate) const LINUX: Row = Row {
    title: "Hydrant × Linux",
    module: "hydrant::linux",
    cells: [
        Cell::Test(|| HYDRANT.deliver()),
        Cell::Test(|| HYDRANT.enrol()),
        Cell::Test(|| HYDRANT.renew()),
        Cell::Test(|| HYDRANT.wrong_credentials()),
        Cell::Impossible(super::custom_est::NO_CHALLENGE),
        Cell::Test(|| HYDRANT.ca_down()),
    ],
};

const HYDRANT: Cells = Cells {
    host: "ca.hydrant.test",
    path: "/.well-known/est/wifi",
    user: "client-1",
    checked: |url, user, password| EstCa::hydrant("WIFI".parse().unwrap(), url, user, password),
    configured: |url, user, password| Authority::Hydrant {
        url,
        client_id: Some(user),
        client_secret: Some(password),
    },
};
