//! The keys of each payload, row by row as Apple's schema has them.

pub(crate) mod acme;
pub(crate) mod ad_certificate;
pub(crate) mod always_on;
pub(crate) mod certificate;
pub(crate) mod eap;
pub(crate) mod ethernet;
pub(crate) mod ikev2;
pub(crate) mod mdm;
pub(crate) mod on_demand;
pub(crate) mod pkcs12;
pub(crate) mod preference;
pub(crate) mod profile;
pub(crate) mod scep;
pub(crate) mod trust;
pub(crate) mod vpn;
pub(crate) mod vpn_shared;
pub(crate) mod wifi;
